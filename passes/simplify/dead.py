"""Nodes none of whose results reaches an output → nothing.

Exact: nodes have no effects. Serves both levels. Parameters stay: which there are follows from the text, not from how it is lowered.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from symc.ir.graph import Graph, Node
from symc.ir.tensor import Parameter
from symc.passes.simplify.bodies import in_bodies

OpT = TypeVar("OpT")


def dead_code(graph: Graph[OpT]) -> Graph[OpT]:
    """Also in the bodies of recurrences."""
    graph = in_bodies(graph, dead_code)
    live = {value.id for value in graph.outputs}
    kept: list[Node[OpT]] = []
    for node in reversed(graph.nodes):
        if isinstance(node.op, Parameter) or any(value.id in live for value in node.outputs):
            live |= {value.id for value in node.inputs}
            kept.append(node)
    return graph if len(kept) == len(graph.nodes) else replace(graph, nodes=tuple(reversed(kept)))
