"""The grammar is LALR(1) without conflicts, and no two of its terminals can match the same text."""

from __future__ import annotations

import pytest

from symc.grammar.parser import built, grammar


def test_the_grammar_builds_strictly() -> None:
    pytest.importorskip("interegular")
    parser = built(strict=True)
    assert parser.options.strict
    assert (parser.options.parser, parser.options.lexer) == ("lalr", "contextual")
    assert parser.parse("group P = S(n)\n", start="declaration").data == "group"


def test_the_grammar_is_built_once() -> None:
    assert grammar() is grammar()
