"""What there is to look at in a type: every summand under every generator, at small numbers where a size is free."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from symc.algebra import sizes as sz
from symc.algebra.generators import Generator
from symc.algebra.groups import Group, Orthogonal, SpecialOrthogonal
from symc.algebra.reps import Trivial, turning
from symc.algebra.sizes import SizeError
from symc.algebra.summands import Leg, summands
from symc.ir.types import Type

SIZES, LARGEST_SIZE = 6, 64  # the first six sizes a type has: there every family of the language shows what it does at larger ones
LARGEST = 4096  # coordinates of a witness


@dataclass(frozen=True, slots=True)
class Placed:
    """A leg at known size, the axis it stands in, and the leg as written."""

    axis: int
    leg: Leg
    written: Leg


@dataclass(frozen=True, slots=True)
class Case:
    """The nontrivial legs of one summand, and a generator of a group that acts on them other than by permutations alone."""

    generator: Generator
    sizes: Mapping[str, int]
    legs: tuple[Placed, ...]

    def within(self, chosen: Callable[[Placed], bool]) -> tuple[Leg, ...]:
        return tuple(placed.leg for placed in self.legs if chosen(placed))

    def at(self, axis: int) -> tuple[Leg, ...]:
        return self.within(lambda placed: placed.axis == axis)

    @property
    def all(self) -> tuple[Leg, ...]:
        return self.within(lambda placed: True)


def cases(item: Type) -> Iterator[Case]:
    """Smallest sizes first. Legs that every element permutes count only beside others: alone they make no case."""
    parts = _parts(item)
    moved = [leg for part in parts for _, leg in part if not leg.permuted]
    for sizes in _sizes(moved):
        for part in parts:
            legs = tuple(Placed(axis, leg if leg.permuted else leg.at(sizes), leg) for axis, leg in part)
            groups = dict.fromkeys(group for placed in legs if not placed.leg.permuted for group in placed.leg.groups)
            for group in groups:
                for generator in _generators(group):
                    yield Case(generator, sizes, legs)


def _sizes(legs: Sequence[Leg]) -> Iterator[dict[str, int]]:
    """Numbers for the free sizes at which all legs exist: 2, 3, ..., but from 12 on where S(n - 10) is among the groups."""
    free = sorted(frozenset().union(*(leg.free for leg in legs)))
    if free:
        yield from islice((sizes for size in range(2, LARGEST_SIZE) if _exist(legs, sizes := dict.fromkeys(free, size))), SIZES)
    else:
        yield {}


def _exist(legs: Sequence[Leg], sizes: Mapping[str, int]) -> bool:
    try:
        return all(sz.number(leg.at(sizes).dim) > 0 for leg in legs)
    except SizeError:
        return False


def _generators(group: Group) -> Iterator[Generator]:
    """Of the Lie algebra of rotations one speaks for all: signed permutations of coordinates carry each E_ij - E_ji to each other one."""
    law = turning(group)
    count = sz.number(group.lie)
    translations = count - sz.number(law.lie)  # they are the first, and move nothing but points
    last = translations + 1 if isinstance(law, Orthogonal | SpecialOrthogonal) else count
    for index in range(translations, min(last, count)):
        yield Generator(group, index, lie=True)
    for index in range(group.discrete):
        yield Generator(group, index)


def small(legs: tuple[Leg, ...]) -> bool:
    return sz.number(sz.product(leg.dim for leg in legs)) <= LARGEST


def _parts(item: Type) -> tuple[tuple[tuple[int, Leg], ...], ...]:
    """The distinct summands, as their nontrivial legs with the axes these stand in."""
    found: dict[tuple[tuple[int, Leg], ...], None] = {(): None}
    for position, axis in enumerate(item.axes):
        of_axis = dict.fromkeys(tuple((position, leg) for leg in part.legs if not isinstance(leg, Trivial)) for part in summands(axis))
        found = dict.fromkeys(before + part for before in found for part in of_axis)
    return tuple(found)
