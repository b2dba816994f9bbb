"""A(n) on copies of `perm`: partition diagrams and jellyfish, a basis for every n.

Maps of A(n) are those of S(n) and those that odd permutations change in sign. The latter are supported where the indices of the legs take n or n - 1
values, so they are given by partitions into so many blocks and the sign of the permutation of their indices (Pearce-Crump 2023, "How Jellyfish
Characterise Alternating Group Equivariant Neural Networks"; here the blocks are distinct, so that supports are disjoint).
"""

from __future__ import annotations

from symc.algebra.groups import Alternating, Group
from symc.algebra.hom import Certificate, Diagram, Diagrams
from symc.algebra.partitions import count_partitions, set_partitions, stirling
from symc.algebra.reps import Perm
from symc.algebra.summands import Leg
from symc.passes.solve import limits
from symc.passes.solve.certify import exact_residual
from symc.passes.solve.counting import expected
from symc.passes.solve.diagrams.symmetric import TRIANGULAR

ODD = "odd, with disjoint supports"


def jellyfish_diagrams(group: Group, source: tuple[Leg, ...], target: tuple[Leg, ...], limit: int) -> Diagrams | None:
    """The strategy. With n free there are no jellyfish: each is there at two sizes only."""
    if not isinstance(group.definition, Alternating) or not all(isinstance(leg, Perm) for leg in source + target):
        return None
    n, m = group.definition.n, len(source) + len(target)
    most = min(n, m) if isinstance(n, int) else m
    odd = [blocks for blocks in (n - 1, n) if n > 1 and blocks <= m] if isinstance(n, int) else []
    count = count_partitions(m, most) + sum(stirling(m, blocks) for blocks in odd)
    limits.check_diagrams(count, f"the space of maps between {len(source)} and {len(target)} copies of perm({group})")
    diagrams = list(map(Diagram, set_partitions(m, most)))
    diagrams += [Diagram((), blocks) for blocks in (set_partitions(m, most) if odd else ()) if len(blocks) in odd]
    certificate = Certificate(
        exact_residual(tuple(diagrams), n, source, target), *expected(source, target), f"{TRIANGULAR}; {ODD}" if odd else TRIANGULAR
    )
    method = "partition and jellyfish diagrams" if odd else "partition diagrams"
    return Diagrams(group, n, len(source), len(target), tuple(diagrams), method, certificate)
