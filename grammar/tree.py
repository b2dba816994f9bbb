"""The syntax tree of a `.sym` text: what the parser makes and the elaborator reads.

One expression union serves types, groups, values and sizes. Every node knows where it stands, and its span takes no part in
equality or hash: two nodes are equal when they are written equally.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from typing import Literal

from symc.diagnostics import Source, Span


@dataclass(frozen=True, slots=True)
class Node:
    """Anything with a place in the text."""

    span: Span = field(compare=False, repr=False, kw_only=True)


# ---------------------------------------------------------------- expressions


@dataclass(frozen=True, slots=True)
class Name(Node):
    id: str


@dataclass(frozen=True, slots=True)
class Int(Node):
    value: int


@dataclass(frozen=True, slots=True)
class Float(Node):
    value: float


@dataclass(frozen=True, slots=True)
class String(Node):
    """A string; `value` has its escapes resolved."""

    value: str


@dataclass(frozen=True, slots=True)
class Unit(Node):
    """`()`, the empty product."""


@dataclass(frozen=True, slots=True)
class Paren(Node):
    """`(e)`: kept, since parentheses merge axes."""

    inner: Expr


@dataclass(frozen=True, slots=True)
class Field(Node):
    """`name: type`, in a record or among a model's inputs."""

    name: Name
    type: Expr


@dataclass(frozen=True, slots=True)
class Record(Node):
    """`(a: A, b: B)`, at least one field."""

    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class List(Node):
    """`[a, b]`: a row of a matrix, a partition, a permutation."""

    items: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Call(Node):
    """`function(args)`: round brackets apply. Keywords stand among the arguments, in the order written."""

    function: Expr
    args: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Index(Node):
    """`target[args]`: square brackets say which."""

    target: Expr
    args: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Dot(Node):
    """`x.w` or `x.1`."""

    target: Expr
    attribute: str | int


Operator = Literal["+", "-", "*", "/", "^"]


@dataclass(frozen=True, slots=True)
class Binary(Node):
    """`left op right`; `⊗ ⊕ ×` and superscripts arrive here as `* + *` and `^`."""

    op: Operator
    left: Expr
    right: Expr


@dataclass(frozen=True, slots=True)
class Neg(Node):
    operand: Expr


@dataclass(frozen=True, slots=True)
class Range(Node):
    """`first..last`, both ends included; only as an argument or in a list."""

    first: Expr
    last: Expr


@dataclass(frozen=True, slots=True)
class Keyword(Node):
    """`name=value`; only as an argument."""

    name: Name
    value: Expr


Comparison = Literal["==", "!=", "<=", ">=", "<", ">"]


@dataclass(frozen=True, slots=True)
class Compare(Node):
    """`left op right`; only as the test of an `if`."""

    op: Comparison
    left: Expr
    right: Expr


Expr = Name | Int | Float | String | Unit | Paren | Record | List | Call | Index | Dot | Binary | Neg | Range | Keyword | Compare

# ---------------------------------------------------------------- statements


@dataclass(frozen=True, slots=True)
class Bind(Node):
    """`name: annotation = value`."""

    name: Name
    annotation: Expr
    value: Expr


@dataclass(frozen=True, slots=True)
class Rebind(Node):
    """`a = value` or `a, b = value`."""

    names: tuple[Name, ...]
    value: Expr


@dataclass(frozen=True, slots=True)
class Let(Node):
    """`let name = value`: a named layer or relation."""

    name: Name
    value: Expr


@dataclass(frozen=True, slots=True)
class Return(Node):
    """`return a, b`, at least one value."""

    values: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Repeat(Node):
    """`repeat count:` and its block."""

    count: Expr
    body: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class If(Node):
    """`if test: ... else: ...`; `otherwise` is empty without `else`."""

    test: Expr
    then: tuple[Statement, ...]
    otherwise: tuple[Statement, ...]


Statement = Bind | Rebind | Let | Return | Repeat | If

# ---------------------------------------------------------------- declarations


@dataclass(frozen=True, slots=True)
class Param(Node):
    """`name: kind = default`; the kind is `int` where none is written."""

    name: Name
    kind: str
    default: Expr | None


@dataclass(frozen=True, slots=True)
class Import(Node):
    """`import "path"` or `import "path" as alias`."""

    path: String
    alias: Name | None


@dataclass(frozen=True, slots=True)
class GroupDecl(Node):
    name: Name
    params: tuple[Param, ...]
    value: Expr


@dataclass(frozen=True, slots=True)
class RepDecl(Node):
    name: Name
    params: tuple[Param, ...]
    value: Expr


@dataclass(frozen=True, slots=True)
class WeightsDecl(Node):
    name: Name
    value: Expr


@dataclass(frozen=True, slots=True)
class ExternDecl(Node):
    """`extern name: source -> target`."""

    name: Name
    source: Expr
    target: Expr


@dataclass(frozen=True, slots=True)
class ModelDecl(Node):
    """`model name[params](inputs) -> result: body`; `head` spans the header up to its colon."""

    name: Name
    params: tuple[Param, ...]
    inputs: tuple[Field, ...]
    result: Expr
    body: tuple[Statement, ...]
    head: Span = field(compare=False, repr=False, kw_only=True)


Declaration = Import | GroupDecl | RepDecl | WeightsDecl | ExternDecl | ModelDecl


@dataclass(frozen=True, slots=True)
class File:
    """A parsed text: the declarations that could be read, and the names of those that could not (already reported), empty where they have none."""

    declarations: tuple[Declaration, ...]
    source: Source = field(compare=False, repr=False)
    failed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Signature(Node):
    """`source -> target`."""

    source: Expr
    target: Expr


def children(node: Node) -> Iterator[Node]:
    """The nodes directly under a node, in the order written."""
    for item in fields(node):
        value = getattr(node, item.name)
        if isinstance(value, Node):
            yield value
        elif isinstance(value, tuple):
            yield from value


def walk(node: Node) -> Iterator[tuple[Node, int]]:
    """Every node of a tree with its depth, the root first at depth 1; never recursive."""
    stack = [(node, 1)]
    while stack:
        top, depth = stack.pop()
        yield top, depth
        stack += [(child, depth + 1) for child in reversed(tuple(children(top)))]


def bound(node: Node) -> tuple[Name, ...]:
    """The names a node itself gives to something."""
    match node:
        case Field() | Param() | Bind() | Let() | GroupDecl() | RepDecl() | WeightsDecl() | ExternDecl() | ModelDecl():
            return (node.name,)
        case Rebind():
            return node.names
        case Import(alias=Name() as alias):
            return (alias,)
        case _:
            return ()
