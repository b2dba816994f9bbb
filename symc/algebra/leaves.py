"""What one group element does to the coordinates of a leaf: a signed permutation where it is one, else a matrix."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from symc.algebra import groups as g
from symc.algebra import sizes as sz
from symc.algebra.enumeration import enumerate_group
from symc.algebra.errors import AlgebraError
from symc.algebra.forms import Array, Form
from symc.algebra.groups import Group
from symc.algebra.monomial import Monomial
from symc.algebra.reps import Dual, Leaf, Perm, Pixels, Regular, Sign, Vector

Image: TypeAlias = Monomial | Array


def image(leaf: Leaf | Dual, form: Form) -> Image:
    """rho(element) for an element of the leaf's group in faithful form (see `forms`), all sizes concrete."""
    match leaf:
        case Dual(Vector(group)) if isinstance(group.definition, g.Matrices):
            return as_monomial(np.ascontiguousarray(form[1].T))
        case Dual(inner):
            return image(inner, form)  # orthogonal, so its own dual
        case Sign(group):
            return Monomial(np.zeros(1, dtype=np.intp), np.array([sign(group, form)], dtype=np.int8))
        case Perm(group):
            return Monomial.permutation(_points(group, form))
        case Vector(group):
            return as_monomial(_vector(group, form))
        case Regular(group):
            return Monomial.permutation(enumerate_group(group).left_action(form))
        case Pixels(group, h, w):
            return Monomial.permutation(_pixels(group, form, sz.number(h), sz.number(w)))
        case _:
            raise TypeError(f"not a leaf: {leaf!r}")


def lie_image(leaf: Leaf | Dual, algebra: Array) -> Array | None:
    """d rho(A) for A in the Lie algebra of the leaf's group; None where it is zero."""
    match leaf:
        case Dual(inner):
            return lie_image(inner, algebra)
        case Vector():
            return algebra if algebra.any() else None
        case _:
            return None


def as_monomial(matrix: Array) -> Image:
    """The signed permutation that a matrix exactly is, else the matrix."""
    rows = np.abs(matrix).argmax(axis=0)
    entries = matrix[rows, np.arange(len(matrix))]
    exact = np.count_nonzero(matrix) == len(matrix) and bool((np.abs(entries) == 1).all()) and len(set(rows.tolist())) == len(matrix)
    return Monomial(rows, entries.astype(np.int8)) if exact else matrix


def sign(group: Group, form: Form) -> int:
    """The parity of a permutation, the determinant of a matrix (of the plane for D(n)); 1 for C(n)."""
    match group.definition:
        case g.Symmetric() | g.Permutations():
            return parity(form)
        case g.Cyclic():
            return 1
        case g.Dihedral():
            return -1 if form[1] else 1
        case g.Matrices():
            return 1 if np.linalg.det(form[0]) > 0 else -1
        case _:
            return 1 if np.linalg.det(form) > 0 else -1


def parity(image: NDArray[np.intp]) -> int:
    """1 for an even permutation, -1 for an odd one: the number of points less the number of cycles, mod 2."""
    seen, odd = bytearray(len(image)), False
    images = image.tolist()
    for start in range(len(images)):
        while not seen[start]:
            seen[start] = 1
            start = images[start]
            odd ^= not seen[start]
    return -1 if odd else 1


def cos_sin(k: int, n: int) -> tuple[float, float]:
    """Cosine and sine of 2 pi k / n, from the first octant by symmetry, so that 0, 1/2, 1 and equal values come out exactly so."""
    turn = Fraction(k, n) % 1
    if turn > Fraction(1, 2):
        cosine, sine = cos_sin(n - k % n, n)
        return cosine, -sine
    if turn > Fraction(1, 4):
        cosine, sine = cos_sin(turn.denominator - 2 * turn.numerator, 2 * turn.denominator)
        return -cosine or 0.0, sine
    if turn > Fraction(1, 8):
        sine, cosine = cos_sin(turn.denominator - 4 * turn.numerator, 4 * turn.denominator)
        return cosine, sine
    if turn == Fraction(1, 12):
        return math.sqrt(0.75), 0.5
    if turn == Fraction(1, 8):
        return math.sqrt(0.5), math.sqrt(0.5)
    return math.cos(2 * math.pi * float(turn)), math.sin(2 * math.pi * float(turn))


def _points(group: Group, form: Form) -> Form:
    """The images of the points 0, 1, ... that the group permutes."""
    match group.definition:
        case g.Symmetric() | g.Permutations():
            return form
        case g.Cyclic(n):
            return np.asarray((np.arange(sz.number(n)) + form[0]) % sz.number(n))
        case g.Dihedral(n):
            points = np.arange(sz.number(n))
            return np.asarray((form[0] + (-points if form[1] else points)) % sz.number(n))
        case other:
            raise TypeError(f"{other} permutes no points")


def _vector(group: Group, form: Form) -> Array:
    match group.definition:
        case g.Orthogonal() | g.SpecialOrthogonal():
            return form
        case g.Matrices():
            return np.ascontiguousarray(form[0])
        case g.Cyclic(n) | g.Dihedral(n):
            cosine, sine = cos_sin(int(form[0]), sz.number(n))
            flip = -1.0 if len(form) > 1 and form[1] else 1.0
            return np.array([[cosine, -sine * flip], [sine, cosine * flip]])
        case other:
            raise TypeError(f"{other} has no vectors of its own")


def _pixels(group: Group, form: Form, h: int, w: int) -> Form:
    """The images of pixels numbered row by row: rotations anticlockwise as seen, the reflection swaps left and right.

    With coordinates (row, column) from the centre these are the matrices of `vector`.
    """
    match group.definition:
        case g.Cyclic(n) | g.Dihedral(n):
            quarters = int(form[0]) * 4 // sz.number(n)
        case other:
            raise TypeError(f"{other} turns no pixels")
    row, column = np.divmod(np.arange(h * w), max(w, 1))
    if len(form) > 1 and form[1]:
        column = w - 1 - column
    if quarters % 2 and h != w:
        raise AlgebraError(f"a quarter turn does not map {h} x {w} pixels to themselves", "use a square image, or C(2) or D(2)")
    for _ in range(quarters // 2):
        row, column = h - 1 - row, w - 1 - column
    if quarters % 2:
        row, column = w - 1 - column, row
    return np.asarray(row * w + column)
