"""Integrals over groups, exactly: a finite group by its classes, a Lie group by the characters of a torus in each of its components (Weyl 1925).

On the component of an element r, with a maximal torus T that commutes with r, the mean of a class function f is the constant term of the Laurent
polynomial f(r t) det(1 - Ad(r t)), taken on the Lie algebra without that of T, divided by that of the determinant itself; half of its factors do as
well, one of every pair of opposite weights. Groups that are not compact have the invariants of their compact forms.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import combinations

import numpy as np

from symc.algebra import groups as g
from symc.algebra import sizes as sz
from symc.algebra.counting.characters import character, classes
from symc.algebra.elements import IDENTITY, Element
from symc.algebra.errors import GroupTooLarge
from symc.algebra.generators import Generator
from symc.algebra.groups import Array, Group
from symc.algebra.monomial import dense
from symc.algebra.reps import Rep, Young

TERMS = 300_000  # of a Laurent polynomial
EXACT = 1e-6  # distance from an integer, or from a root of unity, up to which a number is taken for it
LARGEST = 1500  # dimension of a leg whose weights are found
WRITTEN = 10**8  # entries of matrices of which only the traces are wanted
ADJOINT = 500  # dimension of a Lie algebra whose weights are found: they take its cube in time


class TooLarge(Exception):
    """An integral that would take too long."""


@dataclass(frozen=True, eq=False)
class Torus:
    """Generators of a torus: coefficients of Lie algebra generators of one group each, and whether they turn (i) or stretch (1) where it acts."""

    group: Group
    coefficients: Array
    turns: bool

    def image(self, rep: Rep) -> Array:
        """Shape (d, d): a matrix whose eigenvalues are the weights."""
        d = sz.number(rep.dim)
        result: Array = np.zeros((d, d), dtype=np.complex128)
        for index in np.flatnonzero(self.coefficients):
            image = rep.lie_image(Generator(self.group, int(index), lie=True))
            if image is not None:
                result = result + self.coefficients[index] * image
        return -1j * result if self.turns else result


@dataclass(frozen=True, eq=False)
class Component:
    """A class of a finite group, a component of a Lie group, or a product of such: its share of the whole, an element, and tori that commute with it.

    `factors` are the (phase, weight) of half the determinant.
    """

    share: Fraction
    element: Element
    tori: tuple[Torus, ...] = ()
    factors: tuple[tuple[complex, tuple[int, ...]], ...] = ()


class Laurent:
    """A Laurent polynomial: keys of weights, and coefficients. Keys are the weights as digits of one integer, so that they add as weights do."""

    def __init__(self, keys: Array, coefficients: Array, width: int = 0):
        if len(keys) > TERMS:
            raise TooLarge
        self.keys, self.coefficients, self.width = keys, coefficients, width  # width: the largest digit

    @staticmethod
    def of(weights: Array, coefficients: Array) -> Laurent:
        """From weights, shape (terms, rank)."""
        width = int(np.abs(weights).max(initial=0))
        return collected(weights @ _places(weights.shape[1]), coefficients, width)

    def times(self, other: Laurent, rank: int) -> Laurent:
        """The product; raises TooLarge where it has too many terms, or digits overflow."""
        width = self.width + other.width
        if len(self.keys) * len(other.keys) > 40 * TERMS or (rank and width >= _base(rank) // 2):
            raise TooLarge
        return collected(np.add.outer(self.keys, other.keys).ravel(), np.multiply.outer(self.coefficients, other.coefficients).ravel(), width)

    def paired(self, other: Laurent) -> complex:
        """The constant term of the product."""
        if not len(self.keys):
            return 0j
        order = np.argsort(self.keys)
        place = np.searchsorted(self.keys, -other.keys, sorter=order).clip(max=len(order) - 1)
        found = order[place]
        return complex(np.sum(np.where(self.keys[found] == -other.keys, self.coefficients[found] * other.coefficients, 0)))


def _base(rank: int) -> int:
    return int(2 ** (62 // rank))


def _places(rank: int) -> Array:
    return np.array([_base(rank) ** i for i in range(rank)], dtype=np.int64)


def collected(keys: Array, coefficients: Array, width: int) -> Laurent:
    """Equal weights once, their coefficients added."""
    found, where = np.unique(keys, return_inverse=True)
    total = np.bincount(where, weights=coefficients.real)
    if np.iscomplexobj(coefficients):
        total = total + 1j * np.bincount(where, weights=coefficients.imag)
    kept = total != 0
    return Laurent(found[kept], total[kept], width)


def invariants(legs: Iterable[Rep], limit: int) -> tuple[int, str] | None:
    """The dimension of the invariants of a tensor product, and by what it was counted; None where the groups are not known well enough.

    Finite groups of more than `limit` elements are not listed. Raises GroupTooLarge, SizeError.
    """
    legs = list(legs)
    groups = tuple(dict.fromkeys(group for leg in legs for group in leg.groups))
    distinct = {leg: legs.count(leg) for leg in legs}
    if any(sz.number(leg.dim) > LARGEST for leg in distinct if any(sz.number(group.lie) for group in leg.groups)):
        return None
    total, size, lie = 0.0 + 0.0j, 0.0, False
    written = sum(sz.number(leg.dim) ** 2 for leg in distinct if not leg.permuted and not isinstance(leg, Young))
    try:
        for number, component in enumerate(_components(groups, limit), start=1):
            if number * written > WRITTEN:
                return None
            value, bound = _mean(component, distinct)
            total += float(component.share) * value
            size += float(component.share) * bound
            lie = lie or bool(component.tori)
    except TooLarge:
        return None
    count = round(total.real)
    if size > 2**44 or abs(total - count) > EXACT * max(1.0, size * 2**-20):
        return None
    return count, "characters of tori (Weyl's integral formula)" if lie else "characters over conjugacy classes"


def _mean(component: Component, legs: dict[Rep, int]) -> tuple[complex, float]:
    """The mean of the character over a component, and the size of the numbers summed up."""
    rank = len(component.tori)
    one = Laurent(np.zeros(1, dtype=np.int64), np.ones(1))
    halves = [one, one]
    bound = 1.0
    for phase, weight in component.factors:
        halves[0] = halves[0].times(Laurent.of(np.array([[0] * rank, weight], dtype=np.int64), np.array([1.0, -phase.real])), rank)
    for leg, times in legs.items():
        own = _character(leg, component)
        bound *= float(np.abs(own.coefficients).sum()) ** times
        for index in range(times):
            halves[index % 2] = halves[index % 2].times(own, rank)
    return halves[0].paired(halves[1]), bound


def _character(leg: Rep, component: Component) -> Laurent:
    """The character of r t as a Laurent polynomial in t."""
    if not component.tori:
        return Laurent(np.zeros(1, dtype=np.int64), np.array([character(leg, component.element)]))
    return _torus_character(leg, component)


@lru_cache(maxsize=512)
def _torus_character(leg: Rep, component: Component) -> Laurent:
    """The same where there is a torus; kept, for a leg of a sum meets every leg of another."""
    return Laurent.of(*_weights(leg, component))


def _weights(leg: Rep, component: Component) -> tuple[Array, Array]:
    """Shapes (d, rank), (d,): the weights of the tori and the eigenvalues of the element, on common eigenvectors."""
    images = [torus.image(leg) for torus in component.tori]
    element = dense(leg.image(component.element)).astype(np.complex128)
    rng = np.random.RandomState(1)
    mixed = sum((rng.standard_normal() * image for image in images), np.zeros_like(element)) + rng.standard_normal() * element
    if np.abs(mixed - mixed.conj().T).max(initial=0) <= 1e-12 * max(1.0, np.abs(mixed).max(initial=0)):
        vectors = np.linalg.eigh(mixed)[1]
        back = vectors.conj().T
    else:
        vectors = np.linalg.eig(mixed)[1]
        back = np.linalg.inv(vectors)
    diagonals = np.stack([_diagonal(back, image, vectors) for image in images], axis=1)
    phases = _diagonal(back, element, vectors)
    nearest = np.rint(diagonals.real)
    if np.abs(diagonals - nearest).max(initial=0) > EXACT:
        raise TooLarge  # the torus is not that of a group whose one-parameter subgroups close
    signs = np.rint(phases.real)
    return nearest.astype(np.int64), signs if np.abs(phases - signs).max(initial=0) < EXACT else phases


def _diagonal(back: Array, image: Array, vectors: Array) -> Array:
    """Of back @ image @ vectors."""
    return np.asarray(((back @ image) * vectors.T).sum(axis=1))


def _components(groups: tuple[Group, ...], limit: int) -> Iterator[Component]:
    """All combinations of components of the factors."""
    if not groups:
        yield Component(Fraction(1), IDENTITY)
        return
    first, *others = groups
    if not others:
        yield from _own(first, limit)
        return
    for own in _own(first, limit):
        for rest in _components(tuple(others), limit):
            pad, shift = (0,) * len(rest.tori), (0,) * len(own.tori)
            factors = [(phase, (*weight, *pad)) for phase, weight in own.factors] + [(phase, (*shift, *weight)) for phase, weight in rest.factors]
            yield Component(own.share * rest.share, own.element @ rest.element, own.tori + rest.tori, tuple(factors))


def _own(group: Group, limit: int) -> Iterator[Component]:
    """The components of one group, or its conjugacy classes."""
    if not sz.number(group.lie):
        pairs = list(classes(group, limit))
        order = sum(size for size, _ in pairs)
        return (Component(Fraction(size, order), element) for size, element in pairs)
    return iter(_lie_components(group))


@lru_cache(maxsize=64)
def _lie_components(group: Group) -> tuple[Component, ...]:
    law = group.law
    if not isinstance(law, g.Lie) or not law.self_adjoint:
        raise GroupTooLarge(f"the components of {group} are not known")
    flips = law.flips()
    subsets = [chosen for size in range(len(flips) + 1) for chosen in combinations(range(len(flips)), size)]
    return tuple(_lie_component(group, law, chosen, Fraction(1, len(subsets))) for chosen in subsets)


def _lie_component(group: Group, law: g.Lie, chosen: tuple[int, ...], share: Fraction) -> Component:
    if sz.number(law.lie) > ADJOINT:
        raise TooLarge  # before tori are written out in its basis
    element = IDENTITY
    for index in chosen:
        element = element @ _generator(group, index)
    tori = tuple(Torus(group, coefficients, turns) for coefficients, turns in _tori(law, np.diag(dense_matrix(law, element, group))))
    bare = Component(share, element, tori)
    weights, phases = _adjoint(law, bare)
    return Component(share, element, tori, tuple(_half(weights, phases)))


def _generator(group: Group, index: int) -> Element:
    return Element({group: group.law.generator(index)}, {group: (g.Discrete(index),)})


def dense_matrix(law: g.Lie, element: Element, group: Group) -> Array:
    """The defining matrix of an element, the identity where it has no part in the group."""
    return law.matrix(element.parts.get(group, law.identity()))


def _tori(law: g.Lie, signs: Array) -> list[tuple[Array, bool]]:
    """A maximal torus among what commutes with a diagonal of signs, generator by generator as coefficients.

    Diagonal matrices where the Lie algebra has them; else planes of coordinates of one sign, turned or stretched.
    """
    n, lie = sz.number(law.degree), sz.number(law.lie)
    entries = [law.entries(index) for index in range(lie)]
    diagonal = [index for index, own in enumerate(entries) if all(i == j for i, j, _ in own)]
    if diagonal:
        return [(np.eye(lie)[index], bool(complex(entries[index][0][2]).imag)) for index in diagonal]
    place = {frozenset((i, j)): index for index, own in enumerate(entries) for i, j, _ in own[:1]}
    found = []
    for sign in (1.0, -1.0):
        left = [i for i in range(n) if np.real(signs[i]) == sign]
        while left:
            i = left.pop(0)
            j = next((other for other in left if frozenset((i, other)) in place), None)
            if j is not None:
                left.remove(j)
                index = place[frozenset((i, j))]
                found.append((np.eye(lie)[index], entries[index][0][2] != entries[index][1][2]))
    return found


def _adjoint(law: g.Lie, component: Component) -> tuple[Array, Array]:
    """The weights of the torus on the Lie algebra, and the eigenvalues of the element, on common eigenvectors."""
    whole = [law.lie_generator(index) for index in range(sz.number(law.lie))]
    moved = np.flatnonzero(np.any([b.any(axis=0) | b.any(axis=1) for b in whole], axis=0))  # not the radical, which may be large
    basis = [b[np.ix_(moved, moved)] for b in whole]
    flat = np.stack([b.ravel() for b in basis], axis=1).astype(np.complex128)
    back = np.linalg.pinv(flat)
    group = component.tori[0].group if component.tori else None
    r = dense_matrix(law, component.element, group)[np.ix_(moved, moved)] if group is not None else np.eye(len(moved))
    element = np.stack([back @ (r @ b @ np.linalg.inv(r)).ravel() for b in basis], axis=1)
    images = []
    for torus in component.tori:
        x = np.tensordot(torus.coefficients, np.stack(basis), axes=1)
        ad = np.stack([back @ (x @ b - b @ x).ravel() for b in basis], axis=1)
        images.append(-1j * ad if torus.turns else ad)
    rng = np.random.RandomState(2)
    mixed = sum((rng.standard_normal() * image for image in images), np.zeros_like(element)) + rng.standard_normal() * element
    vectors = np.linalg.eig(mixed)[1]
    inverse = np.linalg.inv(vectors)
    weights = np.stack([_diagonal(inverse, image, vectors) for image in images], axis=1) if images else np.zeros((len(basis), 0))
    return np.rint(weights.real).astype(np.int64), np.rint(_diagonal(inverse, element, vectors).real)


def _half(weights: Array, phases: Array) -> Iterator[tuple[complex, tuple[int, ...]]]:
    """One factor of every pair of opposite weights; weights zero give constants, which cancel."""
    for weight, phase in zip(weights.tolist(), phases.tolist(), strict=True):
        leading = next((w for w in weight if w), 0)
        if leading < 0:
            yield complex(phase).real, tuple(weight)
