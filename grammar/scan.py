"""The text as a flat list of tokens, comments and line ends included; it is total: every character falls into some token.

The parser has lark's lexer. This one serves what comes before and beside it: refused characters, cutting the text into declarations,
matching brackets, hints, and the formatter.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from symc.diagnostics import Source, Span

DECLARATIONS = frozenset({"import", "group", "rep", "weights", "extern", "model"})
STATEMENTS = frozenset({"let", "return", "repeat", "if", "else"})
RESERVED = DECLARATIONS | STATEMENTS | {"as"}

OPENERS = {"(": ")", "[": "]", "{": "}"}
CLOSERS = {closer: opener for opener, closer in OPENERS.items()}

ASCII = {"⊗": "*", "×": "*", "⊕": "+", "→": "->"}
SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")

_CONTINUES = frozenset(["+", "-", "*", "/", "^", ",", "=", "->", "==", "!=", "<=", ">=", "<", ">", "⊗", "×", "⊕", "→"])

_TOKEN = re.compile(
    r"""
      (?P<comment>\#[^\n]*)
    | (?P<newline>\n)
    | (?P<space>\ +)
    | (?P<string>"(?:\\[^\n]|[^"\\\n])*")
    | (?P<word>[^\W\d⁰¹²³⁴-⁹][^\W⁰¹²³⁴-⁹]*)
    | (?P<number>(?<![^.]\.)[0-9]+\.[0-9]+(?:[eE][+-]?[0-9]+)?|(?<![^.]\.)[0-9]+[eE][+-]?[0-9]+|[0-9]+)
    | (?P<superscript>[⁰¹²³⁴-⁹]+)
    | (?P<operator>->|\.\.|[=!<>:]=|\*\*|//|[-+*/^=<>,.:()\[\]⊗⊕×→])
    | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)


class Token(NamedTuple):
    """A piece of text; `kind` is a group name of the regular expression above."""

    kind: str
    text: str
    start: int

    @property
    def end(self) -> int:
        return self.start + len(self.text)

    def span(self, source: Source) -> Span:
        return Span(source, self.start, self.end)


def readable(text: str) -> str:
    """The text as the lexers read it: as long as before, Windows line ends as a space and a newline, with a final newline."""
    return text.replace("\r\n", " \n") + "\n"


def name_of(text: str) -> str:
    """A name as Python would read it: letters that are the same letter are one."""
    return str(text) if text.isascii() else unicodedata.normalize("NFKC", text)


def scan(text: str) -> list[Token]:
    """All tokens of a text, without the spaces between them."""
    return [Token(match.lastgroup or "other", match.group(), match.start()) for match in _TOKEN.finditer(text) if match.lastgroup != "space"]


def continues(token: Token | None) -> bool:
    """Whether a line that ends in this token goes on in the next one."""
    return token is not None and token.kind == "operator" and token.text in _CONTINUES


def code(tokens: Sequence[Token]) -> list[Token]:
    """The tokens that are neither comments nor line ends."""
    return [token for token in tokens if token.kind not in ("comment", "newline")]


def logical_lines(tokens: Sequence[Token]) -> Iterator[list[Token]]:
    """The tokens of each line of code, one after the other; a line goes on inside brackets and after an operator.

    A declaration's keyword in the first column begins a new line whatever is still open, so that one missing bracket
    does not swallow the rest of the file.
    """
    line: list[Token] = []
    depth, previous, fresh = 0, None, True
    for index, token in enumerate(tokens):
        if token.kind == "newline":
            fresh = True
            if depth == 0 and not continues(previous) and line:
                yield line
                line, previous = [], None
            continue
        if token.kind == "comment":
            continue
        if fresh and line and _declares(tokens, index):
            yield line
            line, depth = [], 0
        if token.text in OPENERS:
            depth += 1
        elif token.text in CLOSERS:
            depth = max(0, depth - 1)
        line.append(token)
        previous, fresh = token, False
    if line:
        yield line


def _declares(tokens: Sequence[Token], index: int) -> bool:
    """Whether a token, the first of its line, begins a declaration in the first column."""
    token = tokens[index]
    first_column = index == 0 or tokens[index - 1].end == token.start
    return first_column and token.text in DECLARATIONS and index + 1 < len(tokens) and tokens[index + 1].kind in ("word", "string")
