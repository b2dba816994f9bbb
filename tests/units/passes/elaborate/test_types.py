"""Types are representations are shapes: the table of the language, and what is refused."""

from __future__ import annotations

import pytest

from symc.algebra.reps import Trivial
from symc.diagnostics import DiagnosticError
from symc.ir.types import Type
from symc.passes.elaborate import declarations, signature

GROUPS = {"P": "S(n)", "R": "O(3)", "D": "D(4)", "M": "matrices([[0, 2], [1, 0]])"}


def typed(text: str) -> Type:
    named = text
    for name, rep in (("X", "perm(P)"), ("v", "vector(R)"), ("q", "regular(D)"), ("g", "pixels(D, 4, 4)"), ("m", "vector(M)")):
        named = " ".join(rep if word == name else word for word in named.split(" "))
    source, _ = signature(f"{named} -> 1", declarations(None, GROUPS))
    assert isinstance(source, Type)
    return source


@pytest.mark.parametrize(
    ("written", "shape"),
    [
        ("()", "()"),
        ("1", "(1)"),
        ("10", "(10)"),
        ("X", "(n)"),
        ("X * 1", "(n, 1)"),
        ("X * ()", "(n)"),
        ("X * 3", "(n, 3)"),
        ("3 * X", "(3, n)"),
        ("X ^2*5", "(n, n, 5)"),
        ("8* v", "(8, 3)"),
        ("5* v ^2", "(5, 3, 3)"),
        ("5*( v ^2)", "(5, 9)"),
        ("(2* q )* g", "(16, 4, 4)"),
        ("( g )", "(4, 4)"),
        ("( g * g )", "(256)"),
        ("16 + 8* v", "(40)"),
        ("X *(16 + 8* v )", "(n, 40)"),
        ("X *(8* v )", "(n, 24)"),
        ("X + 3", "(n+3)"),
        ("(2*3)", "(6)"),
        ("2*3", "(2, 3)"),
        ("2^3", "(2, 2, 2)"),
        ("7 - 4", "(3)"),
        ("8/2* v", "(4, 3)"),
        ("(8/2 - 1)* v", "(3, 3)"),
        ("(())", "(1)"),
        ("dual( v * v )", "(3, 3)"),
        ("trivial(P)", "(1)"),
        ("sign(P)", "(1)"),
        ("X ^0", "()"),
    ],
)
def test_shapes(written: str, shape: str) -> None:
    assert f"({', '.join(str(size) for size in typed(written).shape)})".replace(" + ", "+") == shape


def test_brackets_merge_and_trivial_factors_become_one() -> None:
    assert typed("( 2*3*X )".replace("X", "perm(P)")).axes == typed("(6*perm(P))").axes
    assert typed("(2*3)").axes == (Trivial(6),)


def test_terms_of_a_sum_are_kept_as_written() -> None:
    (axis,) = typed("1 + 2 + v").axes
    assert str(axis) == "1 + 2 + vector(R)"
    (nested,) = typed("(1 + 2) + v").axes
    assert nested != axis


def test_dual_changes_only_what_is_not_orthogonal() -> None:
    assert typed("dual( v )") == typed("v")
    assert str(typed("dual( m )")) == "dual(vector(M))"


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("X", "E0210"),
        ("P", "E0214"),
        ("S(3)", "E0214"),
        ("perm(3)", "E0214"),
        ("perm(P, P)", "E0215"),
        ("perm(P=3)", "E0215"),
        ("perm()", "E0215"),
        ("perm(R)", "E0323"),
        ("pixels(D, 4, 5)", "E0323"),
        ("3/2", "E0223"),
        ("1 - 1", "E0223"),
        ("0", "E0223"),
        ("2 - 5", "E0223"),
        ("vector(R)^n", "E0223"),
        ("vector(R)^1.5", "E0223"),
        ("vector(R)^(0-1)", "E0223"),
        ("vector(R)^33", "E0521"),
        ("(vector(R)^32)*(vector(R)^32)", "E0521"),
        ("2^54", "E0521"),
        ("(9007199254740992*2)", "E0520"),
        ("(10^400 - 1)", "E0520"),
        ("(a: 3, b: 4)*(c: 5)", "E0214"),
        ("(a: 3, b: 4) + 1", "E0214"),
        ('"16x0e"', "E0214"),
        ("[1, 2]", "E0214"),
        ("irreps(R, 2..0)", "E0323"),
        ("irreps(R, \"16x0z\")", "E0323"),
        ("vector(O(1, 3, 1, 1))", "E0215"),
        ("rep(P, [1, 0])", "E0323"),
        ("perm(generated(2))", "E0323"),
        ("point(R)", "E0323"),
        ("sym(vector(R), 0-1)", "E0223"),
        ("traceless(vector(GL(3)), 2)", "E0323"),
        ("grid(R, 4, 4)", "E0901"),
    ],
)
def test_what_is_no_type_is_refused(written: str, code: str) -> None:
    with pytest.raises(DiagnosticError) as caught:
        signature(f"{written} -> 1", declarations(None, GROUPS))
    (diagnostic,) = caught.value.diagnostics
    assert diagnostic.code == code
    assert diagnostic.primary is not None


def test_a_record_is_distributed_over() -> None:
    source, _ = signature("(w: 3, b: perm(P))*5 -> 2*(a: 1, b: (c: 4, d: 5))", declarations(None, GROUPS))
    assert str(source) == "(w: 3*5, b: perm(P)*5)"
    _, target = signature("1 -> 2*(a: 1, b: (c: 4, d: 5))", declarations(None, GROUPS))
    assert str(target) == "(a: 2*1, b: (c: 2*4, d: 2*5))"


def test_free_sizes_appear_in_a_signature() -> None:
    source, _ = signature("perm(S(k))*perm(S(2*k - 1)) -> 1", declarations())
    assert isinstance(source, Type)
    assert [str(size) for size in source.shape] == ["k", "2*k - 1"]


def test_groups_given_by_name_come_before_those_of_a_file() -> None:
    from symc.diagnostics import Source
    from symc.grammar import parse

    file, _ = parse(Source("g.sym", "group P = S(n)\nrep X = perm(P)\n"))
    source, _ = signature("X -> 1", declarations(file, {"P": "S(5)"}))
    assert isinstance(source, Type)
    assert source.shape == (5,)
