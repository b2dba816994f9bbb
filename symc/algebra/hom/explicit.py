"""Bases held as arrays, and bases made from others: combinations, and the same maps with legs bent from one side to the other."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from symc.algebra.groups import Group
from symc.algebra.hom.basis import Array, AtomSpace, Certificate, Sizes
from symc.algebra.sizes import Size


@dataclass(frozen=True, eq=False)
class Nullspace(AtomSpace):
    """A canonical orthonormal basis held as `tensor` (dim, target legs, source legs)."""

    group: Group
    tensor: Array
    sources: int
    certificate: Certificate
    method: str = "nullspace"

    @property
    def dim(self) -> int:
        return int(self.tensor.shape[0])

    @property
    def source_shape(self) -> tuple[Size, ...]:
        return self.tensor.shape[self.tensor.ndim - self.sources :]

    @property
    def target_shape(self) -> tuple[Size, ...]:
        return self.tensor.shape[1 : self.tensor.ndim - self.sources]

    @property
    def is_complex(self) -> bool:
        return np.iscomplexobj(self.tensor)

    def dense(self, sizes: Sizes | None = None) -> Array:
        return self.tensor


@dataclass(frozen=True, eq=False)
class Combined(AtomSpace):
    """The combinations matrix (dim, base.dim) of another basis: those of its maps that also commute with more."""

    group: Group
    base: AtomSpace
    matrix: Array
    certificate: Certificate
    method: str

    @property
    def dim(self) -> int:
        return len(self.matrix)

    @property
    def source_shape(self) -> tuple[Size, ...]:
        return self.base.source_shape

    @property
    def target_shape(self) -> tuple[Size, ...]:
        return self.base.target_shape

    @property
    def is_complex(self) -> bool:
        return self.base.is_complex or np.iscomplexobj(self.matrix)

    def dense(self, sizes: Sizes | None = None) -> Array:
        return self.base.combine(self.matrix, sizes)

    def combine(self, weights: Array, sizes: Sizes | None = None) -> Array:
        return self.base.combine(weights @ self.matrix, sizes)


@dataclass(frozen=True, eq=False)
class Bent(AtomSpace):
    """The maps of another basis with some legs bent to the other side, where they are dual.

    `axes` are the places of target legs, then source legs, among the target legs and then the source legs of the base.
    """

    group: Group
    base: AtomSpace
    axes: tuple[int, ...]
    targets: int
    certificate: Certificate
    method: str

    @property
    def dim(self) -> int:
        return self.base.dim

    @property
    def _shape(self) -> tuple[Size, ...]:
        shape = self.base.target_shape + self.base.source_shape
        return tuple(shape[axis] for axis in self.axes)

    @property
    def source_shape(self) -> tuple[Size, ...]:
        return self._shape[self.targets :]

    @property
    def target_shape(self) -> tuple[Size, ...]:
        return self._shape[: self.targets]

    @property
    def is_complex(self) -> bool:
        return self.base.is_complex

    def dense(self, sizes: Sizes | None = None) -> Array:
        return self._moved(self.base.dense(sizes))

    def combine(self, weights: Array, sizes: Sizes | None = None) -> Array:
        return self._moved(self.base.combine(weights, sizes))

    def _moved(self, stack: Array) -> Array:
        before = stack.ndim - len(self.axes)
        return np.ascontiguousarray(stack.transpose(*range(before), *(before + axis for axis in self.axes)))
