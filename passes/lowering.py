"""Which lowering of a whole model is taken."""

from __future__ import annotations

from symc.ir.graph import Graph
from symc.ir.ops import EquivariantOp
from symc.ir.tensor import TensorOp
from symc.passes.cost import training
from symc.passes.lower import Lowering, lower
from symc.passes.lower.builder import Builder
from symc.passes.lower.ways import BY_IRREDUCIBLES
from symc.passes.simplify import simplify


def cheapest_lowering(graph: Graph[EquivariantOp], lowering: Lowering = "auto") -> Graph[TensorOp]:
    """A solved graph lowered, map by map as it costs least; or all maps by structure, where that costs less in the end.

    One map alone has to change to the coordinates of irreducibles and back. Between two maps nothing is changed, once the graph is simplified.
    """
    b = Builder()
    found = lower(graph, b, lowering)
    if lowering != "auto" or not any(name.startswith(BY_IRREDUCIBLES) for name in b.others):
        return found
    other = lower(graph, lowering="structured")
    return min((found, other), key=lambda tried: training(simplify(tried).nodes).seconds)
