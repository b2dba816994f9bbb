"""Groups without a sign: every permutation is even, or every matrix of determinant 1."""

from __future__ import annotations

from symc.algebra.groups.base import Group
from symc.algebra.groups.classical import SpecialOrthogonal, SpecialUnitary
from symc.algebra.groups.polygons import Cyclic
from symc.algebra.groups.reductive import Indefinite, SpecialLinear, Symplectic
from symc.algebra.groups.symmetric import Alternating

EVEN = (Alternating, Cyclic, SpecialLinear, SpecialOrthogonal, SpecialUnitary, Symplectic)


def unsigned(group: Group) -> bool:
    """Is the determinant, or for permutations the sign, of every element 1? Said of named families alone."""
    law = group.definition
    return isinstance(law, EVEN) or (isinstance(law, Indefinite) and law.special)
