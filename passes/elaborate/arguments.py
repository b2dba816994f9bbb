"""The arguments of operations: what stands in round brackets, and the options in square ones."""

from __future__ import annotations

from collections.abc import Sequence

from symc.diagnostics import did_you_mean
from symc.grammar import show, tree
from symc.passes.elaborate import sizes, types
from symc.passes.elaborate.meanings import Scope, Tensor
from symc.passes.elaborate.report import fault, unsupported
from symc.passes.elaborate.space import Axes


def positional(call: tree.Call, keywords: Sequence[str] = ()) -> tuple[tree.Expr, ...]:
    """What stands in round brackets, without the keywords that are taken there."""
    for arg in call.args:
        if isinstance(arg, tree.Keyword) and arg.name.id not in keywords:
            title = f"`{show(call.function)}` takes no `{arg.name.id}` in round brackets"
            raise fault("E0215", title, arg.span, helps=did_you_mean(arg.name.id, keywords) or ("options stand in square brackets",))
    return tuple(arg for arg in call.args if not isinstance(arg, tree.Keyword))


def keyword(call: tree.Call, name: str) -> tree.Expr | None:
    """What is given as `name=...` in round brackets."""
    found = [arg for arg in call.args if isinstance(arg, tree.Keyword) and arg.name.id == name]
    if len(found) > 1:
        raise fault("E0215", f"`{show(call.function)}` is given `{name}` twice", found[1].span)
    return found[0].value if found else None


def no_options(name: str, chosen: Sequence[tree.Expr]) -> None:
    if chosen:
        raise fault("E0215", f"`{name}` takes nothing in square brackets", chosen[0].span)


def axes_of(name: str, chosen: Sequence[tree.Expr], call: tree.Call, scope: Scope) -> Axes:
    """The axes that a pooling or a softmax runs over."""
    if len(chosen) != 1 or isinstance(chosen[0], tree.Keyword):
        raise fault("E0215", f"`{name}` takes the axis it runs over in square brackets", call.span, helps=(f"write `{name}[X](...)`",))
    if isinstance(chosen[0], tree.Dot) and isinstance(chosen[0].target, tree.Name) and isinstance(scope.find(chosen[0].target.id), Tensor):
        raise unsupported("a relation in square brackets", chosen[0].span)
    return types.axes(chosen[0], scope)


def probability(chosen: Sequence[tree.Expr], call: tree.Call, scope: Scope) -> float:
    if len(chosen) != 1 or isinstance(chosen[0], tree.Keyword):
        raise fault("E0215", "`dropout` takes a probability in square brackets", call.span, helps=("write `dropout[0.1](...)`",))
    p = sizes.real(chosen[0], scope)
    if not 0 <= p < 1:
        raise fault("E0216", f"{p:g} is no probability for `dropout`", chosen[0].span, "at least 0 and less than 1")
    return p
