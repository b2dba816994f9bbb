"""Orbits of permutation groups on tuples of points: by stabilizer chains, so that no tuple is listed where they are many."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

import numpy as np

from symc.algebra import sizes as sz
from symc.algebra.actions import monomial
from symc.algebra.generators import generators
from symc.algebra.groups import Group, Ints
from symc.algebra.monomial import Monomial
from symc.algebra.reps import Rep, Tensor
from symc.algebra.schreier_sims import Chain, count_tuple_orbits, stabilizer_chain
from symc.algebra.schreier_sims.permutations import components

POINTS = 5000  # of all legs together
TUPLES = 200_000  # up to which tuples are listed after all: that is faster

Count = tuple[int, str]


@dataclass(frozen=True, slots=True, eq=False)
class SignedPoints:
    """A group on the coordinates of several legs, one after another, each coordinate with its negative where some element changes its sign."""

    chain: Chain
    legs: tuple[range, ...]
    negative: Ints
    dims: tuple[int, ...]

    def coordinates(self, points: tuple[int, ...]) -> tuple[int, ...]:
        """For a point of each leg, the coordinate."""
        return tuple((point - leg.start) % dim for point, leg, dim in zip(points, self.legs, self.dims, strict=True))


def signed_points(group: Group, legs: tuple[Rep, ...]) -> SignedPoints | None:
    """The action on the coordinates of all legs; None where some leg is not permuted up to sign, and beyond POINTS. Raises GroupTooLarge."""
    distinct = tuple(dict.fromkeys(legs))
    if sum(2 * sz.number(leg.dim) for leg in distinct) > POINTS:
        return None
    images: list[list[Monomial]] = []
    for generator in generators([group]):
        moves = [monomial(leg, generator) for leg in distinct]
        if generator.lie or None in moves:
            return None
        images.append([move for move in moves if move is not None])
    dims = [sz.number(leg.dim) for leg in distinct]
    signed = [any(not row[place].is_permutation for row in images) for place in range(len(distinct))]
    widths = [dim * (1 + sign) for dim, sign in zip(dims, signed, strict=True)]
    starts = np.cumsum([0, *widths])
    rows = [np.concatenate([start + _on_points(move, sign) for start, move, sign in zip(starts[:-1], row, signed, strict=True)]) for row in images]
    turned = [start + np.roll(np.arange(width), dim * sign) for start, width, dim, sign in zip(starts[:-1], widths, dims, signed, strict=True)]
    ranges = {leg: range(int(start), int(start) + width) for leg, start, width in zip(distinct, starts[:-1], widths, strict=True)}
    chain = stabilizer_chain(int(starts[-1]), rows)
    return SignedPoints(chain, tuple(ranges[leg] for leg in legs), np.concatenate(turned), tuple(sz.number(leg.dim) for leg in legs))


def _on_points(move: Monomial, signed: bool) -> Ints:
    """A signed permutation of d coordinates, on these and on their negatives, which are numbered d higher."""
    if not signed:
        return move.image
    flip = move.d * (move.sign < 0)
    return np.concatenate([move.image + flip, move.image + move.d - flip])


def orbit_count(group: Group, legs: list[Rep]) -> Count | None:
    """The invariants of legs that are (signed) permutations; None for others, and where the count takes too long. Raises GroupTooLarge."""
    if prod(sz.number(leg.dim) for leg in legs) <= TUPLES:
        return _connected(group, legs)
    points = signed_points(group, tuple(legs))
    if points is None:
        return None
    count = count_tuple_orbits(points.chain, points.legs, points.negative)
    return None if count is None else (count, "orbits of point stabilizers (Sims 1970)")


def _connected(group: Group, legs: list[Rep]) -> Count | None:
    """The same by walking through all tuples, and where signs occur through the tuples with both signs."""
    images = [image for generator in generators([group]) if (image := monomial(Tensor(tuple(legs)), generator)) is not None]
    if len(images) < group.discrete:
        return None
    size = prod(sz.number(leg.dim) for leg in legs)
    plain = _components(size, [image.image for image in images])
    if all(image.is_permutation for image in images):
        return plain, "connected components of tuples"
    cover = _components(2 * size, [_on_points(image, True) for image in images])
    return cover - plain, "connected components of the signed double cover of tuples"  # only orbits that split there have invariants


def _components(size: int, targets: list[Ints]) -> int:
    label = components(size, np.tile(np.arange(size), len(targets)), np.concatenate([np.zeros(0, np.intp), *targets]))
    return int((label == np.arange(size)).sum())
