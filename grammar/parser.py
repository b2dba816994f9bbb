"""Text to tree, and everything that can be wrong with a text."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, cast

from symc.diagnostics import Diagnostic, DiagnosticError, Label, Source, Span
from symc.grammar import tree
from symc.grammar.scan import Token, code, logical_lines, readable, scan

if TYPE_CHECKING:
    from lark import Lark


@cache
def grammar() -> Lark:
    """The parser, built once."""
    import lark.lexer

    from symc.grammar.layout import Layout

    text = (Path(__file__).parent / "sym.lark").read_text(encoding="utf-8")
    # With the optional package interegular lark compares all terminals with each other, which takes longer than all the rest; a test does that.
    there, lark.lexer.has_interegular = lark.lexer.has_interegular, False  # type: ignore[attr-defined]
    try:
        return lark.Lark(text, start=["declaration", "signature", "expression"], parser="lalr", lexer="contextual", postlex=Layout(), maybe_placeholders=False, keep_all_tokens=True)  # type: ignore[arg-type]
    finally:
        lark.lexer.has_interegular = there  # type: ignore[attr-defined]


def parse(source: Source) -> tuple[tree.File, list[Diagnostic]]:
    """The declarations of a text that can be read, and what is wrong with the others."""
    text = readable(source.text)
    declarations: list[tree.Declaration] = []
    found: list[Diagnostic] = []
    for tokens in _declarations(scan(text)):
        try:
            declarations.append(cast(tree.Declaration, _parse(source, text, tokens, "declaration")))
        except DiagnosticError as error:
            found += error.diagnostics
    return tree.File(tuple(declarations), source), found


def parse_signature(source: Source) -> tree.Signature:
    """`A -> B`. Raises DiagnosticError."""
    text = readable(source.text)
    return cast(tree.Signature, _parse(source, text, code(scan(text)), "signature"))


def parse_expression(source: Source) -> tree.Expr:
    """One expression. Raises DiagnosticError."""
    text = readable(source.text)
    return cast(tree.Expr, _parse(source, text, code(scan(text)), "expression"))


def _declarations(tokens: list[Token]) -> list[list[Token]]:
    found: list[list[Token]] = []
    end = -1
    starts = {0} | {t.end for t in tokens if t.kind == "newline"}
    for line in logical_lines(tokens):
        if line[0].start in starts or not found:
            found.append(line)
        else:
            found[-1] += line
    return found


def _parse(source: Source, text: str, tokens: list[Token], start: str) -> tree.Node:
    from lark import TextSlice, UnexpectedInput

    from symc.grammar.build import Builder
    from symc.grammar.layout import LayoutError

    end = text.index("\n", tokens[-1].end - 1) + 1
    try:
        parsed = grammar().parse(TextSlice(text, tokens[0].start, end), start=start)
    except UnexpectedInput as error:
        at = error.pos_in_stream or 0
        raise DiagnosticError(Diagnostic("E0101", "unexpected text", Label(Span(source, at, at + 1)))) from None
    except LayoutError as error:
        raise DiagnosticError(Diagnostic("E0103", "bad indentation", Label(Span(source, error.position, error.position + 1)))) from None
    return Builder(source).transform(parsed)
