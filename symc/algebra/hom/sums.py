"""Solved spaces between sums and tensor products.

Between two lists of legs (see `summands`) the groups separate: a `Kron` is one solved factor for every group that occurs, and all matrices on
the trivial legs. A `Split` holds one `Kron` for every pair of summands that has any map. Coordinates of a `Kron` are row-major over
(the factors in order, trivial target legs, trivial source legs); those of a `Split` follow each other, target summands outermost.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeAlias

import numpy as np

from symc.algebra import sizes as sz
from symc.algebra.hom.basis import Array, Certificate, Sizes
from symc.algebra.hom.diagrams import Diagrams
from symc.algebra.hom.explicit import Bent, Combined, Nullspace
from symc.algebra.hom.isotypic import Isotypic
from symc.algebra.hom.nested import Nested
from symc.algebra.hom.orbits import OrbitList, Orbits
from symc.algebra.reps import Rep
from symc.algebra.summands import Leg, Summand, positions

AtomBasis: TypeAlias = Diagrams | Orbits | OrbitList | Isotypic | Nullspace | Combined | Bent | Nested


@dataclass(frozen=True, slots=True, eq=False)
class Factor:
    """The maps of one group between the legs it acts on: which legs of source and target these are, and their basis."""

    basis: AtomBasis
    source_legs: tuple[int, ...]
    target_legs: tuple[int, ...]


@dataclass(frozen=True)
class Kron:
    """All maps between two lists of legs: a tensor product of one basis a group and all matrices on the trivial legs.

    Sign legs of a diagram basis are one wide and stand among the trivial ones: the basis has accounted for them. The legs determine the rest, so they
    alone are compared.
    """

    source: tuple[Leg, ...]
    target: tuple[Leg, ...]
    factors: tuple[Factor, ...] = field(compare=False)
    source_trivial: tuple[int, ...] = field(compare=False)
    target_trivial: tuple[int, ...] = field(compare=False)

    @cached_property
    def diagram_dim(self) -> int:
        """The dimension apart from trivial legs."""
        return int(np.prod([factor.basis.dim for factor in self.factors], dtype=object))

    @cached_property
    def source_channels(self) -> int:
        return int(np.prod([sz.number(self.source[i].dim) for i in self.source_trivial], dtype=object))

    @cached_property
    def target_channels(self) -> int:
        return int(np.prod([sz.number(self.target[i].dim) for i in self.target_trivial], dtype=object))

    @property
    def dim(self) -> int:
        return self.diagram_dim * self.target_channels * self.source_channels

    def dense(self, sizes: Sizes | None = None) -> Array:
        """Shape (dim, target legs..., source legs...)."""
        l, k = len(self.target), len(self.source)
        result: Array = np.ones((1,))
        axes: list[int] = []
        for factor in self.factors:
            result = _outer(result, factor.basis.dense(sizes))
            axes += [*factor.target_legs, *(l + i for i in factor.source_legs)]
        for legs, trivial, offset in ((self.target, self.target_trivial, 0), (self.source, self.source_trivial, l)):
            for i in trivial:
                result = _outer(result, np.eye(sz.number(legs[i].dim, sizes)))
                axes.append(offset + i)
        order = [axes.index(axis) + 1 for axis in range(l + k)]
        return np.ascontiguousarray(result.transpose(0, *order)) + 0.0  # no -0.0 where a zero met a sign


@dataclass(frozen=True, slots=True)
class Entry:
    """The maps from one summand of one source to one summand of one target."""

    target: int
    target_summand: Summand
    source: int
    source_summand: Summand
    basis: Kron


@dataclass(frozen=True, repr=False)
class Split:
    """All equivariant maps from a direct sum of sources to a direct sum of targets. Entries with no map are left out. Compared by the two sums."""

    sources: tuple[Rep, ...]
    targets: tuple[Rep, ...]
    entries: tuple[Entry, ...] = field(compare=False)
    certificate: Certificate = field(compare=False)

    @property
    def dim(self) -> int:
        return sum(entry.basis.dim for entry in self.entries)

    @property
    def method(self) -> str:
        methods = dict.fromkeys(factor.basis.method for entry in self.entries for factor in entry.basis.factors)
        return " + ".join(methods) or ("all matrices" if self.entries else "no map")

    def __repr__(self) -> str:
        sources, targets = (", ".join(map(str, reps)) or "()" for reps in (self.sources, self.targets))
        return f"Split({sources} -> {targets}, dim {self.dim}, {self.method})"

    @property
    def is_complex(self) -> bool:
        """Are sources and targets complex, and so the weights?"""
        return any(rep.is_complex for rep in self.sources + self.targets)

    def dense(self, sizes: Sizes | None = None) -> Array:
        """Shape (dim, d_out, d_in): every basis map as a matrix on the sum of targets and the sum of sources."""
        rows = np.cumsum([0, *(sz.number(rep.dim, sizes) for rep in self.targets)])
        columns = np.cumsum([0, *(sz.number(rep.dim, sizes) for rep in self.sources)])
        complex_ = any(factor.basis.is_complex for entry in self.entries for factor in entry.basis.factors)
        result, start = np.zeros((self.dim, rows[-1], columns[-1]), dtype=complex if complex_ else float), 0
        for entry in self.entries:
            block = entry.basis.dense(sizes)
            row = positions(self.targets[entry.target], entry.target_summand.choice, sizes).ravel() + rows[entry.target]
            column = positions(self.sources[entry.source], entry.source_summand.choice, sizes).ravel() + columns[entry.source]
            result[start : start + len(block), row[:, None], column] = block.reshape(len(block), len(row), len(column))
            start += len(block)
        return result


Basis: TypeAlias = AtomBasis | Kron | Split


def _outer(left: Array, right: Array) -> Array:
    """(a, X) and (b, Y) to (a*b, X, Y)."""
    product = np.moveaxis(np.multiply.outer(left, right), left.ndim, 1)
    return product.reshape(left.shape[0] * right.shape[0], *left.shape[1:], *right.shape[1:])
