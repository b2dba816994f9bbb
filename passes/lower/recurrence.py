"""Lowering recurrences: what does not hang on the step is done once, before the loop; the body that is left is a function of its inputs alone.

Parameters, constants and what is made of them leave the body, and so does what is random: masks of dropout and normal numbers are drawn for all
steps at once, and become sequences. States of several tensors go from step to step as one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, pairwise

import numpy as np

from symc.algebra import sizes as sz
from symc.algebra.sizes import Size
from symc.diagnostics import Diagnostic, DiagnosticError, Label
from symc.ir import tensor as t
from symc.ir.graph import Graph, Node, Value
from symc.ir.ops import EquivariantOp, Scan
from symc.ir.recurrence import time_of
from symc.ir.types import Record, Signature, Type
from symc.passes.lower.builder import Builder, shape_of, tensor_type

Lowering = Callable[[Graph[EquivariantOp]], Graph[t.TensorOp]]


def lower_scan(b: Builder, op: Scan, inputs: Sequence[Value], types: Sequence[Type], lower: Lowering) -> list[Value]:
    """One value for each state."""
    body = lower(op.body)
    inputs = [b.expand(x, shape_of(x), batched=True) for x in inputs]
    loop = _Loop(b, sz.normal(time_of(op, types).dim))
    shapes = [shape_of(x) for x in inputs[: op.states]]
    state = _packed(b, inputs[: op.states])
    start = loop.inner.value(tensor_type(state))
    loop.inside |= dict(zip((value.id for value in body.inputs), _unpacked(loop.inner, start, shapes, 0), strict=False))
    for value, x, type_, place in zip(body.inputs[op.states :], inputs[op.states :], types[op.states :], op.along, strict=True):
        if place is None:
            loop.outside[value.id] = x
        else:
            axis = type_.tensor_axis(place)
            loop.inside[value.id] = loop.sequence(b.permute(x, [axis, *(other for other in range(len(shape_of(x))) if other != axis)]))
    for node in body.nodes:
        loop.step(node)
    result = _packed(loop.inner, [loop.within(value) for value in body.outputs])
    pairs = [(state, start), *loop.sequences, *loop.constants.values()]
    graph = Graph(body.name, Signature(Record(()), Record(())), tuple(inner for _, inner in pairs), tuple(loop.inner.nodes), (result,))
    lead: tuple[Size, ...] = () if op.last else (loop.steps,)
    every = b.emit(t.Loop(graph, len(loop.sequences), op.last), [x for x, _ in pairs], (*lead, *shape_of(state)), batched=True)
    return _unpacked(b, every, shapes, len(lead))


@dataclass
class _Loop:
    """A body taken apart: nodes go outside where all they need is there."""

    b: Builder
    steps: Size
    inner: Builder = field(default_factory=Builder)
    outside: dict[int, Value] = field(default_factory=dict)  # by the number of the body's value
    inside: dict[int, Value] = field(default_factory=dict)
    sequences: list[tuple[Value, Value]] = field(default_factory=list)  # outside, inside
    constants: dict[int, tuple[Value, Value]] = field(default_factory=dict)

    def step(self, node: Node[t.TensorOp]) -> None:
        result = node.outputs[0]
        type_ = tensor_type(result)
        for builder in (self.b, self.inner):
            builder.name, builder.span = result.name, node.span
        match node.op:
            case t.DropoutMask(p, shared):
                self.inside[result.id] = self.dropped(self.within(node.inputs[0]), p, shared)
            case t.BatchNormPart():
                at = Label(node.span, "would count every step as a batch") if node.span is not None else None
                title, helps = "`batchnorm` inside `scan` and `fold` is not supported yet", ("use `layernorm`",)
                raise DiagnosticError(Diagnostic("E0901", title, at, helps=helps))
            case t.Normals():
                scale = self.outside[node.inputs[0].id]
                number = -1 - len(self.b.nodes)  # unlike those of the text, and of other bodies
                self.inside[result.id] = self.sequence(self.b.emit(t.Normals(number), (scale,), (self.steps, *type_.shape), batched=True))
            case _ if all(value.id in self.outside for value in node.inputs):
                inputs = [self.outside[value.id] for value in node.inputs]
                self.outside[result.id] = self.b.emit(node.op, inputs, type_.shape, batched=type_.batched)
            case _:
                inputs = [self.within(value) for value in node.inputs]
                self.inside[result.id] = self.inner.emit(node.op, inputs, type_.shape, batched=type_.batched)

    def within(self, value: Value) -> Value:
        """A value of the body inside the loop, handed in where it was made outside."""
        if value.id in self.inside:
            return self.inside[value.id]
        made = self.outside[value.id]
        return self.constants.setdefault(made.id, (made, self.inner.value(tensor_type(made))))[1]

    def sequence(self, x: Value) -> Value:
        """One step of a tensor that has one along its first axis."""
        type_ = tensor_type(x)
        one = self.inner.value(t.TensorType(type_.shape[1:], type_.batched, type_.integer, complex=type_.complex))
        self.sequences.append((x, one))
        return one

    def dropped(self, x: Value, p: float, shared: Sequence[int]) -> Value:
        """Every step has a mask of its own."""
        shape = [1 if axis in shared else size for axis, size in enumerate(shape_of(x))]
        ones = self.b.expand(self.b.array(np.ones((1,) * (1 + len(shape)))), (self.steps, *shape), batched=True)
        mask = self.sequence(self.b.dropout(ones, p, ()))
        return self.inner.arithmetic("mul", x, self.inner.complex(mask) if tensor_type(x).complex else mask)


def _packed(b: Builder, values: Sequence[Value]) -> Value:
    """Several tensors as one."""
    values = [b.expand(x, shape_of(x), batched=True) for x in values]
    if len(values) == 1:
        return values[0]
    return b.concatenate([b.reshape(x, (sz.product(shape_of(x)),)) for x in values], 0)


def _unpacked(b: Builder, x: Value, shapes: Sequence[tuple[Size, ...]], axis: int) -> list[Value]:
    """The tensors again, after `axis` others."""
    if len(shapes) == 1:
        return [x]
    lead = shape_of(x)[:axis]
    bounds = pairwise(accumulate((sz.product(shape) for shape in shapes), _sum, initial=0))
    return [b.reshape(b.slice(x, axis, start, stop), (*lead, *shape)) for (start, stop), shape in zip(bounds, shapes, strict=True)]


def _sum(left: Size, right: Size) -> Size:
    return sz.total((left, right))
