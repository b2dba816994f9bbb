"""Meeting the groups of an imported model with those of its caller, by the types of the arguments."""

from __future__ import annotations

from dataclasses import dataclass, field

import sympy

from symc.algebra import groups as g
from symc.algebra import sizes as sz
from symc.algebra.groups import Group, Named
from symc.algebra.reps import Dual, Leaf, Pixels, Regular, Rep, Sum, Tensor, Trivial
from symc.algebra.sizes import Size
from symc.passes.elaborate.meanings import GroupKey
from symc.passes.elaborate.space import Axes, Fields, Space


@dataclass(slots=True)
class Bindings:
    """What the callee's named groups and free sizes stand for."""

    groups: dict[GroupKey, Group] = field(default_factory=dict)  # only those that stand for others
    sizes: dict[str, Size] = field(default_factory=dict)


def unify(pattern: Space, actual: Space, bindings: Bindings) -> None:
    """Bind what the callee's type says of its groups. Where the types differ nothing is bound: comparing them says so later."""
    match pattern, actual:
        case Axes(reps), Axes(others) if len(reps) == len(others):
            for rep, other in zip(reps, others, strict=True):
                _rep(rep, other, bindings)
        case Fields(fields), Fields(entries) if len(fields) == len(entries):
            for (_, inner), (_, entry) in zip(fields, entries, strict=True):
                unify(inner, entry, bindings)
        case _:
            pass


def _rep(pattern: Rep, actual: Rep, bindings: Bindings) -> None:
    match pattern, actual:
        case (Sum(parts), Sum(others)) | (Tensor(parts), Tensor(others)) if len(parts) == len(others):
            for part, other in zip(parts, others, strict=True):
                _rep(part, other, bindings)
        case Dual(inner), Dual(other):
            _rep(inner, other, bindings)
        case Trivial(k), Trivial(other):
            _size(k, other, bindings)
        case Leaf(group), Leaf(other) if type(pattern) is type(actual):
            _group(group, other, bindings)
            match pattern, actual:
                case Pixels(_, h, w), Pixels(_, other_h, other_w):
                    _size(h, other_h, bindings)
                    _size(w, other_w, bindings)
                case Regular(_, order), Regular(_, other_order):
                    _size(order, other_order, bindings)
                case _:
                    pass
        case _:
            pass


def _group(pattern: Group, actual: Group, bindings: Bindings) -> None:
    if isinstance(pattern, Named):
        key = pattern.name, pattern.origin
        if key not in bindings.groups and pattern != actual and _fits(pattern.definition, actual.definition, bindings):
            bindings.groups[key] = actual
    else:
        _fits(pattern, actual, bindings)


def _fits(pattern: Group, actual: Group, bindings: Bindings) -> bool:
    """Are the definitions of one kind, the sizes of the pattern being bound on the way?"""
    if isinstance(pattern, g.Named):
        return pattern.definition == actual
    if type(pattern) is not type(actual):
        return False
    before, size = getattr(pattern, "n", None), getattr(actual, "n", None)
    return pattern == actual if before is None or size is None else _size(before, size, bindings)


def _size(pattern: Size, actual: Size, bindings: Bindings) -> bool:
    if isinstance(pattern, sympy.Symbol) and str(pattern) not in bindings.sizes:
        bindings.sizes[str(pattern)] = actual
        return True
    known = {sz.free(name): size for name, size in bindings.sizes.items()}
    return (pattern if isinstance(pattern, int) else sz.normal(pattern.subs(known, simultaneous=True))) == actual
