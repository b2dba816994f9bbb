"""Exact elimination modulo a prime: ranks and inverses, what counts as an exact entry, and dimensions of Hom that floating point would lose."""

from __future__ import annotations

import numpy as np
import pytest

from symc.algebra import construct as c
from symc.algebra.counting.counts import hom_dim
from symc.algebra.counting.modular import nullity
from symc.algebra.groups import Group
from symc.algebra.modular import PRIME, ROOT, inverse, product, rank, reduced, residue, residues
from symc.algebra.reps import Conj, Dual, Rep

RNG = np.random.default_rng(5)
MUCH = 1e9


def test_the_square_root_of_minus_one() -> None:
    assert ROOT**2 % PRIME == PRIME - 1


@pytest.mark.parametrize(("rows", "columns", "true"), [(1, 1, 1), (5, 3, 2), (40, 70, 40), (130, 150, 129), (200, 90, 65)])
def test_rank(rows: int, columns: int, true: int) -> None:
    left, right = RNG.integers(-9, 10, (rows, true)), RNG.integers(-9, 10, (true, columns))
    assert rank(left @ right) == np.linalg.matrix_rank(left @ right) == true
    assert rank(np.zeros((rows, columns))) == 0


def test_rank_where_floating_point_fails() -> None:
    hilbert = np.array([[10**9 // (i + j + 1) for j in range(12)] for i in range(12)])
    unimodular = np.linalg.matrix_power(np.array([[1, 10**4], [0, 1]]), 3)
    assert rank(hilbert) == 12
    assert rank(np.kron(unimodular, unimodular) - np.eye(4)) == 2


def test_inverse_and_product() -> None:
    m = reduced(RNG.integers(-(10**6), 10**6, (90, 90)).astype(float))
    back = inverse(m)
    assert back is not None
    np.testing.assert_array_equal(product(m, back), np.eye(90))
    assert inverse(np.ones((2, 2))) is None


@pytest.mark.parametrize("entry", [0, -3, 10**30, 0.5, 0.1, 1e-20, -2.25, 0.0009765625, 1e22, 1 + 2j, 0.5j])
def test_entries_that_are_exact(entry: complex) -> None:
    found = residue(entry)
    assert found is not None
    twice = residue(2 * entry)
    assert twice == 2 * found % PRIME


@pytest.mark.parametrize("entry", [1 / 3, 0.3333, 1.0000001, 0.8660254037844386, 6.123233995736766e-17, 1 + 0.33333j])
def test_entries_that_may_have_been_rounded(entry: complex) -> None:
    assert residue(entry) is None
    assert residues([[1, entry]]) is None


def powers_of(group: Group) -> list[Rep]:
    v = c.vector(group)
    return [v, Dual(v), c.sym(v, 2), c.alt(v, 2), c.sym(v, 3), c.det(group)]


@pytest.mark.parametrize(
    "group",
    [c.symmetric(3), c.dihedral(4), c.orthogonal(3), c.special_orthogonal(4), c.general_linear(2), c.special_linear(3), c.symplectic(4),
     c.indefinite(1, 2), c.special_unitary(3), c.unitary(2), c.matrices([[[0, -1], [1, 0]]]), c.matrices([[[100, -10001], [1, -100]]])],
    ids=str,
)  # fmt: skip
def test_dimensions_agree_with_characters(group: Group) -> None:
    for source in powers_of(group):
        for target in powers_of(group):
            found = hom_dim([source], [target])
            assert found is not None
            assert nullity([source], [target], MUCH) == found[0]


def test_conjugates() -> None:
    v = c.vector(c.special_unitary(2))
    assert nullity([v], [Conj(v)], MUCH) == nullity([v], [v], MUCH) == 1  # of quaternionic type over R, so self-dual over C
    u = c.vector(c.unitary(2))
    assert (nullity([u], [Conj(u)], MUCH), nullity([Conj(u)], [Dual(u)], MUCH)) == (0, 1)


def test_what_is_irrational_or_too_large_is_left_alone() -> None:
    plane = c.vector(c.cyclic(5))
    assert nullity([plane], [plane], MUCH) is None
    v = c.vector(c.matrices([[[2, 1], [1, 1]]]))
    assert nullity([v] * 5, [v] * 5, 1e6) is None
