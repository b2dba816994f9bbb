"""Signed permutations of coordinates: e_i -> sign[i] * e_{image[i]}, exact in integers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[Any]


@dataclass(frozen=True, slots=True, eq=False)
class Monomial:
    """A signed permutation matrix of size d, held as two arrays of shape (d,): column i has sign[i] in row image[i]."""

    image: NDArray[np.intp]
    sign: NDArray[np.int8]

    @staticmethod
    def permutation(image: object) -> Monomial:
        array = np.asarray(image, dtype=np.intp)
        return Monomial(array, np.ones(len(array), dtype=np.int8))

    @staticmethod
    def identity(d: int) -> Monomial:
        return Monomial.permutation(np.arange(d))

    @property
    def d(self) -> int:
        return len(self.image)

    @property
    def is_permutation(self) -> bool:
        return bool((self.sign == 1).all())

    def __matmul__(self, other: Monomial) -> Monomial:
        """The matrix product: first `other`, then self."""
        return Monomial(self.image[other.image], self.sign[other.image] * other.sign)

    def inverse(self) -> Monomial:
        image, sign = np.empty_like(self.image), np.empty_like(self.sign)
        image[self.image] = np.arange(self.d)
        sign[self.image] = self.sign
        return Monomial(image, sign)

    def power(self, exponent: int) -> Monomial:
        """The product of so many, by squaring; exponent >= 0."""
        result, square = Monomial.identity(self.d), self
        while exponent:
            if exponent % 2:
                result = result @ square
            square, exponent = square @ square, exponent // 2
        return result

    def kron(self, other: Monomial) -> Monomial:
        return Monomial((self.image[:, None] * other.d + other.image).ravel(), np.multiply.outer(self.sign, other.sign).ravel())

    def direct_sum(self, other: Monomial) -> Monomial:
        return Monomial(np.concatenate([self.image, other.image + self.d]), np.concatenate([self.sign, other.sign]))

    def dense(self) -> NDArray[np.float64]:
        matrix = np.zeros((self.d, self.d))
        matrix[self.image, np.arange(self.d)] = self.sign
        return matrix

    def trace(self) -> int:
        return int(self.sign[self.image == np.arange(self.d)].sum())


def as_monomial(matrix: Array) -> Monomial | Array:
    """The signed permutation that a matrix exactly is, else the matrix."""
    if not len(matrix):
        return Monomial.identity(0)
    rows = np.abs(matrix).argmax(axis=0)
    entries = matrix[rows, np.arange(len(matrix))]
    exact = np.count_nonzero(matrix) == len(matrix) and bool(((entries == 1) | (entries == -1)).all()) and len(set(rows.tolist())) == len(matrix)
    return Monomial(rows, entries.real.astype(np.int8)) if exact else matrix


def dense(image: Monomial | Array) -> Array:
    """The matrix, however it is held."""
    return image.dense() if isinstance(image, Monomial) else image
