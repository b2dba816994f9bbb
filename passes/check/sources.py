"""What is made of nothing: noise must keep its law, and zero must stay where it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from symc.algebra.generators import Generator
from symc.algebra.reps import Point
from symc.ir.ops import Noise, Zero
from symc.ir.types import Type
from symc.passes.check.action import all_scales, scale
from symc.passes.check.cases import Case, Placed, cases
from symc.passes.check.finding import Finding, reduced
from symc.passes.check.points import NOTE, SIZE, point_legs
from symc.passes.check.witness import Array, Probe


def made_of_nothing(op: Noise | Zero, types: Sequence[Type]) -> Iterator[Finding]:
    """What is wrong with noise, or zero, of these types."""
    for item in types:
        for leg in point_legs(item)[:1]:
            yield _of_points(op, leg)
        if isinstance(op, Noise):
            yield from noise(item)


def noise(item: Type) -> Iterator[Finding]:
    """The density of independent standard normal numbers is a function of their norm: it stays where norms do, and nowhere else."""
    note = "noise keeps its law only where each element acts by an orthogonal matrix: its density is a function of the norm"
    for case in cases(item):
        if all_scales(case.all, case.generator) != 1:
            legs = reduced([one for one in case.legs if scale(one.leg, case.generator) != 1], case)
            probe = Probe((tuple(one.leg for one in legs),), (), _norm, "norm({0})")
            helps = ("draw invariants, which nothing moves: `random[c]()`",)
            yield Finding("E0325", "`random`", "its law would be another after every element", note, case, legs, probe, helps)


def _of_points(op: Noise | Zero, written: Point) -> Finding:
    """Both would say where the origin is."""
    point = written.at(dict.fromkeys(written.free, SIZE))
    case = Case(Generator(point.groups[0], 0, lie=True), dict.fromkeys(written.free, SIZE), ())
    zero = Probe((), (point,), lambda: np.zeros(int(point.dim)), "zero()")
    if isinstance(op, Zero):
        label, helps = "is the origin of the coordinates", ("take a mean of points such as `mean[X](x)`",)
        return Finding("E0309", "`zero`", label, NOTE, case, (Placed(0, point, written),), zero, helps)
    probe = replace(zero, inputs=((point,),), output=(), function=_norm, shown="norm({0})")
    label, helps = "is drawn around the origin of the coordinates", ("draw a vector, and add it to points: `x + random()`",)
    return Finding("E0309", "`random`", label, NOTE, case, (Placed(0, point, written),), probe, helps)


def _norm(x: Array) -> Array:
    return np.asarray(np.linalg.norm(x.ravel()))
