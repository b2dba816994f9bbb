"""Gains: how much larger the results of a map begin where a gate halves them, so that what leaves the gate has the scale of what enters the map.

For z standard normal, sigmoid(z)^2 is 0.293 in the mean, and silu(1.559 z)^2 is 1. So gates begin with variance 1, what they multiply with
variance 1 / 0.293, trivial parts with 1.559^2, where others begin with 1/3. Multiplying the derivatives likewise, backwards each layer keeps the
scale up to 4 per cent in trivial parts. The functions stay sigmoid and silu: weights alone are larger, as in He et al. (2015) for relu.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from math import sqrt

from symc.ir.graph import Graph, Node, Value
from symc.ir.ops import Bilinear, Binary, Dropout, EquivariantOp, Gate, Linear, Pointwise, Reinterpret

SIGMOID_SQUARED = 0.29337903585809294  # the mean of sigmoid(z)^2
SILU_SCALE = 1.5587599300693713  # s with silu(s z)^2 of mean 1


@dataclass(frozen=True, slots=True)
class Gain:
    """Factors for the weights into parts that are permuted, and into others."""

    permuted: float = 1.0
    moved: float = 1.0

    def shared(self, count: int) -> Gain:
        """What each of so many summands has for the sum to have this."""
        return Gain(self.permuted / sqrt(count), self.moved / sqrt(count))


PLAIN = Gain()
VALUES = Gain(sqrt(3) * SILU_SCALE, sqrt(3 / SIGMOID_SQUARED))
GATES = Gain(sqrt(3), sqrt(3))


def gains(graph: Graph[EquivariantOp]) -> dict[str, tuple[Gain, ...]]:
    """By the name of its weights, the gains of the results of a map; one that is applied in several ways, or goes elsewhere too, has none."""
    made_by = {value.id: node for node in graph.nodes for value in node.outputs}
    uses = Counter(value.id for node in graph.nodes for value in node.inputs) + Counter(value.id for value in graph.outputs)
    found: dict[int, Gain] = {}

    def spread(value: Value, gain: Gain) -> None:
        """To the maps whose results add up to a value that nothing else uses."""
        node = made_by.get(value.id)
        if node is None or uses[value.id] > 1:
            return
        match node.op:
            case Linear() | Bilinear():
                found[value.id] = gain
            case Binary("add" | "sub"):
                for operand in node.inputs:
                    spread(operand, gain.shared(2))
            case Pointwise("neg") | Dropout() | Reinterpret():
                spread(node.inputs[0], gain)
            case _:
                pass

    for node in graph.nodes:
        if isinstance(node.op, Gate):
            spread(node.inputs[0], VALUES)
            spread(node.inputs[1], GATES)
    return _by_name(graph.nodes, found)


def _by_name(nodes: tuple[Node[EquivariantOp], ...], found: dict[int, Gain]) -> dict[str, tuple[Gain, ...]]:
    result: dict[str, tuple[Gain, ...]] = {}
    for node in nodes:
        if isinstance(node.op, Linear | Bilinear):
            mine = tuple(found.get(value.id, PLAIN) for value in node.outputs)
            result[node.op.name] = mine if result.get(node.op.name, mine) == mine else (PLAIN,) * len(mine)
    return result
