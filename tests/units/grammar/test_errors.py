"""What is said about a text that cannot be read."""

from __future__ import annotations

from pathlib import Path

import pytest

from symc.diagnostics import CODES, Diagnostic, DiagnosticError, Source, render
from symc.grammar import HABITS, decode, parse, parse_expression, parse_signature
from symc.grammar.checks import MAX_DEPTH
from symc.grammar.parser import MAX_ERRORS

GOLDEN = sorted((Path(__file__).parents[2] / "golden" / "diagnostics").glob("E01*.sym"))
MODEL = "model M(x: X*3) -> X*3:\n"


def errors(text: str) -> list[Diagnostic]:
    return parse(Source("f.sym", text))[1]


def only(text: str) -> Diagnostic:
    (diagnostic,) = errors(text)
    return diagnostic


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_golden(path: Path) -> None:
    try:
        _, found = parse(decode(path.read_bytes(), path.name))
    except DiagnosticError as error:
        found = list(error.diagnostics)
    assert "\n".join(map(render, found)) == path.with_suffix(".txt").read_text(encoding="utf-8")
    assert {diagnostic.code for diagnostic in found} == {path.stem.partition("_")[0]}


def test_every_code_of_the_text_has_a_golden_file() -> None:
    assert {path.stem.partition("_")[0] for path in GOLDEN} == {code for code in CODES if code.startswith("E01")}


@pytest.mark.parametrize(
    ("letter", "words"),
    [
        ("\t", "tab"),
        ("\0", "NUL"),
        ("\r", "carriage return"),
        ("\x1b", "escape"),
        ("\x07", "invisible"),
        ("\N{NO-BREAK SPACE}", "non-breaking space"),
        ("\N{ZERO WIDTH SPACE}", "zero-width space"),
        ("\N{ZERO WIDTH NO-BREAK SPACE}", "byte order mark"),
        ("\N{RIGHT-TO-LEFT OVERRIDE}", "right-to-left override"),
        ("\N{HANGUL FILLER}", "hangul filler"),
        ("\N{LINE SEPARATOR}", "line separator"),
        ("\ud800", "invisible"),
        ("\ue000", "invisible"),
    ],
)
@pytest.mark.parametrize("frame", ["group P = S({}n)\n", "{}group P = S(n)\n", "group P = S(n)  # a {}comment\n", 'rep X = f("{}")\n', "rep X = a{}"])
def test_characters_that_cannot_be_seen_are_refused_by_name(letter: str, words: str, frame: str) -> None:
    text = frame.format(letter)
    diagnostic = only(text)
    assert diagnostic.code == "E0102"
    assert words in diagnostic.title
    assert diagnostic.primary is not None
    assert diagnostic.primary.span.start == text.index(letter)
    assert letter.isprintable() or letter not in render(diagnostic)


def test_comments_may_be_written_in_any_script() -> None:
    assert errors("group P = S(n)  # \N{HEAVY BLACK HEART}\N{VARIATION SELECTOR-16} a\N{ZERO WIDTH NON-JOINER}b\n") == []


def test_windows_line_ends_are_no_characters() -> None:
    assert errors("group P = S(n)\r\nrep X = perm(P)\r\n") == []


@pytest.mark.parametrize(
    "text",
    [
        "rep X = " + "(" * 10_000 + "a" + ")" * 10_000,
        "rep X = " + "[" * 10_000,
        "rep X = " + "f(" * 10_000 + "a" + ")" * 10_000,
        "rep X = " + "a + " * 20_000 + "a",
        "rep X = " + "a*" * 20_000 + "a",
        "rep X = " + "-" * 20_000 + "a",
        "rep X = a" + ".b" * 20_000,
        "rep X = a" + "[0]" * 20_000,
        MODEL + "".join(" " * depth + "repeat 2:\n" for depth in range(1, 600)) + " " * 600 + "h = x\n",
    ],
    ids=lambda text: text[8:16],
)
def test_depth_is_a_diagnostic(text: str) -> None:
    assert only(text).code == "E0104"


def test_depth_up_to_the_limit_parses() -> None:
    deep = "(" * (MAX_DEPTH - 3) + "a" + ")" * (MAX_DEPTH - 3)
    assert errors(f"rep X = {deep}\n") == []


@pytest.mark.parametrize("number", ["1" * 19, "1" * 100_000, "1e999", "1.0e999", "2³" + "⁰" * 30])
def test_numbers_too_large_are_refused(number: str) -> None:
    assert only(f"rep X = {number}\n").code == "E0108"


def test_several_errors_come_at_once_in_the_order_of_the_text() -> None:
    found = errors("group P S(n)\nrep X = 32x0e\nrep Y = f(\n" + MODEL + "    h = )\n    return x; x\n    h h\n    return x\n")
    assert [diagnostic.code for diagnostic in found] == ["E0101", "E0105", "E0106", "E0106", "E0105", "E0101"]
    starts = [diagnostic.primary.span.start for diagnostic in found if diagnostic.primary]
    assert starts == sorted(starts)


def test_errors_are_limited() -> None:
    assert len(errors("rep X )\n" * 100)) == MAX_ERRORS
    assert len(errors(MODEL + "    h h\n" * 100 + "    return x\n")) == MAX_ERRORS


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("rep X = ", "an expression"),
        ("rep X = a b", "an operator or the end of the line"),
        ("rep X[c](", "`=`"),
        ("rep = a", None),
        ("model (x: X) -> X:\n    return x\n", "a name"),
        ("model M(x: X) -> X:\n    h = f(a b)\n", "an operator, `,` or `)`"),
        ("model M(x: X) -> X:\n    if a = b:\n        h = x\n", None),
        ('import "f.sym" b\n', "`as`"),
    ],
)
def test_what_was_expected_is_said_in_words(text: str, expected: str | None) -> None:
    diagnostic = errors(text)[0]
    assert diagnostic.primary is not None
    assert "_" not in diagnostic.primary.message.upper().replace("_`", "")
    if expected is not None and diagnostic.code == "E0101":
        assert expected in diagnostic.primary.message


@pytest.mark.parametrize(
    ("statement", "hint"),
    [
        ("h = 32x0e", 'irreps(R, "32x0e")'),
        ("h = irrep(R, 1o)", 'irrep(R, "1o")'),
        ("for i in x:", "repeat"),
        ("while x:", "repeat"),
        ("def f(x):", "model"),
        ("class A:", "model"),
        ("h = lambda x: x", "let f"),
        ("h = x[:,0]", "sum[X](x)"),
        ("h = x[0:2]", "sum[X](x)"),
        ("h = x @ x", "linear(x)"),
        ("h = x ** 2", "x^2"),
        ("h = x // 2", "write `/`"),
        ("h == x", "h = ..."),
        ("h := x", "h = ..."),
        ("h *= x", "h = h * ..."),
        ("h = f'a'", '"a"'),
        ('h = f"a"', "the text itself"),
        ("h = 'a'", '"a"'),
        ('h = "a', 'end it with `"`'),
        ("h = x; h = x", "new line"),
        ("h = {x}", "(w: A, b: B)"),
        ("h = x if y else z", "`if` block"),
        ("h = x and y", "nest one `if`"),
        ("h = x < y", "nest one `if`"),
        ("h[0] = x", "h = ..."),
        ("self.w = x", "w = ..."),
        ("a, b: X = x", "linear[(q: T, k: T)]"),
        ("h = 2x", "2*x"),
        ("h = 1_000", "1000"),
        ("h = f(.5)", "0.5"),
        ("h = f(1.)", "1.0"),
        ("if x = 2:", "=="),
        ('"""what it does"""', "# ..."),
        ("from torch import nn", 'import "file.sym"'),
    ],
)
def test_habits_have_a_hint(statement: str, hint: str) -> None:
    diagnostic = errors(f"{MODEL}    {statement}\n    return x\n")[0]
    assert diagnostic.code == "E0105"
    assert hint in " ".join(diagnostic.helps)


@pytest.mark.parametrize("word", ["import", "group", "rep", "weights", "extern", "model", "let", "return", "repeat", "if", "as"])
def test_words_of_the_language_are_no_names(word: str) -> None:
    assert only(f"group {word} = S(n)\n").code == "E0107"
    assert only(f"{MODEL}    {word}, h = f(x)\n    return x\n").code == "E0107"
    assert only(f"model M({word}: X) -> X:\n    return x\n").code == "E0107"


def test_one_missing_bracket_does_not_swallow_the_next_declaration() -> None:
    parsed, found = parse(Source("f.sym", "rep X = f(a\nrep Y = b\n"))
    assert [diagnostic.code for diagnostic in found] == ["E0106"]
    assert [declaration.span.text for declaration in parsed.declarations] == ["rep Y = b"]


@pytest.mark.parametrize("text", ["", "  # nothing", "a b", "a ->", "a -> b -> c", "-> a", "a\nb", "(a", "32x0e", "\t", "a;", "import = b"])
def test_expressions_and_signatures_complain_with_a_place(text: str) -> None:
    for read in (parse_expression, parse_signature):
        with pytest.raises(DiagnosticError) as raised:
            read(Source("<signature>", text))
        (diagnostic,) = raised.value.diagnostics
        assert diagnostic.primary is not None
        assert diagnostic.primary.span.source.text == text


def test_bytes_that_are_no_text() -> None:
    assert decode(b"group P = S(n)\n", "f.sym") == Source("f.sym", "group P = S(n)\n")
    with pytest.raises(DiagnosticError) as raised:
        decode(b"\x93NUMPY\x01\x00v\x00", "f.npy")
    assert raised.value.diagnostics[0].code == "E0109"


def test_names_from_elsewhere_have_a_way_to_say_the_same() -> None:
    for name in ("shape", "Linear", "reshape", "view", "einsum", "torch", "self", "True", "False", "None", "cat"):
        assert HABITS[name]
