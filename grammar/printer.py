"""Tree to text, with the fewest parentheses that keep its meaning; for messages, and to write programs from trees."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import assert_never

from symc.grammar import tree

_SUM, _PRODUCT, _SIGNED, _POWER, _POSTFIX = range(5)  # how tightly an expression binds
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t"}
_STEP = "    "


def show(node: tree.Expr | tree.Field | tree.Param | tree.Signature) -> str:
    """An expression, a field, a parameter or a signature on one line."""
    match node:
        case tree.Field():
            return f"{node.name.id}: {show(node.type)}"
        case tree.Param():
            kind = "" if node.kind == "int" else f": {node.kind}"
            return node.name.id + kind + ("" if node.default is None else f" = {show(node.default)}")
        case tree.Signature():
            return f"{show(node.source)} -> {show(node.target)}"
        case _:
            return _expression(node, _SUM)


def show_declaration(node: tree.Declaration) -> str:
    """A declaration, a line for each statement, without a final newline."""
    match node:
        case tree.Import():
            return f"import {show(node.path)}" + ("" if node.alias is None else f" as {node.alias.id}")
        case tree.GroupDecl():
            return f"group {node.name.id}{_params(node.params)} = {show(node.value)}"
        case tree.RepDecl():
            return f"rep   {node.name.id}{_params(node.params)} = {show(node.value)}"
        case tree.WeightsDecl():
            return f"weights {node.name.id} = {show(node.value)}"
        case tree.ExternDecl():
            return f"extern {node.name.id}: {show(node.source)} -> {show(node.target)}"
        case tree.ModelDecl():
            head = f"model {node.name.id}{_params(node.params)}({_commas(node.inputs)}) -> {show(node.result)}:"
            return "\n".join([head, *_block(node.body, _STEP)])
        case _:
            assert_never(node)


def _block(body: Sequence[tree.Statement], indent: str) -> Iterable[str]:
    for statement in body:
        match statement:
            case tree.Bind():
                yield f"{indent}{statement.name.id}: {show(statement.annotation)} = {show(statement.value)}"
            case tree.Rebind():
                yield f"{indent}{', '.join(name.id for name in statement.names)} = {show(statement.value)}"
            case tree.Let():
                yield f"{indent}let {statement.name.id} = {show(statement.value)}"
            case tree.Return():
                yield f"{indent}return {_commas(statement.values)}"
            case tree.Repeat():
                yield f"{indent}repeat {show(statement.count)}:"
                yield from _block(statement.body, indent + _STEP)
            case tree.If():
                yield f"{indent}if {show(statement.test)}:"
                yield from _block(statement.then, indent + _STEP)
                if statement.otherwise:
                    yield f"{indent}else:"
                    yield from _block(statement.otherwise, indent + _STEP)
            case _:
                assert_never(statement)


def _params(params: Sequence[tree.Param]) -> str:
    return f"[{_commas(params)}]" if params else ""


def _commas(nodes: Sequence[tree.Expr | tree.Field | tree.Param]) -> str:
    return ", ".join(show(node) for node in nodes)


def _expression(node: tree.Expr, level: int) -> str:
    """The text of an expression where something that binds at least as tightly as `level` is needed."""
    text, own = _bare(node)
    return text if own >= level else f"({text})"


def _bare(node: tree.Expr) -> tuple[str, int]:
    """The text of an expression and how tightly it binds."""
    match node:
        case tree.Name():
            return node.id, _POSTFIX
        case tree.Int():
            return str(node.value), _POSTFIX
        case tree.Float():
            return repr(node.value), _POSTFIX
        case tree.String():
            return '"' + "".join(_ESCAPES.get(letter, letter) for letter in node.value) + '"', _POSTFIX
        case tree.Unit():
            return "()", _POSTFIX
        case tree.Paren():
            return f"({show(node.inner)})", _POSTFIX
        case tree.Record():
            return f"({_commas(node.fields)})", _POSTFIX
        case tree.List():
            return f"[{_commas(node.items)}]", _POSTFIX
        case tree.Call():
            return f"{_expression(node.function, _POSTFIX)}({_commas(node.args)})", _POSTFIX
        case tree.Index():
            return f"{_expression(node.target, _POSTFIX)}[{_commas(node.args)}]", _POSTFIX
        case tree.Dot():
            space = " " if isinstance(node.target, tree.Int) and isinstance(node.attribute, int) else ""  # `1 .5` is not the float
            return f"{_expression(node.target, _POSTFIX)}{space}.{node.attribute}", _POSTFIX
        case tree.Binary():
            return _binary(node)
        case tree.Neg():
            return f"-{_expression(node.operand, _SIGNED)}", _SIGNED
        case tree.Range():
            return f"{show(node.first)}..{show(node.last)}", _SUM
        case tree.Keyword():
            return f"{node.name.id}={show(node.value)}", _SUM
        case tree.Compare():
            return f"{show(node.left)} {node.op} {show(node.right)}", _SUM
        case _:
            assert_never(node)


def _binary(node: tree.Binary) -> tuple[str, int]:
    match node.op:
        case "+" | "-":
            return f"{_expression(node.left, _SUM)} {node.op} {_expression(node.right, _PRODUCT)}", _SUM
        case "*" | "/":
            return f"{_expression(node.left, _PRODUCT)}{node.op}{_expression(node.right, _SIGNED)}", _PRODUCT
        case "^":
            return f"{_expression(node.left, _POSTFIX)}^{_expression(node.right, _POSTFIX)}", _POWER
        case _:
            assert_never(node.op)
