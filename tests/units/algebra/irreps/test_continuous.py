"""Irreducible representations of SO(2), O(2), U(1), SU(2), SO(3), O(3): unitary homomorphisms with the known characters, in the documented basis."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from symc.algebra import construct as c
from symc.algebra import sizes as sz
from symc.algebra.actions import generators, matrix
from symc.algebra.counting.characters import character
from symc.algebra.elements import Element, exp, sample
from symc.algebra.errors import AlgebraError
from symc.algebra.groups import Array, Group
from symc.algebra.reps import Rep, Sign, Trivial, Vector

SO2, O2, U1, SU2, SO3, O3 = c.special_orthogonal(2), c.orthogonal(2), c.unitary(1), c.special_unitary(2), c.special_orthogonal(3), c.orthogonal(3)
LABELS: list[tuple[Group, Any, int]] = [
    *((SO2, k, 2 if k else 1) for k in (-3, -1, 0, 1, 2, 5)),
    *((O2, label, dim) for label, dim in (("0+", 1), ("0-", 1), (1, 2), (2, 2), (7, 2))),
    *((U1, k, 1) for k in (-4, -1, 0, 1, 3)),
    *((SU2, label, dim) for label, dim in ((0, 1), ("1/2", 2), (1, 3), ("3/2", 4), (2, 5), ("9/2", 10))),
    *((SO3, l, 2 * l + 1) for l in (0, 1, 2, 3, 6, 11)),
    *((O3, f"{l}{parity}", 2 * l + 1) for l in (0, 1, 2, 5) for parity in "eo"),
]
everywhere = pytest.mark.parametrize(("group", "label", "dim"), LABELS, ids=[f"{group}, {label}" for group, label, _ in LABELS])


@everywhere
def test_unitary_homomorphism_of_its_dimension(group: Group, label: Any, dim: int) -> None:
    rep, rng = c.irrep(group, label), np.random.default_rng(0)
    assert rep.dim == dim
    assert rep.unitary
    for _ in range(4):
        a, b = sample((group,), rng), sample((group,), rng)
        image = matrix(rep, a)
        np.testing.assert_allclose(matrix(rep, a @ b), image @ matrix(rep, b), atol=1e-12)
        np.testing.assert_allclose(image @ image.conj().T, np.eye(dim), atol=1e-12)
        np.testing.assert_allclose(matrix(rep, a.inverse()), image.conj().T, atol=1e-12)


@everywhere
def test_the_lie_algebra_acts_by_its_derivative(group: Group, label: Any, dim: int) -> None:
    """exp(rho(X)) = rho(exp X), and rho keeps brackets."""
    rep = c.irrep(group, label)
    algebra = [one for one in generators([group]) if one.lie]
    images = [matrix(rep, one) for one in algebra]
    weights = np.random.default_rng(1).standard_normal(len(algebra)) * 0.7
    x = sum((w * image for w, image in zip(weights, images, strict=True)), np.zeros((dim, dim)))
    values, vectors = np.linalg.eigh(1j * x)
    np.testing.assert_allclose((vectors * np.exp(-1j * values)) @ vectors.conj().T, matrix(rep, exp(group, weights)), atol=1e-12)
    own = [matrix(c.vector(group), one) for one in algebra]
    for i in range(len(own)):
        for j in range(i):
            bracket = own[i] @ own[j] - own[j] @ own[i]
            parts = [np.vdot(y, bracket).real / np.vdot(y, y).real for y in own]  # the generators are orthogonal
            expected = sum((part * image for part, image in zip(parts, images, strict=True)), np.zeros((dim, dim)))
            np.testing.assert_allclose(images[i] @ images[j] - images[j] @ images[i], expected, atol=1e-12 * dim)


def turn(group: Group, t: float) -> Element:
    """The rotation by t: in the first plane, of C^2 by diag(e^{it/2}, e^{-it/2}), or the phase e^{it}."""
    weights = np.zeros(sz.number(group.lie))
    weights[-1 if group == SU2 else 0] = t / 2 if group == SU2 else t
    return exp(group, weights)


@pytest.mark.parametrize("t", [0.3, 1.1, 2.0, 3.0, -0.7])
def test_characters(t: float) -> None:
    for twice in range(8):
        known = np.sin((twice + 1) * t / 2) / np.sin(t / 2)
        label = twice // 2 if twice % 2 == 0 else f"{twice}/2"
        assert character(c.irrep(SU2, label), turn(SU2, t)) == pytest.approx(known, abs=1e-12)
        if twice % 2 == 0:
            inversion = Element({O3: -np.eye(3)})
            assert character(c.irrep(SO3, label), turn(SO3, t)) == pytest.approx(known, abs=1e-12)
            for parity, sign in (("e", 1), ("o", -1)):
                rep = c.irrep(O3, f"{label}{parity}")
                assert character(rep, turn(O3, t)) == pytest.approx(known, abs=1e-12)
                assert character(rep, inversion @ turn(O3, t)) == pytest.approx(sign * known, abs=1e-12)
    for k in (1, 2, 5):
        assert character(c.irrep(SO2, k), turn(SO2, t)) == pytest.approx(2 * np.cos(k * t))
        assert character(c.irrep(O2, k), turn(O2, t)) == pytest.approx(2 * np.cos(k * t))
        assert character(c.irrep(O2, k), Element({O2: np.diag([-1.0, 1.0])}) @ turn(O2, t)) == pytest.approx(0, abs=1e-12)
        assert character(c.irrep(U1, -k), turn(U1, t)) == pytest.approx(np.exp(-1j * k * t))


def test_the_smallest_are_what_they_are_called() -> None:
    assert c.irrep(O3, "1o") == Vector(O3)
    assert c.irrep(SO3, 1) == Vector(SO3)
    assert c.irrep(SO2, 1) == Vector(SO2)
    assert c.irrep(O2, 1) == Vector(O2)
    assert c.irrep(SU2, "1/2") == Vector(SU2)
    assert c.irrep(SO3, 0) == c.irrep(O3, "0e") == c.irrep(O2, "0+") == c.irrep(SO2, 0) == Trivial(1)
    assert c.irrep(O3, "0o") == Sign(O3)
    assert c.irrep(O2, "0-") == Sign(O2)
    rng = np.random.default_rng(2)
    for _ in range(3):  # in x, y, z order
        rotation = sample((O3,), rng)
        np.testing.assert_array_equal(matrix(c.irrep(O3, "1o"), rotation), rotation.parts[O3])
        np.testing.assert_allclose(matrix(c.irrep(O3, "1e"), rotation), rotation.parts[O3] * np.linalg.det(rotation.parts[O3]), atol=1e-14)


def harmonics(r: Array) -> dict[int, list[float]]:
    """Real solid harmonics of degrees 2 and 3 in the order and the relative normalization of e3nn (o3.spherical_harmonics), polar axis y."""
    x, y, z = r
    two = [15**0.5 * x * z, 15**0.5 * x * y, 5**0.5 * (y * y - (x * x + z * z) / 2), 15**0.5 * y * z, 15**0.5 / 2 * (z * z - x * x)]
    three = [
        42**0.5 / 6 * (two[0] * z + two[4] * x), 7**0.5 * two[0] * y, 168**0.5 / 8 * (4 * y * y - x * x - z * z) * x,
        7**0.5 / 2 * y * (2 * y * y - 3 * (x * x + z * z)), 168**0.5 / 8 * z * (4 * y * y - x * x - z * z), 7**0.5 * two[4] * y,
        42**0.5 / 6 * (two[4] * z - two[0] * x),
    ]  # fmt: skip
    return {2: two, 3: three}


def test_rotations_move_the_harmonics_of_e3nn() -> None:
    """Y_l(R r) = D_l(R) Y_l(r), in closed form."""
    rng = np.random.default_rng(3)
    for _ in range(5):
        rotation, r = sample((SO3,), rng), rng.standard_normal(3)
        for l, values in harmonics(r).items():
            np.testing.assert_allclose(matrix(c.irrep(SO3, l), rotation) @ values, harmonics(rotation.parts[SO3] @ r)[l], atol=1e-11)


@pytest.mark.parametrize("twice", range(1, 6))
def test_spin_acts_diagonally_on_weights_from_the_highest_down(twice: int) -> None:
    rep = c.irrep(SU2, twice // 2 if twice % 2 == 0 else f"{twice}/2")
    weights = np.arange(twice, -twice - 1, -2) / 2
    np.testing.assert_allclose(matrix(rep, turn(SU2, 0.9)), np.diag(np.exp(0.9j * weights)), atol=1e-13)


def test_minus_one_of_su2_tells_spinors_from_vectors() -> None:
    minus = Element({SU2: -np.eye(2, dtype=complex)})
    for twice in range(6):
        rep = c.irrep(SU2, twice // 2 if twice % 2 == 0 else f"{twice}/2")
        np.testing.assert_allclose(matrix(rep, minus), (-1) ** twice * np.eye(twice + 1), atol=1e-14)


def test_sums() -> None:
    rep = c.irreps(SO3, [range(4)])
    assert rep.dim == 16
    assert [str(term) for term in c.irreps(O3, [range(3)]).terms] == ["1", "vector(O(3))", 'irrep(O(3), "2e")']  # type: ignore[attr-defined]
    many: Rep = c.irreps(O3, ["16x0e + 8x1o+2e"])
    assert many.dim == 16 + 24 + 5
    element = sample((O3,), np.random.default_rng(4))
    expected = 16 + 8 * character(c.vector(O3), element) + character(c.irrep(O3, "2e"), element)
    assert character(many, element) == pytest.approx(expected)


REFUSED: list[tuple[Group, Any]] = [
    (SO3, "1o"), (SO3, -1), (SO3, "1/2"), (SO3, True), (O3, 1), (O3, "1"), (O3, "-1o"), (SU2, "2/2"), (SU2, -1), (SU2, [1]),
    (O2, 0), (O2, "0"), (O2, -1), (O2, "1+"), (SO2, "1/2"), (U1, "a"),
]  # fmt: skip


@pytest.mark.parametrize(("group", "label"), REFUSED, ids=[f"{group}, {label}" for group, label in REFUSED])
def test_labels_that_name_nothing(group: Group, label: Any) -> None:
    with pytest.raises(AlgebraError, match="has no irreducible representation") as caught:
        c.irrep(group, label)
    assert f"a label of {group} is" in (caught.value.help or "")


MANY = "9" * 5000  # more digits than Python reads
LARGE: list[tuple[Group, Any, str]] = [
    (SU2, "101/2", "the spin is at most 50 here"), (SU2, 51, "the spin is at most 50 here"), (SO3, 10000, "the degree is at most 100 here"),
    (SO3, 10**400, "about 2^1329): the degree is at most 100 here"), (O3, "1000e", 'irrep(O(3), "1000e"): the degree is at most 100 here'),
    (O3, f"{MANY}o", "the degree is at most 100 here"), (SU2, f"{MANY}/2", "the spin is at most 50 here"), (SO2, f"-{MANY}", "at most 100 here"),
    (O2, 101, "the degree is at most 100 here"), (U1, -101, "the degree is at most 100 here"), (c.cyclic(7), 101, "the degree is at most 100 here"),
]  # fmt: skip


@pytest.mark.parametrize(("group", "label", "message"), LARGE, ids=[f"{group}, {str(label)[:9]}" for group, label, _ in LARGE])
def test_labels_beyond_the_limit(group: Group, label: Any, message: str) -> None:
    with pytest.raises(AlgebraError) as caught:
        c.irrep(group, label)
    assert message in caught.value.message
    assert len(caught.value.message) < 120


@pytest.mark.parametrize("count", [MANY, "99999999999999999999", str(2**40 + 1), "0"])
def test_copies_beyond_the_limit(count: str) -> None:
    with pytest.raises(AlgebraError, match=f"{count[:9]}.* copies") as caught:
        c.irreps(O3, [f"1o + {count}x0e"])
    assert "from 1 to 1099511627776" in (caught.value.help or "")


def test_groups_without_labels() -> None:
    for group in (c.special_orthogonal(4), c.unitary(2), c.general_linear(3), c.wreath(c.cyclic(2), c.symmetric(2)), c.alternating(4)):
        with pytest.raises(AlgebraError, match="have no labels here") as caught:
            c.irrep(group, 1)
        assert "labels exist for SO(2), O(2), C(n)" in (caught.value.help or "")
    with pytest.raises(AlgebraError, match="is no sum of irreducible representations"):
        c.irreps(O3, ["1o 2e"])
