"""`onehot(k)`: where an axis may be stored as an index, and what is computed with in its place."""

from __future__ import annotations

from collections.abc import Collection

from symc.algebra import sizes as sz
from symc.algebra.reps import OneHot
from symc.diagnostics import Span
from symc.grammar import tree
from symc.ir.infer import encoded
from symc.ir.ops import Encode
from symc.passes.elaborate import types
from symc.passes.elaborate.build import Builder, Operand, Single, each_tensor
from symc.passes.elaborate.meanings import Scope
from symc.passes.elaborate.report import fault
from symc.passes.elaborate.space import Axes, Space, each_entry, entries


def tensor_space(expr: tree.Expr, scope: Scope) -> Space:
    """The type of a tensor that a model computes, whose numbers stand for themselves."""
    found = types.space(expr, scope)
    for _, item in entries(found):
        for place, rep in enumerate(item.reps):
            if isinstance(rep, OneHot):
                help = f"write `{sz.show(rep.k)}`; of a result take `.argmax` along that axis in Python"
                raise fault("E0327", "only inputs are stored as an index", expr.span, f"`{item.shown(place)}` is no input here", helps=(help,))
    return found


def input_space(expr: tree.Expr, scope: Scope, symbolic: Collection[str]) -> Space:
    """The type of an input of a module; parameters named in `symbolic` stand for numbers."""
    found = types.space(expr, scope)
    for _, item in entries(found):
        _check_index(item, frozenset(symbolic), expr.span)
    return found


def _check_index(item: Axes, symbolic: frozenset[str], at: Span) -> None:
    """One index a tensor, of a known number of classes, for each point of a set."""
    places = [place for place, rep in enumerate(item.reps) if isinstance(rep, OneHot)]
    if not places:
        return
    if len(places) > 1:
        helps = ("take two inputs, one for each",)
        raise fault("E0327", "a tensor of integers holds one index", at, f"`{item}` would hold {len(places)}", helps=helps)
    free = sorted(item.reps[places[0]].free - symbolic)
    if free:
        raise fault("E0327", "the number of classes is not known", at, f"`{free[0]}` is free", helps=(f"give `{free[0]}` a number",))
    for place, rep in enumerate(item.reps):
        if not rep.permuted:
            message = f"`{item.shown(place)}` has coordinates that a group mixes, and an index is no such coordinate"
            raise fault("E0327", "an index stands beside sets and channels", at, message, helps=("take two inputs, one for each",))


def computed(space: Space) -> Space:
    """The type that operations see."""
    return each_entry(space, _computed)


def _computed(item: Axes) -> Axes:
    labels = tuple(None if isinstance(rep, OneHot) else label for rep, label in zip(item.reps, item.labels, strict=True))
    return Axes(tuple(map(encoded, item.reps)), labels)


def read(operand: Operand, builder: Builder, at: Span) -> Operand:
    """Inputs as operations see them."""

    def one(item: Single, _: tuple[str, ...]) -> Single:
        plain = item.space.type.classes is None
        return item if plain else builder.emit(Encode(), [item], [_computed(item.space)], at)[0]

    return each_tensor(operand, one)
