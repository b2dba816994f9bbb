"""Norms, division by them, pooling and softmax: what is gathered over, and what the remaining axes then let through."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from symc.algebra.reps import Trivial
from symc.algebra.summands import Leg
from symc.ir.coordinates import counts_copies
from symc.ir.evaluate import softmax as softmax_of
from symc.ir.ops import Norm, Pool, Softmax
from symc.ir.types import Type
from symc.passes.check.action import PERMUTED, all_constants, all_multipliers, all_scales, constant, multipliers, positive, scale
from symc.passes.check.cases import Case, Placed, cases
from symc.passes.check.finding import Finding, reduced
from symc.passes.check.helps import instead, norms_are_invariant, scaled
from symc.passes.check.witness import Probe

Array = NDArray[np.float64]
ONE: tuple[Leg, ...] = (Trivial(1),)
TWO: tuple[Leg, ...] = (Trivial(2),)  # an axis that this generator leaves alone, or permutes: two entries tell


def norm(op: Norm, item: Type, x: str) -> Iterator[Finding]:
    """With factors m of the copies and a multiple s of an orthogonal matrix inside them, |m| s = m; for squares (m s)^2 = m."""
    note = "a norm commutes with a group only where each element acts by an orthogonal matrix within the copies, and permutes the copies"
    power = 2 if op.squared else 1

    def inside(one: Placed) -> bool:
        return one.axis in op.dropped or (one.axis in op.reduced and not counts_copies(one.leg))

    for case in cases(item):
        g = case.generator
        kept, s = all_multipliers(case.within(lambda one: not inside(one)), g), all_scales(case.within(inside), g)
        if s is None or kept is None or any((abs(m) * s) ** power != m for m in kept):
            outer = [one for one in case.legs if not inside(one) and multipliers(one.leg, g) != PERMUTED]
            inner = [one for one in case.legs if inside(one) and scale(one.leg, g) != 1]
            shown = "norm({0})^2" if op.squared else "norm({0})"
            helps = (f"leave it linear: `{x}`",)
            yield _gathered("E0304", "`norm`", "sums squares that do not stay", note, case, outer, inner, _norm(power), shown, helps)


def normalize(item: Type, x: str) -> Iterator[Finding]:
    """Inside the copies, where lengths are divided out, every element acts by an orthogonal matrix; the legs that count them are permuted."""
    note = "division by the norms of copies commutes with a group only where each element acts by an orthogonal matrix within the copies"
    for case in cases(item):
        if all_scales(case.all, case.generator) != 1:
            legs = reduced([one for one in case.legs if scale(one.leg, case.generator) != 1], case)
            shape = tuple(one.leg for one in legs)
            probe = Probe((shape,), shape, _divided, "normalize({0})")
            yield Finding("E0304", "`normalize`", "divides by norms that do not stay", note, case, legs, probe, (f"leave it linear: `{x}`",))


def pool(op: Pool, item: Type, x: str) -> Iterator[Finding]:
    """A sum or mean asks that columns sum to 1; a maximum that the axis is permuted and the others have positive factors."""
    return _maximum(op, item, x) if op.kind == "max" and item.axes[op.axis].dim != 1 else _total(op, item, x)


def _total(op: Pool, item: Type, x: str) -> Iterator[Finding]:
    note = f"`{op.kind}` over an axis commutes with a group only where each element permutes the axis"
    gather = np.sum if op.kind == "sum" else np.mean
    for case in cases(item):
        if all_constants(case.at(op.axis), case.generator, columns=True) != 1:
            inner = [one for one in case.legs if one.axis == op.axis and constant(one.leg, case.generator, columns=True) != 1]
            label, shown = "adds coordinates that are not permuted", f"{op.kind}({{0}})"
            yield _gathered("E0305", f"`{op.kind}`", label, note, case, [], inner, gather, shown, (instead(item, x),))


def _maximum(op: Pool, item: Type, x: str) -> Iterator[Finding]:
    note = "`max` over an axis commutes with a group only where each element permutes the axis, and the others too up to positive factors"
    for case in cases(item):
        g = case.generator
        kept = all_multipliers(case.within(lambda one: one.axis != op.axis), g)
        if all_multipliers(case.at(op.axis), g) != PERMUTED or kept is None or not all(map(positive, kept)):
            moved = [one for one in case.legs if multipliers(one.leg, g) != PERMUTED]
            inner, outer = ([one for one in moved if (one.axis == op.axis) == own] for own in (True, False))
            helps = _mean_or_norm(op.axis, item, x)
            yield _gathered("E0305", "`max`", "compares coordinates that are not permuted", note, case, outer, inner, np.max, "max({0})", helps)


def softmax(op: Softmax, item: Type, x: str) -> Iterator[Finding]:
    """Over a single coordinate softmax is 1, a constant."""
    note = "softmax commutes with a group only where each element permutes the coordinates of all axes"
    single = item.axes[op.axis].dim == 1
    for case in cases(item):
        g = case.generator
        if all_constants(case.all, g) != 1 if single else all_multipliers(case.all, g) != PERMUTED:
            moved = [one for one in case.legs if multipliers(one.leg, g) != PERMUTED]
            inner = [one for one in moved if one.axis == op.axis]
            legs = reduced([*(one for one in moved if one.axis != op.axis), *inner], case)
            shape = tuple(one.leg for one in legs) + (() if inner else ONE if single else TWO)
            over = len(inner) or 1
            probe = Probe((shape,), shape, lambda x, over=over: _softmax(x, over), "softmax({0})")
            label = "acts coordinate by coordinate on an axis that is not permuted"
            yield Finding("E0306", "`softmax`", label, note, case, legs, probe, _softmax_of_norm(op.axis, item, x))


def _gathered(
    code: str,
    what: str,
    label: str,
    note: str,
    case: Case,
    outer: list[Placed],
    inner: list[Placed],
    gather: Callable[..., Array],
    shown: str,
    helps: tuple[str, ...],
) -> Finding:
    """A finding about an operation that takes the `inner` legs away; where none of them is moved, two entries stand for them."""
    legs = reduced([*outer, *inner], case)
    kept = tuple(one.leg for one in legs if one in outer)
    lost = tuple(one.leg for one in legs if one in inner) or TWO
    axes = tuple(range(len(kept), len(kept) + len(lost)))
    probe = Probe((kept + lost,), kept, lambda x: np.asarray(gather(x, axis=axes)), shown)
    return Finding(code, what, label, note, case, legs, probe, helps)


def _divided(x: Array) -> Array:
    return np.asarray(x / np.sqrt(np.square(x).sum()))


def _norm(power: int) -> Callable[..., Array]:
    return lambda x, axis: np.sqrt(np.square(x).sum(axis=axis)) ** power


def _softmax(x: Array, over: int) -> Array:
    flat = x.reshape(*x.shape[: x.ndim - over], -1)
    return softmax_of(flat, flat.ndim - 1).reshape(x.shape)


def _mean_or_norm(axis: int, item: Type, x: str) -> tuple[str, ...]:
    averaged = all(all_constants(case.at(axis), case.generator, columns=True) == 1 for case in cases(item))
    return (f"use the mean, which is linear: `mean[{item.axes[axis]}]({x})`",) if averaged else (instead(item, x),)


def _softmax_of_norm(axis: int, item: Type, x: str) -> tuple[str, ...]:
    """The norm keeps the axis where it counts copies."""
    kept = all(counts_copies(one.leg) for case in cases(item) for one in case.legs if one.axis == axis)
    weights = f"softmax[{item.axes[axis]}](norm({x}))"
    return (*scaled(item, weights, x), f"take invariants first: `{weights}`") if kept and norms_are_invariant(item) else (instead(item, x),)
