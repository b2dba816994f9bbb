"""Lowering `layernorm`: the usual one where everything normalised is trivial and comes last, else summand by summand from plain operations."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from symc.algebra.reps import Trivial
from symc.algebra.summands import Summand
from symc.ir import tensor as t
from symc.ir.graph import Value
from symc.ir.ops import LayerNorm
from symc.ir.parameters import copies_of, is_trivial, normalised_parts
from symc.ir.types import Type
from symc.passes.lower.builder import Builder
from symc.passes.lower.cut import by_summand_of_axes
from symc.passes.lower.elementwise import flat
from symc.passes.lower.norm import lower_squares

EPS = 1e-5


def lower_layernorm(b: Builder, op: LayerNorm, x: Value, type_: Type) -> Value:
    """Weights have one entry for each copy in each summand, biases one for each trivial channel."""
    parts = normalised_parts(type_, op.axes)
    shifted = sum(copies_of(part) for part in parts if op.centred and is_trivial(part))
    weight = b.parameter(f"{op.name}.weight", (sum(map(copies_of, parts)),), t.Fill(1.0))
    bias = b.parameter(f"{op.name}.bias", (shifted,), t.Fill(0.0)) if op.centred and any(map(is_trivial, parts)) else None
    last = [axis for axis in range(len(type_.axes)) if axis not in op.axes] + list(op.axes)
    if bias is not None and len(parts) == 1 and last == list(range(len(type_.axes))):
        sizes = [type_.axes[axis].dim for axis in op.axes]
        return b.layer_norm(x, b.reshape(weight, sizes), b.reshape(bias, sizes), EPS)
    value = _by_parts(b, b.permute(flat(b, x, type_), last), type_, op.axes, weight, bias)
    return b.reshape(b.permute(value, [last.index(axis) for axis in range(len(last))]), type_.shape)


def _by_parts(b: Builder, x: Value, type_: Type, axes: Sequence[int], weight: Value, bias: Value | None) -> Value:
    """Each summand of the last axes normalised by itself."""
    factors, front = [type_.axes[axis] for axis in axes], len(type_.axes) - len(axes)
    scaled, shifted = 0, 0

    def normalised(piece: Value, part: Summand) -> Value:
        nonlocal scaled, shifted
        scale = _per_copy(b, weight, part, scaled)
        scaled += copies_of(part)
        if bias is None or not is_trivial(part):
            return _scaled(b, piece, front, part, scale)
        shift = _per_copy(b, bias, part, shifted)
        shifted += copies_of(part)
        return b.layer_norm(piece, scale, shift, EPS)

    return by_summand_of_axes(b, x, front, factors, normalised)


def _per_copy(b: Builder, parameter: Value, part: Summand, start: int) -> Value:
    """The entries for one summand, shaped to meet its legs."""
    entries = b.slice(parameter, 0, start, start + copies_of(part))
    return b.reshape(entries, (leg.dim if isinstance(leg, Trivial) else 1 for leg in part.legs))


def _scaled(b: Builder, x: Value, front: int, part: Summand, scale: Value) -> Value:
    """x / sqrt(mean of |x|^2 over copies and coordinates + eps) * scale."""
    squares = b.reduce("mean", lower_squares(b, x), range(front, front + len(part.legs)), keep=True)
    spread = b.arithmetic("add", squares, b.array(np.array(EPS)))
    return b.arithmetic("mul", b.arithmetic("div", x, b.map("sqrt", spread)), scale)
