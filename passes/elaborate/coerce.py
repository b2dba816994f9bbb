"""Holding a value against the type that is asked for."""

from __future__ import annotations

from symc.diagnostics import Label, Span
from symc.ir.ops import Reinterpret
from symc.passes.elaborate.build import Builder, Bundle, Operand, Single
from symc.passes.elaborate.report import fault
from symc.passes.elaborate.space import Axes, Fields, Space, same_layout


def coerced(found: Operand, wanted: Space, builder: Builder, at: Span, because: Label) -> Operand:
    """The value under the type asked for: the same axes with its names of sizes, or the same axes written otherwise (`3 + 5` for `8`)."""
    match found, wanted:
        case Single(), Axes() if found.space.reps == wanted.reps:
            return Single(found.value, wanted)
        case Single(), Axes() if same_layout(found.space, wanted):
            return builder.emit(Reinterpret(), [found], [wanted], at)[0]
        case Bundle(fields), Fields(others) if [name for name, _ in fields] == [name for name, _ in others]:
            pairs = zip(fields, others, strict=True)
            return Bundle(tuple((name, coerced(item, inner, builder, at, because)) for (name, item), (_, inner) in pairs))
        case _:
            raise fault("E0311", f"expected `{wanted}`, found `{found.space}`", at, f"this is `{found.space}`", secondary=(because,))
