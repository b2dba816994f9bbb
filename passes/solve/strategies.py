"""The ways to solve for one group, in the order they are tried. A new way is a file and a line here."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from symc.algebra.groups import Group
from symc.algebra.hom import AtomBasis
from symc.algebra.summands import Leg
from symc.passes.solve.clebsch_gordan import clebsch_gordan
from symc.passes.solve.diagrams import (
    brauer_diagrams,
    jellyfish_diagrams,
    nested_diagrams,
    partition_diagrams,
    symplectic_diagrams,
    walled_diagrams,
)
from symc.passes.solve.isotypic import isotypic
from symc.passes.solve.levi import by_levi_factor
from symc.passes.solve.nullspace import nullspace
from symc.passes.solve.orbits import signed_orbits
from symc.passes.solve.schur import schur
from symc.passes.solve.written import refuse_large

Strategy: TypeAlias = Callable[[Group, tuple[Leg, ...], tuple[Leg, ...], int], AtomBasis | None]
"""Of the group, source legs, target legs and a limit in bytes; None where it does not apply."""

CLOSED_FORMS: tuple[Strategy, ...] = (
    partition_diagrams,
    jellyfish_diagrams,
    nested_diagrams,
    brauer_diagrams,
    symplectic_diagrams,
    walled_diagrams,
)
"""They work also while n is free."""

COMPUTED: tuple[Strategy, ...] = (schur, clebsch_gordan, refuse_large, signed_orbits, by_levi_factor, isotypic, nullspace)
"""They need numbers, and take longer: see `remembered`."""
