"""What a linear map is in the coordinates of irreducibles: which irreducibles every summand has, and which weights go into the matrix of each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product
from math import prod
from typing import TypeAlias

from symc.algebra import sizes as sz
from symc.algebra.groups import Group
from symc.algebra.hom import Array, Entry, Split
from symc.algebra.summands import Choice, Leg
from symc.ir.graph import Graph
from symc.ir.ops import EquivariantOp
from symc.ir.parameters import spaces
from symc.passes.lower.spectral import matrices
from symc.passes.solve.coordinates import Coordinates, Irreducibles, Part

Place: TypeAlias = tuple[int, Choice]  # which input or result, and which summand of it
Key: TypeAlias = tuple[int, ...]  # an irreducible of every group
Alike: TypeAlias = tuple[Key, ...]  # some that are alike
Known: TypeAlias = Mapping[Group, Irreducibles]  # of every group whose maps may be lowered so


@dataclass(frozen=True, eq=False)
class Side:
    """A summand: for every group the legs it acts on, and their coordinates; then the legs that nothing acts on, and how many numbers these have."""

    legs: tuple[Leg, ...]
    moved: tuple[tuple[int, ...], ...]
    coordinates: tuple[Coordinates, ...]
    trivial: tuple[int, ...]
    channels: int

    @cached_property
    def keys(self) -> dict[Key, tuple[Part, ...]]:
        """Its irreducibles, one of each group, and how each stands in it."""
        parts = product(*(own.parts for own in self.coordinates))
        return {tuple(part.irreducible for part in chosen): chosen for chosen in parts}

    def only(self, keys: Iterable[Key]) -> Side:
        """Without the irreducibles that no map reads or writes, where that leaves fewer coordinates to be computed."""
        kept = [{key[group] for key in keys} for group in range(len(self.moved))]
        return replace(self, coordinates=tuple(own.only(numbers) for own, numbers in zip(self.coordinates, kept, strict=True)))

    def range(self, group: int, key: Key) -> tuple[int, int]:
        """Where an irreducible stands among the coordinates of one group."""
        start = 0
        for part in self.coordinates[group].parts:
            if part.irreducible == key[group]:
                return start, start + part.dim
            start += part.dim
        raise KeyError(key)

    def copies(self, key: Key) -> int:
        """How often it has an irreducible, channels included."""
        return prod(part.width for part in self.keys[key]) * self.channels


@dataclass(frozen=True, eq=False)
class Maps:
    """An entry of a solved space; for every group the place of its basis among the factors, and the basis in the coordinates of irreducibles (see
    `matrices`), None where the group acts on neither side."""

    entry: Entry
    bases: tuple[tuple[int, Array] | None, ...]
    into: Side

    @property
    def target(self) -> Place:
        return self.entry.target, self.entry.target_summand.choice

    @property
    def source(self) -> Place:
        return self.entry.source, self.entry.source_summand.choice


@dataclass(frozen=True, eq=False)
class Blocks:
    """A linear map: its summands, its maps, its biases, and the irreducible on which groups do nothing."""

    sources: Mapping[Place, Side]
    targets: Mapping[Place, Side]
    maps: tuple[Maps, ...]
    biases: tuple[Maps, ...]
    still: Key

    @cached_property
    def reached(self) -> list[Alike]:
        """The irreducibles that the result can have. Those that are alike in all summands, and stand together, come together."""
        met = [key for maps in self.maps for key in self.targets[maps.target].keys if key in self.sources[maps.source].keys]
        keys = list(dict.fromkeys([*met, *([self.still] if self.biases else [])]))
        result: list[Alike] = []
        for key in keys:
            if result and self._follows(result[-1][-1], key):
                result[-1] = (*result[-1], key)
            else:
                result.append((key,))
        return result

    @property
    def varying(self) -> int:
        """The group whose irreducibles may be taken together."""
        return len(self.still) - 1

    def _follows(self, first: Key, second: Key) -> bool:
        """Do two irreducibles differ in nothing, and stand side by side, wherever one is?"""
        g = self.varying
        if (self.still in (first, second) and self.biases) or first[:g] != second[:g]:
            return False
        for side in (*self.sources.values(), *self.targets.values()):
            one, other = side.keys.get(first), side.keys.get(second)
            if one is None and other is None:
                continue
            if one is None or other is None or (one[g].size, one[g].width) != (other[g].size, other[g].width):
                return False
            if side.range(g, first)[1] != side.range(g, second)[0]:
                return False
        return True

    def having(self, key: Key) -> list[Place]:
        """The summands of targets that have an irreducible."""
        return [place for place, side in self.targets.items() if key in side.keys]

    def sources_of(self, keys: Alike) -> dict[int, list[Place]]:
        """By input the summands from which maps lead to these irreducibles."""
        found: dict[int, list[Place]] = {}
        for place in dict.fromkeys(maps.source for maps in self.maps if self.meets(maps, keys[0])):
            found.setdefault(place[0], []).append(place)
        return found

    def meets(self, maps: Maps, key: Key) -> bool:
        return key in self.targets[maps.target].keys and key in self.sources[maps.source].keys


def irreducibles(graph: Graph[EquivariantOp]) -> dict[Group, Irreducibles]:
    """Of every group, for all representations that the linear maps of a solved graph meet."""
    legs: dict[Group, dict[Leg, None]] = {}
    for space in spaces(graph):
        split = space.basis if isinstance(space.basis, Split) else space.basis.linear
        for entry in split.entries:
            for factor in entry.basis.factors:
                met = legs.setdefault(factor.basis.group, {})
                met |= dict.fromkeys(entry.basis.source[i] for i in factor.source_legs)
                met |= dict.fromkeys(entry.basis.target[i] for i in factor.target_legs)
    return {group: Irreducibles(group, tuple(met)) for group, met in legs.items()}


def blocks(basis: Split, bias: Split | None, known: Known) -> Blocks | None:
    """A solved map in these coordinates; None where some part of it has none."""
    entries = [*basis.entries, *(bias.entries if bias is not None else ())]
    groups = tuple(dict.fromkeys(factor.basis.group for entry in entries for factor in entry.basis.factors))
    if not groups or any(group not in known for group in groups):
        return None
    still = [known[group].coordinates(()) for group in groups]
    if any(own is None for own in still):
        return None
    sources: dict[Place, Side] = {}
    targets: dict[Place, Side] = {}
    found: list[Maps] = []
    for index, entry in enumerate(entries):
        maps, into, out = _maps(entry, groups, known)
        if maps is None or into is None or out is None:
            return None
        found.append(maps)
        if targets.setdefault(maps.target, out).moved != out.moved:
            return None
        if index < len(basis.entries) and sources.setdefault(maps.source, into).moved != into.moved:
            return None
    count, nothing = len(basis.entries), tuple(own.parts[0].irreducible for own in still if own is not None)
    return _used(Blocks(sources, targets, tuple(found[:count]), tuple(found[count:]), nothing))


def _used(blocks: Blocks) -> Blocks:
    """Without the irreducibles that no map reads or writes."""
    read: dict[Place, set[Key]] = {place: set() for place in blocks.sources}
    written: dict[Place, set[Key]] = {place: set() for place in blocks.targets}
    for maps in blocks.maps:
        met = blocks.targets[maps.target].keys.keys() & blocks.sources[maps.source].keys.keys()
        read[maps.source] |= met
        written[maps.target] |= met
    for maps in blocks.biases:
        written[maps.target].add(blocks.still)
    sources = {place: side.only(read[place]) for place, side in blocks.sources.items()}
    return replace(blocks, sources=sources, targets={place: side.only(written[place]) for place, side in blocks.targets.items()})


def _maps(entry: Entry, groups: Sequence[Group], known: Known) -> tuple[Maps | None, Side | None, Side | None]:
    """An entry and its two sides, each None where it has no such coordinates."""
    kron = entry.basis
    place = {factor.basis.group: index for index, factor in enumerate(kron.factors)}
    moved = [kron.factors[place[group]] if group in place else None for group in groups]
    into = _side(kron.source, [factor.source_legs if factor else () for factor in moved], kron.source_trivial, groups, known)
    out = _side(kron.target, [factor.target_legs if factor else () for factor in moved], kron.target_trivial, groups, known)
    if into is None or out is None:
        return None, into, out
    bases: list[tuple[int, Array] | None] = []
    for group, factor, target, source in zip(groups, moved, out.coordinates, into.coordinates, strict=True):
        matrix = None if factor is None else matrices(factor.basis, target, source)
        if factor is not None and matrix is None:
            return None, into, out
        bases.append(None if matrix is None else (place[group], matrix))
    return Maps(entry, tuple(bases), into), into, out


def _side(legs: Sequence[Leg], moved: Sequence[tuple[int, ...]], trivial: tuple[int, ...], groups: Sequence[Group], known: Known) -> Side | None:
    coordinates = [known[group].coordinates(tuple(legs[i] for i in own)) for group, own in zip(groups, moved, strict=True)]
    if any(own is None for own in coordinates):
        return None
    channels = prod(sz.number(legs[i].dim) for i in trivial)
    return Side(tuple(legs), tuple(moved), tuple(own for own in coordinates if own is not None), trivial, channels)
