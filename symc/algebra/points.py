"""Points among representations: what may stand beside them, and the vectors between them."""

from __future__ import annotations

from collections.abc import Sequence

from symc.algebra.errors import AlgebraError
from symc.algebra.groups import Group
from symc.algebra.reps import Point, Rep, Sum, Tensor
from symc.algebra.summands import Leg


def directions(rep: Rep) -> Rep:
    """The representation with vectors in the place of points: what the difference of two of its elements is."""
    if not rep.affine:
        return rep
    match rep:
        case Point(_, vector):
            return vector
        case Sum(terms):
            return Sum(tuple(map(directions, terms)))
        case Tensor(factors):
            return Tensor(tuple(map(directions, factors)))
        case _:
            raise TypeError(f"{rep} is affine, and not made of points")


def translated(legs: Sequence[Leg]) -> Group | None:
    """The group whose translations move a summand; raises AlgebraError where translations do not act on it."""
    points = [leg for leg in legs if isinstance(leg, Point)]
    if not points:
        return None
    wrong = [leg for leg in legs if not isinstance(leg, Point) and not leg.permuted]
    if len(points) > 1 or wrong:
        beside = "another point" if len(points) > 1 else f"`{wrong[0]}`"
        message = f"a point beside {beside} is no representation: translations do not act on the product"
        raise AlgebraError(message, "take a difference of points, a vector")
    return points[0].group
