"""Lowering `linear` in the coordinates of irreducibles: one product of matrices for each, however many summands, maps and copies there are.

Every summand of a source is brought into the coordinates of its irreducibles; all that has one irreducible stands side by side, as (size, copies
and channels), and one matrix of weights mixes copies and channels, the same for each of the `size` coordinates (Schur 1905). Then every summand of
a target is brought back. Of several groups there is one irreducible each. Irreducibles that are alike everywhere share a product of many matrices.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import accumulate, pairwise
from math import prod

import numpy as np

from symc.algebra.sizes import Size
from symc.passes.lower import pair
from symc.passes.lower.axes import Label, Labelled, arrange, beside, contract, each_of, split, total
from symc.passes.lower.blocks import Alike, Blocks, Place, Side
from symc.passes.lower.builder import Builder
from symc.passes.lower.isotypic_weights import BLOCK, INTO, OUT, Weights

SIZE: Label = ("strand", 0)  # coordinates of an irreducible, which every map leaves alone
CHANNELS: Label = ("core", 1)  # those of one summand


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
    """Lowering one map: `sources` are its summands, axes ("each", j) and ("in", leg)."""

    b: Builder
    blocks: Blocks
    sources: dict[Place, Labelled]
    weights: Weights
    found: dict[Place, dict[Alike, Labelled]] = field(default_factory=dict)

    def run(self) -> dict[Place, list[pair.Part]]:
        """The one part of every summand of a target."""
        blocks = self.blocks
        self.sources = {place: self.turn(blocks.sources[place], x) for place, x in self.sources.items()}
        self.found = {place: {} for place in blocks.targets}
        for keys in blocks.reached:
            self.cut(self.mixed(keys), keys)
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

    def mixed(self, keys: Alike) -> Labelled:
        """All that the targets have of irreducibles that are alike: axes each..., BLOCK for several, SIZE, then OUT, summand after summand."""
        terms = []
        for index, places in self.blocks.sources_of(keys).items():
            x = beside(self.b, [self.piece(self.blocks.sources[place], keys, self.sources[place]) for place in places], INTO)
            w = self.weights.matrix(keys, index)
            terms.append(contract(self.b, x, w, (*each_of([x, w]), *(label for label in x.labels if label == SIZE), OUT)))
        if keys == (self.blocks.still,) and self.blocks.biases:
            terms.append(self.weights.bias())
        y = total(self.b, terms, (*each_of(terms), SIZE, OUT))
        return arrange(self.b, y, [*_kept(y), (SIZE, [SIZE]), (OUT, [OUT])])

    def piece(self, side: Side, keys: Alike, x: Labelled) -> Labelled:
        """Alike irreducibles of a turned summand: axes each..., BLOCK for several, SIZE if there is more than one coordinate, INTO."""
        for group, part in enumerate(side.keys[keys[0]]):
            start, stop = side.range(group, keys[0]), side.range(group, keys[-1])
            own = Labelled(self.b.slice(x.value, x.labels.index(_whole(group)), start[0], stop[1]), x.labels)
            several: list[tuple[Label, Size]] = [(BLOCK, len(keys))] if len(keys) > 1 and group == self.blocks.varying else []
            x = split(self.b, own, _whole(group), [*several, (_size(group), part.size), (_width(group), part.width)])
        sizes, widths = ([label(group) for group in range(len(side.moved))] for label in (_size, _width))
        if prod(part.size for part in side.keys[keys[0]]) == 1:
            return arrange(self.b, x, [*_kept(x), (INTO, [*sizes, *widths, CHANNELS])])
        return arrange(self.b, x, [*_kept(x), (SIZE, sizes), (INTO, [*widths, CHANNELS])])

    def cut(self, y: Labelled, keys: Alike) -> None:
        """What every summand of a target has of them."""
        places = self.blocks.having(keys[0])
        stops = accumulate((self.blocks.targets[place].copies(keys[0]) for place in places), initial=0)
        for place, (start, stop) in zip(places, pairwise(stops), strict=True):
            self.found[place][keys] = Labelled(self.b.slice(y.value, y.labels.index(OUT), start, stop), y.labels)

    def back(self, side: Side, found: dict[Alike, Labelled]) -> Labelled:
        """A summand of a target from its irreducibles: axes each..., ("out", leg)."""
        groups = range(len(side.moved))
        pieces = {}
        reached = {key for keys in found for key in keys}
        for keys in [*found, *((key,) for key in side.keys if key not in reached)]:
            parts = side.keys[keys[0]]
            x = found.get(keys) or Labelled(self.b.zeros((prod(part.size for part in parts), side.copies(keys[0])), batched=False), (SIZE, OUT))
            x = split(self.b, x, SIZE, [(_size(group), part.size) for group, part in zip(groups, parts, strict=True)])
            x = split(self.b, x, OUT, [*((_width(group), part.width) for group, part in zip(groups, parts, strict=True)), (CHANNELS, side.channels)])
            wholes = [(_whole(group), [*([BLOCK] if group == self.blocks.varying else []), _size(group), _width(group)]) for group in groups]
            pieces[keys] = arrange(self.b, x, [*(axis for axis in _kept(x) if axis[0] != BLOCK), *wholes, (CHANNELS, [CHANNELS])])
        y = self.joined(side, pieces)
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

    def joined(self, side: Side, pieces: dict[Alike, Labelled], prefix: tuple[int, ...] = ()) -> Labelled:
        """The irreducibles of the last group side by side, then those of the one before it, ..."""
        group = len(prefix)
        if group == len(side.moved):
            return next(piece for keys, piece in pieces.items() if prefix in keys)
        numbers = [part.irreducible for part in side.coordinates[group].parts]
        if group == self.blocks.varying:  # of alike ones, all at once, the first stands for all
            numbers = [number for number in numbers if any(keys[0][group] == number for keys in pieces if keys[0][:group] == prefix)]
        return beside(self.b, [self.joined(side, pieces, (*prefix, number)) for number in numbers], _whole(group))


def _kept(x: Labelled) -> list[tuple[Label, list[Label]]]:
    return [(label, [label]) for label in each_of([x])]


def _number(size: Size) -> int:
    assert isinstance(size, int)
    return size
