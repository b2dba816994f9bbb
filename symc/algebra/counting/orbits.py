"""Orbits of permutation groups that are too large to be listed, counted on tuples of points."""

from __future__ import annotations

from math import prod

import numpy as np
from numpy.typing import NDArray

from symc.algebra import sizes as sz
from symc.algebra.actions import monomial
from symc.algebra.generators import generators
from symc.algebra.groups import Group
from symc.algebra.reps import Rep, Tensor

TUPLES = 1_000_000  # tuples whose orbits are found

Count = tuple[int, str]


def orbit_count(group: Group, legs: list[Rep]) -> Count | None:
    """The invariants of legs that are (signed) permutations; None for others, and for too many tuples."""
    if prod(sz.number(leg.dim) for leg in legs) > TUPLES:
        return None
    images = [image for generator in generators([group]) if (image := monomial(Tensor(tuple(legs)), generator)) is not None]
    if len(images) < group.discrete:
        return None
    nodes = images[0].d
    plain = _components([image.image for image in images])
    if all(image.is_permutation for image in images):
        return plain, "connected components of tuples"
    flips = [nodes * (image.sign < 0) for image in images]
    cover = [np.concatenate([image.image + flip, image.image + nodes - flip]) for image, flip in zip(images, flips, strict=True)]
    return _components(cover) - plain, "connected components of the signed double cover of tuples"  # only orbits that split there have invariants


def _components(targets: list[NDArray[np.intp]]) -> int:
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    ends, size = np.concatenate(targets), len(targets[0])
    edges = coo_array((np.ones(len(ends), dtype=np.int8), (np.tile(np.arange(size), len(targets)), ends)), shape=(size, size))
    return int(connected_components(edges, directed=False)[0])
