"""The statements of a model's body, one after another; one that goes wrong is reported, and the next are still read."""

from __future__ import annotations

from dataclasses import replace
from typing import assert_never

import sympy

from symc.algebra import sizes as sz
from symc.diagnostics import DiagnosticError, Label, Span
from symc.grammar import show, tree
from symc.passes.elaborate import naming, sizes
from symc.passes.elaborate.build import MAX_STEPS, Bundle, Operand, Single
from symc.passes.elaborate.coerce import coerced
from symc.passes.elaborate.frame import Binding, Broken, Frame
from symc.passes.elaborate.layers import layer
from symc.passes.elaborate.meanings import Layer, Template, Tensor, describe, member
from symc.passes.elaborate.report import Poisoned, fault, unsupported
from symc.passes.elaborate.reserved import check_free_to_use, check_not_word
from symc.passes.elaborate.space import Fields, Space
from symc.passes.elaborate.stored import tensor_space
from symc.passes.elaborate.values import value
from symc.passes.elaborate.vocabulary import FUTURE_OPERATIONS


class Undecided(Exception):
    """A test hangs on a parameter that has no value, so the model can be read only where it is applied."""


def run(block: tuple[tree.Statement, ...], frame: Frame) -> Operand | Broken | None:
    """Read the statements; the result is what they return, None where they do not."""
    for position, statement in enumerate(block):
        returned = _statement(statement, frame)
        if returned is not None:
            if isinstance(statement, tree.Return) and position + 1 < len(block):
                after = block[position + 1]
                frame.reports.add(fault("E0220", "nothing may follow `return`", after.span, "never reached").diagnostics)
            return returned
    return None


def _statement(statement: tree.Statement, frame: Frame) -> Operand | Broken | None:
    match statement:
        case tree.Bind():
            _bind(statement, frame)
        case tree.Rebind():
            _rebind(statement, frame)
        case tree.Let():
            _let(statement, frame)
        case tree.Return():
            return _return(statement, frame)
        case tree.Repeat():
            with frame.reports.recover():
                _repeat(statement, frame)
        case tree.If():
            return _if(statement, frame)
        case _:
            assert_never(statement)
    return None


def _bind(statement: tree.Bind, frame: Frame) -> None:
    """`h: T = e`."""
    wanted: Space | None = None
    bound: Binding = Broken()
    with frame.reports.recover():
        wanted = tensor_space(statement.annotation, frame.scope)
    with frame.reports.recover():
        found = _asked(statement.value, frame, frame.places[id(statement)], wanted)
        if wanted is not None:
            because = Label(statement.annotation.span, f"the annotation asks for `{wanted}`")
            bound = coerced(found, wanted, frame.builder, statement.value.span, because)
    if isinstance(bound, Broken) and wanted is not None:
        bound = frame.builder.placeholder(statement.name.id, wanted, statement.span)
    _assign(statement.name, bound, frame)


def _rebind(statement: tree.Rebind, frame: Frame) -> None:
    """`h = e` and `a, b = e`."""
    names = statement.names
    bound: list[Binding] = [Broken() for _ in names]
    with frame.reports.recover():
        found = _evaluated(statement.value, frame, frame.places[id(statement)], None)
        bound = [found] if len(names) == 1 else list(_unpacked(found, statement))
    if len({name.id for name in names}) < len(names):
        frame.reports.add(fault("E0211", "a name is bound twice in one statement", names[0].span.to(names[-1].span)).diagnostics)
    for name, item in zip(names, bound, strict=True):
        _assign(name, item, frame)


def _unpacked(found: Operand, statement: tree.Rebind) -> tuple[Operand, ...]:
    count = len(statement.names)
    if not isinstance(found, Bundle) or len(found.fields) != count:
        what = f"a record of {len(found.fields)}" if isinstance(found, Bundle) else "one tensor"
        raise fault("E0321", f"{count} names for {what}", statement.value.span, f"its type is `{found.space}`")
    return tuple(item for _, item in found.fields)


def _assign(name: tree.Name, bound: Binding, frame: Frame) -> None:
    with frame.reports.recover():
        _check_name(name, frame)
    if isinstance(bound, Single | Bundle):
        bound = frame.builder.named(bound, name.id)
    frame.names[name.id] = bound
    frame.spans[name.id] = name.span


def _check_name(name: tree.Name, frame: Frame) -> None:
    """A tensor may not take the name of anything else, nor one that a module keeps for itself."""
    check_free_to_use(name, "a variable")
    check_tensor_name(name, frame)


def check_tensor_name(name: tree.Name, frame: Frame) -> None:
    """A tensor may not take the name of a rep, size, group, model or parameter."""
    if name.id in frame.names:
        return
    meaning = frame.scope.find(name.id)
    if meaning is not None and not isinstance(meaning, Tensor):
        place = frame.home.span_of(name.id)
        secondary = (Label(place, "declared here"),) if place is not None and name.id not in frame.params else ()
        raise fault("E0212", f"`{name.id}` is {describe(meaning)} already", name.span, "a tensor needs a name of its own", secondary=secondary)


def _let(statement: tree.Let, frame: Frame) -> None:
    """`let enc = linear[X*64]`."""
    name, written = statement.name, statement.value
    bound: Binding = Broken()
    with frame.reports.recover():
        check_not_word(name, "a layer")
        _check_layer(statement, written.target if isinstance(written, tree.Index) else written)
        chosen = layer(written, frame.scope)
        check_free_to_use(name, "a layer")
        path = frame.path + naming.placed(name.id, frame.turns)
        _check_layer_name(statement, path, frame)
        frame.layers[path] = statement
        bound = replace(chosen, path=path)
    frame.names[name.id] = bound
    frame.spans[name.id] = name.span


def _check_layer_name(statement: tree.Let, path: str, frame: Frame) -> None:
    """A layer shares its name with no tensor of the model, and with no other layer, since its weights are called like it."""
    name = statement.name
    other = frame.layers.get(path, statement)
    taken = other.name if other is not statement else next(naming.bindings(frame.model, name.id), name)
    if taken.span != name.span:
        first = Label(taken.span, "bound here")
        raise fault("E0212", f"`{name.id}` is taken already", name.span, "a layer needs a name of its own", secondary=(first,))
    check_tensor_name(name, frame)


def _check_layer(statement: tree.Let, head: tree.Expr) -> None:
    if isinstance(head, tree.Call):
        function = head.function.target if isinstance(head.function, tree.Index) else head.function
        if isinstance(function, tree.Name) and function.id in FUTURE_OPERATIONS:
            raise unsupported(f"`{function.id}`", function.span)
    if not isinstance(head, tree.Name | tree.Dot):
        helps = (f"a value is bound without `let`: `{statement.name.id} = ...`",)
        raise fault("E0224", "`let` names a layer", statement.value.span, f"`{show(statement.value)}` is none", helps=helps)


def _return(statement: tree.Return, frame: Frame) -> Operand | Broken:
    """`return a, b`: one value for each entry of the result, or one for the whole."""
    result = frame.result
    if frame.turns:
        frame.reports.add(fault("E0220", "`return` inside `repeat`", statement.span, helps=("return after the loop",)).diagnostics)
        return Broken()
    values = statement.values
    if len(values) == 1:
        return _returned(values[0], frame, result)
    if result is not None and not (isinstance(result, Fields) and len(result.fields) == len(values)):
        expected = f"{len(result.fields)} values" if isinstance(result, Fields) else "one value"
        secondary = (Label(frame.model.result.span, f"the result is {expected}"),)
        frame.reports.add(fault("E0321", f"{len(values)} values are returned, {expected} declared", statement.span, secondary=secondary).diagnostics)
        result = None
    wanted: list[tuple[str, Space | None]] = list(result.fields) if isinstance(result, Fields) else [("", None)] * len(values)
    found = [(name, _returned(item, frame, target)) for item, (name, target) in zip(values, wanted, strict=True)]
    fields = tuple((name, item) for name, item in found if not isinstance(item, Broken))
    return Bundle(fields) if result is not None and len(fields) == len(values) else Broken()


def _returned(expr: tree.Expr, frame: Frame, wanted: Space | None) -> Operand | Broken:
    """One value of a `return` under its declared type; a tensor alone will do for a record of one entry. Broken where it went wrong."""
    with frame.reports.recover():
        found = _asked(expr, frame, frame.places[id(expr)], wanted)
        if wanted is not None:
            if isinstance(wanted, Fields) and len(wanted.fields) == 1 and isinstance(found, Single):
                found = Bundle(((wanted.fields[0][0], found),))
            because = Label(frame.model.result.span, f"the result is `{wanted}`")
            return coerced(found, wanted, frame.builder, expr.span, because)
    return Broken()


def _asked(expr: tree.Expr, frame: Frame, place: str, wanted: Space | None) -> Operand:
    """The value where a type is asked for; where that type is wrong itself, a map without target is no further mistake."""
    try:
        return _evaluated(expr, frame, place, wanted)
    except DiagnosticError as error:
        if wanted is None and error.diagnostics[0].code == "E0310":
            raise Poisoned from None
        raise


def _evaluated(expr: tree.Expr, frame: Frame, place: str, wanted: Space | None) -> Operand:
    """The value of a statement's right side, its weights named after the statement's place."""
    frame.maps = naming.map_names(expr, frame.path + naming.placed(place, frame.turns), lambda head: _is_model(head, frame))
    return value(expr, frame, wanted)


def _is_model(head: tree.Expr, frame: Frame) -> bool:
    """Does what stands before brackets name a model? Where its declaration is wrong it does not; that is reported when it is read."""
    try:
        if isinstance(head, tree.Name):
            meaning = None if head.id in frame.names else frame.scope.find(head.id)
            return isinstance(meaning, Template | Layer)
        return isinstance(head, tree.Dot) and isinstance(member(head, frame.scope), Template)
    except (DiagnosticError, Poisoned):
        return False


def _repeat(statement: tree.Repeat, frame: Frame) -> None:
    """Unroll. The types of what was there before stay; what is new inside is forgotten after."""
    count = _turns(statement, frame)
    builder, outer = frame.builder, frame.turns
    before, spans = dict(frame.names), dict(frame.spans)
    known, made = len(frame.reports.found), len(builder.nodes)
    try:
        for turn in range(max(count, 1)):
            builder.step(statement.span)
            frame.turns = (*outer, turn)
            run(statement.body, frame)
            _check_invariant(before, spans, frame)
            for name in frame.names.keys() - before.keys():
                del frame.names[name]
            if len(frame.reports.found) > known:
                break
    finally:
        frame.turns = outer
    if count == 0:
        del builder.nodes[made:]
        frame.names, frame.spans = before, spans


def _turns(statement: tree.Repeat, frame: Frame) -> int:
    count = sizes.size(statement.count, frame.scope)
    if isinstance(count, sympy.Expr) and sz.free_names(count) <= frame.session.symbolic:
        return 1
    number = sizes.integer(statement.count, frame.scope, 0, "the count of `repeat`")
    if number > MAX_STEPS:
        raise fault("E0522", f"`repeat` is unrolled, and {number} turns are too many", statement.count.span, f"at most {MAX_STEPS}")
    return number


def _check_invariant(before: dict[str, Binding], spans: dict[str, Span], frame: Frame) -> None:
    for name, old in before.items():
        new = frame.names[name]
        if not isinstance(old, Single | Bundle) or not isinstance(new, Single | Bundle) or old.space.type == new.space.type:
            continue
        title = f"`{name}` changes its type in `repeat`"
        first = Label(spans[name], f"`{old.space}` before")
        helps = ("every turn needs the types of the first: map back to the type before, or use another name inside",)
        raise fault("E0316", title, frame.spans[name], f"`{new.space}` after one turn", secondary=(first,), helps=helps)


def _if(statement: tree.If, frame: Frame) -> Operand | Broken | None:
    try:
        holds = _test(statement.test, frame)
    except (DiagnosticError, Poisoned) as error:
        if isinstance(error, DiagnosticError):
            frame.reports.add(error.diagnostics)
        return Broken() if any(isinstance(inner, tree.Return) for inner in naming.statements((statement,))) else None
    return run(statement.then if holds else statement.otherwise, frame)


def _test(test: tree.Expr, frame: Frame) -> bool:
    """A test of sizes at compile time; a number alone holds where it is not 0."""
    op, left, right = (test.op, test.left, test.right) if isinstance(test, tree.Compare) else ("!=", test, tree.Int(0, span=test.span))
    if any(sizes.is_string(side, frame.scope) for side in (left, right)):
        return _same_string(test, op, left, right, frame)
    x, y = (sizes.number(side, frame.scope, whole=False) for side in (left, right))
    if isinstance(x, sympy.Expr) or isinstance(y, sympy.Expr):
        if any(isinstance(side, sympy.Expr) and sz.free_names(side) & frame.session.symbolic for side in (x, y)):
            raise Undecided
        raise fault("E0223", f"`{show(test)}` is not known at compile time", test.span, "a free size is read off the inputs")
    match op:
        case "==":
            return x == y
        case "!=":
            return x != y
        case "<=":
            return x <= y
        case ">=":
            return x >= y
        case "<":
            return x < y
        case ">":
            return x > y
    raise TypeError(f"no comparison: {op}")


def _same_string(test: tree.Expr, op: str, left: tree.Expr, right: tree.Expr, frame: Frame) -> bool:
    """Strings are equal or not, and in no order."""
    if op not in ("==", "!=") or not isinstance(test, tree.Compare):
        raise fault("E0223", f"`{show(test)}` is no test of strings", test.span, "they are equal or not", helps=("compare by `==` or `!=`",))
    return (sizes.string(left, frame.scope) == sizes.string(right, frame.scope)) == (op == "==")
