"""How the axes of every tensor are laid out, followed from the inputs through the operations."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from typing import TypeAlias, assert_never

from symc.ir import tensor as t
from symc.ir.layout import Layout, Plain, cut, joined, met, of_size, split

Axes: TypeAlias = tuple[Layout, ...]


def result_layouts(op: t.TensorOp, inputs: Sequence[Axes], result: t.TensorType, names: frozenset[str]) -> Axes:
    """The layouts of the axes of a result, of those of the inputs; `names` are the free sizes that are padded."""
    match op:
        case t.Parameter() | t.Array():
            return tuple(map(Plain, result.shape))
        case t.Einsum(equation):
            left, _, right = equation.partition("->")
            letters: dict[str, Layout] = {}
            for term, axes in zip(left.split(","), inputs, strict=True):
                letters |= {letter: met(letters.get(letter, axis), axis) for letter, axis in zip(term, axes, strict=True)}
            return tuple(letters[letter] for letter in right)
        case t.Permute(order):
            return tuple(inputs[0][axis] for axis in order)
        case t.Reshape():
            return split(inputs[0], result.shape)
        case t.Expand():
            stretched = zip(inputs[0], result.shape, strict=True)
            return tuple(of_size(size, names) if axis == Plain(1) else axis for axis, size in stretched)
        case t.AsComplex():
            return inputs[0][:-1]
        case t.AsReal():
            return (*inputs[0], Plain(2))
        case t.Slice(axis, start, stop):
            return _replaced(inputs[0], axis, cut(inputs[0][axis], start, stop))
        case t.Concatenate(axis):
            return _replaced(_met(inputs), axis, joined(axes[axis] for axes in inputs))
        case t.BilinearForms():
            return (*inputs[0][:-2], *inputs[2][:2])
        case t.Take(axis):
            return _replaced(inputs[0], axis, *inputs[1])
        case t.Diagonal(along):
            rest = (layout for axis, layout in enumerate(inputs[0]) if axis not in along)
            return (*rest, reduce(met, (inputs[0][axis] for axis in along)))
        case t.Assemble(places):
            return assembled(inputs, places, result, names)
        case t.Reduce(_, along, keep):
            return tuple(Plain(1) if axis in along else layout for axis, layout in enumerate(inputs[0]) if keep or axis not in along)
        case t.Arithmetic() | t.Where():
            return _met(inputs)
        case t.Map() | t.SafeSqrt() | t.SafeReciprocalSqrt() | t.SoftmaxAlong() | t.DropoutMask() | t.LayerNormLast() | t.BatchNormPart():
            return inputs[0]
        case t.Fourier() | t.InverseFourier():
            return _replaced(inputs[0], op.axes[-1], of_size(result.shape[op.axes[-1]], names))
        case t.FusedAttention():
            return (met(inputs[0][0], inputs[1][0]), inputs[0][1], inputs[2][2])
        case t.OneHotOf(classes):
            return (*inputs[0], Plain(classes))
        case t.Loop(_, _, last):
            return inputs[0] if last else (inputs[1][0], *inputs[0])
        case t.Lookup():
            return (*inputs[1], *inputs[0][1:])
        case t.Normals():
            return tuple(of_size(size, names) for size in result.shape)
        case t.Mask(layouts):
            return layouts
        case _:
            assert_never(op)


def assembled(inputs: Sequence[Axes], places: Sequence[Sequence[tuple[int, ...]]], result: t.TensorType, names: frozenset[str]) -> Axes:
    """The layouts of a sum of tensors laid along some of its axes; of an axis that none has, nothing but the size is known."""
    found = list[Layout | None]([None] * len(result.shape))
    for axes, along in zip(inputs, places, strict=True):
        for layout, axis in ((layout, axis) for layout, many in zip(axes, along, strict=True) for axis in many):
            there = found[axis]
            found[axis] = layout if there is None else met(there, layout)
    return tuple(of_size(size, names) if layout is None else layout for layout, size in zip(found, result.shape, strict=True))


def aligned(axes: Axes, rank: int) -> Axes:
    """With axes of size 1 in front."""
    return (Plain(1),) * (rank - len(axes)) + axes


def _met(inputs: Sequence[Axes]) -> Axes:
    rank = max(map(len, inputs))
    return tuple(reduce(met, axes) for axes in zip(*(aligned(axes, rank) for axes in inputs), strict=True))


def _replaced(axes: Axes, axis: int, *instead: Layout) -> Axes:
    return (*axes[:axis], *instead, *axes[axis + 1 :])
