"""Lowering: from the equivariant level, with solved bases, to plain tensor operations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

from symc.algebra import sizes as sz
from symc.ir import ops
from symc.ir.graph import Graph, Node, Value
from symc.ir.tensor import TensorOp, TensorType
from symc.ir.types import Type
from symc.passes.lower.attention import lower_attention
from symc.passes.lower.batchnorm import lower_batchnorm
from symc.passes.lower.bilinear import lower_bilinear
from symc.passes.lower.builder import Builder, shape_of
from symc.passes.lower.elementwise import (
    lower_binary,
    lower_concat,
    lower_encode,
    lower_project,
    lower_recast,
    lower_reinterpret,
    lower_softmax,
    tensor_axes,
)
from symc.passes.lower.gate import lower_gate
from symc.passes.lower.layernorm import lower_layernorm
from symc.passes.lower.linear import lower_linear
from symc.passes.lower.norm import lower_dropout, lower_norm, lower_normalize
from symc.passes.lower.products import lower_dot
from symc.passes.lower.recurrence import lower_scan
from symc.passes.lower.setting import Lowering, Setting
from symc.passes.lower.sources import lower_noise, lower_zero

__all__ = ["Lowering", "lower"]


def lower(graph: Graph[ops.EquivariantOp], b: Builder | None = None, lowering: Lowering = "auto", frozen: bool = False) -> Graph[TensorOp]:
    """Representations to shapes, each operation to a few stock ones.

    Exact: the result computes the same function of the same parameters, up to rounding. Linear and bilinear maps must be solved. Outputs are batched.
    `b`, a new builder, is left with what was chosen; `lowering` is how linear maps are to be lowered, and `frozen`
    whether weights will be constants.
    """
    b = b or Builder()
    values: dict[int, Value] = {}
    setting = Setting.of(graph, lowering, frozen)
    for value in graph.inputs:
        b.name, b.span = value.name, value.span
        type_ = type_of(value)
        shape = tuple(map(sz.normal, type_.shape))
        values[value.id] = b.value(TensorType(shape, complex=type_.is_complex, integer=type_.classes is not None))
    inputs = tuple(values[value.id] for value in graph.inputs)
    for node in graph.nodes:
        b.name, b.span = node.outputs[0].name, node.span
        results = lower_node(b, node, [values[value.id] for value in node.inputs], setting)
        values |= {value.id: result for value, result in zip(node.outputs, results, strict=True)}
    outputs = tuple(b.expand(values[value.id], shape_of(values[value.id]), batched=True) for value in graph.outputs)
    return Graph(graph.name, graph.signature, inputs, tuple(b.nodes), outputs, graph.groups, graph.names)


def lower_node(b: Builder, node: Node[ops.EquivariantOp], inputs: Sequence[Value], setting: Setting) -> list[Value]:
    """The results of one operation on lowered inputs."""
    types, targets = [[type_of(value) for value in values] for values in (node.inputs, node.outputs)]
    match node.op:
        case ops.Linear():
            return lower_linear(b, node.op, inputs, types, targets, setting)
        case ops.Bilinear():
            return lower_bilinear(b, node.op, inputs, types, targets, setting)
        case ops.Binary():
            return [lower_binary(b, node.op, inputs, types, targets[0])]
        case ops.Attention():
            return [lower_attention(b, node.op, inputs, types, targets[0])]
        case ops.Dot():
            return [lower_dot(b, node.op, inputs, types, targets[0])]
        case ops.Constant(value):
            return [b.constant(value)]
        case ops.Concat():
            return [lower_concat(b, node.op, inputs, types, targets[0])]
        case ops.Encode():
            return [lower_encode(b, inputs[0], types[0])]
        case ops.Zero():
            return [lower_zero(b, targets[0])]
        case ops.Scan():
            return lower_scan(b, node.op, inputs, types, lambda body: lower(body, None, setting.lowering, setting.frozen))
        case ops.Noise():
            return [lower_noise(b, targets[0])]
        case ops.Gate():
            return [lower_gate(b, inputs[0], inputs[1], types[0])]
        case _:
            return [_unary(b, node.op, inputs[0], types[0], targets[0])]


def _unary(b: Builder, op: ops.Unary, x: Value, type_: Type, target: Type) -> Value:
    match op:
        case ops.Pointwise(function, argument):
            return b.map(function, x, argument)
        case ops.Norm():
            return lower_norm(b, op, x, type_, target)
        case ops.Normalize():
            return lower_normalize(b, x, type_)
        case ops.Pool(kind, axis):
            return b.reduce(kind, x, tensor_axes(type_, axis))
        case ops.Softmax(axis):
            return lower_softmax(b, axis, x, type_)
        case ops.Project():
            return lower_project(b, op, x, type_, target)
        case ops.Recast(kind):
            return lower_recast(b, kind, x, type_, target)
        case ops.Reinterpret():
            return lower_reinterpret(b, op, x, type_, target)
        case ops.LayerNorm():
            return lower_layernorm(b, op, x, type_)
        case ops.BatchNorm():
            return lower_batchnorm(b, op, x, type_)
        case ops.Dropout():
            return lower_dropout(b, op, x, type_)
        case _:
            assert_never(op)


def type_of(value: Value) -> Type:
    """The type of a value of the equivariant level."""
    if not isinstance(value.type, Type):
        raise TypeError(f"{value.name} is not of the equivariant level: {value.type}")
    return value.type
