"""Subgroups and cosets: embeddings are injective homomorphisms, the index is |G| / |H|, the action on cosets is transitive with stabilizer H."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import symc
from symc.algebra import construct as c
from symc.algebra import sizes as sz
from symc.algebra.actions import generators, matrix
from symc.algebra.elements import Element, exp, sample
from symc.algebra.enumeration import enumerate_group, group_order
from symc.algebra.errors import AlgebraError
from symc.algebra.groups import Group, Subgroup
from symc.algebra.reps import Rep, Tensor, Trivial
from symc.passes.solve.split import linear_maps

FLIP = c.rep(c.cyclic(2), [[[-1]]])
Q8 = c.matrices([[[1j, 0], [0, -1j]], [[0, 1], [-1, 0]]])
FINITE: list[tuple[Group, Group]] = [
    (c.symmetric(5), c.symmetric(3)), (c.symmetric(4), c.alternating(4)), (c.symmetric(4), c.cyclic(4)), (c.symmetric(4), c.dihedral(4)),
    (c.symmetric(5), c.permutations(["(0 1 2)", "(0 1)"])), (c.symmetric(4), c.symmetric(0)), (c.symmetric(3), c.symmetric(3)),
    (c.alternating(5), c.alternating(4)), (c.alternating(4), c.permutations(["(0 1)(2 3)", "(0 2)(1 3)"])), (c.cyclic(12), c.cyclic(4)),
    (c.dihedral(6), c.dihedral(3)), (c.dihedral(6), c.dihedral(1)), (c.dihedral(4), c.dihedral(2)), (c.dihedral(5), c.cyclic(5)),
    (c.permutations(["(0 1 2 3 4)", "(1 4)(2 3)"]), c.cyclic(5)), (c.orthogonal(1), c.special_orthogonal(1)),
    (c.symmetric(4), c.semidirect(c.cyclic(4), c.cyclic(2), FLIP)), (c.semidirect(c.cyclic(4), c.cyclic(2), FLIP), c.cyclic(2)),
]  # fmt: skip
GENERATED: list[tuple[Group, list[Any], int]] = [  # and the order
    (c.symmetric(4), ["(0 1)(2 3)", "(0 2)(1 3)"], 4), (c.symmetric(6), ["(0 1 2 3 4)", "(1 2 4 3)", "(5 0)(1 4)"], 120),
    (c.alternating(5), ["(0 1 2)"], 3),
    (c.dihedral(4), ["(0 2)(1 3)"], 2), (c.dihedral(4), ["(1 3)"], 2), (c.dihedral(5), ["(1 4)(2 3)"], 2),
    (c.dihedral(6), ["(0 2 4)(1 3 5)", "(1 5)(2 4)"], 6),
    (c.cyclic(6), ["(0 3)(1 4)(2 5)"], 2), (c.cyclic(6), [[2, 3, 4, 5, 0, 1]], 3), (c.permutations(["(0 1 2)", "(3 4)"]), ["(3 4)"], 2),
]  # fmt: skip
CASES = [(parent, c.subgroup(parent, inner), group_order(inner)) for parent, inner in FINITE]
CASES += [(parent, c.generated_subgroup(parent, given), order) for parent, given, order in GENERATED]
IDS = [f"{subgroup} of {parent}"[:70] for parent, subgroup, _ in CASES]
everywhere = pytest.mark.parametrize(("parent", "subgroup", "order"), CASES, ids=IDS)


def embedded(subgroup: Group, form: Any) -> Any:
    assert isinstance(subgroup, Subgroup)
    return subgroup.embedded(form)


@everywhere
def test_the_embedding_is_an_injective_homomorphism(parent: Group, subgroup: Group, order: int) -> None:
    listed, inner = enumerate_group(parent), enumerate_group(subgroup)
    assert inner.order == order
    places = [listed.index(embedded(subgroup, form)) for form in inner.elements]
    assert len(set(places)) == order
    rng = np.random.default_rng(0)
    for _ in range(5):
        a, b = subgroup.law.random(rng), subgroup.law.random(rng)
        product = parent.law.product(embedded(subgroup, a), embedded(subgroup, b))
        assert listed.index(product) == listed.index(embedded(subgroup, subgroup.law.product(a, b)))


@everywhere
def test_lagrange(parent: Group, subgroup: Group, order: int) -> None:
    rep, listed = c.cosets(parent, subgroup), enumerate_group(parent)
    index = sz.number(rep.dim)
    assert index * order == listed.order
    images = [matrix(rep, Element({parent: form})) for form in listed.elements]
    assert sum(image[0, 0] for image in images) == order  # the stabilizer of H is H
    assert {listed.index(embedded(subgroup, form)) for form in enumerate_group(subgroup).elements} == {i for i, m in enumerate(images) if m[0, 0]}
    np.testing.assert_array_equal(sum(images), np.full((index, index), order))  # transitive


@everywhere
def test_restricting_is_pulling_back(parent: Group, subgroup: Group, order: int) -> None:
    (rep,) = c.restrict((c.regular(parent),), subgroup)
    inner = enumerate_group(subgroup)
    for form in inner.elements[:: max(1, order // 6)]:
        expected = matrix(c.regular(parent), Element({parent: embedded(subgroup, form)}))
        np.testing.assert_array_equal(matrix(rep, Element({subgroup: form})), expected)


STAGES: list[tuple[Group, list[Group], Callable[[Group], Rep]]] = [
    (c.symmetric(5), [c.symmetric(4), c.dihedral(4), c.cyclic(2)], c.perm),
    (c.orthogonal(4), [c.orthogonal(3), c.special_orthogonal(3), c.special_orthogonal(2)], c.vector),
    (c.euclidean(3), [c.special_euclidean(3), c.special_orthogonal(2), c.cyclic(3)], c.vector),
    (c.euclidean(3), [c.special_euclidean(3), c.translations(3)], lambda group: c.irrep(group, "2e")),
]


@pytest.mark.parametrize(("group", "inner", "make"), STAGES, ids=[f"{group}, {inner}" for group, inner, _ in STAGES])
def test_restricting_in_stages(group: Group, inner: list[Group], make: Callable[[Group], Rep]) -> None:
    """At once as one by one, pulled back along all the embeddings."""
    chain = [group]
    for one in inner:
        chain.append(c.subgroup(chain[-1], one))
    rep = make(group)
    (at_once,) = c.restrict((rep,), chain[-1])
    staged = rep
    for stage in chain[1:]:
        (staged,) = c.restrict((staged,), stage)
    assert staged == at_once
    form = chain[-1].law.random(np.random.default_rng(3))
    element, expected = Element({chain[-1]: form}), form
    for stage in reversed(chain[1:]):
        expected = embedded(stage, expected)
    np.testing.assert_allclose(matrix(at_once, element), matrix(rep, Element({group: expected})), atol=1e-14)


def test_restricting_leaves_alone_what_nothing_acts_on() -> None:
    lower = c.subgroup(c.symmetric(4), c.symmetric(3))
    lowest = c.subgroup(lower, c.symmetric(2))
    for rep in (c.trivial(c.symmetric(4)), c.irrep(c.symmetric(4), [4]), c.irrep(c.special_orthogonal(3), 0), c.det(c.special_orthogonal(3))):
        assert c.restrict((rep, Trivial(3)), lower) == c.restrict((rep, Trivial(3)), lowest) == (rep, Trivial(3))
    assert c.restrict((), lower) == ()


def test_the_nearest_group_that_acts_is_restricted() -> None:
    lower = c.subgroup(c.symmetric(4), c.symmetric(3))
    lowest, both = c.subgroup(lower, c.symmetric(2)), (c.perm(c.symmetric(4)), c.perm(lower))
    assert c.restrict(both, lowest) == (c.perm(c.symmetric(4)), *c.restrict((c.perm(lower),), lowest))


CONTINUOUS: list[tuple[Group, Group]] = [
    (c.special_orthogonal(3), c.special_orthogonal(2)), (c.orthogonal(3), c.orthogonal(2)), (c.special_orthogonal(3), c.orthogonal(2)),
    (c.orthogonal(3), c.special_orthogonal(3)), (c.unitary(3), c.special_unitary(2)), (c.unitary(2), c.special_orthogonal(2)),
    (c.general_linear(3), c.special_linear(2)), (c.general_linear(2), c.orthogonal(2)), (c.special_linear(3), c.special_orthogonal(3)),
    (c.indefinite(1, 3), c.orthogonal(3)), (c.indefinite(1, 3), c.indefinite(1, 3, special=True)), (c.indefinite(3, 1), c.special_orthogonal(3)),
    (c.special_orthogonal(3), c.dihedral(4)), (c.orthogonal(3), c.symmetric(3)), (c.orthogonal(4), c.alternating(4)), (c.unitary(2), Q8),
    (c.euclidean(3), c.special_euclidean(3)), (c.euclidean(3), c.translations(3)), (c.euclidean(3), c.orthogonal(3)), (c.euclidean(2), c.dihedral(4)),
    (c.special_euclidean(3), c.special_orthogonal(2)),
]  # fmt: skip


@pytest.mark.parametrize(("parent", "inner"), CONTINUOUS, ids=[f"{inner} of {parent}" for parent, inner in CONTINUOUS])
def test_subgroups_of_lie_groups(parent: Group, inner: Group) -> None:
    """Restricted vectors are a representation with the right derivative."""
    subgroup = c.subgroup(parent, inner)
    (rep,) = c.restrict((c.vector(parent),), subgroup)
    rng = np.random.default_rng(1)
    a, b = sample((subgroup,), rng), sample((subgroup,), rng)
    np.testing.assert_allclose(matrix(rep, a @ b), matrix(rep, a) @ matrix(rep, b), atol=1e-11)
    algebra = [one for one in generators([subgroup]) if one.lie]
    for index, one in enumerate(algebra):
        step = 1e-4 * np.eye(len(algebra))[index]
        slope = (matrix(rep, exp(subgroup, step)) - matrix(rep, exp(subgroup, -step))) / 2e-4
        np.testing.assert_allclose(slope, matrix(rep, one), atol=1e-7)


@pytest.mark.parametrize(
    ("parent", "inner"),
    [(c.orthogonal(3), c.special_orthogonal(3)), (c.orthogonal(2), c.special_orthogonal(2)), (c.euclidean(3), c.special_euclidean(3)),
     (c.indefinite(1, 3), c.indefinite(1, 3, special=True))],
    ids=str,
)  # fmt: skip
def test_two_cosets_of_what_keeps_the_orientation(parent: Group, inner: Group) -> None:
    rep, rng = c.cosets(parent, c.subgroup(parent, inner)), np.random.default_rng(2)
    for _ in range(10):
        element = sample((parent,), rng)
        swapped = matrix(c.sign(parent), element).item() < 0
        np.testing.assert_array_equal(matrix(rep, element), [[0, 1], [1, 0]] if swapped else np.eye(2))


LARGE: list[tuple[Group, Any, int, int]] = [  # parent and subgroup, the index, and the orbits on pairs of a coset and a point
    (c.symmetric(12), c.symmetric(11), 12, 2), (c.symmetric(40), c.symmetric(39), 40, 2),
    (c.alternating(12), c.alternating(11), 12, 2), (c.symmetric(30), ["(0 1)", "(2 3)", f"({' '.join(map(str, range(2, 30)))})"], 435, 2),
    (c.permutations(["(0 1 2 3 4 5 6 7)", "(0 1)", "(8 9)"]), c.alternating(8), 4, 3),
]  # fmt: skip


@pytest.mark.parametrize(("parent", "inner", "index", "dim"), LARGE, ids=lambda value: str(value)[:20])
def test_cosets_of_groups_too_large_to_list(parent: Group, inner: Any, index: int, dim: int) -> None:
    subgroup = c.generated_subgroup(parent, inner) if isinstance(inner, list) else c.subgroup(parent, inner)
    rep, rng = c.cosets(parent, subgroup), np.random.default_rng(3)
    assert rep.dim == index
    a, b = sample((parent,), rng), sample((parent,), rng)
    np.testing.assert_array_equal(matrix(rep, a @ b), matrix(rep, a) @ matrix(rep, b))
    found = linear_maps((rep,), (c.perm(parent),))
    assert (found.dim, found.certificate.expected) == (dim, dim)


def test_subgroups_with_translations_are_solved() -> None:
    """Translations move no vectors, so that E(3) solves as O(3) does, and its subgroups as those of O(3)."""
    declared = {"G": "E(3)", "H": "subgroup(G, SE(3))", "T": "subgroup(G, T(3))"}
    for signature, dim in [
        ("restrict(vector(G), H) -> vector(H)", 1), ("restrict(irrep(G, \"2e\"), H) -> irrep(H, 2)", 1), ("restrict(vector(G), T) -> 1", 3),
        ("cosets(G, H) -> cosets(G, H)", 2), ("cosets(G, H) -> sign(G)", 1), ("induce(vector(H), G) -> vector(G)", 1),
        ("induce(vector(H), G) -> induce(vector(H), G)", 2),
    ]:  # fmt: skip
        assert symc.solve(signature, groups=declared).dim == dim


def test_subgroups_of_subgroups_are_solved() -> None:
    """S(2) < S(3) < S(4): counted by orbits, and by Frobenius reciprocity."""
    declared = {"G": "S(4)", "H": "subgroup(G, S(3))", "K": "subgroup(H, S(2))"}
    for signature, dim in [
        ("restrict(perm(G), K) -> 1", 3), ("restrict(trivial(G)*perm(G), K) -> restrict(perm(H), K)", 7), ("cosets(G, K) -> 1", 1),
        ("cosets(G, K) -> perm(G)", 3), ("induce(sign(K), G) -> perm(G)", 1), ("induce(trivial(H), G, H) -> perm(G)", 2),
        ("induce(trivial(K) + trivial(K), G, K) -> perm(G)", 6), ("induce(2, G, K)*3 -> 1", 6),
    ]:  # fmt: skip
        assert symc.solve(signature, groups=declared).dim == dim


E3, BOTH = c.euclidean(3), c.product([c.symmetric(3), c.symmetric(4)])
MOVING = c.subgroup(E3, c.special_euclidean(3))
IN_STAGES = c.subgroup(c.subgroup(c.symmetric(5), c.symmetric(4)), c.symmetric(2))
MIXED = Tensor((c.perm(c.symmetric(5)), c.perm(c.symmetric(3))))
LATTICE = c.semidirect(c.cyclic(4), c.cyclic(2), FLIP)
REFUSED: list[tuple[Callable[[], Any], str, str]] = [
    (lambda: c.subgroup(c.symmetric(3), c.symmetric(4)), r"S\(4\) is no subgroup of S\(3\) in a usual way", "or give generators"),
    (lambda: c.subgroup(c.alternating(4), c.symmetric(3)), "no subgroup", ""),
    (lambda: c.subgroup(c.cyclic(6), c.cyclic(4)), "no subgroup", ""),
    (lambda: c.subgroup(c.cyclic(6), c.dihedral(3)), "no subgroup", ""),
    (lambda: c.subgroup(c.special_orthogonal(2), c.orthogonal(2)), "no subgroup", ""),
    (lambda: c.subgroup(c.special_linear(3), c.general_linear(2)), "no subgroup", ""),
    (lambda: c.subgroup(c.orthogonal(2), c.unitary(2)), "no subgroup", ""),
    *((lambda n=n: c.subgroup(c.symmetric(4), c.dihedral(n)), "no subgroup", "") for n in (1, 2)),  # not known by the corners that they move
    (lambda: c.subgroup(c.symmetric(2), c.semidirect(c.cyclic(2), c.cyclic(2), FLIP)), "no subgroup", ""),  # -1 = 1 mod 2
    (lambda: c.subgroup(c.symmetric(sz.free("n")), c.symmetric(2)), "depends on n", "write numbers"),
    (lambda: c.generated_subgroup(c.alternating(4), ["(0 1)"]), r"generator 1 of the subgroup, \(0 1\), is no element of A\(4\)", ""),
    (lambda: c.generated_subgroup(c.dihedral(4), ["(0 1)"]), r"is no element of D\(4\)", ""),
    (lambda: c.generated_subgroup(c.dihedral(2), ["(0 1)"]), "not told apart by the points that they move", "subgroup(G, C(2))"),
    (lambda: c.generated_subgroup(LATTICE, ["(0 1 2 3)"]), "not told apart by the points that they move", "subgroup(G, C(2))"),
    (lambda: c.generated_subgroup(c.special_orthogonal(2), [[[1, 0], [0, -1]]]), "some of the matrices are no elements", ""),
    (lambda: c.generated_subgroup(c.orthogonal(3), [[[0, -1], [1, 0]]]), "the matrices are of size 2, those of O", ""),
    (lambda: c.cosets(c.symmetric(4), c.symmetric(3)), r"S\(3\) is no subgroup of S\(4\)", "declare it: group H = subgroup(S(4), ...)"),
    (lambda: c.cosets(c.special_orthogonal(3), c.subgroup(c.special_orthogonal(3), c.special_orthogonal(2))), "cannot be listed", ""),
    (lambda: c.cosets(c.symmetric(30), c.subgroup(c.symmetric(30), c.symmetric(20))), "more than 20000 cosets", "a larger subgroup"),
    (lambda: c.restrict((c.perm(c.symmetric(4)),), c.symmetric(3)), "no subgroup of another group", "declare it"),
    (lambda: c.restrict((c.perm(c.symmetric(5)),), c.subgroup(c.symmetric(4), c.symmetric(3))), "of S\\(4\\), which does not act here", ""),
    (lambda: c.restrict((c.perm(c.symmetric(6)),), IN_STAGES), r"of subgroup\(S\(5\), S\(4\)\) and S\(5\), which do not act here", ""),
    (lambda: c.restrict((c.point(E3),), MOVING), "points are not restricted", "write point(subgroup(E(3), SE(3)))"),
    (lambda: c.restrict((c.point(E3),), c.subgroup(MOVING, c.cyclic(4))), "points are not restricted", "write restrict(vector(E(3)), subgroup("),
    (lambda: c.restrict((c.sym(MIXED, 2),), IN_STAGES), r"is one of S\(3\) too, not of S\(5\) alone", "restrict what it is made of"),
    (lambda: c.subgroup(BOTH, c.cyclic(2)), r"S\(3\) \* S\(4\) is a direct product, and subgroups are of one group", "write `subgroup(S(3), ...)`"),
    (lambda: c.generated_subgroup(c.name("G", BOTH), ["(0 1)"]), "is a direct product", "`group B = S(4)`, then `subgroup(A, ...)`, of one factor"),
]  # fmt: skip


@pytest.mark.parametrize(("build", "message", "help"), REFUSED, ids=range(len(REFUSED)))
def test_refused(build: Callable[[], Any], message: str, help: str) -> None:
    with pytest.raises(AlgebraError, match=message) as caught:
        build()
    assert help in (caught.value.help or "")


IN_BLOCKS = [("S(2)", "(0 2 1 3)", 4), ("C(3)", "(0 3)(1 4)(2 5)", 2), ("D(3)", "(0 1)", 2), ("A(4)", "(4 5 6)", 3)]


@pytest.mark.parametrize(("inner", "word", "order"), IN_BLOCKS)
def test_permutations_in_a_wreath_product(inner: str, word: str, order: int) -> None:
    """They move the points of perm(G), block after block: restricting that gives back the same permutations."""
    groups = {"G": f"wreath({inner}, S(3))", "H": f'subgroup(G, "{word}")'}
    found = symc.solve("restrict(perm(G), H) -> perm(H)", groups=groups)
    alone = symc.solve("perm(H) -> perm(H)", groups=groups)
    np.testing.assert_array_equal(found.dense(), alone.dense())
    assert symc.solve("regular(H) -> regular(H)", groups=groups).dim == order


def test_a_group_in_itself_has_one_coset() -> None:
    assert symc.solve("cosets(G, G) -> perm(G)", groups={"G": "S(4)"}).dim == 1


@pytest.mark.parametrize("group", ["semidirect(C(5) * C(5), S(2), by=perm(S(2)))", "semidirect(C(7), C(3), by=rep(C(3), [[2]]))"])
def test_semidirect_products_are_written_as_they_are_read(group: str) -> None:
    (atom,) = symc.solve("perm(G) -> perm(G)", groups={"G": group}).basis.sources[0].groups
    assert str(atom.definition) == group
