"""Zeros of a type."""

from __future__ import annotations

from collections.abc import Sequence

from symc.algebra.reps import Rep, Sum, Tensor
from symc.ir.graph import Value
from symc.ir.types import Type
from symc.passes.lower.builder import Builder


def lower_zero(b: Builder, target: Type) -> Value:
    zeros = _laid_out(b, target.axes)
    return b.complex(zeros) if target.is_complex else zeros


def _laid_out(b: Builder, axes: Sequence[Rep]) -> Value:
    """Zeros with an axis for each of these. Sums and products of free size are put together, so that it can be told which part is what."""
    for place, axis in enumerate(axes):
        before, after = axes[:place], axes[place + 1 :]
        match axis:
            case Sum(terms) if axis.free:
                return b.concatenate([_laid_out(b, (*before, term, *after)) for term in terms], Type(tuple(axes)).tensor_axis(place))
            case Tensor(factors) if axis.free:
                return b.reshape(_laid_out(b, (*before, *factors, *after)), Type(tuple(axes)).shape)
            case _:
                pass
    return b.zeros(Type(tuple(axes)).shape, batched=True)
