"""Groups that no coordinates make orthogonal (unipotent, infinite without a compact closure): the constraints written out, for small sizes only."""

from __future__ import annotations

import numpy as np

from symc.algebra import sizes as sz
from symc.algebra.groups import Group
from symc.algebra.hom import Certificate, Isotypic
from symc.algebra.summands import Leg
from symc.passes.solve.canonical import canonical_basis
from symc.passes.solve.certify import residual
from symc.passes.solve.counting import constraints, expected, nullity, unknowns
from symc.passes.solve.errors import SolveError, show

MOST = 1024  # unknowns: the singular value decomposition takes a few seconds


def nullspace(group: Group, source: tuple[Leg, ...], target: tuple[Leg, ...], limit: int) -> Isotypic:
    """The last strategy. Raises SolveError E0404 where there are too many unknowns, E0403 where the rank is not clear."""
    what = f"the maps {show(source, target)}"
    d = unknowns(source, target)
    if d > MOST:
        raise SolveError(
            "E0404",
            f"{what} have {d:,} entries; for a group that is not compact at most {MOST:,} are solved",
            helps=("take a lower tensor power, or a compact group",),
        )
    rows = constraints(source, target)
    dim = nullity(rows)
    if dim is None:
        raise SolveError(
            "E0403",
            f"{what} are not clear: some constraints on them nearly hold, and may be due to rounding in the generators",
            helps=("give the generators exactly: integers, or all 16 digits",),
        )
    null = np.linalg.svd(rows)[2][d - dim :]
    tensor = canonical_basis(null).reshape(dim, *(sz.number(leg.dim) for leg in target + source))
    count, by = expected(source, target, by_constraints=False)
    return Isotypic(group, tensor, len(source), Certificate(residual(tensor, source, target), count, by, "orthonormal"), "nullspace")
