"""The parser's tables are those of the grammar; without them, or with those of another, it is built from its text."""

from __future__ import annotations

import os
from pathlib import Path

import lark
import pytest

from symc.grammar import tables
from symc.grammar.layout import Layout
from symc.grammar.parser import built, grammar

TEXT = 'group P = S(n)  # free\nmodel M[c = 2](x: P) -> c:\n    repeat 2:\n        h: c = relu(x.1.2 + 1.5e3 * "a")\n    return h\n'


def test_they_are_of_this_grammar() -> None:
    if os.environ.get("SYMC_WRITE_GOLDEN"):
        tables.TABLES.write_text(tables.written() + "\n", encoding="utf-8")
    found = tables.TABLES.read_text(encoding="utf-8")
    if f"lark {lark.__version__}," not in found:
        pytest.skip("another version of lark made them")
    assert tables.read(Layout()) is not None


def test_they_parse_as_the_grammar_does() -> None:
    assert (known := tables.read(Layout())) is None or known["data"]["options"]["lexer"] == "contextual"
    for parser in (grammar(), built()):
        assert [token.type for token in parser.lex("group P\n")] == ["GROUP", "NAME", "NEWLINE"]
    start, *rest = TEXT.splitlines(keepends=True)
    for text in (start, "".join(rest)):
        assert grammar().parse(text, start="declaration") == built().parse(text, start="declaration")


def test_those_of_another_grammar_are_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for text in ("", "[]", "{}", tables.TABLES.read_text(encoding="utf-8").replace("lark ", "lark 0.")):
        other = tmp_path / "tables.json"
        other.write_text(text)
        monkeypatch.setattr(tables, "TABLES", other)
        assert tables.read(Layout()) is None
    monkeypatch.setattr(tables, "TABLES", tmp_path / "none.json")
    assert tables.read(Layout()) is None
