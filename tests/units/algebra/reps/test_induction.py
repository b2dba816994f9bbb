"""Induced representations: the induced character formula, Frobenius reciprocity, induction in stages, Mackey's formula for a normal subgroup."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from symc.algebra import construct as c
from symc.algebra import sizes as sz
from symc.algebra.actions import generators, matrix
from symc.algebra.counting.characters import character
from symc.algebra.elements import Element, exp, sample
from symc.algebra.enumeration import enumerate_group
from symc.algebra.errors import AlgebraError
from symc.algebra.groups import Group, Subgroup
from symc.algebra.reps import Rep, Sum, Tensor, Trivial


def every(group: Group) -> list[Element]:
    return [Element({group: form}) for form in enumerate_group(group).elements]


def inner(group: Group, a: Rep, b: Rep) -> float:
    elements = every(group)
    return float(np.real(sum(character(a, g) * np.conj(character(b, g)) for g in elements))) / len(elements)


S4, D6, A4 = c.symmetric(4), c.dihedral(6), c.alternating(4)
OF_S4, OF_D6, OF_A4 = c.subgroup(S4, c.symmetric(3)), c.subgroup(D6, c.dihedral(2)), c.subgroup(A4, c.permutations(["(0 1)(2 3)", "(0 2)(1 3)"]))
TURNS = c.subgroup(c.dihedral(5), c.cyclic(5))
QUARTERS = c.generated_subgroup(S4, ["(0 1 2 3)"])
KLEIN = c.rep(OF_A4, [[[1]], [[-1]]])
CASES: list[tuple[Group, Group, Rep]] = [
    (S4, OF_S4, c.perm(OF_S4)),
    (S4, OF_S4, c.sign(OF_S4)),
    (S4, OF_S4, c.irrep(OF_S4, [2, 1])),
    (D6, OF_D6, c.irrep(OF_D6, "n/2-")),
    (D6, OF_D6, c.vector(OF_D6)),
    (A4, OF_A4, KLEIN),
    (A4, OF_A4, c.regular(OF_A4)),
    (c.dihedral(5), TURNS, c.irrep(TURNS, 2)),
    (S4, QUARTERS, c.rep(QUARTERS, [[[-1]]])),
    (S4, QUARTERS, c.rep(QUARTERS, [[[0, -1], [1, 0]]])),
]
everywhere = pytest.mark.parametrize(("group", "subgroup", "rep"), CASES, ids=[f"{rep} to {group}"[:60] for group, _, rep in CASES])


@everywhere
def test_homomorphism(group: Group, subgroup: Group, rep: Rep) -> None:
    induced, rng = c.induce(rep, group), np.random.default_rng(0)
    assert induced.dim * enumerate_group(subgroup).order == enumerate_group(group).order * rep.dim
    for _ in range(6):
        a, b = sample((group,), rng), sample((group,), rng)
        np.testing.assert_allclose(matrix(induced, a @ b), matrix(induced, a) @ matrix(induced, b), atol=1e-13)
        np.testing.assert_allclose(matrix(induced, a.inverse()), matrix(induced, a).T, atol=1e-13)


@everywhere
def test_the_induced_character(group: Group, subgroup: Group, rep: Rep) -> None:
    """chi(g) is the sum of chi(x^-1 g x) over the x in G that bring g into H, over |H|."""
    assert isinstance(subgroup, Subgroup)
    listed, induced = enumerate_group(group), c.induce(rep, group)
    inside = {listed.index(subgroup.embedded(form)): form for form in enumerate_group(subgroup).elements}
    law = group.law
    for g in every(group):
        form = g.parts[group]
        places = [listed.index(law.product(law.inverse(x), law.product(form, x))) for x in listed.elements]
        total = sum(character(rep, Element({subgroup: inside[place]})) for place in places if place in inside)
        assert character(induced, g) == pytest.approx(total / len(inside), abs=1e-11)


@everywhere
def test_frobenius_reciprocity(group: Group, subgroup: Group, rep: Rep) -> None:
    for other in (c.perm(group), c.regular(group)):
        (below,) = c.restrict((other,), subgroup)
        assert inner(group, c.induce(rep, group), other) == pytest.approx(inner(subgroup, rep, below))


def test_cosets_are_induced_from_the_trivial_representation() -> None:
    for group, subgroup, _ in CASES:
        one = c.rep(subgroup, [[[1]]] * subgroup.discrete)
        for g in every(group):
            np.testing.assert_array_equal(matrix(c.induce(one, group), g), matrix(c.cosets(group, subgroup), g))
        assert c.induce(c.trivial(subgroup), group, subgroup) == c.cosets(group, subgroup)


def test_what_nothing_acts_on_is_induced_from_the_subgroup_named() -> None:
    """A copy for every coset, coset by coset, as of matrices that do nothing."""
    for rep in (Trivial(3), Sum((Trivial(1), Trivial(2))), Tensor((Trivial(3), Sum((Trivial(1), Trivial(1)))))):
        size = sz.number(rep.dim)
        still = c.rep(OF_S4, [np.eye(size, dtype=int).tolist()] * 2)
        for g in every(S4)[::5]:
            np.testing.assert_array_equal(matrix(c.induce(rep, S4, OF_S4), g), matrix(c.induce(still, S4), g))
    assert c.induce(c.perm(OF_S4), S4, OF_S4) == c.induce(c.perm(OF_S4), S4)
    assert c.induce(Trivial(sz.free("n")), S4, OF_S4).dim == 4 * sz.free("n")


def test_induction_in_stages() -> None:
    """S(2) < S(3) < S(4): by way of the middle as at once."""
    upper, middle = S4, OF_S4
    lower, at_once = c.subgroup(middle, c.symmetric(2)), c.subgroup(upper, c.symmetric(2))
    staged = c.induce(c.sign(lower), upper)
    direct = c.induce(c.sign(at_once), upper)
    assert staged == c.induce(c.induce(c.sign(lower), middle), upper)
    assert staged.dim == direct.dim == 12
    assert [character(staged, g) for g in every(upper)] == pytest.approx([character(direct, g) for g in every(upper)])
    assert c.cosets(upper, lower) == c.induce(c.cosets(middle, lower), upper) == c.induce(Trivial(1), upper, lower)
    assert [character(c.cosets(upper, lower), g) for g in every(upper)] == [character(c.cosets(upper, at_once), g) for g in every(upper)]


def test_induction_keeps_sums_duals_and_the_projection_formula() -> None:
    """Ind(V + W) = Ind V + Ind W, Ind V* = (Ind V)*, and Ind(Res U * V) = U * Ind V."""
    v, w, u = c.irrep(OF_S4, [2, 1]), c.sign(OF_S4), c.irrep(S4, [3, 1])
    both, (dual,) = c.induce(Sum((v, w)), S4), c.dual((c.induce(v, S4),))
    (below,) = c.restrict((u,), OF_S4)
    product = c.induce(Tensor((below, v)), S4)
    for g in every(S4):
        one = character(c.induce(v, S4), g)
        assert character(both, g) == pytest.approx(one + character(c.induce(w, S4), g))
        assert character(dual, g) == pytest.approx(one)
        assert character(product, g) == pytest.approx(character(u, g) * one, abs=1e-12)


def test_branching_of_the_symmetric_groups() -> None:
    """Restricting removes a box, inducing adds one."""
    added = {(3, 1): 1, (2, 2): 1, (2, 1, 1): 1, (4,): 0, (1, 1, 1, 1): 0}
    for shape, times in added.items():
        assert inner(S4, c.induce(c.irrep(OF_S4, [2, 1]), S4), c.irrep(S4, list(shape))) == pytest.approx(times, abs=1e-12)


@pytest.mark.parametrize(
    ("group", "smaller", "make"),
    [
        (c.orthogonal(2), c.special_orthogonal(2), lambda h: c.irrep(h, 3)),
        (c.orthogonal(3), c.special_orthogonal(3), c.vector),
        (c.orthogonal(3), c.special_orthogonal(3), lambda h: c.irrep(h, 2)),
        (c.euclidean(3), c.special_euclidean(3), c.vector),
        (c.indefinite(1, 2), c.indefinite(1, 2, special=True), c.vector),
    ],
    ids=["O(2), 3", "O(3), 1", "O(3), 2", "E(3), 1", "O(1, 2)"],
)
def test_from_the_group_that_keeps_the_orientation(group: Group, smaller: Group, make: Callable[[Group], Rep]) -> None:
    """The restriction of the induced is the representation and what a reflection makes of it (Mackey); the Lie algebra acts by the derivative."""
    subgroup = c.subgroup(group, smaller)
    induced, rng = c.induce(make(subgroup), group), np.random.default_rng(1)
    for _ in range(5):
        a, b = sample((group,), rng), sample((group,), rng)
        scale = np.abs(matrix(induced, a)).max() * np.abs(matrix(induced, b)).max()
        np.testing.assert_allclose(matrix(induced, a @ b), matrix(induced, a) @ matrix(induced, b), atol=1e-11 * scale)
        if matrix(c.sign(group), a).item() < 0:
            assert character(induced, a) == 0
    algebra = [one for one in generators([group]) if one.lie]
    for index, one in enumerate(algebra):
        step = 1e-4 * np.eye(len(algebra))[index]
        slope = (matrix(induced, exp(group, step)) - matrix(induced, exp(group, -step))) / 2e-4
        np.testing.assert_allclose(slope, matrix(induced, one), atol=1e-6)


REFUSED: list[tuple[Callable[[], Any], str, str]] = [
    (lambda: c.induce(c.perm(S4), S4), r"perm\(S\(4\)\) is no representation of a subgroup of S\(4\)", "declare it: group H = subgroup(S(4), ...)"),
    (lambda: c.induce(c.sign(OF_S4), c.symmetric(5)), "is no representation of a subgroup", "subgroup(S(5), ...)"),
    (lambda: c.induce(c.trivial(OF_S4), S4), "nothing acts on 1, which does not say what subgroup", "induce(1, S(4), H), which is cosets(S(4), H)"),
    (lambda: c.induce(Trivial(3), S4), "nothing acts on 3", "name it: induce(3, S(4), H)"),
    (lambda: c.induce(c.perm(OF_S4), S4, QUARTERS), r"perm\(.*\) is no representation of subgroup\(S\(4\), perm", "acts on it"),
    (lambda: c.induce(Trivial(1), S4, OF_D6), r"subgroup\(D\(6\), D\(2\)\) is no subgroup of S\(4\)", "declare it"),
    (lambda: c.induce(Tensor((c.perm(OF_S4), c.perm(S4))), S4), "is no representation of a subgroup", "declare it"),
    (lambda: c.induce(c.point(c.subgroup(c.euclidean(2), c.special_euclidean(2))), c.euclidean(2)), "points are not induced", "a vector"),
    (lambda: c.induce(c.vector(c.subgroup(c.special_orthogonal(3), c.special_orthogonal(2))), c.special_orthogonal(3)), "cannot be listed", ""),
]  # fmt: skip


@pytest.mark.parametrize(("build", "message", "help"), REFUSED, ids=range(len(REFUSED)))
def test_refused(build: Callable[[], Any], message: str, help: str) -> None:
    with pytest.raises(AlgebraError, match=message) as caught:
        build()
    assert help in (caught.value.help or "")
