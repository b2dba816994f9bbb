"""Small graphs of the tensor level, and what is left of them as text."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from symc.ir import tensor as t
from symc.ir.graph import Graph, Value
from symc.ir.printer import show_op
from symc.ir.types import Record, Signature
from symc.passes.lower.builder import Builder

Tensors = Graph[t.TensorOp]


def graph_of(b: Builder, outputs: Sequence[Value]) -> Tensors:
    """Its inputs are the values that no node makes."""
    made = {value.id for node in b.nodes for value in node.outputs}
    inputs = {value.id: value for node in b.nodes for value in node.inputs if value.id not in made}
    return Graph("M", Signature(Record(()), Record(())), tuple(inputs[number] for number in sorted(inputs)), tuple(b.nodes), tuple(outputs))


def steps_of(graph: Tensors) -> list[str]:
    """Every operation but constants and parameters, values numbered in order: inputs, constants, parameters, then the results of operations."""
    sources = [node for node in graph.nodes if isinstance(node.op, t.Array | t.Parameter)]
    others = [node for node in graph.nodes if node not in sources]
    values = [*graph.inputs, *(node.outputs[0] for node in sources), *(node.outputs[0] for node in others)]
    number = {value.id: index for index, value in enumerate(values)}
    lines = [show_op(node.op, ", ".join(f"%{number[value.id]}" for value in node.inputs)) for node in others]
    return [*lines, f"return {', '.join(f'%{number[value.id]}' for value in graph.outputs)}"]


@pytest.fixture
def graph() -> Callable[..., Tensors]:
    return graph_of


@pytest.fixture
def steps() -> Callable[[Tensors], list[str]]:
    return steps_of
