"""The matrices of weights of irreducibles: put together piece by piece, or looked up all at once."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from math import prod

import numpy as np

from symc.algebra.hom import Array, Split
from symc.passes.lower import flat
from symc.passes.lower.axes import Label, Labelled, arrange, beside, contract, each_of, split
from symc.passes.lower.blocks import Alike, Blocks, Key, Maps, Place, Side
from symc.passes.lower.builder import Builder
from symc.passes.lower.spectral import common

BLOCK: Label = ("each", 1000)  # irreducibles that are alike
INTO: Label = ("core", 0)  # copies and channels of an irreducible in the sources,
OUT: Label = ("copy", 0)  # in the targets
MIXED: Label = ("basis", 1000)  # for a moment, numbers of small matrices


class Weights(ABC):
    """What one map mixes irreducibles with."""

    @abstractmethod
    def matrix(self, keys: Alike, index: int) -> Labelled:
        """From everything in one input that has the irreducibles to everything in the targets: axes each..., BLOCK for several, OUT, INTO."""

    @abstractmethod
    def bias(self) -> Labelled:
        """For the irreducible on which groups do nothing: axes each..., OUT."""


class Pieces(Weights):
    """A matrix for each pair of summands, from the weights of its maps; then these beside each other."""

    def __init__(self, b: Builder, blocks: Blocks, weights: Sequence[Labelled], biases: Sequence[Labelled]):
        self.b, self.blocks = b, blocks
        self.weights = [_mixed(b, maps, w) for maps, w in zip(blocks.maps, weights, strict=True)]
        self.biases = [_mixed(b, maps, w) for maps, w in zip(blocks.biases, biases, strict=True)]

    def matrix(self, keys: Alike, index: int) -> Labelled:
        if len(keys) == 1:
            return self._matrix(keys[0], index)
        parts = [self._matrix(key, index) for key in keys]
        return beside(self.b, [arrange(self.b, w, [*((x, [x]) for x in (*each_of([w]), BLOCK, OUT, INTO))]) for w in parts], BLOCK)

    def _matrix(self, key: Key, index: int) -> Labelled:
        blocks = self.blocks
        places = blocks.sources_of((key,))[index]
        pairs = zip(blocks.maps, self.weights, strict=True)
        found = {(maps.target, maps.source): self._piece(maps, key, w) for maps, w in pairs if maps.source in places and blocks.meets(maps, key)}
        rows = []
        for target in blocks.having(key):
            height = blocks.targets[target].copies(key)
            row = [found.get((target, place)) or self._none(height, blocks.sources[place].copies(key)) for place in places]
            rows.append(beside(self.b, row, INTO))
        return beside(self.b, rows, OUT)

    def bias(self) -> Labelled:
        blocks = self.blocks
        found = {maps.target: self._piece(maps, blocks.still, w) for maps, w in zip(blocks.biases, self.biases, strict=True)}
        rows = [found.get(place) or self._none(blocks.targets[place].copies(blocks.still), 1) for place in blocks.having(blocks.still)]
        column = beside(self.b, rows, OUT)  # maps of one invariant number
        return arrange(self.b, column, [*((label, [label]) for label in each_of([column])), (OUT, [OUT, INTO])])

    def _piece(self, maps: Maps, key: Key, w: Labelled) -> Labelled:
        """The weights of one pair: axes each..., OUT, INTO."""
        out, into = self.blocks.targets[maps.target], maps.into
        for group, basis in enumerate(maps.bases):
            if basis is not None:
                label: Label = ("basis", basis[0])
                start, rows, columns = _place(out, into, group, key)
                own = Labelled(self.b.slice(w.value, w.labels.index(label), start, start + rows * columns), w.labels)
                w = split(self.b, own, label, [(("strand", group), rows), (("core", group), columns)])
        groups = range(len(maps.bases))
        left: list[Label] = [*(("strand", group) for group in groups), *(("out", leg) for leg in out.trivial)]
        right: list[Label] = [*(("core", group) for group in groups), *(("in", leg) for leg in into.trivial)]
        return arrange(self.b, w, [*((label, [label]) for label in each_of([w])), (OUT, left), (INTO, right)])

    def _none(self, rows: int, columns: int) -> Labelled:
        return Labelled(self.b.zeros((rows, columns), batched=False), (OUT, INTO))


def _mixed(b: Builder, maps: Maps, w: Labelled) -> Labelled:
    """The axis of each basis, of maps, made one of the numbers of their small matrices."""
    for place, matrix in (basis for basis in maps.bases if basis is not None):
        if not _same(matrix):
            old: Label = ("basis", place)
            new = [MIXED if label == old else label for label in w.labels]
            w = contract(b, w, Labelled(b.array(np.ascontiguousarray(matrix.T)), (MIXED, old)), new).renamed({MIXED: old})
    return w


def _same(matrix: Array) -> bool:
    return matrix.shape[0] == matrix.shape[1] and bool((matrix == np.eye(len(matrix))).all())


def _place(out: Side, into: Side, group: int, key: Key) -> tuple[int, int, int]:
    """Where the matrix of an irreducible of one group begins among the numbers of all of them, and its shape."""
    start = 0
    for target, source in common(out.coordinates[group], into.coordinates[group]):
        if target.irreducible == key[group]:
            return start, target.width, source.width
        start += target.width * source.width
    raise KeyError(key)


class LookedUp(Weights):
    """All of them at once: see `flat`. `whole` and `whole_bias` are the parameters."""

    def __init__(self, b: Builder, blocks: Blocks, basis: Split, bias: Split | None, whole: Labelled, whole_bias: Labelled | None):
        self.blocks = blocks
        mixes = [mix(maps) for maps in blocks.maps]
        starts = flat.starts(basis, mixes)
        wanted = [(keys, index) for keys in blocks.reached for index in blocks.sources_of(keys)]
        indices = []
        for keys, index in wanted:
            places = np.stack([self._places(key, index, starts, mixes) for key in keys])
            indices.append((places, (BLOCK, OUT, INTO)) if len(keys) > 1 else (places[0], (OUT, INTO)))
        self.matrices = dict(zip(wanted, flat.looked_up(b, whole, basis, mixes, indices), strict=True)) if indices else {}
        if bias is not None and whole_bias is not None:
            mixes = [mix(maps) for maps in blocks.biases]
            places = self._bias_places(flat.starts(bias, mixes), mixes)
            (self.biases,) = flat.looked_up(b, whole_bias, bias, mixes, [(places, (OUT,))])

    def matrix(self, keys: Alike, index: int) -> Labelled:
        return self.matrices[keys, index]

    def bias(self) -> Labelled:
        return self.biases

    def _places(self, key: Key, index: int, starts: Sequence[int], mixes: Sequence[Array | None]) -> flat.Places:
        blocks = self.blocks
        rows = _stacked([(place, blocks.targets[place].copies(key)) for place in blocks.having(key)])
        columns = _stacked([(place, blocks.sources[place].copies(key)) for place in blocks.sources_of((key,))[index]])
        result = np.full((_end(rows), _end(columns)), -1, dtype=np.int64)
        for maps, start in zip(blocks.maps, starts, strict=True):
            if maps.source in columns and blocks.meets(maps, key):
                result[slice(*rows[maps.target]), slice(*columns[maps.source])] = start + self._own_places(maps, key)
        return result

    def _bias_places(self, starts: Sequence[int], mixes: Sequence[Array | None]) -> flat.Places:
        blocks = self.blocks
        rows = _stacked([(place, blocks.targets[place].copies(blocks.still)) for place in blocks.having(blocks.still)])
        result = np.full(_end(rows), -1, dtype=np.int64)
        for maps, start in zip(blocks.biases, starts, strict=True):
            result[slice(*rows[maps.target])] = start + self._own_places(maps, blocks.still)[:, 0]
        return result

    def _own_places(self, maps: Maps, key: Key) -> flat.Places:
        """Shape (copies in the target, copies in the source): places within one entry."""
        out, into, kron = self.blocks.targets[maps.target], maps.into, maps.entry.basis
        strides = _strides(maps)
        result = np.zeros((1, 1), dtype=np.int64)  # (copies out, copies in), group by group
        for group, basis in enumerate(maps.bases):
            if basis is not None:
                start, rows, columns = _place(out, into, group, key)
                own = (start + np.arange(rows * columns).reshape(rows, columns)) * strides[basis[0]]
                result = (result[:, None, :, None] + own[:, None, :]).reshape(len(result) * rows, -1)
        channels = np.arange(kron.target_channels * kron.source_channels).reshape(kron.target_channels, kron.source_channels)
        found = result[:, None, :, None] * channels.size + channels[:, None, :]
        return np.asarray(found.reshape(len(result) * len(channels), -1))


def mixed_at_once(blocks: Blocks) -> bool:
    """Are the matrices that mix the weights of entry after entry small enough?"""
    sizes = [[matrix.shape for _, matrix in (basis for basis in maps.bases if basis is not None)] for maps in (*blocks.maps, *blocks.biases)]
    rows, columns = (sum(prod(int(shape[side]) for shape in shapes) for shapes in sizes) for side in (0, 1))
    return rows * columns <= flat.MOST


def mix(maps: Maps) -> Array | None:
    """Shape (numbers of small matrices, maps): of all groups together, in the order of the factors; None for the identity."""
    matrices = [matrix for _, matrix in sorted((basis for basis in maps.bases if basis is not None), key=lambda basis: basis[0])]
    if all(map(_same, matrices)):
        return None
    return np.ascontiguousarray(flat.product(matrices).T)


def _strides(maps: Maps) -> dict[int, int]:
    """For each factor how far apart the numbers of its matrices are."""
    sizes = dict(basis for basis in ((basis[0], basis[1].shape[1]) for basis in maps.bases if basis is not None))
    strides, stride = {}, 1
    for place in sorted(sizes, reverse=True):
        strides[place] = stride
        stride *= sizes[place]
    return strides


def _stacked(heights: Sequence[tuple[Place, int]]) -> dict[Place, tuple[int, int]]:
    """One after another: where each begins and ends."""
    result, start = {}, 0
    for place, height in heights:
        result[place] = (start, start + height)
        start += height
    return result


def _end(ranges: dict[Place, tuple[int, int]]) -> int:
    return max((stop for _, stop in ranges.values()), default=0)
