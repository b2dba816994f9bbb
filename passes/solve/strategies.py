"""The ways to solve for one group, in the order they are tried. A new way is a file and a line here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from symc.algebra.groups import Group
from symc.algebra.hom import AtomBasis
from symc.algebra.summands import Leg
from symc.passes.solve.isotypic import isotypic
from symc.passes.solve.nullspace import nullspace
from symc.passes.solve.orbits import signed_orbits
from symc.passes.solve.orthogonal import brauer_diagrams
from symc.passes.solve.symmetric import partition_diagrams

Solve: TypeAlias = Callable[[Group, tuple[Leg, ...], tuple[Leg, ...], int], AtomBasis | None]


@dataclass(frozen=True, slots=True)
class Strategy:
    """`solve(group, source legs, target legs, limit in bytes)` is None where it does not apply. `any_n`: it also works while n is free."""

    solve: Solve
    any_n: bool = False


STRATEGIES = (
    Strategy(partition_diagrams, any_n=True),
    Strategy(brauer_diagrams, any_n=True),
    Strategy(signed_orbits),
    Strategy(isotypic),
    Strategy(nullspace),
)
