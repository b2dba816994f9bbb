"""`outer` and `flat`: the tensor product of tensors, and all coordinates along one axis."""

from __future__ import annotations

from collections.abc import Sequence

from symc.algebra.reps import Sum
from symc.diagnostics import Span
from symc.ir.ops import Binary, Concat, Reinterpret
from symc.passes.elaborate import types
from symc.passes.elaborate.application import Application
from symc.passes.elaborate.build import Builder, Operand, Single, tensors
from symc.passes.elaborate.report import fault
from symc.passes.elaborate.space import axis, join, merged


def outer(a: Application) -> Operand:
    """The tensor product of two or more tensors: the axes of the first, then those of the second, and so on. No axes are met."""
    parts = [a.single(arg) for arg in a.plain().arguments()]
    if len(parts) < 2:
        raise fault("E0215", "`outer` takes two tensors or more", a.at, f"{len(parts)} given")
    result = parts[0]
    for part in parts[1:]:
        result = _product(result, part, a.builder, a.at)
    return result


def _product(x: Single, y: Single, builder: Builder, at: Span) -> Single:
    space = join(x.space, y.space)
    types.check_limits(space, at)
    left, right = range(len(x.space)), range(len(y.space))
    op = Binary("mul", (*left, *(None for _ in right)), (*(None for _ in left), *right))
    return builder.emit(op, [x, y], [space], at)[0]


def flat(a: Application) -> Operand:
    """All axes merged into one; of a record the direct sum of its entries, in order."""
    parts = [_one_axis(part, a.builder, a.at) for part in tensors(a.plain().one(None))]
    return parts[0] if len(parts) == 1 else _direct_sum(parts, a.builder, a.at)


def _one_axis(x: Single, builder: Builder, at: Span) -> Single:
    if len(x.space) == 1:
        return x
    types.check_apart(space := merged(x.space), at)
    return builder.emit(Reinterpret(), [x], [space], at)[0]


def _direct_sum(parts: Sequence[Single], builder: Builder, at: Span) -> Single:
    """Sums among them are taken apart, as by `concat`."""
    reps = [rep for part in parts for rep in part.space.reps]
    space = axis(Sum(tuple(term for rep in reps for term in (rep.terms if isinstance(rep, Sum) else (rep,)))))
    types.check_limits(space, at)
    types.check_apart(space, at)
    return builder.emit(Concat(0), parts, [space], at)[0]
