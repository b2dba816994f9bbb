"""Matrices of rotations on real spherical harmonics, degree by degree, from those on vectors.

Degree l is the top part of degree l - 1 times degree 1: D_l = C (D_{l-1} x R) C^T with an isometry C of Clebsch-Gordan coefficients, so a matrix of
degree l is a polynomial in R, without angles. Basis and order as in e3nn: real harmonics m = -l, ..., l without the Condon-Shortley sign, of which
degree 1 is (x, y, z); the polar axis is y.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from symc.algebra.groups import Array

KEPT = 256  # matrices, of 160 kB at most: those of degree 100


def wigner(l: int, rotation: Array) -> Array:
    """Shape (2l+1, 2l+1): D_l with Y_l(R r) = D_l(R) Y_l(r), for a rotation R, shape (3, 3)."""
    if l < 2:
        return np.array(rotation) if l else np.ones((1, 1))
    return _wigner(l, np.ascontiguousarray(rotation, dtype=np.float64).tobytes()).copy()


def derivative(l: int, generator: Array) -> Array:
    """Shape (2l+1, 2l+1): the derivative of D_l along an antisymmetric matrix, shape (3, 3)."""
    if l < 2:
        return np.array(generator) if l else np.zeros((1, 1))
    return _derivative(l, np.ascontiguousarray(generator, dtype=np.float64).tobytes()).copy()


@lru_cache(maxsize=KEPT)
def _wigner(l: int, rotation: bytes) -> Array:
    """For l > 0, of a matrix given by its bytes; kept, for sums have many degrees, each of which needs the one below."""
    first = np.frombuffer(rotation).reshape(3, 3)
    if l == 1:
        return first
    c = clebsch_gordan(l)
    moved = (_wigner(l - 1, rotation) @ c) @ first.T  # (2l+1, 2l-1, 3): the product of both acting on the rows of C
    return np.asarray(np.tensordot(c, moved, axes=((1, 2), (1, 2))))


@lru_cache(maxsize=KEPT)
def _derivative(l: int, generator: bytes) -> Array:
    first = np.frombuffer(generator).reshape(3, 3)
    if l == 1:
        return first
    c = clebsch_gordan(l)
    moved = np.tensordot(c, _derivative(l - 1, generator), axes=(1, 1)).transpose(0, 2, 1) + c @ first.T  # both factors, in turn
    return np.asarray(np.tensordot(c, moved, axes=((1, 2), (1, 2))))


@lru_cache(maxsize=128)
def clebsch_gordan(l: int) -> Array:
    """Shape (2l+1, 2l-1, 3): the isometry from degree l to degree l - 1 times degree 1, in real coordinates.

    In complex ones: the table for j1 + 1 of j1 x 1 (Condon and Shortley 1935, chapter 3, table 2).
    """
    c = np.zeros((2 * l + 1, 2 * l - 1, 3), dtype=np.complex128)
    for m in range(-l, l + 1):
        for mu, value in ((1, (l + m - 1) * (l + m) / 2), (0, (l - m) * (l + m)), (-1, (l - m - 1) * (l - m) / 2)):
            if abs(m - mu) <= l - 1:
                c[m + l, m - mu + l - 1, mu + 1] = np.sqrt(value / ((2 * l - 1) * l))
    real = np.tensordot(to_real(l), c @ to_real(1).conj().T, axes=1)
    real = to_real(l - 1).conj() @ real
    assert np.abs(real.imag).max() < 1e-14
    return np.ascontiguousarray(real.real)


def to_real(l: int) -> Array:
    """Shape (2l+1, 2l+1): real harmonics as combinations of the complex ones."""
    u = np.zeros((2 * l + 1, 2 * l + 1), dtype=np.complex128)
    u[l, l] = 1
    for m in range(1, l + 1):
        sign = (-1) ** m
        u[l + m, l - m], u[l + m, l + m] = 1 / np.sqrt(2), sign / np.sqrt(2)
        u[l - m, l - m], u[l - m, l + m] = 1j / np.sqrt(2), -sign * 1j / np.sqrt(2)
    return u
