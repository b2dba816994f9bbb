"""Groups known only by their representations: an element is a word in the generators.

Words are also how elements of other groups act on representations given by the images of generators.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from symc.algebra import sizes as sz
from symc.algebra.groups.base import Atom, Form, Group, Rng, below
from symc.algebra.sizes import Size

Word: TypeAlias = tuple["Discrete | Tangent", ...]  # the last letter acts first

LETTERS = (20, 40)  # lengths of random words
POWER = 3
SPREAD = 1.0  # of the coefficients of random Lie algebra elements


@dataclass(frozen=True, slots=True)
class Discrete:
    """A power of a discrete generator."""

    index: int
    power: int = 1


@dataclass(frozen=True, slots=True)
class Tangent:
    """The exponential of a Lie algebra element."""

    coefficients: tuple[float, ...]


def inverse(word: Word) -> Word:
    """The word backwards, every letter inverted."""
    return tuple(
        Discrete(letter.index, -letter.power) if isinstance(letter, Discrete) else Tangent(tuple(-c for c in letter.coefficients))
        for letter in reversed(word)
    )


def random_word(group: Group, rng: Rng, spread: float = SPREAD) -> Word:
    """A generic word: powers of the discrete generators, and three exponentials where there is a Lie algebra."""
    word: list[Discrete | Tangent] = []
    count = LETTERS[0] + below(LETTERS[1] - LETTERS[0], rng) if group.discrete else 0
    lie = sz.number(group.lie)
    places = {0, count // 2, count} if lie else set()
    for position in range(count + 1):
        if position in places:
            word.append(Tangent(tuple((spread * np.asarray(rng.standard_normal(lie))).tolist())))
        if position < count:
            word.append(Discrete(below(group.discrete, rng), below(2 * POWER + 1, rng) - POWER))
    return tuple(word)


def spell(law: Atom, word: Word) -> Form:
    """The element that a word is."""
    return reduce(law.product, (_letter(law, letter) for letter in word), law.identity())


def _letter(law: Atom, letter: Discrete | Tangent) -> Form:
    if isinstance(letter, Discrete):
        return law.power(law.generator(letter.index), letter.power)
    return law.exponential(letter.coefficients)


@dataclass(frozen=True, slots=True)
class Generated(Atom):
    """A group of which only the numbers of generators are known: each representation gives their images."""

    count: int
    algebra: int = 0

    @property
    def discrete(self) -> int:
        return self.count

    @property
    def lie(self) -> Size:
        return self.algebra

    @property
    def order(self) -> Size | None:
        return None

    def identity(self) -> Form:
        return ()

    def generator(self, index: int) -> Form:
        return (Discrete(index),)

    def product(self, left: Form, right: Form) -> Form:
        return (*left, *right)

    def inverse(self, form: Form) -> Form:
        return inverse(form)

    def random(self, rng: Rng) -> Form:
        return random_word(self, rng)

    def exponential(self, coefficients: ArrayLike) -> Form:
        return (Tangent(tuple(np.asarray(coefficients, dtype=np.float64).tolist())),)

    def key(self, form: Form) -> bytes:
        raise TypeError(f"elements of {self} cannot be told apart")

    def show(self, form: Form) -> str:
        return f"a word of {len(form)} generators"

    def __str__(self) -> str:
        return f"generated({self.count}{f', algebra={self.algebra}' if self.algebra else ''})"
