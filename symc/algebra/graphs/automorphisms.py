"""Generators of the symmetry group of a graph: individualise a vertex, refine, compare (McKay 1981; Darga et al. 2004; McKay & Piperno 2014).

Vertices v_0, v_1, ... are singled out until refinement tells all vertices apart. Then, from the last to the first, a symmetry that fixes those before
v_i is looked for from v_i to each vertex that could be its image and is not known to be one.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from symc.algebra.graphs.refinement import Colours, Graph, Ints, graph
from symc.algebra.schreier_sims.permutations import Points, components

WORK = 2**30  # vertices and arcs looked at in all: half a minute


def graph_automorphisms(
    colours: Sequence[Hashable], edges: Sequence[tuple[int, int, Hashable]], directed: bool, work: int = WORK
) -> tuple[tuple[int, ...], ...]:
    """Generators, as tuples of images, of the permutations of the vertices that keep their colours and the edges with their labels.

    colours: of the vertices 0, 1, ... edges: ends and label; the same ends may come again, and may be the same vertex. Raises AlgebraError for ends
    that are no vertices, and where the search would take too long.
    """
    return tuple(tuple(generator.tolist()) for generator in _Search(graph(colours, edges, directed, work)).generators)


@dataclass(frozen=True, slots=True, eq=False)
class _Step:
    """The partition before the first vertex of a cell is singled out, and after, with its trace; of twins, all vertices are singled out at once."""

    before: Colours
    cell: Ints
    twins: bool
    after: Colours
    trace: list[int]


@dataclass(slots=True, eq=False)
class _Branch:
    """A vertex singled out on the left, and the vertices that may be its image on the right."""

    left: Colours
    trace: list[int]
    right: Colours
    images: Iterator[int]


class _Search:
    """Generators found so far, and the orbits that they have, by their least vertices."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.generators: list[Ints] = []
        self.label: Points = np.arange(graph.size)
        for step in reversed(list(self._path())):
            if step.twins:
                self._permute(step.cell)
            else:
                self._images(step)

    def _path(self) -> Iterator[_Step]:
        colours, _ = self._refined(self.graph.colours)
        while (cell := self.graph.target(colours)) is not None:
            vertices = np.flatnonzero(colours == cell)
            twins = self.graph.twins(vertices)
            after, trace = self._refined(_singled(colours, vertices if twins else vertices[:1]))
            yield _Step(colours, vertices, twins, after, trace)
            colours = after

    def _permute(self, cell: Ints) -> None:
        """All permutations of twins."""
        self._add(cell[:2], cell[1::-1])
        if len(cell) > 2:
            self._add(cell, np.roll(cell, -1))

    def _images(self, step: _Step) -> None:
        first, failed = int(step.cell[0]), list[int]()
        for vertex in step.cell[1:].tolist():
            if self.label[vertex] in {self.label[other] for other in (first, *failed)}:
                continue
            refined = self.graph.refine(_singled(step.before, np.array([vertex])), step.trace)
            image = None if refined is None else self._match(step.after, refined[0], step.before)
            if image is None:
                failed.append(vertex)
            else:
                self._add(np.arange(len(image)), image)

    def _match(self, left: Colours, right: Colours, before: Colours) -> Ints | None:
        """A symmetry that takes one partition to the other, number by number, and keeps the one that was before both."""
        branches: list[_Branch] = []
        while True:
            image = _guess(left, right)
            if image is not None:
                if (before[image] == before).all() and self.graph.keeps(image):
                    return image
                if (branch := self._branch(left, right)) is not None:
                    branches.append(branch)
            refined = None
            while branches and refined is None:
                vertex = next(branches[-1].images, None)
                if vertex is None:
                    branches.pop()
                else:
                    refined = self.graph.refine(_singled(branches[-1].right, np.array([vertex])), branches[-1].trace)
            if refined is None:
                return None
            left, right = branches[-1].left, refined[0]

    def _branch(self, left: Colours, right: Colours) -> _Branch | None:
        """Where the partitions differ, if they do in a cell of several vertices; vertices that are in both cells come last."""
        cell = self.graph.target(left, left[left != right])
        if cell is None and (cell := self.graph.target(left)) is None:
            return None
        here, there = np.flatnonzero(left == cell), np.flatnonzero(right == cell)
        vertex = [*np.setdiff1d(here, there).tolist(), *here.tolist()][0]
        images = [*np.setdiff1d(there, here).tolist(), *np.intersect1d(here, there).tolist()]
        after, trace = self._refined(_singled(left, np.array([vertex])))
        return _Branch(after, trace, right, iter(images[:1] if self.graph.twins(here) else images))

    def _refined(self, colours: Colours) -> tuple[Colours, list[int]]:
        refined = self.graph.refine(colours)
        assert refined is not None  # nothing is expected
        return refined

    def _add(self, points: Ints, images: Ints) -> None:
        generator = np.arange(self.graph.size)
        generator[points] = images
        self.generators.append(generator)
        self.label = components(len(generator), np.tile(np.arange(len(generator)), 2), np.concatenate([self.label, generator]))


def _singled(colours: Colours, vertices: Ints) -> Colours:
    result = colours.copy()
    result[vertices] = len(colours) + np.arange(len(vertices))
    return result


def _guess(left: Colours, right: Colours) -> Ints | None:
    """A permutation that takes one partition to the other and leaves what it can where it is; None where sizes of cells differ."""
    image = np.arange(len(left))
    differ = np.flatnonzero(left != right)
    sources, targets = (differ[np.argsort(side[differ], kind="stable")] for side in (left, right))
    image[sources] = targets
    return image if (left[sources] == right[targets]).all() else None

