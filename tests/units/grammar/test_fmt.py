"""`symc fmt`: what it changes, and what it leaves."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from symc.diagnostics import DiagnosticError, Source
from symc.grammar import format_source, parse, show_declaration

ROOT = Path(__file__).parents[3]
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```", (ROOT / "README.md").read_text(encoding="utf-8"), re.S | re.M)
README = [text for language, text in BLOCKS if not language and re.match(r"(# .*\n)?group ", text)]
EXAMPLES = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "examples").glob("*.sym"))]
SPECS = sorted((Path(__file__).parents[2] / "golden" / "specs").glob("*.sym"))


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.stem)
def test_specs_stand_as_they_are_written(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert format_source(text, path.name) == text


def test_what_the_project_shows_stands_as_it_is_written() -> None:
    assert README
    assert EXAMPLES
    for text in (*README, *EXAMPLES):
        assert format_source(text) == text


def test_comments_in_one_column_stay_there() -> None:
    aligned = "group P = S(n)            # n is free\nrep   X = perm(P)         # acts on R^n\n"
    assert format_source(aligned) == aligned
    assert format_source(aligned.replace("rep   X", "rep X").replace("  # acts", "    # acts")) == aligned
    uneven = aligned.replace(" # acts", "# acts")
    assert format_source(uneven) == "group P = S(n)     # n is free\nrep   X = perm(P)  # acts on R^n\n"


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.stem)
def test_specs_round_trip_through_the_tree(path: Path) -> None:
    parsed, found = parse(Source(path.name, path.read_text(encoding="utf-8")))
    assert found == []
    assert parsed.declarations
    printed = "\n".join(show_declaration(declaration) for declaration in parsed.declarations)
    assert parse(Source(path.name, printed)) == (parsed, [])


def line(text: str) -> str:
    formatted = format_source(text)
    assert format_source(formatted) == formatted
    return formatted.rstrip("\n")


@pytest.mark.parametrize(
    ("written", "formatted"),
    [
        ("group P=S( n )", "group P = S(n)"),
        ("rep X = perm(P)", "rep   X = perm(P)"),
        ("rep X = a * b/c+d-e ^ 2", "rep   X = a*b/c + d - e^2"),
        ("rep X = ( a*b )*c", "rep   X = (a*b)*c"),
        ("rep X = - a * - b - -c", "rep   X = -a*-b - -c"),
        ("rep X = a⊗b × c ⊕ d²", "rep   X = a*b*c + d^2"),
        ("rep X = irreps( R,0 .. L )", "rep   X = irreps(R, 0..L)"),
        ("rep X[c=4,T:rep=Y] = f(n = 1)", "rep   X[c = 4, T: rep = Y] = f(n=1)"),
        ("rep X = x . 1 . w", "rep   X = x.1.w"),
        ("rep X = f(1 . 5)", "rep   X = f(1 .5)"),
        ("rep X = [ [0,-1],[1,0] ]", "rep   X = [[0, -1], [1, 0]]"),
        ("rep X = ( w:A*B,b :B , )", "rep   X = (w: A*B, b: B,)"),
        ('import   "f.sym"   as   b', 'import "f.sym" as b'),
        ("extern f:A→B", "extern f: A -> B"),
        ("weights W=module( net )", "weights W = module(net)"),
    ],
)
def test_spaces_of_declarations(written: str, formatted: str) -> None:
    assert line(written) == formatted


@pytest.mark.parametrize(
    ("written", "formatted"),
    [
        ("h:X*c=a*b", "h: X*c = a * b"),
        ("h=f(a*b)/c", "h = f(a * b) / c"),
        ("h = linear[X * 64](x*y[a * b])", "h = linear[X*64](x * y[a*b])"),
        ("h = linear[ each = X ](x)", "h = linear[each=X](x)"),
        ("h = bilinear(x,y,weights = a*b)", "h = bilinear(x, y, weights=a * b)"),
        ("a,b=c", "a, b = c"),
        ("let   f=linear[X]", "let f = linear[X]"),
        ("return(a),-b", "return (a), -b"),
        ("return norm( x ) ^ 2*y", "return norm(x)^2 * y"),
    ],
)
def test_spaces_of_statements(written: str, formatted: str) -> None:
    assert line(f"model M() -> 1:\n  {written}") == f"model M() -> 1:\n    {formatted}"


def test_spaces_of_blocks() -> None:
    written = "model   M [c=4]( x:X*c ,e : edges( X ) )->X :\n repeat 2*c-1 :\n  if c==2*c :\n   h=x\n  else :\n   h=-x\n"
    formatted = (
        "model M[c = 4](x: X*c, e: edges(X)) -> X:\n"
        "    repeat 2*c - 1:\n        if c == 2*c:\n            h = x\n        else:\n            h = -x\n"
    )
    assert format_source(written) == formatted


def test_parentheses_that_merge_stay() -> None:
    assert line("rep T = ((c*q)*g)*(X)*(8*v)") == "rep   T = ((c*q)*g)*(X)*(8*v)"


def test_comments_stay() -> None:
    written = """\


#first
group P = S(n)   # beside
rep X = perm(P)#beside too


   # before the model
model M(x: X*3, # an input
  # the other
  y: X*3
  ) -> X*3: # the header
# of the body
  h = x +   # half
    y       # all
  repeat 2:
    h = h
      # of the turn
   # of the body again

  return h
  # the last of the body
# the end


"""
    formatted = """\
#first
group P = S(n)     # beside
rep   X = perm(P)  #beside too

# before the model
model M(x: X*3,  # an input
    # the other
    y: X*3
) -> X*3:   # the header
    # of the body
    h = x +  # half
        y    # all
    repeat 2:
        h = h
        # of the turn
    # of the body again

    return h
    # the last of the body
# the end
"""
    assert format_source(written) == formatted
    assert format_source(formatted) == formatted


def test_a_header_over_several_lines_stands_apart_from_its_block() -> None:
    assert line("model M(x: X,\n  y: X) -> X:\n  return x") == "model M(x: X,\n        y: X) -> X:\n    return x"


def test_line_ends_and_the_last_one() -> None:
    assert format_source("group P = S(n)\r\n\r\nrep X = perm(P)") == "group P = S(n)\n\nrep   X = perm(P)\n"
    assert format_source("") == format_source("\n\n") == ""
    assert format_source("# only this") == "# only this\n"


def test_strings_are_left_alone() -> None:
    assert line('rep X = f( "a  *  b  # ²⊗" )') == 'rep   X = f("a  *  b  # ²⊗")'


def test_a_text_with_errors_is_refused_with_all_of_them() -> None:
    with pytest.raises(DiagnosticError) as raised:
        format_source("group P S(n)\nrep X = )\n", "f.sym")
    assert [diagnostic.code for diagnostic in raised.value.diagnostics] == ["E0101", "E0106"]
    assert "f.sym:1:9" in str(raised.value)
