"""Expressions that stand for tensors: from the syntax tree to nodes of the graph.

`target` is the type that the surroundings ask for; it passes down to the `linear` that has none of its own (see `targets`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, cast

import sympy

from symc.diagnostics import Span
from symc.grammar import HABITS, show, tree
from symc.ir import ops
from symc.ir.pointwise import FUNCTIONS
from symc.passes.elaborate import maps, operations, sizes, types
from symc.passes.elaborate.broadcast import NoAlignment, align
from symc.passes.elaborate.build import Bundle, Operand, Single, each_tensor, tensors
from symc.passes.elaborate.frame import Broken, Frame, Layer
from symc.passes.elaborate.meanings import Missing, Template, describe, look_up, member, unknown, wrong_kind
from symc.passes.elaborate.report import Poisoned, fault, unsupported
from symc.passes.elaborate.reserved import FUTURE_OPERATIONS, OPERATIONS
from symc.passes.elaborate.space import UNIT, Axes, Fields, Space, each_entry, join
from symc.passes.elaborate.targets import needs_target
from symc.passes.elaborate.concat import concat

POOLS = ("sum", "mean", "max")
PASSES_ON = frozenset(FUNCTIONS) | {"softmax", "layernorm", "dropout"}  # operations whose operand has the type of the result

_KINDS: dict[str, Literal["add", "sub", "mul", "div"]] = {"+": "add", "-": "sub", "*": "mul", "/": "div"}


def value(expr: tree.Expr, frame: Frame, target: Space | None) -> Operand:
    """The tensors that an expression stands for. Raises DiagnosticError, or Poisoned where an earlier error already says why not."""
    if sizes.is_number(expr, frame.scope):
        return constant(expr, frame)
    match expr:
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
        if not (frame.session.symbolic and {str(symbol) for symbol in number.free_symbols} <= frame.params.keys()):
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
        return _norm(inner, frame, squared=True)
    operand = value(base, frame, None)
    if power == 1:
        return operand
    return _entrywise("square", operand, frame, expr.span) if power == 2 else _entrywise("pow", operand, frame, expr.span, power)


def _binary(expr: tree.Binary, frame: Frame, target: Space | None) -> Operand:
    """`+ - * /`. With no target from outside, one summand can give the other its type."""
    left, right = expr.left, expr.right
    match expr.op:
        case "*":
            x, y = value(left, frame, None), value(right, frame, target)
        case "/":
            x, y = value(left, frame, target), value(right, frame, None)
        case _ if target is None and needs_target(left, frame) and not sizes.is_number(right, frame.scope):
            y = value(right, frame, None)
            x = value(left, frame, y.space)
        case _:
            x = value(left, frame, target)
            hint = x.space if target is None and not sizes.is_number(left, frame.scope) else target
            y = value(right, frame, hint)
    return combined(expr, x, y, frame, target)


def combined(expr: tree.Binary, x: Operand, y: Operand, frame: Frame, target: Space | None) -> Operand:
    """Two operands met by type; a record with a record of the same names entry by entry, a record with a tensor entry by entry too."""
    match x, y:
        case Single(), Single():
            return _met(expr, x, y, frame, target if isinstance(target, Axes) else None)
        case Bundle(left), Bundle(right):
            if [name for name, _ in left] != [name for name, _ in right]:
                message = f"`{x.space}` and `{y.space}`"
                raise fault("E0312", "the operands are records with different entries", expr.span, message)
            pairs = zip(left, right, strict=True)
            return Bundle(tuple((name, combined(expr, a, b, frame, _entry(target, name))) for (name, a), (_, b) in pairs))
        case Bundle(left), Single():
            return Bundle(tuple((name, combined(expr, a, y, frame, _entry(target, name))) for name, a in left))
        case Single(), Bundle(right):
            return Bundle(tuple((name, combined(expr, x, b, frame, _entry(target, name))) for name, b in right))
    raise TypeError(f"not operands: {x!r}, {y!r}")


def _entry(target: Space | None, name: str) -> Space | None:
    return dict(target.fields).get(name) if isinstance(target, Fields) else None


def _met(expr: tree.Binary, x: Single, y: Single, frame: Frame, target: Axes | None) -> Single:
    try:
        found = align(x.space, y.space, target)
    except NoAlignment as error:
        code = "E0313" if error.ambiguous else "E0312"
        types_shown = f"`{x.space}` {expr.op} `{y.space}`"
        helps = ("annotate the statement with the order of the axes: `r: A*B = ...`",) if error.order else ()
        title = "the operands match in more than one way" if error.ambiguous else "the operands do not match"
        raise fault(code, title, expr.span, f"{types_shown}: {error}", helps=helps) from None
    return frame.builder.emit(ops.Binary(_KINDS[expr.op], found.left, found.right), [x, y], [found.space], expr.span)[0]


def _call(call: tree.Call, frame: Frame, target: Space | None) -> Operand:
    """`f(x)` or `f[options](x)`: an operation, a layer or a model."""
    head, chosen = (call.function.target, call.function.args) if isinstance(call.function, tree.Index) else (call.function, ())
    path = frame.maps.get(id(call), "")
    layer = frame.names.get(head.id) if isinstance(head, tree.Name) else None
    if isinstance(layer, Broken):
        raise Poisoned
    if isinstance(layer, Layer) and isinstance(head, tree.Name) and head.id not in OPERATIONS:
        if chosen:
            raise fault("E0224", f"`{head.id}` is a layer: its square brackets stand in its `let`", call.function.span)
        return _shared(layer, call, frame, target)
    return applied(head, chosen, call, path, frame, target)


def applied(head: tree.Expr, chosen: Sequence[tree.Expr], call: tree.Call, path: str, frame: Frame, target: Space | None) -> Operand:
    """An operation or model with its square brackets, on the arguments of a call; its weights are called `path`."""
    if isinstance(head, tree.Name) and head.id in OPERATIONS:
        return _operation(head.id, chosen, call, path, frame, target)
    if isinstance(head, tree.Name) and head.id in FUTURE_OPERATIONS and frame.home.find(head.id) is None:
        raise unsupported(f"`{head.id}`", head.span)
    return frame.session.apply(template(head, frame), chosen, call, frame, path)


def template(head: tree.Expr, frame: Frame) -> Template:
    """The model that stands before brackets."""
    match head:
        case tree.Name():
            meaning = look_up(head, frame.scope, (*OPERATIONS, *FUTURE_OPERATIONS))
        case tree.Dot() if (found := member(head, frame.scope)) is not None:
            meaning = found
        case tree.Dot():
            raise unknown(show(head), head.span, (), "neither an operation nor a model") if str(head.attribute) not in HABITS else fault(
                "E0210", f"unknown name `{show(head)}`", head.span, "neither an operation nor a model", helps=(HABITS[str(head.attribute)],)
            )
        case _:
            raise wrong_kind(head, f"`{show(head)}`", "an operation or a model")
    if isinstance(meaning, Missing):
        raise unsupported(meaning.what, head.span)
    if not isinstance(meaning, Template):
        raise wrong_kind(head, describe(meaning), "an operation or a model")
    return meaning


def _shared(layer: Layer, call: tree.Call, frame: Frame, target: Space | None) -> Operand:
    """One more application of a `let` layer: the same weights, so the same types as before."""
    before = len(frame.builder.nodes)
    result = applied(layer.head, layer.options, call, layer.path, frame, target)
    own = [node for node in frame.builder.nodes[before:] if getattr(node.op, "name", "").startswith(layer.path)]
    shape = tuple((tuple(v.type for v in node.inputs), tuple(v.type for v in node.outputs)) for node in own)
    if layer.used is None:
        layer.used = shape, call.span
    elif layer.used[0] != shape:
        first = layer.used[1]
        message = "its weights are shared, and here they would have another shape"
        from symc.diagnostics import Label

        raise fault("E0320", f"the layer `{show(call.function)}` is applied to different types", call.span, message, secondary=(Label(first, "first applied here"),))
    return result


def _operation(name: str, chosen: Sequence[tree.Expr], call: tree.Call, path: str, frame: Frame, target: Space | None) -> Operand:
    builder, at = frame.builder, call.span
    if name == "linear":
        return _linear(chosen, call, path, frame, target)
    if name == "norm":
        _none(name, chosen)
        return _norm(call, frame, squared=False)
    if name == "concat":
        _none(name, chosen)
        return concat([_single(value(arg, frame, None), arg) for arg in _positional(call)], builder, at)
    if name in POOLS:
        over = _axes_of(name, chosen, call, frame)
        wanted = None if target is None else each_entry(target, lambda entry: join(over, entry))
        kind = cast(Literal["sum", "mean", "max"], name)
        return each_tensor(_one(name, call, frame, wanted), lambda item, _: operations.pool(kind, item, over, builder, at))
    if name == "softmax":
        along = _axes_of(name, chosen, call, frame)
        return each_tensor(_one(name, call, frame, target), lambda item, _: operations.softmax(item, along, builder, at))
    if name == "layernorm":
        _none(name, chosen)
        return each_tensor(_one(name, call, frame, target), lambda item, entry: operations.layernorm(item, ".".join((path, *entry)), builder, at))
    if name == "dropout":
        p = _probability(chosen, call, frame)
        return each_tensor(_one(name, call, frame, target), lambda item, _: operations.dropout(item, p, builder, at))
    _none(name, chosen)
    return _entrywise(name, _one(name, call, frame, target), frame, at)


def _linear(chosen: Sequence[tree.Expr], call: tree.Call, path: str, frame: Frame, target: Space | None) -> Operand:
    read = maps.options(chosen, frame.scope)
    inputs = [item for arg in _positional(call) for item in tensors(value(arg, frame, None))]
    return maps.linear(inputs, target, read, path, frame.builder, call.span)


def _norm(call: tree.Call, frame: Frame, squared: bool) -> Operand:
    operand = _one("norm", call, frame, None)
    return each_tensor(operand, lambda item, _: operations.norm(item, squared, frame.builder, call.span))


def _one(name: str, call: tree.Call, frame: Frame, target: Space | None) -> Operand:
    """The only argument of an operation."""
    args = _positional(call)
    if len(args) != 1:
        raise fault("E0215", f"`{name}` takes one tensor", call.span, f"{len(args)} given")
    return value(args[0], frame, target)


def _positional(call: tree.Call) -> tuple[tree.Expr, ...]:
    for arg in call.args:
        if isinstance(arg, tree.Keyword):
            if arg.name.id == "weights":
                raise unsupported("`weights=`", arg.span)
            raise fault("E0215", f"`{show(call.function)}` takes no `{arg.name.id}` in round brackets", arg.span, helps=("options stand in square brackets",))
    return call.args


def _none(name: str, chosen: Sequence[tree.Expr]) -> None:
    if chosen:
        raise fault("E0215", f"`{name}` takes nothing in square brackets", chosen[0].span)


def _single(operand: Operand, expr: tree.Expr) -> Single:
    if isinstance(operand, Bundle):
        raise wrong_kind(expr, "a record", "one tensor", ("take an entry, `x.name`",))
    return operand


def _axes_of(name: str, chosen: Sequence[tree.Expr], call: tree.Call, frame: Frame) -> Axes:
    """The axes that a pooling or a softmax runs over."""
    if len(chosen) != 1 or isinstance(chosen[0], tree.Keyword):
        raise fault("E0215", f"`{name}` takes the axis it runs over in square brackets", call.span, helps=(f"write `{name}[X](...)`",))
    if isinstance(chosen[0], tree.Dot) and isinstance(chosen[0].target, tree.Name) and chosen[0].target.id in frame.names:
        _variable(chosen[0].target, frame)
        raise unsupported("a relation in square brackets", chosen[0].span)
    return types.axes(chosen[0], frame.scope)


def _probability(chosen: Sequence[tree.Expr], call: tree.Call, frame: Frame) -> float:
    if len(chosen) != 1 or isinstance(chosen[0], tree.Keyword):
        raise fault("E0215", "`dropout` takes a probability in square brackets", call.span, helps=("write `dropout[0.1](...)`",))
    p = sizes.real(chosen[0], frame.scope)
    if not 0 <= p < 1:
        raise fault("E0216", f"{p:g} is no probability for `dropout`", chosen[0].span, "at least 0 and less than 1")
    return p


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


def _indexed(expr: tree.Index, frame: Frame) -> Exception:
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
        look_up(expr.target, frame.scope, (*OPERATIONS, *FUTURE_OPERATIONS)) if expr.target.id not in OPERATIONS | FUTURE_OPERATIONS else None
        return wrong_kind(expr, f"`{show(expr)}`", "a tensor", (f"apply it: `{show(expr)}(x)`",))
    return wrong_kind(expr, f"`{show(expr)}`", "a tensor")
