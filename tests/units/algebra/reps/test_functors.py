"""Dual, conjugate, complex and real forms: laws of functors, characters, and the axes that they keep."""

from __future__ import annotations

import numpy as np
import pytest

from symc.algebra import construct as c
from symc.algebra import sizes as sz
from symc.algebra.actions import generators, matrix
from symc.algebra.counting.characters import character
from symc.algebra.elements import sample
from symc.algebra.errors import AlgebraError
from symc.algebra.reps import Rep, Sum, Tensor, Trivial

SHEAR, PHASE = c.matrices([[[1, 1], [0, 1]], [[0, -1], [1, 0]]]), c.matrices([[[1j, 1], [0, 2]]])
REAL: list[Rep] = [
    c.vector(c.general_linear(2)), c.vector(c.orthogonal(3)), c.perm(c.symmetric(4)), c.vector(SHEAR), c.det(c.general_linear(2)),
    c.vector(c.indefinite(1, 2)), c.sym(c.vector(c.special_linear(2)), 2), c.sign(c.dihedral(3)),
    Sum((c.vector(c.general_linear(2)), Trivial(2))), Tensor((c.vector(c.general_linear(2)), c.vector(c.dihedral(3)))),
]  # fmt: skip
COMPLEX: list[Rep] = [
    c.vector(c.unitary(2)), c.irrep(c.unitary(1), 3), c.irrep(c.special_unitary(2), "3/2"), c.vector(PHASE), c.det(c.unitary(2)),
    c.alt(c.vector(c.unitary(3)), 2), Tensor((c.perm(c.symmetric(2)), c.vector(c.unitary(2)))),
    c.rep(c.cyclic(4), [[[1j]]]), c.rep(c.generated(1), [[[2j, 1], [0, 1]]]),
    Tensor((c.vector(c.unitary(2)), c.perm(c.symmetric(2)))), Tensor((c.perm(c.symmetric(2)), c.vector(c.unitary(2)))),
    Tensor((c.vector(c.unitary(2)), c.irrep(c.unitary(1), 1), Trivial(2))), Sum((c.vector(c.unitary(2)), c.vector(c.orthogonal(3)), Trivial(2))),
    Tensor((Trivial(2), Sum((Tensor((c.vector(c.unitary(2)), c.perm(c.symmetric(2)))), c.perm(c.symmetric(3)))))),
]  # fmt: skip
every = pytest.mark.parametrize("rep", REAL + COMPLEX, ids=str)


def close(left: object, right: object) -> None:
    scale = 1 + float(np.abs(np.asarray(right)).max(initial=0))
    np.testing.assert_allclose(left, right, rtol=0, atol=1e-10 * scale)


def only(reps: tuple[Rep, ...]) -> Rep:
    (rep,) = reps
    return rep


@every
def test_dual_and_conjugate_matrices(rep: Rep) -> None:
    dual, conj, rng = only(c.dual((rep,))), only(c.conj((rep,))), np.random.default_rng(0)
    for _ in range(3):
        element = sample(rep.groups, rng, spelled=True)
        image = matrix(rep, element)
        close(matrix(dual, element).T @ image, np.eye(len(image)))
        close(matrix(conj, element), image.conj())
        if rep.unitary:
            close(matrix(dual, element), matrix(conj, element))
    for one in generators(rep.groups):
        if one.lie:
            close(matrix(dual, one), -matrix(rep, one).T)
            close(matrix(conj, one), matrix(rep, one).conj())


@every
def test_each_is_its_own_inverse(rep: Rep) -> None:
    assert only(c.dual(c.dual((rep,)))) == rep
    assert only(c.conj(c.conj((rep,)))) == rep
    rng = np.random.default_rng(1)
    element = sample(rep.groups, rng, spelled=True)
    close(matrix(only(c.dual(c.conj((rep,)))), element), matrix(only(c.conj(c.dual((rep,)))), element))


@every
def test_they_respect_sums_and_products(rep: Rep) -> None:
    other = Trivial(2) if len(rep.groups) > 1 else rep
    element = sample(rep.groups, np.random.default_rng(2), spelled=True)
    for functor in (c.dual, c.conj):
        once = matrix(only(functor((rep,))), element)
        second = matrix(only(functor((other,))), element)
        close(matrix(only(functor((Tensor((rep, other)),))), element), np.kron(once, second))
        both = matrix(only(functor((Sum((rep, other)),))), element)
        close(both[: len(once), : len(once)], once)
        close(both[len(once) :, len(once) :], second)
        assert not both[: len(once), len(once) :].any()


@pytest.mark.parametrize("rep", REAL, ids=str)
def test_complex_form_of_a_real_representation(rep: Rep) -> None:
    complexified = only(c.complexified((rep,)))
    assert complexified.is_complex
    assert complexified.dim == rep.dim
    assert only(c.conj((complexified,))) == complexified or isinstance(complexified, Sum | Tensor)
    twice = only(c.realified((complexified,)))
    assert (twice.dim, twice.is_complex) == (2 * rep.dim, False)
    for _ in range(2):
        element = sample(rep.groups, np.random.default_rng(3), spelled=True)
        close(matrix(complexified, element), matrix(rep, element))
        close(matrix(only(c.conj((complexified,))), element), matrix(rep, element))
        close(character(twice, element), 2 * character(rep, element))


@pytest.mark.parametrize("rep", COMPLEX, ids=str)
def test_real_form_of_a_complex_representation(rep: Rep) -> None:
    """Coordinates (Re z_0, Im z_0, Re z_1, ...), as torch.view_as_real lays them out; made complex again it is V + conj V."""
    real, rng = only(c.realified((rep,))), np.random.default_rng(4)
    assert (real.dim, real.is_complex) == (2 * rep.dim, False)
    for by in (*generators(rep.groups), *(sample(rep.groups, rng, spelled=True) for _ in range(3))):
        image = matrix(rep, by)
        z = rng.standard_normal(len(image)) + 1j * rng.standard_normal(len(image))
        close(matrix(real, by) @ z.view(np.float64), (image @ z).view(np.float64))
        if not (hasattr(by, "lie") and by.lie):
            close(matrix(only(c.dual((real,))), by).T @ matrix(real, by), np.eye(2 * len(image)))
    element = sample(rep.groups, rng, spelled=True)
    again = only(c.complexified((real,)))
    close(character(again, element), character(rep, element) + np.conj(character(rep, element)))
    assert not np.iscomplexobj(matrix(real, element))


def test_real_forms_of_products() -> None:
    """Re and Im stand side by side: a list of axes keeps its axes, one merged axis has them at its end."""
    u, p = c.vector(c.unitary(2)), c.perm(c.symmetric(2))
    twice = only(c.realified((u,)))
    assert c.realified((u, p)) == (twice, p)
    assert c.realified((p, u)) == (p, twice)
    assert c.realified((Tensor((p, u)),)) == (Tensor((p, twice)),)
    assert str(only(c.realified((Tensor((u, p)),)))) == "real((vector(U(2))*perm(S(2))))"
    assert only(c.realified((Sum((u, Trivial(3))),))) == Sum((twice, Trivial(6)))


def test_axes_are_kept() -> None:
    v, w, u = c.vector(c.orthogonal(3)), c.vector(c.general_linear(2)), c.vector(c.unitary(2))
    assert len(c.dual((v, w, Trivial(3)))) == 3
    assert c.dual((v, Trivial(3))) == (v, Trivial(3))
    assert [rep.is_complex for rep in c.complexified((v, w))] == [True, False]
    assert c.complexified((v, u)) == (v, u)  # their product is complex already
    assert [sz.number(rep.dim) for rep in c.realified((v, u))] == [3, 4]
    assert c.realified((v, w)) == (v, w)
    assert [sz.number(rep.dim) for rep in c.complexified(())] == [1]
    with pytest.raises(AlgebraError, match="several axes are complex") as caught:
        c.realified((u, u))
    assert caught.value.help == "write real((vector(U(2))*vector(U(2))))"
    whole = only(c.realified((Tensor((u, u)),)))
    assert whole.dim == 8


def test_selfdual_by_an_invariant_form() -> None:
    """Sp(4) by its symplectic form, O(1, 2) by its metric, SU(2) by epsilon: the dual has the same character, and U(2) has not."""
    rng = np.random.default_rng(5)
    for group, same in ((c.symplectic(4), True), (c.indefinite(1, 2), True), (c.special_unitary(2), True), (c.unitary(2), False)):
        vector = c.vector(group)
        dual = only(c.dual((vector,)))
        element = sample((group,), rng)
        assert bool(abs(character(dual, element) - character(vector, element)) < 1e-10) is same


@pytest.mark.parametrize("functor", [c.dual, c.complexified])
def test_points_have_none(functor: object) -> None:
    with pytest.raises(AlgebraError, match=r"points have no (dual|complex)") as caught:
        functor((c.point(c.euclidean(2)),))  # type: ignore[operator]
    assert caught.value.help == "take a difference of points, a vector"
