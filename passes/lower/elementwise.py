"""Lowering what acts coordinate by coordinate, or only lays coordinates out anew."""

from __future__ import annotations

from collections.abc import Sequence

from symc.algebra import sizes as sz
from symc.algebra.reps import Sum
from symc.algebra.sizes import Size
from symc.ir.graph import Value
from symc.ir.ops import Binary, Concat, Project, Reinterpret
from symc.ir.types import Type, axis_shape
from symc.passes.lower.builder import Builder, shape_of


def tensor_axes(type_: Type, position: int) -> tuple[int, ...]:
    """The tensor axes that one axis of a type shows as."""
    start = type_.tensor_axis(position)
    return tuple(range(start, start + len(axis_shape(type_.axes[position]))))


def lower_binary(b: Builder, op: Binary, inputs: Sequence[Value], types: Sequence[Type]) -> Value:
    operands = [_placed(b, x, type_, places) for x, type_, places in zip(inputs, types, (op.left, op.right), strict=True)]
    return b.arithmetic(op.kind, operands[0], operands[1])


def _placed(b: Builder, x: Value, type_: Type, places: Sequence[int | None]) -> Value:
    """The operand with its axes where the result has them and size 1 where it is stretched.

    An axis that is left out has size 1, and a scalar stays one.
    """
    if not type_.axes:
        return b.reshape(x, (1,) * sum(1 for _ in places)) if False else _scalar(b, x, places)
    order = [axis for place in places if place is not None for axis in tensor_axes(type_, place)]
    lost = [axis for axis in range(len(type_.shape)) if axis not in order]
    shape: list[Size] = []
    for place in places:
        shape += [1] if place is None else axis_shape(type_.axes[place])
    return b.reshape(b.permute(x, [*lost, *order]), shape)
