"""Folding: weights become numbers, and everything that is made of numbers alone is computed."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from symc.ir import tensor as t
from symc.ir.graph import Graph, Node, Value
from symc.passes.lower.builder import Builder, tensor_type

Numbers: TypeAlias = NDArray[Any]  # float64, int64, or complex128


class Known(Protocol):
    """What a module knows besides its graph."""

    def parameter(self, name: str) -> Numbers:
        """The value of a parameter."""

    def normalisation(self, op: t.BatchNormPart) -> tuple[Numbers, Numbers | None]:
        """What a batch normalisation multiplies by in eval mode, and what it then adds, both in the shape of the copies."""

    def compute(self, node: Node[t.TensorOp], operands: Sequence[Numbers]) -> Numbers:
        """The result of an operation, in float64."""


def folded(graph: Graph[t.TensorOp], known: Known) -> Graph[t.TensorOp]:
    """Parameters → their values; operations on values alone → their results; dropout → nothing; batch normalisation → one product and one sum.

    Exact in eval mode, up to rounding, and computed in float64. Where the mean of a batch normalisation is far from 0, the one sum rounds relative to
    it: by about |mean| / deviation units in the last place of the result. What is only repeated is kept small, as is what has a free size.
    """
    return _Folding(graph, known).run()


class _Folding:
    """The new graph as it grows: of every value of the old one its numbers, or its value in the new one, or both."""

    def __init__(self, graph: Graph[t.TensorOp], known: Known) -> None:
        self.graph, self.known, self.b = graph, known, Builder()
        self.numbers: dict[int, Numbers] = {}
        self.values: dict[int, Value] = {}
        self.makers = {node.outputs[0].id: node for node in graph.nodes}

    def run(self) -> Graph[t.TensorOp]:
        for value in self.graph.inputs:
            self.b.name, self.b.span = value.name, value.span
            self.values[value.id] = self.b.value(tensor_type(value))
        inputs = tuple(self.values[value.id] for value in self.graph.inputs)
        for node in self.graph.nodes:
            self.b.name, self.b.span = node.outputs[0].name, node.span
            self.step(node)
        outputs = tuple(map(self.value, self.graph.outputs))
        return Graph(self.graph.name, self.graph.signature, inputs, tuple(self.b.nodes), outputs, self.graph.groups, self.graph.names)

    def step(self, node: Node[t.TensorOp]) -> None:
        result, type_ = node.outputs[0], tensor_type(node.outputs[0])
        match node.op:
            case t.Parameter(name):
                self.numbers[result.id] = self.known.parameter(name)
            case t.Array(data):
                self.numbers[result.id] = data
            case t.DropoutMask() if node.inputs[0].id in self.numbers:
                self.numbers[result.id] = self.numbers[node.inputs[0].id]
            case t.DropoutMask():
                self.values[result.id] = self.value(node.inputs[0])
            case t.BatchNormPart():
                self.values[result.id] = self.normalised(node.op, self.value(node.inputs[0]))
            case _ if node.inputs and not type_.batched and not type_.free and all(value.id in self.numbers for value in node.inputs):
                self.numbers[result.id] = self.known.compute(node, [self.numbers[value.id] for value in node.inputs])
            case op:
                self.values[result.id] = self.b.emit(op, [self.value(value) for value in node.inputs], type_.shape, batched=type_.batched)

    def normalised(self, op: t.BatchNormPart, x: Value) -> Value:
        scale, shift = self.known.normalisation(op)
        scaled = self.b.arithmetic("mul", x, self.b.array(scale))
        return scaled if shift is None else self.b.arithmetic("add", scaled, self.b.array(shift))

    def value(self, old: Value) -> Value:
        """A value in the new graph; numbers become a constant when something asks for them."""
        if old.id not in self.values:
            node, numbers = self.makers[old.id], self.numbers[old.id]
            if isinstance(node.op, t.Expand) and prod(numbers.shape) > self.numbers[node.inputs[0].id].size:
                self.values[old.id] = self.b.expand(self.value(node.inputs[0]), numbers.shape)
            else:
                self.values[old.id] = self.b.array(np.asarray(numbers, order="C"))
        return self.values[old.id]
