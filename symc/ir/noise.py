"""Noise as an input: a graph that draws random numbers made a function of them."""

from __future__ import annotations

from dataclasses import replace

from symc.ir.graph import Graph
from symc.ir.ops import EquivariantOp, Noise
from symc.ir.types import Record, Signature, Type


def with_noise_as_inputs(graph: Graph[EquivariantOp]) -> Graph[EquivariantOp]:
    """Every draw → one more input of its type, `noise0`, `noise1`, ...; the same graph where nothing is drawn.

    Exact: f(x) has the law of f(x, z) for independent standard normal z. Where that law is left alone by a group, and f(g x, g z) = g f(x, z), the
    law of f is equivariant.
    """
    draws = [node for node in graph.nodes if isinstance(node.op, Noise)]
    if not draws:
        return graph
    drawn = [value for node in draws for value in node.outputs]
    names = _new_names(len(drawn), graph.signature.inputs.names)
    inputs = tuple(replace(value, name=name) for value, name in zip(drawn, names, strict=True))
    fields = tuple((value.name, value.type) for value in inputs if isinstance(value.type, Type))
    signature = Signature(Record((*graph.signature.inputs.fields, *fields)), graph.signature.result)
    nodes = tuple(node for node in graph.nodes if not isinstance(node.op, Noise))
    return replace(graph, signature=signature, inputs=(*graph.inputs, *inputs), nodes=nodes)


def _new_names(count: int, taken: tuple[str, ...]) -> list[str]:
    """Names that no input has."""
    free = (name for number in range(count + len(taken)) if (name := f"noise{number}") not in taken)
    return [next(free) for _ in range(count)]
