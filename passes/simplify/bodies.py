"""Rewriting what recurrences repeat."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

from symc.ir.graph import Graph, Node
from symc.ir.ops import Scan
from symc.ir.tensor import Loop

OpT = TypeVar("OpT")


def in_bodies(graph: Graph[OpT], rewrite: Callable[[Graph[Any]], Graph[Any]]) -> Graph[OpT]:
    """Something done to the bodies of recurrences; the same graph where it changes none. Serves both levels."""
    nodes: list[Node[OpT]] = []
    for node in graph.nodes:
        op: Any = node.op
        after = rewrite(op.body) if isinstance(op, Scan | Loop) else None
        nodes.append(node if after is None or after is op.body else replace(node, op=replace(op, body=after)))
    return graph if all(a is b for a, b in zip(nodes, graph.nodes, strict=True)) else replace(graph, nodes=tuple(nodes))
