"""The arguments of constructors, each read as what its constructor asks for."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol

from symc.algebra import construct
from symc.algebra.groups import Group
from symc.algebra.reps import Rep
from symc.diagnostics import DiagnosticError, read_bytes
from symc.grammar import decode, show, tree
from symc.passes.elaborate import sizes
from symc.passes.elaborate.constructors import REPS, Constructor, Kind
from symc.passes.elaborate.meanings import Scope, wrong_kind
from symc.passes.elaborate.report import fault
from symc.passes.elaborate.space import Axes, merged

LABELS = 1000  # of one range
MATRIX = ("write a list of rows, `[[0, -1], [1, 0]]`, or `complex([[0, 0], [0, 0]], [[0, -1], [1, 0]])`",)


class Reader(Protocol):
    """How groups and types are read, which stand in each other's arguments."""

    def group(self, expr: tree.Expr, scope: Scope) -> Group: ...

    def axes(self, expr: tree.Expr, scope: Scope) -> Axes: ...


def arguments(call: tree.Call, name: str, constructor: Constructor, scope: Scope, reader: Reader) -> tuple[list[Any], dict[str, Any]]:
    """The values of what a constructor is given, by position and by name. Raises DiagnosticError where their number or names are wrong."""
    given = [arg for arg in call.args if not isinstance(arg, tree.Keyword)]
    named: dict[str, tree.Expr] = {}
    for arg in call.args:
        if isinstance(arg, tree.Keyword):
            if arg.name.id not in constructor.keywords:
                raise fault("E0215", f"`{name}` takes no argument `{arg.name.id}`", arg.span)
            if arg.name.id in named:
                raise fault("E0215", f"`{name}` is given `{arg.name.id}` twice", arg.span)
            named[arg.name.id] = arg.value
    if not constructor.fits(len(given)) or constructor.required - named.keys():
        raise fault("E0215", f"`{name}` takes {constructor.arity}", call.span, f"{len(given)} given")
    values = [_value(constructor.kind_of(position), arg, scope, reader) for position, arg in enumerate(given)]
    return values, {key: _value(constructor.keywords[key], expr, scope, reader) for key, expr in named.items()}


def _value(kind: Kind, expr: tree.Expr, scope: Scope, reader: Reader) -> Any:
    if isinstance(expr, tree.Name) and sizes.is_string(expr, scope):
        expr = tree.String(sizes.string(expr, scope), span=expr.span)
    match kind:
        case "size":
            return sizes.size(expr, scope)
        case "integer":
            return sizes.integer(expr, scope, 0, "this number")
        case "group":
            return reader.group(expr, scope)
        case "type":
            return reader.axes(expr, scope)
        case "rep":
            return merged(reader.axes(expr, scope)).reps[0]
        case "turning":
            return _turning(expr, scope, reader)
        case "permutation":
            return _permutation(expr, scope)
        case "matrix":
            return _matrix(expr, scope)
        case "matrices":
            if isinstance(expr, tree.List):
                return [_matrix(item, scope) for item in expr.items]
            raise wrong_kind(expr, f"`{show(expr)}`", "a list of matrices", ("write `[[[0, -1], [1, 0]]]`, one matrix for every generator",))
        case "image":
            return _permutation(expr, scope) if _is_permutation(expr) else _matrix(expr, scope)
        case "element":
            if _is_permutation(expr):
                return _permutation(expr, scope)
            return _matrix(expr, scope) if isinstance(expr, tree.List) or _is_complex(expr) else reader.group(expr, scope)
        case "label":
            return _label(expr, scope)
        case "file":
            return _file(expr)


def _turning(expr: tree.Expr, scope: Scope, reader: Reader) -> Rep | construct.ByImages:
    """What turns translations: of `rep(...)` only the images, which may keep the relations of their group modulo a number alone."""
    if isinstance(expr, tree.Call) and isinstance(expr.function, tree.Name) and expr.function.id == "rep":
        images: construct.ByImages = replace(REPS["rep"], build=construct.ByImages).built(*arguments(expr, "rep", REPS["rep"], scope, reader))
        return images
    return merged(reader.axes(expr, scope)).reps[0]


def _is_permutation(expr: tree.Expr) -> bool:
    return isinstance(expr, tree.String) or (isinstance(expr, tree.List) and not any(isinstance(item, tree.List) for item in expr.items))


def _permutation(expr: tree.Expr, scope: Scope) -> str | list[int]:
    if isinstance(expr, tree.String):
        return expr.value
    if isinstance(expr, tree.List):
        return [sizes.integer(item, scope, 0, "the image of a point") for item in expr.items]
    raise wrong_kind(expr, f"`{show(expr)}`", "a permutation", ('write cycles, `"(0 1 2)(3 4)"`, or the list of images, `[1, 2, 0]`',))


def _is_complex(expr: tree.Expr) -> bool:
    return isinstance(expr, tree.Call) and isinstance(expr.function, tree.Name) and expr.function.id == "complex"


def _matrix(expr: tree.Expr, scope: Scope) -> list[list[int | float | complex]]:
    """The rows of a matrix of numbers, or of its real and imaginary parts."""
    if isinstance(expr, tree.Call) and _is_complex(expr) and len(expr.args) == 2:
        real, imaginary = (_matrix(part, scope) for part in expr.args)
        if [len(row) for row in real] != [len(row) for row in imaginary]:
            raise fault("E0215", "the real and the imaginary part of a matrix are of different sizes", expr.span)
        return [[complex(a.real, b.real) for a, b in zip(*rows, strict=True)] for rows in zip(real, imaginary, strict=True)]
    if isinstance(expr, tree.List) and all(isinstance(row, tree.List) for row in expr.items):
        return [[_entry(item, scope) for item in row.items] for row in expr.items if isinstance(row, tree.List)]
    raise wrong_kind(expr, f"`{show(expr)}`", "a matrix", MATRIX)


def _entry(expr: tree.Expr, scope: Scope) -> int | float:
    value = sizes.real(expr, scope)
    return int(value) if value.is_integer() else value


def _label(expr: tree.Expr, scope: Scope) -> int | str | list[int] | range:
    """A label of an irreducible representation: an integer, text, a partition, or a range of integers."""
    match expr:
        case tree.String(value):
            return value
        case tree.List(items):
            return [sizes.integer(item, scope, 0, "a part of a partition") for item in items]
        case tree.Range(first, last):
            start, stop = sizes.integer(first, scope, 0, "a degree"), sizes.integer(last, scope, 0, "a degree")
            if stop - start >= LABELS:
                raise fault("E0524", "a range of too many labels", expr.span, f"{stop - start + 1} labels; at most {LABELS} are allowed")
            return range(start, stop + 1)
        case _:
            number = sizes.number(expr, scope)
            if not isinstance(number, int):
                raise wrong_kind(expr, f"`{show(expr)}`", "a label", ('labels are integers, text such as `"1o"`, or partitions `[3, 1]`',))
            return number


def _file(expr: tree.Expr) -> str:
    """The text of a file, named relative to the folder of the text at hand."""
    if not isinstance(expr, tree.String):
        raise wrong_kind(expr, f"`{show(expr)}`", "the name of a file", ('write `"graph.json"`',))
    place = Path(expr.span.source.name).parent / expr.value
    try:
        return decode(read_bytes(place, at=expr.span), str(place)).text
    except DiagnosticError as error:
        found = error.diagnostics[0]
        raise fault(found.code, found.title, expr.span, "asked for here", notes=found.notes, helps=found.helps) from None
