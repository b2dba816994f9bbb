"""Signed permutations are the matrices that they stand for; the canonical basis depends on the space alone."""

from __future__ import annotations

from itertools import permutations, product

import numpy as np
import pytest

from symc.algebra.canonical import canonical_basis, orthonormal
from symc.algebra.groups import Array
from symc.algebra.monomial import Monomial, as_monomial, dense


def every(d: int) -> list[Monomial]:
    """All 2^d d! of size d."""
    return [Monomial(np.array(p, dtype=np.intp), np.array(s, dtype=np.int8)) for p in permutations(range(d)) for s in product((1, -1), repeat=d)]


@pytest.mark.parametrize("d", [0, 1, 2, 3])
def test_the_hyperoctahedral_group(d: int) -> None:
    """Products, inverses, traces and Kronecker products are those of the matrices; all matrices differ."""
    group = every(d)
    assert len({one.dense().tobytes() for one in group}) == len(group)
    for a in group:
        np.testing.assert_array_equal(a.inverse().dense(), a.dense().T)
        assert a.trace() == np.trace(a.dense())
        assert a.is_permutation == bool((a.dense() >= 0).all())
        for b in group[:: max(1, len(group) // 7)]:
            np.testing.assert_array_equal((a @ b).dense(), a.dense() @ b.dense())
            np.testing.assert_array_equal(a.kron(b).dense(), np.kron(a.dense(), b.dense()))
            whole = a.direct_sum(b).dense()
            np.testing.assert_array_equal(whole, np.block([[a.dense(), np.zeros((d, d))], [np.zeros((d, d)), b.dense()]]))


@pytest.mark.parametrize("d", [1, 2, 3])
def test_matrices_are_recognised_exactly(d: int) -> None:
    for one in every(d):
        found = as_monomial(one.dense())
        assert isinstance(found, Monomial)
        np.testing.assert_array_equal(found.dense(), one.dense())
        np.testing.assert_array_equal(dense(as_monomial(one.dense() + 0j)), one.dense())
        for wrong in (one.dense() * (1 + 1e-15), one.dense() * 1j, one.dense() + 1e-15):
            kept = as_monomial(wrong)
            assert kept is wrong
            np.testing.assert_array_equal(dense(kept), wrong)


def test_what_is_no_signed_permutation() -> None:
    for rows in ([[1, 1], [0, 0]], [[0, 0], [0, 0]], [[1, 0], [1, 0]], [[2, 0], [0, 1]]):
        assert not isinstance(as_monomial(np.array(rows, dtype=float)), Monomial)


def subspace(dim: int, d: int, seed: int) -> Array:
    return orthonormal(np.random.default_rng(seed).standard_normal((dim, d)))


SPACES = [
    *(subspace(dim, d, dim + d) for dim, d in ((1, 1), (1, 4), (2, 5), (4, 4), (3, 8))),
    np.eye(4)[[2, 0]],
    np.kron(np.eye(2), np.ones((1, 3))) / np.sqrt(3),
]


@pytest.mark.parametrize("rows", SPACES, ids=lambda rows: str(rows.shape))
def test_every_orthonormal_basis_of_a_space_gives_the_same(rows: Array) -> None:
    first = canonical_basis(rows)
    np.testing.assert_allclose(first @ first.T, np.eye(len(rows)), atol=1e-13)
    np.testing.assert_allclose(first.T @ first, rows.T @ rows, atol=1e-13)  # the projector, so the same span
    rng = np.random.default_rng(0)
    for _ in range(5):
        turned = np.linalg.qr(rng.standard_normal((len(rows),) * 2))[0] @ rows
        np.testing.assert_allclose(canonical_basis(turned), first, atol=1e-12)


@pytest.mark.parametrize("rows", SPACES, ids=lambda rows: str(rows.shape))
def test_it_is_in_echelon_form(rows: Array) -> None:
    """Each row has a column where it is positive and all rows after it are 0."""
    basis, used = canonical_basis(rows), set[int]()
    for i, row in enumerate(basis):
        pivots = [j for j in range(basis.shape[1]) if row[j] > 0 and not np.abs(basis[i + 1 :, j]).max(initial=0) > 1e-12]
        assert set(pivots) - used
        used.add(min(set(pivots) - used))


def test_coordinate_subspaces_keep_their_axes() -> None:
    np.testing.assert_array_equal(canonical_basis(np.eye(5)[[3, 1]]), np.eye(5)[[1, 3]])
    assert canonical_basis(np.zeros((0, 3))).shape == (0, 3)


def test_orthonormal_rows_span_the_same() -> None:
    rows = np.random.default_rng(1).standard_normal((3, 6))
    found = orthonormal(rows)
    np.testing.assert_allclose(found @ found.T, np.eye(3), atol=1e-14)
    np.testing.assert_allclose(rows @ found.T @ found, rows, atol=1e-13)


@pytest.mark.parametrize("exponent", [0, 1, 2, 7, 10**20 + 1])
def test_powers(exponent: int) -> None:
    m = Monomial(np.array([1, 2, 0, 4, 3]), np.array([1, -1, 1, 1, -1], dtype=np.int8))  # of order 12
    np.testing.assert_array_equal(m.power(exponent).dense(), np.linalg.matrix_power(m.dense(), exponent % 12))
