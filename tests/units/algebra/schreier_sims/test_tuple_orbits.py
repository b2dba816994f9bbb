"""Orbits on tuples of points, against a walk through all tuples, and known numbers."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from permutation_groups import NAMED, Perm, beside, signed, weyl

from symc.algebra.partitions import stirling
from symc.algebra.schreier_sims.chain import Chain, stabilizer_chain
from symc.algebra.schreier_sims.tuple_orbits import count_tuple_orbits


def listed(generators: list[Perm], legs: list[range], minus: list[int]) -> int:
    """Orbits on tuples up to sign that do not meet their negative, by walking through all signed tuples."""
    count, seen = 0, set[tuple[Perm, int]]()
    for points in product(*legs):
        start = _least(points, minus)
        if start[1] or start in seen:
            continue
        orbit, new = {start}, [start]
        while new:
            point, sign = new.pop()
            for g in generators:
                image, flip = _least(tuple(g[one] for one in point), minus)
                if (found := (image, sign ^ flip)) not in orbit:
                    orbit.add(found)
                    new.append(found)
        count += (start[0], 1) not in orbit
        seen |= orbit | {(point, 1 - sign) for point, sign in orbit}
    return count


def _least(points: Perm, minus: list[int]) -> tuple[Perm, int]:
    least = tuple(min(point, minus[point]) for point in points)
    return least, sum(one != other for one, other in zip(least, points, strict=True)) % 2


@st.composite
def legs(draw: st.DrawFn) -> tuple[list[Perm], list[range], list[int]]:
    """Permutations of some legs, with and without signs, and their negatives."""
    sizes = draw(st.lists(st.tuples(st.integers(1, 3), st.booleans()), min_size=1, max_size=3))
    ranges, minus = list[range](), list[int]()
    for size, signs in sizes:
        start = len(minus)
        ranges.append(range(start, start + size * (1 + signs)))
        minus += [start + (i + size * signs) % (size * (1 + signs)) for i in range(size * (1 + signs))]
    generators = []
    for _ in range(draw(st.integers(0, 2))):
        image = list(range(len(minus)))
        for leg, (size, signs) in zip(ranges, sizes, strict=True):
            for i, j in enumerate(draw(st.permutations(range(size)))):
                flip = size * (signs and draw(st.booleans()))
                image[leg[i]], image[minus[leg[i]]] = leg[j] + flip, minus[leg[j] + flip]
        generators.append(tuple(image))
    return generators, draw(st.lists(st.sampled_from(ranges), max_size=3)), minus


@given(legs())
def test_orbits_on_tuples_are_those_listed(case: tuple[list[Perm], list[range], list[int]]) -> None:
    generators, chosen, minus = case
    chain = stabilizer_chain(len(minus), generators)
    assert count_tuple_orbits(chain, chosen, np.array(minus)) == listed(generators, chosen, minus)


def test_signs_of_points_that_are_fixed() -> None:
    """One element that keeps a and b, and turns c round: (a, c) times (a, b, c) has the invariants aa, ab, cc."""
    minus, turn = [2, 3, 0, 1, 7, 8, 9, 4, 5, 6], (0, 3, 2, 1, 4, 5, 9, 7, 8, 6)
    chain = stabilizer_chain(10, [turn])
    assert count_tuple_orbits(chain, [range(4), range(4, 10)], np.array(minus)) == 3
    assert count_tuple_orbits(chain, [range(4)] * 3, np.array(minus)) == 4


def whole(name: str) -> Chain:
    return stabilizer_chain(len(NAMED[name][0][0]), NAMED[name][0])


@pytest.mark.parametrize("m", range(6))
def test_orbits_of_large_groups_on_tuples(m: int) -> None:
    """Set partitions, for 5-transitive M24 too; those into even blocks for signed permutations."""
    bell = sum(stirling(m, t) for t in range(m + 1))
    assert count_tuple_orbits(whole("S(100)" if m < 5 else "S(9) and its sign"), [range(9 if m == 5 else 100)] * m) == bell
    assert count_tuple_orbits(whole("M24"), [range(24)] * m) == bell
    minus = np.roll(np.arange(40), 20)
    assert count_tuple_orbits(stabilizer_chain(40, signed(20)), [range(40)] * m, minus) == {0: 1, 2: 1, 4: 4}.get(m, 0)
    assert count_tuple_orbits(whole("C(1000)"), [range(1000)] * m) == (1000 ** (m - 1) if m else 1)


def test_roots_of_e8() -> None:
    """120 axes are 8 + 112 with signs (Frame 1951), and rank 3 without: 1 + 35 + 84."""
    generators, minus = weyl()
    chain = stabilizer_chain(240, generators)
    assert count_tuple_orbits(chain, [range(240)] * 2, np.array(minus)) == 2
    assert count_tuple_orbits(chain, [range(240)] * 2) == 5
    axes, place = sorted({min(i, j) for i, j in enumerate(minus)}), {}
    for index, axis in enumerate(axes):
        place[axis] = place[minus[axis]] = index
    lines = [tuple(place[g[axis]] for axis in axes) for g in generators]
    both = stabilizer_chain(360, beside(generators, lines))
    assert both.order == 696729600
    assert count_tuple_orbits(both, [range(240, 360)] * 2) == 3
    assert count_tuple_orbits(both, [range(240), range(240, 360)]) == 3
    assert count_tuple_orbits(both, [range(240), range(240, 360)], np.array([*minus, *range(240, 360)])) == 0


def test_legs_of_different_kinds() -> None:
    """A point and a pair of 20: in it or not. Two pairs share 0, 1 or 2 points."""
    chain = whole("S(20) on points and pairs")
    points, pairs = range(20), range(20, 210)
    assert count_tuple_orbits(chain, [points, pairs]) == 2
    assert count_tuple_orbits(chain, [pairs, pairs]) == 3
    assert count_tuple_orbits(chain, [points, pairs, points]) == 6
    assert count_tuple_orbits(chain, [points, range(0)]) == 0


def test_orbits_are_given_up_beyond_a_limit() -> None:
    chain = whole("Rubik's cube")
    assert count_tuple_orbits(chain, [range(48)] * 3, limit=10**4) is None
    assert count_tuple_orbits(chain, [range(48)] * 3) == 51


@pytest.mark.parametrize(
    ("legs", "minus"),
    [([range(2)], [0, 1, 2, 3]), ([range(0, 4, 2)], [0, 1, 2, 3]), ([range(5)], [0, 1, 2, 3]), ([], [1, 0, 2, 3]), ([], [1, 2, 3, 0]), ([], [0])],
)
def test_legs_that_are_not_kept_are_refused(legs: list[range], minus: list[int]) -> None:
    chain = stabilizer_chain(4, [(1, 2, 3, 0)])
    with pytest.raises(ValueError, match=r"the leg|negative"):
        count_tuple_orbits(chain, legs, np.array(minus))
