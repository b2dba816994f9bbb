"""Permutation groups of any size by stabilizer chains: orders, membership, cosets, stabilizers, random elements, all exact (Sims 1970).

A group is the direct product of its factors, which move no point in common, and each factor has a chain of its own, over its points alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import prod
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from symc.algebra.schreier_sims.orbit_trees import Level
from symc.algebra.schreier_sims.permutations import Points, Rows, as_rows, identities, orbits, restricted
from symc.algebra.schreier_sims.schreier import levels


class Uniform(Protocol):
    """numpy's Generator or RandomState."""

    def random(self) -> float: ...


@dataclass(frozen=True, slots=True, eq=False)
class Factor:
    """A group that moves these points alone, in ascending order: (m,). Its levels number them from 0 to m - 1."""

    points: Points
    levels: tuple[Level, ...]

    @property
    def order(self) -> int:
        return prod(len(level.orbit) for level in self.levels)

    def generators(self, degree: int, depth: int = 0) -> Rows:
        """Of the stabilizer of the first points of its own base, on all points: (k, degree)."""
        local = self.levels[depth].generators if depth < len(self.levels) else self.levels[0].generators[:0]
        return self.embedded(degree, local)

    def embedded(self, degree: int, local: Rows) -> Rows:
        """Permutations of the points of the factor, as permutations of all points: (k, m) -> (k, degree)."""
        rows = np.tile(np.arange(degree), (len(local), 1))
        rows[:, self.points] = self.points[local]
        return rows


@dataclass(frozen=True, slots=True, eq=False)
class Chain:
    """A group of permutations of 0 ... degree - 1: p[i] is the image of i, and (g h)[i] = g[h[i]].

    base: points that no element but the identity fixes, the ones asked for first. In all that follows, `depth` counts points of the base.
    """

    degree: int
    base: tuple[int, ...]
    factors: tuple[Factor, ...]

    @property
    def order(self) -> int:
        return prod(factor.order for factor in self.factors)

    def stabilizer(self, depth: int) -> list[Points]:
        """Generators of the pointwise stabilizer of the first points of the base; of the group, where depth is 0."""
        own = [0] * len(self.factors)
        for place, _ in self._steps(depth):
            if place is not None:
                own[place] += 1
        return [row for factor, start in zip(self.factors, own, strict=True) for row in factor.generators(self.degree, start)]

    def orbit(self, depth: int) -> Points:
        """The images of base[depth] under the stabilizer of the points before it, itself first."""
        *_, (place, level) = self._steps(depth + 1)
        return np.array(self.base[depth : depth + 1]) if place is None or level is None else self.factors[place].points[level.orbit]

    def sift(self, permutation: Sequence[int] | NDArray[Any]) -> tuple[Points, int]:
        """What is left when elements of the transversals are divided out, on the left, as far as possible, and how many levels are passed.

        The identity is left, and all levels are passed, by elements of the group alone.
        """
        left = self._permutation(permutation)
        for depth, (place, level) in enumerate(self._steps(len(self.base))):
            image = left[self.base[depth]]
            if place is None or level is None:
                if image != self.base[depth]:
                    return left, depth
                continue
            points = self.factors[place].points
            at = np.searchsorted(points, [image])
            if at[0] == len(points) or points[at[0]] != image or level.label[at[0]] < 0:
                return left, depth
            back = level.descend(identities(1, level.moves), at)
            left = self.factors[place].embedded(self.degree, back)[0][left]
        return left, len(self.base)

    def contains(self, permutation: Sequence[int] | NDArray[Any]) -> bool:
        return bool((self.sift(permutation)[0] == np.arange(self.degree)).all())

    def canonical_coset(self, permutations: Sequence[Any] | NDArray[Any]) -> Points:
        """The element of each left coset g H, H this group, whose images of the base are lexicographically least: (..., degree) likewise.

        It depends on the coset alone, so cosets can be told apart by its bytes.
        """
        given = np.asarray(permutations, dtype=np.intp)
        if given.shape[-1:] != (self.degree,):
            raise ValueError(f"permutations of {given.shape[-1:]} points, for a group of permutations of {self.degree}")
        result: Points = given.reshape(prod(given.shape[:-1]), self.degree).copy()
        for factor in self.factors:
            part = result[:, factor.points]
            for level in factor.levels:
                if len(level.orbit) > 1:
                    best = level.orbit[np.argmin(part[:, level.orbit], axis=1)]
                    different, which = np.unique(best, return_inverse=True)
                    part = np.take_along_axis(part, level.representatives(different).astype(np.intp)[which], axis=1)
            result[:, factor.points] = part
        return result.reshape(given.shape)

    def random(self, rng: Uniform) -> Points:
        """An element, each as likely as any other."""
        result = np.arange(self.degree)
        for factor in self.factors:
            row = identities(1, factor.levels[0].moves)
            for level in factor.levels:
                place = int(rng.random() * len(level.orbit))
                row = level.descend(row, level.orbit[place : place + 1])
            result[factor.points] = factor.points[row[0]]
        return result

    def _steps(self, depth: int) -> Iterator[tuple[int | None, Level | None]]:
        """For the first points of the base, the factor that moves the point, and the level in it; None where no factor does."""
        home = np.full(self.degree, -1)
        for place, factor in enumerate(self.factors):
            home[factor.points] = place
        own = [0] * len(self.factors)
        for point in self.base[:depth]:
            place = int(home[point])
            if place < 0:
                yield None, None
                continue
            yield place, self.factors[place].levels[own[place]]
            own[place] += 1

    def _permutation(self, given: Sequence[int] | NDArray[Any]) -> Points:
        row: Points = as_rows(self.degree, [given])[0].astype(np.intp)
        return row


def stabilizer_chain(
    degree: int, generators: Sequence[Sequence[int] | NDArray[Any]] | Rows, base: Sequence[int] = (), most: int | None = None
) -> Chain:
    """The group that permutations of 0 ... degree - 1 generate. The chain's base starts with `base`, redundant points too.

    most: a number that the order is known not to exceed; a chain that reaches it needs no proof.
    Raises ValueError for arguments that are no permutations and points, and GroupTooLarge where the proof of the order would take minutes.
    """
    rows = as_rows(degree, generators)
    if not all(0 <= point < degree for point in base):
        raise ValueError(f"the base {tuple(base)} has points beyond 0 to {degree - 1}")
    return _chain(degree, rows.tobytes(), str(rows.dtype), tuple(int(point) for point in base), most)


@lru_cache(maxsize=8)
def _chain(degree: int, images: bytes, dtype: str, base: tuple[int, ...], most: int | None) -> Chain:
    """The chain of rows given by their bytes, so that what is asked for again is there."""
    rows = np.frombuffer(images, dtype=dtype).reshape(-1, degree) if degree else np.empty((0, 0), dtype=dtype)
    moved = rows != np.arange(degree)
    label = orbits(degree, [_cycle(degree, np.flatnonzero(one)) for one in moved])
    factors = []
    for root in np.unique(label[moved.any(axis=0)]):
        points = np.flatnonzero(label == root)
        local = restricted(rows[moved[:, points].any(axis=1)], points)
        own = [int(np.searchsorted(points, point)) for point in base if label[point] == root]
        factors.append(Factor(points, levels(local, own, most=most)))
    further = []
    for factor in factors:
        given = sum(1 for point in base if label[point] == label[factor.points[0]])
        further += [int(factor.points[level.point]) for level in factor.levels[given:]]
    return Chain(degree, (*base, *further), tuple(factors))


def _cycle(degree: int, points: Points) -> Points:
    result = np.arange(degree)
    result[points] = np.roll(points, -1)
    return result
