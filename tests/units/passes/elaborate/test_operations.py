"""The operations on tensors: the types they give, and the nodes they become."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import pytest

from symc.diagnostics import Diagnostic
from symc.ir.ops import Constant, Dropout, LayerNorm, Norm, Pointwise, Project, Reinterpret

Program: TypeAlias = Callable[..., Any]
Found: TypeAlias = Callable[..., list[Diagnostic]]

INPUTS = "x: X*3, t: X*5*v, s: X*(16 + 8*v), w: v, c: (2*reg), r: (a: X, b: 4)"


def nodes(graph: Any, kind: type) -> list[Any]:
    return [node for node in graph.nodes if isinstance(node.op, kind)]


def last(program: Program, expression: str) -> Any:
    """The node that an expression ends in."""
    return program(f"rep reg = regular(D)\nmodel M({INPUTS}) -> 1:\n    y = {expression}\n    return linear(y)\n").nodes[-2]


@pytest.mark.parametrize(
    ("expression", "result"),
    [
        ("norm(t)", "perm(P)*5"),
        ("norm(s)", "perm(P)*(16 + 8)"),
        ("norm(w)", "()"),
        ("norm(x)", "perm(P)*3"),
        ("norm(linear[sign(P)*4](x))", "4"),
        ("norm(linear[X*(4*v)](x, t))", "perm(P)*4"),
        ("norm(linear[X + 3 + 2*v](x, t))", "perm(P) + 3 + 2"),
        ("sum[X](t)", "5*vector(R)"),
        ("max[X](x)", "3"),
        ("mean[X*5](t)", "vector(R)"),
        ("softmax[X](x)", "perm(P)*3"),
        ("layernorm(t)", "perm(P)*5*vector(R)"),
        ("layernorm(c)", "2*regular(D)"),
        ("dropout[0.1](c)", "2*regular(D)"),
        ("s.0", "perm(P)*16"),
        ("s.1", "perm(P)*8*vector(R)"),
        ("r.b", "4"),
        ("concat(x, linear[X*5](x))", "perm(P)*(3 + 5)"),
        ("concat(x, s.0, x)", "perm(P)*(3 + 16 + 3)"),
        ("concat(w, linear[3](x))", "vector(R) + 3"),
        ("concat(x, x)", "perm(P)*(3 + 3)"),
        ("concat(s, s)", "perm(P)*(16 + 8*vector(R) + 16 + 8*vector(R))"),
        ("x^3", "perm(P)*3"),
        ("x * sum[X](x)", "perm(P)*3"),
    ],
)
def test_types(program: Program, expression: str, result: str) -> None:
    (value,) = last(program, expression).outputs if not expression.startswith("r.") else (program_input(program, expression),)
    assert str(value.type).replace("(2*regular(D))", "2*regular(D)") == result


def program_input(program: Program, expression: str) -> Any:
    """The value that an entry of an input is: no node at all."""
    graph = program(f"rep reg = regular(D)\nmodel M({INPUTS}) -> 1:\n    return linear({expression})\n")
    return graph.nodes[0].inputs[0]


def test_a_square_of_a_norm_takes_no_root(program: Program) -> None:
    assert last(program, "norm(t)^2").op == Norm(True, (2,))
    assert last(program, "(norm(t))^2").op == Norm(True, (2,))
    assert last(program, "norm(s)").op == Norm(False, (), (1,))


def test_powers(program: Program) -> None:
    assert last(program, "x^2").op == Pointwise("square")
    assert last(program, "x^3").op == Pointwise("pow", 3.0)
    assert last(program, "x^0.5").op == Pointwise("pow", 0.5)
    assert last(program, "x^(1/2 - 1)").op == Pointwise("pow", -0.5)
    assert last(program, "norm(t)^3").op == Pointwise("pow", 3.0)


def test_numbers_are_one_constant(program: Program) -> None:
    graph = program("model M[k = 4](x: X) -> X:\n    return x * (1/k + 0.5)\n")
    assert [node.op for node in nodes(graph, Constant)] == [Constant(0.75)]


@pytest.mark.parametrize("number", ["1/0", "10^400", "0^(0-1)", "(0-8)^0.5", "1e308*10.0"])
def test_numbers_that_are_none(found: Found, number: str) -> None:
    (diagnostic,) = found(f"model M(x: X) -> X:\n    return x * ({number})\n")
    assert diagnostic.code in ("E0223", "E0520")


def test_sets_are_kept_apart_in_a_normalisation(program: Program) -> None:
    assert last(program, "layernorm(t)").op == LayerNorm("y.0", (1, 2))
    assert last(program, "layernorm(s)").op == LayerNorm("y.0", (1,))
    graph = program("rep reg = regular(D)\nmodel M(c: (2*reg)*X) -> (2*reg)*X:\n    return layernorm(c)\n")
    assert [node.op for node in graph.nodes] == [Reinterpret(), LayerNorm("out.0", (0,)), Reinterpret()]


def test_copies_are_dropped_whole(program: Program) -> None:
    assert last(program, "dropout[0.25](t)").op == Dropout(0.25, (2,))
    assert last(program, "dropout[0](s)").op == Dropout(0, (1,))
    assert last(program, "dropout[1/4](x)").op == Dropout(0.25, ())


def test_a_term_of_a_sum_regains_its_axes(program: Program) -> None:
    graph = program("model M(x: X*(1 + 2*v + (3*v))) -> v:\n    a: X*2*v = x.1\n    b: X*(3*v) = x.2\n    return linear(a, b)\n")
    assert [node.op for node in nodes(graph, Project)] == [Project(1, 1), Project(1, 2)]


def test_an_annotation_may_write_the_same_axes_otherwise(program: Program, found: Found) -> None:
    graph = program("model M(x: X*(3 + 4)) -> X*7:\n    return x\n")
    assert [node.op for node in graph.nodes] == [Reinterpret()]
    for other in ("7*X", "X*(4 + 4)", "X", "X*7*1", "X*(3*v)"):
        (diagnostic,) = found(f"model M(x: X*(3 + 4)) -> {other}:\n    return x\n")
        assert diagnostic.code == "E0311"


def test_records_are_taken_entry_by_entry(program: Program) -> None:
    graph = program(
        "model M(r: (a: X*3, b: (c: 3, d: 2*v))) -> (a: X*3, b: (c: 3, d: 2*v)):\n"
        "    y = r + 0.5 * linear(r)\n    z = dropout[0.5](y) - -r\n    return z / 2\n"
    )
    assert [str(value.type) for value in graph.outputs] == ["perm(P)*3", "3", "2*vector(R)"]
    assert [value.name for value in graph.inputs] == ["r.a", "r.b.c", "r.b.d"]


@pytest.mark.parametrize(
    ("expression", "code"),
    [
        ("sum[v](t)", "E0315"),
        ("mean[Y](x)", "E0314"),
        ("softmax[X*3](x)", "E0314"),
        ("sum[X](x, x)", "E0215"),
        ("sum[each=X](x)", "E0215"),
        ("sum(x)", "E0215"),
        ("relu(r=x)", "E0215"),
        ("dropout(x)", "E0215"),
        ("dropout[1](x)", "E0216"),
        ("dropout[-0.1](x)", "E0216"),
        ("layernorm(w)", "E0317"),
        ("x.1", "E0318"),
        ("s.2", "E0318"),
        ("x.shape", "E0318"),
        ("r.c", "E0210"),
        ("x[0]", "E0318"),
        ("x[X]", "E0901"),
        ("concat(x, t)", "E0319"),
        ("concat(w, w)", "E0319"),
        ("concat(r, r)", "E0214"),
        ("r + x.0", "E0318"),
        ("x^x", "E0214"),
        ("x^n", "E0223"),
        ("()", "E0214"),
        ("[x, x]", "E0214"),
        ('"x"', "E0214"),
        ("X", "E0214"),
        ("linear", "E0214"),
        ("P(x)", "E0214"),
        ("relu(x)(x)", "E0214"),
        ("harmonics(x)", "E0901"),
        ("x[e.src]", "E0210"),
    ],
)
def test_what_is_refused(found: Found, expression: str, code: str) -> None:
    diagnostics = found(f"rep reg = regular(D)\nmodel M({INPUTS}) -> 1:\n    y = {expression}\n    return linear(x)\n")
    assert [diagnostic.code for diagnostic in diagnostics] == [code]
