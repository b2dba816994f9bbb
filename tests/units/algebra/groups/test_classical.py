"""The classical matrix groups satisfy their defining equations: the form they keep, their determinant, their Lie algebra, its order and dimension."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations
from typing import Any

import numpy as np
import pytest

from symc.algebra import construct as c
from symc.algebra import sizes as sz
from symc.algebra.actions import generators, matrix
from symc.algebra.elements import exp, sample
from symc.algebra.errors import AlgebraError
from symc.algebra.groups import Array, Group, Indefinite, Linear, Matrices
from symc.algebra.sizes import SizeError

Pair = tuple[int, int]
SIGNATURES = [(1, 0), (0, 1), (2, 0), (1, 1), (0, 2), (1, 3), (2, 2), (3, 1)]
FAMILIES: dict[str, tuple[Callable[[int], Group], range, Callable[[int], int], bool, bool]] = {
    # the group, sizes, the dimension, is it complex, has it determinant 1
    "O": (c.orthogonal, range(1, 5), lambda n: n * (n - 1) // 2, False, False),
    "SO": (c.special_orthogonal, range(1, 5), lambda n: n * (n - 1) // 2, False, True),
    "U": (c.unitary, range(1, 5), lambda n: n * n, True, False),
    "SU": (c.special_unitary, range(1, 5), lambda n: n * n - 1, True, True),
    "GL": (c.general_linear, range(1, 5), lambda n: n * n, False, False),
    "SL": (c.special_linear, range(1, 5), lambda n: n * n - 1, False, True),
    "Sp": (c.symplectic, range(2, 7, 2), lambda n: n * (n + 1) // 2, False, True),
}
CASES = [
    *(pytest.param(make(n), n, dim(n), complex_, special, id=f"{name}({n})")
      for name, (make, ns, dim, complex_, special) in FAMILIES.items() for n in ns),
    *(pytest.param(c.indefinite(p, q), p + q, (p + q) * (p + q - 1) // 2, False, False, id=f"O({p}, {q})") for p, q in SIGNATURES),
    *(pytest.param(c.indefinite(p, q, special=True), p + q, (p + q) * (p + q - 1) // 2, False, True, id=f"SO({p}, {q})") for p, q in SIGNATURES),
    *(pytest.param(c.indefinite(p, q, r), p + q + r, (p + q) * (p + q - 1) // 2 + (p + q) * r, False, False, id=f"O({p}, {q}, {r})")
      for p, q in SIGNATURES for r in (1, 2)),
]  # fmt: skip
everywhere = pytest.mark.parametrize(("group", "n", "dim", "complex_", "special"), CASES)


def form_of(group: Group, n: int) -> Array | None:
    """The matrix B with g^H B g = B for every element; None where there is none."""
    if isinstance(group, Indefinite):
        return np.diag([1.0] * group.p + [-1.0] * group.q + [0.0] * group.r)
    letter = str(group).partition("(")[0]
    if letter == "Sp":
        return np.kron(np.array([[0, 1], [-1, 0]]), np.eye(n // 2))
    return np.eye(n) if letter in ("O", "SO", "U", "SU") else None


def tangents(group: Group) -> list[Array]:
    return [matrix(c.vector(group), one) for one in generators([group]) if one.lie]


def elements(group: Group) -> list[Array]:
    """The discrete generators, and random elements."""
    rng = np.random.default_rng(0)
    vector = c.vector(group)
    return [*(matrix(vector, one) for one in generators([group]) if not one.lie), *(matrix(vector, sample((group,), rng)) for _ in range(4))]


def real(matrices: list[Array]) -> Array:
    """Columns of real numbers, one a matrix."""
    return np.stack([np.concatenate([x.real.ravel(), x.imag.ravel()]) for x in matrices], axis=1)


@everywhere
def test_the_form_and_the_determinant_are_kept(group: Group, n: int, dim: int, complex_: bool, special: bool) -> None:
    form = form_of(group, n)
    assert c.vector(group).is_complex == complex_
    for g in elements(group):
        assert g.shape == (n, n)
        assert complex_ or not np.iscomplexobj(g)
        if form is not None:
            np.testing.assert_allclose(g.conj().T @ form @ g, form, atol=1e-11)
            assert abs(abs(np.linalg.det(g)) - 1) < 1e-11
        if special:
            assert np.linalg.det(g) == pytest.approx(1, abs=1e-11)
    for x in tangents(group):
        if form is not None:
            np.testing.assert_array_equal(x.conj().T @ form + form @ x, 0 * form)
        if special:
            assert np.trace(x) == 0


@pytest.mark.parametrize(("p", "q"), SIGNATURES)
def test_isometries_of_a_degenerate_form_fix_its_radical(p: int, q: int) -> None:
    for g in elements(c.indefinite(p, q, 2)):
        np.testing.assert_array_equal(g[:, p + q :], np.eye(p + q + 2)[:, p + q :])


@everywhere
def test_the_lie_algebra_is_closed_and_has_its_dimension(group: Group, n: int, dim: int, complex_: bool, special: bool) -> None:
    basis = tangents(group)
    assert len(basis) == sz.number(group.lie) == dim
    if not basis:
        return
    columns = real(basis)
    assert np.linalg.matrix_rank(columns) == dim
    brackets = [x @ y - y @ x for x, y in combinations(basis, 2)]
    discrete = [matrix(c.vector(group), one) for one in generators([group]) if not one.lie]
    moved = [g @ x @ np.linalg.inv(g) for g in discrete for x in basis]
    for inside in (brackets, moved):
        if inside:
            missed = real(inside) - columns @ np.linalg.lstsq(columns, real(inside), rcond=None)[0]
            assert np.abs(missed).max() < 1e-12


@everywhere
def test_multiplication_inverse_and_exponential(group: Group, n: int, dim: int, complex_: bool, special: bool) -> None:
    law, rng = group.law, np.random.default_rng(1)
    assert isinstance(law, Linear)
    a, b = law.random(rng), law.random(rng)
    scale = np.abs(law.matrix(a)).max() * np.abs(law.matrix(b)).max() * n
    np.testing.assert_allclose(law.matrix(law.product(a, b)), law.matrix(a) @ law.matrix(b), atol=1e-12 * scale)
    np.testing.assert_allclose(law.matrix(law.product(a, law.inverse(a))), np.eye(n), atol=1e-11 * scale)
    np.testing.assert_array_equal(law.matrix(law.identity()), np.eye(n))
    if dim:
        weights = rng.standard_normal(dim)
        x = np.tensordot(weights, np.stack(tangents(group)), axes=1)
        small = np.eye(n) + sum(np.linalg.matrix_power(x / 1024, k) / np.prod(np.arange(1.0, k + 1)) for k in range(1, 8))
        expected = np.linalg.matrix_power(small, 1024)
        np.testing.assert_allclose(matrix(c.vector(group), exp(group, weights)), expected, atol=1e-10 * np.abs(expected).max())


COMPONENTS = [
    (c.orthogonal(3), 2), (c.special_orthogonal(3), 1), (c.unitary(2), 1), (c.general_linear(2), 2), (c.special_linear(2), 1),
    (c.indefinite(1, 3), 4), (c.indefinite(1, 3, special=True), 2), (c.indefinite(3, 0), 2), (c.indefinite(0, 3, special=True), 1),
]  # fmt: skip


@pytest.mark.parametrize(("group", "count"), COMPONENTS, ids=str)
def test_random_elements_reach_every_component(group: Group, count: int) -> None:
    """O(p, q) has four, told apart by the signs of the determinants of its diagonal blocks; GL(n) and O(n) two."""
    rng, vector = np.random.default_rng(2), c.vector(group)
    p = group.p if isinstance(group, Indefinite) else sz.number(vector.dim)

    def component(g: Array) -> Pair:
        if np.iscomplexobj(g):
            return (1, 1)
        return (int(np.sign(np.linalg.det(g[:p, :p]))), int(np.sign(np.linalg.det(g[p:, p:]))))

    assert len({component(matrix(vector, sample((group,), rng))) for _ in range(60)}) == count


@pytest.mark.parametrize(
    ("group", "order"),
    [(c.orthogonal(1), 2), (c.special_orthogonal(1), 1), (c.special_unitary(1), 1), (c.special_linear(1), 1), (c.indefinite(1, 0), 2),
     (c.indefinite(0, 1, special=True), 1), (c.orthogonal(2), None), (c.unitary(1), None), (c.general_linear(1), None), (c.indefinite(1, 1), None),
     (c.indefinite(1, 0, 1), None), (c.symplectic(2), None)],
    ids=str,
)  # fmt: skip
def test_orders(group: Group, order: int | None) -> None:
    assert group.order == order


def test_generators_as_documented() -> None:
    """E_ij - E_ji for i < j in lexicographic order, then diag(-1, 1, ..., 1); for O(p, q) symmetric across, and -1 at coordinates 0 and p."""
    e = np.eye(3)

    def skew(i: int, j: int, sign: int = -1) -> Array:
        return np.outer(e[i], e[j]) + sign * np.outer(e[j], e[i])

    expected = [skew(0, 1), skew(0, 2), skew(1, 2), np.diag([-1, 1, 1])]
    assert [matrix(c.vector(c.orthogonal(3)), one).tolist() for one in generators([c.orthogonal(3)])] == [x.tolist() for x in expected]
    lorentz = c.indefinite(1, 2)
    expected = [skew(0, 1, 1), skew(0, 2, 1), skew(1, 2), np.diag([-1, 1, 1]), np.diag([1, -1, 1])]
    assert [matrix(c.vector(lorentz), one).tolist() for one in generators([lorentz])] == [x.tolist() for x in expected]
    assert [str(one) for one in generators([c.special_unitary(2)])] == ["E_01 − E_10", "i(E_01 + E_10)", "i(E_00 − E_11)"]
    assert [str(one) for one in generators([c.general_linear(2)])] == ["E_00", "E_01", "E_10", "E_11", "diag(−1, 1)"]


def test_one_parameter_groups_of_lie() -> None:
    """lie(X, ...) is generated by exponentials: of the rotation by t, of a shear, of a stretch."""
    for rows, t, expected in [
        ([[0, -1], [1, 0]], 0.3, [[np.cos(0.3), -np.sin(0.3)], [np.sin(0.3), np.cos(0.3)]]),
        ([[0, 1], [0, 0]], 5.0, [[1, 5], [0, 1]]),
        ([[1, 0], [0, -2]], 0.5, [[np.exp(0.5), 0], [0, np.exp(-1.0)]]),
    ]:
        group = c.lie([rows])
        assert isinstance(group, Matrices)
        assert (group.discrete, group.lie) == (0, 1)
        np.testing.assert_allclose(matrix(c.vector(group), exp(group, [t])), expected, atol=1e-14)


REFUSED: list[tuple[Callable[[], Any], str]] = [
    *((lambda make=make: make(0), r"\(0\): the size is at least 1") for make in
      (c.orthogonal, c.special_orthogonal, c.unitary, c.special_unitary, c.general_linear, c.special_linear)),
    (lambda: c.symplectic(0), r"Sp\(0\): the size is at least 2"),
    (lambda: c.symplectic(3), r"Sp\(3\): symplectic matrices are of even size"),
    (lambda: c.indefinite(0, 0), r"O\(0, 0\): .* p \+ q is at least 1"),
    (lambda: c.indefinite(1, -1), r"O\(1, -1\): the sizes of a signature are not negative"),
    (lambda: c.indefinite(1, 2, 1, special=True), r"SO\(1, 2, 1\): a degenerate form has O\(1, 2, 1\) alone"),
    (lambda: c.indefinite(sz.free("p"), 1), "the sizes of a signature are numbers"),
]  # fmt: skip


@pytest.mark.parametrize(("build", "message"), REFUSED, ids=[message[:30] for _, message in REFUSED])
def test_refused(build: Callable[[], Any], message: str) -> None:
    with pytest.raises(AlgebraError, match=message):
        build()


def test_a_free_size_is_refused_where_it_becomes_one_without_a_meaning() -> None:
    n = sz.free("n")
    for make, least in ((c.unitary, 1), (c.symplectic, 2)):
        assert make(n).at({"n": 2}) == make(2)
        with pytest.raises(SizeError, match="no meaning"):
            make(n).at({"n": least - 1})
    with pytest.raises(SizeError, match="the size is even"):
        c.symplectic(n).at({"n": 3})
