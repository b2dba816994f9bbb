"""Groups and representations as expressions: equality, sizes, how they read."""

from __future__ import annotations

import pytest

from symc.algebra import sizes as sz
from symc.algebra.groups import Cyclic, Dihedral, Group, Matrices, Named, Orthogonal, Permutations, Product, SpecialOrthogonal, Symmetric
from symc.algebra.reps import Dual, Perm, Pixels, Regular, Rep, Sum, Tensor, Trivial, Vector, dual
from symc.algebra.sizes import SizeError

n = sz.free("n")
S = Symmetric(n)
P = Named("P", S)


def test_dimension_is_a_polynomial() -> None:
    rep = Tensor((Perm(S), Sum((Perm(S), Trivial(3)))))
    assert rep.dim == n**2 + 3 * n
    assert rep.free == {"n"}
    assert rep.at({"n": 4}).dim == 28
    assert rep.at({"n": 4}).groups == (Symmetric(4),)
    assert rep.at({"m": 4}) == rep


def test_sizes_cannot_become_negative_or_broken() -> None:
    with pytest.raises(SizeError, match="n-3 = -1"):
        sz.at(n - 3, {"n": 2})
    with pytest.raises(SizeError, match="n/2 = 3/2"):
        sz.at(n / 2, {"n": 3})
    with pytest.raises(SizeError, match="n is free"):
        sz.number(2 * n)


def test_a_named_group_is_only_itself() -> None:
    assert Symmetric(3) == Symmetric(3)
    assert Named("A", Symmetric(3)) != Named("B", Symmetric(3))
    assert Named("A", Symmetric(3)) != Symmetric(3)
    assert Named("A", Symmetric(3), "x.sym") != Named("A", Symmetric(3), "y.sym")
    assert Named("A", Named("B", Symmetric(3))).definition == Symmetric(3)


def test_equal_expressions_share_one_hash() -> None:
    assert len({Perm(P), Perm(Named("P", Symmetric(sz.free("n")))), Tensor((Perm(P),)), Tensor((Perm(P),))}) == 2


@pytest.mark.parametrize(
    ("group", "text", "order", "discrete", "lie"),
    [
        (Symmetric(4), "S(4)", 24, 2, 0),
        (Cyclic(5), "C(5)", 5, 1, 0),
        (Dihedral(4), "D(4)", 8, 2, 0),
        (Orthogonal(3), "O(3)", None, 1, 3),
        (SpecialOrthogonal(n), "SO(n)", None, 0, n * (n - 1) / 2),
        (Orthogonal(1), "O(1)", 2, 1, 0),
        (Product((Symmetric(3), Cyclic(2))), "S(3) * C(2)", 12, 3, 0),
        (Permutations(5, ((1, 2, 0, 4, 3),)), 'permutations("(0 1 2)(3 4)")', None, 1, 0),
    ],
)
def test_groups(group: Group, text: str, order: object, discrete: int, lie: object) -> None:
    assert (str(group), group.order, group.discrete) == (text, order, discrete)
    assert sz.normal(group.lie - lie) == 0


@pytest.mark.parametrize(
    ("rep", "text"),
    [
        (Tensor((Perm(P), Sum((Trivial(16), Tensor((Trivial(8), Perm(P))))))), "perm(P)*(16 + 8*perm(P))"),
        (Pixels(Dihedral(4), 8, 8), "pixels(D(4), 8, 8)"),
        (Regular(Cyclic(n), n), "regular(C(n))"),
        (Tensor(()), "1"),
        (Trivial(2 * n + 1), "2*n+1"),
    ],
)
def test_reps_read_as_they_are_written(rep: Rep, text: str) -> None:
    assert str(rep) == text


def test_dual_leaves_orthogonal_representations() -> None:
    shear, turn = Matrices((((1, 1), (0, 1)),)), Matrices((((0, -1), (1, 0)),))
    rep = Tensor((Vector(shear), Sum((Vector(turn), Perm(P)))))
    assert dual(rep) == Tensor((Dual(Vector(shear)), Sum((Vector(turn), Perm(P)))))
    assert dual(dual(rep)) == rep
    assert str(dual(Vector(shear))) == "dual(vector(matrices([[1, 1], [0, 1]])))"
