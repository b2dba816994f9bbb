"""The ways to solve for one group, in the order they are tried. A new way is a file and a line here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from symc.algebra.groups import Group
from symc.algebra.hom import AtomBasis
from symc.algebra.summands import Leg
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

Solve: TypeAlias = Callable[[Group, tuple[Leg, ...], tuple[Leg, ...], int], AtomBasis | None]


@dataclass(frozen=True, slots=True)
class Strategy:
    """`solve(group, source legs, target legs, limit in bytes)` is None where it does not apply. `any_n`: it also works while n is free."""

    solve: Solve
    any_n: bool = False


STRATEGIES = (
    Strategy(partition_diagrams, any_n=True),
    Strategy(jellyfish_diagrams, any_n=True),
    Strategy(nested_diagrams, any_n=True),
    Strategy(brauer_diagrams, any_n=True),
    Strategy(symplectic_diagrams, any_n=True),
    Strategy(walled_diagrams, any_n=True),
    Strategy(signed_orbits),
    Strategy(isotypic),
    Strategy(by_levi_factor),
    Strategy(nullspace),
)
