"""What lowering one operation knows of the rest of the graph and of the user's wishes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from symc.algebra.groups import Group
from symc.ir.graph import Graph
from symc.ir.ops import EquivariantOp
from symc.passes.lower.blocks import irreducibles
from symc.passes.lower.gains import Gain, gains
from symc.passes.solve.coordinates import Irreducibles

Lowering: TypeAlias = Literal["auto", "dense", "structured"]  # the cheapest way; one matrix for every map where it can be; never, where it can be


@dataclass(frozen=True)
class Setting:
    """`gains` by the name of a map's weights (see `gains`); the irreducibles that maps have in common; how maps are to be lowered."""

    gains: Mapping[str, tuple[Gain, ...]]
    irreducibles: Mapping[Group, Irreducibles] = field(default_factory=dict)
    lowering: Lowering = "auto"

    @staticmethod
    def of(graph: Graph[EquivariantOp], lowering: Lowering = "auto") -> Setting:
        return Setting(gains(graph), irreducibles(graph), lowering)
