"""Meeting the groups of an imported model with those of its caller, by the types of the arguments."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, is_dataclass

import sympy

from symc.algebra import sizes as sz
from symc.algebra.groups import Group, Named
from symc.algebra.reps import Rep, Sum, Tensor
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
        case Fields(inners), Fields(entries) if len(inners) == len(entries):
            for (_, inner), (_, entry) in zip(inners, entries, strict=True):
                unify(inner, entry, bindings)
        case _:
            pass


def _rep(pattern: Rep, actual: Rep, bindings: Bindings) -> None:
    match pattern, actual:
        case (Sum(parts), Sum(others)) | (Tensor(parts), Tensor(others)) if len(parts) == len(others):
            for part, other in zip(parts, others, strict=True):
                _rep(part, other, bindings)
        case _ if type(pattern) is type(actual):
            assert is_dataclass(pattern)
            for field_ in fields(pattern):
                _part(getattr(pattern, field_.name), getattr(actual, field_.name), bindings)
        case _:
            pass


def _part(pattern: object, actual: object, bindings: Bindings) -> None:
    """A field of a leg: a group, a representation or a size."""
    match pattern, actual:
        case Group(), Group():
            _group(pattern, actual, bindings)
        case Rep(), Rep():
            _rep(pattern, actual, bindings)
        case int() | sympy.Expr(), int() | sympy.Expr():
            _size(pattern, actual, bindings)
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
    if isinstance(pattern, Named):
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
