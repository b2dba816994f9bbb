"""Lowering `batchnorm`: each summand by itself; where there is one, of trivial and permuted legs, in the layout that `nn.BatchNorm1d` takes."""

from __future__ import annotations

from symc.algebra import sizes as sz
from symc.algebra.reps import Trivial
from symc.algebra.summands import Summand
from symc.ir.graph import Value
from symc.ir.ops import BatchNorm
from symc.ir.parameters import batch_parts
from symc.ir.types import Type
from symc.passes.lower.builder import Builder, shape_of
from symc.passes.lower.cut import by_summand_of_axes
from symc.passes.lower.elementwise import flat


def lower_batchnorm(b: Builder, op: BatchNorm, x: Value, type_: Type) -> Value:
    """The parts are those of `batch_parts`, in this order."""
    parts, numbers = batch_parts(type_), iter(range(len(batch_parts(type_))))

    def normalised(piece: Value, part: Summand) -> Value:
        legs = shape_of(piece)
        copies = tuple(sz.number(leg.dim) if isinstance(leg, Trivial) else 1 for leg in part.legs)
        kept = [axis for axis, leg in enumerate(part.legs) if isinstance(leg, Trivial)]
        others = [axis for axis in range(len(legs)) if axis not in kept]
        together = kept in (list(range(len(kept))), list(range(len(others), len(legs))))
        if parts != ((parts[0][0], True),) or not together:
            return b.batch_norm(piece, op.name, next(numbers), parts, copies)
        sizes, shape = [parts[0][0]], [parts[0][0]]
        if others:
            first = bool(kept) and kept[0] == 0 and parts[0][0] > 1  # a lone channel comes last
            sizes.insert(first, sz.product(legs[axis] for axis in others))
            shape.insert(first, 1)
        return b.reshape(b.batch_norm(b.reshape(piece, sizes), op.name, next(numbers), parts, shape), legs)

    return b.reshape(by_summand_of_axes(b, flat(b, x, type_), 0, type_.axes, normalised), type_.shape)
