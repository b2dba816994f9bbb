"""What the parser's refusals mean to a person: what was met, and in words what could have stood there."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import pairwise

from symc.diagnostics import Diagnostic, Label, Source, Span, did_you_mean
from symc.grammar.habits import habit
from symc.grammar.scan import CLOSERS, DECLARATIONS, OPENERS, RESERVED, STATEMENTS, Token, continues
from symc.grammar.spacing import pieces

_OPERATORS = frozenset({"PLUS", "MINUS", "TIMES", "SLASH", "CARET", "SUPERSCRIPT", "DOT", "RANGE", "LPAR", "LSQB"})
_EXPRESSION = frozenset({"NAME", "INT", "FLOAT", "STRING", "LPAR", "LSQB", "MINUS"})
_STATEMENT = frozenset({"LET", "RETURN", "REPEAT", "IF", "NAME"})
_WORDS = {
    "NAME": "a name",
    "INT": "a whole number",
    "STRING": "a string",
    "NEWLINE": "the end of the line",
    "INDENT": "an indented block",
    "DEDENT": "the end of the block",
    "ARROW": "`->`",
    "COMPARE": "a comparison",
    "COLON": "`:`",
    "COMMA": "`,`",
    "EQUAL": "`=`",
    "RPAR": "`)`",
    "RSQB": "`]`",
    "LPAR": "`(`",
    "LSQB": "`[`",
    "AS": "`as`",
    "ELSE": "`else`",
    "$END": "the end of the text",
}
_OPENS_BLOCK = frozenset({"model", "repeat", "if", "else"})


def expectation(accepted: Collection[str]) -> str:
    """In words, what the parser would have taken, given the names of its terminals."""
    rest, words = set(accepted), []
    if {"NAME", "INT", "STRING"} <= rest:
        words, rest = ["an expression"], rest - _EXPRESSION
    elif rest >= _STATEMENT:
        words, rest = ["a statement"], rest - _STATEMENT - {"DEDENT"}
    elif "PLUS" in rest:
        words, rest = ["an operator"], rest - _OPERATORS
        if rest & {"RPAR", "RSQB"}:
            rest -= {"EQUAL"}
    elif {"GROUP", "REP"} <= rest:
        return "a declaration: `import`, `group`, `rep`, `weights`, `extern` or `model`"
    words += [word for terminal, word in _WORDS.items() if terminal in rest]
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " or " + words[-1] if words else "something else"


def unexpected(source: Source, lines: Sequence[Sequence[Token]], position: int, accepted: Collection[str], indented: bool) -> Diagnostic:
    """The diagnostic of a syntax error in a declaration.

    lines: its logical lines; position: of the offending token; accepted: the terminals that could stand there;
    indented: whether the offence is the indentation before it.
    """
    number, at = _locate(lines, position)
    line = lines[number]
    if set(accepted) == {"INDENT"}:
        return _no_block(source, lines, number, at)
    if indented:
        label = Label(line[0].span(source), "indented further than the line before")
        return Diagnostic("E0103", "unexpected indentation", label, helps=("only a line after `:` is indented",))
    known = _dangling(source, line, at) or habit(source, line, at) or _misplaced(source, lines, number, at)
    return known or _plain(source, line, at, accepted)


def unexpected_alone(source: Source, line: Sequence[Token], position: int, accepted: Collection[str]) -> Diagnostic:
    """The diagnostic of a syntax error in an expression or a signature on its own."""
    at = next((i for i, token in enumerate(line) if position < token.end), len(line))
    return habit(source, line, at) or _plain(source, line, at, accepted)


def bad_dedent(source: Source, position: int, width: int, blocks: Sequence[int]) -> Diagnostic:
    """A line that begins between two blocks."""
    columns = [str(block + 1) for block in blocks]
    note = f"open blocks begin in column{'s' if len(columns) > 1 else ''} {', '.join(columns)}; the one just left began further right"
    label = Label(Span(source, position, position), f"column {width + 1} belongs to no block")
    return Diagnostic("E0103", "this line is indented like none before it", label, notes=(note,))


def reserved(span: Span) -> Diagnostic:
    """A word of the language where a name should be."""
    label = Label(span, "a name is needed here")
    return Diagnostic("E0107", f"`{span.text}` is a word of the language", label, helps=("choose another name",))


def _locate(lines: Sequence[Sequence[Token]], position: int) -> tuple[int, int]:
    """Which logical line, and which of its tokens; past the last one, their number."""
    number = max((i for i, line in enumerate(lines) if line[0].start <= position), default=0)
    return number, next((i for i, token in enumerate(lines[number]) if position < token.end), len(lines[number]))


def _no_block(source: Source, lines: Sequence[Sequence[Token]], number: int, at: int) -> Diagnostic:
    header = lines[number - 1] if at == 0 and number else lines[number]
    colon = Label(header[-1].span(source), "a block begins here")
    if header is lines[number]:
        return Diagnostic("E0103", "this block is empty", colon, helps=("indent its statements under it",))
    first = lines[number][0]
    here = Label(first.span(source), "expected an indented statement")
    return Diagnostic("E0103", "this block is empty", here, (colon,), helps=("indent its statements under it",))


def _dangling(source: Source, line: Sequence[Token], at: int) -> Diagnostic | None:
    """A line that ends in an operator, and so swallowed the statement after it where there is one."""
    for before, token in pairwise(line[: at + 1]):
        if continues(before) and "\n" in source.text[before.end : token.start] and token.text in STATEMENTS:
            label = Label(before.span(source), "expected an expression after it")
            goes_on = Label(token.span(source), "so this still belongs to it")
            return Diagnostic("E0101", f"this line ends in `{before.text}`", label, (goes_on,), helps=("finish the line",))
    if at == len(line) and continues(line[-1]):
        label = Label(line[-1].span(source), "expected an expression after it")
        return Diagnostic("E0101", f"this line ends in `{line[-1].text}`", label, helps=("finish the line",))
    return None


def _misplaced(source: Source, lines: Sequence[Sequence[Token]], number: int, at: int) -> Diagnostic | None:
    """Words of the language that are misspelt, used as names, or in the wrong place."""
    line, inside = lines[number], number > 0
    first, here = line[0], line[0].span(source)
    second = line[1].text if len(line) > 1 else ""
    if at == 1 and first.text in RESERVED and second in ("=", ",", ":") and first.text != "else":
        return reserved(here)
    if first.text == "else":
        return Diagnostic("E0101", "this `else` has no `if`", Label(here), helps=("it begins in the column of its `if`, after the indented block",))
    if inside and first.text in DECLARATIONS and at <= 1:
        return Diagnostic("E0103", f"`{first.text}` stands inside of a model", Label(here), helps=("a declaration begins in the first column",))
    if at == 0 and (is_statement(line) or inside):
        names_type = second == "=" and not inside
        way_out = f"to name a type write `rep {first.text} = ...`" if names_type else "indent it with the other statements of its model"
        return Diagnostic("E0103", "this statement stands outside of a model", Label(here), helps=(way_out,))
    near = did_you_mean(first.text, STATEMENTS if inside else DECLARATIONS) if first.kind == "word" and at <= inside else ()
    if near and first.text not in RESERVED:
        return Diagnostic("E0101", f"`{first.text}` begins no {'statement' if inside else 'declaration'}", Label(here), helps=near)
    return None


def _plain(source: Source, line: Sequence[Token], at: int, accepted: Collection[str]) -> Diagnostic:
    """The error in the parser's own terms: what was met, and what was expected."""
    if at < len(line):
        what = f"`{line[at].text}`" if len(line[at].text) <= 40 else f"this {line[at].kind}"
        here = line[at].span(source)
    else:
        what, here = "end of the line", Span(source, line[-1].end, line[-1].end)
    return Diagnostic("E0101", f"unexpected {what}", Label(here, f"expected {expectation(accepted)}"), helps=_advice(line, at, accepted))


def _advice(line: Sequence[Token], at: int, accepted: Collection[str]) -> tuple[str, ...]:
    if "ARROW" in accepted and line[0].text in ("model", "extern"):
        return (f"`{line[0].text}` says what comes out: `-> T`" + (" before the `:`" if line[0].text == "model" else ""),)
    if "COLON" in accepted and at == len(line) and line[0].text in _OPENS_BLOCK:
        return ("a line that opens a block ends in `:`",)
    if at < len(line) and line[at].text == "," and "RPAR" in accepted and line[0].text in DECLARATIONS and (entries := _entries(line, at)):
        return (f"name the entries: `({', '.join(entries)})`",)
    if set(accepted) == {"COLON"} and line[0].text == "model":
        return ("every input says its type: `x: T`",)
    return ()


def _entries(line: Sequence[Token], at: int) -> list[str]:
    """What stands between the brackets around a comma, with names: `a: X`, `b: 1`. Nothing where the brackets do not close, or one item is empty."""
    depth, first = 0, at
    while first and depth >= 0:
        first -= 1
        depth += (line[first].text in CLOSERS) - (line[first].text in OPENERS)
    items: list[list[Token]] = [[]]
    for token in line[first + 1 :]:
        depth = depth + (token.text in OPENERS) - (token.text in CLOSERS)
        if depth < -1:
            texts = ["".join(pieces(item)) for item in items if item]
            return [f"{name}: {text}" for name, text in zip("abcdefghijklmnopqrstuvwxyz", texts, strict=False)] if len(texts) > 1 else []
        if token.text == "," and depth == -1:
            items.append([])
        else:
            items[-1].append(token)
    return []


def is_statement(line: Sequence[Token]) -> bool:
    """Whether a line would be a statement, were it in a model."""
    return line[0].text in STATEMENTS or (line[0].kind == "word" and len(line) > 1 and line[1].text in ("=", ":", ","))
