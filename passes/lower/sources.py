"""What is made of nothing: zeros and normal numbers of a type.

Sums and products of free size are put together from their parts, so that it can be told which coordinates are whose.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from symc.algebra.reps import Rep, Sum, Tensor
from symc.algebra.sizes import Size
from symc.ir.graph import Value
from symc.ir.types import Type
from symc.passes.lower.builder import Builder

Made = Callable[[Sequence[Size]], Value]


def lower_zero(b: Builder, target: Type) -> Value:
    zeros = _laid_out(b, target.axes, lambda shape: b.zeros(shape, batched=True))
    return b.complex(zeros) if target.is_complex else zeros


def lower_noise(b: Builder, target: Type) -> Value:
    """Every part is a draw of its own, numbered by the place it has among the nodes."""
    return _laid_out(b, target.axes, lambda shape: b.normals(len(b.nodes), shape, complex=target.is_complex))


def _laid_out(b: Builder, axes: tuple[Rep, ...], made: Made) -> Value:
    whole = Type(axes)
    for place, axis in enumerate(axes):
        before, after = axes[:place], axes[place + 1 :]
        match axis:
            case Sum(terms) if axis.free:
                return b.concatenate([_laid_out(b, (*before, term, *after), made) for term in terms], whole.tensor_axis(place))
            case Tensor(factors) if axis.free:
                return b.reshape(_laid_out(b, (*before, *factors, *after), made), whole.shape)
            case _:
                pass
    return made(whole.shape)
