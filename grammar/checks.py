"""What can be seen in a text without parsing it: refused characters, brackets that do not match, numbers and texts too large."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from itertools import pairwise

from symc.diagnostics import Diagnostic, DiagnosticError, Label, Source, Span
from symc.grammar.scan import CLOSERS, OPENERS, STATEMENTS, Token, name_of

MAX_CHARACTERS = 250_000  # a spec is a page or two; this many take seconds
MAX_DEPTH = 100  # of brackets and of trees: whoever walks a tree may recurse
MAX_DIGITS = 18

_UNUSUAL = re.compile(r"[^\n -~]")
_NAMES = {
    "\t": "a tab",
    "\0": "a NUL character",
    "\r": "a carriage return without a line feed",
    "\x1b": "an escape character",
    "\u00a0": "a non-breaking space",
    "\u00ad": "a soft hyphen",
    "\u200b": "a zero-width space",
    "\u202f": "a narrow non-breaking space",
    "\u2060": "a word joiner",
    "\u3000": "an ideographic space",
    "\ufeff": "a byte order mark",
}
_REFUSED = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp", "Zs"})
_BLANK_LETTERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0") | {chr(c) for c in (*range(0x180B, 0x1810), *range(0xFE00, 0xFE10))}
_JOINERS = frozenset("\u200c\u200d\ufe0e\ufe0f")  # scripts and emoji need them; nothing hides behind them in a comment


def decode(data: bytes, name: str) -> Source:
    """The bytes of a file as a source. Raises DiagnosticError where they are not UTF-8 text."""
    try:
        return Source(name, data.decode("utf-8"))
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        note = f"byte {error.start} of `{name}`, in line {line}, is 0x{data[error.start]:02x}: {error.reason}"
        raise DiagnosticError(Diagnostic("E0109", f"`{name}` is not a text in UTF-8", notes=(note,), helps=("save the file as UTF-8",))) from None


def too_large(source: Source, limit: int) -> list[Diagnostic]:
    """A complaint about a text longer than the limit."""
    if len(source.text) <= limit:
        return []
    title = f"`{source.name}` has {len(source.text)} characters, more than {limit}"
    return [Diagnostic("E0108", title, helps=("cut it into files and `import` them",))]


def refused(source: Source, text: str, comments: Sequence[Token]) -> list[Diagnostic]:
    """One complaint for each kind of character that has no place in a text, at the first of its kind."""
    spans: dict[str, list[int]] = {}
    if not _UNUSUAL.search(text):
        return []
    harmless = {c.start + i for c in comments for i, letter in enumerate(c.text) if letter in _JOINERS}
    for match in _UNUSUAL.finditer(text):
        letter = match.group()
        if (unicodedata.category(letter) in _REFUSED or letter in _BLANK_LETTERS) and match.start() not in harmless:
            spans.setdefault(letter, []).append(match.start())
    return [_refusal(source, letter, places) for letter, places in spans.items()]


def _refusal(source: Source, letter: str, places: list[int]) -> Diagnostic:
    name = _NAMES.get(letter) or f"the invisible character {unicodedata.name(letter, 'without a name').lower()}"
    notes = (f"there are {len(places)} of them",) if len(places) > 1 else ()
    end = next((i for i in range(places[0], len(source.text)) if source.text[i] != letter), len(source.text))
    match letter:
        case "\t":
            way_out = "indent with spaces, four for each level"
        case "\ufeff":
            way_out = "save the file as UTF-8 without a byte order mark"
        case _ if unicodedata.category(letter) == "Zs":
            way_out = "write a plain space"
        case _:
            way_out = "delete it"
    label = Label(Span(source, places[0], end), f"U+{ord(letter):04X}")
    return Diagnostic("E0102", f"{name} may not stand in a text", label, notes=notes, helps=(way_out,))


def brackets(source: Source, tokens: Sequence[Token]) -> Diagnostic | None:
    """The first bracket of a declaration that has no partner, or that is one too deep."""
    opened: list[Token] = []
    for token in tokens:
        here = token.span(source)
        if token.text in OPENERS:
            opened.append(token)
            if len(opened) > MAX_DEPTH:
                return Diagnostic("E0104", f"brackets are nested more than {MAX_DEPTH} deep", Label(here), helps=("name a part and use the name",))
        elif token.text in CLOSERS and not opened:
            return Diagnostic("E0106", f"`{token.text}` closes nothing", Label(here, "no bracket is open here"))
        elif token.text in CLOSERS:
            opener = opened.pop()
            if OPENERS[opener.text] != token.text:
                there = Label(opener.span(source), "opened here")
                title = f"`{opener.text}` is closed by `{token.text}`"
                return Diagnostic("E0106", title, Label(here, f"expected `{OPENERS[opener.text]}`"), (there,))
    if not opened:
        return None
    opener = opened[-1]
    last = _last_inside(source, [token for token in tokens if token.start >= opener.start])
    ends = Label(Span(source, last.end - 1, last.end), f"no `{OPENERS[opener.text]}` up to here")
    return Diagnostic("E0106", f"`{opener.text}` is never closed", Label(opener.span(source), "opened here"), (ends,))


def _last_inside(source: Source, tokens: Sequence[Token]) -> Token:
    """Where a bracket that is never closed should have been: before the next line that begins a statement, if there is one."""
    for before, token in pairwise(tokens):
        if token.text in STATEMENTS and "\n" in source.text[before.end : token.start]:
            return before
    return tokens[-1]


def literals(source: Source, tokens: Sequence[Token]) -> Diagnostic | None:
    """The first number that is too long, or word that could not be a name in Python."""
    for token in tokens:
        span = token.span(source)
        if token.kind in ("number", "superscript") and _is_huge(token.text):
            limit = f"a whole number has at most {MAX_DIGITS} digits" if token.text.isdigit() else "a float is at most about 1.8e308"
            return Diagnostic("E0108", "this number is too large", Label(span, limit))
        if token.kind == "word" and not (token.text.isidentifier() and name_of(token.text).isidentifier()):
            way_out = "a name is made of letters, digits and `_`, as in Python"
            return Diagnostic("E0101", f"`{token.text}` is not a name", Label(span), helps=(way_out,))
    return None


def _is_huge(number: str) -> bool:
    return len(number) > MAX_DIGITS if number.isdigit() else float(number) == float("inf")
