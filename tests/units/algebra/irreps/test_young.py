"""Young's orthogonal form: the irreducible representations of S(n) have the characters of Murnaghan and Nakayama, and keep Coxeter's relations."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from math import factorial

import numpy as np
import pytest

from symc.algebra import construct as c
from symc.algebra import sizes as sz
from symc.algebra.actions import generators, matrix
from symc.algebra.counting.characters import character, classes
from symc.algebra.elements import Element
from symc.algebra.errors import AlgebraError
from symc.algebra.groups import Array
from symc.algebra.monomial import dense
from symc.algebra.reps import Sign, Tensor, Trivial


def partitions(n: int, largest: int | None = None) -> Iterator[list[int]]:
    if n == 0:
        yield []
    for part in range(min(n, n if largest is None else largest), 0, -1):
        for rest in partitions(n - part, part):
            yield [part, *rest]


def rim_hooks(shape: list[int], length: int) -> Iterator[tuple[list[int], int]]:
    """What is left of a shape without a rim hook of that length, and (-1)^(rows - 1): on first-column hook lengths, one is lowered."""
    beta = [part + len(shape) - 1 - i for i, part in enumerate(shape)]
    for b in beta:
        if b >= length and b - length not in beta:
            moved = sorted([x for x in beta if x != b] + [b - length], reverse=True)
            left = [x - (len(shape) - 1 - i) for i, x in enumerate(moved)]
            yield [part for part in left if part], (-1) ** sum(b - length < x < b for x in beta)


def murnaghan_nakayama(shape: list[int], cycles: list[int]) -> int:
    if not cycles:
        return int(not shape)
    return sum(sign * murnaghan_nakayama(left, cycles[1:]) for left, sign in rim_hooks(shape, cycles[0]))


def permutation(cycles: list[int]) -> Array:
    """One with cycles of these lengths."""
    image, start = np.arange(sum(cycles)), 0
    for length in cycles:
        image[start : start + length] = np.roll(image[start : start + length], -1)
        start += length
    return image


@pytest.mark.parametrize("n", range(1, 7))
def test_the_murnaghan_nakayama_rule(n: int) -> None:
    group = c.symmetric(n)
    for shape in partitions(n):
        for cycles in partitions(n):
            rep, element = c.irrep(group, shape), Element({group: permutation(cycles)})
            assert np.trace(dense(rep.image(element))) == pytest.approx(murnaghan_nakayama(shape, cycles), abs=1e-12)
            assert character(rep, element) == murnaghan_nakayama(shape, cycles)


def test_the_table_of_s4() -> None:
    """Classes 1, (2), (2,2), (3), (4); as printed in every book."""
    table = {
        (4,): [1, 1, 1, 1, 1],
        (3, 1): [3, 1, -1, 0, -1],
        (2, 2): [2, 0, 2, -1, 0],
        (2, 1, 1): [3, -1, -1, 0, 1],
        (1, 1, 1, 1): [1, -1, 1, 1, -1],
    }
    cycles = [[1, 1, 1, 1], [2, 1, 1], [2, 2], [3, 1], [4]]
    for shape, row in table.items():
        found = [character(c.irrep(c.symmetric(4), list(shape)), Element({c.symmetric(4): permutation(one)})) for one in cycles]
        assert found == pytest.approx(row, abs=1e-12)


@pytest.mark.parametrize("n", range(2, 6))
def test_coxeter_relations_and_axial_distances(n: int) -> None:
    """In Young's orthogonal form (n-2 n-1) is diagonal where the last two boxes share a row (1) or a column (-1)."""
    group = c.symmetric(n)
    for shape in partitions(n):
        rep = c.irrep(group, shape)
        swaps = []
        for i in range(n - 1):
            image = np.arange(n)
            image[[i, i + 1]] = i + 1, i
            swaps.append(matrix(rep, Element({group: image})))
        for i, s in enumerate(swaps):
            np.testing.assert_allclose(s @ s, np.eye(len(s)), atol=1e-13)
            np.testing.assert_allclose(s, s.T, atol=1e-13)
            for j in range(i + 2, n - 1):
                np.testing.assert_allclose(s @ swaps[j], swaps[j] @ s, atol=1e-13)
        for s, t in pairwise(swaps):
            np.testing.assert_allclose(s @ t @ s, t @ s @ t, atol=1e-13)
        assert set(np.round(np.diag(swaps[0]), 12).tolist()) <= {1, -1}  # the first two boxes are always neighbours


@pytest.mark.parametrize("n", range(2, 7))
def test_the_standard_representation_is_what_perm_has_beside_the_trivial_one(n: int) -> None:
    group = c.symmetric(n)
    for _, element in classes(group):
        standard = character(c.irrep(group, [n - 1, 1]), element)
        assert standard == pytest.approx(character(c.perm(group), element) - 1)
        turned = character(Tensor((c.irrep(group, [n - 1, 1]), c.sign(group))), element)
        conjugate = [2, *[1] * (n - 2)]
        assert turned == pytest.approx(character(c.irrep(group, conjugate), element))


def test_one_dimensional_ones_are_the_trivial_and_the_sign() -> None:
    for n in range(2, 6):
        assert c.irrep(c.symmetric(n), [n]) == Trivial(1)
        assert c.irrep(c.symmetric(n), [1] * n) == Sign(c.symmetric(n))
    assert c.irrep(c.symmetric(0), []) == c.irrep(c.symmetric(1), [1]) == Trivial(1)


def test_the_adjacent_transposition_of_s3() -> None:
    """(0 1) is diagonal, and (1 2) has the axial distance 2 on the diagonal."""
    group = c.symmetric(3)
    swap, _ = (matrix(c.irrep(group, [2, 1]), one) for one in generators([group]))
    assert sorted(np.diag(swap).tolist()) == [-1, 1]
    other = matrix(c.irrep(group, [2, 1]), Element({group: np.array([0, 2, 1])}))
    assert sorted(np.diag(other).tolist()) == pytest.approx([-0.5, 0.5])
    assert abs(other[0, 1]) == pytest.approx(np.sqrt(0.75))


def test_dimensions_square_to_n_factorial() -> None:
    for n in range(9):
        assert sum(sz.number(c.irrep(c.symmetric(n), shape).dim) ** 2 for shape in partitions(n)) == factorial(n)


def test_limits() -> None:
    with pytest.raises(AlgebraError, match=r"has 16796 coordinates; at most 5000 are allowed"):
        c.irrep(c.symmetric(20), [10, 10])
    with pytest.raises(AlgebraError, match="a range names no partitions"):
        c.irreps(c.symmetric(4), [range(3)])
    with pytest.raises(AlgebraError, match="depends on n"):
        c.irrep(c.symmetric(sz.free("n")), [2, 1])
