"""A basis that depends on the space alone: not on the gauge of eigenvectors, nor on the linear algebra library."""

from __future__ import annotations

import numpy as np

from symc.algebra.groups import Array

TIE = 1e-7  # relative difference of squared norms below which two columns are equally good, and the first is taken
NOISE = 1e-14


def canonical_basis(rows: Array) -> Array:
    """Orthonormal rows to the canonical orthonormal rows of the same span, shape (dim, d); real, or over C.

    Greedy pivoted QR: again and again the column of largest norm is taken, which no rotation of the rows changes; ties go to the lowest index. In the
    result row i is positive at its pivot, where all rows after it are 0.
    """
    dim = len(rows)
    basis: Array = np.zeros((dim, dim), dtype=np.result_type(rows, np.float64))
    left = np.einsum("ij,ij->j", rows, rows.conj()).real
    for i in range(dim):
        pivot = int(np.argmax(left >= left.max() * (1 - TIE)))
        direction = rows[:, pivot]
        for _ in range(2):  # twice is enough
            direction = direction - basis[:i].conj().T @ (basis[:i] @ direction)
        basis[i] = direction.conj() / np.linalg.norm(direction)
        left = left - np.abs(basis[i] @ rows) ** 2
        left[pivot] = 0.0
    result = basis @ rows
    result[np.abs(result) < NOISE] = 0.0
    return np.asarray(result)


def canonical_complement(rows: Array) -> Array:
    """The canonical basis of all that is orthogonal to some real orthonormal rows (r, d), shape (d - r, d), in about r d^2 steps.

    It is a pivoted Cholesky factor of the projector I - Q Q^T: what is left of that after some pivots is I - Q (Q^T Q)^-1 Q^T, where Q has lost the
    rows of the pivots.
    """
    r, d = rows.shape
    q = np.ascontiguousarray(rows.T)
    left = 1 - np.einsum("ij,ij->j", rows, rows)
    result: Array = np.zeros((d - r, d))
    for row in result:
        pivot = int(np.argmax(left >= left.max() * (1 - TIE)))
        row -= q @ np.linalg.solve(q.T @ q, q[pivot])
        row[pivot] += 1
        row /= np.sqrt(row[pivot])
        q[pivot] = 0.0
        left -= row**2
        left[pivot] = 0.0
        row[np.abs(row) < NOISE] = 0.0
    return result


def orthonormal(rows: Array) -> Array:
    """Independent rows to orthonormal rows of the same span."""
    return np.ascontiguousarray(np.linalg.qr(rows.T)[0].T)
