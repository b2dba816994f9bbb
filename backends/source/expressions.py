"""One fx node as a Python expression: methods where a reader expects methods, operators for arithmetic."""

from __future__ import annotations

import inspect
import math
import operator
from collections.abc import Callable, Mapping, Sequence
from types import ModuleType
from typing import Any

import torch
import torch.nn.functional as F
from torch import fx

from symc.backends.source.recorded import Verbatim
from symc.backends.source.text import ATOM, COMPARISON, POWER, PRODUCT, SUM, Call, Expression, Text, listed

INFIX: dict[Any, tuple[str, int]] = {
    operator.add: ("+", SUM), operator.sub: ("-", SUM), operator.mul: ("*", PRODUCT), operator.truediv: ("/", PRODUCT),
    operator.floordiv: ("//", PRODUCT), operator.gt: (">", COMPARISON), operator.le: ("<=", COMPARISON), operator.lt: ("<", COMPARISON),
    operator.ge: (">=", COMPARISON),
}  # fmt: skip

METHODS = frozenset({
    "amax", "broadcast_to", "diagonal", "flatten", "index_select", "mean", "movedim", "narrow", "permute", "reshape", "split", "square", "sum",
    "transpose", "unsqueeze",
})  # fmt: skip
"""Functions of torch that are written as methods of their first argument."""

SHAPES = frozenset({"broadcast_to", "new_ones", "new_zeros", "permute", "reshape"})  # methods whose sizes need no brackets of their own
SPACES: tuple[tuple[str, ModuleType], ...] = (
    ("torch", torch), ("F", F), ("torch.fft", torch.fft), ("torch.linalg", torch.linalg), ("torch.special", torch.special),
)  # fmt: skip

Operands = Mapping[fx.Node, Expression]


def called(target: Any) -> str:
    """The name under which a file reaches a function of torch, or one that it holds itself."""
    if isinstance(target, torch._ops.OpOverloadPacket | torch._ops.OpOverload):
        return f"torch.ops.{target}"
    if target.__module__ is not None and target.__module__.startswith("symc."):
        return str(target.__name__)
    name = target.__name__
    for prefix, space in SPACES:
        if getattr(space, name, None) is target:
            return f"{prefix}.{name}"
    raise NotImplementedError(f"{target} has no name that a file could use")


def expression(node: fx.Node, known: Operands) -> Expression:
    """What a call of a function or method computes; `known` has the expressions of the nodes it uses, where these are not names."""
    args, kwargs = [_argument(x, known) for x in node.args], dict(node.kwargs)
    depth = 1 + max((x.depth for x in args), default=0)
    if node.op == "call_method":
        return _method(args, str(node.target), node.args[1:], kwargs, known, depth)
    target: Any = node.target
    if target in INFIX:
        sign, rank = INFIX[target]
        left, right = args
        return Expression((left.within(rank), f" {sign} ", right.within(rank - 1)), rank, depth)
    if target is operator.pow:
        spaced = isinstance(node.args[0], fx.Node) and node.args[0] in known
        return Expression((args[0].within(ATOM), " ** " if spaced else "**", args[1].within(ATOM)), POWER, depth)
    if target is operator.neg:
        return Expression(("-", args[0].within(POWER)), PRODUCT, depth)
    if target is operator.getitem:
        return Expression((args[0].within(ATOM), "[", args[1].text, "]"), ATOM, depth)
    if target is getattr:
        return Expression((args[0].within(ATOM), f".{node.args[1]}"), ATOM, depth)
    name = called(target)
    if name.removeprefix("torch.") in METHODS:
        return _method(args, name.removeprefix("torch."), node.args[1:], kwargs, known, depth)
    return Expression(Call(name, (*(x.text for x in args), *_named(_without_defaults(target, kwargs), known))), ATOM, depth)


def _method(args: Sequence[Expression], name: str, given: Sequence[Any], kwargs: dict[str, Any], known: Operands, depth: int) -> Expression:
    rest: Sequence[Text] = [x.text for x in args[1:]]
    if name in SHAPES and len(given) == 1 and isinstance(given[0], tuple | list) and given[0]:
        rest = [_argument(size, known).text for size in given[0]]
    elif name in ("mean", "sum", "amax") and given and isinstance(given[0], tuple) and len(given[0]) == 1:
        rest = [str(given[0][0]), *rest[1:]]
    if name == "size":
        return Expression((args[0].within(ATOM), ".shape[", *rest, "]"), ATOM, depth)
    if not kwargs.get("keepdim", True) or (name == "split" and kwargs.get("dim") == 0):
        kwargs = {key: value for key, value in kwargs.items() if key not in ("keepdim", "dim")}
    return Expression(Call((args[0].within(ATOM), f".{name}"), (*rest, *_named(kwargs, known))), ATOM, depth)


def _without_defaults(target: Callable[..., Any], kwargs: dict[str, Any]) -> dict[str, Any]:
    """Arguments that say what would be so anyway are left out."""
    try:
        defaults = {name: one.default for name, one in inspect.signature(target).parameters.items()}
    except (TypeError, ValueError):
        return kwargs
    return {name: value for name, value in kwargs.items() if isinstance(value, fx.Node) or defaults.get(name, ...) != value}


def _named(kwargs: Mapping[str, Any], known: Operands) -> list[Text]:
    return [(f"{name}=", _argument(value, known).text) for name, value in kwargs.items()]


def _argument(x: Any, known: Operands) -> Expression:
    match x:
        case fx.Node():
            return known.get(x, Expression(x))
        case list():
            items = [_argument(item, known) for item in x]
            return Expression(listed([item.text for item in items]), ATOM, max((item.depth for item in items), default=0))
        case tuple():
            items = [_argument(item, known) for item in x]
            comma = ("",) if len(items) != 1 else (",",)
            if len(items) == 1:
                return Expression(("(", items[0].text, *comma, ")"))
            return Expression(listed([item.text for item in items], "()"))
        case float() if math.isinf(x):
            return Expression(f'float("{x}")')
        case float() | int() if x < 0:
            return Expression(repr(x), PRODUCT)
        case Verbatim():
            return Expression(str(x))
        case str():
            return Expression('"' + x + '"')
        case torch.dtype():
            return Expression(str(x))
        case _:
            return Expression(repr(x))
