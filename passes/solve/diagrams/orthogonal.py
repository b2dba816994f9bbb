"""O(n) and SO(n) on copies of `vector`: Brauer diagrams, cut to a basis where n is small.

Invariant tensors of O(n) are spanned by the perfect matchings of the legs (Brauer 1937), those of SO(n) by these and by one determinant on n legs
with a matching of the rest; a sign leg asks for the part with the determinant. A matching is an involution without fixed points, a diagram with a
determinant one whose fixed points are the n legs of the determinant. Those with longest increasing subsequence at most n are a basis: their number
is right by Robinson-Schensted; they are independent as the diagonals of minors of size n + 1 lead the relations (Conca 1994), which is verified by an
exact rank where it is small.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator

from symc.algebra.groups import Group, Orthogonal, SpecialOrthogonal
from symc.algebra.hom import Certificate, Diagram, Diagrams
from symc.algebra.reps import Sign, Vector
from symc.algebra.sizes import Size
from symc.algebra.summands import Leg
from symc.passes.solve import limits
from symc.passes.solve.certify import exact_residual
from symc.passes.solve.counting import expected
from symc.passes.solve.diagrams.independence import independent


def brauer_diagrams(group: Group, source: tuple[Leg, ...], target: tuple[Leg, ...], limit: int) -> Diagrams | None:
    """The strategy."""
    if not isinstance(group.definition, Orthogonal | SpecialOrthogonal) or not all(isinstance(leg, Vector | Sign) for leg in source + target):
        return None
    n = group.definition.n
    k, l = (sum(isinstance(leg, Vector) for leg in legs) for legs in (source, target))
    special = isinstance(group.definition, SpecialOrthogonal)
    odd = (len(source) + len(target) - k - l) % 2 == 1 and not special
    count, by = expected(source, target)
    limits.check_diagrams(count or 0, f"the space of maps between {k} and {l} copies of vector({group})")
    diagrams = [] if odd else [Diagram(pairs) for pairs, _ in involutions(k + l, 0, n if isinstance(n, int) else k + l)]
    if isinstance(n, int) and (odd or special):
        diagrams += [Diagram(pairs, tuple((leg,) for leg in fixed)) for pairs, fixed in involutions(k + l, n, n)]
    certificate = Certificate(exact_residual(tuple(diagrams), n, source, target), count, by, _independent(tuple(diagrams), n, k + l))
    return Diagrams(group, n, k, l, tuple(diagrams), "Brauer diagrams", certificate)


Pairs = tuple[tuple[int, int], ...]


def involutions(m: int, fixed: int, longest: int) -> Iterator[tuple[Pairs, tuple[int, ...]]]:
    """The involutions of 0..m-1 with so many fixed points and no increasing subsequence longer than `longest`: (pairs, fixed points).

    In lexicographic order of the images (i_0, ..., i_{m-1}), where a fixed point is its own image.
    """
    if fixed > m or (m - fixed) % 2:
        return
    image = [-1] * m

    def grow(start: int, left: int) -> Iterator[tuple[Pairs, tuple[int, ...]]]:
        if longest_increasing([i for i in image if i >= 0]) > longest:
            return  # what is there already stays
        while start < m and image[start] >= 0:
            start += 1
        if start == m:
            yield tuple((a, b) for a, b in enumerate(image) if a < b), tuple(a for a, b in enumerate(image) if a == b)
            return
        for other in range(start, m):
            if image[other] >= 0 or (other == start and not left) or (other > start and sum(i < 0 for i in image) - 2 < left):
                continue
            image[start], image[other] = other, start
            yield from grow(start + 1, left - (other == start))
            image[start] = image[other] = -1

    yield from grow(0, fixed)


def longest_increasing(values: list[int]) -> int:
    """The length of the longest increasing subsequence (patience sorting)."""
    piles: list[int] = []
    for value in values:
        place = bisect_left(piles, value)
        piles[place : place + 1] = [value]
    return len(piles)


def _independent(diagrams: tuple[Diagram, ...], n: Size, m: int) -> str:
    """How the diagrams are known to be independent."""
    if not isinstance(n, int):
        return "perfect matchings are independent for large n"
    if m <= 2 * n and not any(diagram.determinant for diagram in diagrams):
        return "perfect matchings of at most 2n legs are independent"
    return independent(diagrams, n, m, "leading diagonals of minors (Conca 1994)")
