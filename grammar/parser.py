"""Text to tree, and everything that can be wrong with a text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, cast

from symc.diagnostics import Diagnostic, DiagnosticError, Label, Source, Span
from symc.grammar import tables, tree
from symc.grammar.checks import MAX_CHARACTERS, MAX_DEPTH, brackets, literals, refused, too_large
from symc.grammar.errors import bad_dedent, is_statement, reserved, unexpected, unexpected_alone
from symc.grammar.habits import foreign
from symc.grammar.scan import RESERVED, Token, logical_lines, name_of, readable, scan

if TYPE_CHECKING:
    from lark import Lark

MAX_ERRORS = 20  # of one text; more would hide the first
_RETRIED_LINES = 2000  # how much is parsed again to find more errors in one declaration

Lines = list[list[Token]]


@cache
def grammar() -> Lark:
    """The parser of `sym.lark`, made once."""
    import lark

    from symc.grammar.layout import Layout

    known = tables.read(Layout())
    return built() if known is None else lark.Lark.load(known)


def built(strict: bool = False) -> Lark:
    """The same from its text; `strict` refuses any conflict and needs the package interegular."""
    import lark.lexer

    from symc.grammar.layout import Layout

    text = tables.GRAMMAR.read_text(encoding="utf-8")
    options: dict[str, Any] = {"parser": "lalr", "lexer": "contextual", "postlex": Layout(), "maybe_placeholders": False, "keep_all_tokens": True}
    # Where interegular is installed lark compares all terminals with each other, which takes longer than all the rest: only for `strict`.
    there = lark.lexer.has_interegular
    lark.lexer.has_interegular = there and strict
    try:
        return lark.Lark(text, start=["declaration", "signature", "expression"], strict=strict, **options)
    finally:
        lark.lexer.has_interegular = there


def parse(source: Source, limit: int = MAX_CHARACTERS) -> tuple[tree.File, list[Diagnostic]]:
    """The declarations of a text that can be read, and what is wrong with the others.

    A text with refused characters, or with more than `limit` of them, has no declarations.
    """
    if found := too_large(source, limit):
        return tree.File((), source, ("",)), found
    text = readable(source.text)
    tokens = scan(text)
    if found := refused(source, text, [token for token in tokens if token.kind == "comment"]):
        return tree.File((), source, ("",)), found[:MAX_ERRORS]
    declarations: list[tree.Declaration] = []
    failed: list[str] = []
    for lines in _declarations(tokens):
        if len(found) >= MAX_ERRORS:
            break
        try:
            _in_first_column(source, lines[0][0])
            declarations.append(cast(tree.Declaration, _parse(source, text, lines, "declaration")))
        except DiagnosticError as error:
            wrong = [*error.diagnostics, *_further(source, text, lines, error.diagnostics[-1])]
            found += sorted(wrong, key=lambda d: d.primary.span.start if d.primary else 0)
            failed += _declared(lines[0])
    return tree.File(tuple(declarations), source, tuple(failed)), found[:MAX_ERRORS]


def parse_signature(source: Source) -> tree.Signature:
    """`A -> B`. Raises DiagnosticError."""
    return cast(tree.Signature, _parse_alone(source, "signature"))


def parse_expression(source: Source) -> tree.Expr:
    """One expression. Raises DiagnosticError."""
    return cast(tree.Expr, _parse_alone(source, "expression"))


def _parse_alone(source: Source, start: str) -> tree.Node:
    """A text that is one line of code."""
    text = readable(source.text)
    tokens = scan(text) if len(text) <= MAX_CHARACTERS else []
    found = too_large(source, MAX_CHARACTERS) or refused(source, text, [token for token in tokens if token.kind == "comment"])
    if found:
        raise DiagnosticError(found)
    lines = list(logical_lines(tokens))
    if not lines:
        raise DiagnosticError(Diagnostic("E0101", f"the {start} is empty", Label(Span(source, 0, len(source.text)))))
    return _parse(source, text, lines, start)


def _declarations(tokens: Sequence[Token]) -> list[Lines]:
    """The logical lines of each declaration: one begins where a line begins in the first column.

    Statements in the first column go with the model before them, so that a body that is not indented is one mistake.
    """
    first_columns = {0} | {token.end for token in tokens if token.kind == "newline"}
    found: list[Lines] = []
    for line in logical_lines(tokens):
        indented = line[0].start not in first_columns
        follows = bool(found) and is_statement(line) and (found[-1][0][0].text == "model" or is_statement(found[-1][0]))
        if found and (indented or follows):
            found[-1].append(line)
        else:
            found.append([line])
    return found


def _in_first_column(source: Source, first: Token) -> None:
    if source.position(first.start)[1] > 1:
        label = Label(first.span(source), "expected in the first column")
        raise DiagnosticError(Diagnostic("E0103", "a declaration begins in the first column", label))


def _declared(line: Sequence[Token]) -> list[str]:
    """The name a declaration would have made, its first word being misspelt perhaps; the empty name where there is none."""
    return [name_of(line[1].text) if line[0].kind == "word" and len(line) > 1 and line[1].kind == "word" else ""]


def _further(source: Source, text: str, lines: Lines, first: Diagnostic) -> list[Diagnostic]:
    """More errors of a model: those that remain when the statement that has the last one is left out."""
    found: list[Diagnostic] = []
    last, rest = first, lines
    for _ in range(min(MAX_ERRORS, _RETRIED_LINES // len(lines))):
        if last.code == "E0103" or last.primary is None:
            break
        at = last.primary.span.start
        guilty = max((line for line in rest if line[0].start <= at), key=lambda line: line[0].start, default=rest[0])
        if guilty is rest[0] or guilty[-1].text == ":" or guilty[0].text in ("repeat", "if", "else") or len(rest) == 2:
            break
        text = _blank(text, guilty[0].start, guilty[-1].end)
        rest = [line for line in rest if line is not guilty]
        try:
            _parse(source, text, rest, "declaration")
        except DiagnosticError as error:
            (last,) = error.diagnostics
            found.append(last)
        else:
            break
    return found


def _blank(text: str, start: int, end: int) -> str:
    return text[:start] + "".join("\n" if letter == "\n" else " " for letter in text[start:end]) + text[end:]


def _parse(source: Source, text: str, lines: Lines, start: str) -> tree.Node:
    """The tree of some logical lines. Raises DiagnosticError with one diagnostic."""
    tokens = [token for line in lines for token in line]
    if wrong := foreign(source, tokens) or brackets(source, tokens) or literals(source, tokens):
        raise DiagnosticError(wrong)
    begin, end = tokens[0].start, text.index("\n", tokens[-1].end) + 1
    from lark.exceptions import UnexpectedInput

    from symc.grammar.build import Builder
    from symc.grammar.layout import LayoutError

    try:
        parsed = grammar().parse(text[begin:end], start=start)
    except UnexpectedInput:
        raise DiagnosticError(_explained(source, text[begin:end], begin, lines, start)) from None
    except LayoutError as error:
        raise DiagnosticError(bad_dedent(source, begin + error.position, error.width, error.blocks)) from None
    node = Builder(source, begin).transform(parsed)
    if wrong := next(_amiss(node), None):
        raise DiagnosticError(wrong)
    return node


def _explained(source: Source, text: str, begin: int, lines: Lines, start: str) -> Diagnostic:
    """Parses a wrong text again, step by step, to see what the parser would have taken where it stopped."""
    from lark.exceptions import UnexpectedInput, UnexpectedToken

    parser: Any = grammar().parse_interactive(text, start=start)
    try:
        seen = list(parser.iter_parse())
        parser.feed_eof(seen[-1] if seen else None)
    except UnexpectedInput as error:
        token = error.token.type if isinstance(error, UnexpectedToken) else ""
        ends = token == "$END" or error.pos_in_stream is None  # the blocks that end with the text have no place of their own
        position = lines[-1][-1].end if ends else begin + (error.pos_in_stream or 0)
        accepted = parser.accepts()
        if start != "declaration":
            return unexpected_alone(source, [token for line in lines for token in line], position, accepted)
        return unexpected(source, lines, position, accepted, token == "INDENT")
    raise AssertionError("a text that did not parse does not parse again")


def _amiss(node: tree.Node) -> Iterator[Diagnostic]:
    """What a tree may not have: words of the language as names, and more depth than a walk can bear."""
    for part, depth in tree.walk(node):
        if depth > MAX_DEPTH:
            label = Label(part.span, "this is the part too deep")
            note = "operators count too: a sum of n terms is n deep"
            yield Diagnostic("E0104", f"this is nested more than {MAX_DEPTH} deep", label, notes=(note,), helps=("name a part and use the name",))
        for name in tree.bound(part):
            if name.id in RESERVED:
                yield reserved(name.span)
