"""Which lowering of a whole model is taken."""

from __future__ import annotations

from symc.ir.graph import Graph
from symc.ir.ops import Binary, EquivariantOp, Linear
from symc.ir.tensor import TensorOp
from symc.passes.cost import training
from symc.passes.lower import Lowering, lower
from symc.passes.lower.builder import Builder
from symc.passes.lower.ways import BY_IRREDUCIBLES
from symc.passes.simplify import simplify


def _follow(graph: Graph[EquivariantOp]) -> bool:
    """Does a linear map follow another, with nothing but sums between?"""
    linear: set[int] = set()
    for node in graph.nodes:
        met = any(value.id in linear for value in node.inputs)
        if met and isinstance(node.op, Linear):
            return True
        if isinstance(node.op, Linear) or (met and isinstance(node.op, Binary) and node.op.kind in ("add", "sub")):
            linear |= {value.id for value in node.outputs}
    return False


def cheapest_lowering(graph: Graph[EquivariantOp], lowering: Lowering = "auto") -> Graph[TensorOp]:
    """A solved graph lowered, map by map as it costs least; or all maps by structure, where that costs less in the end.

    One map alone has to change to the coordinates of irreducibles and back. Between two maps nothing is changed, once the graph is simplified:
    where both are compared, the one taken is returned simplified.
    """
    b = Builder()
    found = lower(graph, b, lowering)
    if lowering != "auto" or not any(name.startswith(BY_IRREDUCIBLES) for name in b.others) or not _follow(graph):
        return found
    other = lower(graph, lowering="structured")
    return min((simplify(found), simplify(other)), key=lambda tried: training(tried.nodes).seconds)
