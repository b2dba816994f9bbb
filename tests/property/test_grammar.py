"""Any tree can be printed, read back and formatted; no text at all makes the parser fail in any way but a diagnostic."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from symc.diagnostics import Diagnostic, DiagnosticError, Source, Span, render, to_json
from symc.grammar import format_source, parse, parse_expression, parse_signature, show, show_declaration, tree
from symc.grammar.scan import RESERVED, scan

HERE = Span(Source("", ""), 0, 0)
SPECS = [path.read_text(encoding="utf-8") for path in sorted((Path(__file__).parents[1] / "golden" / "specs").glob("*.sym"))]

words = st.one_of(st.sampled_from(["x", "X", "h0", "perm", "linear", "λ", "x_1", "e5"]), st.from_regex(r"[a-z_][a-zA-Z0-9_]{0,5}", fullmatch=True))
names = words.filter(lambda word: word not in RESERVED).map(lambda word: tree.Name(word, span=HERE))
atoms: st.SearchStrategy[tree.Expr] = st.one_of(
    names,
    st.integers(0, 10**18 - 1).map(lambda value: tree.Int(value, span=HERE)),
    st.floats(0, 1e300).map(lambda value: tree.Float(value, span=HERE)),
    st.text(st.characters(categories=("L", "N", "P", "S"), exclude_characters="\u2800\u3164\uffa0\u115f\u1160"), max_size=6).map(
        lambda value: tree.String(value, span=HERE)
    ),
    st.just(tree.Unit(span=HERE)),
)

entries = st.one_of(names.map(lambda name: name.id), st.integers(0, 20))


def several(items: st.SearchStrategy[tree.Expr], least: int = 0) -> st.SearchStrategy[tuple[tree.Expr, ...]]:
    return st.lists(items, min_size=least, max_size=3).map(tuple)


def grouped(node: tree.Expr, kinds: tuple[type, ...]) -> tree.Expr:
    """The node, in parentheses where the text could not do without."""
    return node if isinstance(node, kinds) else tree.Paren(node, span=HERE)


POSTFIX = (tree.Name, tree.Int, tree.Float, tree.String, tree.Unit, tree.Paren, tree.Record, tree.List, tree.Call, tree.Index, tree.Dot)


def binary(op: tree.Operator, left: tree.Expr, right: tree.Expr) -> tree.Expr:
    """A binary operation with the parentheses that its precedence asks for."""
    tight = {"+": "+-*/^", "-": "+-*/^", "*": "*/^", "/": "*/^", "^": ""}[op]
    if not (isinstance(left, POSTFIX) or (isinstance(left, tree.Neg) and op != "^") or (isinstance(left, tree.Binary) and left.op in tight)):
        left = tree.Paren(left, span=HERE)
    tighter = {"+": "*/^", "-": "*/^", "*": "^", "/": "^", "^": ""}[op]
    if not (isinstance(right, POSTFIX) or (isinstance(right, tree.Neg) and op != "^") or (isinstance(right, tree.Binary) and right.op in tighter)):
        right = tree.Paren(right, span=HERE)
    return tree.Binary(op, left, right, span=HERE)


def negative(node: tree.Expr) -> tree.Expr:
    power = isinstance(node, tree.Binary) and node.op == "^"
    return tree.Neg(node if power else grouped(node, (*POSTFIX, tree.Neg)), span=HERE)


def larger(inner: st.SearchStrategy[tree.Expr]) -> st.SearchStrategy[tree.Expr]:
    arguments = several(
        st.one_of(
            inner,
            st.builds(lambda name, value: tree.Keyword(name, value, span=HERE), names, inner),
            st.builds(lambda first, last: tree.Range(first, last, span=HERE), inner, inner),
        )
    )
    return st.one_of(
        inner.map(lambda node: tree.Paren(node, span=HERE)),
        inner.map(negative),
        fields(inner, 1).map(lambda items: tree.Record(items, span=HERE)),
        arguments.map(lambda items: tree.List(items, span=HERE)),
        st.builds(lambda node, items: tree.Call(grouped(node, POSTFIX), items, span=HERE), inner, arguments),
        st.builds(lambda node, items: tree.Index(grouped(node, POSTFIX), items, span=HERE), inner, arguments),
        st.builds(lambda node, entry: tree.Dot(grouped(node, POSTFIX), entry, span=HERE), inner, entries),
        st.builds(binary, st.sampled_from(["+", "-", "*", "/", "^"]), inner, inner),
    )


def fields(types: st.SearchStrategy[tree.Expr], least: int) -> st.SearchStrategy[tuple[tree.Field, ...]]:
    return st.lists(st.builds(lambda name, type: tree.Field(name, type, span=HERE), names, types), min_size=least, max_size=3).map(tuple)


expressions = st.recursive(atoms, larger, max_leaves=8)
kinds = st.sampled_from(["int", "rep", "float"])
params = st.lists(
    st.builds(lambda name, kind, default: tree.Param(name, kind, default, span=HERE), names, kinds, st.none() | expressions), max_size=2
).map(tuple)
comparisons: st.SearchStrategy[tree.Comparison] = st.sampled_from(["==", "!=", "<=", ">=", "<", ">"])
tests = st.one_of(expressions, st.builds(lambda op, a, b: tree.Compare(op, a, b, span=HERE), comparisons, expressions, expressions))
simple: st.SearchStrategy[tree.Statement] = st.one_of(
    st.builds(lambda name, type, value: tree.Bind(name, type, value, span=HERE), names, expressions, expressions),
    st.builds(lambda bound, value: tree.Rebind(tuple(bound), value, span=HERE), st.lists(names, min_size=1, max_size=3), expressions),
    st.builds(lambda name, value: tree.Let(name, value, span=HERE), names, expressions),
    st.builds(lambda values: tree.Return(values, span=HERE), several(expressions, 1)),
)


def blocks(inner: st.SearchStrategy[tree.Statement]) -> st.SearchStrategy[tree.Statement]:
    body = st.lists(inner, min_size=1, max_size=3).map(tuple)
    return st.one_of(
        st.builds(lambda count, body: tree.Repeat(count, body, span=HERE), expressions, body),
        st.builds(lambda test, then, other: tree.If(test, then, other, span=HERE), tests, body, st.just(()) | body),
    )


bodies = st.lists(st.recursive(simple, blocks, max_leaves=4), min_size=1, max_size=3).map(tuple)
strings = st.text("ab/._", max_size=5).map(lambda value: tree.String(value, span=HERE))
declarations: st.SearchStrategy[tree.Declaration] = st.one_of(
    st.builds(lambda path, alias: tree.Import(path, alias, span=HERE), strings, st.none() | names),
    st.builds(lambda name, params, value: tree.GroupDecl(name, params, value, span=HERE), names, params, expressions),
    st.builds(lambda name, params, value: tree.RepDecl(name, params, value, span=HERE), names, params, expressions),
    st.builds(lambda name, value: tree.WeightsDecl(name, value, span=HERE), names, expressions),
    st.builds(lambda name, source, target: tree.ExternDecl(name, source, target, span=HERE), names, expressions, expressions),
    st.builds(
        lambda name, params, inputs, result, body: tree.ModelDecl(name, params, inputs, result, body, span=HERE, head=HERE),
        names, params, fields(expressions, 0), expressions, bodies,
    ),
)  # fmt: skip


@given(expressions)
def test_expressions_are_read_back(node: tree.Expr) -> None:
    assert parse_expression(Source("<text>", show(node))) == node


@settings(max_examples=60)
@given(st.lists(declarations, max_size=3))
def test_files_are_read_back_and_formatted(nodes: list[tree.Declaration]) -> None:
    text = "\n".join(show_declaration(node) for node in nodes)
    expected: tuple[tree.File, list[Diagnostic]] = (tree.File(tuple(nodes), Source("", "")), [])
    assert parse(Source("<text>", text)) == expected
    formatted = format_source(text)
    assert parse(Source("<text>", formatted)) == expected
    assert format_source(formatted) == formatted


marks = ["(", ")", "[", "]", ":", ",", "=", ".", "..", "->", "+", "-", "*", "/", "^", "#", '"', "'", ";", "@", "**", "==", "\N{MULTIPLICATION SIGN}"]
spaces = ["\n", "\n    ", "\n\n", "\r\n", "  ", "\t", "\0", "\N{NO-BREAK SPACE}", "# comment\n"]
phrases = ["2", "0.5", "²", "x", "X", '"a"', "32x0e", "for", "if", "else", "repeat:", "return", "let", "group", "rep", "model", "import"]
pieces = st.sampled_from(marks + spaces + phrases)
mutations = st.lists(st.tuples(st.floats(0, 1), st.integers(0, 12), st.one_of(st.just(""), pieces, st.text(max_size=3))), min_size=1, max_size=4)


def mutated(text: str, changes: list[tuple[float, int, str]]) -> str:
    for place, length, instead in changes:
        start = int(place * len(text))
        text = text[:start] + instead + text[start + length :]
    return text


def check_total(text: str) -> None:
    """Whatever the text, the answer is a tree or diagnostics that can be shown, and the formatter agrees."""
    source = Source("<text>", text)
    parsed, found = parse(source)
    for diagnostic in found:
        render(diagnostic).encode()
        to_json(diagnostic)
        assert diagnostic.code.startswith("E01")
        assert diagnostic.primary is not None
        assert 0 <= diagnostic.primary.span.start <= diagnostic.primary.span.end <= len(text)
    if found:
        with pytest.raises(DiagnosticError) as raised:
            format_source(text)
        assert list(raised.value.diagnostics) == found
        return
    formatted = format_source(text)
    assert parse(Source("<text>", formatted)) == (parsed, [])
    assert format_source(formatted) == formatted
    assert comments(formatted) == comments(text)


def comments(text: str) -> list[str]:
    return [token.text.rstrip() for token in scan(text) if token.kind == "comment"]


@settings(max_examples=150)
@given(st.sampled_from(SPECS), mutations)
def test_mutated_specs_make_diagnostics(text: str, changes: list[tuple[float, int, str]]) -> None:
    check_total(mutated(text, changes))


@given(st.text(max_size=60) | st.lists(pieces, max_size=20).map("".join))
@example("rep X =")
@example("\n rep")
@example("else:\n")
@example("model M() -> 1:\n    h = x\n  # deep\n        # deeper\n")
@example("\ud800")
def test_any_text_makes_diagnostics(text: str) -> None:
    check_total(text)
    for read in (parse_expression, parse_signature):
        with suppress(DiagnosticError):
            read(Source("<text>", text))
