"""Holding a value against the type that is asked for."""

from __future__ import annotations

from collections import Counter

from symc.algebra.names import named
from symc.algebra.reps import Trivial
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
            title = f"expected `{wanted}`, found `{found.space}`"
            notes, helps = _legend(wanted, found.space), _ways_out(found, wanted)
            raise fault("E0311", title, at, f"this is `{found.space}`", secondary=(because,), notes=notes, helps=helps)


def _ways_out(found: Operand, wanted: Space) -> tuple[str, ...]:
    """What would give the type asked for."""
    if not isinstance(found, Single) or not isinstance(wanted, Axes):
        return ()
    if Counter(found.space.reps) == Counter(wanted.reps):
        return ("`rearrange(...)` puts its axes into the order of the type asked for",)
    if set(wanted.type.groups) <= set(found.space.type.groups):
        return ("`linear(...)` is every equivariant map to the type asked for",)
    return ()


def _legend(wanted: Space, found: Space) -> tuple[str, ...]:
    """What the names stand for where types that differ are written with names for their reps."""
    if not isinstance(wanted, Axes) or not isinstance(found, Axes) or [*map(type, wanted.reps)] != [*map(type, found.reps)]:
        return ()
    with named(()):  # written out
        lines = dict.fromkeys(
            f"`{space.shown(i)}` is `{space.reps[i]}`, {' and '.join(f'{group} = {group.definition}' for group in space.reps[i].groups)}"
            for space, other in ((wanted, found), (found, wanted))
            for i in range(len(space))
            if space.reps[i] != other.reps[i] and not isinstance(space.reps[i], Trivial) and space.labels[i] is not None
        )
    return tuple(lines)
