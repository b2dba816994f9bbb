"""Set partitions, Stirling numbers and standard tableaux: against listing, the hook lengths, RSK and the branching of tableaux."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations, product
from math import comb, factorial, prod

import pytest

from symc.algebra.counting.characters import cycle_types, partition_number
from symc.algebra.counting.tableaux import even_column_tableaux, even_tableaux, odd_full_tableaux, square_sum, standard_tableaux
from symc.algebra.partitions import count_partitions, set_partitions, stirling

BELL = [1, 1, 2, 5, 15, 52, 203, 877]


def shapes(m: int, largest: int | None = None) -> Iterator[list[int]]:
    if m == 0:
        yield []
    for part in range(min(m, m if largest is None else largest), 0, -1):
        for rest in shapes(m - part, part):
            yield [part, *rest]


def fillings(shape: list[int]) -> int:
    """Standard tableaux, one after another: the largest entry is in a corner."""
    corners = [i for i, part in enumerate(shape) if i + 1 == len(shape) or shape[i + 1] < part]
    return sum(fillings([p for p in (*shape[:i], shape[i] - 1, *shape[i + 1 :]) if p]) for i in corners) if shape else 1


def columns(shape: list[int]) -> list[int]:
    return [sum(part > j for part in shape) for j in range(shape[0] if shape else 0)]


def longest(sequence: tuple[int, ...], *, increasing: bool) -> int:
    """Of the longest monotone subsequence."""
    ends: list[int] = []
    for i, x in enumerate(sequence):
        ends.append(1 + max((ends[j] for j in range(i) if (sequence[j] < x) is increasing), default=0))
    return max(ends, default=0)


@pytest.mark.parametrize("m", range(8))
def test_set_partitions(m: int) -> None:
    """Each once, blocks by least element, at most as many as asked for; a coarser one before a finer one."""
    listed = list(set_partitions(m, m))
    assert len(listed) == len(set(listed)) == count_partitions(m, m) == BELL[m]
    strings = [[next(b for b, block in enumerate(one) if leg in block) for leg in range(m)] for one in listed]
    assert strings == sorted(strings)
    for one in listed:
        assert sorted(leg for block in one for leg in block) == list(range(m))
        assert list(one) == sorted(one)
    for most in range(m + 1):
        few = [one for one in listed if len(one) <= most]
        assert list(set_partitions(m, most)) == few
        assert count_partitions(m, most) == len(few) == sum(stirling(m, t) for t in range(most + 1))


@pytest.mark.parametrize(("m", "t"), list(product(range(7), range(7))))
def test_stirling_numbers_count_surjections(m: int, t: int) -> None:
    surjections = sum((-1) ** i * comb(t, i) * (t - i) ** m for i in range(t + 1))
    assert stirling(m, t) * factorial(t) == surjections
    assert stirling(m, -1) == 0


@pytest.mark.parametrize("m", range(9))
def test_hook_lengths(m: int) -> None:
    for shape in shapes(m):
        assert standard_tableaux(shape) == fillings(shape) == standard_tableaux(columns(shape))
    assert sum(standard_tableaux(shape) ** 2 for shape in shapes(m)) == factorial(m)


@pytest.mark.parametrize("m", range(7))
@pytest.mark.parametrize("rows", range(1, 5))
def test_tableaux_by_rows_and_parity(m: int, rows: int) -> None:
    few = [shape for shape in shapes(m) if len(shape) <= rows]
    assert square_sum(m, rows) == sum(fillings(shape) ** 2 for shape in few)
    assert even_tableaux(m, rows) == sum(fillings(shape) for shape in few if all(part % 2 == 0 for part in shape))
    assert odd_full_tableaux(m, rows) == sum(fillings(shape) for shape in few if len(shape) == rows and all(part % 2 for part in shape))
    if rows % 2 == 0:
        assert even_column_tableaux(m, rows) == sum(fillings(shape) for shape in few if all(part % 2 == 0 for part in columns(shape)))


@pytest.mark.parametrize("m", range(1, 7))
def test_robinson_schensted_knuth(m: int) -> None:
    """Permutations without a decreasing subsequence of length rows + 1; fixed-point free involutions without a long monotone one."""
    every = list(permutations(range(m)))
    matchings = [p for p in every if all(p[p[i]] == i != p[i] for i in range(m))]
    for rows in range(1, m + 1):
        assert square_sum(m, rows) == sum(longest(p, increasing=False) <= rows for p in every)
        assert even_tableaux(m, rows) == sum(longest(p, increasing=True) <= rows for p in matchings)
        if rows % 2 == 0:
            assert even_column_tableaux(m, rows) == sum(longest(p, increasing=False) <= rows for p in matchings)
    assert even_tableaux(m, m) == len(matchings) == (prod(range(1, m, 2)) if m % 2 == 0 else 0)


@pytest.mark.parametrize("n", range(8))
def test_cycle_types_fill_the_symmetric_group(n: int) -> None:
    found = list(cycle_types(n))
    assert sum(size for size, _ in found) == factorial(n)
    assert len(found) == len(list(shapes(n))) == partition_number(n)
    assert all(sum(length * times for length, times in counts.items()) == n for _, counts in found)
    fixed_points = sum(size * counts.get(1, 0) for size, counts in found)
    assert fixed_points == (factorial(n) if n else 0)  # one orbit (Burnside)
