"""Permutation groups of known order, and all elements of small ones."""

from __future__ import annotations

from itertools import combinations, product
from math import factorial

import numpy as np

Perm = tuple[int, ...]

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
