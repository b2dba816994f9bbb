"""Characters, and conjugacy classes to sum them over."""

from __future__ import annotations

from collections.abc import Iterator
from math import factorial, prod
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sympy.utilities.iterables import partitions

from symc.algebra import groups as g
from symc.algebra import sizes as sz
from symc.algebra.counting.tableaux import symmetric_character
from symc.algebra.elements import Element
from symc.algebra.enumeration import LIMIT, Enumeration, enumerate_group
from symc.algebra.errors import GroupTooLarge
from symc.algebra.groups import Group
from symc.algebra.monomial import Monomial
from symc.algebra.reps import Rep, Sum, Tensor, Trivial, Young
from symc.algebra.schreier_sims.permutations import components

CLASSES = 100  # S(100) has 190 569 292 conjugacy classes


def character(rep: Rep, element: Element) -> Any:
    """The trace of rho(element), by structure; an int where all legs concerned are moved by signed permutations. Sizes are concrete."""
    match rep:
        case Trivial(k):
            return sz.number(k)
        case Sum(terms):
            return sum(character(term, element) for term in terms)
        case Tensor(factors):
            return prod(character(factor, element) for factor in factors)
        case Young(group, shape) if group in element.parts:
            return symmetric_character(shape, cycle_type(element.parts[group]))
        case _:
            image = rep.image(element)
            return image.trace() if isinstance(image, Monomial) else np.trace(image).item()


def cycle_type(images: NDArray[np.intp]) -> tuple[int, ...]:
    """The lengths of the cycles of a permutation, longest first."""
    left, lengths = set(range(len(images))), []
    while left:
        point, length = left.pop(), 1
        while (point := int(images[point])) in left:
            left.remove(point)
            length += 1
        lengths.append(length)
    return tuple(sorted(lengths, reverse=True))


def classes(group: Group, limit: int = LIMIT) -> Iterator[tuple[int, Element]]:
    """The conjugacy classes of a finite group (an atom, sizes concrete), each as its size and an element.

    S(n) by cycle types, C(n) and D(n) by rotation, others by listing; raises GroupTooLarge beyond `limit` elements (cycle types for S(n)).
    """
    match group.definition:
        case g.Symmetric(n):
            if partition_number(sz.number(n)) > limit:
                raise GroupTooLarge(f"{group} has more than {limit} conjugacy classes")
            pairs = _cycle_types(sz.number(n))
        case g.Cyclic(n):
            pairs = ((1, np.array([k])) for k in range(sz.number(n)))
        case g.Dihedral(n):
            pairs = _dihedral(sz.number(n))
        case definition:
            enumeration = enumerate_group(definition, limit)
            labels = conjugacy_labels(enumeration)
            _, first, sizes = np.unique(labels, return_index=True, return_counts=True)
            pairs = ((int(size), enumeration.elements[i]) for size, i in zip(sizes, first, strict=True))
    return ((size, Element({group: form})) for size, form in pairs)


def conjugacy_labels(enumeration: Enumeration) -> NDArray[np.intp]:
    """Shape (order,): the number of the first element that is conjugate to each."""
    order = enumeration.order
    ends = [left[np.argsort(right)] for left, right in zip(enumeration.left, enumeration.right(), strict=True)]  # g x g^-1
    starts = np.tile(np.arange(order), len(ends))
    return components(order, starts, np.concatenate([starts[:0], *ends]))


def partition_number(n: int) -> int:
    """The number of conjugacy classes of S(n); of S(CLASSES) where n is larger."""
    ways = [1] + [0] * min(n, CLASSES)
    for part in range(1, len(ways)):
        for total in range(part, len(ways)):
            ways[total] += ways[total - part]
    return ways[-1]


def cycle_types(n: int) -> Iterator[tuple[int, dict[int, int]]]:
    """The conjugacy classes of S(n): size, and how often each cycle length occurs."""
    for counts in partitions(n):
        yield factorial(n) // prod(length**times * factorial(times) for length, times in counts.items()), counts


def _cycle_types(n: int) -> Iterator[tuple[int, NDArray[np.intp]]]:
    for size, counts in cycle_types(n):
        image, start = np.arange(n), 0
        for length in sorted(counts):
            for _ in range(counts[length]):
                image[start : start + length] = np.roll(image[start : start + length], -1)
                start += length
        yield size, image


def _dihedral(n: int) -> Iterator[tuple[int, NDArray[np.intp]]]:
    """Rotations k and -k together; the reflections r^k s in one class for odd n, by the parity of k for even n."""
    for k in range(n // 2 + 1):
        yield (1 if 2 * k % n == 0 else 2), np.array([k, 0])
    for k in range(2 if n % 2 == 0 else 1):
        yield (n // 2 if n % 2 == 0 else n), np.array([k, 1])
