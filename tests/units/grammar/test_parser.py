"""Text to tree: every construct of the language, and where each node stands."""

from __future__ import annotations

import pytest

from symc.diagnostics import Source, Span
from symc.grammar import parse, parse_expression, parse_signature, tree
from symc.grammar.checks import MAX_CHARACTERS

HERE = Span(Source("", ""), 0, 0)  # spans take no part in equality


def name(id: str) -> tree.Name:
    return tree.Name(id, span=HERE)


def number(value: int) -> tree.Int:
    return tree.Int(value, span=HERE)


def binary(op: tree.Operator, left: tree.Expr, right: tree.Expr) -> tree.Binary:
    return tree.Binary(op, left, right, span=HERE)


def expression(text: str) -> tree.Expr:
    return parse_expression(Source("<text>", text))


def file(text: str) -> tree.File:
    parsed, found = parse(Source("<text>", text))
    assert found == []
    return parsed


def only(text: str) -> tree.Declaration:
    (declaration,) = file(text).declarations
    return declaration


def model(*body: str) -> tree.ModelDecl:
    declaration = only("model M(x: X) -> X:\n" + "".join(f"    {line}\n" for line in body))
    assert isinstance(declaration, tree.ModelDecl)
    return declaration


A, B, C = name("a"), name("b"), name("c")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a", A),
        ("12", number(12)),
        ("0.5", tree.Float(0.5, span=HERE)),
        ("1e3", tree.Float(1000.0, span=HERE)),
        ("2.5e-3", tree.Float(0.0025, span=HERE)),
        ('"1o"', tree.String("1o", span=HERE)),
        (r'"a\"b\\c\nd"', tree.String('a"b\\c\nd', span=HERE)),
        ("()", tree.Unit(span=HERE)),
        ("(a)", tree.Paren(A, span=HERE)),
        ("(a: b)", tree.Record((tree.Field(A, B, span=HERE),), span=HERE)),
        ("(a: b, b: c,)", tree.Record((tree.Field(A, B, span=HERE), tree.Field(B, C, span=HERE)), span=HERE)),
        ("[]", tree.List((), span=HERE)),
        ("[a, -1]", tree.List((A, tree.Neg(number(1), span=HERE)), span=HERE)),
        ("a()", tree.Call(A, (), span=HERE)),
        ("a(b, c)", tree.Call(A, (B, C), span=HERE)),
        ("a(b, c=1)", tree.Call(A, (B, tree.Keyword(C, number(1), span=HERE)), span=HERE)),
        ("a(b, 0..c)", tree.Call(A, (B, tree.Range(number(0), C, span=HERE)), span=HERE)),
        ("a[0..3]", tree.Index(A, (tree.Range(number(0), number(3), span=HERE),), span=HERE)),
        ("a[b](c)", tree.Call(tree.Index(A, (B,), span=HERE), (C,), span=HERE)),
        ("a.b", tree.Dot(A, "b", span=HERE)),
        ("a.1.2", tree.Dot(tree.Dot(A, 1, span=HERE), 2, span=HERE)),
        ("a[b.src]", tree.Index(A, (tree.Dot(B, "src", span=HERE),), span=HERE)),
        ("a + b - c", binary("-", binary("+", A, B), C)),
        ("a - b*c", binary("-", A, binary("*", B, C))),
        ("a/b*c", binary("*", binary("/", A, B), C)),
        ("a*b^2", binary("*", A, binary("^", B, number(2)))),
        ("-a^2", tree.Neg(binary("^", A, number(2)), span=HERE)),
        ("a*-b", binary("*", A, tree.Neg(B, span=HERE))),
        ("a(b)^2", binary("^", tree.Call(A, (B,), span=HERE), number(2))),
        ("a*(b*c)", binary("*", A, tree.Paren(binary("*", B, C), span=HERE))),
    ],
)  # fmt: skip
def test_expressions(text: str, expected: tree.Expr) -> None:
    assert expression(text) == expected


@pytest.mark.parametrize(
    ("unicode", "plain"),
    [("a ⊗ b", "a * b"), ("a × b", "a * b"), ("a ⊕ b", "a + b"), ("a²", "a^2"), ("a¹⁰", "a^10"), ("a(b)³*c", "a(b)^3*c")],
)
def test_unicode_operators_are_the_plain_ones(unicode: str, plain: str) -> None:
    assert expression(unicode) == expression(plain)


def test_superscripts_are_no_part_of_a_name() -> None:
    assert expression("v²") == binary("^", name("v"), number(2))


def test_letters_that_are_the_same_letter_make_one_name() -> None:
    micro, mu, composed = "\N{MICRO SIGN}", "\N{GREEK SMALL LETTER MU}", "\N{LATIN SMALL LETTER E WITH ACUTE}"
    assert expression(micro) == expression(mu) == name(mu)
    assert expression(composed) == name(composed)


@pytest.mark.parametrize("arrow", ["->", "→"])
def test_signatures(arrow: str) -> None:
    signature = parse_signature(Source("<signature>", f"a*b {arrow} (c: c)"))
    assert signature == tree.Signature(binary("*", A, B), tree.Record((tree.Field(C, C, span=HERE),), span=HERE), span=HERE)


def test_declarations() -> None:
    assert only('import "f.sym"') == tree.Import(tree.String("f.sym", span=HERE), None, span=HERE)
    assert only('import "f.sym" as b') == tree.Import(tree.String("f.sym", span=HERE), B, span=HERE)
    assert only("group a = b") == tree.GroupDecl(A, (), B, span=HERE)
    assert only("weights a = b(c)") == tree.WeightsDecl(A, tree.Call(B, (C,), span=HERE), span=HERE)
    assert only("extern a: b -> c") == tree.ExternDecl(A, B, C, span=HERE)
    params = (tree.Param(B, "rep", None, span=HERE), tree.Param(C, "int", number(4), span=HERE))
    assert only("rep a[b: rep, c = 4] = b") == tree.RepDecl(A, params, B, span=HERE)


def test_models() -> None:
    parsed = only("model a[c = 4](a: b, b: c) -> c:\n    return a\n")
    fields = (tree.Field(A, B, span=HERE), tree.Field(B, C, span=HERE))
    body = (tree.Return((A,), span=HERE),)
    assert parsed == tree.ModelDecl(A, (tree.Param(C, "int", number(4), span=HERE),), fields, C, body, span=HERE, head=HERE)
    assert only("model a() -> c:\n    return a\n") == tree.ModelDecl(A, (), (), C, body, span=HERE, head=HERE)


def test_statements() -> None:
    parsed = model("a: b = c", "a = b", "a, b = c", "let a = b", "repeat a:", "    a = b", "return a, b")
    turn = tree.Rebind((A,), B, span=HERE)
    assert parsed.body == (
        tree.Bind(A, B, C, span=HERE),
        tree.Rebind((A,), B, span=HERE),
        tree.Rebind((A, B), C, span=HERE),
        tree.Let(A, B, span=HERE),
        tree.Repeat(A, (turn,), span=HERE),
        tree.Return((A, B), span=HERE),
    )


@pytest.mark.parametrize("comparison", ["==", "!=", "<", "<=", ">", ">="])
def test_branches(comparison: tree.Comparison) -> None:
    (branch, nested) = model(f"if a {comparison} b:", "    a = b", "else:", "    a = c", "if a:", "    if b:", "        a = b").body
    then, otherwise = tree.Rebind((A,), B, span=HERE), tree.Rebind((A,), C, span=HERE)
    assert branch == tree.If(tree.Compare(comparison, A, B, span=HERE), (then,), (otherwise,), span=HERE)
    assert nested == tree.If(A, (tree.If(B, (then,), (), span=HERE),), (), span=HERE)


def test_words_of_the_language_name_arguments_and_constructors() -> None:
    assert expression("rep(a, weights=b)") == tree.Call(name("rep"), (A, tree.Keyword(name("weights"), B, span=HERE)), span=HERE)


@pytest.mark.parametrize(
    "text",
    [
        "rep a = b +\n    c",
        "rep a = b + # why\n\n  # and why not\n c",
        "rep a =\n b + c",
        "rep a = b + c  # beside",
        "\n\n# before\nrep a = b + c\n# after\n\n",
        "rep a = b + c\r\n",
        "rep a = b +\r\n  c\r\n",
        "rep   a=b   +c   ",
    ],
)
def test_layout_of_a_line_is_free(text: str) -> None:
    assert only(text) == only("rep a = b + c\n")


def test_newlines_in_brackets_mean_nothing() -> None:
    assert only("rep a = b(\n\n  a, # beside\n# first column\nb\n)") == only("rep a = b(a, b)")
    assert only("model a(\nb: c,\n) -> (\n  b: c):\n  return a(\n    b)\n") == only("model a(b: c) -> (b: c):\n    return a(b)")


def test_blocks_may_have_any_width() -> None:
    narrow = "model a(b: c) -> c:\n repeat 2:\n  a = b\n\n  # between\n  b = c\n return a\n"
    wide = "model a(b: c) -> c:\n        repeat 2:\n            a = b\n            b = c\n        return a"
    assert only(narrow) == only(wide)


def test_every_span_is_the_text_of_its_node() -> None:
    text = '# first\ngroup P = S(n)\nmodel M[c = 4](x: X*c) -> X:  # then\n    y: X*c = f[a=1](x.0, "s")² - -x\n    return y\n'
    parsed = file(text)
    texts = {type(node).__name__: node.span.text for declaration in parsed.declarations for node, _ in tree.walk(declaration)}
    assert texts["GroupDecl"] == "group P = S(n)"
    assert texts["ModelDecl"] == text[text.index("model") :].rstrip()
    assert texts["Param"] == "c = 4"
    assert texts["Bind"] == 'y: X*c = f[a=1](x.0, "s")² - -x'
    assert texts["Index"] == "f[a=1]"
    assert texts["Keyword"] == "a=1"
    assert texts["Dot"] == "x.0"
    assert texts["String"] == '"s"'
    assert texts["Neg"] == "-x"
    assert texts["Return"] == "return y"
    head = parsed.declarations[1]
    assert isinstance(head, tree.ModelDecl)
    assert head.head.text == "model M[c = 4](x: X*c) -> X:"


def test_what_parses_is_there_beside_what_does_not() -> None:
    parsed, found = parse(Source("<text>", "group P = S(n)\nrep X perm(P)\nrep Y = perm(P)\nmodel M(y: Y) -> Y:\n    return )\nextern f: Y -> 1\n"))
    assert [declaration.span.text for declaration in parsed.declarations] == ["group P = S(n)", "rep Y = perm(P)", "extern f: Y -> 1"]
    assert parsed.failed == ("X", "M")
    assert [diagnostic.code for diagnostic in found] == ["E0101", "E0106"]


def test_an_empty_text_is_a_file() -> None:
    assert file("").declarations == file("\n  \n# nothing\n").declarations == ()


def test_the_limit_of_a_text_can_be_set() -> None:
    text = "group P = S(n)\n"
    assert parse(Source("<text>", text), limit=len(text))[1] == []
    (diagnostic,) = parse(Source("<text>", text), limit=len(text) - 1)[1]
    assert diagnostic.code == "E0108"
    assert parse(Source("<text>", "#" * (MAX_CHARACTERS + 1)))[1][0].code == "E0108"
