"""Random groups and representations: dimension against the constraints written out, equivariance, independence, duality."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from symc.algebra.actions import act
from symc.algebra.elements import sample
from symc.algebra.enumeration import enumerate_group
from symc.algebra.groups import Cyclic, Dihedral, Group, Matrices, Orthogonal, Permutations, SpecialOrthogonal, Symmetric
from symc.algebra.reps import Perm, Regular, Rep, Sign, Tensor, Vector, dual
from symc.algebra.summands import Leg
from symc.passes.solve import solve
from symc.passes.solve.counting import constraints, nullity, unknowns

Legs = tuple[Leg, ...]
MOST = 300


@st.composite
def permutation_groups(draw: st.DrawFn) -> Permutations:
    degree = draw(st.integers(1, 5))
    return Permutations(degree, tuple(map(tuple, draw(st.lists(st.permutations(range(degree)), min_size=1, max_size=2)))))


@st.composite
def matrix_groups(draw: st.DrawFn) -> Matrices:
    """Signed permutations of two or three coordinates in skewed coordinates: finite, rarely orthogonal."""
    d = draw(st.integers(2, 3))
    shear = np.eye(d, dtype=int)
    shear[0, 1] = draw(st.integers(-2, 2))
    back = 2 * np.eye(d, dtype=int) - shear
    images = []
    for _ in range(draw(st.integers(1, 2))):
        image = np.eye(d, dtype=int)[draw(st.permutations(range(d)))] * np.array([draw(st.sampled_from((-1, 1))) for _ in range(d)])
        images.append(tuple(tuple(map(int, row)) for row in shear @ image @ back))
    return Matrices(tuple(images))


@st.composite
def problems(draw: st.DrawFn) -> tuple[Legs, Legs]:
    """Legs of one group for source and target, at most MOST entries."""
    n = st.integers(1, 5)
    finite = [st.builds(family, n) for family in (Symmetric, Cyclic, Dihedral)]
    compact = [st.builds(family, st.integers(1, 3)) for family in (Orthogonal, SpecialOrthogonal)]
    group = draw(st.one_of(permutation_groups(), matrix_groups(), *finite, *compact))
    known = leaves(group)
    legs = draw(st.lists(st.sampled_from(known), max_size=4))
    while unknowns(tuple(legs), ()) > MOST:
        legs.pop()
    cut = draw(st.integers(0, len(legs)))
    return tuple(legs[:cut]), tuple(legs[cut:])


def leaves(group: Group) -> list[Leg]:
    result: list[Leg] = [Sign(group)]
    if isinstance(group, Symmetric | Cyclic | Dihedral | Permutations):
        result.append(Perm(group))
    if isinstance(group, Cyclic | Dihedral | Orthogonal | SpecialOrthogonal | Matrices):
        result.append(Vector(group))
    if isinstance(group, Matrices):
        contragredient = dual(Vector(group))
        assert isinstance(contragredient, Leg)
        result.append(contragredient)
    if not isinstance(group, Orthogonal | SpecialOrthogonal) and (order := enumerate_group(group).order) <= 24:
        result.append(Regular(group, order))
    return result


@given(problems())
@settings(max_examples=150)
def test_all_maps_and_only_those(problem: tuple[Legs, Legs]) -> None:
    source, target = problem
    basis = solve((Tensor(source),), (Tensor(target),))
    rows = constraints(source, target)
    assert basis.dim == nullity(rows)
    assert basis.certificate.expected in (basis.dim, None)
    stack = basis.dense().reshape(basis.dim, unknowns(source, target))
    assert np.linalg.matrix_rank(stack, tol=1e-9) == basis.dim if basis.dim else True
    assert np.abs(rows @ stack.T).max(initial=0.0) < 1e-10


@given(problems())
@settings(max_examples=50)
def test_duality(problem: tuple[Legs, Legs]) -> None:
    source, target = problem
    back = solve((dual(Tensor(target)),), (dual(Tensor(source)),))
    assert solve((Tensor(source),), (Tensor(target),)).dim == back.dim


@given(problems(), st.integers(0, 2**32))
@settings(max_examples=50)
def test_random_elements_commute_too(problem: tuple[Legs, Legs], seed: int) -> None:
    source, target = (Tensor(legs) for legs in problem)
    groups = dict.fromkeys(source.groups + target.groups)
    element = sample(groups, np.random.default_rng(seed))
    rng = np.random.default_rng(seed)
    x = rng.standard_normal(_size(source))
    for image in solve((source,), (target,)).dense():
        left, right = image @ act(source, element, x), act(target, element, image @ x)
        assert np.abs(left - right).max(initial=0.0) <= 1e-9 * max(1.0, np.abs(left).max(initial=0.0))


def _size(rep: Rep) -> int:
    assert isinstance(rep.dim, int)
    return rep.dim


