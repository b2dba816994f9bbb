"""Real and complex numbers: where one of them has no meaning, and where both may not meet."""

from __future__ import annotations

from collections.abc import Sequence

from symc.diagnostics import Span
from symc.passes.elaborate.report import fault
from symc.passes.elaborate.space import Axes


def check_real(operation: str, space: Axes, at: Span) -> None:
    """Complain about complex numbers where an operation has no meaning for them."""
    if space.type.is_complex:
        helps = ("scale by an invariant: `sigmoid(norm(z)) * z`", "or take real numbers: `norm(z)`, `real(z)`")
        raise fault("E0340", f"`{operation}` is not for complex numbers", at, f"the type is `{space}`", helps=helps)


def check_one_field(operation: str, inputs: Sequence[Axes], outputs: Sequence[Axes], at: Span) -> None:
    """Complain where real and complex numbers meet in one map: which of the two it is linear over would be a guess."""
    over_c = [space for space in (*inputs, *outputs) if space.type.is_complex]
    over_r = [space for space in (*inputs, *outputs) if not space.type.is_complex]
    if over_c and over_r:
        helps = ("make all of them complex: `complex(x)`, `complex(T)`", "or all of them real: `real(z)`, `real(T)`")
        message = f"`{over_c[0]}` is complex, `{over_r[0]}` is real"
        raise fault("E0340", f"`{operation}` mixes real and complex numbers", at, message, helps=helps)
