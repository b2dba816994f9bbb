"""S(n) on copies of `perm`: partition diagrams, a basis for every n.

The maps from perm^k to perm^l are spanned by the set partitions of the k + l legs, and those with at most n blocks are a basis (Jones 1994; Godfrey,
Koh and others rediscovered it for networks). With n free all of them are taken: a basis for large n, which still spans for small.
"""

from __future__ import annotations

from collections.abc import Iterator

from symc.algebra.groups import Group, Symmetric
from symc.algebra.hom import Certificate, Diagram, Diagrams
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


def set_partitions(m: int, most: int) -> Iterator[tuple[tuple[int, ...], ...]]:
    """The set partitions of 0..m-1 into at most `most` blocks, in lexicographic order of their restricted growth strings.

    A string names for every leg the block it is in, blocks numbered by least leg: 00, 01 for two legs; a coarser partition comes before a finer one.
    """

    def grow(string: list[int], used: int) -> Iterator[tuple[tuple[int, ...], ...]]:
        if len(string) == m:
            blocks: list[list[int]] = [[] for _ in range(used)]
            for leg, block in enumerate(string):
                blocks[block].append(leg)
            yield tuple(map(tuple, blocks))
            return
        for block in range(min(used + 1, most)):
            string.append(block)
            yield from grow(string, max(used, block + 1))
            string.pop()

    return grow([], 0)


def count_partitions(m: int, most: int) -> int:
    """The number of set partitions of m things into at most `most` blocks: a sum of Stirling numbers of the second kind."""
    row = [1]  # row[t] = S(i, t)
    for _ in range(m):
        row = [0, *((t * row[t] if t < len(row) else 0) + row[t - 1] for t in range(1, len(row) + 1))]
    return sum(row[: most + 1])
