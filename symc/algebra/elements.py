"""Elements of direct products of groups: products, inverses, exponentials, random elements.

One abstract element moves every representation at once, so two representations are always compared at the same element. Beside its faithful form an
element may be spelled: as a word in the generators, by which representations given by the images of generators are moved.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from numpy.typing import ArrayLike

from symc.algebra.enumeration import enumerate_group
from symc.algebra.errors import GroupTooLarge
from symc.algebra.generators import Generator
from symc.algebra.groups import Discrete, Form, Generated, Group, Rng, Tangent, Word
from symc.algebra.groups.generated import inverse, random_word, spell


@dataclass(frozen=True, slots=True, eq=False)
class Element:
    """An element of a direct product: the part in every group (no product itself) that it does not leave alone, and words where known."""

    parts: Mapping[Group, Form]
    words: Mapping[Group, Word] = field(default_factory=dict)

    def __matmul__(self, other: Element) -> Element:
        """The product: first `other`, then self."""
        parts = {**self.parts, **other.parts}
        both = self.parts.keys() & other.parts.keys()
        words = {group: self.words.get(group, ()) + other.words.get(group, ()) for group in parts if self._spelled(group) and other._spelled(group)}
        return Element(parts | {group: group.law.product(self.parts[group], other.parts[group]) for group in both}, words)

    def _spelled(self, group: Group) -> bool:
        return group in self.words or group not in self.parts

    def inverse(self) -> Element:
        words = {group: inverse(word) for group, word in self.words.items()}
        return Element({group: group.law.inverse(form) for group, form in self.parts.items()}, words)

    def word(self, group: Group) -> Word:
        """The part in a group as a word in its generators, the last letter acting first; of a finite group any element has one.

        Raises ValueError where none is known.
        """
        if isinstance(group.law, Generated):
            word: Word = self.parts.get(group, ())
            return word
        if group in self.words or group not in self.parts:
            return self.words.get(group, ())
        try:
            listed = enumerate_group(group)
        except GroupTooLarge as error:
            raise ValueError(f"an element of {group} of which no word is known") from error
        return tuple(Discrete(letter) for letter in listed.word(listed.index(self.parts[group])))

    def __str__(self) -> str:
        return ", ".join(f"{group.law.show(form)} of {group}" for group, form in self.parts.items()) or "identity"


IDENTITY = Element({})


def from_generator(generator: Generator) -> Element:
    """The element that a discrete generator is; raises TypeError for one of a Lie algebra (see `exp`)."""
    if generator.lie:
        raise TypeError(f"{generator} is in the Lie algebra: take its exponential")
    return Element({generator.group: generator.group.law.generator(generator.index)}, {generator.group: (Discrete(generator.index),)})


def word(letters: Iterable[Generator]) -> Element:
    """The product of generators, the last one acting first."""
    result = IDENTITY
    for letter in letters:
        result = result @ from_generator(letter)
    return result


def exp(group: Group, coefficients: ArrayLike) -> Element:
    """The exponential of a Lie algebra element, given by one coefficient a generator; shape (group.lie,)."""
    form = group.law.exponential(coefficients)
    return Element({group: form}, {group: (Tangent(tuple(map(float, coefficients))),)})  # type: ignore[arg-type]


def sample(groups: Iterable[Group], rng: Rng, *, spelled: bool = False) -> Element:
    """A random element of the product of the groups: uniform where that is easy, else a random word in the generators.

    With `spelled`, always a word, so that representations given by the images of generators can be asked for it.
    """
    atoms = [atom for group in groups for atom in group.atoms]
    if not spelled:
        return Element({atom: atom.law.random(rng) for atom in atoms})
    words = {atom: random_word(atom, rng) for atom in atoms}
    return Element({atom: spell(atom.law, word) for atom, word in words.items()}, words)


__all__ = ["IDENTITY", "Element", "exp", "from_generator", "sample", "word"]
