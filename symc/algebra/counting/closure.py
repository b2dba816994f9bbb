"""Groups known by the images of their generators alone: the finite group of the images of all legs together."""

from __future__ import annotations

from math import prod

import numpy as np

from symc.algebra import groups as g
from symc.algebra import sizes as sz
from symc.algebra.actions import matrix
from symc.algebra.enumeration import enumerate_group
from symc.algebra.generators import generators
from symc.algebra.groups import Group
from symc.algebra.reps import Rep
from symc.algebra.reps.base import block_diagonal

NUMBERS = 3 * 10**7  # in the matrices of all elements together

Count = tuple[int, str]


def closed_mean(group: Group, legs: list[Rep], limit: int) -> Count | None:
    """The invariants of a tensor product, as the mean of its character over the matrices that the generators generate on the direct sum of the legs.

    Their elements are told apart up to rounding. None for groups with a Lie algebra; raises GroupTooLarge beyond `limit` elements.
    """
    if sz.number(group.lie):
        return None
    distinct = list(dict.fromkeys(legs))
    images = [block_diagonal([matrix(leg, one) for leg in distinct]) for one in generators((group,))]
    size = len(images[0])
    rows = tuple(tuple(tuple(entry.item() for entry in row) for row in image) for image in images)
    listed = enumerate_group(g.Matrices(rows), max(1, min(limit, NUMBERS // size**2)))
    ends = np.cumsum([sz.number(leg.dim) for leg in distinct])
    total = 0.0 + 0.0j
    for element in listed.elements:
        diagonal = np.split(np.diag(element[0]), ends[:-1])
        traces = {leg: complex(part.sum()) for leg, part in zip(distinct, diagonal, strict=True)}
        total += prod(traces[leg] for leg in legs)
    mean = total / listed.order
    count = round(mean.real)
    return (count, "characters over the closure of the images") if abs(mean - count) < 1e-6 else None
