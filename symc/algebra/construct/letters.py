"""The matrices that a representation by images gives to generators, and when matrices are equal."""

from __future__ import annotations

import numpy as np

from symc.algebra import sizes as sz
from symc.algebra.elements import Element
from symc.algebra.groups import Array, Discrete
from symc.algebra.monomial import dense
from symc.algebra.reps import Images

TOLERANCE = 1e-9


def image(rep: Images, index: int) -> Array:
    """Of a discrete generator."""
    return dense(rep.image(Element({rep.group: None}, {rep.group: (Discrete(index),)})))


def tangents(rep: Images) -> list[Array]:
    """Of the generators of the Lie algebra."""
    return [np.zeros((int(rep.dim),) * 2) if (x := rep.lie_of(index)) is None else x for index in range(sz.number(rep.group.lie))]


def near(left: Array, right: Array) -> bool:
    """Are they equal up to rounding?"""
    scale = max(1.0, float(np.abs(left).max(initial=0)), float(np.abs(right).max(initial=0)))
    return bool(np.abs(left - right).max(initial=0) <= TOLERANCE * scale)
