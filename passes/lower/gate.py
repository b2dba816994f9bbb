"""Lowering `gate`: one gather of the gates where they lie along one axis of known size, else summand by summand."""

from __future__ import annotations

import numpy as np

from symc.algebra.reps import Rep, Tensor
from symc.algebra.summands import Choice, Summand, positions, summands
from symc.ir.coordinates import counts_copies
from symc.ir.gates import gate_type, gated_parts
from symc.ir.graph import Value
from symc.ir.types import Type
from symc.passes.lower.builder import Builder, shape_of
from symc.passes.lower.cut import by_summand_of_axes, carve_axes, choices
from symc.passes.lower.elementwise import flat


def lower_gate(b: Builder, x: Value, s: Value, type_: Type) -> Value:
    """Trivial parts gate themselves: silu(x) = x sigmoid(x)."""
    gates = gate_type(type_)
    assert gates is not None
    x, s = flat(b, x, type_), flat(b, s, gates)
    uneven = [axis for axis, rep in enumerate(type_.axes) if not rep.permuted and len(summands(rep)) > 1]
    along = uneven[0] if len(uneven) == 1 else None
    plain = along is not None and all(rep.permuted for axis, rep in enumerate(type_.axes) if axis != along)
    if along is not None and plain and not type_.axes[along].free:
        value = _gathered(b, x, s, along, type_.axes[along])
    else:
        value = _by_parts(b, x, s, type_, gates)
    return b.reshape(value, type_.shape)


def _gathered(b: Builder, x: Value, s: Value, axis: int, rep: Rep) -> Value:
    """x times the sigmoid of what gates each coordinate along one axis: a coordinate of trivial parts, or an entry of s."""
    of_gate = np.full(shape_of(x)[axis], -1)
    only = Type((rep,))
    gates = gate_type(only)
    assert gates is not None
    for part, image in gated_parts(only):
        where = positions(Tensor(only.axes), part.choice)
        kept = [size if counts_copies(leg) else 1 for leg, size in zip(part.legs, where.shape, strict=True)]
        of_gate[where] = positions(Tensor(gates.axes), image.choice).reshape(kept)
    trivial = np.flatnonzero(of_gate < 0)
    runs = np.split(trivial, np.flatnonzero(np.diff(trivial) > 1) + 1) if len(trivial) else []
    invariants = [b.slice(x, axis, int(run[0]), int(run[-1]) + 1) for run in runs]
    index = np.where(of_gate < 0, np.cumsum(of_gate < 0) - 1, of_gate + len(trivial))
    every = b.map("sigmoid", b.concatenate([*invariants, s], axis))
    return b.arithmetic("mul", x, b.take(every, axis, index))


def _by_parts(b: Builder, x: Value, s: Value, type_: Type, gates: Type) -> Value:
    """Each summand by itself."""
    images = {part.choice: image for part, image in gated_parts(type_)}
    scale = b.map("sigmoid", s)

    def gated(piece: Value, part: Summand) -> Value:
        image = images.get(part.choice)
        return b.map("silu", piece) if image is None else _scaled(b, piece, part, scale, gates, image.choice)

    return by_summand_of_axes(b, x, 0, type_.axes, gated)


def _scaled(b: Builder, x: Value, part: Summand, scale: Value, gates: Type, choice: Choice) -> Value:
    mine = carve_axes(b, scale, 0, gates.axes, choices(choice))
    shape = (leg.dim if counts_copies(leg) else 1 for leg in part.legs)
    return b.arithmetic("mul", x, b.reshape(mine, shape))
