"""Generators in the documented order, and what they do, against matrices written by hand."""

from __future__ import annotations

import numpy as np
import pytest

from symc.algebra import sizes as sz
from symc.algebra.actions import act, generators, matrix, monomial
from symc.algebra.errors import AlgebraError
from symc.algebra.groups import Cyclic, Dihedral, Group, Matrices, Named, Orthogonal, Permutations, Product, SpecialOrthogonal, Symmetric
from symc.algebra.groups.polygons import cos_sin
from symc.algebra.monomial import Monomial, as_monomial
from symc.algebra.reps import Dual, Perm, Pixels, Regular, Sign, Sum, Tensor, Trivial, Vector
from symc.algebra.sizes import SizeError

SHEAR = Matrices((((1, 1), (0, 1)), ((0, -1), (1, 0))))


@pytest.mark.parametrize(
    ("group", "names"),
    [
        (Symmetric(4), ["(0 1)", "(0 1 2 3)"]),
        (Symmetric(9), ["(0 1)", "(0 1 … 8)"]),
        (Symmetric(1), ["identity", "identity"]),
        (Cyclic(4), ["rotation by 90°"]),
        (Dihedral(7), ["rotation by 360°/7", "reflection"]),
        (Orthogonal(3), ["E_01 − E_10", "E_02 − E_20", "E_12 − E_21", "diag(−1, 1, 1)"]),
        (Orthogonal(8), [*(f"E_{i}{j} − E_{j}{i}" for i in range(8) for j in range(i + 1, 8)), "diag(−1, 1, …, 1)"]),
        (SpecialOrthogonal(2), ["E_01 − E_10"]),
        (Permutations(5, ((1, 0, 2, 4, 3),)), ["(0 1)(3 4)"]),
        (SHEAR, ["generator 1", "generator 2"]),
        (Product((Named("A", Cyclic(2)), Named("B", SpecialOrthogonal(2)))), ["rotation by 180°", "E_01 − E_10"]),
    ],
)
def test_generators_in_the_documented_order(group: Group, names: list[str]) -> None:
    assert [str(one) for one in generators([group])] == names


def test_generators_need_numbers() -> None:
    with pytest.raises(SizeError, match="n is free"):
        generators([Symmetric(sz.free("n"))])


def test_permutations_of_points() -> None:
    assert [monomial(Perm(Symmetric(4)), one).image.tolist() for one in generators([Symmetric(4)])] == [[1, 0, 2, 3], [1, 2, 3, 0]]
    assert [monomial(Perm(Dihedral(5)), one).image.tolist() for one in generators([Dihedral(5)])] == [[1, 2, 3, 4, 0], [0, 4, 3, 2, 1]]


def test_plane_matrices_are_exact() -> None:
    turn, flip = generators([Dihedral(4)])
    assert matrix(Vector(Dihedral(4)), turn).tolist() == [[0, -1], [1, 0]]
    assert matrix(Vector(Dihedral(4)), flip).tolist() == [[1, 0], [0, -1]]
    root = np.sqrt(0.75)
    assert matrix(Vector(Cyclic(3)), *generators([Cyclic(3)])).tolist() == [[-0.5, -root], [root, -0.5]]
    assert matrix(Vector(Cyclic(6)), *generators([Cyclic(6)])).tolist() == [[0.5, -root], [root, 0.5]]
    assert matrix(Vector(Cyclic(2)), *generators([Cyclic(2)])).tolist() == [[-1, 0], [0, -1]]


@pytest.mark.parametrize("n", [1, 2, 3, 5, 7, 8, 12, 360, 1000003])
def test_cosine_and_sine(n: int) -> None:
    for k in {0, 1, n // 4, n // 3, n // 2, n - 1, -1, 3 * n + 2}:
        assert cos_sin(k, n) == pytest.approx((np.cos(2 * np.pi * k / n), np.sin(2 * np.pi * k / n)), abs=1e-13)


def test_pixels_turn_as_numpy_turns_images() -> None:
    image = np.arange(9.0)
    turn, flip = generators([Dihedral(4)])
    assert act(Pixels(Dihedral(4), 3, 3), turn, image).tolist() == np.rot90(image.reshape(3, 3)).ravel().tolist()
    assert act(Pixels(Dihedral(4), 3, 3), flip, image).tolist() == np.fliplr(image.reshape(3, 3)).ravel().tolist()
    wide = np.arange(6.0)
    (half,) = generators([Cyclic(2)])
    assert act(Pixels(Cyclic(2), 2, 3), half, wide).tolist() == wide[::-1].tolist()
    (turn,) = generators([Cyclic(4)])
    with pytest.raises(AlgebraError, match="2 x 3"):
        act(Pixels(Cyclic(4), 2, 3), turn, wide)


def test_pixels_and_vectors_turn_together() -> None:
    """The field of (row, column) offsets from the centre is invariant: moving the pixels and turning the vectors gives it back."""
    field = np.stack(np.meshgrid([-1.5, -0.5, 0.5, 1.5], [-1.5, -0.5, 0.5, 1.5], indexing="ij"), axis=-1).reshape(16, 2)
    for one in generators([Dihedral(4)]):
        moved = act(Vector(Dihedral(4)), one, act(Pixels(Dihedral(4), 4, 4), one, field, axis=0), axis=1)
        assert moved.tolist() == field.tolist()


def test_signs() -> None:
    assert [matrix(Sign(Symmetric(4)), one).item() for one in generators([Symmetric(4)])] == [-1, -1]
    assert [matrix(Sign(Symmetric(5)), one).item() for one in generators([Symmetric(5)])] == [-1, 1]
    assert [matrix(Sign(Dihedral(3)), one).item() for one in generators([Dihedral(3)])] == [1, -1]
    assert [matrix(Sign(Orthogonal(2)), one).item() for one in generators([Orthogonal(2)])] == [0, -1]
    even_odd = Permutations(4, ((1, 0, 3, 2), (1, 0, 2, 3)))
    assert [matrix(Sign(even_odd), one).item() for one in generators([even_odd])] == [1, -1]
    assert [matrix(Sign(SHEAR), one).item() for one in generators([SHEAR])] == [1, 1]


def test_dual_of_matrices_is_the_inverse_transpose() -> None:
    shear, turn = generators([SHEAR])
    assert matrix(Dual(Vector(SHEAR)), shear).tolist() == [[1, 0], [-1, 1]]
    assert matrix(Dual(Vector(SHEAR)), turn).tolist() == [[0, -1], [1, 0]]
    thirds = Matrices((((3, 0), (1, 7)),))
    assert matrix(Dual(Vector(thirds)), *generators([thirds])).tolist() == [[1 / 3, -1 / 21], [0, 1 / 7]]


def test_signed_permutations_are_found_exactly() -> None:
    assert monomial(Vector(Cyclic(5)), *generators([Cyclic(5)])) is None
    assert monomial(Vector(Cyclic(4)), *generators([Cyclic(4)])).dense().tolist() == [[0, -1], [1, 0]]
    lie, reflection = generators([Orthogonal(2)])
    assert monomial(Vector(Orthogonal(2)), reflection).sign.tolist() == [-1, 1]
    assert monomial(Vector(Orthogonal(2)), lie) is None
    assert monomial(Sign(Orthogonal(2)), lie).dense().tolist() == [[1]]
    nearly = Matrices((((1 + 1e-13, 0), (0, 1)),))
    assert monomial(Vector(nearly), *generators([nearly])) is None
    assert not isinstance(as_monomial(np.array([[1.0, 1.0], [0.0, 0.0]])), Monomial)  # one entry a column, but no permutation


def test_another_group_is_left_alone() -> None:
    rep = Sum((Vector(Orthogonal(2)), Perm(Symmetric(3)), Trivial(2)))
    for one in generators([Cyclic(3), SpecialOrthogonal(3)]):
        assert monomial(rep, one).image.tolist() == list(range(7))
        assert matrix(rep, one).tolist() == (np.zeros((7, 7)) if one.lie else np.eye(7)).tolist()


def test_lie_generators_act_by_the_product_rule() -> None:
    group = SpecialOrthogonal(3)
    rep = Tensor((Vector(group), Sum((Vector(group), Trivial(1)))))
    for one in generators([group]):
        a = matrix(Vector(group), one)
        b = np.zeros((4, 4))
        b[:3, :3] = a
        assert matrix(rep, one).tolist() == (np.kron(a, np.eye(4)) + np.kron(np.eye(3), b)).tolist()
    assert matrix(Vector(group), generators([group])[1]).tolist() == [[0, 0, 1], [0, 0, 0], [-1, 0, 0]]


def test_regular_is_multiplication_from_the_left() -> None:
    group = Symmetric(3)
    swap, cycle = (matrix(Regular(group, 6), one) for one in generators([group]))
    assert np.trace(swap) == np.trace(cycle) == 0
    assert (swap @ swap).tolist() == np.linalg.matrix_power(cycle, 3).tolist() == np.eye(6).tolist()
    assert swap[:, 0].tolist() == [0, 1, 0, 0, 0, 0]  # element 0 is the identity, element 1 the first generator
    assert cycle[:, 0].tolist() == [0, 0, 1, 0, 0, 0]


def test_act_takes_any_axis_and_refuses_wrong_sizes() -> None:
    rep, (turn,) = Perm(Cyclic(3)), generators([Cyclic(3)])
    x = np.arange(24.0).reshape(2, 3, 4)
    assert act(rep, turn, x, axis=1).tolist() == np.roll(x, 1, axis=1).tolist()
    assert act(rep, turn, x.astype(np.float32), axis=1).dtype == np.float32
    with pytest.raises(ValueError, match=r"4 coordinates, perm\(C\(3\)\) has 3"):
        act(rep, turn, x)


def test_a_large_set_is_moved_without_a_matrix() -> None:
    group = Symmetric(100_000)
    x = np.arange(200_000.0)
    moved = act(Tensor((Perm(group), Trivial(2))), generators([group])[1], x)
    assert moved.tolist() == np.roll(x, 2).tolist()
