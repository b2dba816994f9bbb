"""Noise as an input: a graph that draws random numbers made a function of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from symc.ir.bodies import every_node, every_value
from symc.ir.graph import Graph, Node, Value
from symc.ir.ops import EquivariantOp, Noise, Scan
from symc.ir.recurrence import time_of
from symc.ir.types import Record, Signature, Type


def with_noise_as_inputs(graph: Graph[EquivariantOp]) -> Graph[EquivariantOp]:
    """Every draw → one more input of its type, `noise0`, `noise1`, ...; the same graph where nothing is drawn. Inside a recurrence it is one a step.

    Exact: f(x) has the law of f(x, z) for independent standard normal z. Where that law is left alone by a group, and f(g x, g z) = g f(x, z), the
    law of f is equivariant.
    """
    drawn = [*_drawn(graph)]
    if not drawn:
        return graph
    names = _new_names(len(drawn), graph.signature.inputs.names)
    first = 1 + max((value.id for value in every_value(graph)), default=0)
    inputs: list[Value] = []
    nodes: list[Node[EquivariantOp]] = []
    for node in graph.nodes:
        if isinstance(node.op, Noise):
            inputs += [replace(value, name=names[len(inputs)]) for value in node.outputs]
        elif isinstance(node.op, Scan) and (body := with_noise_as_inputs(node.op.body)) is not node.op.body:
            time = time_of(node.op, [value.type for value in node.inputs if isinstance(value.type, Type)])
            made = [value.type for value in body.inputs[len(node.op.body.inputs) :] if isinstance(value.type, Type)]
            steps = [Value(first + len(inputs) + i, names[len(inputs) + i], Type((time, *item.axes)), node.span) for i, item in enumerate(made)]
            op = replace(node.op, body=body, along=(*node.op.along, *(0 for _ in steps)))
            nodes.append(replace(node, op=op, inputs=(*node.inputs, *steps)))
            inputs += steps
        else:
            nodes.append(node)
    fields = tuple((value.name, value.type) for value in inputs if isinstance(value.type, Type))
    signature = Signature(Record((*graph.signature.inputs.fields, *fields)), graph.signature.result)
    return replace(graph, signature=signature, inputs=(*graph.inputs, *inputs), nodes=tuple(nodes))


def _drawn(graph: Graph[EquivariantOp]) -> Iterator[Node[EquivariantOp]]:
    return (node for node in every_node(graph) if isinstance(node.op, Noise))


def _new_names(count: int, taken: tuple[str, ...]) -> list[str]:
    """Names that no input has."""
    free = (name for number in range(count + len(taken)) if (name := f"noise{number}") not in taken)
    return [next(free) for _ in range(count)]
