"""Statements: rebinding, `repeat`, `if`, `return`, and going on after a mistake."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import pytest

from symc.diagnostics import Diagnostic, DiagnosticError, Source
from symc.grammar import parse
from symc.ir.ops import Linear, Pointwise
from symc.passes.elaborate import elaborate, elaborate_all

Program: TypeAlias = Callable[..., Any]
Found: TypeAlias = Callable[..., list[Diagnostic]]


def functions(graph: Any) -> list[str]:
    return [node.op.function for node in graph.nodes if isinstance(node.op, Pointwise)]


@pytest.mark.parametrize(("depth", "count"), [(0, 0), (1, 1), (3, 3)])
def test_repeat_is_unrolled_with_new_weights(program: Program, depth: int, count: int) -> None:
    graph = program("model M[depth](x: X) -> X:\n    repeat depth:\n        x = x + relu(linear(x))\n    return x\n", params={"depth": depth})
    names = [node.op.name for node in graph.nodes if isinstance(node.op, Linear)]
    assert names == [f"x.0.{turn}" for turn in range(count)]


def test_what_is_wrong_in_a_loop_of_no_turns_is_said(found: Found) -> None:
    (diagnostic,) = found("model M(x: X) -> X:\n    repeat 0:\n        x = rleu(x)\n    return x\n")
    assert diagnostic.code == "E0210"


def test_what_repeat_binds_is_forgotten(found: Found) -> None:
    (diagnostic,) = found("model M(x: X) -> X:\n    repeat 2:\n        y = relu(x)\n    return y\n")
    assert diagnostic.code == "E0210"
    assert diagnostic.secondary


def test_types_are_invariant_in_repeat(program: Program, found: Found) -> None:
    text = "model M(x: X*3) -> 4:\n    h: X*{} = linear(x)\n    repeat 2:\n        h: X*4 = linear(h)\n    return linear(h)\n"
    program(text.format(4))
    (diagnostic,) = found(text.format(3))
    assert diagnostic.code == "E0316"


@pytest.mark.parametrize(
    ("test", "function"),
    [
        ("c == 2", "relu"),
        ("c != 2", "tanh"),
        ("c < 3", "relu"),
        ("c <= 1", "tanh"),
        ("c > 1", "relu"),
        ("c >= 3", "tanh"),
        ("c", "relu"),
        ("c - 2", "tanh"),
        ("2*c == 4", "relu"),
        ("c == 2.0", "relu"),
    ],
)
def test_if_is_decided_at_compile_time(program: Program, test: str, function: str) -> None:
    text = f"model M[c = 2](x: X) -> X:\n    if {test}:\n        x = relu(x)\n    else:\n        x = tanh(x)\n    return x\n"
    assert functions(program(text)) == [function]


def test_both_branches_may_return(program: Program) -> None:
    text = "model M[c = 2](x: X) -> X:\n    if c == 2:\n        y = relu(x)\n        return y\n    else:\n        return tanh(x)\n"
    assert functions(program(text)) == ["relu"]
    assert functions(program(text, params={"c": 3})) == ["tanh"]


@pytest.mark.parametrize("test", ["n == 3", "x == 3", "X == 3", "1/0 == 1"])
def test_tests_that_cannot_be_decided(found: Found, test: str) -> None:
    (diagnostic,) = found(f"model M(x: X) -> X:\n    if {test}:\n        return x\n    return x\n")
    assert diagnostic.code in ("E0223", "E0214")


def test_several_names(program: Program) -> None:
    graph = program("model M(x: X) -> (a: 2, b: X):\n    b, a = linear[(p: X, q: 2)](x)\n    return a, b\n")
    assert [value.name for value in graph.outputs] == ["a", "b"]


@pytest.mark.parametrize(
    ("result", "values", "code"),
    [
        ("(a: X, b: X)", "x, x, x", "E0321"),
        ("X", "x, x", "E0321"),
        ("(a: X, b: X)", "x", "E0311"),
        ("X*2", "x", "E0311"),
        ("2*X", "linear[X*2](x)", "E0311"),
    ],
)
def test_returned_values_are_those_declared(found: Found, result: str, values: str, code: str) -> None:
    (diagnostic,) = found(f"model M(x: X) -> {result}:\n    return {values}\n")
    assert diagnostic.code == code
    assert diagnostic.secondary


def test_a_record_of_one(program: Program) -> None:
    assert str(program("model M(x: X) -> (a: X):\n    return x\n").signature) == "(x: perm(P)) -> (a: perm(P))"


def test_a_mistake_does_not_hide_others(found: Found) -> None:
    text = (
        "model M(x: X*3, y: Zz) -> 4:\n    a = rleu(x)\n    b: X*4 = a\n    c: X*5 = b\n    d = unknown\n    repeat 3:\n        x = x + nothing\n"
        "    e = a + d\n    f: X*wdith = linear(e)\n    return linear(f, y)\n"
    )
    lines = [diagnostic.primary.span.text for diagnostic in found(text) if diagnostic.primary]
    assert lines == ["Zz", "rleu", "b", "unknown", "nothing", "wdith"]


def test_mistakes_in_a_model_that_is_applied_often_are_said_once(found: Found) -> None:
    text = "model A1(x: X) -> X:\n    return rleu(x)\nmodel M(x: X) -> X:\n    repeat 5:\n        x: X = A1(A1(x))\n    return A1(x)\n"
    assert [diagnostic.code for diagnostic in found(text)] == ["E0210"]


def test_what_has_no_meaning_yet_is_one_diagnostic(found: Found) -> None:
    text = (
        "model M(h: X*4, r: e*v, e: edges(X)) -> X*4:\n    w: e*4 = silu(linear(h[e.src], norm(r)^2))\n    let p = pairs(X)\n"
        "    b: p*4 = bilinear(h, h)\n    return gate(linear[each=X](h, sum[e.dst](w)))\n"
    )
    (diagnostic,) = found(text)
    assert diagnostic.code == "E0901"
    assert diagnostic.primary is not None
    assert diagnostic.primary.span.text == "edges(X)"
    assert "`pairs`" in diagnostic.notes[0]


@pytest.mark.parametrize("loop", ["repeat 10^9:", "repeat 5000:\n        repeat 5000:", "repeat 10^30:"])
def test_long_programs_are_refused_before_they_are_unrolled(found: Found, loop: str) -> None:
    (diagnostic,) = found(f"model M(x: X) -> X:\n    {loop}\n            x = x\n    return x\n")
    assert diagnostic.code in ("E0520", "E0522")


def test_sizes_that_no_input_has(found: Found) -> None:
    for text in ("model M(x: X) -> Y:\n    return linear(x)\n", "model M(x: X) -> X:\n    y: Y = linear(x)\n    return linear(y)\n"):
        (diagnostic,) = found(text)
        assert (diagnostic.code, "`m`" in diagnostic.title) == ("E0322", True)


def test_models_of_a_file_stand_for_any_size() -> None:
    text = (
        "group P = S(n)\nrep X = perm(P)\n"
        "model Family[c, depth](x: X*c) -> X*c:\n    repeat depth:\n        x = x + linear(x) / c\n    return x\n"
        "model Generic[T: rep, c](x: T*c) -> T*c:\n    return x\n"
        "model Undecided[c](x: X*c) -> X:\n    if c == 2:\n        return linear(x)\n    return linear(x)\n"
        "model User(x: X*3) -> X*3:\n    return Generic[X, 3](Family[3, 2](x))\n"
        "model Wrong(x: X*3) -> X*4:\n    return x\n"
    )
    file, _ = parse(Source("family.sym", text))
    graphs, diagnostics = elaborate_all(file)
    assert [graph.name for graph in graphs] == ["Family", "User"]
    assert str(graphs[0].signature) == "(x: perm(P)*c) -> perm(P)*c"
    assert [diagnostic.code for diagnostic in diagnostics] == ["E0311"]


def test_what_is_not_used_may_have_no_meaning_yet() -> None:
    file, _ = parse(Source("f.sym", "group P = S(n)\ngroup Q = C(4)\nrep p = grid(Q, 4, 4)\nmodel M(x: perm(P)) -> 1:\n    return linear(x)\n"))
    assert elaborate(file).name == "M"
    assert [diagnostic.code for diagnostic in elaborate_all(file)[1]] == ["E0901"]


def test_a_mistake_in_a_declaration_is_said_though_it_is_not_used() -> None:
    file, _ = parse(Source("f.sym", "group P = S(n)\nrep p = prm(P)\nmodel M(x: perm(P)) -> 1:\n    return linear(x)\n"))
    with pytest.raises(DiagnosticError) as caught:
        elaborate(file)
    assert [diagnostic.code for diagnostic in caught.value.diagnostics] == ["E0210"]
