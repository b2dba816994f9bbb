"""Sp(n) on copies of `vector`: signed perfect matchings, cut to a basis where n is small.

Invariant tensors are spanned by perfect matchings, a pair being the symplectic form (Weyl 1939, chapter 6). Those without n/2 + 1 arcs that cross
each other are a basis: their number is that of standard Young tableaux with even columns and at most n rows (Chen, Deng, Du, Stanley, Yan 2007), and
Pfaffians of larger crossings are the relations (Sundaram 1990).
"""

from __future__ import annotations

from collections.abc import Iterator

from symc.algebra.groups import Group, Symplectic
from symc.algebra.hom import Certificate, Diagram, Diagrams
from symc.algebra.reps import Vector
from symc.algebra.summands import Leg
from symc.passes.solve import limits
from symc.passes.solve.certify import exact_residual
from symc.passes.solve.counting import expected
from symc.passes.solve.diagrams.independence import independent
from symc.passes.solve.diagrams.orthogonal import Pairs


def symplectic_diagrams(group: Group, source: tuple[Leg, ...], target: tuple[Leg, ...], limit: int) -> Diagrams | None:
    """The strategy."""
    if not isinstance(group.definition, Symplectic) or not all(isinstance(leg, Vector) for leg in source + target):
        return None
    n, m = group.definition.n, len(source) + len(target)
    count, by = expected(source, target)
    limits.check_diagrams(count or 0, f"the space of maps between {len(source)} and {len(target)} copies of vector({group})")
    diagrams = tuple(map(Diagram, matchings(m, n // 2 if isinstance(n, int) else m)))
    always = "perfect matchings of at most n legs are independent"
    theorem = "matchings without many crossings (Sundaram 1990)"
    way = always if not isinstance(n, int) or m <= n else independent(diagrams, n, m, theorem, symplectic=True)
    certificate = Certificate(exact_residual(diagrams, n, source, target, symplectic=True), count, by, way)
    return Diagrams(group, n, len(source), len(target), diagrams, "symplectic Brauer diagrams", certificate, symplectic=True)


def matchings(m: int, crossing: int) -> Iterator[Pairs]:
    """The perfect matchings of 0..m-1 in which no more than `crossing` arcs cross each other, arcs in the order of their first points."""
    if m % 2:
        return

    def grow(arcs: list[tuple[int, int]], left: list[int]) -> Iterator[Pairs]:
        if not left:
            yield tuple(arcs)
            return
        first, *others = left
        for other in others:
            arcs.append((first, other))
            if _crossing(arcs) <= crossing:
                yield from grow(arcs, [point for point in others if point != other])
            arcs.pop()

    yield from grow([], list(range(m)))


def _crossing(arcs: list[tuple[int, int]]) -> int:
    """The most arcs a_1 < ... < a_k < b_1 < ... < b_k that cross each other and end with the last arc."""
    a, b = arcs[-1]
    before = [(first, last) for first, last in arcs[:-1] if first < a < last < b]
    longest: dict[int, int] = {}
    for start, (_, last) in enumerate(before):  # in the order of first points: a longest chain of increasing last points, all beyond a
        longest[start] = 1 + max((longest[i] for i in range(start) if before[i][1] < last), default=0)
    return 1 + max(longest.values(), default=0)
