"""Lowering what treats copies of a representation as wholes: norms, division by them, and dropout."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from symc.algebra.reps import Rep, Sum, Tensor
from symc.algebra.summands import Choice, Summand, summands
from symc.ir.coordinates import copies, counts_copies
from symc.ir.graph import Value
from symc.ir.ops import Dropout, Norm
from symc.ir.types import Type
from symc.passes.lower.builder import Builder, shape_of, tensor_type
from symc.passes.lower.cut import by_summand_of_axes, carve, join
from symc.passes.lower.elementwise import flat


def lower_norm(b: Builder, op: Norm, x: Value, type_: Type, result: Type) -> Value:
    """Squares, summed over the axes dropped and within each copy along the axes reduced; then the root, safe at 0."""
    squares = lower_squares(b, flat(b, x, type_))
    for axis in op.reduced:
        squares = _reduce_copies(b, squares, axis, type_.axes[axis])
    squares = b.reshape(b.reduce("sum", squares, op.dropped), result.shape)
    return squares if op.squared else b.safe_sqrt(squares)


def lower_squares(b: Builder, x: Value) -> Value:
    """The square of each number, of complex ones that of their absolute value."""
    if not tensor_type(x).complex:
        return b.map("square", x)
    return b.reduce("sum", b.map("square", b.pairs(x)), [len(shape_of(x))])


def _reduce_copies(b: Builder, squares: Value, axis: int, rep: Rep) -> Value:
    """One coordinate for each copy in each summand of an axis."""
    images = {summand.choice: image for summand, image in zip(summands(rep), summands(copies(rep)), strict=True)}

    def within(part: Value, summand: Summand) -> Value:
        rest = shape_of(part)[axis + len(summand.legs) :]
        kept = b.reduce("sum", part, (axis + i for i, leg in enumerate(summand.legs) if not counts_copies(leg)))
        return b.reshape(kept, (*shape_of(kept)[:axis], *(leg.dim for leg in images[summand.choice].legs), *rest))

    return by_summand(b, squares, axis, rep, copies(rep), {choice: image.choice for choice, image in images.items()}, within)


def lower_normalize(b: Builder, x: Value, type_: Type) -> Value:
    """x |x|^-1 for each copy, summand by summand."""

    def divided(part: Value, summand: Summand) -> Value:
        inner = [i for i, leg in enumerate(summand.legs) if not counts_copies(leg)]
        return b.arithmetic("mul", part, b.safe_reciprocal_sqrt(b.reduce("sum", lower_squares(b, part), inner, keep=True)))

    return b.reshape(by_summand_of_axes(b, flat(b, x, type_), 0, type_.axes, divided), type_.shape)


def lower_dropout(b: Builder, op: Dropout, x: Value, type_: Type) -> Value:
    """A mask for the tensor; along sums in `whole` one for each summand, so that a copy is kept or dropped as a whole."""
    sums = [axis for axis in op.whole if isinstance(type_.axes[axis], Sum | Tensor)]
    return b.reshape(_drop(b, op, flat(b, x, type_), type_.axes, sums, [axis for axis in op.whole if axis not in sums]), type_.shape)


def _drop(b: Builder, op: Dropout, x: Value, axes: Sequence[Rep], sums: Sequence[int], shared: Sequence[int]) -> Value:
    """Cut along the last of the sums, then the others: axes before it stay where they are."""
    if not sums:
        return b.dropout(x, op.p, shared)
    *others, axis = sorted(sums)

    def mask(part: Value, summand: Summand) -> Value:
        inner = [axis + i for i, leg in enumerate(summand.legs) if not counts_copies(leg)]
        after = [other + len(summand.legs) - 1 for other in shared if other > axis]
        return _drop(b, op, part, axes, others, [*(other for other in shared if other < axis), *inner, *after])

    return by_summand(b, x, axis, axes[axis], axes[axis], {s.choice: s.choice for s in summands(axes[axis])}, mask)


def by_summand(
    b: Builder, x: Value, axis: int, rep: Rep, result: Rep, images: dict[Choice, Choice], function: Callable[[Value, Summand], Value]
) -> Value:
    """A function of each summand of one axis, laid together again as the summands of `result` named by `images`."""
    parts = {images[summand.choice]: function(carve(b, x, axis, rep, summand.choice), summand) for summand in summands(rep)}
    return join(b, parts, axis, result)
