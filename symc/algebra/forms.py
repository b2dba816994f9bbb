"""Group elements in a faithful form, one array each, from which every representation of the group is computed.

A group is an atom (no direct product) with concrete sizes; names are looked through. The forms, each with any batch axes in front:

    S(n), permutations   (n,) integers      the images of 0, 1, ...
    C(n)                 (1,) integers      k, the rotation r^k
    D(n)                 (2,) integers      k and e, the element r^k s^e (first the reflection s, then k rotations r)
    O(n), SO(n)          (n, n) floats      the matrix
    matrices             (2, n, n) floats   the matrix and its inverse; exact while integers stay below 2^53
"""

from __future__ import annotations

from functools import lru_cache
from itertools import combinations, islice
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from sympy import QQ, Rational
from sympy.polys.matrices import DomainMatrix

from symc.algebra import groups as g
from symc.algebra import sizes as sz
from symc.algebra.groups import Group

Form: TypeAlias = NDArray[Any]
Array: TypeAlias = NDArray[np.float64]

ORTHOGONAL = 1e-12  # largest entry of M M^T - 1 for which the transpose is taken as the inverse
EXACT_INVERSE = 64  # largest integer matrix that is inverted in fractions


def identity(group: Group) -> Form:
    """The neutral element."""
    match group.definition:
        case g.Symmetric(n):
            return np.arange(sz.number(n))
        case g.Permutations(degree, _):
            return np.arange(degree)
        case g.Cyclic():
            return np.zeros(1, dtype=np.intp)
        case g.Dihedral():
            return np.zeros(2, dtype=np.intp)
        case g.Orthogonal(n) | g.SpecialOrthogonal(n):
            return np.eye(sz.number(n))
        case g.Matrices() as matrices:
            return np.stack([np.eye(matrices.degree)] * 2)
        case other:
            raise TypeError(f"{other} is no single group")


def generator(group: Group, index: int) -> Form:
    """The discrete generator of that index, in the documented order."""
    match group.definition:
        case g.Symmetric(n):
            return _transposition(sz.number(n)) if index == 0 else np.roll(np.arange(sz.number(n)), -1)
        case g.Permutations(_, images):
            return np.array(images[index], dtype=np.intp)
        case g.Cyclic(n):
            return np.array([1 % sz.number(n)])
        case g.Dihedral(n):
            return np.array([1 % sz.number(n), 0] if index == 0 else [0, 1])
        case g.Orthogonal(n):
            return np.diag([-1.0] + [1.0] * (sz.number(n) - 1))
        case g.Matrices() as matrices:
            return np.stack([np.array(matrices.images[index], dtype=np.float64), _inverse_matrix(matrices, index)])
        case other:
            raise TypeError(f"{other} has no discrete generator {index}")


def lie_generator(group: Group, index: int) -> Array:
    """The element E_ij - E_ji of the Lie algebra of O(n) or SO(n), (i, j) the index-th pair i < j in lexicographic order."""
    result = np.zeros((dimension := degree(group), dimension))
    i, j = lie_pair(dimension, index)
    result[i, j], result[j, i] = 1.0, -1.0
    return result


def lie_pair(n: int, index: int) -> tuple[int, int]:
    return next(islice(combinations(range(n), 2), index, None))


def degree(group: Group) -> int:
    """The size of the defining matrices of a matrix group."""
    match group.definition:
        case g.Orthogonal(n) | g.SpecialOrthogonal(n):
            return sz.number(n)
        case g.Matrices() as matrices:
            return matrices.degree
        case other:
            raise TypeError(f"{other} is not given by matrices")


def product(group: Group, left: Form, right: Form) -> Form:
    """left * right (first right, then left acts); `right` may have batch axes in front."""
    match group.definition:
        case g.Symmetric() | g.Permutations():
            return np.asarray(left[right])
        case g.Cyclic(n):
            return np.asarray((left + right) % sz.number(n))
        case g.Dihedral(n):
            turned = -right[..., 0] if left[1] else right[..., 0]
            return np.stack([(left[0] + turned) % sz.number(n), (left[1] + right[..., 1]) % 2], axis=-1)
        case g.Orthogonal() | g.SpecialOrthogonal():
            return np.asarray(left @ right)
        case g.Matrices():
            with np.errstate(over="ignore", invalid="ignore"):  # words in matrices that grow; who takes them looks whether they are finite
                return np.stack([left[0] @ right[..., 0, :, :], right[..., 1, :, :] @ left[1]], axis=-3)
        case other:
            raise TypeError(f"{other} is no single group")


def inverse(group: Group, form: Form) -> Form:
    """The inverse of one element (no batch axes)."""
    match group.definition:
        case g.Symmetric() | g.Permutations():
            return np.argsort(form)
        case g.Cyclic(n):
            return np.asarray(-form % sz.number(n))
        case g.Dihedral(n):
            return form if form[1] else np.array([-form[0] % sz.number(n), 0])
        case g.Orthogonal() | g.SpecialOrthogonal():
            return form.T
        case g.Matrices():
            return form[::-1]
        case other:
            raise TypeError(f"{other} is no single group")


def power(group: Group, form: Form, exponent: int) -> Form:
    """form ** exponent by repeated squaring; negative exponents take the inverse."""
    base, result = form if exponent >= 0 else inverse(group, form), identity(group)
    for bit in bin(abs(exponent))[2:]:
        result = product(group, result, result)
        result = product(group, base, result) if bit == "1" else result
    return result


def _transposition(n: int) -> Form:
    image = np.arange(n)
    image[:2] = image[:2][::-1].copy()
    return image


@lru_cache(maxsize=256)
def _inverse_matrix(matrices: g.Matrices, index: int) -> Array:
    """Exact for integers, the transpose for orthogonal matrices."""
    rows = matrices.images[index]
    matrix = np.array(rows, dtype=np.float64)
    if np.abs(matrix @ matrix.T - np.eye(len(matrix))).max() <= ORTHOGONAL:
        return matrix.T
    if len(rows) <= EXACT_INVERSE and all(isinstance(entry, int) for row in rows for entry in row):
        exact = DomainMatrix([[QQ(entry) for entry in row] for row in rows], (len(rows), len(rows)), QQ).inv()
        return np.array([[float(Rational(entry)) for entry in row] for row in exact.to_Matrix().tolist()])
    return np.asarray(np.linalg.inv(matrix))
