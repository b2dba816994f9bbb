"""Diagram bases, by structure: contract the source, mix channels, copy to the target. No matrix over the legs is ever formed.

Each diagram is (source legs contracted | strands that go through | target legs copied to). The contractions of a basis share their parts, as a
DAG; all diagrams with equally many strands share one product of matrices over the channels (in Godfrey et al. 2023, "Fast computation of
permutation equivariant layers with the partition algebra", each diagram is done alone). Contractions are means: see `Diagram.summed`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from symc.algebra.hom import Diagrams, Factor
from symc.passes.lower.axes import Label, Labelled
from symc.passes.lower.builder import Builder

Block: TypeAlias = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Core:
    """What a diagram does to the source: each block is a diagonal; those in `through` are kept, in the order of strands, the others averaged."""

    through: tuple[Block, ...] = ()
    averaged: tuple[Block, ...] = ()


@dataclass(frozen=True, slots=True)
class Spread:
    """What a diagram does in the target: each block is a diagonal; those in `through`, by least leg, get the strands, the others a constant."""

    through: tuple[Block, ...] = ()
    constant: tuple[Block, ...] = ()


@dataclass(frozen=True)
class Stage:
    """All diagrams with the same numbers of strands: a table (spreads, cores) of their positions in the basis, -1 where there is no diagram."""

    cores: tuple[Core, ...]
    spreads: tuple[Spread, ...]
    table: NDArray[np.int64]

    def apart(self) -> Sequence[Stage]:
        """A stage for each core, where all are the source itself with its strands in several orders, and one product would need as many copies."""
        if len(self.spreads) > 1 or any(_key(core) != (frozenset(), frozenset()) for core in self.cores):
            return (self,)
        return [Stage((core,), self.spreads, self.table[:, index : index + 1]) for index, core in enumerate(self.cores)]


def stages(factors: Sequence[Factor]) -> list[Stage]:
    """The product of some diagram bases, most strands first. Legs are numbered as in the `Kron`; the position is row-major over the factors."""
    found: dict[tuple[int, ...], dict[tuple[Core, Spread], int]] = {}
    for position, parts in enumerate(product(*(_parts(factor) for factor in factors))):
        core = Core(sum((core.through for core, _ in parts), ()), sum((core.averaged for core, _ in parts), ()))
        spread = Spread(sum((spread.through for _, spread in parts), ()), sum((spread.constant for _, spread in parts), ()))
        found.setdefault(tuple(len(core.through) for core, _ in parts), {})[core, spread] = position
    return [_stage(found[strands]) for strands in sorted(found, reverse=True)]


def _stage(positions: dict[tuple[Core, Spread], int]) -> Stage:
    cores = tuple(dict.fromkeys(core for core, _ in positions))
    spreads = tuple(dict.fromkeys(spread for _, spread in positions))
    return Stage(cores, spreads, np.array([[positions.get((core, spread), -1) for core in cores] for spread in spreads], dtype=np.int64))


def _parts(factor: Factor) -> list[tuple[Core, Spread]]:
    """Each diagram of a basis cut in two."""
    basis = factor.basis
    assert isinstance(basis, Diagrams)
    result = []
    for diagram in basis.diagrams:
        cut = [
            (
                tuple(factor.source_legs[leg] for leg in block if leg < basis.sources),
                tuple(factor.target_legs[leg - basis.sources] for leg in block if leg >= basis.sources),
            )
            for block in diagram.blocks
        ]
        through = sorted(((into, out) for into, out in cut if into and out), key=lambda pair: pair[1])
        core = Core(tuple(into for into, _ in through), tuple(sorted(into for into, out in cut if not out)))
        spread = Spread(tuple(out for _, out in through), tuple(sorted(out for into, out in cut if not into)))
        result.append((core, spread))
    return result


@dataclass
class Contractions:
    """Computes the cores of one source, each distinct contraction once. The axis of a block has the label of its least leg."""

    b: Builder
    needed: frozenset[tuple[frozenset[Block], frozenset[Block]]]
    done: dict[tuple[frozenset[Block], frozenset[Block]], Labelled] = field(default_factory=dict)

    @staticmethod
    def of(b: Builder, x: Labelled, cores: Iterable[Core]) -> Contractions:
        return Contractions(b, frozenset(map(_key, cores)), {(frozenset(), frozenset()): x})

    def core(self, core: Core) -> Labelled:
        """The core, its strands labelled in order."""
        strands: dict[Label, Label] = {("in", block[0]): ("strand", s) for s, block in enumerate(core.through)}
        return self._compute(*_key(core)).renamed(strands)

    def _compute(self, diagonals: frozenset[Block], averaged: frozenset[Block]) -> Labelled:
        key = (diagonals, averaged)
        if key not in self.done:
            self.done[key] = self._average(*key) if averaged else self._diagonal(diagonals)
        return self.done[key]

    def _average(self, diagonals: frozenset[Block], averaged: frozenset[Block]) -> Labelled:
        """From a core with one block less averaged, where one is needed anyway; else all blocks at once."""
        parents = [averaged - {block} for block in sorted(averaged) if (diagonals, averaged - {block}) in self.needed]
        before = parents[0] if parents else frozenset()
        x = self._compute(diagonals, before)
        axes = [x.labels.index(("in", block[0])) for block in averaged - before]
        return Labelled(self.b.reduce("mean", x.value, axes), tuple(label for axis, label in enumerate(x.labels) if axis not in axes))

    def _diagonal(self, diagonals: frozenset[Block]) -> Labelled:
        *before, block = sorted(diagonals)
        x = self._compute(frozenset(before), frozenset())
        legs: list[Label] = [("in", leg) for leg in block]
        rest = tuple(label for label in x.labels if label not in legs)
        return Labelled(self.b.diagonal(x.value, map(x.labels.index, legs)), (*rest, legs[0]))


def _key(core: Core) -> tuple[frozenset[Block], frozenset[Block]]:
    """(blocks that are diagonals of several legs, blocks averaged)"""
    return frozenset(block for block in (*core.through, *core.averaged) if len(block) > 1), frozenset(core.averaged)
