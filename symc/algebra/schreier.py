"""The levels of a stabilizer chain, found at random and then proven (Sims 1970; Seress 2003).

X_0 is the group, X_i the group that the generators of level i generate, b_i its point. A generator of level i + 1 is always a product of generators
of level i that fixes b_i, so X_{i+1} <= (X_i)_{b_i}, and the product of the lengths of the orbits is at most the order. The chain is complete when it
is the order: either because an upper bound of the order is reached, or because every Schreier generator of every level is found in the level below.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import factorial, prod

import numpy as np

from symc.algebra.errors import GroupTooLarge
from symc.algebra.permutations import (
    Points,
    Rows,
    blocks,
    distinct,
    identities,
    inverses,
    mixed,
    orbits,
    parities,
    rank,
    restricted,
    times,
    trivial,
)

FEW = 3  # random elements with which a level starts
PATIENCE = 2  # rounds of random elements that bring nothing new before the proof begins, ten times as many where the order is known
FLAT = 2**25  # entries of explicit transversals; levels beyond keep their Schreier trees
CHUNK = 2**17  # entries that are sifted together
PROOF = 2**34  # entries of Schreier generators times levels that they pass: minutes


@dataclass(frozen=True, slots=True, eq=False)
class Level:
    """The orbit of a point under a group, with a Schreier tree or an explicit transversal.

    generators: (k, n). orbit: (length,), the point first. moves: (any, n), of which moves[label[x]] takes a point x of the orbit towards the point.
    label: (n,), -1 outside the orbit.
    """

    point: int
    generators: Rows
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
        done, size = 1, _chunk(self.moves.shape[1])
        while done < len(moves):
            later = np.flatnonzero(parent[done : done + size] >= done)
            rows = slice(done, done + (int(later[0]) if len(later) else size))
            moves[rows] = times(moves, parent[rows], self.moves[letter[rows]])
            done = rows.stop
        return Level(self.point, self.generators, self.orbit, label, moves)


def tree(point: int, generators: Rows) -> Level:
    """The orbit of a point, breadth first."""
    label = np.full(generators.shape[1], -1, dtype=generators.dtype)
    label[point] = 0
    layers = [np.array([point])]
    while len(layers[-1]) and len(generators):
        images = generators[:, layers[-1]]
        letters, places = np.nonzero(label[images] < 0)
        found = images[letters, places]
        label[found] = letters
        layers.append(np.unique(found).astype(np.intp))
    return Level(point, generators, np.concatenate(layers), label, inverses(generators))


def levels(generators: Rows, base: Sequence[int] = (), order: int | None = None) -> tuple[Level, ...]:
    """The levels of a stabilizer chain of the group that rows (k, n) generate, the points of `base` first.

    order: the group's order, where it is known. Raises GroupTooLarge where the proof would take minutes.
    """
    building = _Building(distinct(generators), base, order)
    building.test()
    building.prove()
    return tuple(building.levels)


class _Building:
    """A chain that grows."""

    def __init__(self, generators: Rows, base: Sequence[int], order: int | None) -> None:
        self.generators = generators
        self.random = np.random.default_rng(0)
        self.levels: list[Level] = []
        self._start(base)
        self.bound, self.patience = (self._bound(), PATIENCE) if order is None else (order, 10 * PATIENCE)

    @property
    def complete(self) -> bool:
        return prod(len(level.orbit) for level in self.levels) >= self.bound

    def test(self) -> None:
        """Sift the generators, then random elements of the group, and add those that fail, until none does."""
        rows, left = self.generators, self.patience
        while left and not self.complete:
            failing = self._failing(rows, 0)
            for index in failing:
                if not self.complete:
                    self._insert(rows[index], 0)
            left = left if len(failing) else left - 1
            rows = mixed(self.generators, self.random)

    def prove(self) -> None:
        """Sift the Schreier generators of every level, from the bottom up, and then the generators of the group."""
        self._flatten()
        depth = len(self.levels) - 1
        if not self.complete:
            self._refuse_long()
        while depth >= -1 and not self.complete:
            for rows in self._schreier(depth) if depth >= 0 else [self.generators]:
                if len(failing := self._failing(rows, depth + 1)):
                    depth = self._insert(rows[failing[0]], depth + 1)
                    break
            else:
                depth -= 1

    def _start(self, base: Sequence[int]) -> None:
        """Every level from a few random elements of the one above."""
        left = distinct(mixed(self.generators, self.random))[:FEW]
        while len(self.levels) < len(base) or len(left):
            level = tree(base[len(self.levels)] if len(self.levels) < len(base) else _moved(left[0]), left)
            self.levels.append(level)
            if len(level.orbit) > 1:
                rows = mixed(left, self.random)
                for some in (rows[:FEW], rows):  # all of them where the few are no proper sample
                    left = distinct(level.descend(some, some[:, level.point]))[:FEW]
                    if len(left) == FEW:
                        break

    def _bound(self) -> int:
        """The order of a product of symmetric groups that holds the group, iterated wreath products on the first orbit that is moved.

        Divided by 2 for each combination of their sign characters that is 1 on the generators.
        """
        depth = next((depth for depth, level in enumerate(self.levels) if len(level.orbit) > 1), None)
        if depth is None:
            return 1
        label = orbits(self.generators.shape[1], self.generators)
        roots, sizes = np.unique(label, return_counts=True)
        signs = parities(self.generators, label)
        first = np.flatnonzero(label == label[self.levels[depth].point])
        below = self.levels[depth + 1].generators if depth + 1 < len(self.levels) else self.generators[:0]
        bound, chosen = prod(factorial(int(size)) for root, size in zip(roots, sizes, strict=True) if root != first[0]), int((sizes > 1).sum())
        rows, below, point = restricted(self.generators, first), restricted(below, first), int(np.searchsorted(first, self.levels[depth].point))
        while (parts := _nearest_blocks(rows, below, point)) is not None:
            roots = np.unique(parts)
            size = rows.shape[1] // len(roots)
            bound *= factorial(size) ** len(roots)
            rows, below = (np.searchsorted(roots, parts[one[:, roots]]) for one in (rows, below))
            point = int(np.searchsorted(roots, parts[point]))
            signs = [sign << 1 | odd for sign, odd in zip(signs, parities(rows, np.zeros_like(roots)), strict=True)]
            chosen += 1
        return bound * factorial(rows.shape[1]) >> (chosen - rank(signs))

    def _flatten(self) -> None:
        """Explicit transversals from the bottom up, while they fit."""
        room = FLAT
        for depth, level in reversed(list(enumerate(self.levels))):
            room -= len(level.orbit) * len(level.label)
            if room >= 0:
                self.levels[depth] = level.explicit()

    def _refuse_long(self) -> None:
        degree, depth = self.generators.shape[1], len(self.levels)
        rows = sum(len(level.orbit) * len(level.generators) * (depth - index) for index, level in enumerate(self.levels))
        if rows * degree > PROOF:
            message = f"a group of permutations of {degree} points with a base of {depth}: it would take minutes to prove its order"
            raise GroupTooLarge(message, "a smaller group, or the symmetric and alternating groups by their names")

    def _schreier(self, depth: int) -> Iterator[Rows]:
        level = self.levels[depth]
        degree = self.generators.shape[1]
        size = _chunk(degree * max(1, len(level.generators)))
        for start in range(0, len(level.orbit) if len(level.orbit) > 1 else 0, size):
            points = level.orbit[start : start + size]
            rows = level.generators[:, level.representatives(points)].reshape(-1, degree)
            yield level.descend(rows, level.generators[:, points].ravel())

    def _failing(self, rows: Rows, depth: int) -> Points:
        """Which rows do not sift to the identity from this level on."""
        failing, left = np.ones(len(rows), dtype=bool), np.arange(len(rows))
        for level in self.levels[depth:]:
            inside = level.label[rows[:, level.point]] >= 0
            if not inside.all():
                rows, left = rows[inside], left[inside]
            rows = level.descend(rows, rows[:, level.point])
        failing[left[trivial(rows)]] = False
        return np.flatnonzero(failing)

    def _insert(self, row: Rows, depth: int) -> int:
        """Sift an element of the level above, and if it fails add what is left of it at each level to that level; the last level that it meets.

        To each level, not to the last alone: what is left after a level is then a product of generators of that level.
        """
        residues = []
        for level in self.levels[depth:]:
            residues.append(row)
            at = row[level.point : level.point + 1]
            if level.label[at[0]] < 0:
                break
            row = level.descend(row[None], at)[0]
        else:
            if trivial(row[None])[0]:
                return len(self.levels) - 1
            residues.append(row)
            self.levels.append(tree(_moved(row), self.generators[:0]))
        for index, residue in enumerate(residues, start=depth):
            level = self.levels[index]
            self.levels[index] = tree(level.point, np.concatenate([level.generators, residue[None]]))
        return depth + len(residues) - 1


def _nearest_blocks(rows: Rows, below: Rows, point: int) -> Points | None:
    """A partition into blocks of the points of a transitive group, where two that are near for a part of a stabilizer are in one block."""
    label = orbits(rows.shape[1], below)
    sizes = np.bincount(label, minlength=len(label))
    sizes[[point]] = 0
    near = np.flatnonzero(sizes)
    if not len(below) or not len(near):
        return None
    parts = blocks(rows, point, int(near[np.argmin(sizes[near])]))
    return parts if (parts != parts[point]).any() else None


def _moved(row: Rows) -> int:
    return int(np.argmax(row != np.arange(len(row))))


def _chunk(width: int) -> int:
    return max(1, CHUNK // width)
