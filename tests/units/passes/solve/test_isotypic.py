"""Isotypic decompositions: types R, C, H, coordinates that are not orthogonal, fusion, the same gauge everywhere, inexact generators."""

from __future__ import annotations

import numpy as np
import pytest

from symc.algebra import construct as make
from symc.algebra.canonical import canonical_basis, canonical_complement, orthonormal
from symc.algebra.groups import Cyclic, Dihedral, Group, Indefinite, Matrices, SpecialLinear, SpecialOrthogonal, SpecialUnitary, Symmetric
from symc.algebra.hom import Array, Isotypic
from symc.algebra.reps import Complexified, Perm, Pixels, Realified, Regular, Rep, Rotation, Sign, Tensor, Trivial, Turning, Vector, Young
from symc.algebra.summands import Leg
from symc.passes.solve import SolveError, solve
from symc.passes.solve.certify import residual
from symc.passes.solve.counting import constraints, nullity
from symc.passes.solve.isotypic import decompose, isotypic
from symc.passes.solve.isotypic.sample import sample_of
from symc.passes.solve.isotypic.spectrum import canonical_frame
from symc.passes.solve.isotypic.unitary import coordinates, minimal

I = ((0, -1, 0, 0), (1, 0, 0, 0), (0, 0, 0, -1), (0, 0, 1, 0))
J = ((0, 0, -1, 0), (0, 0, 0, 1), (1, 0, 0, 0), (0, -1, 0, 0))
Q8 = Matrices((I, J))
RNG = np.random.default_rng(5)
CHANGE = RNG.standard_normal((4, 4)) + 2 * np.eye(4)
LIMIT = 2**32


def rows(matrix: Array) -> tuple[tuple[float, ...], ...]:
    return tuple(tuple(map(float, row)) for row in matrix)


def conjugate(group: Matrices, change: Array) -> Matrices:
    back = np.linalg.inv(change)
    images = [rows(change @ np.array(image) @ back) for image in group.images]
    return Matrices(tuple(images), tuple(rows(change @ np.array(image) @ back) for image in group.tangents))


def maps(source: Rep, target: Rep) -> Array:
    """The dense basis, after comparing it with its certificate."""
    basis = solve((source,), (target,))
    assert basis.certificate.expected == basis.dim
    assert basis.certificate.residual < 1e-12
    stack = basis.dense().reshape(basis.dim, basis.dense().shape[1] * basis.dense().shape[2])
    if "isotypic" in basis.method:
        np.testing.assert_allclose(stack @ stack.conj().T, np.eye(basis.dim), atol=1e-12)
    return stack


def found(group: Group, source: tuple[Leg, ...], target: tuple[Leg, ...]) -> Isotypic:
    basis = isotypic(group, source, target, LIMIT)
    assert basis is not None
    return basis


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
    assert len(maps(v, v.dual())) == 4
    assert len(maps(Tensor((v, v, v)), v)) == 64
    assert len(maps(Tensor((v, v)), v)) == 0
    assert found(Q8, (Vector(Q8),), (Vector(Q8),)).dim == 4  # orbits would be taken first
    group = SpecialUnitary(2)
    h = Realified(Vector(group))
    assert [block.kind for block in found(group, (h,), (h,)).blocks] == [4]


def test_over_c_types_fall_apart() -> None:
    """R, C and H become one, two and four copies of the field, so many complex irreducibles."""
    group = Cyclic(5)
    v = Complexified(Vector(group))
    basis = found(group, (v,), (v,))
    assert [block.kind for block in basis.blocks] == [1, 1]
    h = Complexified(Vector(Q8))
    assert [(block.kind, block.dim) for block in found(Q8, (h,), (h,)).blocks] == [(1, 4)]
    assert basis.dense().dtype == np.complex128
    assert residual(basis.dense(), (v,), (v,)) < 1e-14


def test_conjugation_changes_no_dimension() -> None:
    turn = Matrices(((((-1, -1), (1, 0))),))  # order 3, not orthogonal
    flat = Matrices((((-0.5, -(0.75**0.5)), (0.75**0.5, -0.5)),))
    for k, l in ((1, 1), (2, 1), (2, 2), (3, 0)):
        dims = {len(maps(Tensor((v,) * k), Tensor((v,) * l))) for v in (Vector(turn), Vector(flat), Vector(Cyclic(3)))}
        assert len(dims) == 1
    assert len(maps(Vector(turn), Vector(turn).dual())) == 2


def test_swapping_the_sides_by_duality() -> None:
    """Hom(V, W) and Hom(W*, V*) are transposes of each other."""
    v = Vector(conjugate(Q8, CHANGE))
    forward = solve((Tensor((v, v)),), (Trivial(1),)).dense()
    back = solve((Trivial(1),), (Tensor((v.dual(), v.dual())),)).dense().transpose(0, 2, 1)
    together = np.concatenate([forward, back]).reshape(-1, 16)
    assert np.linalg.matrix_rank(together, tol=1e-9) == len(forward) == len(back)


def test_fusion_finds_what_the_whole_product_holds() -> None:
    """A tensor product taken apart step by step, and as one leg of a group of matrices."""
    group = Dihedral(5)
    fused = found(group, (Vector(group),) * 3, (Vector(group), Perm(group)))
    into, out = (Tensor(legs) for legs in ((Vector(group),) * 3, (Vector(group), Perm(group))))
    assert fused.dim == nullity(constraints((into,), (out,)))
    stack = fused.dense().reshape(fused.dim, -1)
    assert np.abs(constraints((into,), (out,)) @ stack.T).max() < 1e-13
    assert np.linalg.matrix_rank(stack, tol=1e-9) == fused.dim


def test_one_irreducible_has_one_gauge() -> None:
    """Coordinates of the rotations of degree 2, read off in three representations, turn by the same matrices."""
    group = SpecialOrthogonal(3)
    sample = sample_of((group,), 0, False, False)
    homes: list[tuple[Leg, ...]] = [(Rotation(group, 2),), (Vector(group), Vector(group)), (Vector(group), Rotation(group, 3))]
    images = []
    for legs in homes:
        (piece,) = [piece for piece in decompose.catalogue(sample).decompose(legs, (None,) * len(legs), 2**30) if piece.irreducible.size == 5]
        frame = piece.columns.array[:, :, 0]
        images.append(np.stack([frame.T @ np.asarray(_dense(legs, element)) @ frame for element in sample.elements[:4]]))
    np.testing.assert_allclose(images[1], images[0], atol=1e-12)
    np.testing.assert_allclose(images[2], images[0], atol=1e-12)


def _dense(legs: tuple[Leg, ...], element: object) -> Array:
    image = Tensor(legs).image(element)  # type: ignore[arg-type]
    return image.dense() if hasattr(image, "dense") else image


def test_canonical_frames_forget_the_gauge() -> None:
    space = orthonormal(RNG.standard_normal((6, 14))).T
    turn = orthonormal(RNG.standard_normal((6, 6)))
    np.testing.assert_allclose(canonical_frame(space, []), canonical_frame(space @ turn, []), atol=1e-12)
    unit = np.kron(np.eye(3), [[0.0, -1.0], [1.0, 0.0]])
    first, second = canonical_frame(space, [unit]), canonical_frame(space @ turn, [turn.T @ unit @ turn])
    np.testing.assert_allclose(first, second, atol=1e-12)
    flat = first.reshape(14, 6)
    np.testing.assert_allclose(flat.T @ flat, np.eye(6), atol=1e-12)


@pytest.mark.parametrize("unit", [0, 1j], ids=["real", "complex"])
def test_canonical_basis_forgets_rotations(unit: complex) -> None:
    rows_, turn = (orthonormal(RNG.standard_normal(shape) + unit * RNG.standard_normal(shape)) for shape in ((5, 12), (5, 5)))
    first, second = canonical_basis(rows_), canonical_basis(turn @ rows_)
    np.testing.assert_allclose(first, second, atol=1e-12)
    np.testing.assert_allclose(first @ first.conj().T, np.eye(5), atol=1e-12)
    assert np.linalg.matrix_rank(np.concatenate([rows_, first]), tol=1e-9) == 5


@pytest.mark.parametrize(("r", "d"), [(0, 4), (1, 5), (3, 40), (4, 4), (2, 300)])
def test_canonical_basis_of_a_complement(r: int, d: int) -> None:
    rows_ = np.linalg.qr(RNG.standard_normal((d, d)))[0]
    np.testing.assert_allclose(canonical_complement(rows_[:r]), canonical_basis(rows_[r:]), atol=1e-11)


def test_mixtures_with_pixels() -> None:
    group = Dihedral(1)
    source, target = (Vector(group), Pixels(group, 2, 3)), (Regular(group, 2), Vector(group))
    assert len(maps(Tensor(source), Tensor(target))) == nullity(constraints(source, target))


def test_large_representations_are_held_as_blocks() -> None:
    group = SpecialOrthogonal(3)
    leg = Rotation(group, 2)
    basis = found(group, (leg,) * 4, (leg,) * 4)  # 625 x 625
    assert basis.dim == basis.certificate.expected == 1085
    assert basis.bytes < 40e6  # dense it would take 15 GB
    assert basis.certificate.residual < 1e-12


def test_a_power_too_large_for_any_array_is_counted_and_solved() -> None:
    group = SpecialOrthogonal(3)
    basis = found(group, (Rotation(group, 2),) * 6, (Rotation(group, 2),) * 6)  # 15 625 x 15 625
    assert basis.dim == basis.certificate.expected
    assert basis.certificate.residual < 1e-12


def test_coordinates_in_which_images_are_closed_under_the_adjoint() -> None:
    assert coordinates((Vector(Q8),)) == {Vector(Q8): None}
    skewed = conjugate(Q8, CHANGE)
    place = (coordinates((Vector(skewed),)) or {})[Vector(skewed)]
    assert place is not None
    for image in skewed.images:
        turned = place.into @ np.array(image) @ place.back
        np.testing.assert_allclose(turned @ turned.T, np.eye(4), atol=1e-12)
    assert coordinates((Vector(Matrices((((1, 1), (0, 1)),))),)) is None


def test_a_reductive_algebra_in_skewed_coordinates() -> None:
    """sl(2) and so(1,3), whatever coordinates they are written in."""
    sl2 = Matrices((), (((1, 0), (0, -1)), ((0, 1), (0, 0)), ((0, 0), (1, 0))))
    change = np.array([[2.0, 1.0], [-1.0, 3.0]])
    for group in (sl2, conjugate(sl2, change)):
        v = Vector(group)
        assert [solve((Tensor((v,) * k),), (Tensor((v,) * k),)).dim for k in (1, 2, 3)] == [1, 2, 5]
        assert solve((Tensor((v, v)),), (v.dual(),)).dim == 0
        assert solve((v,), (v.dual(),)).dim == 1
    lorentz = [Indefinite(1, 3).lie_generator(index) for index in range(6)]
    group = conjugate(Matrices((), tuple(map(rows, lorentz))), CHANGE)
    v = Vector(group)
    assert solve((Tensor((v, v)),), (Tensor((v, v)),)).dim == 4


def test_minimal_vectors() -> None:
    nilpotent, turn = np.array([[0.0, 1.0], [0.0, 0.0]]), np.array([[0.0, -4.0], [0.25, 0.0]])
    assert minimal([], [nilpotent]) is None
    place = minimal([turn], [])
    assert place is not None
    np.testing.assert_allclose(place.into @ turn @ place.back, [[0, -1], [1, 0]], atol=1e-12)


def test_groups_that_are_not_compact() -> None:
    shear, stretch = Vector(Matrices((((1, 1), (0, 1)),))), Vector(Matrices((((0, 2), (1, 0)),)))
    for source, target, dim in ((shear, shear, 2), (shear, shear.dual(), 2), (stretch, stretch, 2), (Tensor((shear, shear)), Trivial(1), 2)):
        basis = solve((source,), (target,))
        assert (basis.dim, basis.certificate.expected) == (dim, dim)
        assert basis.method == "nullspace"
        assert basis.certificate.residual < 1e-12
    modular = Vector(Matrices((((1, 1), (0, 1)), ((1, 0), (1, 1)))))  # dense in SL(2): Catalan numbers
    assert [solve((Tensor((modular,) * k),), (Tensor((modular,) * k),)).dim for k in (1, 2, 3)] == [1, 2, 5]


@pytest.mark.parametrize(
    ("group", "legs", "dims"),
    [
        (SpecialLinear(2), 1, [1, 2, 5, 14]),
        (Indefinite(1, 2), 1, [1, 3, 15, 91]),
        (Indefinite(1, 3, special=True), 1, [1, 4, 25]),
        (Symmetric(4), 0, []),
    ],
)
def test_reductive_groups_as_their_compact_forms(group: Group, legs: int, dims: list[int]) -> None:
    if not legs:
        v: Rep = Young(group, (3, 1))
        assert [found(group, (v,) * k, (v,) * k).dim for k in (1, 2)] == [1, 4]
        return
    v = Vector(group)
    assert [found(group, (v,) * k, (v,) * k).dim for k in range(1, len(dims) + 1)] == dims


def test_not_compact_and_large() -> None:
    shear = Vector(Matrices((((1, 1), (0, 1)),)))
    with pytest.raises(SolveError) as caught:
        solve((Tensor((shear,) * 8),), (Tensor((shear,) * 8),))
    assert caught.value.code == "E0404"


@pytest.mark.parametrize("digits", [6, 8])
def test_generators_with_too_few_digits_are_refused_by_name(digits: int) -> None:
    """A third of a turn, rounded: whether v (x) v has a map to v hangs on the digits left out."""
    c, s = round(-0.5, digits), round(0.75**0.5, digits)
    v = Vector(make.name("Third", Matrices((((c, -s), (s, c)),))))
    with pytest.raises(SolveError, match="Third is given by inexact matrices") as caught:
        solve((Tensor((v, v)),), (v,))
    assert caught.value.code == "E0403"


@pytest.mark.parametrize("off", [1e-8, 1e-6, 1e-5])
def test_nearly_orthogonal_generators_are_refused(off: float) -> None:
    angle = 2 * np.pi / 3 + off
    c, s = float(np.cos(angle)), float(np.sin(angle))
    v = Vector(Matrices((((c, -s), (s, c)),)))
    with pytest.raises(SolveError, match="power 3 misses the identity") as caught:
        solve((Tensor((v, v)),), (v,))
    assert caught.value.code == "E0403"


def test_turns_in_skewed_coordinates() -> None:
    """A plane turned in coordinates of condition 10^4: what rounding hides there, exact elimination counts; beyond, it is refused."""
    v = Vector(make.lie([[[0, -(10**8), 0], [1, 0, 0], [0, 0, 0]]]))
    assert solve((Tensor((v, v)),), (v,)).dim == 7
    v = Vector(make.lie([[[0, -(10**12), 0], [1, 0, 0], [0, 0, 0]]]))
    with pytest.raises(SolveError, match="there are 7, but rounding hides them") as caught:
        solve((Tensor((v, v)),), (v,))
    assert caught.value.code == "E0403"


def test_a_dense_group_of_rotations() -> None:
    v = Vector(Matrices((((0.6, -0.8), (0.8, 0.6)),)))
    basis = solve((Tensor((v, v)),), (Tensor((v, v)),))
    assert basis.dim == basis.certificate.expected == 6
    assert basis.certificate.expected_by == "nullity of the constraints modulo a prime"


def test_labels_of_one_rotation_and_its_opposite_are_one() -> None:
    group = SpecialOrthogonal(2)
    assert solve((Turning(group, 2),), (Turning(group, -2),)).dim == 2
    assert solve((Turning(group, 2),), (Turning(group, 3),)).dim == 0


def test_catalogues_are_not_mixed() -> None:
    """What was taken apart into the irreducibles of one catalogue is not read as those of a later one of the same group."""
    group = make.cyclic(7)
    leg = make.vector(group)
    assert solve((leg,), (leg,)).dim == 2
    for n in range(8, 90):
        other = make.vector(make.cyclic(n))
        solve((other,), (other,))
    square = make.sym(leg, 2)
    assert solve((square,), (square,)).dim == 3
    assert solve((leg,), (Tensor((leg, square)),)).dim == 4
