"""From lark's parse tree to the syntax tree, without recursion."""

from __future__ import annotations

import re
from typing import Any, cast

from lark import Token, Transformer_NonRecursive

from symc.diagnostics import Source, Span
from symc.grammar import tree
from symc.grammar.scan import ASCII, SUPERSCRIPTS, name_of

_ESCAPE = re.compile(r"\\(.)")
_LAYOUT = frozenset({"NEWLINE", "INDENT", "DEDENT"})
_ESCAPES = {"n": "\n", "t": "\t"}


class Builder(Transformer_NonRecursive[Token, tree.Node]):
    """One method per rule of `sym.lark`; children are the nodes and all tokens of the rule, in order.

    The text parsed begins at `offset` in the source.
    """

    def __init__(self, source: Source, offset: int):
        super().__init__(visit_tokens=False)
        self._source, self._offset = source, offset

    def _span(self, parts: list[Any]) -> Span:
        """From the first part to the last; the tokens of the layout have no extent."""
        seen = [part for part in parts if isinstance(part, tree.Node) or (isinstance(part, Token) and part.type not in _LAYOUT)]
        first, last = seen[0], seen[-1]
        start = (first.start_pos or 0) + self._offset if isinstance(first, Token) else first.span.start
        end = (last.end_pos or 0) + self._offset if isinstance(last, Token) else last.span.end
        return Span(self._source, start, end)

    def _name(self, token: Token) -> tree.Name:
        return tree.Name(name_of(token), span=self._span([token]))

    def _names(self, parts: list[Any]) -> list[tree.Name]:
        return [self._name(part) for part in parts if isinstance(part, Token) and part.type == "NAME"]

    # expressions

    def name(self, parts: list[Any]) -> tree.Name:
        return self._name(parts[0])

    def int_(self, parts: list[Any]) -> tree.Int:
        return tree.Int(int(parts[0]), span=self._span(parts))

    def float_(self, parts: list[Any]) -> tree.Float:
        return tree.Float(float(parts[0]), span=self._span(parts))

    def string(self, parts: list[Any]) -> tree.String:
        value = _ESCAPE.sub(lambda match: _ESCAPES.get(match[1], match[1]), parts[0][1:-1])
        return tree.String(value, span=self._span(parts))

    def unit(self, parts: list[Any]) -> tree.Unit:
        return tree.Unit(span=self._span(parts))

    def paren(self, parts: list[Any]) -> tree.Paren:
        return tree.Paren(parts[1], span=self._span(parts))

    def field(self, parts: list[Any]) -> tree.Field:
        return tree.Field(self._name(parts[0]), parts[2], span=self._span(parts))

    def fields(self, parts: list[Any]) -> list[Any]:
        return _nodes(parts)

    def arguments(self, parts: list[Any]) -> list[Any]:
        return _nodes(parts)

    def record(self, parts: list[Any]) -> tree.Record:
        return tree.Record(tuple(parts[1]), span=self._span(parts))

    def list_(self, parts: list[Any]) -> tree.List:
        return tree.List(_inside(parts), span=self._span(parts))

    def call(self, parts: list[Any]) -> tree.Call:
        return tree.Call(parts[0], _inside(parts), span=self._span(parts))

    def index(self, parts: list[Any]) -> tree.Index:
        return tree.Index(parts[0], _inside(parts), span=self._span(parts))

    def dot(self, parts: list[Any]) -> tree.Dot:
        attribute = parts[2]
        return tree.Dot(parts[0], int(attribute) if attribute.type == "INT" else name_of(attribute), span=self._span(parts))

    def binary(self, parts: list[Any]) -> tree.Binary:
        operator = str(parts[1])
        return tree.Binary(cast(tree.Operator, ASCII.get(operator, operator)), parts[0], parts[2], span=self._span(parts))

    def superscript(self, parts: list[Any]) -> tree.Binary:
        power = tree.Int(int(parts[1].translate(SUPERSCRIPTS)), span=self._span(parts[1:]))
        return tree.Binary("^", parts[0], power, span=self._span(parts))

    def neg(self, parts: list[Any]) -> tree.Neg:
        return tree.Neg(parts[1], span=self._span(parts))

    def keyword(self, parts: list[Any]) -> tree.Keyword:
        return tree.Keyword(self._name(parts[0]), parts[2], span=self._span(parts))

    def range_(self, parts: list[Any]) -> tree.Range:
        return tree.Range(parts[0], parts[2], span=self._span(parts))

    def test(self, parts: list[Any]) -> tree.Node:
        if len(parts) == 1:
            return cast(tree.Node, parts[0])
        return tree.Compare(cast(tree.Comparison, str(parts[1])), parts[0], parts[2], span=self._span(parts))

    # statements

    def block(self, parts: list[Any]) -> list[Any]:
        return _nodes(parts)

    def bind(self, parts: list[Any]) -> tree.Bind:
        return tree.Bind(self._name(parts[0]), parts[2], parts[4], span=self._span(parts))

    def rebind(self, parts: list[Any]) -> tree.Rebind:
        return tree.Rebind(tuple(self._names(parts)), _nodes(parts)[0], span=self._span(parts))

    def let(self, parts: list[Any]) -> tree.Let:
        return tree.Let(self._name(parts[1]), parts[3], span=self._span(parts))

    def return_(self, parts: list[Any]) -> tree.Return:
        return tree.Return(tuple(_nodes(parts)), span=self._span(parts))

    def repeat(self, parts: list[Any]) -> tree.Repeat:
        body = parts[3]
        return tree.Repeat(parts[1], tuple(body), span=self._span([parts[0], body[-1]]))

    def if_(self, parts: list[Any]) -> tree.If:
        blocks = _lists(parts)
        otherwise = tuple(blocks[1]) if len(blocks) == 2 else ()
        return tree.If(parts[1], tuple(blocks[0]), otherwise, span=self._span([parts[0], blocks[-1][-1]]))

    # declarations

    def param(self, parts: list[Any]) -> tree.Param:
        names = self._names(parts)
        kind = names[1].id if len(names) == 2 else "int"
        return tree.Param(names[0], kind, next(iter(_nodes(parts)), None), span=self._span(parts))

    def params(self, parts: list[Any]) -> list[Any]:
        return _nodes(parts)

    def import_(self, parts: list[Any]) -> tree.Import:
        alias = self._name(parts[3]) if len(parts) > 3 else None
        return tree.Import(self.string(parts[1:2]), alias, span=self._span(parts))

    def group(self, parts: list[Any]) -> tree.GroupDecl:
        return tree.GroupDecl(self._name(parts[1]), _params(parts), parts[-2], span=self._span(parts))

    def rep(self, parts: list[Any]) -> tree.RepDecl:
        return tree.RepDecl(self._name(parts[1]), _params(parts), parts[-2], span=self._span(parts))

    def weights(self, parts: list[Any]) -> tree.WeightsDecl:
        return tree.WeightsDecl(self._name(parts[1]), parts[3], span=self._span(parts))

    def extern(self, parts: list[Any]) -> tree.ExternDecl:
        source, target = _nodes(parts)
        return tree.ExternDecl(self._name(parts[1]), source, target, span=self._span(parts))

    def model(self, parts: list[Any]) -> tree.ModelDecl:
        *rest, body = _lists(parts)
        inputs = [item for part in rest for item in part if isinstance(item, tree.Field)]
        (result,) = _nodes(parts)
        span, head = self._span([parts[0], body[-1]]), self._span(parts[:-1])
        return tree.ModelDecl(self._name(parts[1]), _params(parts), tuple(inputs), result, tuple(body), span=span, head=head)

    def signature(self, parts: list[Any]) -> tree.Signature:
        return tree.Signature(parts[0], parts[2], span=self._span(parts))

    def expression(self, parts: list[Any]) -> tree.Node:
        return cast(tree.Node, parts[0])


def _nodes(parts: list[Any]) -> list[Any]:
    return [part for part in parts if isinstance(part, tree.Node)]


def _lists(parts: list[Any]) -> list[Any]:
    return [part for part in parts if not isinstance(part, tree.Node | Token)]


def _inside(parts: list[Any]) -> tuple[Any, ...]:
    """What stands between brackets, if anything."""
    return tuple(item for part in _lists(parts) for item in part)


def _params(parts: list[Any]) -> tuple[tree.Param, ...]:
    return tuple(item for item in _inside(parts) if isinstance(item, tree.Param))
