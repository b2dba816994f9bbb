"""Graphs inside graphs: the bodies of recurrences."""

from __future__ import annotations

from collections.abc import Iterator

from symc.ir.graph import Graph, Node, Value
from symc.ir.ops import EquivariantOp, Scan


def every_node(graph: Graph[EquivariantOp]) -> Iterator[Node[EquivariantOp]]:
    """The nodes of a graph in order, each before those of the body inside it."""
    for node in graph.nodes:
        yield node
        if isinstance(node.op, Scan):
            yield from every_node(node.op.body)


def every_value(graph: Graph[EquivariantOp]) -> Iterator[Value]:
    """The values of a graph and of all bodies inside it."""
    yield from graph.inputs
    for node in graph.nodes:
        yield from node.outputs
        if isinstance(node.op, Scan):
            yield from every_value(node.op.body)
