"""Products and quotients: along the axes of both operands coordinates meet one by one, so there they may only be permuted."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from symc.ir.ops import Binary
from symc.ir.types import Type
from symc.passes.check.action import PERMUTED, Factors, all_multipliers, multipliers
from symc.passes.check.cases import Case, cases
from symc.passes.check.finding import Finding, moved_how, reduced
from symc.passes.check.helps import norms_are_invariant
from symc.passes.check.witness import Probe
from symc.passes.check.written import factor

Array = NDArray[np.float64]


def products(op: Binary, types: tuple[Type, Type], x: str, y: str, *, same: bool) -> Iterator[Finding]:
    """What is wrong with `x * y` or `x / y`; `same` where both are one value."""
    shared = {b for a, b in zip(op.left, op.right, strict=True) if a is not None and b is not None}
    divide = op.kind == "div"
    item = types[1] if divide else Type(tuple(types[1].axes[axis] for axis in sorted(shared)))
    shared = shared if divide else set(range(len(item.axes)))
    for case in cases(item):
        both = case.within(lambda one: one.axis in shared)
        alone = case.within(lambda one: one.axis not in shared)
        if not _tolerated(all_multipliers(both, case.generator), all_multipliers(alone, case.generator)):
            yield _finding(case, shared, divide, types, x, y, same)


def _tolerated(both: Factors | None, alone: Factors | None) -> bool:
    """(m x)/(m r y) = m r (x/y) for all factors m of the shared axes and r of the divisor's own, which a product has not."""
    return both is not None and alone is not None and all(m * r * r == 1 for m in both for r in alone)


def _finding(case: Case, shared: set[int], divide: bool, types: tuple[Type, Type], x: str, y: str, same: bool) -> Finding:
    changed = [one for one in case.legs if multipliers(one.leg, case.generator) != PERMUTED]
    moved = reduced(sorted(changed, key=lambda one: one.axis not in shared), case)
    both = tuple(one.leg for one in moved if one.axis in shared)
    alone = tuple(one.leg for one in moved if one.axis not in shared)

    def quotient(x: Array, y: Array) -> Array:
        return np.asarray(x.reshape(*x.shape, *[1] * len(alone)) / y)

    if divide:
        probe = Probe((both, both + alone), both + alone, quotient, "{0}/{1}", infix=True)
    elif same:
        probe = Probe((both,), both, np.square, "{0}*{0}", infix=True)
    else:
        probe = Probe((both, both), both, lambda x, y: np.asarray(x * y), "{0}*{1}", infix=True)
    note = "a product or quotient coordinate by coordinate commutes with a group only where each element permutes the coordinates of the axes met"
    label = f"goes coordinate by coordinate along {moved_how(moved, case)}"
    return Finding("E0302", "`/`" if divide else "`*`", label, note, case, moved, probe, (_help(divide, types, x, y),))


def _help(divide: bool, types: tuple[Type, Type], x: str, y: str) -> str:
    if norms_are_invariant(types[1]) and divide:
        return f"divide by an invariant: `{factor(x)} / norm({y})`"
    if norms_are_invariant(types[0]) and not divide:
        return f"multiply by an invariant: `norm({x}) * {factor(y)}`"
    return f"leave it linear: `{x}`"
