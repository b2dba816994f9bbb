"""Sums and products: dimensions add and multiply, coordinates land where they belong, named groups act apart, wrong counts are caught."""

from __future__ import annotations

import numpy as np
import pytest

from symc.algebra import sizes as sz
from symc.algebra.actions import act, generators, matrix
from symc.algebra.groups import Cyclic, Dihedral, Named, Orthogonal, Product, SpecialOrthogonal, Symmetric
from symc.algebra.reps import Perm, Pixels, Regular, Rep, Sign, Sum, Tensor, Trivial, Vector
from symc.passes.solve import SolveError, invariants, solve
from symc.passes.solve.diagrams import symmetric as partitions
from symc.passes.solve.legs import solve_atom, solve_product

X, V = Perm(Symmetric(3)), Vector(Orthogonal(2))


def assert_solves(sources: tuple[Rep, ...], targets: tuple[Rep, ...], dim: int) -> None:
    """The dense stack has independent equivariant rows, as many as expected."""
    basis = solve(sources, targets)
    assert basis.dim == basis.certificate.expected == dim
    stack = basis.dense()
    into, out = Sum(sources), Sum(targets)
    assert stack.shape == (dim, out.dim, into.dim)
    assert np.linalg.matrix_rank(stack.reshape(dim, -1)) == dim
    for generator in generators(dict.fromkeys(into.groups + out.groups)):
        moved = act(out, generator, stack, axis=1) - stack @ matrix(into, generator)
        assert np.abs(moved).max() < 1e-12


def test_sums_add() -> None:
    assert_solves((Sum((Trivial(2), Tensor((Trivial(3), V)))),), (Sum((Tensor((V, V)), Trivial(1))),), 2 * 1 + 2 * 1)
    assert_solves((X, Trivial(2)), (Tensor((X, Sum((Trivial(2), X)))),), (2 + 2) * 2 + 5 + 2 * 2)


def test_products_multiply_and_keep_the_order_of_legs() -> None:
    assert_solves((Tensor((X, Trivial(2), V, X)),), (Tensor((V, X)),), 5 * 2)
    assert_solves((Tensor((V, X)),), (Tensor((Trivial(3), X, V)),), 2 * 3)


def test_signs_beside_vectors() -> None:
    """On the plane a sign exchanges the identity and the quarter turn."""
    s = Sign(Orthogonal(2))
    assert_solves((Tensor((s, V)),), (V,), 1)
    assert_solves((Tensor((s, V, X)),), (Tensor((X, V, s)),), 2)
    np.testing.assert_array_equal(np.abs(solve((Tensor((s, V)),), (V,)).dense()[0]), [[0, 1], [1, 0]])


def test_named_groups_act_apart() -> None:
    p, q = (Perm(Named(name, Symmetric(4))) for name in "PQ")
    assert solve((p,), (p,)).dim == 2
    assert solve((p,), (q,)).dim == 1
    assert solve((Tensor((p, q)),), (Tensor((q, p)),)).dim == 4


def test_equal_expressions_are_equal_groups_whatever_their_text() -> None:
    """The cache goes by the expressions: two groups with one name must not meet in it."""
    one, other = Named("G", Symmetric(4)), Named("G", Cyclic(4))
    assert solve((Perm(one),), (Perm(one),)).dim == 2
    assert solve((Perm(other),), (Perm(other),)).dim == 4


def test_distinct_pairs_are_solved_once() -> None:
    basis = solve((Sum((X, X, X)),), (Sum((X, X)),))
    assert basis.dim == 12
    assert len({id(entry.basis) for entry in basis.entries}) == 1


def test_invariants_and_zero() -> None:
    assert invariants((Tensor((X, Trivial(4))), V, Trivial(3))).dim == 4 + 0 + 3
    basis = solve((V,), (Trivial(2),))
    assert (basis.dim, basis.method, basis.certificate.expected) == (0, "no map", 0)
    assert basis.dense().shape == (0, 2, 2)
    assert solve_product((V,), ()).dim == 0
    assert solve((), (Trivial(2),)).dim == 0


def test_only_trivial() -> None:
    assert_solves((Trivial(3),), (Tensor((Trivial(2), Trivial(2))),), 12)
    assert solve((Trivial(3),), (Trivial(2),)).method == "all matrices"
    assert solve((Tensor(()),), (Tensor(()),)).dim == 1


def test_one_of_each_kind() -> None:
    group = Dihedral(4)
    plane = Vector(Cyclic(5))
    source = Tensor((X, Pixels(group, 2, 2), plane, Vector(SpecialOrthogonal(3))))
    target = Tensor((plane, Regular(group, 8), X, Vector(SpecialOrthogonal(3))))
    assert_solves((source,), (target,), 2 * 4 * 2 * 1)


@pytest.mark.parametrize(
    ("leg", "code"),
    [(Perm(Cyclic(sz.free("n"))), "E0401"), (Sign(Product((Symmetric(3), Symmetric(4)))), "E0405"), (Regular(Symmetric(12), 479001600), "E0405")],
    ids=str,
)
def test_what_cannot_be_solved(leg: Rep, code: str) -> None:
    with pytest.raises(SolveError) as caught:
        solve((leg,), (leg,))
    assert caught.value.code == code
    assert caught.value.helps


def test_a_free_number_of_channels() -> None:
    n = sz.free("n")
    with pytest.raises(SolveError, match="`n`") as caught:
        solve((Tensor((X, Trivial(n))),), (X,))
    assert caught.value.code == "E0402"


def test_a_wrong_count_is_never_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    leg = Perm(Symmetric(7))
    monkeypatch.setattr(partitions, "expected", lambda source, target: (3, "a wrong formula"))
    solve_atom.cache_clear()
    with pytest.raises(SolveError, match=r"dimension 2 .* dimension 3 \(a wrong formula") as caught:
        solve((leg,), (leg,))
    assert caught.value.code == "E0490"
    solve_atom.cache_clear()


@pytest.mark.parametrize(
    ("source", "target"),
    [
        (Tensor((Perm(Dihedral(4)), Sign(Dihedral(4)))), Tensor((Perm(Dihedral(4)),) * 2)),
        (Tensor((Vector(SpecialOrthogonal(3)),) * 2), Vector(SpecialOrthogonal(3))),
    ],
    ids=["orbits", "determinant"],
)
def test_no_zero_of_a_dense_basis_is_negative(source: Rep, target: Rep) -> None:
    dense = solve((source,), (target,)).dense()
    assert (dense < 0).any()
    assert not np.signbit(dense[dense == 0]).any()


def test_the_repr_is_one_line() -> None:
    perm = Perm(Dihedral(4))
    split = solve((perm,), (Tensor((perm, Trivial(2))),))
    assert repr(split) == "Split(perm(D(4)) -> perm(D(4))*2, dim 6, orbits)"
