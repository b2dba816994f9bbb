"""Lie groups of matrices: what they share, and the compact ones. An element is its matrix; of a compact one the adjoint is the inverse."""

from __future__ import annotations

import math
from abc import abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from symc.algebra import sizes as sz
from symc.algebra.groups.base import Array, Family, Form, Ints, Linear, Rng, below

Entries: TypeAlias = tuple[tuple[int, int, complex], ...]  # (row, column, value) of a sparse matrix
TERMS = 15
NORM = 0.6  # of the Hermitian part of random algebra elements: words in elements of a group that is not compact grow


class Lie(Linear):
    """A group of matrices with a Lie algebra, whose basis is given entry by entry, and discrete generators that are diagonal."""

    __slots__ = ()

    @abstractmethod
    def entries(self, index: int) -> Entries:
        """The nonzero entries of an element of the Lie algebra's basis."""

    def flips(self) -> tuple[tuple[int, ...], ...]:
        """For every discrete generator, which entries of its diagonal are -1; the others are 1."""
        return ()

    @property
    def discrete(self) -> int:
        return len(self.flips())

    def identity(self) -> Form:
        return np.eye(sz.number(self.degree), dtype=self.dtype)

    @property
    def dtype(self) -> type[np.float64] | type[np.complex128]:
        return np.complex128 if self.is_complex else np.float64

    def generator(self, index: int) -> Form:
        diagonal = np.ones(sz.number(self.degree), dtype=self.dtype)
        diagonal[list(self.flips()[index])] = -1
        return np.diag(diagonal)

    def product(self, left: Form, right: Form) -> Form:
        return np.asarray(left @ right)

    def inverse(self, form: Form) -> Form:
        return np.asarray(form.conj().T)

    def matrix(self, form: Form) -> Array:
        return np.asarray(form)

    def lie_generator(self, index: int) -> Array:
        result = np.zeros((sz.number(self.degree),) * 2, dtype=self.dtype)
        for i, j, value in self.entries(index):
            result[i, j] = value if self.is_complex else value.real
        return result

    def algebra(self, coefficients: ArrayLike) -> Array:
        """The element of the Lie algebra with those coefficients; raises ValueError unless there is one for each generator."""
        weights = np.asarray(coefficients, dtype=np.float64)
        if weights.shape != (sz.number(self.lie),):
            raise ValueError(f"{self} has {sz.number(self.lie)} Lie algebra generators, the coefficients have shape {weights.shape}")
        result = np.zeros((sz.number(self.degree),) * 2, dtype=self.dtype)
        index, rows, columns, values = _all_entries(self)
        np.add.at(result, (rows, columns), weights[index] * (values if self.is_complex else values.real))
        return result

    def exponential(self, coefficients: ArrayLike) -> Form:
        return self.exp(self.algebra(coefficients))

    def exp(self, matrix: Array) -> Form:
        """The element that is the exponential of a matrix of the Lie algebra."""
        return exponential(matrix)

    def random(self, rng: Rng) -> Form:
        """A generic element k exp(p), k in the maximal compact subgroup and p Hermitian and small, times some of the discrete generators."""
        x = self.algebra(rng.standard_normal(sz.number(self.lie)))
        adjoint = x.conj().T if self.self_adjoint else x  # where it is not in the algebra, x is taken whole
        result = self.product(self.exp((x - adjoint) / 2), self.exp(bounded((x + adjoint) / 2)))
        for index in range(self.discrete):
            if below(2, rng):
                result = self.product(self.generator(index), result)
        return result

    def generator_name(self, index: int) -> str:
        n, chosen = sz.number(self.degree), self.flips()[index]
        signs = ["−1" if i in chosen else "1" for i in range(n)]
        if n > 4 and chosen == (0,):
            return "diag(−1, 1, …, 1)"
        return f"diag({', '.join(signs)})" if n <= 8 else f"−1 at {', '.join(map(str, chosen))} on the diagonal"

    def lie_name(self, index: int) -> str:
        return entries_name(self.entries(index))


@dataclass(frozen=True, slots=True)
class Orthogonal(Family, Lie):
    """O(n): rotations and reflections of R^n. Generators E_ij - E_ji for i < j in lexicographic order, then diag(-1, 1, ..., 1)."""

    @property
    def letter(self) -> str:
        return "O"

    @property
    def degree(self) -> sz.Size:
        return self.n

    @property
    def unitary(self) -> bool:
        return True

    @property
    def lie(self) -> sz.Size:
        return pairs(self.n)

    @property
    def order(self) -> sz.Size | None:
        return 2 if self.n == 1 else None

    def flips(self) -> tuple[tuple[int, ...], ...]:
        return ((0,),)

    def entries(self, index: int) -> Entries:
        return skew(*lie_pair(sz.number(self.n), index))

    def sufficient(self) -> Iterable[int]:
        return neighbours(sz.number(self.n))

    def random(self, rng: Rng) -> Form:
        return haar(rng.standard_normal((sz.number(self.n),) * 2))


@dataclass(frozen=True, slots=True)
class SpecialOrthogonal(Family, Lie):
    """SO(n): rotations of R^n. Generators E_ij - E_ji for i < j in lexicographic order."""

    @property
    def letter(self) -> str:
        return "SO"

    @property
    def degree(self) -> sz.Size:
        return self.n

    @property
    def unitary(self) -> bool:
        return True

    @property
    def lie(self) -> sz.Size:
        return pairs(self.n)

    @property
    def order(self) -> sz.Size | None:
        return 1 if self.n == 1 else None

    def entries(self, index: int) -> Entries:
        return skew(*lie_pair(sz.number(self.n), index))

    def sufficient(self) -> Iterable[int]:
        return neighbours(sz.number(self.n))

    def random(self, rng: Rng) -> Form:
        matrix = haar(rng.standard_normal((sz.number(self.n),) * 2))
        matrix[0] *= np.linalg.slogdet(matrix)[0]
        return matrix


@dataclass(frozen=True, slots=True)
class Unitary(Family, Lie):
    """U(n): unitary matrices. Generators E_ij - E_ji, then i(E_ij + E_ji) for i < j, then i E_kk."""

    @property
    def letter(self) -> str:
        return "U"

    @property
    def degree(self) -> sz.Size:
        return self.n

    @property
    def is_complex(self) -> bool:
        return True

    @property
    def unitary(self) -> bool:
        return True

    @property
    def lie(self) -> sz.Size:
        return sz.normal(self.n**2)

    @property
    def order(self) -> sz.Size | None:
        return None

    def entries(self, index: int) -> Entries:
        return _skew_hermitian(sz.number(self.n), index, traceless=False)

    def sufficient(self) -> Iterable[int]:
        return _and_diagonal(sz.number(self.n), sz.number(self.lie))

    def random(self, rng: Rng) -> Form:
        n = sz.number(self.n)
        return haar(rng.standard_normal((n, n)) + 1j * rng.standard_normal((n, n)))


@dataclass(frozen=True, slots=True)
class SpecialUnitary(Family, Lie):
    """SU(n): unitary matrices of determinant 1. Generators E_ij - E_ji, then i(E_ij + E_ji) for i < j, then i(E_kk - E_k+1,k+1)."""

    @property
    def letter(self) -> str:
        return "SU"

    @property
    def degree(self) -> sz.Size:
        return self.n

    @property
    def is_complex(self) -> bool:
        return True

    @property
    def unitary(self) -> bool:
        return True

    @property
    def lie(self) -> sz.Size:
        return sz.normal(self.n**2 - 1)

    @property
    def order(self) -> sz.Size | None:
        return 1 if self.n == 1 else None

    def entries(self, index: int) -> Entries:
        return _skew_hermitian(sz.number(self.n), index, traceless=True)

    def sufficient(self) -> Iterable[int]:
        return _and_diagonal(sz.number(self.n), sz.number(self.lie))

    def random(self, rng: Rng) -> Form:
        n = sz.number(self.n)
        matrix = haar(rng.standard_normal((n, n)) + 1j * rng.standard_normal((n, n)))
        matrix[0] /= np.linalg.slogdet(matrix)[0]
        return matrix


def _skew_hermitian(n: int, index: int, *, traceless: bool) -> Entries:
    count = n * (n - 1) // 2
    if index < count:
        return skew(*lie_pair(n, index))
    if index < 2 * count:
        i, j = lie_pair(n, index - count)
        return (i, j, 1j), (j, i, 1j)
    k = index - 2 * count
    return ((k, k, 1j), (k + 1, k + 1, -1j)) if traceless else ((k, k, 1j),)


def _and_diagonal(n: int, lie: int) -> tuple[int, ...]:
    """The real rotations of neighbouring coordinates, and all diagonal matrices: brackets of the two are the imaginary ones."""
    return *neighbours(n), *range(n * (n - 1), lie)


def pairs(n: sz.Size) -> sz.Size:
    """n over 2."""
    return n * (n - 1) // 2 if isinstance(n, int) else sz.normal(n * (n - 1) / 2)


@lru_cache(maxsize=16)
def _all_entries(law: Lie) -> tuple[Ints, Ints, Ints, Array]:
    """The entries of the whole basis of a Lie algebra: whose each is, rows, columns, values."""
    found = [(index, *entry) for index in range(sz.number(law.lie)) for entry in law.entries(index)]
    index, rows, columns, values = (np.array(part) for part in zip(*found, strict=True)) if found else np.zeros((4, 0), dtype=np.intp)
    return index, rows, columns, values


def lie_pair(n: int, index: int) -> tuple[int, int]:
    """The index-th pair i < j below n in lexicographic order."""
    left = math.comb(n, 2) - 1 - index  # pairs that follow
    k = (1 + math.isqrt(8 * left + 1)) // 2  # of these, k over 2 begin later than this one
    i = n - 1 - k
    return i, index - i * (2 * n - i - 1) // 2 + i + 1


def pair_index(n: int, i: int, j: int) -> int:
    """The place of a pair i < j below n in lexicographic order."""
    return i * (2 * n - i - 1) // 2 + j - i - 1


def neighbours(n: int) -> tuple[int, ...]:
    """The places of the pairs (i, i + 1): rotations, or boosts, in these planes generate those in all planes."""
    return tuple(pair_index(n, i, i + 1) for i in range(n - 1))


def skew(i: int, j: int) -> Entries:
    """E_ij - E_ji."""
    return (i, j, 1.0), (j, i, -1.0)


def entries_name(entries: Entries) -> str:
    """`E_01 − E_10`, `i(E_01 + E_10)`."""
    comma = "," if any(max(i, j) > 9 for i, j, _ in entries) else ""
    imaginary = all(complex(value).real == 0 for _, _, value in entries)
    text = ""
    for i, j, value in entries:
        size = complex(value).imag if imaginary else complex(value).real
        sign = ("−" if size < 0 else "") if not text else (" − " if size < 0 else " + ")
        factor = "" if abs(size) == 1 else f"{abs(size):g} "
        text += f"{sign}{factor}E_{i}{comma}{j}"
    return text if not imaginary else f"i {text}" if len(entries) == 1 else f"i({text})"


def bounded(matrix: Array) -> Array:
    """The matrix made no larger than NORM."""
    size = float(np.linalg.norm(matrix, 2)) if matrix.size else 0.0
    return matrix * (NORM / size) if size > NORM else matrix


def haar(gaussian: Array) -> Array:
    """A uniformly random orthogonal or unitary matrix from a Gaussian one (Stewart 1980): QR with the phases of R's diagonal moved into Q."""
    q, r = np.linalg.qr(gaussian)
    diagonal = np.diag(r)
    return np.asarray(q * (diagonal / np.where(diagonal == 0, 1, np.abs(diagonal))))


def exponential(matrix: Array) -> Array:
    """exp: from eigenvectors where the matrix is skew-Hermitian or Hermitian, unitary to rounding in the first case; else by scaling and squaring."""
    adjoint = matrix.conj().T
    if np.array_equal(matrix, adjoint):
        values, vectors = np.linalg.eigh(matrix)
        return np.asarray((vectors * np.exp(values)) @ vectors.conj().T)
    if np.array_equal(matrix, -adjoint):
        moved = np.flatnonzero(matrix.any(axis=0))
        values, vectors = np.linalg.eigh(-1j * matrix[np.ix_(moved, moved)])
        result = np.eye(len(matrix), dtype=matrix.dtype)
        turned = (vectors * np.exp(1j * values)) @ vectors.conj().T
        result[np.ix_(moved, moved)] = turned if np.iscomplexobj(matrix) else turned.real
        return result
    return _by_squaring(matrix)


def _by_squaring(matrix: Array) -> Array:
    """exp by Taylor's series of the matrix over a power of two, squared as often. (scipy's takes a quarter of a second to import.)"""
    squarings = max(0, math.ceil(math.log2(max(float(np.linalg.norm(matrix, 1)), 1e-300))) + 2)
    small = matrix / 2**squarings  # of norm at most 1/4: the 14th term is below 1e-19
    result = term = np.eye(len(matrix), dtype=np.result_type(matrix, np.float64))
    for order in range(1, TERMS):
        term = term @ small / order
        result = result + term
    for _ in range(squarings):
        result = result @ result
    return np.asarray(result)
