"""Stabilizer chains, bounds of orders and orbits on tuples, against listed groups, sympy and known orders."""

from __future__ import annotations

from itertools import combinations, permutations, product
from math import factorial, prod

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from symc.algebra import bounds, schreier
from symc.algebra.bounds import bound
from symc.algebra.chain import Chain, orbits, stabilizer_chain
from symc.algebra.errors import GroupTooLarge
from symc.algebra.permutations import as_rows
from symc.algebra.tableaux import stirling
from symc.algebra.tuple_orbits import count_tuple_orbits

Perm = tuple[int, ...]
Given = tuple[int, list[Perm]]

# faces of Rubik's cube, stickers 1 to 48, each a clockwise turn
CUBE = """(1 3 8 6)(2 5 7 4)(9 33 25 17)(10 34 26 18)(11 35 27 19)
(9 11 16 14)(10 13 15 12)(1 17 41 40)(4 20 44 37)(6 22 46 35)
(17 19 24 22)(18 21 23 20)(6 25 43 16)(7 28 42 13)(8 30 41 11)
(25 27 32 30)(26 29 31 28)(3 38 43 19)(5 36 45 21)(8 33 48 24)
(33 35 40 38)(34 37 39 36)(3 9 46 32)(2 12 47 29)(1 14 48 27)
(41 43 48 46)(42 45 47 44)(14 22 30 38)(15 23 31 39)(16 24 32 40)"""


def after(g: Perm, h: Perm) -> Perm:
    return tuple(g[point] for point in h)


def closure(degree: int, generators: list[Perm]) -> set[Perm]:
    found = {tuple(range(degree))}
    new = list(found)
    while new:
        new = [one for one in {after(g, h) for g in generators for h in new} if one not in found]
        found.update(new)
    return found


def from_cycles(degree: int, text: str) -> Perm:
    image = list(range(degree))
    for cycle in text.strip("()").split(")("):
        points = [int(point) - 1 for point in cycle.split()]
        for point, following in zip(points, points[1:] + points[:1], strict=True):
            image[point] = following
    return tuple(image)


def symmetric(n: int) -> list[Perm]:
    return [(1, 0, *range(2, n)), (*range(1, n), 0)]


def on(points: list[frozenset[int]], generators: list[Perm]) -> list[Perm]:
    place = {point: index for index, point in enumerate(points)}
    return [tuple(place[frozenset(g[one] for one in point)] for point in points) for g in generators]


def beside(*parts: list[Perm]) -> list[Perm]:
    """Generators that act on several sets of points at once."""
    result = []
    for images in zip(*parts, strict=True):
        starts = np.cumsum([0, *(len(image) for image in images)]).tolist()
        result.append(tuple(start + point for start, image in zip(starts, images, strict=False) for point in image))
    return result


def signed(n: int) -> list[Perm]:
    """Signed permutations of n coordinates on their 2 n signed points; i + n is minus i."""
    turn = [*((i + 1) % n for i in range(n)), *(n + (i + 1) % n for i in range(n))]
    return [(n, *range(1, n), 0, *range(n + 1, 2 * n)), (1, 0, *range(2, n), n + 1, n, *range(n + 2, 2 * n)), tuple(turn)]


def triangles(k: int) -> list[Perm]:
    """S(3) in each of k blocks, and the permutations of the blocks."""
    n = 3 * k
    return [(1, 0, *range(2, n)), (1, 2, 0, *range(3, n)), (3, 4, 5, 0, 1, 2, *range(6, n)), tuple((i + 3) % n for i in range(n))]


def m24() -> list[Perm]:
    """On the projective line over F_23: x -> x + 1, x -> -1/x, and x -> x^3/9 or 9 x^3 (Conway, Sloane 1988, chapter 10)."""
    infinity, squares = 23, {x * x % 23 for x in range(1, 23)}
    cube = [x**3 * pow(9, -1, 23) % 23 if x in squares else 9 * x**3 % 23 for x in range(23)]
    inversion = [infinity, *(-pow(x, -1, 23) % 23 for x in range(1, 23)), 0]
    return [(*range(1, 23), 0, infinity), tuple(inversion), (*cube, infinity)]


def roots() -> list[Perm]:
    """The 240 roots of E8, times 2."""
    ends = [(a, b) for a in (2, -2) for b in (2, -2)]
    whole = [tuple({i: a, j: b}.get(k, 0) for k in range(8)) for i, j in combinations(range(8), 2) for a, b in ends]
    return whole + [half for half in product((1, -1), repeat=8) if half.count(-1) % 2 == 0]


def weyl() -> tuple[list[Perm], list[int]]:
    """Reflections in simple roots, and the negatives."""
    points = roots()
    place = {point: index for index, point in enumerate(points)}
    steps = [tuple({i: 2, i + 1: -2}.get(k, 0) for k in range(8)) for i in range(6)]
    simple = np.array([*steps, (0, 0, 0, 0, 0, 2, 2, 0), (-1,) * 8])
    array = np.array(points)
    images = [array - np.outer(array @ root // 4, root) for root in simple]
    return [tuple(place[tuple(row)] for row in image.tolist()) for image in images], [place[tuple(-x for x in point)] for point in points]


def affine(p: int, primitive: int) -> list[Perm]:
    return [tuple((x + 1) % p for x in range(p)), tuple(x * primitive % p for x in range(p))]


def turns(k: int) -> Perm:
    """Turns of 30 triangles: of number k by one step, of later ones by any number."""
    steps = np.concatenate([np.zeros(k, dtype=int), [1], np.random.default_rng(k).integers(3, size=29 - k)]).tolist()
    return tuple(3 * place + (i + step) % 3 for place, step in enumerate(steps) for i in range(3))


EDGES = [frozenset(pair) for pair in combinations(range(20), 2)]
NAMED: dict[str, tuple[list[Perm], int]] = {
    "Rubik's cube": ([from_cycles(48, line) for line in CUBE.splitlines()], 43252003274489856000),
    "M24": (m24(), 244823040),
    "W(E8)": (weyl()[0], 696729600),
    "S(100)": (symmetric(100), factorial(100)),
    "S(300)": (symmetric(300), factorial(300)),
    "A(61)": ([(1, 2, 0, *range(3, 61)), (*range(1, 61), 0)], factorial(61) // 2),
    "C(1000)": ([(*range(1, 1000), 0)], 1000),
    "D(1000)": ([(*range(1, 1000), 0), tuple(-i % 1000 for i in range(1000))], 2000),
    "S(20) on pairs": (on(EDGES, symmetric(20)), factorial(20)),
    "S(20) on points and pairs": (beside(symmetric(20), on(EDGES, symmetric(20))), factorial(20)),
    "S(150) twice": (beside(symmetric(150), symmetric(150)), factorial(150)),
    "S(9) and its sign": (beside(symmetric(9), [(1, 0), (0, 1)]), factorial(9)),
    "signed": (signed(60), 2**60 * factorial(60)),
    "triangles": (triangles(40), 6**40 * factorial(40)),
    "AGL(1, 499)": (affine(499, 7), 499 * 498),
    "C(2)^30": ([tuple(i ^ (i // 2 == k) for i in range(60)) for k in range(30)], 2**30),
    "C(3)^30": ([turns(k) for k in range(30)], 3**30),
    "S(7) x C(5), apart": ([(*symmetric(7)[0], *range(7, 12)), (*symmetric(7)[1], *range(7, 12)), (*range(7), 8, 9, 10, 11, 7)], 5040 * 5),
}


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
