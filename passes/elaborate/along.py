"""`axis(t)`: axes that are carried along, which linear maps leave as they are."""

from __future__ import annotations

from collections.abc import Sequence

from symc.algebra.reps import Carried
from symc.diagnostics import Span
from symc.passes.elaborate.report import fault
from symc.passes.elaborate.space import Axes, join, pick


def with_carried(operation: str, each: Axes, inputs: Sequence[Axes], outputs: Sequence[Axes], at: Span) -> Axes:
    """The axes a map keeps apart: those of `each`, and all that are carried along. An axis that the target lacks would be mixed."""
    for space in (*outputs, *inputs):
        for place, rep in enumerate(space.reps):
            if isinstance(rep, Carried) and rep not in each.reps:
                each = join(each, pick(space, (place,)))
                _check_kept(operation, space.shown(place), rep, outputs, at)
    return each


def _check_kept(operation: str, name: str, rep: Carried, outputs: Sequence[Axes], at: Span) -> None:
    for space in outputs:
        if rep not in space.reps:
            helps = (f"pool it first: `{operation}(mean[{name}](x))`", f"or run along it: `fold[Cell, {name}](h, x)`")
            raise fault("E0314", f"`{operation}` does not mix along `{name}`, and its target lacks it", at, f"the target is `{space}`", helps=helps)
