"""Matrices modulo a prime: exact where matrices of rational numbers stretch too much for floating point.

A rank modulo a prime is never more than the rank over the rationals, and less for finitely many primes only. Matrices are float64 arrays of residues:
products of them, 64 at a time, stay below 2^53.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

import numpy as np
from numpy.typing import ArrayLike

from symc.algebra.groups import Array

PRIME = 2**23 - 15  # of the form 4k + 1, so that -1 has a square root
ROOT = pow(3, (PRIME - 1) // 4, PRIME)  # of -1: 3 is no square
BLOCK = 64
DIGITS, BITS = 3, 10  # of decimal and of binary fractions that are meant as they are written; longer ones may have been rounded


def residue(entry: complex) -> int | None:
    """A number as a residue; None where it is no integer or short fraction, nor a complex number made of these."""
    if isinstance(entry, complex):
        parts = residue(entry.real), residue(entry.imag)
        return None if parts[0] is None or parts[1] is None else (parts[0] + ROOT * parts[1]) % PRIME
    value = Fraction(repr(entry)) if isinstance(entry, float) else Fraction(entry)
    if 2**BITS % value.denominator and len(Decimal(repr(entry)).normalize().as_tuple().digits) > DIGITS:
        return None
    return value.numerator * pow(value.denominator, -1, PRIME) % PRIME


def residues(rows: Sequence[Sequence[complex]]) -> Array | None:
    """A matrix of numbers as residues; None where some are no integers or short decimal fractions."""
    known = {entry: residue(entry) for row in rows for entry in row}
    return None if None in known.values() else np.array([[known[entry] for entry in row] for row in rows], dtype=np.float64)


def reduced(x: Array) -> Array:
    """Numbers of absolute value below 2^53 to residues."""
    return np.asarray(x - PRIME * np.floor(x / PRIME))


def product(left: Array, right: Array) -> Array:
    """The product of two matrices of residues."""
    result: Array = np.zeros((left.shape[0], right.shape[1]))
    for start in range(0, left.shape[1], BLOCK):
        result = reduced(result + reduced(left[:, start : start + BLOCK] @ right[start : start + BLOCK]))
    return result


def inverse(matrix: Array) -> Array | None:
    """The inverse of a square matrix of residues; None where there is none."""
    n = len(matrix)
    both = np.concatenate([matrix, np.eye(n)], axis=1)
    for column in range(n):
        pivots = np.flatnonzero(both[column:, column])
        if not len(pivots):
            return None
        both[[column, column + pivots[0]]] = both[[column + pivots[0], column]]
        both[column] = reduced(both[column] * pow(int(both[column, column]), -1, PRIME))
        others = both[:, column].copy()
        others[column] = 0
        both = reduced(both - reduced(np.outer(others, both[column])))
    return both[:, n:]


def rank(matrix: ArrayLike) -> int:
    """The rank of an integer matrix modulo the prime: full rank is a proof of independence over the rationals.

    Gaussian elimination by blocks of columns: rows are reduced within a block first, and what was done to them is done to the rest by one product.
    """
    a = np.mod(np.asarray(matrix), PRIME).astype(np.float64)
    row = 0
    for start in range(0, a.shape[1], BLOCK):
        if row == len(a):
            break
        found, lower = _eliminate(a[row:], start, min(start + BLOCK, a.shape[1]))
        rest = a[row:, start + BLOCK :]
        for i in range(1, found):
            rest[i] = reduced(rest[i] - reduced(lower[i, :i] @ rest[:i]))
        rest[found:] = reduced(rest[found:] - reduced(lower[found:, :found] @ rest[:found]))
        row += found
    return row


def _eliminate(a: Array, start: int, stop: int) -> tuple[int, Array]:
    """Pivots of some columns brought to the top of `a`, in place, and the multiples of their rows that were taken from those below."""
    lower, found = np.zeros((len(a), stop - start)), 0
    for column in range(start, stop):
        pivots = np.flatnonzero(a[found:, column])
        if not len(pivots):
            continue
        swap = [found, found + int(pivots[0])]
        a[swap], lower[swap] = a[swap[::-1]], lower[swap[::-1]]
        multiples = reduced(a[found + 1 :, column] * pow(int(a[found, column]), -1, PRIME))
        lower[found + 1 :, found] = multiples
        block = a[found + 1 :, column:stop]
        block[:] = reduced(block - reduced(np.outer(multiples, a[found, column:stop])))
        found += 1
        if found == len(a):
            break
    return found, lower
