"""G wr S(n) on copies of representations of G: nested diagrams, a basis for every n.

A leg is a sum over blocks of a representation of G. Indices of blocks agree along a set partition of the legs, as for S(n), and on the legs of each
of its parts there is a map of G: a basis are all partitions into at most n parts with a basis of the maps of G on every part. For C(2) as signs these
are the partitions into even parts, the maps of the signed permutations; for G = S(q) the nested partitions.
"""

from __future__ import annotations

from dataclasses import replace
from math import prod

from symc.algebra.groups import Group, Wreath
from symc.algebra.hom import Certificate, Diagram, Diagrams, Nested, Split
from symc.algebra.partitions import count_partitions, set_partitions
from symc.algebra.reps import Blocks, Tensor
from symc.algebra.summands import Leg
from symc.passes.solve import limits
from symc.passes.solve.certify import exact_residual
from symc.passes.solve.certify import residual as measured
from symc.passes.solve.counting import expected
from symc.passes.solve.diagrams.symmetric import TRIANGULAR

MEASURED = 10**6  # entries of a stack of maps that is formed and checked


def nested_diagrams(group: Group, source: tuple[Leg, ...], target: tuple[Leg, ...], limit: int) -> Diagrams | Nested | None:
    """The strategy."""
    law = group.definition
    if not isinstance(law, Wreath) or not all(isinstance(leg, Blocks) for leg in source + target):
        return None
    n, m = law.n, len(source) + len(target)
    most = min(n, m) if isinstance(n, int) else m
    what = f"the space of maps between {len(source)} and {len(target)} blocks of {group}"
    limits.check_diagrams(count_partitions(m, most), what)
    parts = {part for partition in set_partitions(m, most) for part in partition}
    splits = {part: _inside(part, source, target, limit) for part in sorted(parts)}
    found = [(partition, tuple(splits[part] for part in partition)) for partition in set_partitions(m, most)]
    found = [(partition, inside) for partition, inside in found if all(split.dim for split in inside)]
    limits.check_diagrams(sum(prod(split.dim for split in inside) for _, inside in found), what)
    count, by = expected(source, target)
    if all(leg.rep.dim == 1 for leg in source + target if isinstance(leg, Blocks)):
        diagrams = tuple(Diagram(partition) for partition, _ in found)
        certificate = Certificate(exact_residual(diagrams, n, source, target), count, by, TRIANGULAR)
        return Diagrams(group, n, len(source), len(target), diagrams, "even partition diagrams", certificate)
    residual = max((split.certificate.residual for _, inside in found for split in inside), default=0.0)
    independent = None if any(split.certificate.independent is None for _, inside in found for split in inside) else TRIANGULAR
    shapes = tuple(tuple(leg.rep.dim for leg in legs if isinstance(leg, Blocks)) for legs in (target, source))
    basis = Nested(group, n, shapes[0], shapes[1], tuple(found), Certificate(residual, count, by, independent))
    if isinstance(n, int) and not basis.free and basis.dim * basis.entries <= MEASURED:
        residual = max(residual, measured(basis.dense(), source, target))
        basis = replace(basis, certificate=replace(basis.certificate, residual=residual))
    return basis


def _inside(part: tuple[int, ...], source: tuple[Leg, ...], target: tuple[Leg, ...], limit: int) -> Split:
    """The maps of G between the legs of one part."""
    from symc.passes.solve.split import linear_maps  # a product of legs of G may be anything, a sum too

    legs = source + target
    reps = [legs[leg].rep for leg in part if isinstance(legs[leg], Blocks)]  # type: ignore[attr-defined]
    cut = sum(leg < len(source) for leg in part)
    return linear_maps((Tensor(tuple(reps[:cut])),), (Tensor(tuple(reps[cut:])),), limit_bytes=limit)
