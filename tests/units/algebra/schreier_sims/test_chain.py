"""Stabilizer chains and bounds of orders, against listed groups, sympy and known orders."""

from __future__ import annotations

from itertools import permutations
from math import factorial, prod

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from permutation_groups import NAMED, Perm, after, closure, m24, symmetric

from symc.algebra.errors import GroupTooLarge
from symc.algebra.schreier_sims import bounds, schreier
from symc.algebra.schreier_sims.bounds import bound
from symc.algebra.schreier_sims.chain import orbits, stabilizer_chain
from symc.algebra.schreier_sims.permutations import as_rows

Given = tuple[int, list[Perm]]


@pytest.mark.parametrize("name", NAMED)
def test_orders(name: str) -> None:
    generators, order = NAMED[name]
    degree = len(generators[0])
    chain = stabilizer_chain(degree, generators)
    assert chain.order == order
    assert prod(len(chain.orbit(depth)) for depth in range(len(chain.base))) == order
    rng = np.random.default_rng(0)
    element = chain.random(rng)
    assert chain.contains(element)
    if order < factorial(degree):
        assert not chain.contains(rng.permutation(degree) if order < factorial(degree) // 2 else symmetric(degree)[0])
    assert not chain.stabilizer(len(chain.base))
    for most in (order, 2 * order):  # a bound of the order, that is reached or is not
        assert stabilizer_chain(degree, generators, most=most).order == order


@pytest.mark.parametrize(
    ("degree", "generators", "order"),
    [(0, [], 1), (0, [()], 1), (1, [], 1), (1, [(0,)], 1), (9, [], 1), (4, [(0, 1, 2, 3)] * 3, 1), (4, [(1, 0, 2, 3)] * 5, 2), (2, [(1, 0)], 2)],
)
def test_trivial_arguments(degree: int, generators: list[Perm], order: int) -> None:
    chain = stabilizer_chain(degree, generators)
    assert chain.order == order
    assert chain.contains(range(degree))
    assert chain.random(np.random.default_rng(0)).shape == (degree,)
    assert chain.canonical_coset(np.arange(degree)).tolist() == list(range(degree))


@pytest.mark.parametrize(
    ("degree", "generators", "base"),
    [(3, [(0, 1, 1)], ()), (3, [(0, 1)], ()), (3, [(0, 1, 3)], ()), (3, [(1, 0, -1)], ()), (3, [(1, 0, 2)], (3,)), (0, [(0,)], ())],
)
def test_what_is_no_group_is_refused(degree: int, generators: list[Perm], base: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=r"not permutations|the base"):
        stabilizer_chain(degree, generators, base)


@st.composite
def groups(draw: st.DrawFn, most: int = 6, least: int = 1) -> Given:
    degree = draw(st.integers(least, most))
    kinds = st.permutations(range(degree)), st.tuples(*[st.integers(0, degree - 1)] * 2).map(lambda pair: _swap(degree, *pair))
    return degree, [tuple(one) for one in draw(st.lists(st.one_of(*kinds), max_size=3))]


def _swap(degree: int, first: int, second: int) -> list[int]:
    image = list(range(degree))
    image[first], image[second] = second, first
    return image


@given(groups(), st.data())
def test_chains_are_those_of_the_listed_group(group: Given, data: st.DataObject) -> None:
    degree, generators = group
    base = data.draw(st.lists(st.integers(0, degree - 1), max_size=4))
    elements = closure(degree, generators)
    chain = stabilizer_chain(degree, generators, base)
    assert chain.order == len(elements)
    assert chain.base[: len(base)] == tuple(base)
    assert {one for one in permutations(range(degree)) if chain.contains(one)} == elements
    for depth in range(len(chain.base) + 1):
        fixing = {one for one in elements if all(one[point] == point for point in chain.base[:depth])}
        assert closure(degree, [tuple(one.tolist()) for one in chain.stabilizer(depth)]) == fixing
        if depth < len(chain.base):
            assert set(chain.orbit(depth).tolist()) == {one[chain.base[depth]] for one in fixing}
    assert len(fixing) == 1


@given(groups(most=5))
def test_cosets_have_one_representative_each(group: Given) -> None:
    degree, generators = group
    chain = stabilizer_chain(degree, generators)
    elements = closure(degree, generators)
    every = np.array(list(permutations(range(degree))))
    chosen = [tuple(row) for row in chain.canonical_coset(every).tolist()]
    for g, representative in zip(map(tuple, every.tolist()), chosen, strict=True):
        assert representative in {after(g, h) for h in elements}
    assert len(set(chosen)) == len(every) // len(elements)
    assert chain.canonical_coset(every[-1]).tolist() == list(chosen[-1])


@given(groups(most=7), st.data())
def test_sifting_takes_off_transversals(group: Given, data: st.DataObject) -> None:
    degree, generators = group
    chain = stabilizer_chain(degree, generators)
    permutation = tuple(data.draw(st.permutations(range(degree))))
    left, depth = chain.sift(permutation)
    assert all(left[point] == point for point in chain.base[:depth])
    inverse = np.empty(degree, dtype=int)
    inverse[left] = np.arange(degree)
    assert chain.contains(np.array(permutation)[inverse])  # p = u left, for an element u of the group
    assert depth == len(chain.base) or left[chain.base[depth]] not in chain.orbit(depth)


def several(degree: int, seed: int) -> list[Perm]:
    """Generators that move few points, or keep blocks, or move everything."""
    rng = np.random.default_rng(seed)
    result = []
    for _ in range(rng.integers(1, 4)):
        row = np.arange(degree)
        size = int(rng.choice([1, 2, 3]))
        blocks = row[: degree - degree % size].reshape(-1, size)
        some = rng.choice(len(blocks), size=int(rng.integers(2, len(blocks) + 1)), replace=False)
        row[blocks[some]] = blocks[rng.permutation(some)]
        result.append(tuple(row.tolist()))
    return result


@pytest.mark.parametrize("seed", range(60))
def test_orders_are_those_of_sympy(seed: int) -> None:
    from sympy.combinatorics import Permutation, PermutationGroup

    degree = 6 + seed % 13
    generators = several(degree, seed)
    order = PermutationGroup([Permutation(list(one)) for one in generators]).order()
    assert stabilizer_chain(degree, generators).order == order
    assert bound(as_rows(degree, generators), np.random.default_rng(0)) >= order


@given(groups(most=7))
def test_bounds_are_no_smaller_than_the_order(group: Given) -> None:
    degree, generators = group
    assert bound(as_rows(degree, generators), np.random.default_rng(0)) >= len(closure(degree, generators))


@pytest.mark.parametrize("name", ["S(100)", "A(61)", "signed", "triangles", "S(150) twice", "S(9) and its sign", "C(2)^30"])
def test_bounds_that_are_the_order(name: str) -> None:
    generators, order = NAMED[name]
    assert bound(as_rows(len(generators[0]), generators), np.random.default_rng(0)) == order


def no_luck(patch: pytest.MonkeyPatch) -> None:
    """One generator for all random elements, and a bound that is never reached."""
    patch.setattr(schreier, "mixed", lambda rows, random: rows[:1])
    patch.setattr(schreier, "bound", lambda rows, random: factorial(len(rows[0])) + 1)
    patch.setattr(schreier._Building, "test", lambda building: None)


@pytest.mark.parametrize("name", ["Rubik's cube", "M24", "C(3)^30", "S(7) x C(5), apart", "S(9) and its sign"])
def test_the_order_does_not_rest_on_luck(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    no_luck(monkeypatch)
    generators, order = NAMED[name]
    assert stabilizer_chain(len(generators[0]), generators).order == order


@given(groups())
def test_small_orders_do_not_rest_on_luck(group: Given) -> None:
    degree, generators = group
    with pytest.MonkeyPatch.context() as patch:
        no_luck(patch)
        for base in ((), range(degree), range(degree - 1, -1, -1)):
            assert stabilizer_chain(degree, generators, base).order == len(closure(degree, generators))


@given(groups())
def test_bounds_do_not_rest_on_luck(group: Given) -> None:
    degree, generators = group
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bounds, "mixed", lambda rows, random: rows[:1])
        assert bound(as_rows(degree, generators), np.random.default_rng(0)) >= len(closure(degree, generators))


def test_long_proofs_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schreier, "PROOF", 10**4)
    with pytest.raises(GroupTooLarge, match="48 points"):
        stabilizer_chain(48, NAMED["Rubik's cube"][0])
    assert stabilizer_chain(100, symmetric(100)).order == factorial(100)  # by its bound


@pytest.mark.parametrize("rng", [np.random.default_rng(3), np.random.RandomState(3)], ids=["Generator", "RandomState"])
def test_random_elements_are_uniform(rng: np.random.Generator) -> None:
    generators = [(1, 2, 0, 3, 4, 5), (1, 0, 2, 4, 3, 5)]
    chain = stabilizer_chain(6, generators)
    counts = dict.fromkeys(closure(6, generators), 0)
    for _ in range(1200):
        counts[tuple(chain.random(rng).tolist())] += 1
    assert len(counts) == chain.order == 6
    assert sum((count - 200) ** 2 / 200 for count in counts.values()) < 20.5  # chi squared, 5 degrees of freedom: once in a thousand


def test_explicit_transversals_and_trees_agree(monkeypatch: pytest.MonkeyPatch) -> None:
    every = np.array([np.random.default_rng(seed).permutation(24) for seed in range(20)])
    explicit = stabilizer_chain(24, m24())
    monkeypatch.setattr(schreier, "FLAT", 0)
    trees = stabilizer_chain(24, m24())
    assert trees.order == explicit.order
    assert (trees.canonical_coset(every) == explicit.canonical_coset(every)).all()


@given(groups(most=7))
def test_orbits(group: Given) -> None:
    degree, generators = group
    elements = closure(degree, generators)
    assert orbits(degree, generators).tolist() == [min(one[point] for one in elements) for point in range(degree)]
