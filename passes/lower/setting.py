"""What lowering one operation knows of the rest of the graph and of the user's wishes."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias, TypeVar

from symc.algebra.groups import Group
from symc.ir.graph import Graph, Node
from symc.ir.ops import EquivariantOp
from symc.ir.tensor import TensorOp
from symc.passes import cost
from symc.passes.lower.blocks import irreducibles
from symc.passes.lower.gains import Gain, gains
from symc.passes.solve.coordinates import Irreducibles

Found = TypeVar("Found")
Lowering: TypeAlias = Literal["auto", "dense", "structured"]  # the cheapest way; one matrix for every map where it can be; never, where it can be

MARGIN = 1.15  # times the least estimate one dense matrix may take and is chosen: it is what torch does best, and estimates are not that exact


@dataclass(frozen=True)
class Setting:
    """`gains` by the name of a map's weights (see `gains`); the irreducibles that maps have in common; how maps are to be lowered.

    frozen: weights and what is made of them will be constants, so that only the rest of a forward pass counts.
    known: what was found out of maps, by all that it depends on: maps of one kind are tried once.
    """

    gains: Mapping[str, tuple[Gain, ...]]
    irreducibles: Mapping[Group, Irreducibles] = field(default_factory=dict)
    lowering: Lowering = "auto"
    frozen: bool = False
    known: dict[Hashable, Any] = field(default_factory=dict, compare=False)

    @staticmethod
    def of(graph: Graph[EquivariantOp], lowering: Lowering = "auto", frozen: bool = False) -> Setting:
        return Setting(gains(graph), irreducibles(graph), lowering, frozen)

    def seconds(self, nodes: Sequence[Node[TensorOp]]) -> float:
        """What a way to lower a map is estimated to take."""
        return (cost.inference(nodes) if self.frozen else cost.training(nodes)).seconds

    def once(self, key: Hashable, find: Callable[[], Found]) -> Found:
        """What `find` finds, which is asked once for each key."""
        if key not in self.known:
            self.known[key] = find()
        found: Found = self.known[key]
        return found
