"""Orbits of permutation groups on tuples of points: by stabilizer chains, so that no tuple is listed where they are many."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import prod

import numpy as np
from numpy.typing import NDArray

from symc.algebra import sizes as sz
from symc.algebra.actions import monomial
from symc.algebra.enumeration import group_order
from symc.algebra.generators import generators
from symc.algebra.groups import Group, Ints
from symc.algebra.monomial import Monomial
from symc.algebra.reps import Rep
from symc.algebra.schreier_sims import Chain, count_tuple_orbits, stabilizer_chain
from symc.algebra.schreier_sims.permutations import components

POINTS = 5000  # of all legs together
BATCH = 2**20  # pairs of tuples that are handled together
TUPLES = 200_000  # up to which tuples are listed after all: that is faster
MANY = 20  # generators from which on chains are long, and more tuples are listed
LISTED, WORK = 4_000_000, 10**8  # tuples, and those that all generators together move, up to which they can be listed: some seconds

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
    chain = stabilizer_chain(int(starts[-1]), rows, most=group_order(group))
    return SignedPoints(chain, tuple(ranges[leg] for leg in legs), np.concatenate(turned), tuple(sz.number(leg.dim) for leg in legs))


def _on_points(move: Monomial, signed: bool) -> Ints:
    """A signed permutation of d coordinates, on these and on their negatives, which are numbered d higher."""
    if not signed:
        return move.image
    flip = move.d * (move.sign < 0)
    return np.concatenate([move.image + flip, move.image + move.d - flip])


def orbit_count(group: Group, legs: list[Rep]) -> Count | None:
    """The invariants of legs that are (signed) permutations; None for others, and where the count takes too long. Raises GroupTooLarge."""
    moves: list[list[Monomial]] = []
    for generator in generators([group]):
        images = [monomial(leg, generator) for leg in legs]
        if generator.lie or None in images:
            return None
        moves.append([image for image in images if image is not None])
    shape = tuple(sz.number(leg.dim) for leg in legs)
    size = prod(shape)
    listed = size <= TUPLES or (size <= LISTED and sum(size - prod(map(_fixed, images)) for images in moves) <= WORK)
    if size <= TUPLES or (listed and len(moves) > MANY):
        return _connected(moves, shape)
    points = signed_points(group, tuple(legs))
    count = None if points is None else count_tuple_orbits(points.chain, points.legs, points.negative)
    if count is not None:
        return count, "orbits of point stabilizers (Sims 1970)"
    return _connected(moves, shape) if listed else None


def _connected(moves: list[list[Monomial]], shape: tuple[int, ...]) -> Count:
    """The same by walking through all tuples, and where signs occur through the tuples with both signs."""
    plain = _Classes(prod(shape))
    cover = _Classes(2 * plain.size) if any(not image.is_permutation for images in moves for image in images) else None
    for images in moves:
        for tails, heads, minus in _moved(images, shape):
            plain.join(tails, heads)
            if cover is not None:
                cover.join(np.concatenate([tails, tails + plain.size]), np.concatenate([heads + plain.size * minus, heads + plain.size * ~minus]))
    if cover is None:
        return plain.count(), "connected components of tuples"
    found = cover.count() - plain.count()  # only orbits that split there have invariants
    return found, "connected components of the signed double cover of tuples"


def _fixed(image: Monomial) -> int:
    return int(((image.image == np.arange(image.d)) & (image.sign > 0)).sum())


def _moved(images: list[Monomial], shape: tuple[int, ...]) -> Iterator[tuple[Ints, Ints, NDArray[np.bool_]]]:
    """The tuples that do not stay as they are, in parts, by the first leg on which they are moved: where they go, and whether to the negative."""
    for first, image in enumerate(images):
        still = [np.flatnonzero((one.image == np.arange(one.d)) & (one.sign > 0)) for one in images[:first]]
        own = np.flatnonzero((image.image != np.arange(image.d)) | (image.sign < 0))
        tails = heads = np.zeros(1, dtype=np.intp)
        minus = np.zeros(1, dtype=np.bool_)
        for one, some, d in zip(images, [*still, own, *map(np.arange, shape[first + 1 :])], shape, strict=True):
            tails = np.add.outer(tails * d, some).ravel()
            heads = np.add.outer(heads * d, one.image[some]).ravel()
            minus = np.logical_xor.outer(minus, one.sign[some] < 0).ravel()
        yield tails, heads, minus


class _Classes:
    """Classes of points, each named by its least point, which pairs make coarser; pairs are collected until there are many."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.label = np.arange(size)
        self.pairs: list[tuple[Ints, Ints]] = []
        self.waiting = 0

    def join(self, tails: Ints, heads: Ints) -> None:
        a, b = self.label[tails], self.label[heads]
        apart = a != b
        self.pairs.append((a[apart], b[apart]))
        self.waiting += len(self.pairs[-1][0])
        if self.waiting > BATCH:
            self._apply()

    def count(self) -> int:
        self._apply()
        return int((self.label == np.arange(self.size)).sum())

    def _apply(self) -> None:
        if self.waiting:
            tails, heads = (np.concatenate(ends) for ends in zip(*self.pairs, strict=True))
            self.label = components(self.size, tails, heads)[self.label]
        self.pairs, self.waiting = [], 0
