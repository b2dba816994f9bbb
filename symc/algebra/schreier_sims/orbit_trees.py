"""Orbits of a point, with elements that move the point anywhere in it: Schreier trees, or explicit transversals."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from symc.algebra.schreier_sims.permutations import Points, Rows, identities, inverses, times

CHUNK = 2**17  # entries of permutations that are handled together


@dataclass(frozen=True, slots=True, eq=False)
class Level:
    """The orbit of a point under a group, with a Schreier tree or an explicit transversal.

    generators, inverses: (k, n). orbit: (length,), the point first. label: (n,), -1 outside the orbit. moves: (any, n), where moves[label[x]] takes a
    point x of the orbit towards the point.
    """

    point: int
    generators: Rows
    inverses: Rows
    orbit: Points
    label: Rows
    moves: Rows

    def descend(self, rows: Rows, at: Rows) -> Rows:
        """Each row, followed by the element of the transversal that takes at[row], in the orbit, to the point: (N, n), (N,) -> (N, n)."""
        rows, at = rows.copy(), at.astype(np.intp)
        going = np.flatnonzero(at != self.point)
        while len(going):
            label = self.label[at[going]].astype(np.intp)
            rows[going] = times(self.moves, label, rows[going])
            at[going] = self.moves[label, at[going]]
            going = going[at[going] != self.point]
        return rows

    def representatives(self, points: Points) -> Rows:
        """Elements that take the point to these points of the orbit: (N,) -> (N, n)."""
        return inverses(self.descend(identities(len(points), self.moves), points))

    def explicit(self) -> Level:
        """The same level, with a move for each point of the orbit that takes it to the point at once."""
        label = np.full_like(self.label, -1)
        label[self.orbit] = np.arange(len(self.orbit))
        letter = self.label[self.orbit].astype(np.intp)
        if (label == self.label).all():
            return self
        parent = label[self.moves[letter, self.orbit]].astype(np.intp)
        moves = identities(len(self.orbit), self.moves)
        done, size = 1, max(1, CHUNK // self.moves.shape[1])
        while done < len(moves):
            later = np.flatnonzero(parent[done : done + size] >= done)
            rows = slice(done, done + (int(later[0]) if len(later) else size))
            moves[rows] = times(moves, parent[rows], self.moves[letter[rows]])
            done = rows.stop
        return Level(self.point, self.generators, self.inverses, self.orbit, label, moves)


def tree(point: int, generators: Rows, inverse: Rows | None = None) -> Level:
    """The orbit of a point, breadth first. inverse: of the generators, where they are known."""
    label = np.full(generators.shape[1], -1, dtype=generators.dtype)
    label[point] = 0
    layers = [np.array([point])]
    while len(layers[-1]) and len(generators):
        images = generators[:, layers[-1]]
        letters, places = np.nonzero(label[images] < 0)
        found = images[letters, places]
        label[found] = letters
        layers.append(np.unique(found).astype(np.intp))
    moves = inverses(generators) if inverse is None else inverse
    return Level(point, generators, moves, np.concatenate(layers), label, moves)
