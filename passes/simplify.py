"""Simplification of the tensor level: fewer nodes that compute the same numbers.

Every function takes a graph to one with the same outputs, and returns the same object when there is nothing to do.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import replace
from typing import Any, TypeVar

from symc.ir import tensor as t
from symc.ir.graph import Graph, Node, Value
from symc.ir.ops import Scan
from symc.passes.lookups import lookups

OpT = TypeVar("OpT")
Tensors = Graph[t.TensorOp]


def simplify(graph: Tensors) -> Tensors:
    """All of the below until none changes anything. Exact: no number is computed in another way."""
    while True:
        after = in_bodies(graph, simplify)
        for rewrite in (lookups, common_subexpressions, merged_layouts, without_identities, dead_code):
            after = rewrite(after)
        if after is graph:
            return graph
        graph = after


def in_bodies(graph: Graph[OpT], rewrite: Callable[[Graph[Any]], Graph[Any]]) -> Graph[OpT]:
    """Something done to the bodies of recurrences; the same graph where it changes none."""
    nodes: list[Node[OpT]] = []
    for node in graph.nodes:
        op: Any = node.op
        after = rewrite(op.body) if isinstance(op, Scan | t.Loop) else None
        nodes.append(node if after is None or after is op.body else replace(node, op=replace(op, body=after)))
    return graph if all(a is b for a, b in zip(nodes, graph.nodes, strict=True)) else replace(graph, nodes=tuple(nodes))


def dead_code(graph: Graph[OpT]) -> Graph[OpT]:
    """Nodes none of whose results reaches an output → nothing, also in bodies. Exact: nodes have no effects. Serves both levels."""
    graph = in_bodies(graph, dead_code)
    live = {value.id for value in graph.outputs}
    kept: list[Node[OpT]] = []
    for node in reversed(graph.nodes):
        if any(value.id in live for value in node.outputs):
            live |= {value.id for value in node.inputs}
            kept.append(node)
    return graph if len(kept) == len(graph.nodes) else replace(graph, nodes=tuple(reversed(kept)))


def common_subexpressions(graph: Tensors) -> Tensors:
    """Two nodes with one operation, inputs and result type → the first of them.

    Exact: operations are functions, but for dropout and batch normalisation, which are left.
    """
    seen: dict[Hashable, Value] = {}

    def known(node: Node[t.TensorOp]) -> Value | None:
        if isinstance(node.op, t.DropoutMask | t.BatchNormPart):
            return None
        result = node.outputs[0]
        first = seen.setdefault((_key(node.op), tuple(value.id for value in node.inputs), result.type), result)
        return None if first is result else first

    return _replaced(graph, known)


def _key(op: t.TensorOp) -> Hashable:
    """What makes two operations equal: arrays are compared by their entries, a parameter by its name alone."""
    return (type(op), op.data.dtype.str, op.data.shape, op.data.tobytes()) if isinstance(op, t.Array) else (type(op), op)


def without_identities(graph: Tensors) -> Tensors:
    """A reshape, expand, slice or permute that changes neither shape nor order → its input. Exact."""

    def unchanged(node: Node[t.TensorOp]) -> Value | None:
        match node.op:
            case t.Reshape() | t.Expand() | t.Slice():
                return node.inputs[0] if node.inputs[0].type == node.outputs[0].type else None
            case t.Permute(order):
                return node.inputs[0] if order == tuple(range(len(order))) else None
            case t.Concatenate():
                return node.inputs[0] if len(node.inputs) == 1 else None
            case _:
                return None

    return _replaced(graph, unchanged)


def merged_layouts(graph: Tensors) -> Tensors:
    """A reshape of a reshape → one reshape; a permute of a permute → one, orders composed. Exact; the first goes when nothing else reads it."""
    made: dict[int, Node[t.TensorOp]] = {}
    nodes = []
    for node in graph.nodes:
        before = made.get(node.inputs[0].id) if node.inputs else None
        if before is not None:
            node = _merged(before, node)
        made |= {value.id: node for value in node.outputs}
        nodes.append(node)
    return graph if all(a is b for a, b in zip(nodes, graph.nodes, strict=True)) else replace(graph, nodes=tuple(nodes))


def _merged(before: Node[t.TensorOp], node: Node[t.TensorOp]) -> Node[t.TensorOp]:
    match before.op, node.op:
        case t.Reshape(), t.Reshape():
            return replace(node, inputs=before.inputs)
        case t.Permute(first), t.Permute(second):
            return replace(node, inputs=before.inputs, op=t.Permute(tuple(first[axis] for axis in second)))
        case _:
            return node


def _replaced(graph: Tensors, instead: Callable[[Node[t.TensorOp]], Value | None]) -> Tensors:
    """The graph without the nodes for which there is another value to use, which is used."""
    values: dict[int, Value] = {}
    nodes = []

    def now(old: Iterable[Value]) -> tuple[Value, ...]:
        return tuple(values.get(value.id, value) for value in old)

    for node in graph.nodes:
        inputs = now(node.inputs)
        current = node if all(a is b for a, b in zip(inputs, node.inputs, strict=True)) else replace(node, inputs=inputs)
        other = instead(current)
        if other is None:
            nodes.append(current)
        else:
            values[node.outputs[0].id] = other
    return replace(graph, nodes=tuple(nodes), outputs=now(graph.outputs)) if values else graph


__all__ = ["common_subexpressions", "dead_code", "merged_layouts", "simplify", "without_identities"]
