"""Points: what hangs on where the origin of the coordinates is. A translation by t takes x to x + t, so f must take that to f(x) + t, or to f(x).

Differences of points, points moved by vectors, means and (where nothing turns the points) maxima commute with translations; all else does not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from symc.algebra.generators import Generator
from symc.algebra.points import directions
from symc.algebra.reps import Point
from symc.algebra.summands import Leg, summands
from symc.ir import ops
from symc.ir.coordinates import counts_copies
from symc.ir.evaluate import softmax
from symc.ir.pointwise import function
from symc.ir.types import Type
from symc.passes.check.cases import Case, Placed
from symc.passes.check.finding import Finding
from symc.passes.check.pointwise import applied, called, exponent
from symc.passes.check.witness import Array, Probe
from symc.passes.check.written import factor

NOTE = "points have no origin: what a translation commutes with is differences of points, points moved by vectors, means, and `linear`"
Legs = tuple[Leg, ...]
SIZE = 2  # at which a witness is shown where the space has a free dimension


@dataclass(frozen=True, slots=True)
class _Shown:
    """An operation on points, cut down to one point for each operand: what it is called, what it does, how it is written."""

    what: str
    label: str
    function: Callable[..., Array]
    shown: str
    output: Legs
    infix: bool = False
    helps: tuple[str, ...] = ()


def points(op: ops.EquivariantOp, types: Sequence[Type], names: Sequence[str]) -> Iterator[Finding]:
    """What is wrong with an operation that has points among its operands. What attention and weights average may be points: so is the mean."""
    types = types[:2] if isinstance(op, ops.Attention) else types[:1] if isinstance(op, ops.Dot) and op.weighted else types
    found = [(item, leg) for item in types for leg in point_legs(item)]
    if not found or isinstance(op, ops.Linear | ops.Concat | ops.Project | ops.Reinterpret | ops.Constant | ops.Encode | ops.Scan):
        return
    written = found[0][1]
    point = written.at(dict.fromkeys(written.free, SIZE))
    assert isinstance(point, Point)
    shown = _shown(op, point, types, names)
    if shown is not None:
        case = Case(Generator(point.group, 0, lie=True), dict.fromkeys(written.free, SIZE), ())
        inputs = tuple(_operand(item, point) for item in types)
        probe = Probe(inputs, shown.output, shown.function, shown.shown, shown.infix)
        yield Finding("E0309", shown.what, shown.label, NOTE, case, (Placed(0, point, written),), probe, shown.helps)


def _shown(op: ops.EquivariantOp, point: Point, types: Sequence[Type], names: Sequence[str]) -> _Shown | None:
    same: Legs = (point,)
    vectors = next(_vectors(item, name) for item, name in zip(types, names, strict=False) if point_legs(item))
    difference = "take it of a difference of points, a vector" + (f" such as `{vectors[1:-1]}`" if vectors else "")
    match op:
        case ops.Binary(kind):
            return _binary(kind, point, types, names)
        case ops.Pool("mean" | "max"):  # a maximum where the points are turned is refused as such
            return None
        case ops.Pool("sum", axis):
            label, helps = "adds as many translations as there are points", (f"use the mean, a point: `mean[{types[0].axes[axis]}]({names[0]})`",)
            return _Shown("`sum`", label, lambda x: 2 * x, "sum({0}, {0})", same, helps=helps)
        case ops.Norm():
            return _Shown("`norm`", "is the distance from an origin", lambda x: np.asarray(np.linalg.norm(x)), "norm({0})", (), helps=(difference,))
        case ops.Normalize():
            label = "divides by the distance from an origin"
            return _Shown("`normalize`", label, lambda x: np.asarray(x / np.linalg.norm(x)), "normalize({0})", same, helps=(difference,))
        case ops.Pointwise(name, argument):
            row = function(name, argument)
            label = "acts on coordinates that translations shift"
            infix = exponent(op) is not None or name == "neg"
            return _Shown(f"`{called(op)}`", label, lambda x: np.asarray(row.numpy(x)), applied(op, "{0}"), same, infix, (difference,))
        case ops.Softmax():
            label = "acts on coordinates that translations shift"
            return _Shown("`softmax`", label, lambda x: softmax(x, 0), "softmax({0})", same, helps=(difference,))
        case ops.Dot(weighted=True):
            label = "takes weights that translations shift"
            return _Shown("`mean`", label, lambda x: np.asarray(x.sum()), "sum({0})", (), helps=(difference,))
        case ops.Dot() | ops.Attention():
            label = "multiplies coordinates that translations shift"
            what = "`attention`" if isinstance(op, ops.Attention) else "`dot`"
            return _Shown(what, label, lambda x, y: np.asarray((x * y).sum()), "dot({0}, {1})", (), helps=(difference,))
        case ops.LayerNorm(_, _, centred):
            name, label = "layernorm" if centred else "rmsnorm", "scales coordinates that translations shift"
            return _Shown(f"`{name}`", label, lambda x: x / np.sqrt(np.mean(x**2) + 1e-5), f"{name}({{0}})", same, helps=(difference,))
        case ops.BatchNorm():
            label = "scales coordinates that translations shift"
            return _Shown("`batchnorm`", label, lambda x: x / np.sqrt(np.mean(x**2) + 1e-5), "batchnorm({0})", same, helps=(difference,))
        case ops.Gate():
            label = "scales coordinates that translations shift"
            return _Shown("`gate`", label, lambda x, s: x / (1 + np.exp(-s)), "gate({0}, {1})", same, helps=(difference,))
        case ops.Dropout():
            return _Shown("`dropout`", "moves points to the origin", lambda x: 0 * x, "dropout({0})", same, helps=(difference,))
        case _:
            raise TypeError(f"not an operation on points: {op}")


def _binary(kind: str, point: Point, types: Sequence[Type], names: Sequence[str]) -> _Shown | None:
    left, right = (bool(point_legs(item)) for item in types)
    helps: tuple[str, ...]
    x, y = names[0], names[1]
    match kind:
        case "add" if left and right:
            helps = ("take a mean, which is a point", f"add a difference of points{_as(f'{factor(x)} + {{}}', types[1], y)}")
            return _Shown("`+` of two points", "moves twice as far as points do", np.add, "{0} + {1}", (point,), True, helps)
        case "sub" if right and not left:
            helps = (f"write it the other way: `{factor(y)} - {factor(x)}`",)
            return _Shown("`-` of a point", "moves against the points", np.subtract, "{0} − {1}", (point,), True, helps)
        case "mul":
            scaled = _as(f"{factor(x)} * {{}}", types[1], y) if right else _as(f"{{}} * {factor(y)}", types[0], x)
            helps = (f"scale a difference of points{'' if left and right else scaled}",)
            return _Shown("`*` of points", "scales the distance from an origin", np.multiply, "{0} * {1}", (point,), True, helps)
        case "div":
            helps = ("divide by an invariant" if right else f"scale a difference of points{_as(f'{{}} / {factor(y)}', types[0], x)}",)
            return _Shown("`/` of points", "scales the distance from an origin", np.divide, "{0} / {1}", (point,), True, helps)
        case _:
            return None


def _as(pattern: str, item: Type, x: str) -> str:
    """The help as code, where points of that type have a mean to be taken from."""
    vectors = _vectors(item, x)
    return f": `{pattern.format(vectors)}`" if vectors else ""


def _vectors(item: Type, x: str) -> str | None:
    """Points less their mean over an axis that counts them."""
    counting = [axis for axis in item.axes if counts_copies(axis) and axis.dim != 1 and item.axes.count(axis) == 1]
    return f"({x} - mean[{counting[0]}]({x}))" if counting else None


def point_legs(item: Type) -> list[Point]:
    """The legs of points in a type."""
    if not any(axis.affine for axis in item.axes):
        return []
    return [leg for part in summands(item.rep) for leg in part.legs if isinstance(leg, Point)]


def _operand(item: Type, point: Point) -> Legs:
    """What is left of an operand: a point, a vector, or a number."""
    if point_legs(item):
        return (point,)
    vector = directions(point)
    return (vector,) if any(vector.groups and set(vector.groups) & set(axis.groups) for axis in item.axes) else ()
