"""The random elements and coefficients of a group, fixed once, so that every solve makes the same choice.

A generic element of the group algebra is a combination of a few elements and the identity; four are drawn: A and A2, made self-adjoint, and B and B2.
The stream of RandomState is the same in every version of numpy.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TypeAlias

import numpy as np
from numpy.random import RandomState

from symc.algebra import groups as g
from symc.algebra import sizes as sz
from symc.algebra.elements import Element, sample
from symc.algebra.generators import Generator
from symc.algebra.groups import Array, Group
from symc.algebra.groups.classical import bounded
from symc.algebra.groups.generated import Discrete, Tangent, Word, spell
from symc.algebra.summands import Leg

ELEMENTS = 6  # group elements in one generic element, doubled at each further try
KINDS = 4  # A, A2, B, B2
LETTERS = 12  # discrete letters between exponentials
SPREAD = 1.5  # of the coefficients of algebra elements of compact groups
UNKNOWN = 0.4  # of those of groups known by their representations alone, which may not be compact

Lengths: TypeAlias = tuple[tuple[Group, tuple[float, ...]], ...]


@dataclass(frozen=True, eq=False)
class Sample:
    """Elements (KINDS * r of them) and coefficients of shape (KINDS, 1 + r), complex over C. `key` tells samples apart."""

    key: tuple[object, ...]
    elements: tuple[Element, ...]
    coefficients: Array

    @cached_property
    def weights(self) -> tuple[Array, ...]:
        """What to combine, for A, A2, B, B2 and one more element by which results are checked: a weight for every element, then for the identity."""
        r = self.coefficients.shape[1] - 1
        found = []
        for kind, row in enumerate(self.coefficients):
            weights = np.zeros(KINDS * r + 1, dtype=row.dtype)
            weights[kind * r : (kind + 1) * r], weights[-1] = row[1:], row[0]
            found.append(weights)
        check = RandomState(11).standard_normal(KINDS * r + 1) / np.sqrt(KINDS * r)
        return (*found, check.astype(self.coefficients.dtype))


@lru_cache(maxsize=256)
def sample_of(groups: tuple[Group, ...], attempt: int, over_c: bool, spelled: bool, lengths: Lengths = ()) -> Sample:
    """The sample of the direct product of some groups."""
    r = ELEMENTS << attempt
    rng = RandomState([20, attempt])
    elements = tuple(_spelled(groups, rng, dict(lengths)) if spelled else sample(groups, rng) for _ in range(KINDS * r))
    coefficients = rng.standard_normal((KINDS, 1 + r))
    if over_c:
        coefficients = coefficients + 1j * rng.standard_normal((KINDS, 1 + r))
    return Sample((groups, attempt, over_c, spelled, lengths), elements, coefficients)


def lengths_of(legs: tuple[Leg, ...]) -> Lengths:
    """Of groups known by their representations alone, how long the images of their algebra generators are: those say the same however long they are.

    The shortest that is not zero, where all legs turn, and the longest where some stretch, for exponentials of these grow. Powers of two, so that
    nothing is rounded and legs that are about equally long meet one sample.
    """
    found = []
    for group in dict.fromkeys(atom for leg in legs for own in leg.groups for atom in own.atoms if isinstance(atom.law, g.Generated)):
        compact = all(leg.unitary for leg in legs)
        own = []
        for index in range(sz.number(group.lie)):
            images = [leg.lie_image(Generator(group, index, lie=True)) for leg in legs if group in leg.groups]
            sizes = [float(np.abs(image).max()) for image in images if image is not None] or [1.0]
            own.append(min(sizes) if compact else max(sizes))
        found.append((group, tuple(2.0 ** round(np.log2(length)) for length in own)))
    return tuple(found)


def _spelled(groups: tuple[Group, ...], rng: RandomState, lengths: dict[Group, tuple[float, ...]]) -> Element:
    """A random word in every group: discrete letters with exponentials before, between and after."""
    words = {atom: random_word(atom, rng, lengths.get(atom, ())) for group in groups for atom in group.atoms}
    return Element({atom: spell(atom.law, word) for atom, word in words.items()}, words)


def random_word(group: Group, rng: RandomState, lengths: tuple[float, ...]) -> Word:
    """A generic word, whose matrices stay of moderate size where the group is not compact."""
    word: list[Discrete | Tangent] = []
    lie = sz.number(group.lie)
    for _ in range(3):
        if lie:
            word.append(Tangent(tuple(_coefficients(group, rng.standard_normal(lie), lengths).tolist())))
        word += [Discrete(int(rng.random_sample() * group.discrete), 1 + int(rng.random_sample() * 3)) for _ in range(LETTERS * bool(group.discrete))]
    return tuple(word)


def _coefficients(group: Group, normal: Array, lengths: tuple[float, ...]) -> Array:
    """Of generators made of one size, and scaled so that the Hermitian part of the defining matrix is bounded."""
    law = group.law
    if not isinstance(law, g.Linear) or not sz.number(law.lie):
        return normal * UNKNOWN / (lengths or 1.0)
    if not isinstance(law, g.Lie):  # whose basis is of one size
        normal = normal / [max(float(np.abs(law.lie_generator(index)).max()), 1e-300) for index in range(len(normal))]
    x = law.algebra(normal)
    if np.abs(x + x.conj().T).max() <= 1e-12 * np.abs(x).max():
        return normal * SPREAD
    return normal * float(np.linalg.norm(bounded(x), 2) / np.linalg.norm(x, 2))
