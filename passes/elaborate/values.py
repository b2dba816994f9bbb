"""Expressions that stand for tensors: from the syntax tree to nodes of the graph.

`target` is the type that the surroundings ask for; it passes down to the `linear` that has none of its own (see `targets`).
"""

from __future__ import annotations

import sympy

from symc.algebra import sizes as sz
from symc.diagnostics import DiagnosticError, Label, Span
from symc.grammar import HABITS, show, tree
from symc.ir import ops
from symc.passes.elaborate import naming, operations, sizes
from symc.passes.elaborate.application import Application
from symc.passes.elaborate.arithmetic import combined
from symc.passes.elaborate.build import Bundle, Operand, Single, each_tensor
from symc.passes.elaborate.frame import Broken, Frame
from symc.passes.elaborate.gating import asks_for_gates, gated, ungated
from symc.passes.elaborate.layers import habits, layer
from symc.passes.elaborate.meanings import Layer, Missing, describe, look_up, member, unknown, wrong_kind
from symc.passes.elaborate.report import Poisoned, fault, unsupported
from symc.passes.elaborate.rules import RULES, norm_squared
from symc.passes.elaborate.space import UNIT, Space
from symc.passes.elaborate.targets import affine, beside, needs_target
from symc.passes.elaborate.vocabulary import FUTURE_OPERATIONS, OPERATIONS


def value(expr: tree.Expr, frame: Frame, target: Space | None) -> Operand:
    """The tensors that an expression stands for. Raises DiagnosticError, or Poisoned where an earlier error already says why not."""
    match expr:
        case tree.Name(id) if id in frame.names:
            return _variable(expr, frame)
        case _ if sizes.is_number(expr, frame.scope):
            return constant(expr, frame)
        case tree.Paren(inner):
            return value(inner, frame, target)
        case tree.Name():
            return _variable(expr, frame)
        case tree.Neg(operand):
            return _entrywise("neg", value(operand, frame, target), frame, expr.span)
        case tree.Binary("^", base, exponent):
            return _power(expr, base, exponent, frame)
        case tree.Binary():
            return _binary(expr, frame, target)
        case tree.Call():
            return _call(expr, frame, target)
        case tree.Dot():
            return _dot(expr, frame)
        case tree.Index():
            raise _indexed(expr, frame)
        case _:
            raise wrong_kind(expr, f"`{show(expr)}`", "a tensor")


def constant(expr: tree.Expr, frame: Frame) -> Single:
    """A number; while a model is read symbolically, one that stands for a parameter without value."""
    number = sizes.number(expr, frame.scope, whole=False)
    if isinstance(number, sympy.Expr):
        if not sz.free_names(number) <= frame.session.symbolic:
            sizes.real(expr, frame.scope)
        number = 1.0
    return frame.builder.emit(ops.Constant(float(number)), [], [UNIT], expr.span)[0]


def _variable(name: tree.Name, frame: Frame) -> Operand:
    match frame.names.get(name.id):
        case Single() | Bundle() as found:
            return found
        case Broken():
            raise Poisoned
        case Layer():
            raise wrong_kind(name, "a layer", "a tensor", (f"apply it: `{name.id}(x)`",))
        case None:
            words = (*OPERATIONS, *FUTURE_OPERATIONS)
            if name.id in words and frame.scope.find(name.id) is None:
                raise wrong_kind(name, "an operation", "a tensor", (f"apply it: `{name.id}(x)`",))
            meaning = frame.scope.find(name.id)
            if meaning is None and (bound := next(naming.bindings(frame.model, name.id), None)) is not None:
                secondary, why = (Label(bound.span, "bound here"),), naming.why_not_bound(frame.model, bound, name)
                raise fault("E0210", f"`{name.id}` is not bound here", name.span, why, secondary=secondary)
            meaning = look_up(name, frame.scope, words)
            raise unsupported(meaning.what, name.span) if isinstance(meaning, Missing) else wrong_kind(name, describe(meaning), "a tensor")


def _entrywise(function: str, operand: Operand, frame: Frame, at: Span, argument: float | None = None) -> Operand:
    return each_tensor(operand, lambda item, _: operations.pointwise(function, item, frame.builder, at, argument))


def _power(expr: tree.Binary, base: tree.Expr, exponent: tree.Expr, frame: Frame) -> Operand:
    power = sizes.real(exponent, frame.scope)
    inner = base
    while isinstance(inner, tree.Paren):
        inner = inner.inner
    if power == 2 and isinstance(inner, tree.Call) and inner.function == tree.Name("norm", span=inner.span):
        return norm_squared(Application("norm", (), inner, "", frame, None, frame.scope))
    operand = value(base, frame, None)
    if power == 1:
        return operand
    return _entrywise("square", operand, frame, expr.span) if power == 2 else _entrywise("pow", operand, frame, expr.span, power)


def _binary(expr: tree.Binary, frame: Frame, target: Space | None, order: Space | None = None) -> Operand:
    """`+ - * /`. With no target from outside, one summand can give the other its type; `order` is the annotation, where it only orders axes."""
    left, right = expr.left, expr.right
    order = order if target is None else target
    match expr.op:
        case "*":
            scaled = sizes.is_number(right, frame.scope)  # `x * 0.5`: the number is the factor
            x, y = _operand(left, frame, target if scaled else None, order), _operand(right, frame, target, order)
        case "/":
            if sizes.is_number(right, frame.scope) and sizes.number(right, frame.scope, whole=False) == 0:
                raise fault("E0324", "division by zero", right.span, "this is 0")
            x, y = _operand(left, frame, target, order), _operand(right, frame, None, order)
        case op:
            x, y = _summands(expr, op, frame, target, order)
    return combined(expr, x, y, frame.builder, order)


def _summands(expr: tree.Binary, op: str, frame: Frame, target: Space | None, order: Space | None) -> tuple[Operand, Operand]:
    """The operands of `+` or `-`. Where gates are asked for, the maps in both are to make some."""
    left, right, plain = expr.left, expr.right, ungated(target)

    def asked(space: Space | None) -> Space | None:
        return gated(space, expr.span) if asks_for_gates(target) else space

    if _given_by_right(expr, frame, plain):
        y = _operand(right, frame, asked(None), order)
        known = ungated(y.space)
        assert known is not None
        return value(left, frame, asked(beside(op, known, plain, left=False) if plain is None or affine(known) else plain)), y
    x = _operand(left, frame, target, order)
    known = ungated(x.space)
    if known is None or (plain is not None and not affine(known)) or sizes.is_number(left, frame.scope):
        return x, _operand(right, frame, target, order)
    return x, _operand(right, frame, asked(beside(op, known, plain, left=True)), order)


def _given_by_right(expr: tree.Binary, frame: Frame, target: Space | None) -> bool:
    """Is it the right operand that says what the left one is? Beside points also where a type is asked for: the left may be what moves them."""
    if (target is not None and not affine(target)) or sizes.is_number(expr.right, frame.scope):
        return False
    return needs_target(expr.left, frame) and (target is None or not needs_target(expr.right, frame))


def _operand(expr: tree.Expr, frame: Frame, target: Space | None, order: Space | None) -> Operand:
    """A value that no type is asked of, as in the left factor of a product, still has its axes in the order asked for."""
    inner = expr
    while isinstance(inner, tree.Paren):
        inner = inner.inner
    if target is None and isinstance(inner, tree.Binary) and inner.op != "^" and not sizes.is_number(inner, frame.scope):
        return _binary(inner, frame, None, order)
    return value(expr, frame, target)


def _call(call: tree.Call, frame: Frame, target: Space | None) -> Operand:
    """`f(x)` or `f[options](x)`: an operation, a layer or a model."""
    head = call.function.target if isinstance(call.function, tree.Index) else call.function
    if isinstance(head, tree.Name) and head.id not in OPERATIONS and isinstance(frame.names.get(head.id), Broken):
        raise Poisoned
    if isinstance(head, tree.Call) and isinstance(head.function, tree.Name) and head.args and head is call.function:
        options, args = (", ".join(map(show, items)) for items in (head.args, call.args))
        helps = habits(head) or (f"what is fixed stands in square brackets: `{head.function.id}[{options}]({args})`",)
        raise wrong_kind(head, f"`{show(head)}`", "an operation or a model", helps)
    return applied(layer(call.function, frame.scope), call, frame.maps.get(id(call), ""), frame, target)


def applied(chosen: Layer, call: tree.Call, path: str, frame: Frame, target: Space | None) -> Operand:
    """An operation or model with its square brackets, on the arguments of a call; its weights are called `path` where they have no name yet."""
    path = path if chosen.path is None else chosen.path
    if not isinstance(chosen.head, str):
        return frame.session.apply(chosen, chosen.head, call, frame, path, ungated(target))
    word = OPERATIONS[chosen.head]
    hands_on = word.passes or (word.maps and word.weights)  # what else is inside a `gate` makes no gates
    return RULES[chosen.head](Application(chosen.head, chosen.options, call, path, frame, target if hands_on else ungated(target), chosen.scope))


def _dot(expr: tree.Dot, frame: Frame) -> Operand:
    """`x.w`, an entry of a record, or `x.1`, a summand of a sum."""
    found = member(expr, frame.scope) if isinstance(expr.target, tree.Name) and expr.target.id not in frame.names else None
    if found is not None:
        raise wrong_kind(expr, describe(found), "a tensor")
    operand = value(expr.target, frame, None)
    attribute = expr.attribute
    match operand, attribute:
        case Single(), int(index):
            return operations.project(operand, index, frame.builder, expr.span)
        case Bundle(fields), str(name) if name in dict(fields):
            return dict(fields)[name]
        case Bundle(fields), _:
            names = [name for name, _ in fields]
            raise unknown(str(attribute), expr.span, names, f"the record has {', '.join(f'`{name}`' for name in names)}")
        case Single(), _:
            helps = (HABITS[str(attribute)],) if str(attribute) in HABITS else ()
            raise fault("E0318", f"a tensor has no `.{attribute}`", expr.span, f"the type is `{operand.space}`", helps=helps)
    raise TypeError(f"not an operand: {operand!r}")


def _indexed(expr: tree.Index, frame: Frame) -> DiagnosticError:
    """The complaint about `h[...]` where a tensor is expected."""
    if isinstance(expr.target, tree.Name) and expr.target.id in frame.names:
        _variable(expr.target, frame)
        if all(isinstance(arg, tree.Int | tree.Range | tree.Neg) for arg in expr.args):
            help = "`x.0` takes a summand, `x.w` an entry of a record, `sum[X](x)` reduces"
            return fault("E0318", "a tensor is not indexed by numbers", expr.span, helps=(help,))
        for arg in expr.args:
            if isinstance(arg, tree.Dot):
                value(arg.target, frame, None)
        return unsupported("a tensor indexed by a relation", expr.span)
    if isinstance(expr.target, tree.Name):
        if expr.target.id not in {*OPERATIONS, *FUTURE_OPERATIONS}:
            look_up(expr.target, frame.scope, (*OPERATIONS, *FUTURE_OPERATIONS))
        tensors_given = [arg for arg in expr.args if isinstance(arg, tree.Name) and isinstance(frame.names.get(arg.id), Single | Bundle)]
        if tensors_given and len(tensors_given) == len(expr.args):
            help = f"round brackets apply: `{expr.target.id}({', '.join(map(show, expr.args))})`"
        else:
            help = f"apply it: `{show(expr)}(x)`"
        return wrong_kind(expr, f"`{show(expr)}`", "a tensor", (help,))
    return wrong_kind(expr, f"`{show(expr)}`", "a tensor")
