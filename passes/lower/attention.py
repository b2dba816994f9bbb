"""Lowering attention: one fused call on tensors whose heads, rows, keys and channels are one axis each."""

from __future__ import annotations

from collections.abc import Sequence

from symc.algebra import sizes as sz
from symc.algebra.sizes import Size
from symc.ir.graph import Value
from symc.ir.ops import Attention
from symc.ir.types import Type
from symc.passes.lower.builder import Builder, shape_of, tensor_type
from symc.passes.lower.elementwise import flat


def lower_attention(b: Builder, op: Attention, inputs: Sequence[Value], types: Sequence[Type], result: Type) -> Value:
    """What is carried along becomes the axis of heads, of size 1 where nothing is."""
    shared, rows = len(op.carried), len(op.rows)
    places = op.of_queries(), op.of_keys(), op.of_values(len(types[2].axes))
    sizes = [[type_.axes[place].dim for place in found] for type_, found in zip(types, places, strict=False)]
    heads, count, channels = (sz.product(part) for part in (sizes[0][:shared], sizes[0][shared : shared + rows], sizes[0][shared + rows :]))
    keys, values = sizes[1][shared], sizes[2][shared + 1 :]
    shapes = (heads, count, channels), (heads, keys, channels), (heads, keys, sz.product(values))
    q, k, v = (b.reshape(_ordered(b, *item), shape) for item, shape in zip(zip(inputs, types, places, strict=False), shapes, strict=False))
    bias = _bias(b, op, inputs[3], types[3], (*sizes[0][: shared + rows], keys)) if op.bias else None
    mixed = b.reshape(b.attention(q, k, v, bias), (*sizes[0][: shared + rows], *values))
    return b.reshape(b.permute(mixed, op.order(len(types[2].axes))), result.shape)


def _ordered(b: Builder, x: Value, type_: Type, places: Sequence[int]) -> Value:
    """The axes in this order; those of one coordinate that are not among them come first."""
    lost = [axis for axis in range(len(type_.axes)) if axis not in places]
    return b.permute(flat(b, x, type_), [*lost, *places])


def _bias(b: Builder, op: Attention, x: Value, type_: Type, sizes: Sequence[Size]) -> Value:
    """Shape (heads, rows, keys); one head where the bias has no carried axis at all."""
    held = [place for place in op.bias if place is not None]
    x = b.reshape(_ordered(b, x, type_, held), (1 if place is None else size for place, size in zip(op.bias, sizes, strict=True)))
    shared = len(op.carried)
    if any(place is not None for place in op.bias[:shared]):
        x = b.expand(x, sizes, batched=tensor_type(x).batched)
    shape = shape_of(x)
    return b.reshape(x, (sz.product(shape[:shared]), sz.product(shape[shared:-1]), shape[-1]))
