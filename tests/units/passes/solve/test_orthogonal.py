"""Brauer diagrams: numbers against characters, exact equivariance and independence, also where n is small."""

from __future__ import annotations

import numpy as np
import pytest

from symc.algebra import sizes as sz
from symc.algebra.groups import Group, Orthogonal, SpecialOrthogonal
from symc.algebra.hom import Diagram, Diagrams
from symc.algebra.modular import rank
from symc.algebra.reps import Sign, Tensor, Trivial, Vector
from symc.passes.solve import SolveError, solve
from symc.passes.solve.certify import residual
from symc.passes.solve.diagrams.orthogonal import involutions, longest_increasing
from symc.passes.solve.legs import solve_product

# invariants of m vectors, m = 0..6, by integrating powers of characters
INVARIANTS = {
    Orthogonal(1): [1, 0, 1, 0, 1, 0, 1],
    Orthogonal(2): [1, 0, 1, 0, 3, 0, 10],
    Orthogonal(3): [1, 0, 1, 0, 3, 0, 15],
    Orthogonal(4): [1, 0, 1, 0, 3, 0, 15],
    SpecialOrthogonal(1): [1, 1, 1, 1, 1, 1, 1],
    SpecialOrthogonal(2): [1, 0, 2, 0, 6, 0, 20],
    SpecialOrthogonal(3): [1, 0, 1, 1, 3, 6, 15],
    SpecialOrthogonal(4): [1, 0, 1, 0, 4, 0, 25],
}


@pytest.mark.parametrize("group", INVARIANTS, ids=str)
def test_invariants_of_vectors(group: Group) -> None:
    for m, dim in enumerate(INVARIANTS[group]):
        for k in {0, m // 2}:
            kron = solve_product((Vector(group),) * k, (Vector(group),) * (m - k))
            assert kron.dim == dim
            if dim:
                _check(kron.dense(), kron.source, kron.target)


@pytest.mark.parametrize("n", range(1, 5))
def test_a_sign_leg_asks_for_the_determinant(n: int) -> None:
    """O(n): invariants of SO(n) are those of O(n) and those of O(n) with one sign."""
    for m in range(7):
        dims = []
        for legs in ((), (Sign(Orthogonal(n)),)):
            kron = solve_product(legs, (Vector(Orthogonal(n)),) * m)
            dims.append(kron.dim)
            if kron.dim:
                _check(kron.dense(), kron.source, kron.target)
        assert sum(dims) == INVARIANTS[SpecialOrthogonal(n)][m]


def _check(stack: np.ndarray, source: tuple, target: tuple) -> None:  # type: ignore[type-arg]
    assert residual(stack, source, target) == 0.0
    assert rank(stack.reshape(len(stack), -1).astype(np.int64)) == len(stack)


def test_cross_product() -> None:
    v = Vector(SpecialOrthogonal(3))
    basis = solve((Tensor((v, v)),), (v,))
    x, y = np.array([1.0, 2.0, 3.0]), np.array([-1.0, 0.5, 2.0])
    image = basis.dense()[0] @ np.kron(x, y)
    np.testing.assert_allclose(image, np.cross(x, y), atol=1e-12)


def test_free_n_takes_all_matchings_and_no_determinant() -> None:
    n = sz.free("n")
    v = Vector(SpecialOrthogonal(n))
    kron = solve_product((v, v), (v, v))
    basis = kron.factors[0].basis
    assert isinstance(basis, Diagrams)
    assert basis.diagrams == tuple(map(Diagram, [((0, 1), (2, 3)), ((0, 2), (1, 3)), ((0, 3), (1, 2))]))
    assert [diagram.summed(2) for diagram in basis.diagrams] == [1, 0, 0]
    assert solve_product((Sign(Orthogonal(n)),), (Vector(Orthogonal(n)),) * 3).dim == 0


def test_involutions_are_in_order_and_cut() -> None:
    assert [pairs for pairs, _ in involutions(4, 0, 4)] == [((0, 1), (2, 3)), ((0, 2), (1, 3)), ((0, 3), (1, 2))]
    assert list(involutions(3, 1, 3)) == [(((1, 2),), (0,)), (((0, 1),), (2,)), (((0, 2),), (1,))]
    assert list(involutions(3, 2, 3)) == []
    assert len(list(involutions(6, 0, 2))) == 10
    assert longest_increasing([3, 1, 4, 1, 5, 9, 2, 6]) == 4


def test_rank_modulo_sees_dependence() -> None:
    matrix = np.array([[1, 2, 3], [4, 5, 6], [5, 7, 9]])
    assert rank(matrix) == 2
    assert rank(np.zeros((2, 3), dtype=np.int64)) == 0


def test_more_diagrams_than_any_network_needs() -> None:
    v = Vector(Orthogonal(20))
    with pytest.raises(SolveError) as caught:
        solve((Tensor((v,) * 7),), (Tensor((v,) * 7),))
    assert caught.value.code == "E0502"


def test_certificate_names_its_sources() -> None:
    v = Vector(Orthogonal(2))
    certificate = solve((Tensor((v,) * 3),), (Tensor((v,) * 3), Trivial(1))).certificate
    assert (certificate.expected, certificate.residual) == (10, 0.0)
    assert certificate.expected_by is not None
    assert certificate.independent == "rank at random points modulo a prime"


@pytest.mark.slow
@pytest.mark.parametrize("group", [kind(n) for kind in (Orthogonal, SpecialOrthogonal) for n in range(1, 6)], ids=str)
def test_the_cut_is_a_basis_for_more_legs(group: Group) -> None:
    """Solving verifies count and rank, and raises where either is wrong."""
    for m in range(7, 10):
        kron = solve_product((), (Vector(group),) * m)
        certificates = [factor.basis.certificate for factor in kron.factors] if kron else []
        assert all(certificate.expected is not None for certificate in certificates)
