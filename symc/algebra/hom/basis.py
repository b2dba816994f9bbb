"""What every solved space of equivariant maps has: its dimension, how it was found, its certificate, and the maps themselves."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from symc.algebra import sizes as sz
from symc.algebra.groups import Group
from symc.algebra.sizes import Size

Sizes: TypeAlias = Mapping[str, int]
Array: TypeAlias = NDArray[Any]  # float64, or complex128 for maps over C


@dataclass(frozen=True, slots=True)
class Certificate:
    """What is known about a solution, each part found without trusting the solver.

    residual: max |rho_out(g) W - W rho_in(g)| over generators enough and the basis, relative, float64; 0.0 in integers, or by construction.
    expected: the dimension counted another way, or None where no way is known; `expected_by` names the way.
    independent: how the basis is known to be linearly independent.
    gap: of a rank decided numerically, the smallest number taken for nonzero over the largest taken for zero; None where none was decided.
    """

    residual: float
    expected: int | None
    expected_by: str | None
    independent: str | None = None
    gap: float | None = None


class AtomSpace(ABC):
    """All maps between the legs of one group. Shapes may have free sizes."""

    @property
    @abstractmethod
    def dim(self) -> int:
        """The number of maps."""

    @property
    @abstractmethod
    def source_shape(self) -> tuple[Size, ...]:
        """The dimensions of the source legs."""

    @property
    @abstractmethod
    def target_shape(self) -> tuple[Size, ...]:
        """The dimensions of the target legs."""

    @property
    def is_complex(self) -> bool:
        """Are the maps complex, beyond what complex weights make of them?"""
        return False

    @abstractmethod
    def dense(self, sizes: Sizes | None = None) -> Array:
        """Shape (dim, target legs..., source legs...)."""

    def combine(self, weights: Array, sizes: Sizes | None = None) -> Array:
        """Shape (..., target legs..., source legs...): the maps with these weights, shape (..., dim)."""
        return np.tensordot(weights, self.dense(sizes), axes=1)

    group: Group
    method: str
    certificate: Certificate


@dataclass(frozen=True, eq=False)
class Concrete(AtomSpace):
    """Maps between legs whose dimensions are numbers."""

    group: Group
    target_dims: tuple[int, ...]
    source_dims: tuple[int, ...]

    @property
    def target_shape(self) -> tuple[Size, ...]:
        return self.target_dims

    @property
    def source_shape(self) -> tuple[Size, ...]:
        return self.source_dims


def numbers(shape: tuple[Size, ...], sizes: Sizes | None = None) -> tuple[int, ...]:
    """The shape at sizes given by name."""
    return tuple(sz.number(size, sizes) for size in shape)
