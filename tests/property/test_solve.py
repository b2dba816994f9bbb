"""Random groups and representations: dimensions against the constraints written out, equivariance, independence, duality, changes of coordinates."""

from __future__ import annotations

import math

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from problems import FINITE, leaves, order, problems, representations

from symc.algebra import construct as c
from symc.algebra import sizes as sz
from symc.algebra.actions import act, generators, matrix
from symc.algebra.elements import sample
from symc.algebra.groups import Group
from symc.algebra.hom import Array, Split
from symc.algebra.reps import Rep
from symc.passes.solve import solve
from symc.passes.solve.counting import nullity

Problem = tuple[Rep, Rep]


def basis(source: Rep, target: Rep) -> Split:
    found = solve((source,), (target,))
    assert isinstance(found, Split)
    return found


def written_out(source: Rep, target: Rep) -> Array:
    """The constraints of all generators, a row each: what no basis of ours is made from where these are few."""
    rows = []
    for generator in generators(dict.fromkeys(source.groups + target.groups)):
        out, into = matrix(target, generator), matrix(source, generator)
        rows.append(np.kron(out, np.eye(len(into))) - np.kron(np.eye(len(out)), into.T))
    return np.concatenate(rows) if rows else np.zeros((0, sz.number(source.dim) * sz.number(target.dim)))


@given(problems())
@settings(max_examples=300)
def test_all_maps_and_only_those(problem: Problem) -> None:
    source, target = problem
    found = basis(source, target)
    rows = written_out(source, target)
    assert found.dim == nullity(rows)
    assert found.certificate.expected in (found.dim, None)
    stack = found.dense().reshape(found.dim, rows.shape[1])
    assert np.linalg.matrix_rank(stack, tol=1e-9) == found.dim if found.dim else True
    scale = max(1.0, float(np.abs(rows).max(initial=0.0)))
    assert np.abs(rows @ stack.T).max(initial=0.0) <= 1e-10 * scale


@given(problems())
@settings(max_examples=100)
def test_maps_back_between_the_duals(problem: Problem) -> None:
    """Hom(V, W) and Hom(W*, V*) are one space, transposed."""
    source, target = problem
    (dual_source,), (dual_target,) = c.dual((source,)), c.dual((target,))
    forth, back = basis(source, target), basis(dual_target, dual_source)
    assert forth.dim == back.dim
    if forth.dim:
        both = np.concatenate([forth.dense(), back.dense().transpose(0, 2, 1)]).reshape(2 * forth.dim, -1)
        assert np.linalg.matrix_rank(both, tol=1e-9) == forth.dim


@given(problems(), st.integers(0, 2**32))
@settings(max_examples=100)
def test_random_elements_commute_too(problem: Problem, seed: int) -> None:
    source, target = problem
    rng = np.random.default_rng(seed)
    element = sample(dict.fromkeys(source.groups + target.groups), rng)
    x = rng.standard_normal(sz.number(source.dim))
    for image in basis(source, target).dense():
        left, right = image @ act(source, element, x), act(target, element, image @ x)
        assert np.abs(left - right).max(initial=0.0) <= 1e-9 * max(1.0, np.abs(left).max(initial=0.0))


@st.composite
def in_other_coordinates(draw: st.DrawFn, rep: Rep, group: Group) -> tuple[Rep, float]:
    """The representation by its images on the generators, in random coordinates; and the condition of these."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    d = sz.number(rep.dim)
    u, v = (np.linalg.qr(rng.standard_normal((d, d)))[0] for _ in range(2))
    values = np.exp(rng.uniform(0, math.log(draw(st.sampled_from((1.0, 3.0, 30.0)))), d))
    p = u * values @ v
    images = [p @ matrix(rep, generator) @ np.linalg.inv(p) for generator in generators([group])]
    return c.rep(group, [image.tolist() for image in images]), float(values.max() / values.min())


@given(st.data())
@settings(max_examples=100)
def test_other_coordinates_have_as_many_maps(data: st.DataObject) -> None:
    group = data.draw(FINITE)
    assume(group.discrete > 0)
    source, target = data.draw(problems(st.just(group)))
    assume(not source.is_complex and set(source.groups) <= {group} >= set(target.groups) and max(source.dim, target.dim) <= 40)
    skewed_source, kappa = data.draw(in_other_coordinates(source, group))
    skewed_target, other = data.draw(in_other_coordinates(target, group))
    found = basis(skewed_source, skewed_target)
    assert found.dim == basis(source, target).dim
    assert found.certificate.residual <= 1e-12 * max(kappa, other) ** 2
    flat = found.dense().reshape(found.dim, sz.number(source.dim) * sz.number(target.dim))
    assert np.abs(flat @ flat.T - np.eye(found.dim)).max(initial=0.0) <= 1e-12


@st.composite
def subgroups(draw: st.DrawFn) -> tuple[Group, Group]:
    """A group of permutations, and the subgroup that some products of its generators generate."""
    n = draw(st.integers(2, 5))
    group = draw(st.sampled_from((c.symmetric(n), c.alternating(n), c.permutations([draw(st.permutations(range(n))) for _ in range(2)]))))
    law = group.law
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    chosen = [law.permutation(law.random(rng)).tolist() for _ in range(draw(st.integers(1, 2)))]  # type: ignore[attr-defined]
    return group, c.generated_subgroup(group, chosen)


@given(st.data())
@settings(max_examples=100)
def test_frobenius_reciprocity(data: st.DataObject) -> None:
    """Hom_G(Ind V, W) has the dimension of Hom_H(V, Res W), and Hom_G(W, Ind V) that of Hom_H(Res W, V)."""
    group, inner = data.draw(subgroups())
    small = data.draw(representations(inner, most=6, depth=1))
    large = data.draw(representations(group, most=24, depth=1))
    assume(small.groups == (inner,) and large.groups == (group,) and small.is_complex == large.is_complex)
    index = order(group) // order(inner)
    assume(index * sz.number(small.dim) <= 60)
    induced = c.induce(small, group)
    (restricted,) = c.restrict((large,), inner)
    assert basis(induced, large).dim == basis(small, restricted).dim
    assert basis(large, induced).dim == basis(restricted, small).dim


@given(subgroups())
@settings(max_examples=50)
def test_cosets_are_induced_from_the_trivial_representation(pair: tuple[Group, Group]) -> None:
    group, inner = pair
    cosets = c.cosets(group, inner)
    assert sz.number(cosets.dim) == order(group) // order(inner)
    for leaf in leaves(group):
        (restricted,) = c.restrict((leaf,), inner)
        fixed = nullity(np.concatenate([matrix(restricted, g) - np.eye(sz.number(leaf.dim)) for g in generators([inner])]))
        assert basis(cosets, leaf).dim == fixed
