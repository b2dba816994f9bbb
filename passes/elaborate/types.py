"""Type expressions: from the syntax tree to spaces and groups."""

from __future__ import annotations

import math
from collections.abc import Collection
from typing import Any

import sympy

from symc.algebra import construct
from symc.algebra import sizes as sz
from symc.algebra.groups import Group
from symc.algebra.points import translated
from symc.algebra.reps import Carried, OneHot, Rep, Sum, Tensor, within
from symc.algebra.summands import summands
from symc.diagnostics import DiagnosticError, Label, Span
from symc.grammar import show, tree
from symc.passes.elaborate import sizes
from symc.passes.elaborate.construct_arguments import arguments
from symc.passes.elaborate.constructors import AXISWISE, CONSTRUCTORS, FUTURE_REPS, GROUPS, REPS, Constructor
from symc.passes.elaborate.layers import layer
from symc.passes.elaborate.meanings import Family, Local, Meaning, Missing, Scope, describe, look_up, member, unknown, wrong_kind
from symc.passes.elaborate.parameters import matched
from symc.passes.elaborate.report import explained, fault, unsupported
from symc.passes.elaborate.space import UNIT, Axes, Fields, Space, axis, entries, join, merged, term, trivial

MAX_AXES = 32
KINDS = ("int", "float", "string", "rep", "group", "layer")
MAX_COORDINATES = 2**53
MAX_SUMMANDS = 500


def space(expr: tree.Expr, scope: Scope) -> Space:
    """The space that a type expression stands for, within the limits on axes and sizes."""
    found = _space(expr, scope)
    check_limits(found, expr.span)
    check_apart(found, expr.span)
    with explained(expr.span):
        _check_points(found)
    return found


def axes(expr: tree.Expr, scope: Scope) -> Axes:
    """A type that is no record."""
    found = space(expr, scope)
    if isinstance(found, Fields):
        raise wrong_kind(expr, "a record type", "one representation")
    return found


def group(expr: tree.Expr, scope: Scope) -> Group:
    """The group that an expression stands for."""
    match expr:
        case tree.Paren(inner):
            return group(inner, scope)
        case tree.Binary("*", left, right):
            factors = [group(left, scope), group(right, scope)]
            with explained(expr.span):
                return construct.product(factors)
        case tree.Call(tree.Name(name)) if name in CONSTRUCTORS:
            return _constructed_group(expr, name, scope)
        case tree.Call(tree.Name(name) as function):
            raise unknown_constructor(function, scope, (*GROUPS,), "a group")
        case _:
            meaning = _meaning(expr, scope, "a group")
            if isinstance(meaning, Group):
                return meaning
            raise wrong_kind(expr, describe(meaning), "a group")


def argument(kind: str, expr: tree.Expr, scope: Scope) -> Meaning:
    """The value of an argument or default of a parameter of that kind."""
    match kind:
        case "int":
            return sizes.size(expr, scope)
        case "float":
            return sizes.real(expr, scope)
        case "rep":
            return space(expr, scope)
        case "group":
            return group(expr, scope)
        case "string":
            return sizes.string(expr, scope)
        case "layer":
            return layer(expr, scope)
        case _:
            raise ValueError(f"no kind of parameter: {kind}")


def default(param: tree.Param, written: tree.Expr, scope: Scope) -> Meaning:
    """The value that a parameter has where none is given. A literal of another kind needs that kind said."""
    found = {tree.Float: "float", tree.String: "string"}.get(type(written), "int")
    if param.kind == "int" != found:
        helps = (f"say its kind: `{param.name.id}: {found} = {show(written)}`",)
        raise fault("E0214", f"the parameter `{param.name.id}` is a whole number unless its kind is said", written.span, helps=helps)
    return argument(param.kind, written, scope)


def bind(params: tuple[tree.Param, ...], given: tuple[tree.Expr, ...], caller: Scope, home: Scope, at: Span, what: str) -> dict[str, Meaning]:
    """The values of parameters: arguments are read where they are written, defaults where the parameters are declared."""
    expressions = matched(params, given, at, what)
    require(params, expressions, at, what)
    values: dict[str, Meaning] = {}
    for param in params:
        written = expressions.get(param.name.id)
        if written is not None:
            values[param.name.id] = argument(param.kind, written, caller)
        elif param.default is not None:
            values[param.name.id] = default(param, param.default, Local(home, values))
    return values


def check_kind(param: tree.Param) -> None:
    """Parameters are of six kinds."""
    if param.kind not in KINDS:
        *first, last = (f"`{kind}`" for kind in KINDS)
        raise unknown(param.kind, param.span, KINDS, f"a parameter is of kind {', '.join(first)} or {last}")


def unknown_constructor(function: tree.Name, scope: Scope, known: tuple[str, ...], expected: str) -> DiagnosticError:
    """The complaint about a name before `(` in a type or group."""
    meaning = scope.find(function.id)
    if meaning is not None:
        return wrong_kind(function, describe(meaning), f"a constructor of {expected}", ("a family takes its parameters in square brackets",))
    names = f"write one of {', '.join(known)}"
    return unknown(function.id, function.span, known, f"no constructor of {expected} has this name", (names,))


def _space(expr: tree.Expr, scope: Scope) -> Space:
    match expr:
        case tree.Unit():
            return UNIT
        case tree.Int() | tree.Float() | tree.Neg() | tree.Binary("-" | "/"):
            return trivial(sizes.size(expr, scope, least=1), sizes.label(expr))
        case tree.Paren(inner):
            found = _space(inner, scope)
            return merged(found, sizes.label(inner)) if isinstance(found, Axes) else found
        case tree.Record(fields):
            _check_distinct(fields)
            return Fields(tuple((field.name.id, _space(field.type, scope)) for field in fields))
        case tree.Binary("*", left, right):
            return _product(expr, _space(left, scope), _space(right, scope))
        case tree.Binary("+"):
            return axis(Sum(tuple(term(_tensor(part, scope)) for part in _terms(expr))))
        case tree.Binary("^", base, exponent):
            return _power(expr, _tensor(base, scope), sizes.integer(exponent, scope, 0, "an exponent"))
        case tree.Call(tree.Name(name)) if name in CONSTRUCTORS:
            return _constructed_rep(expr, name, scope)
        case tree.Call(tree.Name() as function):
            raise unknown_constructor(function, scope, (*REPS, *AXISWISE), "a representation")
        case _:
            return _as_space(expr, _meaning(expr, scope, "a type"))


def _check_distinct(fields: tuple[tree.Field, ...]) -> None:
    """The entries of a record have names of their own."""
    seen: dict[str, Span] = {}
    for field in fields:
        name = field.name
        if name.id in seen:
            first = Label(seen[name.id], "declared here")
            raise fault("E0211", f"`{name.id}` is declared twice", name.span, "another entry of this name", secondary=(first,))
        seen[name.id] = name.span


def _as_space(expr: tree.Expr, meaning: Meaning) -> Space:
    match meaning:
        case Axes((_,), (None,)):
            return axis(meaning.reps[0], show(expr))
        case Axes() | Fields():
            return meaning
        case int() | sympy.Expr():
            if meaning == 0:
                raise fault("E0223", "0 is not a size", expr.span, f"`{show(expr)}` is 0: {sizes.NOT_A_SIZE}")
            return trivial(meaning, show(expr))
        case Group():
            raise wrong_kind(expr, "a group", "a representation", (f"representations of it are `perm({show(expr)})`, `vector({show(expr)})`, ...",))
        case _:
            helps = (f"write `{show(expr)}[...]`",) if isinstance(meaning, Family) else ()
            raise wrong_kind(expr, describe(meaning), "a representation", helps)


def _meaning(expr: tree.Expr, scope: Scope, expected: str) -> Meaning:
    """What a name, a member of an imported file or a member of a family stands for."""
    match expr:
        case tree.Name(id):
            meaning = look_up(expr, scope, CONSTRUCTORS if id not in CONSTRUCTORS else ())
        case tree.Dot():
            found = member(expr, scope)
            if found is None:
                raise wrong_kind(expr, f"`{show(expr)}`", expected)
            meaning = found
        case tree.Index(tree.Name(id) as name, args) if id in CONSTRUCTORS and scope.find(id) is None:
            helps = (f"write `{id}({', '.join(map(show, args))})`",)
            raise fault("E0214", f"`{id}` takes its arguments in round brackets", name.span, "no family of representations", helps=helps)
        case tree.Index(target, args):
            family = _meaning(target, scope, "a family")
            if not isinstance(family, Family):
                raise wrong_kind(target, describe(family), "a family of representations")
            return _member_of_family(expr, family, args, scope)
        case _:
            raise wrong_kind(expr, f"`{show(expr)}`", expected)
    if isinstance(meaning, Missing):
        raise unsupported(meaning.what, expr.span)
    return meaning


def _member_of_family(expr: tree.Expr, family: Family, args: tuple[tree.Expr, ...], scope: Scope) -> Meaning:
    declaration, home = family.declaration, family.home
    name = declaration.name.id
    values = bind(declaration.params, args, scope, home, expr.span, f"`{name}`")
    inner = Local(home, values)
    with home.reading(f"{name}[...]", expr.span), explained(expr.span):
        if isinstance(declaration, tree.RepDecl):
            return space(declaration.value, inner)
        shown = f"{name}[{', '.join(str(value) for value in values.values())}]"
        return construct.name(shown, group(declaration.value, inner), home.origin)


def require(params: tuple[tree.Param, ...], given: Collection[str], at: Span, what: str, *, outside: bool = False) -> None:
    """Every parameter is of a kind there is, and is given a value, from outside the text or in square brackets, or has a default."""
    for param in params:
        check_kind(param)
    missing = [param.name.id for param in params if param.default is None and param.name.id not in given]
    if missing:
        names = ", ".join(f"`{name}`" for name in missing)
        way = f"give it: `--set {missing[0]}=...`, in Python `params={{\"{missing[0]}\": ...}}`" if outside else f"write `[{missing[0]}=...]`"
        raise fault("E0215", f"{what} needs a value for {names}", at, "without default" if outside else "in square brackets", helps=(way,))


def _terms(expr: tree.Expr) -> list[tree.Expr]:
    """The terms of a chain of `+`; a sum in parentheses is one term."""
    terms: list[tree.Expr] = []
    while isinstance(expr, tree.Binary) and expr.op == "+":
        terms.append(expr.right)
        expr = expr.left
    return [expr, *reversed(terms)]


def _tensor(expr: tree.Expr, scope: Scope) -> Axes:
    found = _space(expr, scope)
    if isinstance(found, Fields):
        raise wrong_kind(expr, "a record type", "one representation", ("a record is multiplied by `*`, and nothing else",))
    return found


def _product(expr: tree.Expr, left: Space, right: Space) -> Space:
    match left, right:
        case Axes(), Axes():
            return join(left, right)
        case Fields(fields), Axes():
            return Fields(tuple((name, _product(expr, inner, right)) for name, inner in fields))
        case Axes(), Fields(fields):
            return Fields(tuple((name, _product(expr, left, inner)) for name, inner in fields))
        case _:
            raise wrong_kind(expr, "a product of two records", "a type")


def _power(expr: tree.Expr, base: Axes, exponent: int) -> Axes:
    if len(base) * exponent > MAX_AXES:
        raise fault("E0521", "too many axes", expr.span, f"{len(base) * exponent} axes; at most {MAX_AXES} are allowed")
    return Axes(base.reps * exponent, base.labels * exponent)


def check_limits(found: Space, at: Span) -> None:
    """Complain about a space with too many axes, summands or coordinates."""
    if isinstance(found, Fields):
        for _, inner in found.fields:
            check_limits(inner, at)
        return
    terms = math.prod(map(_summands, found.reps))
    if terms > MAX_SUMMANDS:  # first, so that what is made of a type is never much larger than its text
        helps = ("write `k*v` for k copies of v",)
        raise fault("E0524", "a type of too many summands", at, f"{terms} summands; at most {MAX_SUMMANDS} are allowed", helps=helps)
    legs = sum(map(_legs, found.reps))
    if legs > MAX_AXES:
        raise fault("E0521", "too many axes", at, f"{legs} axes; at most {MAX_AXES} are allowed")
    total = sz.product(size for size in (rep.dim for rep in found.reps) if isinstance(size, int))
    if isinstance(total, int) and total > MAX_COORDINATES:
        raise fault("E0520", "a type is too large", at, f"about 2^{total.bit_length()} coordinates; at most 2^53 are allowed")


def check_apart(found: Space, at: Span) -> None:
    """What is carried along, or stored as an index, is an axis of its own, and part of no other."""
    for _, item in entries(found):
        for place, rep in enumerate(item.reps):
            for inner in within(rep):
                if isinstance(inner, Carried | OneHot):
                    message, helps = f"`{inner}` stands inside `{item.shown(place)}`", (f"keep it outside: `{inner}*(...)`",)
                    raise fault("E0327", f"`{inner}` is an axis of its own, and part of no other", at, message, helps=helps)


def _check_points(found: Space) -> None:
    """What stands beside points is permuted, so that translations act on the whole; raises AlgebraError."""
    if isinstance(found, Fields):
        for _, inner in found.fields:
            _check_points(inner)
    elif any(rep.affine for rep in found.reps):
        for summand in summands(found.type.rep):
            translated(summand.legs)


def _summands(rep: Rep) -> int:
    """The terms, if all products were multiplied out."""
    match rep:
        case Tensor(factors):
            return math.prod(map(_summands, factors))
        case Sum(terms):
            return sum(map(_summands, terms))
        case _:
            return 1


def _legs(rep: Rep) -> int:
    """The axes of an axis, if its products were not merged."""
    match rep:
        case Tensor(factors):
            return sum(map(_legs, factors))
        case Sum(terms):
            return max(map(_legs, terms), default=0)
        case _:
            return 1


class _Reader:
    """How the arguments of constructors read groups and types."""

    def group(self, expr: tree.Expr, scope: Scope) -> Group:
        return group(expr, scope)

    def axes(self, expr: tree.Expr, scope: Scope) -> Axes:
        return axes(expr, scope)


def _constructed_group(call: tree.Call, name: str, scope: Scope) -> Group:
    if name not in GROUPS:
        raise wrong_kind(call, f"the representation `{show(call)}`", "a group")
    result = _built(call, name, GROUPS[name], scope)
    assert isinstance(result, Group)
    return result


def _constructed_rep(call: tree.Call, name: str, scope: Scope) -> Axes:
    if name in FUTURE_REPS:
        raise unsupported(f"`{name}(...)`", call.span)
    if name in AXISWISE:
        (of, *others), _ = arguments(call, name, AXISWISE[name], scope, _Reader())
        with explained(call.span):
            reps = AXISWISE[name].build(of.reps, *others)
        before = [*zip(of.reps, of.labels, strict=True), *[(None, None)] * len(reps)]
        return Axes(reps, tuple(label if old == new else None for (old, label), new in zip(before, reps, strict=False)))
    if name not in REPS:
        hint = f"a representation of it is `perm({show(call)})`, `vector({show(call)})`, ..."
        raise wrong_kind(call, f"the group `{show(call)}`", "a representation", (hint,))
    return axis(_built(call, name, REPS[name], scope))


def _built(call: tree.Call, name: str, constructor: Constructor, scope: Scope) -> Any:
    positional, named = arguments(call, name, constructor, scope, _Reader())
    with explained(call.span):
        return constructor.built(positional, named)
