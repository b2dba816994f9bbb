"""Dot products: what is summed over must be paired with what moves against it, and what is met may only be permuted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from symc.algebra.reps import Trivial
from symc.algebra.summands import Leg
from symc.ir.infer import same_axis
from symc.ir.ops import Attention, Dot
from symc.ir.types import Type
from symc.passes.check.action import PERMUTED, all_multipliers, all_scales, multipliers, scale
from symc.passes.check.cases import Case, Placed, cases
from symc.passes.check.finding import Finding, reduced
from symc.passes.check.witness import Probe

Array = NDArray[np.float64]
TWO: tuple[Leg, ...] = (Trivial(2),)
NOTE = (
    "a dot product commutes with a group only where each element acts by an orthogonal matrix on what is summed over, or on one operand by the dual "
    "of the other, and permutes the other axes that are met"
)


def dot(op: Dot, types: tuple[Type, Type], x: str, y: str, *, same: bool) -> Iterator[Finding]:
    """With factors m along the axes met and s times an orthogonal matrix on those summed over, m s^2 = 1. On dual pairs s is 1, whatever acts."""
    met = [types[0].axes[a] for a, b in zip(op.left, op.right, strict=True) if a is not None and b is not None]
    summed = [types[0].axes[a] for a, b in op.summed if same_axis(types[0].axes[a], types[1].axes[b])]
    for case in cases(Type((*met, *summed))):
        kept = all_multipliers(case.within(lambda one: one.axis < len(met)), case.generator)
        s = all_scales(case.within(lambda one: one.axis >= len(met)), case.generator)
        if kept is None or s is None or any(abs(m * s * s - 1) > 1e-9 for m in kept):
            yield _finding(case, len(met), x, y, same)


def weights(item: Type, x: str) -> Iterator[Finding]:
    """Weights are permuted, so that what they average is averaged alike wherever it stands."""
    note = "a mean with weights commutes with a group only where each element permutes the weights; what is averaged may move in any way"
    for case in cases(item):
        if all_multipliers(case.all, case.generator) != PERMUTED:
            legs = reduced([one for one in case.legs if multipliers(one.leg, case.generator) != PERMUTED], case)
            shape = tuple(one.leg for one in legs)
            probe = Probe((shape,), (), _first_of_mean, "mean(e, weights={0})")
            yield Finding("E0363", "`mean`", "its weights are no invariants", note, case, legs, probe, (f"take invariants: `norm({x})`",))


def _first_of_mean(x: Array) -> Array:
    """The mean of e = (1, 0, ..., 0) with weights x and one more, which is 1."""
    return np.asarray(x.ravel()[0] / (x.sum() + 1))


def attention(op: Attention, types: tuple[Type, Type], k: str) -> Iterator[Finding]:
    """Scores are dot products; sets are permuted, and values averaged, whatever they are."""
    summed = [types[0].axes[a] for a, b in op.summed if same_axis(types[0].axes[a], types[1].axes[b])]
    for case in cases(Type(tuple(summed))):
        if all_scales(case.all, case.generator) != 1:
            yield replace(_finding(case, 0, "", k, False), code="E0361", what="`attention`", label="scores are products that do not stay")


def _finding(case: Case, met: int, x: str, y: str, same: bool) -> Finding:
    """At the legs that are moved; where none of those summed over is, two entries stand for them."""
    g = case.generator
    outer = [one for one in case.legs if one.axis < met and multipliers(one.leg, g) != PERMUTED]
    inner = [one for one in case.legs if one.axis >= met and scale(one.leg, g) != 1]
    legs = reduced([*outer, *inner], case)
    kept = tuple(one.leg for one in legs if one in outer)
    lost = tuple(one.leg for one in legs if one in inner) or TWO
    axes = tuple(range(len(kept), len(kept) + len(lost)))
    operands = (kept + lost,) if same else (kept + lost, kept + lost)

    def product(*xs: Array) -> Array:
        return np.asarray((xs[0] * xs[-1]).sum(axis=axes))

    probe = Probe(operands, kept, product, "dot({0}, {0})" if same else "dot({0}, {1})")
    label = "sums products that do not stay" if inner else "goes coordinate by coordinate along an axis that is not permuted"
    return Finding("E0360", "`dot`", label, NOTE, case, legs, probe, (_help(legs, outer, y),))


def _help(legs: tuple[Placed, ...], outer: list[Placed], y: str) -> str:
    if any(one in outer for one in legs):
        return "sum over those axes too, in the square brackets"
    return f"pair it with its dual, which moves against it: `linear[dual({legs[0].written})](...)` in the place of `{y}`"
