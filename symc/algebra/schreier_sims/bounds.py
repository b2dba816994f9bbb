"""Upper bounds of the order of a permutation group that many groups reach, so that the order is proven as soon as it is found.

Symmetric and alternating groups reach them, products of them, and wreath products of them, iterated and on any number of orbits.
"""

from __future__ import annotations

from math import factorial

import numpy as np

from symc.algebra.schreier_sims.orbit_trees import Level, tree
from symc.algebra.schreier_sims.permutations import Points, Rows, blocks, mixed, orbits, parities, rank, restricted


def bound(generators: Rows, random: np.random.Generator) -> int:
    """The order of a product of iterated wreath products of symmetric groups that holds the group.

    Divided by 2 for each combination of their sign characters that is 1 on the generators. An orbit adds nothing where a larger one determines how it
    is moved.
    """
    label = orbits(generators.shape[1], generators)
    sizes = np.bincount(label, minlength=len(label))
    left = sorted(np.flatnonzero(sizes > 1).tolist(), key=lambda root: -int(sizes[root]))
    bound, chosen, signs = 1, 0, [0] * len(generators)
    elements = mixed(generators, random)
    while left:
        level = tree(left.pop(0), generators)
        fixing = level.descend(elements, elements[:, level.point])
        left = [root for root in left if not _determines(level, fixing, np.flatnonzero(label == root))]
        points = np.sort(level.orbit)
        rows, some, below = (restricted(one, points) for one in (generators, elements, fixing))
        point = int(np.searchsorted(points, level.point))
        while True:
            signs = [sign << 1 | odd for sign, odd in zip(signs, parities(rows, np.zeros(rows.shape[1], dtype=np.intp)), strict=True)]
            chosen += 1
            parts = _nearest_blocks(rows, some, below, point)
            if parts is None:
                break
            roots = np.unique(parts)
            bound *= factorial(rows.shape[1] // len(roots)) ** len(roots)
            rows, some, below = (np.searchsorted(roots, parts[one[:, roots]]) for one in (rows, some, below))
            point = int(np.searchsorted(roots, parts[point]))
        bound *= factorial(rows.shape[1])
    return bound >> (chosen - rank(signs))


def _determines(level: Level, fixing: Rows, points: Points) -> bool:
    """Whether there is a map from an orbit to another that the group keeps; `fixing` are some elements that fix the point of the first."""
    fixed = points[(fixing[:, points] == points).all(axis=0)]
    if not len(fixed):
        return False
    image = np.full(len(level.label), -1)
    image[level.point] = fixed[0]
    layer = np.array([level.point])
    while len(layer):
        heads, values = level.generators[:, layer].ravel(), level.generators[:, image[layer]].ravel()
        new = image[heads] < 0
        image[heads[new]] = values[new]
        layer = np.unique(heads[new])
    return bool((image[level.generators[:, level.orbit]] == level.generators[:, image[level.orbit]]).all())


def _nearest_blocks(generators: Rows, elements: Rows, fixing: Rows, point: int) -> Points | None:
    """A partition of the points of a transitive group into blocks, one of which joins a point with another that elements fixing it hardly move."""
    label = orbits(generators.shape[1], fixing)
    sizes = np.bincount(label, minlength=len(label))
    sizes[point] = 0
    near = np.flatnonzero(sizes)
    if not len(near):
        return None
    pair = np.arange(len(label))
    pair[[point, near[np.argmin(sizes[near])]]] = min(point, int(near[np.argmin(sizes[near])]))
    parts = blocks(generators, blocks(elements, pair))  # a few elements first, as there may be many generators
    return parts if (parts != parts[point]).any() else None
