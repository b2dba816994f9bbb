"""Counts for C(n) and D(n): weights of the rotations, added mod n, and the reflections one class at a time."""

from __future__ import annotations

from collections.abc import Iterable
from math import prod

import numpy as np

from symc.algebra import groups as g
from symc.algebra import sizes as sz
from symc.algebra.counting.characters import character
from symc.algebra.elements import Element
from symc.algebra.groups import Group
from symc.algebra.reps import Perm, Pixels, Regular, Rep, Sign, Turning, Vector

Count = tuple[int, str]


def known(legs: Iterable[Rep]) -> bool:
    """Are the weights of all legs known?"""
    return all(isinstance(leg, Perm | Pixels | Regular | Sign | Turning | Vector) for leg in legs)


def count(group: Group, law: g.Cyclic | g.Dihedral, legs: list[Rep]) -> Count:
    """The invariants of a tensor product."""
    n = sz.number(law.n)
    if isinstance(law, g.Cyclic):
        return _rotation_invariants(n, legs), "weights of the rotations"
    kinds = range(2) if n % 2 == 0 else range(1)  # the reflections r^k s are conjugate when their k agree mod 2 (n even), or all (n odd)
    reflections: list[int] = [prod(round(character(leg, Element({group: np.array([k, 1])}))) for leg in legs) for k in kinds]
    total = _rotation_invariants(n, legs) * len(kinds) + sum(reflections)
    return total // (2 * len(kinds)), "weights of the rotations, Burnside over the reflections"


def _rotation_invariants(n: int, legs: Iterable[Rep]) -> int:
    """The multiplicity of weight 0 in the product: weights of C(n) are added mod n, and counted in Python integers."""
    weights = np.zeros(n, dtype=object)
    weights[0] = 1
    for leg in legs:
        match leg:
            case Perm():
                weights[:] = weights.sum()
            case Regular(_, order):
                weights[:] = weights.sum() * (sz.number(order) // n)
            case Vector():
                weights = np.roll(weights, 1) + np.roll(weights, -1)
            case Turning(_, k, _):
                weights = np.roll(weights, k) + np.roll(weights, -k) if leg.dim == 2 else np.roll(weights, k)
            case Pixels(group, _, _):
                multiplicity = _pixel_weights(group, n, leg)
                weights = sum((np.roll(weights, k) * multiplicity[k] for k in range(n)), np.zeros(n, dtype=object))
            case Sign():
                pass  # rotations have determinant 1
            case other:
                raise TypeError(f"no weights known for {other}")
    return int(weights[0])


def _pixel_weights(group: Group, n: int, leg: Pixels) -> list[int]:
    """How often each weight k mod n (n = 1, 2, 4) occurs, from the numbers of pixels that the rotations fix."""
    fixed = [character(leg, _rotation(group, k)) for k in range(n)]
    return [int(value) for value in np.rint(np.fft.fft(fixed).real / n)]


def _rotation(group: Group, k: int) -> Element:
    return Element({group: np.array([k, 0] if isinstance(group.definition, g.Dihedral) else [k])})
