"""Isotypic decompositions: types R, C, H, coordinates that are not orthogonal, the canonical basis, inexact generators; and groups without any."""

from __future__ import annotations

import numpy as np
import pytest

from symc.algebra.canonical import canonical_basis, orthonormal
from symc.algebra.groups import Cyclic, Dihedral, Matrices
from symc.algebra.hom import Array
from symc.algebra.reps import Perm, Pixels, Regular, Rep, Sign, Tensor, Trivial, Vector, dual
from symc.passes.solve import SolveError, solve
from symc.passes.solve.counting import constraints, nullity
from symc.passes.solve.isotypic import ELEMENTS, _rows, isotypic
from symc.passes.solve.spectrum import spectra
from symc.passes.solve.unitary import side, unitarizer

I = ((0, -1, 0, 0), (1, 0, 0, 0), (0, 0, 0, -1), (0, 0, 1, 0))
J = ((0, 0, -1, 0), (0, 0, 0, 1), (1, 0, 0, 0), (0, -1, 0, 0))
Q8 = Matrices((I, J))
RNG = np.random.default_rng(5)
CHANGE = RNG.standard_normal((4, 4)) + 2 * np.eye(4)


def conjugate(group: Matrices, change: Array) -> Matrices:
    images = [change @ np.array(image) @ np.linalg.inv(change) for image in group.images]
    return Matrices(tuple(tuple(tuple(map(float, row)) for row in image) for image in images))


def maps(source: Rep, target: Rep) -> Array:
    """The dense basis, after comparing it with its certificate."""
    basis = solve((source,), (target,))
    assert basis.certificate.expected == basis.dim
    assert basis.certificate.residual < 1e-12
    stack = basis.dense().reshape(basis.dim, basis.dense().shape[1] * basis.dense().shape[2])
    if "isotypic" in basis.method:
        np.testing.assert_allclose(stack @ stack.T, np.eye(basis.dim), atol=1e-12)
    return stack


@pytest.mark.parametrize("n", [3, 5, 7])
def test_complex_type(n: int) -> None:
    v = Vector(Cyclic(n))
    assert len(maps(v, v)) == 2
    assert len(maps(Tensor((v, v)), Tensor((v, v)))) == 6
    assert len(maps(Tensor((v, v)), v)) == (2 if n == 3 else 0)


@pytest.mark.parametrize("n", [3, 5, 6, 8])
def test_real_type(n: int) -> None:
    v, r = Vector(Dihedral(n)), Regular(Dihedral(n), 2 * n)
    assert len(maps(v, v)) == 1
    assert len(maps(v, r)) == 2
    assert len(maps(Tensor((v, r)), Tensor((r, Sign(Dihedral(n)))))) == 2 * 2 * n


def test_quaternionic_type() -> None:
    v = Vector(conjugate(Q8, CHANGE))
    assert len(maps(v, v)) == 4
    assert len(maps(v, dual(v))) == 4
    assert len(maps(Tensor((v, v, v)), v)) == 64
    assert len(maps(Tensor((v, v)), v)) == 0
    exact = isotypic(Q8, (Vector(Q8),), (Vector(Q8),), 2**32)  # orbits would be taken first
    assert exact is not None
    assert exact.dim == 4


def test_conjugation_changes_no_dimension() -> None:
    turn = Matrices(((((-1, -1), (1, 0))),))  # order 3, not orthogonal
    flat = Matrices((((-0.5, -(0.75**0.5)), (0.75**0.5, -0.5)),))
    for k, l in ((1, 1), (2, 1), (2, 2), (3, 0)):
        dims = {len(maps(Tensor((v,) * k), Tensor((v,) * l))) for v in (Vector(turn), Vector(flat), Vector(Cyclic(3)))}
        assert len(dims) == 1
    assert len(maps(Vector(turn), dual(Vector(turn)))) == 2


def test_swapping_the_sides_by_duality() -> None:
    """Hom(V, W) and Hom(W*, V*) are transposes of each other."""
    group = conjugate(Q8, CHANGE)
    v = Vector(group)
    forward = solve((Tensor((v, v)),), (Trivial(1),)).dense()
    back = solve((Trivial(1),), (Tensor((dual(v), dual(v))),)).dense().transpose(0, 2, 1)
    together = np.concatenate([forward, back]).reshape(-1, 16)
    assert np.linalg.matrix_rank(together, tol=1e-9) == len(forward) == len(back)


def test_the_basis_does_not_depend_on_the_draw() -> None:
    group = Dihedral(5)
    legs = ((Vector(group), Perm(group)), (Regular(group, 10),))
    into, out = side(legs[0]), side(legs[1])
    assert into is not None
    assert out is not None
    first, second = (canonical_basis(_rows(spectra(group, into, out, ELEMENTS, attempt), into, out)) for attempt in (0, 1))
    np.testing.assert_allclose(first, second, atol=1e-12)


def test_canonical_basis_forgets_rotations() -> None:
    rows = orthonormal(RNG.standard_normal((5, 12)))
    turn = orthonormal(RNG.standard_normal((5, 5)))
    first, second = canonical_basis(rows), canonical_basis(turn @ rows)
    np.testing.assert_allclose(first, second, atol=1e-12)
    np.testing.assert_allclose(first @ first.T, np.eye(5), atol=1e-12)
    assert np.linalg.matrix_rank(np.concatenate([rows, first]), tol=1e-9) == 5


def test_mixtures_with_pixels() -> None:
    group = Dihedral(1)
    source, target = (Vector(group), Pixels(group, 2, 3)), (Regular(group, 2), Vector(group))
    assert len(maps(Tensor(source), Tensor(target))) == nullity(constraints(source, target))


def test_unitarizer() -> None:
    assert unitarizer(Q8) is None
    form = unitarizer(conjugate(Q8, CHANGE))
    assert form is not None
    for image in conjugate(Q8, CHANGE).images:
        turned = form @ np.array(image) @ np.linalg.inv(form)
        np.testing.assert_allclose(turned @ turned.T, np.eye(4), atol=1e-10)
    shear = unitarizer(Matrices((((1, 1), (0, 1)),)))
    assert shear is not None
    assert not len(shear)


def test_groups_that_are_not_compact() -> None:
    shear, swap = Vector(Matrices((((1, 1), (0, 1)),))), Vector(Matrices((((0, 2), (1, 0)),)))
    for source, target, dim in ((shear, shear, 2), (shear, dual(shear), 2), (swap, swap, 2), (Tensor((shear, shear)), Trivial(1), 2)):
        basis = solve((source,), (target,))
        assert (basis.dim, basis.certificate.expected) == (dim, None)
        assert basis.method == "nullspace"
        assert basis.certificate.residual < 1e-12
    modular = Vector(Matrices((((1, 1), (0, 1)), ((1, 0), (1, 1)))))  # dense in SL(2): Catalan numbers
    assert [solve((Tensor((modular,) * k),), (Tensor((modular,) * k),)).dim for k in (1, 2, 3)] == [1, 2, 5]


def test_not_compact_and_large() -> None:
    shear = Vector(Matrices((((1, 1), (0, 1)),)))
    with pytest.raises(SolveError) as caught:
        solve((Tensor((shear,) * 6),), (Tensor((shear,) * 6),))
    assert caught.value.code == "E0404"


@pytest.mark.parametrize("digits", [6, 8])
def test_generators_with_too_few_digits_are_not_clear(digits: int) -> None:
    """A third of a turn, rounded: whether v (x) v has a map to v hangs on the digits left out."""
    c, s = round(-0.5, digits), round(0.75**0.5, digits)
    v = Vector(Matrices((((c, -s), (s, c)),)))
    with pytest.raises(SolveError) as caught:
        solve((Tensor((v, v)),), (v,))
    assert caught.value.code == "E0403"


def test_nearly_orthogonal_generators_are_not_clear() -> None:
    angle = 2 * np.pi / 3 + 1e-8
    c, s = float(np.cos(angle)), float(np.sin(angle))
    v = Vector(Matrices((((c, -s), (s, c)),)))
    with pytest.raises(SolveError) as caught:
        solve((Tensor((v, v)),), (v,))
    assert caught.value.code == "E0403"


def test_a_dense_group_of_rotations() -> None:
    v = Vector(Matrices((((0.6, -0.8), (0.8, 0.6)),)))
    basis = solve((Tensor((v, v)),), (Tensor((v, v)),))
    assert basis.dim == basis.certificate.expected == 6
    assert basis.certificate.expected_by == "nullity of the constraints by SVD"
