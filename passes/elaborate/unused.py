"""Inputs and values of a model on which nothing it returns depends: the live names at every statement, from the last one to the first."""

from __future__ import annotations

from collections.abc import Iterable
from typing import assert_never

from symc.diagnostics import Diagnostic, Label
from symc.grammar import tree
from symc.passes.elaborate.naming import statements

Live = frozenset[str]


def unused(model: tree.ModelDecl) -> list[Diagnostic]:
    """W0202 for inputs, W0203 for variables and layers, at the first place each is bound in vain; both branches of an `if` count."""
    vain: dict[int, bool] = {}
    live = _block(model.body, frozenset(), vain) | _names(item.type for item in model.inputs)
    found = [_warning("W0202", item.name, "no output depends on the input", "is not used") for item in model.inputs if item.name.id not in live]
    bound: dict[str, tree.Name] = {}
    for statement in statements(model.body):
        if vain.get(id(statement)):
            for name in tree.bound(statement):
                bound.setdefault(name.id, name)
    found += [_warning("W0203", name, "nothing that is returned depends on this", "is bound in vain") for name in bound.values()]
    return [warning for name, warning in found if not name.startswith("_")]


def _warning(code: str, name: tree.Name, title: str, message: str) -> tuple[str, Diagnostic]:
    helps = (f"use it, leave it out, or call it `_{name.id}`",)
    return name.id, Diagnostic(code, f"{title} `{name.id}`", Label(name.span, message), helps=helps)


def _names(nodes: Iterable[tree.Node]) -> Live:
    return frozenset(part.id for node in nodes for part, _ in tree.walk(node) if isinstance(part, tree.Name))


def _block(block: tuple[tree.Statement, ...], live: Live, vain: dict[int, bool]) -> Live:
    """The names live before a block, given those live after it; `vain` is told of each statement whether what it binds is not live."""
    for statement in reversed(block):
        live = _before(statement, live, vain)
    return live


def _before(statement: tree.Statement, live: Live, vain: dict[int, bool]) -> Live:
    match statement:
        case tree.Return(values):
            return _names(values)
        case tree.Bind() | tree.Rebind() | tree.Let():
            bound = {name.id for name in tree.bound(statement)}
            vain[id(statement)] = not bound & live
            return live - bound | _names([statement.value]) if bound & live else live
        case tree.If(test, then, otherwise):
            return _block(then, live, vain) | _block(otherwise, live, vain) | _names([test])
        case tree.Repeat(count, body):
            after = live
            while (before := live | _block(body, live, vain)) != live:
                live = before  # what a turn needs, the turn before it must keep
            return after | live | _names([count])
        case _:
            assert_never(statement)
