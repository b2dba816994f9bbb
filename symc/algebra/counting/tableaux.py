"""Numbers of set partitions and of standard Young tableaux, in exact integers."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from math import factorial, prod

from sympy.utilities.iterables import partitions

KEPT = 2**17  # characters: S(30) has 5604 cycle types, and what is left of them


def standard_tableaux(shape: list[int]) -> int:
    """f^shape by the hook length formula (Frame, Robinson, Thrall 1954); rows in decreasing order."""
    columns = [sum(row > j for row in shape) for j in range(shape[0])] if shape else []
    hooks = prod(row - j + columns[j] - i - 1 for i, row in enumerate(shape) for j in range(row))
    return factorial(sum(shape)) // hooks


@lru_cache(maxsize=KEPT)
def symmetric_character(shape: tuple[int, ...], cycles: tuple[int, ...]) -> int:
    """The character of an irreducible of S(n) at a cycle type, longest cycles first, by the rule of Murnaghan and Nakayama (1937, 1940)."""
    if all(length == 1 for length in cycles):
        return standard_tableaux(list(shape))
    ends = [row + len(shape) - 1 - i for i, row in enumerate(shape)]  # of the rows, slanted so that they are distinct
    total = 0
    for end in ends:
        start = end - cycles[0]
        if start < 0 or start in ends:
            continue
        left = sorted({*ends, start} - {end}, reverse=True)
        inner = tuple(row for row in (one - (len(left) - 1 - i) for i, one in enumerate(left)) if row)
        crossed = sum(start < one < end for one in ends)
        total += (-1) ** crossed * symmetric_character(inner, cycles[1:])
    return total


def even_tableaux(m: int, rows: int) -> int:
    """Standard tableaux with m boxes, all rows even, at most `rows` of them: the invariants of O(rows) in the m-th tensor power."""
    return sum(standard_tableaux([2 * row for row in shape]) for shape in _shapes(m // 2, rows)) if m % 2 == 0 else 0


def odd_full_tableaux(m: int, rows: int) -> int:
    """Standard tableaux with m boxes in exactly `rows` rows, all odd: what O(rows) multiplies by the determinant."""
    if m < rows or (m - rows) % 2:
        return 0
    return sum(standard_tableaux([2 * row + 1 for row in shape + [0] * (rows - len(shape))]) for shape in _shapes((m - rows) // 2, rows))


def _shapes(boxes: int, rows: int) -> Iterator[list[int]]:
    """Partitions of `boxes` into at most `rows` parts, in decreasing order."""
    for counts in partitions(boxes, m=rows) if boxes else ({},):
        yield [part for part in sorted(counts, reverse=True) for _ in range(counts[part])]


def even_column_tableaux(m: int, rows: int) -> int:
    """Standard tableaux with m boxes, all columns even, at most `rows` rows: the invariants of Sp(rows) in the m-th tensor power."""
    if m % 2:
        return 0
    return sum(standard_tableaux([part for part in shape for _ in range(2)]) for shape in _shapes(m // 2, rows // 2))


def square_sum(m: int, rows: int) -> int:
    """Pairs of standard tableaux of one shape with m boxes and at most `rows` rows: the maps of GL(rows) on the m-th tensor power."""
    return sum(standard_tableaux(shape) ** 2 for shape in _shapes(m, rows))
