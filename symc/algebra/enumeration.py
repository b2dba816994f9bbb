"""All elements of a finite group, in breadth-first order over its generators."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from symc.algebra import groups as g
from symc.algebra import sizes as sz
from symc.algebra.errors import GroupTooLarge
from symc.algebra.groups import Array, Atom, Form, Group
from symc.algebra.schreier_sims import stabilizer_chain

LIMIT = 100_000  # elements
MEMORY = 16_000_000  # numbers in all forms and the table together
LISTED = 7  # points up to which a permutation group is listed without asking for its order first
SAME = 1e-9  # matrices whose entries differ by less are one element
FINITE = "a smaller group is needed here, with generators of finite order and no rounding errors"
BIGGEST = 2.0**26  # the largest entry for which integer matrices are multiplied exactly


@dataclass(frozen=True, eq=False)
class Enumeration:
    """The elements of a finite group. Element 0 is the identity; element i is generator letter[i] times element parent[i].

    elements: in the faithful form of the group. parent, letter: (order,), the identity's are -1.
    left: (generators, order), the index of generator * element.
    """

    group: Atom
    elements: list[Form]
    parent: NDArray[np.intp]
    letter: NDArray[np.intp]
    left: NDArray[np.intp]
    find: Callable[[Form], int | None]

    @property
    def order(self) -> int:
        return len(self.parent)

    def index(self, form: Form) -> int:
        """The position of an element; raises ValueError for one that is not in the group."""
        index = self.find(form)
        if index is None:
            raise ValueError(f"not an element of {self.group}")
        return index

    def word(self, index: int) -> tuple[int, ...]:
        """Letters whose product, leftmost acting last, is the element."""
        letters = []
        while index:
            letters.append(int(self.letter[index]))
            index = int(self.parent[index])
        return tuple(letters)

    def images(self, letters: Sequence[Array], modulus: int = 0) -> list[Array]:
        """The matrices of all elements, from those of the generators; integers modulo a number where one is given."""
        result = [np.eye(len(letters[0]), dtype=letters[0].dtype)] if letters else []
        for parent, letter in zip(self.parent[1:].tolist(), self.letter[1:].tolist(), strict=True):
            image = letters[letter] @ result[parent]
            result.append(image % modulus if modulus else image)
        return result

    def left_action(self, form: Form) -> NDArray[np.intp]:
        """For an element, the index of element * x for every x."""
        result = np.arange(self.order)
        for letter in reversed(self.word(self.index(form))):
            result = self.left[letter][result]
        return result

    def right(self) -> NDArray[np.intp]:
        """(generators, order): the index of element * generator."""
        result = np.empty_like(self.left)
        for letter in range(len(self.left)):
            row, left = [int(self.left[letter, 0])], self.left.tolist()
            for parent, first in zip(self.parent[1:].tolist(), self.letter[1:].tolist(), strict=True):
                row.append(left[first][row[parent]])
            result[letter] = row
        return result


def enumerate_group(group: Group, limit: int = LIMIT) -> Enumeration:
    """List a finite group (an atom with concrete sizes); raises GroupTooLarge beyond `limit` elements, and for groups seen to be infinite."""
    found = _enumerate(group.law, limit)
    if isinstance(found, str):
        raise GroupTooLarge(found, FINITE)
    return found


@lru_cache(maxsize=4)
def _enumerate(group: Atom, limit: int) -> Enumeration | str:
    """The elements, or why they cannot be listed (kept too, since finding that out takes time)."""
    try:
        return _closure(group, limit)
    except GroupTooLarge as error:
        return error.message


def _closure(group: Atom, limit: int) -> Enumeration:
    _refuse_known(group, limit)
    letters = [group.generator(index) for index in range(group.discrete)]
    start = group.identity()
    limit = max(1, min(limit, MEMORY // (1 + _size(start) + len(letters))))
    known = _Matrices(group) if isinstance(group, g.Matrices) else _Exact(group)
    known.add(start)
    elements, parent, letter = [start], [-1], [-1]
    left: list[list[int]] = [[] for _ in letters]
    for index, element in enumerate(elements):  # grows while it is walked
        for number, form in enumerate(letters):
            candidate = group.product(form, element)
            found = known.find(candidate)
            if found is None:
                found = len(elements)
                if found >= limit:
                    raise GroupTooLarge(f"{group} has more than {limit} elements")
                known.add(candidate)
                elements.append(candidate)
                parent.append(index)
                letter.append(number)
            left[number].append(found)
    table = np.array(left, dtype=np.intp).reshape(len(letters), len(elements))
    return Enumeration(group, elements, np.array(parent), np.array(letter), table, known.find)


def _size(form: Form) -> int:
    return sum(map(_size, form)) if isinstance(form, tuple) else int(form.size)


def group_order(group: Group) -> int | None:
    """The number of elements (sizes concrete), None for infinite groups and where it is not known.

    Permutation groups by a stabilizer chain (Sims 1970), matrix groups by listing.
    """
    match group.definition:
        case g.Generated():
            return None
        case g.Product(factors):
            orders = [order for factor in factors if (order := group_order(factor)) is not None]
            return math.prod(orders) if len(orders) == len(factors) else None
        case g.Permutations() as definition:
            return _permutation_order(definition)
        case g.Matrices() as definition:
            if definition.tangents:
                return None
            try:
                return enumerate_group(definition).order
            except GroupTooLarge:
                return None
        case definition:
            return None if definition.order is None else sz.number(definition.order)


@lru_cache(maxsize=64)
def _permutation_order(group: g.Permutations) -> int | None:
    try:
        return stabilizer_chain(group.degree, group.images).order
    except GroupTooLarge:
        return None


def _refuse_known(group: Atom, limit: int) -> None:
    if isinstance(group, g.Generated):
        raise GroupTooLarge(f"the elements of {group} are not known")
    if sz.number(group.lie):
        raise GroupTooLarge(f"{group} is infinite")
    order = group_order(group) if isinstance(group, g.Permutations) and group.degree > LISTED else group.order
    if isinstance(order, int) and order > limit:
        raise GroupTooLarge(f"{group} has {order} elements, more than {limit}")


class _Exact:
    """Elements known so far, told apart by their bytes."""

    def __init__(self, group: Atom) -> None:
        self.key = group.key
        self.positions: dict[bytes, int] = {}

    def add(self, form: Form) -> None:
        self.positions[self.key(form)] = len(self.positions)

    def find(self, form: Form) -> int | None:
        return self.positions.get(self.key(form))


class _Matrices:
    """Matrices known so far, told apart up to SAME: filed by a random projection, compared with everything in the bins around it."""

    def __init__(self, group: g.Matrices) -> None:
        self.group = group
        size = sz.number(group.degree)
        self.direction = np.random.default_rng(0).standard_normal((size, size))
        self.width = SAME * float(np.abs(self.direction).sum())
        self.bins: dict[int, list[tuple[int, Array]]] = {}
        self.count = 0

    def add(self, form: Form) -> None:
        self._refuse_infinite(form[0])
        self.bins.setdefault(self._bin(form), []).append((self.count, form[0]))
        self.count += 1

    def find(self, form: Form) -> int | None:
        middle = self._bin(form) if np.isfinite(form).all() else 0
        for near in (middle, middle - 1, middle + 1):
            for index, other in self.bins.get(near, ()):
                if np.abs(other - form[0]).max() <= SAME:
                    return index
        return None

    def _bin(self, form: Form) -> int:
        return int(np.floor((form[0].real * self.direction).sum() / self.width))

    def _refuse_infinite(self, matrix: Array) -> None:
        """In a finite group the determinant has absolute value 1, the trace at most n, and is n for the identity alone."""
        size, trace = len(matrix), complex(np.trace(matrix))
        if not np.abs(matrix).max() < BIGGEST:
            raise GroupTooLarge(f"the entries of products of the generators of {self.group} grow beyond 2^26")
        infinite = abs(trace) > size + 1e-6 or abs(abs(np.linalg.det(matrix)) - 1) > 1e-6
        if infinite or (self.count and trace.real > size - 1e-13 and np.abs(matrix - np.eye(size)).max() > SAME):
            raise GroupTooLarge(f"{self.group} is infinite")
