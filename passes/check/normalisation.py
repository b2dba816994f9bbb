"""Layer normalisation and dropout."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np
from numpy.typing import NDArray

from symc.algebra.reps import Trivial
from symc.ir.evaluate import EPS
from symc.ir.ops import Dropout, LayerNorm
from symc.ir.types import Type
from symc.passes.check.action import PERMUTED, all_multipliers, all_scales, multipliers, scale
from symc.passes.check.cases import cases
from symc.passes.check.finding import Finding, reduced
from symc.passes.check.helps import norms_are_invariant
from symc.passes.check.witness import Dropped, Probe

Array = NDArray[np.float64]


def layernorm(op: LayerNorm, item: Type, x: str) -> Iterator[Finding]:
    """What is centred is shifted too, so other axes may only be permuted there; copies are divided by norms, which must stay."""
    name = "layernorm" if op.centred else "rmsnorm"
    note = (
        "normalisation commutes with a group only where each element moves copies by orthogonal matrices and permutes the other axes "
        "(where nothing is centred: up to sign)"
    )
    for case in cases(item):
        g = case.generator
        inner = [one for one in case.legs if one.axis in op.axes]
        kept = all_multipliers(case.within(lambda one: one.axis not in op.axes), g)
        outer = [one for one in case.legs if one.axis not in op.axes and multipliers(one.leg, g) != PERMUTED]
        if not inner and op.centred:
            if kept != PERMUTED:
                legs = reduced(outer, case)
                shape = (*(one.leg for one in legs), Trivial(2))
                probe = Probe((shape,), shape, _centred, f"{name}({{0}})")
                yield Finding("E0307", f"`{name}`", "normalises each coordinate by itself", note, case, legs, probe, _helps(name, item, x))
            continue
        s = all_scales((one.leg for one in inner), g)
        if s is None or kept is None or any(abs(m) * s != 1 for m in kept):
            legs = reduced([*outer, *(one for one in inner if scale(one.leg, g) != 1)], case)
            shape = tuple(one.leg for one in legs)
            probe = Probe((shape,), shape, partial(_scaled, legs=sum(one in inner for one in legs)), f"{name}({{0}})")
            yield Finding("E0307", f"`{name}`", "divides by norms that do not stay", note, case, legs, probe, _helps(name, item, x))


def batchnorm(item: Type, x: str) -> Iterator[Finding]:
    """Copies are divided by the root mean square of their coordinates, which must stay; what is centred is permuted."""
    note = "batch normalisation commutes with a group only where each element acts by an orthogonal matrix within the copies"
    for case in cases(item):
        if all_scales(case.all, case.generator) != 1:
            legs = reduced([one for one in case.legs if scale(one.leg, case.generator) != 1], case)
            shape = tuple(one.leg for one in legs)
            probe = Probe((shape,), shape, partial(_scaled, legs=len(legs)), "batchnorm({0})")
            yield Finding("E0307", "`batchnorm`", "divides by norms that do not stay", note, case, legs, probe, _helps("batchnorm", item, x))


def dropout(op: Dropout, item: Type, x: str) -> Iterator[Finding]:
    """What is dropped coordinate by coordinate must stay coordinates: one entry in each row, whatever it is."""
    note = "dropout commutes with a group (in law) only where each element carries coordinates to coordinates"
    for case in cases(item):
        g = case.generator
        mixed = [one for one in case.legs if one.axis not in op.whole and multipliers(one.leg, g) is None]
        if mixed:
            legs = reduced(mixed, case)
            shape = tuple(one.leg for one in legs)
            probe = Dropped((shape,), shape, lambda x: x, "dropout({0})")
            label = "drops single coordinates of an axis whose coordinates are mixed"
            yield Finding("E0308", "`dropout`", label, note, case, legs, probe, (f"leave it out: `{x}`",))


def _helps(name: str, item: Type, x: str) -> tuple[str, ...]:
    invariants = (f"take invariants first: `{name}(norm({x}))`",) if norms_are_invariant(item) else ()
    return (f"leave it out: `{x}`", *invariants)


def _centred(x: Array) -> Array:
    """Over the last axis, with weight 1 and bias 1."""
    centred = x - x.mean(axis=-1, keepdims=True)
    return np.asarray(centred / np.sqrt((centred**2).mean(axis=-1, keepdims=True) + EPS) + 1)


def _scaled(x: Array, legs: int) -> Array:
    """One copy, the last `legs` axes, divided by the root mean square of its coordinates."""
    return np.asarray(x / np.sqrt((x**2).mean(axis=tuple(range(x.ndim - legs, x.ndim)), keepdims=True) + EPS))
