"""S(n) on copies of `perm`: partition diagrams, a basis for every n.

The maps from perm^k to perm^l are spanned by the set partitions of the k + l legs, and those with at most n blocks are a basis (Jones 1994; Godfrey,
Koh and others rediscovered it for networks). With n free all of them are taken: a basis for large n, which still spans for small.
"""

from __future__ import annotations

from symc.algebra.groups import Group, Symmetric
from symc.algebra.hom import Certificate, Diagram, Diagrams
from symc.algebra.partitions import count_partitions, set_partitions
from symc.algebra.reps import Perm, Sign
from symc.algebra.summands import Leg
from symc.passes.solve import limits
from symc.passes.solve.certify import exact_residual
from symc.passes.solve.counting import expected

TRIANGULAR = "triangular on index patterns"  # each diagram is 1 at an entry where all diagrams before it are 0


def partition_diagrams(group: Group, source: tuple[Leg, ...], target: tuple[Leg, ...], limit: int) -> Diagrams | None:
    """The strategy. An even number of sign legs cancels; an odd number leaves maps only for n <= legs + 1, which orbits find."""
    if not isinstance(group.definition, Symmetric) or not all(isinstance(leg, Perm | Sign) for leg in source + target):
        return None
    n = group.definition.n
    k, l = (sum(isinstance(leg, Perm) for leg in legs) for legs in (source, target))
    odd = (len(source) + len(target) - k - l) % 2 == 1
    if odd and isinstance(n, int) and n <= k + l + 1:
        return None
    most = min(n, k + l) if isinstance(n, int) else k + l
    if odd:
        diagrams: tuple[Diagram, ...] = ()
    else:
        limits.check_diagrams(count_partitions(k + l, most), f"the space of maps between {k} and {l} copies of perm({group})")
        diagrams = tuple(map(Diagram, set_partitions(k + l, most)))
    certificate = Certificate(exact_residual(diagrams, n, source, target), *expected(source, target), TRIANGULAR)
    return Diagrams(group, n, k, l, diagrams, "partition diagrams", certificate)
