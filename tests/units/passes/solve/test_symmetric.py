"""Partition diagrams: numbers, order, independence, equivariance, n free."""

from __future__ import annotations

import numpy as np
import pytest

from symc.algebra import sizes as sz
from symc.algebra.groups import Symmetric
from symc.algebra.hom import Diagrams
from symc.algebra.partitions import count_partitions, set_partitions
from symc.algebra.reps import Perm, Sign, Tensor, Trivial
from symc.passes.solve import SolveError, solve
from symc.passes.solve.certify import residual
from symc.passes.solve.legs import solve_product

BELL = [1, 1, 2, 5, 15, 52, 203, 877, 4140]
# set partitions of m things into at most n blocks: rows m = 0..4, columns n = 1..5
AT_MOST = [[1, 1, 1, 1, 1], [1, 1, 1, 1, 1], [1, 2, 2, 2, 2], [1, 4, 5, 5, 5], [1, 8, 14, 15, 15]]
N = sz.free("n")


@pytest.mark.parametrize("n", range(1, 6))
@pytest.mark.parametrize("m", range(5))
def test_dimension_independence_and_equivariance(m: int, n: int) -> None:
    leg = Perm(Symmetric(n))
    for k in range(m + 1):
        kron = solve_product((leg,) * k, (leg,) * (m - k))
        assert kron.dim == AT_MOST[m][n - 1]
        stack = kron.dense()
        assert stack.shape == (kron.dim, *[n] * m)
        assert np.linalg.matrix_rank(stack.reshape(kron.dim, -1)) == kron.dim
        assert residual(stack, kron.source, kron.target) == 0.0
        for factor in kron.factors:
            assert factor.basis.certificate.expected == kron.dim
            assert factor.basis.certificate.residual == 0.0


@pytest.mark.parametrize(("m", "bell"), list(enumerate(BELL)))
def test_free_n_has_all_partitions(m: int, bell: int) -> None:
    leg = Perm(Symmetric(N))
    basis = solve((Tensor((leg,) * (m // 2)),), (Tensor((leg,) * (m - m // 2)),))
    assert basis.dim == basis.certificate.expected == bell == count_partitions(m, m)


def test_free_n_still_spans_at_small_n() -> None:
    free, two = (solve((Tensor((leg,) * 2),), (Tensor((leg,) * 2),)) for leg in (Perm(Symmetric(N)), Perm(Symmetric(2))))
    assert (free.dim, two.dim) == (15, 8)
    both = np.concatenate([free.dense({"n": 2}), two.dense()]).reshape(-1, 16)
    assert np.linalg.matrix_rank(both) == 8


def test_order_is_that_of_restricted_growth_strings() -> None:
    assert list(set_partitions(3, 3)) == [((0, 1, 2),), ((0, 1), (2,)), ((0, 2), (1,)), ((0,), (1, 2)), ((0,), (1,), (2,))]
    assert list(set_partitions(3, 2)) == list(set_partitions(3, 3))[:4]
    assert list(set_partitions(0, 3)) == [()]


def test_deepsets_diagrams_are_identity_and_sum() -> None:
    leg = Perm(Symmetric(N))
    kron = solve_product((leg,), (leg,))
    basis = kron.factors[0].basis
    assert isinstance(basis, Diagrams)
    np.testing.assert_array_equal(kron.dense({"n": 3}), [np.eye(3), np.ones((3, 3))])
    assert [diagram.summed(1) for diagram in basis.diagrams] == [0, 1]


@pytest.mark.parametrize("n", range(1, 7))
@pytest.mark.parametrize("m", range(4))
def test_an_odd_number_of_signs(m: int, n: int) -> None:
    """Only orbits whose stabilizer has no odd permutation: exactly n or n - 1 blocks."""
    group = Symmetric(n)
    kron = solve_product((Sign(group),), (Perm(group),) * m)
    exactly = [count_partitions(m, t) - (count_partitions(m, t - 1) if t else 0) for t in (n, n - 1)]
    assert (kron.dim if kron else 0) == sum(exactly)
    if kron:
        assert residual(kron.dense(), kron.source, kron.target) == 0.0


def test_signs_cancel_in_pairs_and_leave_nothing_for_free_n() -> None:
    sign, leg = Sign(Symmetric(N)), Perm(Symmetric(N))
    kron = solve_product((sign, leg), (leg, sign))
    assert kron.dim == 2
    assert kron.dense({"n": 4}).shape == (2, 4, 1, 1, 4)
    assert solve_product((leg,), (leg, sign)).dim == 0
    assert solve((leg,), (Tensor((leg, sign)),)).certificate.expected == 0


def test_thousand_points_are_symbolic() -> None:
    leg = Perm(Symmetric(1000))
    basis = solve((Tensor((leg, leg)),), (Tensor((leg, leg, Trivial(3))),))
    assert basis.dim == basis.certificate.expected == 45
    assert basis.method == "partition diagrams"


def test_too_many_diagrams_are_refused_with_their_number() -> None:
    leg = Perm(Symmetric(N))
    with pytest.raises(SolveError, match="115,975") as caught:
        solve((Tensor((leg,) * 5),), (Tensor((leg,) * 5),))
    assert caught.value.code == "E0502"
