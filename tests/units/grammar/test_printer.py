"""Tree to text: the fewest parentheses that keep the meaning."""

from __future__ import annotations

import pytest

from symc.diagnostics import Source, Span
from symc.grammar import parse_expression, parse_signature, show, tree

HERE = Span(Source("", ""), 0, 0)
A, B, C = (tree.Name(letter, span=HERE) for letter in "abc")


@pytest.mark.parametrize(
    "text",
    [
        "a + b*c^2",
        "a*(b*c)",
        "((a))",
        "-a*-b",
        "--a",
        "a - (b - c)",
        'f[a, b=2](x.0, "x\\"\\\\", 0..L)',
        "(w: a*b, b: ())",
        "[[0, -1], [1, 0]]",
        "0.5",
        "1e-07",
        "1 .5",
    ],
)
def test_what_is_written_so_is_shown_so(text: str) -> None:
    assert show(parse_expression(Source("<text>", text))) == text


def test_signatures() -> None:
    assert show(parse_signature(Source("<text>", "a²×b→( )"))) == "a^2*b -> ()"


@pytest.mark.parametrize(
    ("left", "operator", "right", "text"),
    [
        ("a + b", "*", "c", "(a + b)*c"),
        ("a", "-", "b - c", "a - (b - c)"),
        ("a", "/", "b*c", "a/(b*c)"),
        ("a*b", "^", "c", "(a*b)^c"),
        ("-a", "^", "b", "(-a)^b"),
        ("a", "+", "-b", "a + -b"),
        ("a^b", "^", "c", "(a^b)^c"),
    ],
)
def test_parentheses_stand_where_the_tree_needs_them(left: str, operator: tree.Operator, right: str, text: str) -> None:
    parts = (parse_expression(Source("<text>", part)) for part in (left, right))
    assert show(tree.Binary(operator, *parts, span=HERE)) == text


def test_postfixes_of_sums_have_parentheses() -> None:
    total = tree.Binary("+", A, B, span=HERE)
    assert show(tree.Call(total, (C,), span=HERE)) == "(a + b)(c)"
    assert show(tree.Dot(total, "w", span=HERE)) == "(a + b).w"
    assert show(tree.Neg(total, span=HERE)) == "-(a + b)"
