"""Weights shared along the orbits of a (signed) permutation action: as labels of all entries, or where these are too many, as one entry an orbit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from symc.algebra.hom.basis import Array, Certificate, Concrete, Sizes


@dataclass(frozen=True, eq=False)
class Orbits(Concrete):
    """Entry (i, j) of W is sign[i, j] * weight[label[i, j]], zero where label is -1.

    Orbits are numbered by their first entries, row-major, which have sign 1.
    """

    count: int
    label: NDArray[np.int32]  # (prod target_dims, prod source_dims)
    sign: NDArray[np.int8] | None
    certificate: Certificate
    method: str = "orbits"

    @property
    def dim(self) -> int:
        return self.count

    def dense(self, sizes: Sizes | None = None) -> Array:
        stack: Array = (self.label[None] == np.arange(self.dim, dtype=np.int32)[:, None, None]).astype(np.float64)
        if self.sign is not None:
            stack = stack * self.sign
        return stack.reshape(self.dim, *self.target_dims, *self.source_dims)

    def combine(self, weights: Array, sizes: Sizes | None = None) -> Array:
        padded = np.concatenate([weights, np.zeros((*weights.shape[:-1], 1))], axis=-1)  # label -1 is the last
        result = padded[..., self.label]
        if self.sign is not None:
            result = result * self.sign
        return result.reshape(*weights.shape[:-1], *self.target_dims, *self.source_dims)


@dataclass(frozen=True, eq=False)
class OrbitList(Concrete):
    """The same where there are too many entries to label: an entry of every orbit, (count, target legs + source legs).

    `label_all` computes what is not held; it is called where someone asks for all entries nevertheless.
    """

    representatives: NDArray[np.int32]
    label_all: Callable[[], Orbits]
    certificate: Certificate
    method: str = "orbits by point stabilizers"

    @property
    def dim(self) -> int:
        return len(self.representatives)

    @cached_property
    def labelled(self) -> Orbits:
        """With all labels: as many numbers as a map has entries."""
        return self.label_all()

    def dense(self, sizes: Sizes | None = None) -> Array:
        return self.labelled.dense(sizes)

    def combine(self, weights: Array, sizes: Sizes | None = None) -> Array:
        return self.labelled.combine(weights, sizes)
