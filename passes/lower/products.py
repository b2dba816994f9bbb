"""Lowering dot products: one contraction, which never forms the product before the sum."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from symc.algebra.reps import Rep
from symc.ir.graph import Value
from symc.ir.ops import Dot
from symc.ir.types import Type
from symc.passes.lower.axes import Label, Labelled, Role, contract
from symc.passes.lower.builder import Builder


def lower_dot(b: Builder, op: Dot, inputs: Sequence[Value], types: Sequence[Type], result: Type) -> Value:
    labels = [_label(a, c, place) for place, (a, c) in enumerate(zip(op.left, op.right, strict=True))]
    x, y = (
        _labelled(b, value, type_.axes, places, labels, [pair[side] for pair in op.summed])
        for side, (value, type_, places) in enumerate(zip(inputs, types, (op.left, op.right), strict=True))
    )
    if op.weighted:
        x = _per_total(b, x, len(op.summed))
    return b.reshape(contract(b, x, y, labels).value, result.shape)


def _per_total(b: Builder, x: Labelled, summed: int) -> Labelled:
    """The weights divided by their sum; 0 where that is 0. 1/s is s/|s|^2."""
    total = b.reduce("sum", x.value, [x.labels.index(("in", number)) for number in range(summed)], keep=True)
    root = b.safe_reciprocal_sqrt(b.map("square", total))
    inverse = b.arithmetic("mul", b.arithmetic("mul", total, root), root)
    return replace(x, value=b.arithmetic("mul", x.value, inverse))


def _label(left: int | None, right: int | None, place: int) -> Label:
    """Axes of both go along, those of one operand are rows and columns."""
    role: Role = "strand" if right is None else "out" if left is None else "each"
    return role, place


def _labelled(
    b: Builder, x: Value, axes: Sequence[Rep], places: Sequence[int | None], labels: Sequence[Label], summed: Sequence[int]
) -> Labelled:
    """The operand with one tensor axis for each of its axes; those of one coordinate that are in no result are left out."""
    named: dict[int, Label] = {place: label for place, label in zip(places, labels, strict=True) if place is not None}
    named |= {axis: ("in", number) for number, axis in enumerate(summed)}
    kept = sorted(named)
    return Labelled(b.reshape(x, (axes[axis].dim for axis in kept)), tuple(named[axis] for axis in kept))
