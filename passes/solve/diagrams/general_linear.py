"""GL(n) and U(n) on copies of `vector` and its dual: walled Brauer diagrams, cut to a basis where n is small.

Invariant tensors are spanned by the ways to pair every V with a V* (Weyl 1939, chapter 4): permutations. Those without a decreasing subsequence of
length n + 1 are a basis (Procesi 2021, "A note on the Formanek Weingarten function"; by Schensted their number is the sum of (f^lambda)^2 over at
most n rows). SL(n) and SU(n) have the same maps where as many V as V* occur, and none where the difference is no multiple of n.
"""

from __future__ import annotations

from collections.abc import Iterator

from symc.algebra.counting.counts import is_vector
from symc.algebra.groups import GeneralLinear, Group, SpecialLinear, SpecialUnitary, Unitary
from symc.algebra.hom import Certificate, Diagram, Diagrams
from symc.algebra.reps import Vector
from symc.algebra.summands import Leg
from symc.passes.solve import limits
from symc.passes.solve.certify import exact_residual
from symc.passes.solve.counting import expected
from symc.passes.solve.diagrams.independence import independent


def walled_diagrams(group: Group, source: tuple[Leg, ...], target: tuple[Leg, ...], limit: int) -> Diagrams | None:
    """The strategy."""
    law = group.definition
    if not isinstance(law, GeneralLinear | Unitary | SpecialLinear | SpecialUnitary) or not all(is_vector(leg) for leg in source + target):
        return None
    n, m = law.n, len(source) + len(target)
    up = [leg for leg, one in enumerate(source + target) if isinstance(one, Vector) == (leg >= len(source))]
    down = [leg for leg in range(m) if leg not in up]
    if isinstance(law, SpecialLinear | SpecialUnitary) and len(up) != len(down) and (not isinstance(n, int) or (len(up) - len(down)) % n == 0):
        return None  # determinants
    count, by = expected(source, target)
    limits.check_diagrams(count or 0, f"the space of maps between {len(source)} and {len(target)} copies of vector({group}) and its dual")
    pairings = permutations(len(up), n if isinstance(n, int) else len(up)) if len(up) == len(down) else ()
    diagrams = tuple(Diagram(tuple(sorted(tuple(sorted((up[i], down[j]))) for i, j in enumerate(image)))) for image in pairings)
    always = "pairings of at most n legs with as many are independent"
    theorem = "permutations without long decreasing subsequences (Procesi 2021)"
    way = always if not isinstance(n, int) or len(up) <= n else independent(diagrams, n, m, theorem)
    certificate = Certificate(exact_residual(diagrams, n, source, target), count, by, way)
    return Diagrams(group, n, len(source), len(target), diagrams, "walled Brauer diagrams", certificate)


def permutations(p: int, longest: int) -> Iterator[tuple[int, ...]]:
    """The permutations of 0..p-1 without a decreasing subsequence longer than `longest`, in lexicographic order."""

    def grow(image: list[int], depth: list[int], left: list[int]) -> Iterator[tuple[int, ...]]:
        if not left:
            yield tuple(image)
            return
        for value in left:
            own = 1 + max((d for other, d in zip(image, depth, strict=True) if other > value), default=0)
            if own <= longest:
                yield from grow([*image, value], [*depth, own], [other for other in left if other != value])

    return grow([], [], list(range(p)))
