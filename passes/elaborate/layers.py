"""Layers: operations and models with their square brackets, before they are applied. `let` names one, and a parameter of a model can be one."""

from __future__ import annotations

from symc.grammar import HABITS, show, tree
from symc.passes.elaborate.constructors import CONSTRUCTORS
from symc.passes.elaborate.meanings import Layer, Missing, Scope, Template, describe, look_up, member, wrong_kind
from symc.passes.elaborate.report import fault, unsupported
from symc.passes.elaborate.vocabulary import FUTURE_OPERATIONS, OPERATIONS

OVER_AXES = ("sum", "mean", "max", "softmax")


def layer(expr: tree.Expr, scope: Scope) -> Layer:
    """What `relu`, `linear[T]`, `Block[64]` or the name of a layer stands for; what is in its brackets is read here, wherever it is applied."""
    head, options = (expr.target, expr.args) if isinstance(expr, tree.Index) else (expr, ())
    if isinstance(head, tree.Name) and head.id in OPERATIONS:
        return Layer(head.id, options, scope)
    if isinstance(head, tree.Name) and head.id in FUTURE_OPERATIONS and scope.find(head.id) is None:
        raise unsupported(f"`{head.id}`", head.span)
    found = scope.find(head.id) if isinstance(head, tree.Name) else None
    if isinstance(found, Layer):
        if options:
            raise fault("E0224", f"`{show(head)}` is a layer: its square brackets stand where it is named", expr.span)
        return found
    return Layer(template(head, scope), options, scope)


def template(head: tree.Expr, scope: Scope) -> Template:
    """The model that stands before brackets."""
    match head:
        case tree.Name(id) if id in CONSTRUCTORS and scope.find(id) is None:
            helps = ("types stand after `:`, as in `h: X*3 = ...`, or in square brackets",)
            raise wrong_kind(head, "a constructor of types", "an operation or a model", helps)
        case tree.Name():
            meaning = look_up(head, scope, (*OPERATIONS, *FUTURE_OPERATIONS))
        case tree.Dot() if (found := member(head, scope)) is not None:
            meaning = found
        case tree.Dot():
            raise fault("E0210", f"unknown name `{show(head)}`", head.span, "neither an operation nor a model", helps=habits(head))
        case _:
            raise wrong_kind(head, f"`{show(head)}`", "an operation or a model", habits(head))
    if isinstance(meaning, Missing):
        raise unsupported(meaning.what, head.span)
    if not isinstance(meaning, Template):
        raise wrong_kind(head, describe(meaning), "an operation or a model")
    return meaning


def habits(head: tree.Expr) -> tuple[str, ...]:
    """How to say here what is written as elsewhere, `nn.Linear(3, 4)` or `x.reshape`."""
    if isinstance(head, tree.Dot) and head.attribute in OPERATIONS and show(head).split(".")[0] not in HABITS:
        over = "[X]" if head.attribute in OVER_AXES else ""
        return (f"operations stand before what they are applied to: `{head.attribute}{over}({show(head.target)})`",)
    names = [str(node.attribute) for node, _ in tree.walk(head) if isinstance(node, tree.Dot)]
    return tuple(HABITS[name] for name in (*names, show(head).split(".")[0]) if name in HABITS)[:1]
