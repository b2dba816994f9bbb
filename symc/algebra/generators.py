"""The generators of groups in the documented order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from symc.algebra import sizes as sz
from symc.algebra.groups import Group


@dataclass(frozen=True, slots=True)
class Generator:
    """Generator `index` of one group (no direct product): an element, or with `lie` an element of the Lie algebra. The two kinds count apart."""

    group: Group
    index: int
    lie: bool = False

    def __str__(self) -> str:
        """A readable name; plain generators of `matrices` count from 1."""
        return self.group.law.lie_name(self.index) if self.lie else self.group.law.generator_name(self.index)


def generators(groups: Iterable[Group]) -> tuple[Generator, ...]:
    """All generators, group by group, direct products factor by factor; sizes must be concrete (else SizeError)."""
    return tuple(generator for group in groups for atom in group.atoms for generator in _generators(atom, every=True))


def sufficient(groups: Iterable[Group]) -> tuple[Generator, ...]:
    """Generators enough to generate the rest: of a Lie algebra those whose brackets span it. A map that commutes with these commutes with all."""
    return tuple(generator for group in groups for atom in group.atoms for generator in _generators(atom, every=False))


def _generators(atom: Group, *, every: bool) -> Iterator[Generator]:
    if atom.free:
        raise sz.SizeError(f"the generators of {atom} depend on {', '.join(sorted(atom.free))}: {', '.join(sorted(atom.free))} is free")
    for index in range(sz.number(atom.lie)) if every else atom.law.sufficient():
        yield Generator(atom, index, lie=True)
    for index in range(atom.discrete):
        yield Generator(atom, index)
