"""Counts for S(n) and A(n): over cycle types while these are few, by Stirling numbers for any n."""

from __future__ import annotations

from collections import Counter
from math import factorial, prod

from symc.algebra.counting.characters import cycle_types
from symc.algebra.partitions import count_partitions, stirling
from symc.algebra.reps import Perm, Regular, Rep, Sign
from symc.algebra.sizes import Size

BURNSIDE_DEGREE = 30  # S(30) has 5604 cycle types

Count = tuple[int, str]


def symmetric(n: Size, legs: list[Rep]) -> Count | None:
    """Invariants of perm, sign and regular legs; None for others."""
    if not all(isinstance(leg, Perm | Sign | Regular) for leg in legs):
        return None
    if isinstance(n, int) and n <= BURNSIDE_DEGREE:
        return _burnside(n, Counter(type(leg) for leg in legs), even=False), "Burnside over cycle types"
    if any(isinstance(leg, Regular) for leg in legs):
        return None
    m = sum(isinstance(leg, Perm) for leg in legs)
    method = "Stirling numbers (Godfrey et al. 2023; Pearce-Crump 2022)"
    if (len(legs) - m) % 2:  # orbits of S(n) on m-tuples with only even permutations in the stabilizer: at most one point is not named
        return (stirling(m, n) + stirling(m, n - 1) if isinstance(n, int) else 0), method
    return count_partitions(m, n if isinstance(n, int) else m), method


def alternating(n: Size, legs: list[Rep]) -> Count | None:
    """As `symmetric`, with the invariants that odd permutations change in sign; for large n there are none."""
    if not all(isinstance(leg, Perm | Sign | Regular) for leg in legs):
        return None
    if isinstance(n, int) and 2 <= n <= BURNSIDE_DEGREE:
        return _burnside(n, Counter(type(leg) for leg in legs), even=True), "Burnside over even cycle types"
    if any(isinstance(leg, Regular) for leg in legs):
        return None
    m = sum(isinstance(leg, Perm) for leg in legs)
    both = stirling(m, n) + stirling(m, n - 1) if isinstance(n, int) and n > 1 else 0
    return count_partitions(m, n if isinstance(n, int) else m) + both, "Stirling numbers (Pearce-Crump 2023)"


def _burnside(n: int, legs: Counter[type[Rep]], *, even: bool) -> int:
    """The mean over S(n), or over A(n), of the product of characters, all of which depend on the cycle type."""
    total, order = 0, factorial(n) // (2 if even else 1)
    for size, counts in cycle_types(n):
        sign = -1 if (n - sum(counts.values())) % 2 else 1
        if (legs[Regular] and counts.get(1, 0) < n) or (even and sign < 0):
            continue
        total += size * prod((counts.get(1, 0) ** legs[Perm], (1 if even else sign) ** legs[Sign], order ** legs[Regular]))
    return total // order
