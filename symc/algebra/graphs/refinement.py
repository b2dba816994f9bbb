"""Graphs with colours on vertices and edges, and the coarsest partition of the vertices that neighbourhoods cannot tell apart (McKay 1981).

Cells are numbered in the order of their old numbers, then of hashes of what is around a vertex. Names of vertices play no part, so a symmetry of the
graph takes the partition to itself, number by number. A collision of hashes can only make a partition coarser, and never than the one before.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from symc.algebra.errors import AlgebraError

VERTICES = 2**16
HASH = 46  # bits of what is around a vertex, below those of its number: the numbers of at most 2^16 vertices and as many singled out
OVERHEAD = 2000  # entries whose handling takes as long as what a round of refinement costs besides

Ints = NDArray[np.int64]
Colours = NDArray[np.int64]  # of the vertices


@dataclass(slots=True, eq=False)
class Graph:
    """Every edge is two arcs, sorted by tail and head; the kind of an arc says what the labels are in both directions.

    starts: (n + 1,), where the arcs of a vertex start. heads, kinds: (arcs,). left: how much more work may be done.
    """

    colours: Colours
    starts: Ints
    heads: Ints
    kinds: Ints
    left: int
    table: NDArray[np.uint64] = field(init=False)
    factors: NDArray[np.uint64] = field(init=False)
    tails: Ints = field(init=False)
    keys: Ints = field(init=False)

    def __post_init__(self) -> None:
        random = np.random.default_rng(0)
        n = len(self.colours)
        self.table = random.integers(2**64, size=2 * n + 1, dtype=np.uint64)
        self.factors = random.integers(2**64, size=int(self.kinds.max(initial=0)) + 1, dtype=np.uint64)[self.kinds] | np.uint64(1)
        self.tails = np.repeat(np.arange(n), np.diff(self.starts))
        self.keys = self.tails * n + self.heads

    @property
    def size(self) -> int:
        return len(self.colours)

    def refine(self, colours: Colours, expected: Sequence[int] | None = None) -> tuple[Colours, list[int]] | None:
        """The partition, numbered from 0, and a trace of how it came about; None as soon as that is not as expected."""
        trace: list[int] = []
        cells = len(np.unique(colours))
        while True:
            self.spend(len(self.heads) + self.size)
            around = np.concatenate([[np.uint64(0)], np.cumsum(self.table[colours[self.heads]] * self.factors)])
            around = around[self.starts[1:]] - around[self.starts[:-1]]
            keys = colours.astype(np.uint64) << np.uint64(HASH) | _scrambled(around) >> np.uint64(64 - HASH)
            found, colours, counts = np.unique(keys, return_inverse=True, return_counts=True)
            trace.append(int((_scrambled(found) * counts.astype(np.uint64)).sum()))
            if expected is not None and trace[-1:] != expected[len(trace) - 1 : len(trace)]:
                return None
            if len(found) == cells or len(found) == self.size:
                return (colours, trace) if expected is None or len(trace) == len(expected) else None
            cells = len(found)

    def target(self, colours: Colours, among: Colours | None = None) -> int | None:
        """The cell to single a vertex out of, of several vertices: it has some arcs, but not all, to most cells, and is the largest of those."""
        sizes = np.bincount(colours)
        candidates = np.flatnonzero(sizes > 1) if among is None else np.unique(among[sizes[among] > 1])
        if len(candidates) < 2:
            return int(candidates[0]) if len(candidates) else None
        self.spend(len(self.heads))
        pairs, arcs = np.unique(colours[self.tails] * len(sizes) + colours[self.heads], return_counts=True)
        tails, heads = pairs // len(sizes), pairs % len(sizes)
        joins = np.bincount(tails[arcs < sizes[tails] * (sizes[heads] - (tails == heads))], minlength=len(sizes))
        return int(candidates[np.lexsort((-sizes[candidates], -joins[candidates]))[0]])

    def keeps(self, image: Ints) -> bool:
        """Whether a permutation of the vertices is a symmetry."""
        moved = np.flatnonzero(image != np.arange(self.size))
        if (self.colours[image[moved]] != self.colours[moved]).any():
            return False
        arcs = self.arcs(moved)
        self.spend(len(arcs) + len(moved))
        keys = image[self.tails[arcs]] * self.size + image[self.heads[arcs]]
        places = np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1)
        return bool((self.keys[places] == keys).all() and (self.kinds[places] == self.kinds[arcs]).all())

    def arcs(self, vertices: Ints) -> Ints:
        """The arcs that start at some vertices."""
        lengths = self.starts[vertices + 1] - self.starts[vertices]
        ends = np.cumsum(lengths)
        arcs: Ints = np.arange(lengths.sum()) + np.repeat(self.starts[vertices] - ends + lengths, lengths)
        return arcs

    def twins(self, vertices: Ints) -> bool:
        """Whether every permutation of these vertices alone is a symmetry."""
        rows = (self._neighbours(int(vertex)) for vertex in vertices)
        last, before = int(vertices[0]), next(rows)
        for vertex, row in zip(vertices[1:].tolist(), rows, strict=True):
            if len(before) != len(row) or self.colours[last] != self.colours[vertex] or before.get(vertex) != row.get(last):
                return False
            if any(row.get(head) != kind for head, kind in before.items() if head != vertex):
                return False
            last, before = vertex, row
        return True

    def spend(self, work: int) -> None:
        self.left -= work + OVERHEAD
        if self.left < 0:
            message = f"the symmetries of this graph of {self.size} vertices and {len(self.heads) // 2} edges are hard to find"
            raise AlgebraError(message, 'write generators that you know: permutations("(0 1 2)(3 4)", ...)')

    def _neighbours(self, vertex: int) -> dict[int, int]:
        arcs = slice(self.starts[vertex], self.starts[vertex + 1])
        return dict(zip(self.heads[arcs].tolist(), self.kinds[arcs].tolist(), strict=True))


def graph(colours: Sequence[Hashable], edges: Sequence[tuple[int, int, Hashable]], directed: bool, work: int) -> Graph:
    """Parallel edges become one, whose label tells how many there are with each label; loops go into the colour of their vertex."""
    n = len(colours)
    if n > VERTICES:
        raise AlgebraError(f"a graph of {n} vertices", f"there may be {VERTICES} vertices")
    labels: dict[tuple[int, int], Counter[Hashable]] = {}
    for tail, head, label in edges:
        for end in (tail, head):
            if isinstance(end, bool) or not isinstance(end, int) or not 0 <= end < n:
                raise AlgebraError(f"the edge ({tail!r}, {head!r}) has an end that is none of the {n} vertices", f"name vertices from 0 to {n - 1}")
        labels.setdefault((tail, head), Counter())[label] += 1
        if not directed and tail != head:
            labels.setdefault((head, tail), Counter())[label] += 1
    sets = {pair: frozenset(counter.items()) for pair, counter in labels.items()}
    pairs = sorted({(tail, head) for pair in sets for tail, head in (pair, pair[::-1]) if tail != head})
    kinds = _numbered([(sets.get(pair), sets.get(pair[::-1])) for pair in pairs])
    ends: Any = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    starts = np.searchsorted(ends[:, 0], np.arange(n + 1))
    own = _numbered([(colour, sets.get((vertex, vertex))) for vertex, colour in enumerate(colours)])
    return Graph(own, starts, ends[:, 1].copy(), kinds, work)


def _numbered(values: Sequence[Hashable]) -> Ints:
    """Equal numbers for equal values."""
    numbers: dict[Hashable, int] = {}
    return np.array([numbers.setdefault(value, len(numbers)) for value in values], dtype=np.int64)


def _scrambled(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """A hash of each, so that their sum tells more than the sum of the values."""
    mixed = (values ^ (values >> np.uint64(31))) * np.uint64(0x9E3779B97F4A7C15)
    return (mixed ^ (mixed >> np.uint64(29))) * np.uint64(0xBF58476D1CE4E5B9)
