"""Elements of direct products of groups: products, inverses, exponentials, random elements.

One abstract element moves every representation at once, so two representations are always compared at the same element.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import lcm

import numpy as np
from numpy.typing import ArrayLike

from symc.algebra import forms, leaves
from symc.algebra import groups as g
from symc.algebra import sizes as sz
from symc.algebra.enumeration import Enumeration, enumerate_group
from symc.algebra.errors import AlgebraError, GroupTooLarge
from symc.algebra.forms import Array, Form
from symc.algebra.generators import Generator, generators
from symc.algebra.groups import Group
from symc.algebra.leaves import Image
from symc.algebra.monomial import Monomial
from symc.algebra.reps import Dual, Leaf

LETTERS = (30, 50)  # lengths of random words
POWER = 3  # largest exponent of a letter of unknown order; both parities occur, so no subgroup of index two is missed


@dataclass(frozen=True, slots=True, eq=False)
class Element:
    """An element of a direct product: the part in every group (no product itself) that it does not leave alone, see `forms`."""

    parts: Mapping[Group, Form]

    def image(self, leaf: Leaf | Dual) -> Image:
        """rho(element) on a leaf with concrete sizes; the identity where the element has no part in the leaf's group."""
        form = self.parts.get(leaf.group)
        return Monomial.identity(sz.number(leaf.dim)) if form is None else leaves.image(leaf, form)

    def __matmul__(self, other: Element) -> Element:
        """The product: first `other`, then self."""
        parts = {**self.parts, **other.parts}
        both = self.parts.keys() & other.parts.keys()
        return Element(parts | {group: forms.product(group, self.parts[group], other.parts[group]) for group in both})

    def inverse(self) -> Element:
        return Element({group: forms.inverse(group, form) for group, form in self.parts.items()})

    def __str__(self) -> str:
        return ", ".join(f"{_show(group, form)} of {group}" for group, form in self.parts.items()) or "identity"


IDENTITY = Element({})


def from_generator(generator: Generator) -> Element:
    """The element that a discrete generator is; raises TypeError for one of a Lie algebra (see `exp`)."""
    if generator.lie:
        raise TypeError(f"{generator} is in the Lie algebra: take its exponential")
    return Element({generator.group: forms.generator(generator.group, generator.index)})


def word(letters: Iterable[Generator]) -> Element:
    """The product of generators, the last one acting first."""
    result = IDENTITY
    for letter in letters:
        result = result @ from_generator(letter)
    return result


def exp(group: Group, coefficients: ArrayLike) -> Element:
    """The exponential of a Lie algebra element, given by one coefficient a generator; shape (group.lie,)."""
    weights = np.asarray(coefficients, dtype=np.float64)
    if weights.shape != (sz.number(group.lie),):
        raise ValueError(f"{group} has {sz.number(group.lie)} Lie algebra generators, the coefficients have shape {weights.shape}")
    return Element({group: exponential(algebra(group, weights))})


def algebra(group: Group, weights: Array) -> Array:
    """The antisymmetric matrix with those coefficients of E_ij - E_ji, i < j."""
    matrix = np.zeros((forms.degree(group),) * 2)
    matrix[np.triu_indices(len(matrix), 1)] = weights
    return matrix - matrix.T


def exponential(matrix: Array) -> Array:
    """exp of an antisymmetric matrix, orthogonal to rounding: from the eigenvectors of the Hermitian -i A, where A is not zero."""
    moved = np.flatnonzero(matrix.any(axis=0))
    values, vectors = np.linalg.eigh(-1j * matrix[np.ix_(moved, moved)])
    result: Array = np.eye(len(matrix))
    result[np.ix_(moved, moved)] = ((vectors * np.exp(1j * values)) @ vectors.conj().T).real
    return result


def sample(groups: Iterable[Group], rng: np.random.Generator) -> Element:
    """A random element of the product of the groups: uniform for S, C, D, O and SO, a random word in the generators for the others."""
    return Element({atom: _random(atom, rng) for group in groups for atom in group.atoms})


def _random(atom: Group, rng: np.random.Generator) -> Form:
    match atom.definition:
        case g.Symmetric(n):
            return rng.permutation(sz.number(n))
        case g.Cyclic(n):
            return rng.integers(sz.number(n), size=1)
        case g.Dihedral(n):
            return np.array([rng.integers(sz.number(n)), rng.integers(2)])
        case g.Orthogonal(n):
            return _haar(sz.number(n), rng)
        case g.SpecialOrthogonal(n):
            matrix = _haar(sz.number(n), rng)
            matrix[0] *= np.linalg.slogdet(matrix)[0]
            return matrix
        case definition:
            return _random_word(definition, rng)


def _haar(n: int, rng: np.random.Generator) -> Array:
    """A uniformly random orthogonal matrix (Stewart 1980): QR with the signs of R's diagonal moved into Q."""
    q, r = np.linalg.qr(rng.standard_normal((n, n)))
    return np.asarray(q * np.where(np.diag(r) < 0, -1.0, 1.0))


def _random_word(group: Group, rng: np.random.Generator) -> Form:
    """A word of 30 to 50 letters with random exponents."""
    letters = [forms.generator(group, index) for index in range(group.discrete)]
    spans = [range(_order(letter)) if isinstance(group, g.Permutations) else range(-POWER, POWER + 1) for letter in letters]
    result = forms.identity(group)
    for choice in rng.integers(len(letters), size=int(rng.integers(*LETTERS))) if letters else ():
        span = spans[choice]
        result = forms.product(group, forms.power(group, letters[choice], span[_below(len(span), rng)]), result)
    return result


def _order(permutation: Form) -> int:
    """The order of a permutation, cut to what fits a random draw."""
    images, seen, result = permutation.tolist(), set[int](), 1
    for start in range(len(images)):
        length = 0
        while start not in seen:
            seen.add(start)
            start, length = images[start], length + 1
        result = min(lcm(result, max(length, 1)), 2**62)
    return result


def _below(bound: int, rng: np.random.Generator) -> int:
    return int(rng.integers(bound))


def _show(group: Group, form: Form) -> str:
    match group.definition:
        case g.Symmetric() | g.Permutations():
            return g.cycles(tuple(form.tolist()))
        case g.Cyclic(n):
            return f"rotation by {form[0]}/{n} turn"
        case g.Dihedral(n):
            parts = [f"rotation by {form[0]}/{n} turn"] * bool(form[0] or not form[1]) + ["reflection"] * int(form[1])
            return " after ".join(parts)
        case g.Matrices():
            return str(np.round(form[0], 6).tolist())
        case _:
            return str(np.round(form, 6).tolist())


__all__ = [
    "IDENTITY", "AlgebraError", "Element", "Enumeration", "GroupTooLarge",
    "algebra", "enumerate_group", "exp", "exponential", "from_generator", "generators", "sample", "word",
]
