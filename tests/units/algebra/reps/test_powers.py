"""Symmetric, exterior and traceless powers and determinants: dimensions, plethysm of characters, functor laws, orthonormal coordinates."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations, combinations_with_replacement, permutations
from math import comb, factorial, sqrt
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
from symc.algebra.reps import Rep, Sum, Tensor
from symc.algebra.reps import one as unit

BASES: list[Rep] = [
    c.vector(c.orthogonal(3)), c.vector(c.general_linear(2)), c.vector(c.unitary(2)), c.vector(c.symplectic(4)), c.perm(c.symmetric(4)),
    c.vector(c.wreath(c.cyclic(2), c.symmetric(3))), c.irrep(c.symmetric(4), [2, 1, 1]), c.vector(c.indefinite(1, 2)),
    Sum((c.vector(c.dihedral(5)), c.sign(c.dihedral(5)))), Tensor((c.vector(c.orthogonal(2)), c.perm(c.cyclic(2)))),
    c.regular(c.cyclic(3)), c.vector(c.matrices([[[1, 1], [0, 1]]])), c.dual((c.vector(c.general_linear(3)),))[0],
]  # fmt: skip
bases = pytest.mark.parametrize("rep", BASES, ids=str)


def elements(rep: Rep, count: int = 3) -> list[Element]:
    rng = np.random.default_rng(0)
    return [sample(rep.groups, rng) for _ in range(count)]


def permanent(a: Array) -> Any:
    n = len(a)
    return sum(np.prod(a[range(n), list(p)]) for p in permutations(range(n)))


def by_minors(a: Array, k: int, kind: str) -> Array:
    """Determinants of minors; permanents of submatrices, over the square roots of the factorials of repeated indices."""
    if kind == "alt":
        chosen = list(combinations(range(len(a)), k))
        return np.array([[np.linalg.det(a[np.ix_(i, j)]) for j in chosen] for i in chosen])
    chosen = list(combinations_with_replacement(range(len(a)), k))
    norm = [sqrt(np.prod([float(factorial(i.count(x))) for x in set(i)])) for i in chosen]
    return np.array([[permanent(a[np.ix_(i, j)]) / (norm[s] * norm[t]) for t, j in enumerate(chosen)] for s, i in enumerate(chosen)])


@bases
@pytest.mark.parametrize("k", [2, 3])
@pytest.mark.parametrize("kind", ["sym", "alt"])
def test_powers_are_compound_matrices(rep: Rep, k: int, kind: str) -> None:
    n = sz.number(rep.dim)
    if kind == "alt" and k > n:
        with pytest.raises(AlgebraError, match="has no coordinates"):
            c.alt(rep, k)
        return
    power = (c.sym if kind == "sym" else c.alt)(rep, k)
    assert power.dim == (comb(n + k - 1, k) if kind == "sym" else comb(n, k))
    for element in elements(rep):
        expected = by_minors(matrix(rep, element), k, kind)
        np.testing.assert_allclose(matrix(power, element), expected, atol=1e-11 * max(1.0, np.abs(expected).max()))


@bases
def test_characters_by_newton_identities(rep: Rep) -> None:
    """k h_k = sum of p_i h_(k-i) and k e_k = sum of (-1)^(i-1) p_i e_(k-i), with p_i the character at g^i."""
    n = sz.number(rep.dim)
    for element in elements(rep):
        power_sums, g = [0], element
        for _ in range(4):
            power_sums.append(character(rep, g))
            g = g @ element
        h, e = [1], [1]
        for k in range(1, 5):
            h.append(sum(power_sums[i] * h[k - i] for i in range(1, k + 1)) / k)
            e.append(sum((-1) ** (i - 1) * power_sums[i] * e[k - i] for i in range(1, k + 1)) / k)
            scale = max(1.0, *map(abs, power_sums)) ** k
            assert abs(character(c.sym(rep, k), element) - h[k]) <= 1e-10 * scale
            if k <= n:
                assert abs(character(c.alt(rep, k), element) - e[k]) <= 1e-10 * scale


@bases
def test_the_smallest_and_the_largest_powers(rep: Rep) -> None:
    n = sz.number(rep.dim)
    assert c.sym(rep, 0) == c.alt(rep, 0) == unit(rep.is_complex)
    assert c.sym(rep, 1) == c.alt(rep, 1) == rep
    for element in elements(rep):
        determinant = np.linalg.det(matrix(rep, element))
        np.testing.assert_allclose(matrix(c.alt(rep, n), element), [[determinant]], atol=1e-11 * max(1, abs(determinant)))


@bases
@pytest.mark.parametrize("kind", ["sym", "alt"])
def test_unitary_stays_unitary_and_the_dual_is_the_power_of_the_dual(rep: Rep, kind: str) -> None:
    power = (c.sym if kind == "sym" else c.alt)(rep, 2)
    (dual,) = c.dual((power,))
    for element in elements(rep):
        image = matrix(power, element)
        if rep.unitary:
            np.testing.assert_allclose(image @ image.conj().T, np.eye(len(image)), atol=1e-11)
        np.testing.assert_allclose(matrix(dual, element).T @ image, np.eye(len(image)), atol=1e-9 * np.abs(image).max())


@bases
@pytest.mark.parametrize("kind", ["sym", "alt"])
def test_the_lie_algebra_acts_as_a_derivation(rep: Rep, kind: str) -> None:
    power = (c.sym if kind == "sym" else c.alt)(rep, 2)
    for one in generators(rep.groups):
        if one.lie:
            (group,) = rep.groups[:1]
            step = 1e-4 * np.eye(sz.number(group.lie))[one.index]
            slope = (matrix(power, exp(one.group, step)) - matrix(power, exp(one.group, -step))) / 2e-4
            np.testing.assert_allclose(matrix(power, one), slope, atol=1e-6)


@pytest.mark.parametrize("d", [2, 3, 4])
@pytest.mark.parametrize("k", [2, 3, 4])
def test_traceless_tensors(d: int, k: int) -> None:
    """sym_k = traceless_k + sym_(k-2) under O(d): as dimensions and as characters; harmonic polynomials."""
    vector = c.vector(c.orthogonal(d))
    rep = c.traceless(vector, k)
    assert rep.dim == comb(d + k - 1, k) - comb(d + k - 3, k - 2)
    for element in elements(vector):
        known = character(c.sym(vector, k), element) - character(c.sym(vector, k - 2), element)
        assert character(rep, element) == pytest.approx(known, abs=1e-10)
        image = matrix(rep, element)
        np.testing.assert_allclose(image @ image.T, np.eye(len(image)), atol=1e-11)
    if d == 3:
        for element in elements(vector):
            degree = f"{k}{'o' if k % 2 else 'e'}"
            assert character(rep, element) == pytest.approx(character(c.irrep(c.orthogonal(3), degree), element), abs=1e-10)


@pytest.mark.parametrize(("p", "q"), [(1, 1), (1, 3), (2, 1)])
def test_traceless_tensors_of_an_indefinite_form(p: int, q: int) -> None:
    """A representation of O(p, q) whose character is again that of sym_2 less 1."""
    group = c.indefinite(p, q)
    vector, rng = c.vector(group), np.random.default_rng(1)
    rep = c.traceless(vector, 2)
    for _ in range(4):
        a, b = sample((group,), rng), sample((group,), rng)
        scale = np.abs(matrix(rep, a)).max() * np.abs(matrix(rep, b)).max()
        np.testing.assert_allclose(matrix(rep, a @ b), matrix(rep, a) @ matrix(rep, b), atol=1e-11 * scale)
        assert character(rep, a) == pytest.approx(character(c.sym(vector, 2), a) - 1)


DETERMINANTS: list[Group] = [
    c.orthogonal(3), c.special_orthogonal(3), c.unitary(2), c.special_unitary(2), c.general_linear(3), c.special_linear(2), c.symplectic(4),
    c.indefinite(1, 2), c.indefinite(1, 2, special=True), c.indefinite(1, 1, 1), c.symmetric(4), c.alternating(4), c.cyclic(5), c.dihedral(5),
    c.dihedral(1), c.permutations(["(0 1 2)", "(0 1)"]), c.matrices([[[2, 1], [0, 1]], [[0, 1], [1, 0]]]), c.matrices([[[1j]]]),
    c.lie([[[1, 0], [0, 2]]]), c.wreath(c.cyclic(2), c.symmetric(3)), c.wreath(c.orthogonal(2), c.symmetric(2)), c.euclidean(3),
]  # fmt: skip


@pytest.mark.parametrize("group", DETERMINANTS, ids=str)
def test_det_is_the_determinant_of_vector(group: Group) -> None:
    rep, vector, rng = c.det(group), c.vector(group), np.random.default_rng(2)
    assert rep.dim == 1
    for _ in range(5):
        element = sample((group,), rng)
        image = matrix(vector, element)
        np.testing.assert_allclose(matrix(rep, element), [[np.linalg.det(image)]], atol=1e-10 * max(1, np.abs(image).max()) ** len(image))
    for one in generators([group]):
        if one.lie:
            assert matrix(rep, one).item() == pytest.approx(np.trace(matrix(vector, one)))


V, U, n = c.vector(c.orthogonal(3)), c.vector(c.unitary(2)), sz.free("n")
REFUSED: list[tuple[Callable[[], Any], str, str]] = [
    (lambda: c.alt(V, 4), r"alt\(vector\(O\(3\)\), 4\) has no coordinates: vector\(O\(3\)\) has 3", "a power of at most 3"),
    (lambda: c.sym(V, -1), "the power is a number from 0 to 32", ""),
    (lambda: c.sym(V, True), "the power is a number", ""),
    (lambda: c.sym(c.perm(c.symmetric(100)), 3), "has 171700 coordinates; at most 20000 are allowed", "take a lower power"),
    (lambda: c.traceless(U, 2), "keeps no form that is known", "use an orthogonal representation, or sym"),
    (lambda: c.traceless(c.vector(c.general_linear(3)), 2), "keeps no form that is known", "or sym"),
    (lambda: c.traceless(c.vector(c.general_linear(n)), 2), "keeps no form that is known", "or sym"),
    (lambda: c.traceless(c.vector(c.unitary(n)), 2), "keeps no form that is known", "or sym"),
    (lambda: c.traceless(c.vector(c.indefinite(1, 2, 1)), 2), "keeps no form that is known", "or sym"),
    (lambda: c.traceless(c.vector(c.orthogonal(1)), 2), r"traceless\(vector\(O\(1\)\), 2\) has no coordinates", "a power of at most 1"),
    (lambda: c.det(c.generated(2)), "has no matrices of its own", "an image for every generator"),
]  # fmt: skip


@pytest.mark.parametrize(("build", "message", "help"), REFUSED, ids=range(len(REFUSED)))
def test_refused(build: Callable[[], Any], message: str, help: str) -> None:
    with pytest.raises(AlgebraError, match=message) as caught:
        build()
    assert help in (caught.value.help or "")


def test_dimensions_are_polynomials_while_n_is_free() -> None:
    free = c.vector(c.orthogonal(n))
    for m in range(1, 6):
        found = [sz.at(rep.dim, {"n": m}) for rep in (c.sym(free, 2), c.alt(free, 3), c.traceless(free, 2))]
        assert found == [comb(m + 1, 2), comb(m, 3), comb(m + 1, 2) - 1]
