"""How many orbits a permutation group has on tuples of points, by recursion down its point stabilizers: no tuple is ever listed.

The legs of a tuple may be different representations of one group: the group then permutes the points of all of them, each leg a range. Points may
have negatives, for signed permutations: tuples are then taken up to sign, and an orbit counts where no element takes a tuple to its negative. That is
the number of invariants of the tensor product of the legs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from symc.algebra.errors import GroupTooLarge
from symc.algebra.schreier_sims.chain import Chain, Factor
from symc.algebra.schreier_sims.permutations import Points, Rows, components
from symc.algebra.schreier_sims.schreier import levels

LEVEL = 1000  # entries of permutations whose handling takes as long as what a level costs besides


def count_tuple_orbits(chain: Chain, legs: Sequence[range], negative: NDArray[Any] | None = None, limit: int = 10**7) -> int | None:
    """The number of orbits on tuples with a point of each leg, up to sign, that do not meet their own negative; None beyond the limit.

    legs: ranges of points that the group maps to themselves; the same range may come again. negative: (degree,), the negative of each point, itself
    for one without a sign; every element commutes with it. limit: of the work, in entries of permutations; 10^7 are some seconds.
    """
    minus = np.arange(chain.degree) if negative is None else np.asarray(negative, dtype=np.intp)
    _check(chain, legs, minus)
    if not all(legs):
        return 0
    count = _Count(minus, [np.array(leg) for leg in legs], limit)
    try:
        return count.orbits(_Group(chain.degree, minus, tuple(chain.factors)), (), tuple(sorted(map(count.first_alike, range(len(legs))))))
    except (_Beyond, GroupTooLarge):
        return None


def _check(chain: Chain, legs: Sequence[range], minus: Points) -> None:
    degree, rows = chain.degree, chain.stabilizer(0)
    if minus.shape != (degree,) or not ((minus >= 0) & (minus < degree)).all() or (minus[minus] != np.arange(degree)).any():
        raise ValueError("the negative of the negative of a point is the point")
    if not all((minus[row] == row[minus]).all() for row in rows):
        raise ValueError("the group does not keep the negatives")
    for leg in legs:
        inside = np.zeros(degree + 1, dtype=bool)
        inside[list(leg)] = True
        if leg.step != 1 or not inside[:-1].sum() == len(leg) or not all((inside[row[leg]]).all() for row in [minus, *rows]):
            raise ValueError(f"the group does not keep the points of the leg {leg}")


@dataclass(frozen=True, slots=True)
class TupleOrbit:
    """An orbit on tuples up to sign: one of its tuples, how many tuples it has, and whether it carries an invariant, being off its own negative."""

    representative: tuple[int, ...]
    length: int
    invariant: bool


def tuple_orbits(chain: Chain, legs: Sequence[range], negative: NDArray[Any] | None = None) -> Iterator[TupleOrbit]:
    """All orbits on tuples with a point of each leg, as `count_tuple_orbits` counts them; those that meet their own negative are among them.

    In the lexicographic order of the representatives, each of which is the least of its orbit on the first leg, then among what is left, and so on.
    """
    minus = np.arange(chain.degree) if negative is None else np.asarray(negative, dtype=np.intp)
    _check(chain, legs, minus)
    known: dict[bytes, _Group] = {}
    yield from _walk(_Group(chain.degree, minus, tuple(chain.factors)), (), [np.array(leg) for leg in legs], 1, known)


def _walk(group: _Group, chosen: tuple[int, ...], legs: list[Points], length: int, known: dict[bytes, _Group]) -> Iterator[TupleOrbit]:
    if not legs:
        yield TupleOrbit(chosen, length, not group.signs(chosen).any())
        return
    least = np.unique(np.minimum(legs[0], group.minus[legs[0]]))
    points, lengths = np.unique(group.label[least], return_counts=True)
    for point, count in zip(points.tolist(), lengths.tolist(), strict=True):
        below = group
        if not group.fixed[point]:
            below = group.stabilizer(point)
            below = known.setdefault(np.packbits(below.fixed).tobytes(), below)
        yield from _walk(below, (*chosen, point), legs[1:], length * count, known)


class _Beyond(Exception):
    """The limit is reached."""


@dataclass(frozen=True, eq=False)
class _Group:
    """The stabilizer, up to sign, of some points."""

    degree: int
    minus: Points
    factors: tuple[Factor, ...]

    @cached_property
    def rows(self) -> Rows:
        """Generators: (k, degree)."""
        parts = [factor.generators(self.degree) for factor in self.factors]
        return np.concatenate(parts) if parts else np.empty((0, self.degree), dtype=np.intp)

    @cached_property
    def label(self) -> Points:
        """The least point of each orbit up to sign."""
        heads = np.concatenate([self.minus[None], self.rows])
        return components(self.degree, np.tile(np.arange(self.degree), len(heads)), heads.ravel())

    @cached_property
    def fixed(self) -> NDArray[np.bool_]:
        """The points fixed up to sign."""
        points = np.arange(self.degree)
        return np.asarray(((self.rows == points) | (self.rows == self.minus)).all(axis=0))

    def signs(self, points: Sequence[int]) -> NDArray[np.bool_]:
        """Which generators take an odd number of these points, all fixed up to sign, to their negatives."""
        some = np.array(points, dtype=np.intp)
        return np.asarray((self.rows[:, some] != some).sum(axis=1) % 2 == 1)

    def stabilizer(self, point: int) -> _Group:
        """Of a point, up to sign."""
        place = next(place for place, factor in enumerate(self.factors) if np.isin(point, factor.points))
        factor = self.factors[place]
        at, opposite = (int(np.searchsorted(factor.points, one)) for one in (point, self.minus[point]))
        first, *below = levels(factor.levels[0].generators, (at,), factor.order)
        if opposite != at and first.label[opposite] >= 0:
            order = 2 * prod(len(level.orbit) for level in below)
            turn = first.representatives(np.array([opposite]))
            below = list(levels(np.concatenate([*(level.generators for level in below[:1]), turn]), (), order))
        new = [Factor(factor.points, tuple(below))] if any(len(level.orbit) > 1 for level in below) else []
        return _Group(self.degree, self.minus, (*self.factors[:place], *new, *self.factors[place + 1 :]))


class _Count:
    """The recursion, with what is known already.

    A stabilizer is known by its fixed points: it is their stabilizer, whichever of them it was made from.
    """

    def __init__(self, minus: Points, legs: list[Points], limit: int) -> None:
        self.minus, self.legs, self.left = minus, legs, limit
        self.groups: dict[bytes, _Group] = {}
        self.known: dict[tuple[_Group, bytes, tuple[int, ...]], int] = {}

    def first_alike(self, leg: int) -> int:
        return next(index for index, other in enumerate(self.legs) if np.array_equal(other, self.legs[leg]))

    def orbits(self, group: _Group, chosen: tuple[int, ...], legs: tuple[int, ...]) -> int:
        """On tuples of the legs, with the sign that an element of the group gives the points chosen so far."""
        odd = group.signs(chosen)
        if not legs:
            return int(not odd.any())
        key = (group, odd.tobytes(), legs)
        if key not in self.known:
            self._spend(group.rows.size)
            self.known[key] = self._last(group, odd, legs[0]) if len(legs) == 1 else self._first(group, chosen, legs)
        return self.known[key]

    def _first(self, group: _Group, chosen: tuple[int, ...], legs: tuple[int, ...]) -> int:
        """Choose a point on one leg, the one with the fewest orbits: an orbit on tuples is an orbit there and one of the stabilizer on the rest."""
        leg = min(legs, key=lambda leg: len(np.unique(group.label[self.legs[leg]])))
        rest = list(legs)
        rest.remove(leg)
        points = np.unique(group.label[self.legs[leg]])
        fixed = points[group.fixed[points]]
        total = 0
        for sample, times in zip(*self._alike(group, fixed), strict=True):
            total += times * self.orbits(group, (*chosen, sample), tuple(rest))
        for point in points[~group.fixed[points]].tolist():
            total += self.orbits(self._stabilizer(group, point), (*chosen, point), tuple(rest))
        return total

    def _alike(self, group: _Group, fixed: Points) -> tuple[list[int], list[int]]:
        """One of each kind of fixed points, whose signs agree, and how many there are of it."""
        _, first, times = np.unique(group.rows[:, fixed] != fixed, axis=1, return_index=True, return_counts=True)
        return fixed[first].tolist(), times.tolist()

    def _last(self, group: _Group, odd: NDArray[np.bool_], leg: int) -> int:
        """Orbits on one leg that fall apart in its double cover, on which odd generators act with a sign more."""
        points = np.unique(np.minimum(self.legs[leg], self.minus[self.legs[leg]]))
        images = group.rows[:, points]
        least = np.minimum(images, self.minus[images])
        flip = ((images != least) != odd[:, None]).ravel()
        size, heads = len(points), np.searchsorted(points, least).ravel()
        tails = np.tile(np.arange(size), len(images))
        cover = components(2 * size, np.concatenate([tails, tails + size]), np.concatenate([heads + size * flip, heads + size * ~flip]))
        return len(np.unique(cover)) - len(np.unique(group.label[points]))

    def _stabilizer(self, group: _Group, point: int) -> _Group:
        found = group.stabilizer(point)
        self._spend(sum(len(factor.levels) * (len(factor.points) + LEVEL) for factor in group.factors if np.isin(point, factor.points)))
        return self.groups.setdefault(np.packbits(found.fixed).tobytes(), found)

    def _spend(self, work: int) -> None:
        self.left -= work
        if self.left < 0:
            raise _Beyond
