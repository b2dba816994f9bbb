"""Semidirect products of translations, of R^n or of (Z/m)^n, and a group that turns them."""

from __future__ import annotations

import math

import numpy as np
import sympy
from sympy import ZZ
from sympy.polys.matrices import DomainMatrix

from symc.algebra import groups as g
from symc.algebra import sizes as sz
from symc.algebra.actions import generators
from symc.algebra.construct.images import EXACTLY, ByImages, no_representation
from symc.algebra.construct.relations import broken_in_table, broken_relation
from symc.algebra.cycles import POINTS
from symc.algebra.elements import from_generator
from symc.algebra.enumeration import enumerate_group
from symc.algebra.errors import AlgebraError
from symc.algebra.groups import Array, Group, Product, Residues
from symc.algebra.monomial import dense
from symc.algebra.reps import Images, Rep
from symc.algebra.sizes import Size


def semidirect(moved: Group, turning: Group, by: Rep | ByImages) -> Group:
    """N ⋊ H with N = T(n) or a power of C(m), on which H acts by a real representation of dimension n (of integer matrices for C(m)).

    Images of the generators of H that keep its relations modulo m alone are matrices modulo m: [[2]] for C(3) on C(7).
    """
    broken = None
    if isinstance(by, ByImages):
        given: Rep = (images := by.read())
        broken = broken_relation(images)
    else:
        given = by
    shown = f"semidirect({moved}, {turning}, by={given})"
    size, modulus = _translations_of(moved, shown)
    if isinstance(turning.definition, g.Generated):
        raise AlgebraError(f"{shown}: the elements of {turning} are not known", "turn by a group of its own, such as C(3) or matrices(...)")
    if isinstance(turning, Product):
        raise AlgebraError(f"{shown}: what turns is a direct product", "name it as a group of its own, such as matrices(...)")
    if set(given.groups) - {turning}:
        raise AlgebraError(f"{shown}: {given} is no representation of {turning}")
    if given.is_complex or given.affine:
        raise AlgebraError(f"{shown}: translations are turned by a real linear representation")
    if sz.normal(given.dim - size) != 0:
        raise AlgebraError(f"{shown}: {given} has dimension {sz.show(given.dim)}, the translations have {sz.show(size)}")
    if not modulus:
        if isinstance(given, Images) and broken is not None:
            raise no_representation(given, broken)
        return g.Semidirect(size, turning, given)
    if modulus ** sz.number(size) > POINTS:
        raise AlgebraError(f"{shown} moves {modulus}^{size} points; at most {POINTS} are allowed")
    letters = _integers(given, turning, modulus, shown)
    return g.Lattice(size, turning, given if broken is None else _residues(turning, letters, modulus, shown), modulus)


def _integers(by: Rep, turning: Group, modulus: int, shown: str) -> list[Array]:
    """The matrices of the generators."""
    result = []
    for generator in generators([turning]):
        image = None if generator.lie else dense(by.image(from_generator(generator)))
        if image is None or not np.array_equal(image, np.rint(image)):
            raise AlgebraError(f"{shown}: {generator} does not act by an integer matrix, so not on C({modulus})")
        result.append(image.astype(np.int64))
    return result


def _residues(turning: Group, letters: list[Array], modulus: int, shown: str) -> Residues:
    """Raises AlgebraError where the matrices have no inverses modulo m, or do not keep the relations of the group modulo m."""
    for index, letter in enumerate(letters, start=1):
        if math.gcd(_determinant(letter), modulus) > 1:
            raise AlgebraError(f"{shown}: image {index} has no inverse modulo {modulus}", "its determinant is to have no divisor in common with that")
    reduced = [letter % modulus for letter in letters]
    broken = broken_in_table(enumerate_group(turning), reduced, turning, modulus)
    if broken is not None:
        raise AlgebraError(f"{shown}: {broken}", EXACTLY)
    return Residues(turning, tuple(tuple(map(tuple, letter.tolist())) for letter in reduced), modulus)


def _determinant(matrix: Array) -> int:
    exact = DomainMatrix([[ZZ(entry) for entry in row] for row in matrix.tolist()], matrix.shape, ZZ)
    return int(exact.convert_to(sympy.QQ).det())


def _translations_of(moved: Group, shown: str) -> tuple[Size, int]:
    """The dimension and the modulus of T(n), C(m), C(m) * C(m), ..."""
    if isinstance(moved.definition, g.Semidirect) and moved.definition.linear == g.TRIVIAL_GROUP:
        return moved.definition.n, 0
    moduli = {atom.definition.n if isinstance(atom.definition, g.Cyclic) else None for atom in moved.atoms}
    if len(moduli) == 1 and isinstance(modulus := moduli.pop(), int):
        return len(moved.atoms), modulus
    raise AlgebraError(f"{shown}: what is turned is T(n), or C(m) or a power of it", "write semidirect(T(3), GL(3), by=vector(GL(3)))")
