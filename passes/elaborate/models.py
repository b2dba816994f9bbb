"""Models: applied inside others, where they are inlined with new weights, and as the one that is compiled."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

from symc.algebra import sizes as sz
from symc.diagnostics import Label, Source, Span, did_you_mean
from symc.grammar import parse_expression, show, tree
from symc.ir.graph import Graph
from symc.ir.ops import EquivariantOp
from symc.ir.types import Record, Signature
from symc.passes.elaborate import naming, types
from symc.passes.elaborate.build import Builder, Operand, Single, each_tensor, tensors
from symc.passes.elaborate.coerce import coerced
from symc.passes.elaborate.frame import Broken, Frame, HeadScope, Session
from symc.passes.elaborate.meanings import Home, Layer, Local, Meaning, Template, describe
from symc.passes.elaborate.parameters import matched
from symc.passes.elaborate.report import Poisoned, Reports, fault
from symc.passes.elaborate.reserved import check_free_to_use, check_not_word
from symc.passes.elaborate.space import Axes, Space
from symc.passes.elaborate.statements import check_tensor_name, run
from symc.passes.elaborate.stored import computed, input_space, read, tensor_space
from symc.passes.elaborate.targets import needs_target
from symc.passes.elaborate.unify import Bindings, unify
from symc.passes.elaborate.values import value

MAX_NESTING = 16  # of models inside models


def apply(layer: Layer, template: Template, call: tree.Call, frame: Frame, path: str, target: Space | None) -> Operand:
    """A model inside another: its body, read for these parameters and arguments, with weights called `path.…`."""
    model, what = template.declaration, f"`{template.declaration.name.id}`"
    stack = frame.session.stack
    frame.builder.step(call.span)
    if any(other is model for other in stack):
        raise fault("E0222", f"{what} applies itself", call.span, helps=("use `repeat`",))
    if len(stack) >= MAX_NESTING:
        raise fault("E0523", f"models nested more than {MAX_NESTING} deep", call.span)
    _check_params(model, template.home)
    params = types.bind(model.params, layer.options, layer.scope, template.home, call.function.span, what)
    given = matched(model.inputs, call.args, call.span, what)
    for item in model.inputs:
        if item.name.id not in given:
            raise fault("E0215", f"{what} needs `{item.name.id}`", call.span, secondary=(Label(item.span, "declared here"),))
    early = {} if template.home is frame.home else {name: value(arg, frame, None) for name, arg in given.items() if not needs_target(arg, frame)}
    home = template.home if template.home is frame.home else _met(template, params, early, target)
    inner = _frame(frame.session, model, home, params, f"{path}.")
    for item in model.inputs:
        wanted = computed(types.space(item.type, inner.head))
        arg = given[item.name.id]
        found = early[item.name.id] if item.name.id in early else value(arg, frame, wanted)
        because = Label(item.span, f"{what} takes `{wanted}`")
        inner.names[item.name.id] = coerced(found, wanted, frame.builder, arg.span, because)
        inner.spans[item.name.id] = item.name.span
    stack.append(model)
    try:
        return each_tensor(_body(inner), lambda item, _: replace(item, space=Axes(item.space.reps, (None,) * len(item.space))))
    finally:
        stack.pop()


def _met(template: Template, params: Mapping[str, Meaning], arguments: Mapping[str, Operand], target: Space | None) -> Home:
    """The file of an imported model, its groups and free sizes being those of the arguments, then of the type asked for."""
    bindings, model = Bindings(), template.declaration
    scope = HeadScope(model, Local(template.home, params))
    for item in model.inputs:
        if item.name.id in arguments:
            unify(computed(types.space(item.type, scope)), arguments[item.name.id].space, bindings)
    if target is not None:
        unify(types.space(model.result, scope), target, bindings)
    return template.home.rebound(bindings.groups, bindings.sizes)


def _frame(session: Session, model: tree.ModelDecl, home: Home, params: Mapping[str, Meaning], path: str) -> Frame:
    frame = Frame(session, model, home, params, path, naming.places(model))
    with session.reports.recover():
        frame.result = tensor_space(model.result, frame.head)
    return frame


def _body(frame: Frame) -> Operand:
    """What the model returns. Raises Poisoned where its body is wrong, which is reported."""
    known = len(frame.reports.found)
    returned = run(frame.model.body, frame)
    if returned is None and naming.returns_in_repeat(frame.model.body):
        raise Poisoned
    if returned is None:
        branches = any(isinstance(statement, tree.If) for statement in frame.model.body)
        helps = ("return in both branches of the `if`, or after it",) if branches else ("end the model with `return ...`",)
        raise fault("E0220", f"`{frame.model.name.id}` returns nothing", frame.model.head, helps=helps)
    if isinstance(returned, Broken) or frame.result is None or len(frame.reports.found) > known:
        raise Poisoned
    return returned


def compiled(template: Template, given: Mapping[str, object], reports: Reports, symbolic: bool) -> Graph[EquivariantOp]:
    """The graph of one model. What goes wrong is in `reports`, then raises Poisoned."""
    model, home = template.declaration, template.home
    open_params = frozenset(param.name.id for param in model.params if symbolic and param.default is None and param.kind == "int")
    session = Session(reports, Builder(), apply, value, open_params, [model])
    with reports.recover():
        _check_params(model, home)
    params = _root_params(model, home, given, open_params)
    frame = _frame(session, model, home, params, "")
    inputs: list[tuple[str, Space]] = []
    values: list[Single] = []
    for item in model.inputs:
        with reports.recover():
            _check_input(item, frame)
        frame.names[item.name.id], frame.spans[item.name.id] = Broken(), item.name.span
        with reports.recover():
            space = input_space(item.type, frame.head, open_params)
            inputs.append((item.name.id, space))
            operand = session.builder.placeholder(item.name.id, space, item.span)
            frame.names[item.name.id] = read(operand, session.builder, item.span)
            values += tensors(operand)
    returned = _body(frame)
    if reports.found or reports.poisoned or frame.result is None:
        raise Poisoned
    signature = Signature(Record(tuple((name, space.type) for name, space in inputs)), frame.result.type)
    outputs = tuple(item.value for item in tensors(returned))
    groups = tuple(dict.fromkeys(group for item in (*values, *tensors(returned)) for group in item.space.type.groups))
    graph = Graph(model.name.id, signature, tuple(item.value for item in values), tuple(session.builder.nodes), outputs, groups)
    _check_free(graph, model, open_params)
    return graph


def _check_input(item: tree.Field, frame: Frame) -> None:
    check_free_to_use(item.name, "an input", argument=True)
    if item.name.id in frame.names:
        first = Label(frame.spans[item.name.id], "declared here")
        raise fault("E0211", f"`{item.name.id}` is declared twice", item.name.span, "declared again", secondary=(first,))
    check_tensor_name(item.name, frame)


def _check_params(model: tree.ModelDecl, home: Home) -> None:
    """Names of parameters are new and differ."""
    seen: dict[str, Span] = {}
    for param in model.params:
        name = param.name
        if name.id in seen:
            raise fault("E0211", f"`{name.id}` is declared twice", name.span, "declared again", secondary=(Label(seen[name.id], "declared here"),))
        seen[name.id] = name.span
        if param.kind == "layer":
            check_not_word(name, "a layer")
        if (meaning := home.find(name.id)) is not None:
            place = home.span_of(name.id)
            secondary = (Label(place, "declared here"),) if place is not None else ()
            raise fault("E0212", f"`{name.id}` is {describe(meaning)} already", name.span, "a parameter needs a name of its own", secondary=secondary)


def _root_params(model: tree.ModelDecl, home: Home, given: Mapping[str, object], symbolic: frozenset[str]) -> dict[str, Meaning]:
    """The parameters of the model that is compiled: those given, then defaults, then, read symbolically, free sizes."""
    names = [param.name.id for param in model.params]
    for name in given:
        if name not in names:
            takes = f"it takes {', '.join(f'`{n}`' for n in names)}" if names else "it takes none"
            raise fault("E0215", f"`{model.name.id}` has no parameter `{name}`", model.name.span, takes, helps=did_you_mean(name, names))
    types.require(model.params, {*given, *symbolic}, model.head, f"`{model.name.id}`", outside=True)
    values: dict[str, Meaning] = {}
    for param in model.params:
        name = param.name.id
        if name in given:
            values[name] = _outside(param, given[name], home)
        elif param.default is not None:
            values[name] = types.default(param, param.default, Local(home, values))
        elif name in symbolic:
            values[name] = sz.free(name)
    return values


def _outside(param: tree.Param, given: object, home: Home) -> Meaning:
    """A parameter's value from Python or the command line: a number, or text that is read as an expression."""
    what = f"the parameter `{param.name.id}`"
    if isinstance(given, str) and param.kind == "string":
        return given
    if isinstance(given, str):
        return types.argument(param.kind, parse_expression(Source(f"<{param.name.id}>", given)), home)
    if param.kind == "float" and isinstance(given, int | float) and not isinstance(given, bool) and math.isfinite(given):
        return float(given)
    if param.kind == "int" and isinstance(given, int) and not isinstance(given, bool):
        expr = tree.Int(abs(given), span=param.span)
        return types.argument("int", tree.Neg(expr, span=param.span) if given < 0 else expr, home)
    shown = repr(given) if len(repr(given)) <= 60 else repr(given)[:60] + "…"
    examples = {"rep": "X*3", "group": "S(5)", "layer": "relu", "string": "16x0e + 8x1o"}
    helps = (f'give it as text, such as `"{examples[param.kind]}"`',) if param.kind in examples else ()
    raise fault("E0216", f"{what} is given {shown}, which is no `{param.kind}`", param.span, f"declared as `{show(param)}`", helps=helps)


def _check_free(graph: Graph[EquivariantOp], model: tree.ModelDecl, symbolic: frozenset[str]) -> None:
    """Every free size is read off an input when the module is called."""
    known = graph.free | symbolic
    for value_ in (*(output for node in graph.nodes for output in node.outputs), *graph.outputs):
        unknown = sorted(value_.type.free - known)
        if unknown:
            at = value_.span if value_.span is not None else model.head
            message = f"the type here is `{value_.type}`, and no input has `{unknown[0]}`"
            raise fault("E0322", f"the size `{unknown[0]}` is not known when the module is called", at, message, helps=("give it a number",))
