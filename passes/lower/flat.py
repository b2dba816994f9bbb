"""All weights of a map laid out at once: each entry's are mixed, and then everything that is needed is looked up by its place.

Where a map has many small summands, this takes a few operations in all, instead of some for each pair of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise
from math import gcd, prod
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from symc.algebra.hom import Array, Entry, Kron, Split
from symc.ir.graph import Value
from symc.passes.lower.axes import Label, Labelled
from symc.passes.lower.builder import Builder, shape_of

MOST = 2**20  # entries of the matrix by which weights are mixed
PRODUCT = 2**18  # multiplications that take about as long as a call with its gradient
NARROW = 16  # the width up to which products take as long as ones of this width
Places = NDArray[np.int64]
FLAT: Label = ("basis", 0)


def looked_up(
    b: Builder, whole: Labelled, basis: Split, mixes: Sequence[Array | None], indices: Sequence[tuple[Places, tuple[Label, ...]]]
) -> list[Labelled]:
    """For each index of places its weights, axes own..., then those of the index; nothing stands at the place -1.

    `whole` is the parameter (see `parts.parameter`). Places count the weights of one entry after another, those of each (maps, channels) row-major;
    its maps are the combinations mixes[entry], shape (maps, dim), of those of its basis, which None leaves as they are.
    """
    own = [label for label in whole.labels if label[0] == "each"]
    mixed = _mixed(b, whole.value, len(own), basis, mixes)
    places = np.concatenate([index.ravel() for index, _ in indices])
    lead = shape_of(mixed)[: len(own)]
    if (places < 0).any():
        total = shape_of(mixed)[-1]
        mixed = b.concatenate([mixed, b.zeros((*lead, 1), batched=False)], len(own))
        places = np.where(places < 0, total, places)
    flat = b.take(mixed, len(own), places.astype(np.int64))
    found = []
    for (index, labels), (start, stop) in zip(indices, _ranges(index.size for index, _ in indices), strict=True):
        value = b.reshape(b.slice(flat, len(own), start, stop), (*lead, *index.shape))
        found.append(Labelled(value, (*own, *labels)))
    return found


def starts(basis: Split, mixes: Sequence[Array | None]) -> list[int]:
    """The place of the first weight of each entry."""
    sizes = [maps(entry.basis, mix) * channels(entry.basis) for entry, mix in zip(basis.entries, mixes, strict=True)]
    return list(accumulate(sizes, initial=0))[:-1]


def maps(kron: Kron, mix: Array | None) -> int:
    return kron.diagram_dim if mix is None else len(mix)


def channels(kron: Kron) -> int:
    return kron.target_channels * kron.source_channels


def _mixed(b: Builder, whole: Value, lead: int, basis: Split, mixes: Sequence[Array | None]) -> Value:
    """All weights one after another along a last axis, those of a run of entries mixed in one product (see `_runs`)."""
    own = shape_of(whole)[:lead]
    flat = b.reshape(whole, (*own, basis.dim))
    parts, start = [], 0
    for run in _runs(basis, mixes):
        stop = start + sum(entry.basis.dim for entry, _ in run)
        part = b.slice(flat, lead, start, stop)
        if any(mix is not None for _, mix in run):
            width = _width(run)
            matrix = _diagonal([np.kron(_matrix(entry, mix), np.eye(channels(entry.basis) // width)) for entry, mix in run])
            rows = b.reshape(part, (*own, matrix.shape[1], width))
            letters = "abcd"[:lead]
            mixed = b.einsum(f"ms,{letters}sc->{letters}mc", b.array(matrix), rows)
            part = b.reshape(mixed, (*own, matrix.shape[0] * width))
        parts.append(part)
        start = stop
    return b.concatenate(parts, lead)


Run: TypeAlias = list[tuple[Entry, Array | None]]


def _runs(basis: Split, mixes: Sequence[Array | None]) -> list[Run]:
    """Entries that stand together, to be mixed at once: those that have equally many channels, and those for which one product, in rows of a width
    that divides all their channels, is about as cheap as a call."""
    runs: list[Run] = []
    for pair in zip(basis.entries, mixes, strict=True):
        if runs and _at_once([*runs[-1], pair]):
            runs[-1].append(pair)
        else:
            runs.append([pair])
    return runs


def _at_once(run: Run) -> bool:
    kept = {mix is None for _, mix in run}
    if kept == {True} or (kept == {False} and len({channels(entry.basis) for entry, _ in run}) == 1):
        return True
    width = _width(run)
    shapes = [(maps(entry.basis, mix) * channels(entry.basis) // width, entry.basis.dim // width) for entry, mix in run]
    return prod(map(sum, zip(*shapes, strict=True))) * max(width, NARROW) <= PRODUCT


def _width(run: Run) -> int:
    return gcd(*(channels(entry.basis) for entry, _ in run))


def _matrix(entry: Entry, mix: Array | None) -> Array:
    return np.eye(entry.basis.diagram_dim) if mix is None else mix


def _diagonal(matrices: Sequence[Array]) -> Array:
    """Matrices along the diagonal of one."""
    result = np.zeros((sum(len(matrix) for matrix in matrices), sum(matrix.shape[1] for matrix in matrices)))
    for matrix, (r, _), (c, stop) in zip(
        matrices, _ranges(len(matrix) for matrix in matrices), _ranges(matrix.shape[1] for matrix in matrices), strict=True
    ):
        result[r : r + len(matrix), c:stop] = matrix
    return result


def product(matrices: Sequence[Array]) -> Array:
    """The tensor product of matrices: that of the groups of one entry."""
    result: Array = np.eye(1)
    for matrix in matrices:
        result = np.kron(result, matrix)
    return result


def small(basis: Split, mixes: Sequence[Array | None]) -> bool:
    """Is mixing cheap enough in memory?"""
    sizes = [(maps(entry.basis, mix), entry.basis.diagram_dim) for entry, mix in zip(basis.entries, mixes, strict=True)]
    return prod(map(sum, zip(*sizes, strict=True))) <= MOST if sizes else True


def _ranges(sizes: Iterator[int]) -> list[tuple[int, int]]:
    stops = list(accumulate(sizes, initial=0))
    return list(pairwise(stops))
