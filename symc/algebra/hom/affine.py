"""Equivariant affine maps between points: an origin and directions."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from symc.algebra import sizes as sz
from symc.algebra.hom.basis import Array, Certificate, Sizes
from symc.algebra.hom.diagrams import Diagrams
from symc.algebra.hom.sums import Kron, Split
from symc.algebra.reps import Rep


@dataclass(frozen=True, slots=True, eq=False)
class System:
    """The maps into one summand of one target, the same conditions for each of its `channels`.

    Its unknowns are the weights of some entries of the linear maps: for each channel of the summand, entry after entry, those of (basis, source
    channel). They are origin + theta @ directions, shapes (unknowns,) and (free, unknowns), directions orthonormal.
    """

    entries: tuple[int, ...]
    channels: int
    origin: Array
    directions: Array

    @property
    def dim(self) -> int:
        return self.channels * len(self.directions)


@dataclass(frozen=True, repr=False)
class Affine:
    """All equivariant affine maps from a direct sum of sources to one of targets, as weights of linear maps of which diagrams take means.

    Coordinates are those of the systems one after another, of each row-major over (channel, direction).
    """

    linear: Split
    systems: tuple[System, ...] = field(compare=False)
    certificate: Certificate = field(compare=False)

    @property
    def sources(self) -> tuple[Rep, ...]:
        return self.linear.sources

    @property
    def targets(self) -> tuple[Rep, ...]:
        return self.linear.targets

    @property
    def dim(self) -> int:
        return sum(system.dim for system in self.systems)

    @property
    def method(self) -> str:
        return f"{self.linear.method}, weights of points summing to 1"

    @property
    def is_complex(self) -> bool:
        return False

    def linear_weights(self, theta: Array) -> Array:
        """Shape (..., linear.dim): the weights of the linear maps, for theta of shape (..., dim)."""
        return self._placed(theta, with_origin=True)

    def origin(self, sizes: Sizes | None = None) -> Array:
        """Shape (d_out, d_in): the linear part of the map at theta = 0."""
        return np.asarray(np.tensordot(self.linear_weights(np.zeros(self.dim)), self._stack(sizes), axes=1))

    def dense(self, sizes: Sizes | None = None) -> Array:
        """Shape (dim, d_out, d_in): the directions as matrices."""
        return np.asarray(np.tensordot(self._placed(np.eye(self.dim), with_origin=False), self._stack(sizes), axes=1))

    def _placed(self, theta: Array, *, with_origin: bool) -> Array:
        result = np.zeros((*theta.shape[:-1], self.linear.dim))
        starts = np.cumsum([0, *(entry.basis.dim for entry in self.linear.entries)])
        begin = 0
        for system in self.systems:
            own = theta[..., begin : begin + system.dim].reshape(*theta.shape[:-1], system.channels, len(system.directions))
            values = own @ system.directions + (system.origin if with_origin else 0.0)
            begin, column = begin + system.dim, 0
            for index in system.entries:
                kron = self.linear.entries[index].basis
                width = kron.diagram_dim * kron.source_channels
                block = values[..., column : column + width].reshape(*theta.shape[:-1], system.channels, kron.diagram_dim, kron.source_channels)
                result[..., starts[index] : starts[index + 1]] = np.moveaxis(block, -3, -2).reshape(*theta.shape[:-1], kron.dim)
                column += width
        return result

    def _stack(self, sizes: Sizes | None) -> Array:
        return self.linear.dense(sizes) * normalisation(self.linear, sizes or {})[:, None, None]


def normalisation(basis: Split, sizes: Sizes) -> Array:
    """Shape (dim,): what a module multiplies each basis map by, so that diagrams take means over indices where `dense` sums."""
    return np.concatenate([np.zeros(0), *(_of_kron(entry.basis, sizes) for entry in basis.entries)])


def _of_kron(kron: Kron, sizes: Sizes) -> Array:
    return np.repeat(means(kron, sizes), kron.target_channels * kron.source_channels)


def means(kron: Kron, sizes: Sizes) -> Array:
    """Shape (maps of the groups,): one over the number of indices that each of them sums over."""
    result = np.ones(1)
    for factor in kron.factors:
        own = np.ones(factor.basis.dim)
        if isinstance(factor.basis, Diagrams):
            n = max(sz.number(factor.basis.n, sizes), 1)  # of no points every mean is 0, and so is every sum
            own = np.array([float(n) ** -diagram.summed(factor.basis.sources) for diagram in factor.basis.diagrams])
        result = np.multiply.outer(result, own).ravel()
    return result
