"""Sums with a value stretched along an axis: they commute only where every element leaves (1, ..., 1) alone."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from symc.algebra.summands import Leg
from symc.ir.ops import Binary
from symc.ir.types import Type
from symc.passes.check.action import PERMUTED, all_constants, all_multipliers, constant
from symc.passes.check.cases import Case, Placed, cases
from symc.passes.check.finding import Finding, reduced
from symc.passes.check.helps import norms_are_invariant
from symc.passes.check.witness import Probe
from symc.passes.check.written import factor

NOTE = "what is added along an axis must be left alone by every element; all its coordinates being equal, that holds where they are permuted"
SIGNS = {"add": "+", "sub": "-"}


def sums(op: Binary, types: tuple[Type, Type], names: tuple[str, str], values: tuple[float | None, float | None]) -> Iterator[Finding]:
    """What is wrong with `x + y` or `x - y`; `values` holds an operand that is a number in the text."""
    for side, places in enumerate((op.left, op.right)):
        other = 1 - side
        held = (op.right, op.left)[side]
        lacking = [place for mine, place in zip(places, held, strict=True) if mine is None and place is not None]
        for case in _stretched(Type(tuple(types[other].axes[place] for place in lacking))):
            legs = _moved(case)
            probe = _sum(op, side, tuple(one.leg for one in legs), values[side])
            label = _label(types[side], Type(tuple(types[other].axes[place] for place in lacking)), names[side], number=values[side] is not None)
            what = f"`{SIGNS[op.kind]}` with a value stretched"
            yield Finding("E0303", what, label, NOTE, case, legs, probe, _helps(op, types, names, side, number=values[side] is not None))


def _sum(op: Binary, side: int, legs: tuple[Leg, ...], value: float | None) -> Probe:
    """Operand `side` is one number, `value` where the text says so; the other has the legs."""
    here, there = (1.0, -1.0 if op.kind == "sub" else 1.0)[:: -1 if side == 0 else 1]
    number = "{1}" if value is None else f"{value:g}"
    shown = f" {'+' if op.kind == 'add' else '−'} ".join(("{0}", number)[:: -1 if side == 0 else 1])
    return Probe((legs, ()), legs, lambda x, y: np.asarray(here * x + there * y), shown, infix=True, given=(None, value))


def _label(item: Type, lacking: Type, name: str, *, number: bool) -> str:
    what = f"the number {name}" if number else f"`{item}`" if name == "..." else f"`{name}: {item}`"
    lacks = "" if number else f" has no axis `{lacking}`, so it"
    return f"{what}{lacks} is added alike to all coordinates along `{lacking}`, which are not permuted"


def _stretched(item: Type) -> Iterator[Case]:
    return (case for case in cases(item) if all_constants(case.all, case.generator) != 1)


def _moved(case: Case) -> tuple[Placed, ...]:
    return reduced([one for one in case.legs if constant(one.leg, case.generator) != 1], case)


def _helps(op: Binary, types: tuple[Type, Type], names: tuple[str, str], side: int, *, number: bool) -> tuple[str, ...]:
    """A product stretches too, and may, being linear in what is not stretched; a number may be added to invariants."""
    item, other = types[1 - side], names[1 - side]
    met = Type(tuple(types[0].axes[a] for a, b in zip(op.left, op.right, strict=True) if a is not None and b is not None))
    if number and norms_are_invariant(item):
        return (f"leave it out: `{other}`", f"add to an invariant: `norm({other}) {SIGNS[op.kind]} {factor(names[side])}`")
    multiplied = not number and all(all_multipliers(case.all, case.generator) == PERMUTED for case in cases(met))
    return (*((f"scale instead of shifting: `{factor(names[side])} * {factor(other)}`",) if multiplied else ()), f"leave it out: `{other}`")
