"""Lowering what acts coordinate by coordinate, or only lays coordinates out anew."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from symc.algebra import sizes as sz
from symc.algebra.reps import OneHot, Sum
from symc.algebra.sizes import Size
from symc.ir.graph import Value
from symc.ir.ops import Binary, Concat, Project, Reinterpret
from symc.ir.types import Type, axis_shape
from symc.passes.lower.builder import Builder, shape_of, tensor_type


def tensor_axes(type_: Type, position: int) -> tuple[int, ...]:
    """The tensor axes that one axis of a type shows as."""
    start = type_.tensor_axis(position)
    return tuple(range(start, start + len(axis_shape(type_.axes[position]))))


def flat(b: Builder, x: Value, type_: Type) -> Value:
    """One tensor axis for each axis of the type."""
    return b.reshape(x, (axis.dim for axis in type_.axes))


def lower_binary(b: Builder, op: Binary, inputs: Sequence[Value], types: Sequence[Type], result: Type) -> Value:
    left, right = (_placed(b, x, type_, places, result) for x, type_, places in zip(inputs, types, (op.left, op.right), strict=True))
    return b.arithmetic(op.kind, left, right)


def _placed(b: Builder, x: Value, type_: Type, places: Sequence[int | None], result: Type) -> Value:
    """The operand with its axes where the result has them, of size 1 where it is stretched. An axis that is left out has size 1."""
    if not tensor_type(x).batched and all(place is None for place in places):
        return b.reshape(x, ())  # a number from the text
    shape: list[Size] = []
    order: list[int] = []
    for axis, place in zip(result.axes, places, strict=True):
        shape += [1] * len(axis_shape(axis)) if place is None else axis_shape(type_.axes[place])
        order += [] if place is None else tensor_axes(type_, place)
    lost = [axis for axis in range(len(type_.shape)) if axis not in order]
    return b.reshape(b.permute(x, [*lost, *order]), shape)


def lower_concat(b: Builder, op: Concat, inputs: Sequence[Value], types: Sequence[Type], result: Type) -> Value:
    axis = types[0].tensor_axis(op.axis)
    flattened = [_flat_axis(b, x, type_, op.axis) for x, type_ in zip(inputs, types, strict=True)]
    return b.reshape(b.concatenate(flattened, axis), result.shape)


def lower_project(b: Builder, op: Project, x: Value, type_: Type, result: Type) -> Value:
    whole = type_.axes[op.axis]
    terms = whole.terms if isinstance(whole, Sum) else (whole,)
    start = sz.total(term.dim for term in terms[: op.term])
    cut = b.slice(_flat_axis(b, x, type_, op.axis), type_.tensor_axis(op.axis), start, start + terms[op.term].dim)
    return b.reshape(cut, result.shape)


def lower_reinterpret(b: Builder, op: Reinterpret, x: Value, type_: Type, result: Type) -> Value:
    if op.order is not None:
        x = b.permute(x, [axis for position in op.order for axis in tensor_axes(type_, position)])
    return b.reshape(x, result.shape)


def lower_recast(b: Builder, kind: str, x: Value, type_: Type, result: Type) -> Value:
    if kind == "complex":
        return b.reshape(b.complex(x), result.shape)
    place = next((i for i, axis in enumerate(type_.axes) if axis.is_complex), None)
    if place is None:
        return x
    pairs = b.pairs(flat(b, x, type_))
    if kind == "conj":
        return b.reshape(b.from_pairs(b.arithmetic("mul", pairs, b.array(np.array([1.0, -1.0])))), result.shape)
    rank = len(type_.axes)
    return b.reshape(b.permute(pairs, [*range(place + 1), rank, *range(place + 1, rank)]), result.shape)


def lower_encode(b: Builder, index: Value, type_: Type) -> Value:
    """The one-hot coordinates, moved to where the type has their axis."""
    (place,) = (i for i, axis in enumerate(type_.axes) if isinstance(axis, OneHot))
    classes, last = sz.number(type_.axes[place].dim), len(type_.shape)
    before = type_.tensor_axis(place)
    return b.permute(b.onehot(index, classes), [*range(before), last, *range(before, last)])


def lower_softmax(b: Builder, axis: int, x: Value, type_: Type) -> Value:
    return b.reshape(b.softmax(_flat_axis(b, x, type_, axis), type_.tensor_axis(axis)), type_.shape)


def _flat_axis(b: Builder, x: Value, type_: Type, position: int) -> Value:
    """One tensor axis for this axis of the type, the others as they are."""
    shape, axes = shape_of(x), tensor_axes(type_, position)
    return b.reshape(x, (*shape[: axes[0]], type_.axes[position].dim, *shape[axes[-1] + 1 :]))
