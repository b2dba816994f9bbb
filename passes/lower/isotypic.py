"""Lowering `linear` in the coordinates of irreducibles: one product of matrices for each, however many summands, maps and copies there are.

Every summand of a source is brought into the coordinates of its irreducibles; all that has one irreducible stands side by side, as (size, copies
and channels), and one matrix of weights mixes copies and channels, the same for each of the `size` coordinates (Schur 1905). Then every summand of
a target is brought back. Of several groups there is one irreducible each.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, pairwise
from math import prod

import numpy as np

from symc.algebra.sizes import Size
from symc.passes.lower import pair
from symc.passes.lower.axes import Label, Labelled, arrange, contract, split, total
from symc.passes.lower.blocks import Blocks, Key, Maps, Place, Side
from symc.passes.lower.builder import Builder
from symc.passes.lower.spectral import common

SIZE: Label = ("strand", 0)  # coordinates of an irreducible, which every map leaves alone
INTO: Label = ("core", 0)  # its copies and channels in the sources,
OUT: Label = ("copy", 0)  # in the targets
CHANNELS: Label = ("core", 1)  # those of one summand
MIXED: Label = ("basis", 1000)  # for a moment, numbers of small matrices


def _whole(group: int) -> Label:
    """All coordinates of a representation of one group,"""
    return "strand", 100 + group


def _size(group: int) -> Label:
    """of one irreducible in it those that maps leave alone,"""
    return "strand", 200 + group


def _width(group: int) -> Label:
    """and its copies."""
    return "core", 200 + group


@dataclass
class Isotypic:
    """Lowering one map: `sources` are its summands, axes ("each", j) and ("in", leg); `weights` and `biases` belong to the maps of `blocks`."""

    b: Builder
    blocks: Blocks
    sources: dict[Place, Labelled]
    weights: Sequence[Labelled]
    biases: Sequence[Labelled]
    found: dict[Place, dict[Key, Labelled]] = field(default_factory=dict)

    def run(self) -> dict[Place, list[pair.Part]]:
        """The one part of every summand of a target."""
        blocks = self.blocks
        self.sources = {place: self.turn(blocks.sources[place], x) for place, x in self.sources.items()}
        self.weights = [self.turn_weights(maps, w) for maps, w in zip(blocks.maps, self.weights, strict=True)]
        self.biases = [self.turn_weights(maps, w) for maps, w in zip(blocks.biases, self.biases, strict=True)]
        self.found = {place: {} for place in blocks.targets}
        for key in blocks.reached:
            self.cut(self.mixed(key), key)
        return {place: [((), self.back(side, self.found[place]))] for place, side in blocks.targets.items()}

    def turn(self, side: Side, x: Labelled) -> Labelled:
        """A summand of a source in the coordinates of its irreducibles: axes each..., one for every group, then channels."""
        for group, (legs, own) in enumerate(zip(side.moved, side.coordinates, strict=True)):
            if not own.trivial:
                old: list[Label] = [("in", leg) for leg in legs]
                matrix = own.matrix.T.reshape(-1, *(_number(x.size(label)) for label in old))
                kept = [_whole(group) if label == old[-1] else label for label in x.labels if label not in old[:-1]]
                x = contract(self.b, x, Labelled(self.b.array(np.ascontiguousarray(matrix)), (_whole(group), *old)), kept)
        wholes = [(_whole(group), [_whole(group), *(("in", leg) for leg in legs)]) for group, legs in enumerate(side.moved)]
        return arrange(self.b, x, [*_kept(x), *wholes, (CHANNELS, [("in", leg) for leg in side.trivial])])

    def turn_weights(self, maps: Maps, w: Labelled) -> Labelled:
        """The axis of each basis, of maps, made one of the numbers of their small matrices."""
        for place, matrix in (basis for basis in maps.bases if basis is not None):
            old: Label = ("basis", place)
            if matrix.shape[0] != matrix.shape[1] or (matrix != np.eye(len(matrix))).any():
                new = [MIXED if label == old else label for label in w.labels]
                w = contract(self.b, w, Labelled(self.b.array(np.ascontiguousarray(matrix.T)), (MIXED, old)), new).renamed({MIXED: old})
        return w

    def mixed(self, key: Key) -> Labelled:
        """All that the targets have of one irreducible: axes each..., SIZE, then OUT, summand after summand."""
        maps = [(own, w) for own, w in zip(self.blocks.maps, self.weights, strict=True) if self.meets(own, key)]
        terms = [self.product(key, index, maps) for index in dict.fromkeys(own.source[0] for own, _ in maps)]
        if key == self.blocks.still and self.blocks.biases:
            found = {own.target: self.matrix(own, key, w) for own, w in zip(self.blocks.biases, self.biases, strict=True)}
            rows = [found.get(place) or self.none(self.blocks.targets[place].copies(key), 1) for place in self.blocks.having(key)]
            bias = self.beside(rows, OUT)
            terms.append(arrange(self.b, bias, [*_kept(bias), (OUT, [OUT, INTO])]))  # maps of one invariant number
        y = total(self.b, terms, (*_each(terms), SIZE, OUT))
        return arrange(self.b, y, [*_kept(y), (SIZE, [SIZE]), (OUT, [OUT])])

    def product(self, key: Key, index: int, maps: Sequence[tuple[Maps, Labelled]]) -> Labelled:
        """What comes from one input: everything that has the irreducible side by side, times one matrix."""
        blocks = self.blocks
        places = list(dict.fromkeys(own.source for own, _ in maps if own.source[0] == index))
        weights = {(own.target, own.source): self.matrix(own, key, w) for own, w in maps if own.source[0] == index}
        x = self.beside([self.piece(blocks.sources[place], key, self.sources[place]) for place in places], INTO)
        rows = []
        for target in blocks.having(key):
            height = blocks.targets[target].copies(key)
            row = [weights.get((target, place)) or self.none(height, blocks.sources[place].copies(key)) for place in places]
            rows.append(self.beside(row, INTO))
        w = self.beside(rows, OUT)
        return contract(self.b, x, w, (*_each([x, w]), SIZE, OUT))

    def meets(self, maps: Maps, key: Key) -> bool:
        return key in self.blocks.targets[maps.target].keys and key in self.blocks.sources[maps.source].keys

    def piece(self, side: Side, key: Key, x: Labelled) -> Labelled:
        """One irreducible of a turned summand: axes each..., SIZE, INTO."""
        for group, (part, (start, stop)) in enumerate(zip(side.keys[key], _ranges(side, key), strict=True)):
            own = Labelled(self.b.slice(x.value, x.labels.index(_whole(group)), start, stop), x.labels)
            x = split(self.b, own, _whole(group), [(_size(group), part.size), (_width(group), part.width)])
        groups = range(len(side.moved))
        return arrange(self.b, x, [*_kept(x), (SIZE, list(map(_size, groups))), (INTO, [*map(_width, groups), CHANNELS])])

    def matrix(self, maps: Maps, key: Key, w: Labelled) -> Labelled:
        """The weights of one irreducible: axes each..., OUT, INTO."""
        out, into = self.blocks.targets[maps.target], maps.into
        for group, basis in enumerate(maps.bases):
            if basis is not None:
                label: Label = ("basis", basis[0])
                start = 0
                for target, source in common(out.coordinates[group], into.coordinates[group]):
                    width = target.width * source.width
                    if target.irreducible == key[group]:
                        piece = Labelled(self.b.slice(w.value, w.labels.index(label), start, start + width), w.labels)
                        w = split(self.b, piece, label, [(_size(group), target.width), (_width(group), source.width)])
                        break
                    start += width
        groups = range(len(maps.bases))
        rows: list[Label] = [*map(_size, groups), *(("out", leg) for leg in out.trivial)]
        columns: list[Label] = [*map(_width, groups), *(("in", leg) for leg in into.trivial)]
        return arrange(self.b, w, [*_kept(w), (OUT, rows), (INTO, columns)])

    def none(self, rows: int, columns: int) -> Labelled:
        return Labelled(self.b.zeros((rows, columns), batched=False), (OUT, INTO))

    def beside(self, parts: Sequence[Labelled], label: Label) -> Labelled:
        """One after another along an axis; what lacks an axis of `each` is repeated along it."""
        if len(parts) == 1:
            return parts[0]
        labels = (*_each(parts), *(other for other in parts[0].labels if other[0] != "each"))
        sizes = {other: part.size(other) for part in parts for other in part.labels}
        values = []
        for part in parts:
            x = arrange(self.b, part, [(other, [other]) for other in labels])
            values.append(self.b.expand(x.value, [part.size(label) if other == label else sizes[other] for other in labels]))
        return Labelled(self.b.concatenate(values, labels.index(label)), labels)

    def cut(self, y: Labelled, key: Key) -> None:
        """What every summand of a target has of one irreducible."""
        places = self.blocks.having(key)
        stops = accumulate((self.blocks.targets[place].copies(key) for place in places), initial=0)
        for place, (start, stop) in zip(places, pairwise(stops), strict=True):
            self.found[place][key] = Labelled(self.b.slice(y.value, y.labels.index(OUT), start, stop), y.labels)

    def back(self, side: Side, found: dict[Key, Labelled]) -> Labelled:
        """A summand of a target from its irreducibles: axes each..., ("out", leg)."""
        groups = range(len(side.moved))
        pieces = {}
        for key, parts in side.keys.items():
            x = found.get(key) or Labelled(self.b.zeros((prod(part.size for part in parts), side.copies(key)), batched=False), (SIZE, OUT))
            x = split(self.b, x, SIZE, [(_size(group), part.size) for group, part in zip(groups, parts, strict=True)])
            x = split(self.b, x, OUT, [*((_width(group), part.width) for group, part in zip(groups, parts, strict=True)), (CHANNELS, side.channels)])
            wholes = [(_whole(group), [_size(group), _width(group)]) for group in groups]
            pieces[key] = arrange(self.b, x, [*_kept(x), *wholes, (CHANNELS, [CHANNELS])])
        y = self.joined(side, pieces, ())
        y = split(self.b, y, CHANNELS, [(("out", leg), side.legs[leg].dim) for leg in side.trivial])
        for group, (legs, own) in enumerate(zip(side.moved, side.coordinates, strict=True)):
            new: list[tuple[Label, Size]] = [(("out", leg), side.legs[leg].dim) for leg in legs]
            if own.trivial:
                y = split(self.b, y, _whole(group), new)
                continue
            matrix = self.b.array(own.matrix.reshape(*(_number(size) for _, size in new), -1))
            kept = [other for label in y.labels for other in ([name for name, _ in new] if label == _whole(group) else [label])]
            y = contract(self.b, y, Labelled(matrix, (*(name for name, _ in new), _whole(group))), kept)
        return y

    def joined(self, side: Side, pieces: dict[Key, Labelled], prefix: Key) -> Labelled:
        """The irreducibles of the last group side by side, then those of the one before it, ..."""
        group = len(prefix)
        if group == len(side.moved):
            return pieces[prefix]
        return self.beside([self.joined(side, pieces, (*prefix, part.irreducible)) for part in side.coordinates[group].parts], _whole(group))


def _ranges(side: Side, key: Key) -> list[tuple[int, int]]:
    """Where an irreducible stands among the coordinates of each group."""
    found = []
    for own, number in zip(side.coordinates, key, strict=True):
        stops = accumulate((part.dim for part in own.parts), initial=0)
        found += [bounds for part, bounds in zip(own.parts, pairwise(stops), strict=True) if part.irreducible == number]
    return found


def _each(terms: Iterable[Labelled]) -> list[Label]:
    return sorted({label for term in terms for label in term.labels if label[0] == "each"})


def _kept(x: Labelled) -> list[tuple[Label, list[Label]]]:
    return [(label, [label]) for label in _each([x])]


def _number(size: Size) -> int:
    assert isinstance(size, int)
    return size
