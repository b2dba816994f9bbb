"""Laws that every group, representation and element keeps, over random ones."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from symc.algebra import construct as make
from symc.algebra import sizes as sz
from symc.algebra.actions import act, generators, matrix, monomial
from symc.algebra.counting.characters import character
from symc.algebra.counting.counts import hom_dim
from symc.algebra.elements import Element, exp, sample, word
from symc.algebra.enumeration import enumerate_group, group_order
from symc.algebra.errors import AlgebraError
from symc.algebra.groups import Cyclic, Dihedral, Group, Matrices, Named, Orthogonal, Permutations, SpecialOrthogonal, Symmetric
from symc.algebra.monomial import Monomial
from symc.algebra.reps import Dual, Leaf, Perm, Pixels, Regular, Rep, Sign, Sum, Tensor, Trivial, Vector, dual

SHEAR = Matrices((((1, 1), (0, 1)), ((0, -1), (1, 0))))
TRIANGLE = Matrices((((0.5, -1.75), (1.0, -1.5)),))  # of order three, not orthogonal


def named(groups: SearchStrategy[Group]) -> SearchStrategy[Group]:
    return groups | groups.map(lambda group: Named("G", group))


@st.composite
def permutation_groups(draw: DrawFn, largest: int = 6) -> Permutations:
    degree = draw(st.integers(1, largest))
    return Permutations(degree, tuple(map(tuple, draw(st.lists(st.permutations(range(degree)), min_size=1, max_size=3)))))


sizes = st.integers(1, 6)
finite = sizes.map(Cyclic) | sizes.map(Dihedral) | st.integers(0, 4).map(Symmetric) | permutation_groups(4) | st.just(TRIANGLE)
lie = st.integers(1, 4).map(Orthogonal) | st.integers(1, 4).map(SpecialOrthogonal)
atoms = named(finite | lie | st.just(SHEAR))
seeds = st.integers(0, 2**32 - 1).map(np.random.default_rng)


def leaves_of(group: Group) -> list[Leaf | Dual]:
    """Every leaf of a group."""
    leaves: list[Leaf | Dual] = [] if isinstance(group.definition, Cyclic) else [Sign(group)]
    match group.definition:
        case Symmetric() | Permutations():
            leaves += [Perm(group)]
        case Cyclic(n) | Dihedral(n):
            leaves += [Perm(group), Vector(group)] + ([Pixels(group, 3, 3)] if n in (1, 2, 4) else [])
        case Orthogonal() | SpecialOrthogonal():
            leaves += [Vector(group)]
        case _:
            leaves += [Vector(group), Dual(Vector(group))]
    order = None if group.definition == SHEAR else group_order(group)
    return leaves if order is None else [*leaves, Regular(group, order)]


def branches(inner: SearchStrategy[Rep]) -> SearchStrategy[Rep]:
    parts = st.lists(inner, min_size=1, max_size=3).map(tuple)
    return parts.map(Sum) | parts.map(Tensor)


@st.composite
def reps(draw: DrawFn) -> Rep:
    """Trees over the leaves of one or two groups, small enough for dense matrices."""
    groups = draw(st.lists(atoms, min_size=1, max_size=2, unique=True))
    leaf = st.sampled_from([leaf for group in groups for leaf in leaves_of(group)] + [Trivial(2)])
    tree = st.recursive(leaf, branches, max_leaves=4)
    rep: Rep = draw(tree | st.just(Tensor(())))
    return rep if sz.number(rep.dim) <= 200 else draw(leaf)


def close(left: object, right: object) -> None:
    np.testing.assert_allclose(left, right, rtol=1e-9, atol=1e-9 * (1 + float(np.abs(np.asarray(right)).max(initial=0))))


def element_of(rep: Rep, rng: np.random.Generator) -> Element:
    """A random element; of short length in an infinite group of matrices, whose entries would grow."""
    if any(group.definition == SHEAR for group in rep.groups):
        choices = [one for one in generators(rep.groups) if not one.lie]
        return word([choices[i] for i in rng.integers(len(choices), size=8)])
    return sample(rep.groups, rng)


@given(rep=reps(), rng=seeds)
def test_representations_are_homomorphisms(rep: Rep, rng: np.random.Generator) -> None:
    a, b = element_of(rep, rng), element_of(rep, rng)
    close(matrix(rep, a @ b), matrix(rep, a) @ matrix(rep, b))
    close(matrix(rep, a) @ matrix(rep, a.inverse()), np.eye(sz.number(rep.dim)))


@given(rep=reps(), rng=seeds)
def test_action_is_the_matrix(rep: Rep, rng: np.random.Generator) -> None:
    x = rng.standard_normal((3, sz.number(rep.dim), 2))
    for by in (*generators(rep.groups), element_of(rep, rng)):
        close(act(rep, by, x, axis=1), np.einsum("ij,bjc->bic", matrix(rep, by), x))


@given(rep=reps(), rng=seeds)
def test_monomial_is_the_matrix(rep: Rep, rng: np.random.Generator) -> None:
    for by in generators(rep.groups):
        if (found := monomial(rep, by)) is None:
            continue
        if by.lie:
            assert not matrix(rep, by).any()
        else:
            assert np.array_equal(found.dense(), matrix(rep, by))


@given(rep=reps(), rng=seeds)
def test_character_is_the_trace_and_a_class_function(rep: Rep, rng: np.random.Generator) -> None:
    a, b = element_of(rep, rng), element_of(rep, rng)
    close(character(rep, a), np.trace(matrix(rep, a)))
    close(character(rep, b @ a @ b.inverse()), character(rep, a))


@given(rep=reps(), rng=seeds)
def test_the_pairing_with_the_dual_is_invariant(rep: Rep, rng: np.random.Generator) -> None:
    element = element_of(rep, rng)
    u, v = rng.standard_normal((2, sz.number(rep.dim)))
    close(act(dual(rep), element, u) @ act(rep, element, v), u @ v)
    for one in generators(rep.groups):
        if one.lie:
            close(act(dual(rep), one, u) @ v, -u @ act(rep, one, v))


@given(n=st.integers(1, 40), data=st.data())
def test_dihedral_relations(n: int, data: st.DataObject) -> None:
    group = Dihedral(n)
    leaf = data.draw(st.sampled_from(leaves_of(group)))
    r, s = (matrix(leaf, one) for one in generators([group]))
    one = np.eye(len(r))
    for relation in (np.linalg.matrix_power(r, n), s @ s, r @ s @ r @ s):
        close(relation, one)


@given(n=st.integers(2, 5), data=st.data())
def test_symmetric_relations(n: int, data: st.DataObject) -> None:
    """Moore's relations for (0 1) and the long cycle."""
    group = Symmetric(n)
    leaf = data.draw(st.sampled_from(leaves_of(group)))
    t, c = (matrix(leaf, one) for one in generators([group]))
    power, one = np.linalg.matrix_power, np.eye(len(t))
    relations = [t @ t, power(c, n), power(t @ c, n - 1)]
    relations += [power(t @ power(c.T, j) @ t @ power(c, j), 2) for j in range(2, n - 1)]
    for relation in relations:
        assert np.array_equal(relation, one)


@given(group=lie, rng=seeds)
def test_lie_action_is_the_derivative_of_the_exponential(group: Orthogonal | SpecialOrthogonal, rng: np.random.Generator) -> None:
    rep = Tensor((Vector(group), Sum((Vector(group), Trivial(2))), *([Sign(group)])))
    algebra = [one for one in generators([group]) if one.lie]
    step, d = 1e-4, len(algebra)
    for index, one in enumerate(algebra):
        weights = np.eye(d)[index] * step
        slope = (matrix(rep, exp(group, weights)) - matrix(rep, exp(group, -weights))) / (2 * step)
        np.testing.assert_allclose(slope, matrix(rep, one), atol=1e-6)
    whole = exp(group, rng.standard_normal(d)).parts[group]
    np.testing.assert_allclose(whole @ whole.T, np.eye(len(whole)), atol=1e-13)


@given(n=st.integers(2, 4))
def test_lie_action_keeps_brackets(n: int) -> None:
    group = SpecialOrthogonal(n)
    rep = Tensor((Vector(group), Vector(group)))
    basis = [matrix(Vector(group), one) for one in generators([group])]
    images = [matrix(rep, one) for one in generators([group])]
    for (a, rho_a), (b, rho_b) in pairwise(zip(basis, images, strict=True)):
        bracket = a @ b - b @ a
        expected = sum((np.tensordot(bracket, x, 2) / 2 * image for x, image in zip(basis, images, strict=True)), np.zeros_like(rho_a))
        np.testing.assert_allclose(rho_a @ rho_b - rho_b @ rho_a, expected, atol=1e-12)


@st.composite
def monomials(draw: DrawFn) -> Monomial:
    d = draw(st.integers(0, 5))
    sign = draw(st.lists(st.sampled_from([1, -1]), min_size=d, max_size=d))
    return Monomial(np.array(draw(st.permutations(range(d))), dtype=np.intp), np.array(sign, dtype=np.int8))


@given(a=monomials(), b=monomials())
def test_signed_permutations_multiply_as_matrices(a: Monomial, b: Monomial) -> None:
    assert np.array_equal(a.kron(b).dense(), np.kron(a.dense(), b.dense()))
    assert np.array_equal(a.inverse().dense(), a.dense().T)
    assert a.trace() == np.trace(a.dense())
    assert np.array_equal(a.direct_sum(b).dense()[: a.d, : a.d], a.dense())
    assert np.array_equal(a.direct_sum(b).dense()[a.d :, a.d :], b.dense())
    if a.d == b.d:
        assert np.array_equal((a @ b).dense(), a.dense() @ b.dense())


@given(group=permutation_groups(), rng=seeds)
def test_one_group_in_three_disguises_has_one_order(group: Permutations, rng: np.random.Generator) -> None:
    """As permutations (listed, and by Schreier-Sims), as integer matrices, and as matrices in a skew basis."""
    images = [matrix(Perm(group), one) for one in generators([group])]
    skew = np.eye(group.degree) + 0.3 * rng.uniform(-1, 1, (group.degree,) * 2) / group.degree
    listed = enumerate_group(group)
    assert listed.order == group_order(group)
    for disguised in (images, [np.linalg.solve(skew, image) @ skew for image in images]):
        assert np.array_equal(enumerate_group(make.matrices([image.tolist() for image in disguised])).left, listed.left)


@given(texts=st.lists(st.text("()0123, x", max_size=12) | st.lists(st.integers(-1, 4), max_size=4), max_size=3))
def test_permutations_are_built_or_refused(texts: list[str | list[int]]) -> None:
    try:
        group = make.permutations(texts)
    except AlgebraError:
        return
    assert isinstance(group, Permutations)
    assert all(sorted(image) == list(range(group.degree)) for image in group.images)
    assert make.permutations([list(image) for image in group.images]) == group


@given(entries=st.lists(st.lists(st.lists(st.integers(-2, 2) | st.floats(), max_size=2), max_size=2), max_size=2))
def test_matrices_are_built_or_refused(entries: list[list[list[float]]]) -> None:
    try:
        group = make.matrices(entries)
    except AlgebraError:
        return
    for one in generators([group]):
        moved = matrix(Vector(group), one)
        assert np.linalg.matrix_rank(moved) == len(moved)


@settings(max_examples=60)
@given(group=permutation_groups(4), sources=st.integers(0, 2), targets=st.integers(0, 1), signs=st.integers(0, 1))
def test_counts_for_permutation_groups(group: Permutations, sources: int, targets: int, signs: int) -> None:
    """Against the invariants: the rank of what the generators move."""
    legs: list[Leaf | Dual] = [Perm(group)] * sources + [Sign(group)] * signs
    into: list[Leaf | Dual] = [Perm(group)] * targets + [Sign(group)]
    rep = Tensor((*legs, *into))
    moved = np.concatenate([matrix(rep, one) - np.eye(sz.number(rep.dim)) for one in generators([group])])
    found = hom_dim(legs, into)
    assert found is not None
    assert found[0] == sz.number(rep.dim) - np.linalg.matrix_rank(moved)


@given(group=finite)
def test_regular_contains_every_leaf_as_often_as_its_dimension(group: Group) -> None:
    order = group_order(group)
    assert order is not None
    for leaf in leaves_of(group):
        found = hom_dim([Regular(group, order)], [leaf])
        assert found is not None
        assert found[0] == leaf.dim
