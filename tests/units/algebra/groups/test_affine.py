"""Groups with translations: E(n), SE(n), T(n) and semidirect products move points as x -> h x + t, and vectors as v -> h v."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import symc
from symc.algebra import construct as c
from symc.algebra import sizes as sz
from symc.algebra.actions import act, generators, matrix
from symc.algebra.elements import Element, exp, sample
from symc.algebra.enumeration import group_order
from symc.algebra.errors import AlgebraError
from symc.algebra.groups import Group, Semidirect, quotient
from symc.algebra.points import directions
from symc.algebra.reps import Trivial

SCALE = c.semidirect(c.translations(3), c.general_linear(3), c.vector(c.general_linear(3)))
GROUPS: list[tuple[Group, int]] = [
    *((make(n), n) for make in (c.euclidean, c.special_euclidean, c.translations) for n in (1, 2, 3, 4)),
    (SCALE, 3),
    (c.semidirect(c.translations(3), c.symmetric(3), c.perm(c.symmetric(3))), 3),
    (c.semidirect(c.translations(1), c.cyclic(2), c.rep(c.cyclic(2), [[[-1]]])), 1),
]
everywhere = pytest.mark.parametrize(("group", "n"), GROUPS, ids=[str(group) for group, _ in GROUPS])


@everywhere
def test_points_are_turned_then_moved(group: Group, n: int) -> None:
    rng, point, vector = np.random.default_rng(0), c.point(group), c.vector(group)
    assert point.dim == vector.dim == n
    assert point.affine
    assert not vector.affine
    for _ in range(4):
        element = sample((group,), rng)
        x, y = rng.standard_normal((2, n))
        h, t = matrix(vector, element), act(point, element, np.zeros(n))
        np.testing.assert_allclose(act(point, element, x), h @ x + t, atol=1e-12)
        np.testing.assert_allclose(act(point, element, x) - act(point, element, y), act(directions(point), element, x - y), atol=1e-12)


@everywhere
def test_the_law_is_composition_of_affine_maps(group: Group, n: int) -> None:
    rng, point = np.random.default_rng(1), c.point(group)
    for _ in range(4):
        a, b = sample((group,), rng), sample((group,), rng)
        x = rng.standard_normal(n)
        np.testing.assert_allclose(act(point, a @ b, x), act(point, a, act(point, b, x)), atol=1e-10)
        np.testing.assert_allclose(act(point, a @ a.inverse(), x), x, atol=1e-10)


@everywhere
def test_translations_come_first_among_the_generators(group: Group, n: int) -> None:
    algebra = [one for one in generators([group]) if one.lie]
    assert len(algebra) == n + sz.number(quotient(group).lie)
    assert [str(one) for one in algebra[:n]] == [f"translation along {'xyz'[i] if n <= 3 else i}" for i in range(n)]
    for i in range(n):
        weights = 2.5 * np.eye(len(algebra))[i]
        np.testing.assert_allclose(act(c.point(group), exp(group, weights), np.zeros(n)), weights[:n])
        np.testing.assert_array_equal(matrix(c.vector(group), exp(group, weights)), np.eye(n))
        assert not matrix(c.vector(group), algebra[i]).any()


@pytest.mark.parametrize("n", [1, 2, 3])
def test_dimension_and_order(n: int) -> None:
    assert (c.euclidean(n).lie, c.euclidean(n).discrete, c.euclidean(n).order) == (n + n * (n - 1) // 2, 1, None)
    assert (c.special_euclidean(n).lie, c.special_euclidean(n).discrete, c.special_euclidean(n).order) == (n + n * (n - 1) // 2, 0, None)
    assert (c.translations(n).lie, c.translations(n).discrete, group_order(c.translations(n))) == (n, 0, None)


def test_euclidean_motions_keep_distances_and_orientation() -> None:
    rng = np.random.default_rng(2)
    signs = set()
    for make, group in ((c.euclidean, c.euclidean(3)), (c.special_euclidean, c.special_euclidean(3))):
        for _ in range(20):
            element = sample((group,), rng)
            x, y = rng.standard_normal((2, 3))
            moved = act(c.point(group), element, x) - act(c.point(group), element, y)
            assert np.linalg.norm(moved) == pytest.approx(np.linalg.norm(x - y))
            signs.add((make, round(np.linalg.det(matrix(c.vector(group), element)))))
    assert signs == {(c.euclidean, 1), (c.euclidean, -1), (c.special_euclidean, 1)}


def test_representations_of_the_group_that_turns() -> None:
    """Those of O(3) may be asked of E(3): translations do nothing to them."""
    group, rng = c.euclidean(3), np.random.default_rng(3)
    law = group.law
    assert isinstance(law, Semidirect)
    for label in ("0o", "1o", "1e", "2e", "3o"):
        rep, plain = c.irrep(group, label), c.irrep(c.orthogonal(3), label)
        form = law.random(rng)
        assert rep.dim == plain.dim
        expected = matrix(plain, Element({c.orthogonal(3): form[1]}))
        np.testing.assert_allclose(matrix(rep, Element({group: form})), expected, atol=1e-12)


def test_the_determinant_is_that_of_how_translations_are_turned() -> None:
    """Not of the plane that D(4) turns by itself, where it reflects: here it acts by diag(d, d) with d the determinant, so by determinant 1."""
    dihedral, cyclic = c.dihedral(4), c.cyclic(2)
    twice = c.rep(dihedral, [[[1, 0], [0, 1]], [[-1, 0], [0, -1]]])
    for group in (
        c.semidirect(c.translations(2), dihedral, twice),
        c.semidirect(c.translations(1), cyclic, c.rep(cyclic, [[[-1]]])),
        c.semidirect(c.cyclic(5), cyclic, c.rep(cyclic, [[[-1]]])),
        c.translations(2), c.euclidean(2), c.special_euclidean(2), SCALE,
    ):  # fmt: skip
        for one in generators([group]):
            if not one.lie:
                assert matrix(c.det(group), one).item() == pytest.approx(np.linalg.det(matrix(c.vector(group), one)))


def test_what_is_made_of_turned_vectors_is_solved_without_the_translations() -> None:
    for group, signature, dim in [
        ("semidirect(T(3), GL(3), by=vector(GL(3)))", "sym(vector(R), 2) -> sym(vector(R), 2)", 1),
        ("semidirect(T(3), GL(3), by=vector(GL(3)))", "det(R) -> alt(vector(R), 3)", 1),
        ("semidirect(T(3), O(3), by=vector(O(3)))", "complex(vector(R)) -> complex(vector(R))", 1),
        ("semidirect(T(3), O(3), by=vector(O(3)))", "alt(vector(R), 2) -> det(R)*vector(R)", 1),
        ("semidirect(T(2), D(4), by=rep(D(4), [[1, 0], [0, 1]], [[-1, 0], [0, -1]]))", "det(R) -> 1", 1),
        ("SE(2)", "rep(R, algebra=[[[0, 0], [0, 0]], [[0, 0], [0, 0]], [[0, 2], [-2, 0]]]) -> irrep(R, 2)", 2),
        ("T(1)", "rep(R, algebra=[[[0, 0], [0, 0]]]) -> 1", 2),
    ]:  # fmt: skip
        assert symc.solve(signature, groups={"R": group}).dim == dim, signature


REFUSED: list[tuple[Callable[[], Any], str, str]] = [
    *((lambda make=make: make(0), r"\(0\): the size is at least 1", "") for make in (c.euclidean, c.special_euclidean, c.translations)),
    (lambda: c.point(c.orthogonal(3)), r"O\(3\) has no translations of R\^n", "use E(n)"),
    (lambda: c.point(c.semidirect(c.cyclic(3), c.cyclic(2), c.rep(c.cyclic(2), [[[-1]]]))), "no translations of", ""),
    (lambda: c.perm(c.euclidean(2)), "permutes nothing", "did you mean point(E(2))?"),
    (lambda: c.semidirect(c.translations(2), c.orthogonal(3), c.vector(c.orthogonal(3))), "has dimension 3, the translations have 2", ""),
    (lambda: c.semidirect(c.translations(3), c.orthogonal(3), c.vector(c.special_orthogonal(3))), r"no representation of O\(3\)", ""),
    (lambda: c.semidirect(c.translations(1), c.unitary(1), c.vector(c.unitary(1))), "real linear representation", ""),
    (lambda: c.semidirect(c.cyclic(5), c.cyclic(2), c.rep(c.cyclic(2), [[[-1.0, 0.5], [0, 1]]])), "has dimension 2", ""),
    (lambda: c.semidirect(c.cyclic(5), c.orthogonal(1), c.rep(c.orthogonal(1), [[[0.5]]])), "no representation", ""),
    (lambda: c.semidirect(c.product([c.name(x, c.cyclic(3)) for x in "AB"]), c.cyclic(3), c.vector(c.cyclic(3))), "integer matrix", ""),
    (lambda: c.semidirect(c.symmetric(3), c.cyclic(2), Trivial(3)), r"what is turned is T\(n\), or C\(m\)", "semidirect(T(3)"),
    (lambda: c.dual((c.point(c.euclidean(2)),)), "points have no dual", "a vector"),
    (lambda: c.sym(c.point(c.euclidean(2)), 2), "points have no powers", "a vector"),
]  # fmt: skip


@pytest.mark.parametrize(("build", "message", "help"), REFUSED, ids=[message[:40] for _, message, _ in REFUSED])
def test_refused(build: Callable[[], Any], message: str, help: str) -> None:
    with pytest.raises(AlgebraError, match=message) as caught:
        build()
    assert help in (caught.value.help or "")
