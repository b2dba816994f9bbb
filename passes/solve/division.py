"""The division algebras R, C and H over which real irreducibles have their multiplicities."""

from __future__ import annotations

import numpy as np

from symc.algebra.hom import Array

# Products of units e_a e_u = sum_b UNITS[K][u, b, a] e_b: how the map v -> e_u v' acts on the coordinates e_a v.
_QUATERNIONS = ((0, 1, 2, 3), (1, 0, 3, 2), (2, 3, 0, 1), (3, 2, 1, 0))  # e_a e_u = +- e_b
_SIGNS = ((1, 1, 1, 1), (1, -1, 1, -1), (1, -1, -1, 1), (1, 1, -1, -1))


def _units(k: int) -> Array:
    """The table of products above for the first k units, k in 1, 2, 4; shape (k, k, k)."""
    table = np.zeros((k, k, k))
    for a in range(k):
        for u in range(k):
            table[u, _QUATERNIONS[a][u], a] = _SIGNS[a][u]
    return table


UNITS = {1: _units(1), 2: _units(2), 4: _units(4)}


def units_basis(frames: Array, units: tuple[Array, ...]) -> Array:
    """Coordinates of a multiplicity space over K: frames (copies, d, k*m) and imaginary units (k*m, k*m) to (copies, d, m, k)."""
    size = frames.shape[2]
    if not units:
        return frames[..., None]
    basis = _complex_basis(units[0]) if len(units) == 1 else _quaternion_basis(*units)
    return (frames @ basis.reshape(size, size)).reshape(*frames.shape[:2], *basis.shape[1:])


def _complex_basis(j: Array) -> Array:
    """Shape (2m, m, 2) for a skew J with J^2 = -1: orthonormal pairs (x, J x), from the eigenvectors x + i J x of i J."""
    _, vectors = np.linalg.eigh(1j * j)
    z = vectors[:, len(j) // 2 :] * np.sqrt(2)
    return np.stack([z.real, z.imag], axis=-1)


def _quaternion_basis(j1: Array, j2: Array) -> Array:
    """Shape (4m, m, 4): orthonormal quadruples (v, J1 v, J2 v, J1 J2 v), one after another by Gram-Schmidt."""
    size = len(j1)
    basis: Array = np.zeros((size, 0))
    while basis.shape[1] < size:
        left = np.eye(size) - basis @ basis.T
        v = left[:, int(np.argmax(np.diag(left)))]
        v = v - basis @ (basis.T @ v)
        v = v / np.linalg.norm(v)
        basis = np.concatenate([basis, np.stack([v, j1 @ v, j2 @ v, j1 @ (j2 @ v)], axis=1)], axis=1)
    return basis.reshape(size, size // 4, 4)
