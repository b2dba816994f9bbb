"""Inputs and values without effect: what is said of them, and what is let pass."""

from __future__ import annotations

import pytest

from symc.diagnostics import Source
from symc.grammar import parse, tree
from symc.passes.elaborate.unused import unused


def said(body: str, inputs: str = "x: X") -> list[tuple[str, str]]:
    file, found = parse(Source("t.sym", f"model M[c = 1]({inputs}) -> X:\n" + "".join(f"    {line}\n" for line in body.splitlines())))
    assert found == []
    (model,) = (item for item in file.declarations if isinstance(item, tree.ModelDecl))
    return [(warning.code, warning.primary.span.text) for warning in unused(model) if warning.primary]


@pytest.mark.parametrize(
    "body",
    [
        "return x",
        "x = f(x)\nx = g(x)\nreturn x",
        "_h = f(x)\nreturn x",
        "a, b = f(x)\nreturn b",
        "let enc = linear[X]\nreturn enc(x)",
        "y = x\nrepeat 2:\n    x = f(y)\n    y = g(x)\nreturn x",
        "h = f(x)\nif c == 1:\n    x = h\nreturn x",
        "if c == 1:\n    h = f(x)\nelse:\n    h = g(x)\nreturn h",
        "if c == 1:\n    return f(x)\nelse:\n    return x",
        "y = x\nrepeat c:\n    y = f(y)\nreturn y",
    ],
)
def test_nothing_is_said(body: str) -> None:
    assert said(body) == []


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("h = f(x)\nreturn x", [("W0203", "h")]),
        ("h = f(x)\nh = g(h)\nreturn x", [("W0203", "h")]),
        ("h = f(x)\nh = g(x)\nreturn h", [("W0203", "h")]),
        ("a = f(x)\nb = f(a)\nreturn x", [("W0203", "a"), ("W0203", "b")]),
        ("a, b = f(x)\nreturn x", [("W0203", "a"), ("W0203", "b")]),
        ("let enc = linear[X]\nreturn x", [("W0203", "enc")]),
        ("repeat 2:\n    h = f(x)\nreturn x", [("W0203", "h")]),
        ("x = f()\nreturn x", [("W0202", "x")]),
        ("h = f(x)\nreturn g()", [("W0202", "x"), ("W0203", "h")]),
    ],
)
def test_what_is_in_vain(body: str, expected: list[tuple[str, str]]) -> None:
    assert said(body) == expected


def test_an_input_that_is_part_of_a_type_is_used() -> None:
    assert said("return y", "e: edges(X), y: e*3, z: X") == [("W0202", "z")]
