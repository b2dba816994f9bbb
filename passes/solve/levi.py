"""Groups with a reductive part and more that is not: the maps of the reductive part, then those of them that commute with the rest.

Of O(p,q,r) the reductive part is O(p,q); what mixes the radical in is unipotent. The conditions have as many unknowns as the reductive part has maps.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from symc.algebra import sizes as sz
from symc.algebra.canonical import canonical_basis
from symc.algebra.generators import Generator
from symc.algebra.groups import Group, Indefinite, LeviFactor, Named
from symc.algebra.hom import Certificate, Combined
from symc.algebra.summands import Leg, dimension
from symc.passes.solve import limits
from symc.passes.solve.certify import derived, residual
from symc.passes.solve.counting import expected
from symc.passes.solve.errors import SolveError, show
from symc.passes.solve.isotypic import isotypic
from symc.passes.solve.rank import null_rows

MOST = 2000  # maps of the reductive part: their cube is worked
NEEDED = 80  # bytes an entry of these: the maps, their derivatives, what these miss and its factors


def by_levi_factor(group: Group, source: tuple[Leg, ...], target: tuple[Leg, ...], limit: int) -> Combined | None:
    """The strategy: for O(p,q,r) with a radical."""
    law = group.definition
    if not isinstance(law, Indefinite) or law.self_adjoint:
        return None
    factor = LeviFactor(law)
    inner = replace(group, group=factor) if isinstance(group, Named) else factor
    into, out = (tuple(leg.mapped(lambda other: inner if other == group else other, lambda size: size) for leg in legs) for legs in (source, target))
    base = isotypic(inner, into, out, limit)
    if base is None:
        return None
    what = f"the maps {show(source, target)}"
    if base.dim > MOST:
        many = f"{what} are found among the {base.dim:,} maps of {factor}, which are more than {MOST:,}"
        raise SolveError("E0502", many, helps=("take a lower tensor power, or a smaller radical",))
    limits.check_bytes(NEEDED * base.dim * dimension(source + target), limit, what)
    stack, rows = base.dense(), np.zeros((0, base.dim))
    for index in law.sufficient():
        if index >= sz.number(factor.lie):
            missed = np.subtract(*derived(stack, Generator(group, index, lie=True), source, target)).reshape(base.dim, dimension(source + target))
            conditions = missed[:, missed.any(axis=0)].T  # few entries are concerned by one generator
            rows = np.linalg.qr(np.concatenate([rows, conditions]))[1]  # no more rows than unknowns, and the same singular values
    found = null_rows(rows)
    if found is None:
        raise SolveError("E0403", f"{what} are not clear: some conditions nearly hold", helps=("take a lower tensor power",))
    null, gap = found
    combinations = canonical_basis(null)
    count, by = expected(source, target)
    tensor = base.combine(combinations)
    certificate = Certificate(residual(tensor, source, target), count, by, "orthonormal", gap)
    return Combined(group, base, combinations, certificate, "isotypic, then the unipotent part")
