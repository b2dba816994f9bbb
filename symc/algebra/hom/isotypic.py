"""Bases held as isotypic decompositions of both sides: all K-linear maps between multiplicity spaces, K = R, C or H."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from math import prod, sqrt

import numpy as np

from symc.algebra.hom.basis import Array, Certificate, Concrete, Sizes

# Products of units e_x e_u = SIGN[u, x] e_TURN[u, x], for the units 1, i, j, k: how maps of multiplicity spaces act beside each irreducible.
TURN = np.array([[0, 1, 2, 3], [1, 0, 3, 2], [2, 3, 0, 1], [3, 2, 1, 0]])
SIGN = np.array([[1, 1, 1, 1], [1, -1, -1, 1], [1, 1, -1, -1], [1, -1, 1, -1]])


class Frames:
    """How copies of one irreducible stand in a representation: columns (d, size, copies) that span them. Computed when first asked for."""

    def __init__(self, shape: tuple[int, int, int], compute: Callable[[], Array]):
        self.shape = shape
        self._compute = compute

    def __getstate__(self) -> dict[str, object]:
        """What is computed travels: how it is computed need not be what `pickle` takes."""
        return {"shape": self.shape, "array": self.array}

    @cached_property
    def array(self) -> Array:
        """Shape (d, size, copies)."""
        return self._compute()

    @property
    def bytes(self) -> int:
        """What the array takes, or would take."""
        return 16 * prod(self.shape)


@dataclass(frozen=True, eq=False)
class IsotypicBlock:
    """The maps of one irreducible: phi, an m' x m matrix over K of dimension `kind`, weights in the order (m', m, kind).

    target: frames (d_out, size, m'); source: dual frames (d_in, size, m), by which coordinates are read off: size is the real dimension of the
    irreducible, its coordinates in the order (.., kind).
    """

    kind: int
    target: Frames
    source: Frames

    @property
    def dim(self) -> int:
        return self.kind * self.target.shape[2] * self.source.shape[2]

    def reading(self) -> Array:
        """Shape (m * kind, size, d_in): the coordinates of every source copy, turned by every unit."""
        source = self.source.array
        d_in, size, m = source.shape
        read = source.transpose(2, 1, 0).reshape(m, size // self.kind, self.kind, d_in)
        result = np.empty((m, self.kind, *read.shape[1:]), dtype=read.dtype)
        for u in range(self.kind):
            for x in range(self.kind):
                result[:, u, :, TURN[u, x]] = SIGN[u, x] * read[:, :, x]
        return np.asarray(result.reshape(m * self.kind, size, d_in))

    def combine(self, weights: Array) -> Array:
        """Shape (..., d_out, d_in), for weights (..., dim)."""
        target, read = self.target.array, self.reading()
        (d_out, size, m_out), d_in = target.shape, read.shape[2]
        phi = weights.reshape(-1, m_out, len(read)) / sqrt(size)
        inner = np.tensordot(phi, read, axes=1).transpose(0, 2, 1, 3).reshape(len(phi), size * m_out, d_in)
        return np.asarray((target.reshape(d_out, size * m_out) @ inner).reshape(*weights.shape[:-1], d_out, d_in))


@dataclass(frozen=True, eq=False)
class Isotypic(Concrete):
    """One block for every irreducible that occurs on both sides, their weights one after another.

    Orthonormal where the group acts by orthogonal (unitary) matrices. Where it does not, `mix` (dim, dim) makes it so: map i is the combination
    mix[i] of those of the blocks; None where nothing is mixed.
    """

    blocks: tuple[IsotypicBlock, ...]
    certificate: Certificate
    over_c: bool = False
    mix: Array | None = None
    method: str = "isotypic"

    @property
    def dim(self) -> int:
        return sum(block.dim for block in self.blocks)

    @property
    def is_complex(self) -> bool:
        return self.over_c

    def combine(self, weights: Array, sizes: Sizes | None = None) -> Array:
        if self.mix is not None:
            weights = weights @ self.mix
        result = np.zeros((*weights.shape[:-1], prod(self.target_dims), prod(self.source_dims)), dtype=complex if self.over_c else float)
        start = 0
        for block in self.blocks:
            result = result + block.combine(weights[..., start : start + block.dim])
            start += block.dim
        return result.reshape(*weights.shape[:-1], *self.target_dims, *self.source_dims)

    def dense(self, sizes: Sizes | None = None) -> Array:
        return self.combine(np.eye(self.dim))

    @property
    def bytes(self) -> int:
        """What the frames take."""
        return sum(block.target.bytes + block.source.bytes for block in self.blocks)
