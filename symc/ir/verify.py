"""What is wrong with a graph: defined before use, legal at its level, typed as the table says, inputs and outputs those of the signature."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from symc.ir.graph import Graph, Node
from symc.ir.infer import IllTyped, agree
from symc.ir.infer_tensor import same_shape
from symc.ir.ops import Scan
from symc.ir.table import TABLES, Level, check_types
from symc.ir.tensor import Loop, TensorType
from symc.ir.types import Type, leaves


def verify(graph: Graph[Any], level: Level) -> list[str]:
    """Complaints, each with the index of its node; none for a well-formed graph."""
    return [*_scopes(graph), *_signature(graph, level), *_nodes(graph, level)]


def _nodes(graph: Graph[Any], level: Level) -> Iterator[str]:
    """Of bodies all but the signature, which they have for what they are on the equivariant level alone."""
    for index, node in enumerate(graph.nodes):
        yield from _node(index, node, level)
        if isinstance(node.op, Scan | Loop):
            body = (*_scopes(node.op.body), *_nodes(node.op.body, level))
            yield from (f"node {index}, in its body: {text}" for text in body)


def _scopes(graph: Graph[Any]) -> Iterator[str]:
    defined = {value.id: value for value in graph.inputs}
    if len(defined) < len(graph.inputs):
        yield "two inputs have one number"
    for index, node in enumerate(graph.nodes):
        for value in node.inputs:
            if value.id not in defined:
                yield f"node {index} ({_name(node)}): %{value.id} is used before it is defined"
            elif defined[value.id].type != value.type:
                yield f"node {index} ({_name(node)}): %{value.id} is used as {value.type} and defined as {defined[value.id].type}"
        for value in node.outputs:
            if value.id in defined:
                yield f"node {index} ({_name(node)}): %{value.id} is defined twice"
            defined[value.id] = value
    for value in graph.outputs:
        if value.id not in defined:
            yield f"the output %{value.id} is not defined"
        elif defined[value.id].type != value.type:
            yield f"the output %{value.id} is returned as {value.type} and defined as {defined[value.id].type}"


def _signature(graph: Graph[Any], level: Level) -> Iterator[str]:
    """Masks are inputs that the signature does not name."""
    given = tuple(value for value in graph.inputs if not (isinstance(value.type, TensorType) and value.type.boolean))
    for what, values, declared in (("input", given, graph.signature.inputs), ("output", graph.outputs, graph.signature.result)):
        types = [item for _, item in leaves(declared)]
        if len(types) != len(values):
            yield f"the signature has {len(types)} {what}s, the graph {len(values)}"
            continue
        for value, item in zip(values, types, strict=True):
            if not _fits(value.type, item, level):
                yield f"the {what} %{value.id} is {value.type}, the signature says {item}"


def _fits(found: Type | TensorType, declared: Type, level: Level) -> bool:
    if level == "equivariant":
        return isinstance(found, Type) and agree(found, declared)
    return isinstance(found, TensorType) and same_shape(found.shape, declared.shape)


def _node(index: int, node: Node[Any], level: Level) -> Iterator[str]:
    where = f"node {index} ({_name(node)})"
    if type(node.op) not in TABLES[level]:
        yield f"{where}: not an operation of the {level} level"
        return
    wanted = Type if level == "equivariant" else TensorType
    inputs, outputs = ([value.type for value in values] for values in (node.inputs, node.outputs))
    if not all(isinstance(item, wanted) for item in (*inputs, *outputs)):
        yield f"{where}: types of the wrong level"
        return
    try:
        found = check_types(level, node.op, inputs, outputs)
    except IllTyped as complaint:
        yield f"{where}: {complaint}"
        return
    if found is not None:
        yield f"{where}: the result is {found}, not {', '.join(map(str, outputs)) or 'nothing'}"


def _name(node: Node[Any]) -> str:
    return type(node.op).__name__
