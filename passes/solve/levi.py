"""Groups with a reductive part and more that is not: the maps of the reductive part, then those of them that commute with the rest.

Of O(p,q,r) the reductive part is O(p,q); what mixes the radical in is unipotent. The conditions have as many unknowns as the reductive part has maps.
"""

from __future__ import annotations

import math
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
    limits.check_bytes(24 * base.dim * dimension(source + target), limit, what)
    stack = base.dense()
    more = [Generator(group, index, lie=True) for index in range(sz.number(factor.lie), sz.number(law.lie))]
    missed = [np.subtract(*derived(stack, one, source, target)) for one in more]
    rows = np.concatenate([one.reshape(base.dim, math.prod(stack.shape[1:])) for one in missed], axis=1).T
    found = null_rows(rows)
    if found is None:
        raise SolveError("E0403", f"{what} are not clear: some conditions nearly hold", helps=("take a lower tensor power",))
    null, gap = found
    combinations = canonical_basis(null)
    count, by = expected(source, target)
    tensor = base.combine(combinations)
    certificate = Certificate(residual(tensor, source, target), count, by, "orthonormal", gap)
    return Combined(group, base, combinations, certificate, "isotypic, then the unipotent part")
