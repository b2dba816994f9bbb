"""Where a `linear` without a type of its own gets one from."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import pytest

from symc.diagnostics import Diagnostic
from symc.ir.ops import Linear

Program: TypeAlias = Callable[..., Any]
Found: TypeAlias = Callable[..., list[Diagnostic]]


def targets(graph: Any) -> list[str]:
    return [", ".join(str(value.type) for value in node.outputs) for node in graph.nodes if isinstance(node.op, Linear)]


@pytest.mark.parametrize(
    ("statement", "target"),
    [
        ("y: X*5 = linear(x)", "perm(P)*5"),
        ("y = linear[X*5](x)", "perm(P)*5"),
        ("y: X*5 = relu(linear(x))", "perm(P)*5"),
        ("y: X*5 = -linear(x)", "perm(P)*5"),
        ("y: X*5 = layernorm(linear(x))", "perm(P)*5"),
        ("y: X*5 = dropout[0.1](gelu(linear(x)))", "perm(P)*5"),
        ("y: X*5 = softmax[X](linear(x))", "perm(P)*5"),
        ("y: 5 = sum[X](linear(x))", "perm(P)*5"),
        ("y: 5 = mean[X](relu(max[Y](linear(x))))", "perm(Q)*perm(P)*5"),
        ("y: () = sum[X](linear(x))", "perm(P)"),
        ("y = x + linear(x)", "perm(P)*3"),
        ("y = linear(x) - x", "perm(P)*3"),
        ("y = x + 0.5 * relu(linear(x))", "perm(P)*3"),
        ("y = linear(x) / 2 + x", "perm(P)*3"),
        ("y: X*5 = 2 * linear(x)", "perm(P)*5"),
        ("y: X*5 = linear(x) * 2", "perm(P)*5"),
        ("y: X*3 = x * linear(x)", "perm(P)*3"),
        ("y: X*5 = linear(x) / (1 + sum[X](linear[X](x)))", "perm(P)*5"),
        ("y: X*5 = linear(x) + linear[5](x)", "perm(P)*5"),
        ("y: X*5 = (linear(x))", "perm(P)*5"),
        ("y = Layer(linear(x))", "perm(P)*7"),
        ("let f = linear\n    y: X*5 = f(x)", "perm(P)*5"),
        ("y: X*(2 + v) = linear(x)", "perm(P)*(2 + vector(R))"),
        ("y: (a: X, b: 2) = relu(linear(x))", "perm(P), 2"),
    ],
)
def test_first_target(program: Program, statement: str, target: str) -> None:
    text = f"model Layer(x: X*7) -> X*7:\n    return x\nmodel M(x: X*3, z: Y) -> 4:\n    {statement}\n    return linear[4](x)\n"
    assert targets(program(text))[0] == target


def test_the_declared_result(program: Program) -> None:
    assert targets(program("model M(x: X*3) -> (a: X*2, b: 5):\n    return linear(x), relu(linear(x))\n")) == ["perm(P)*2", "5"]
    assert targets(program("model M(x: X*3) -> (a: X*2, b: 5):\n    return linear(x)\n")) == ["perm(P)*2, 5"]


@pytest.mark.parametrize(
    "expression",
    [
        "relu(linear(x))",
        "linear(linear(x))",
        "linear(x) + linear(x)",
        "linear(x) * x",
        "x * linear(x)",
        "2 + linear(x)",
        "norm(linear(x))",
        "concat(x, linear(x))",
        "linear(x)^2",
        "linear[each=X](x)",
        "linear[bias=false](x)",
    ],
)
def test_nothing_says_it(found: Found, expression: str) -> None:
    (diagnostic,) = found(f"model M(x: X*3) -> 4:\n    y = {expression}\n    return linear(x)\n")
    assert diagnostic.code == "E0310"
    assert diagnostic.helps


@pytest.mark.parametrize(
    ("options", "each", "inputs", "outputs"),
    [
        ("each=X", ("perm(P)",), ((0,), (None,)), ((0,),)),
        ("each=c", ("8",), ((1,), (0,)), ((1,),)),
        ("each=X*c", ("perm(P)", "8"), ((0, 1), (None, 0)), ((0, 1),)),
        ("each=c*X", ("8", "perm(P)"), ((1, 0), (0, None)), ((1, 0),)),
    ],
)
def test_each(program: Program, options: str, each: object, inputs: object, outputs: object) -> None:
    graph = program(f"model M[c = 8](x: X*c, y: c) -> X*c*2:\n    return linear[{options}](x, y)\n")
    op = graph.nodes[0].op
    assert isinstance(op, Linear)
    assert (tuple(map(str, op.each)), op.input_each, op.output_each) == (each, inputs, outputs)


def test_each_tells_equal_sizes_apart_by_name(program: Program) -> None:
    graph = program("model M[c = 8, d = 8](x: X*c*d) -> X*d*c:\n    return linear[each=d](x)\n")
    assert (graph.nodes[0].op.input_each, graph.nodes[0].op.output_each) == (((2,),), ((1,),))


def test_no_bias(program: Program) -> None:
    assert program("model M(x: X*3) -> 4:\n    return linear[bias=false](x)\n").nodes[0].op.bias is False
    assert program("model M(x: X*3) -> 4:\n    return linear[bias=true](x)\n").nodes[0].op.bias is True


def test_a_learned_invariant(program: Program, found: Found) -> None:
    assert program("model M(x: X*3) -> 4:\n    e: 4 = linear()\n    return e * linear[4](x)\n").nodes[0].inputs == ()
    (diagnostic,) = found("model M(x: X*3) -> 4:\n    e: 4 = linear[bias=false]()\n    return e\n")
    assert diagnostic.code == "E0215"
