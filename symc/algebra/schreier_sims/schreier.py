"""The levels of a stabilizer chain, found at random and then proven (Sims 1970; Seress 2003).

X_0 is the group, X_i the group that the generators of level i generate, b_i its point. A generator of level i + 1 is always a product of generators
of level i that fixes b_i, so X_{i+1} <= (X_i)_{b_i}, and the product of the lengths of the orbits is at most the order. The chain is complete when it
is the order: either because an upper bound of the order is reached, or because every Schreier generator of every level is found in the level below.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import lcm, prod

import numpy as np

from symc.algebra.errors import GroupTooLarge
from symc.algebra.schreier_sims.bounds import bound
from symc.algebra.schreier_sims.orbit_trees import CHUNK, Level, tree
from symc.algebra.schreier_sims.permutations import Points, Rows, distinct, inverses, mixed, orbits, trivial

FEW = 3  # random elements with which a level starts
PATIENCE = 2  # rounds of elements that bring nothing new before the proof begins, ten times as many where the order is known
FLAT = 2**25  # entries of explicit transversals; levels beyond keep their Schreier trees
PROOF = 2**34  # entries of Schreier generators times levels that they pass: minutes


def levels(generators: Rows, base: Sequence[int] = (), order: int | None = None, most: int | None = None) -> tuple[Level, ...]:
    """The levels of a stabilizer chain of the group that rows (k, n) generate, the points of `base` first.

    order: the group's order, where it is known; most: a bound of it. Raises GroupTooLarge where the proof would take minutes.
    """
    rows = distinct(generators)
    building = _Building(rows, base, _cyclic_order(rows[0]) if len(rows) == 1 else order, most)
    building.test()
    building.prove()
    return tuple(building.levels)


class _Building:
    """A chain that grows."""

    def __init__(self, generators: Rows, base: Sequence[int], order: int | None, most: int | None) -> None:
        self.generators = generators
        self.random = np.random.default_rng(0)
        self.levels: list[Level] = []
        self.preferred = _by_orbit(generators)
        self._start(base)
        self.bound, self.patience = (bound(generators, self.random), PATIENCE) if order is None else (order, 10 * PATIENCE)
        self.bound = self.bound if most is None else min(self.bound, most)

    @property
    def complete(self) -> bool:
        return prod(len(level.orbit) for level in self.levels) >= self.bound

    def test(self) -> None:
        """Sift random elements of the group, and in the end its generators, and add those that fail, until none does."""
        passed = 0
        while passed < self.patience and not self.complete:
            passed += 1
            rows = mixed(self.generators, self.random) if passed < self.patience else self.generators
            while not self.complete and len(failing := self._failing(rows, 0)):
                rows, passed = rows[failing], 0
                self._deepen(self._insert(rows[0], 0))

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
            level = tree(base[len(self.levels)] if len(self.levels) < len(base) else self._moved(left[0]), left)
            self.levels.append(level)
            if len(level.orbit) > 1:
                rows = mixed(left, self.random)
                for some in (rows[:FEW], rows):  # all of them where the few are no proper sample
                    left = distinct(level.descend(some, some[:, level.point]))[:FEW]
                    if len(left) == FEW:
                        break

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

    def _moved(self, row: Rows) -> int:
        return int(self.preferred[np.argmax(row[self.preferred] != self.preferred)])

    def _deepen(self, depth: int) -> None:
        """After an orbit has grown, random elements for the levels below, which the new generator has not met."""
        while True:
            rows = mixed(self.levels[depth].generators, self.random)
            rows = self.levels[depth].descend(rows, rows[:, self.levels[depth].point])
            failing = self._failing(rows, depth + 1)
            if not len(failing):
                return
            depth = self._insert(rows[failing[0]], depth + 1)

    def _insert(self, row: Rows, depth: int) -> int:
        """Sift an element of the level above that fails, and add what is left of it at each level that it meets to that level.

        To each level, not to the last alone: what is left after a level is then a product of generators of that level. Returns the last one.
        """
        residues: list[Rows] = []
        failed = False
        while not failed:
            if depth + len(residues) == len(self.levels):
                self.levels.append(tree(self._moved(row), self.generators[:0]))
            level = self.levels[depth + len(residues)]
            residues.append(row)
            at = row[level.point : level.point + 1]
            failed = bool(level.label[at[0]] < 0)
            row = row if failed else level.descend(row[None], at)[0]
        back = inverses(np.stack(residues))
        for index, residue in enumerate(residues):
            level = self.levels[depth + index]
            generators, inverse = np.vstack([level.generators, residue]), np.vstack([level.inverses, back[index]])
            self.levels[depth + index] = tree(level.point, generators, inverse)
        return depth + len(residues) - 1


def _cyclic_order(row: Rows) -> int:
    return lcm(*np.unique(orbits(len(row), [row]), return_counts=True)[1].tolist())


def _by_orbit(generators: Rows) -> Points:
    """The points, those of the largest orbits first."""
    label = orbits(generators.shape[1], generators)
    return np.lexsort((label, -np.bincount(label, minlength=len(label))[label]))


def _chunk(width: int) -> int:
    return max(1, CHUNK // width)
