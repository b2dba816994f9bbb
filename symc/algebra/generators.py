"""The generators of groups in the documented order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from symc.algebra import forms
from symc.algebra import groups as g
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
        match self.group.definition:
            case g.Symmetric(n):
                return _symmetric(sz.number(n), self.index)
            case g.Permutations(_, images):
                return g.cycles(images[self.index])
            case g.Cyclic(n) | g.Dihedral(n):
                return f"rotation by {_degrees(sz.number(n))}" if self.index == 0 else "reflection"
            case g.Orthogonal() | g.SpecialOrthogonal() if self.lie:
                i, j = forms.lie_pair(forms.degree(self.group), self.index)
                comma = "," if j > 9 else ""
                return f"E_{i}{comma}{j} − E_{j}{comma}{i}"
            case g.Orthogonal(n):
                ones = ["1"] * (sz.number(n) - 1) if sz.number(n) <= 4 else ["1", "…", "1"]
                return f"diag({', '.join(['−1', *ones])})"
            case _:
                return f"generator {self.index + 1}"


def generators(groups: Iterable[Group]) -> tuple[Generator, ...]:
    """All generators, group by group, direct products factor by factor; sizes must be concrete (else SizeError)."""
    return tuple(generator for group in groups for atom in group.atoms for generator in _generators(atom))


def _generators(atom: Group) -> Iterator[Generator]:
    sizes_known(atom)
    for index in range(sz.number(atom.lie)):
        yield Generator(atom, index, lie=True)
    for index in range(atom.discrete):
        yield Generator(atom, index)


def sizes_known(atom: Group) -> None:
    """Raise SizeError while a free size is left in the group."""
    match atom.definition:
        case g.Symmetric(n) | g.Cyclic(n) | g.Dihedral(n) | g.Orthogonal(n) | g.SpecialOrthogonal(n):
            sz.number(n)
        case _:
            pass


def _symmetric(n: int, index: int) -> str:
    if n < 2:
        return "identity"
    if index == 0:
        return "(0 1)"
    return f"({' '.join(map(str, range(n)))})" if n <= 6 else f"(0 1 … {n - 1})"


def _degrees(n: int) -> str:
    return f"{360 // n}°" if 360 % n == 0 else f"360°/{n}"
