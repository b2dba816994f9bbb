"""What weights are called: part of the contract, since a state_dict outlives the text."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import pytest

from symc.diagnostics import Diagnostic
from symc.ir.ops import LayerNorm, Linear

Program: TypeAlias = Callable[..., Any]
Found: TypeAlias = Callable[..., list[Diagnostic]]


def names(graph: Any) -> list[str]:
    return [node.op.name for node in graph.nodes if isinstance(node.op, Linear | LayerNorm)]


BLOCK = """\
model Block[c](x: X*c) -> X*c:
    y = layernorm(x)
    return x + linear(relu(linear[X*c](y)))
"""


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("h: X*3 = linear(x)\n    h: X*3 = linear(h)\n    return linear(h)", ["h.0", "h.1", "out.0"]),
        ("h: X*3 = relu(x)\n    h: X*3 = linear(h)\n    return linear(h)", ["h.1", "out.0"]),
        ("x = x + linear(x)\n    return linear(x)", ["x.0", "out.0"]),
        ("h: X*3 = linear(linear[X*2](layernorm(x)))\n    return linear(h)", ["h.0.layernorm", "h.0.linear_1", "h.0.linear", "out.0"]),
        ("a, k = linear[(a: X, k: X)](x)\n    k: X = linear(k)\n    return linear(a, k)", ["a.0", "k.1", "out.0"]),
        ("repeat 2:\n        x = x + linear(x)\n    return linear(x)", ["x.0.0", "x.0.1", "out.0"]),
        (
            "repeat 2:\n        repeat 2:\n            x = x + linear(x)\n    x = x + linear(x)\n    return linear(x)",
            ["x.0.0.0", "x.0.0.1", "x.0.1.0", "x.0.1.1", "x.1", "out.0"],
        ),
        ("let enc = linear[X*3]\n    x = enc(enc(x))\n    return linear(x)", ["enc", "enc", "out.0"]),
        ("repeat 2:\n        let enc = linear[X*3]\n        x = enc(enc(x))\n    return linear(x)", ["enc.0", "enc.0", "enc.1", "enc.1", "out.0"]),
        ("x = Block[3](x)\n    return linear(x)", ["x.0.Block.y.0", "x.0.Block.out.0.linear_1", "x.0.Block.out.0.linear", "out.0"]),
        ("let f = Block[3]\n    x = f(x)\n    return linear(x)", ["f.y.0", "f.out.0.linear_1", "f.out.0.linear", "out.0"]),
        (
            "x = Block[3](x) + Block[3](x)\n    return linear(x)",
            [f"x.0.{model}.{rest}" for model in ("Block", "Block_1") for rest in ("y.0", "out.0.linear_1", "out.0.linear")] + ["out.0"],
        ),
        ("out: X*3 = linear(x)\n    return linear(out)", ["out.0", "out.1"]),
        ("if 1 == 2:\n        x: X*3 = linear(x)\n    else:\n        x: X*3 = linear(x)\n    return linear(x)", ["x.1", "out.0"]),
    ],
)
def test_names(program: Program, body: str, expected: list[str]) -> None:
    assert names(program(f"{BLOCK}model M(x: X*3) -> 4:\n    {body}\n")) == expected


def test_values_of_a_return_are_counted(program: Program) -> None:
    assert names(program("model M(x: X*3) -> (a: 4, b: X):\n    return linear(x), linear(x)\n")) == ["out.0", "out.1"]


def test_entries_of_a_record_have_their_own_normalisation(program: Program) -> None:
    graph = program("model M(r: (a: X*3, b: X*2)) -> 4:\n    r = layernorm(r)\n    return linear(r)\n")
    assert names(graph) == ["r.0.a", "r.0.b", "out.0"]


def test_editing_a_statement_renames_nothing_outside_its_variable(program: Program) -> None:
    before = "model M(x: X*3) -> 4:\n    h: X*2 = linear(x)\n    k: X*2 = linear(x)\n    h = h + linear(h)\n    return linear(h, k)\n"
    after = before.replace("k: X*2 = linear(x)\n", "k: X*2 = linear(x)\n    k: X*2 = relu(linear(linear[X*9](layernorm(k))))\n")
    kept = [name for name in names(program(after)) if not name.startswith("k.")]
    assert kept == [name for name in names(program(before)) if not name.startswith("k.")]


@pytest.mark.parametrize(
    "body",
    [
        "let f = linear[X*3]\n    f: X*3 = f(x)\n    return linear(f)",
        "f: X*3 = linear(x)\n    let f = linear[X*3]\n    return linear(f(x))",
        "let x = linear[X*3]\n    return linear(x)",
        "let f = linear[X*3]\n    let f = linear[X*4]\n    return linear(f(x))",
        "repeat 1:\n        let f = linear\n        x = x + f(x)\n    repeat 1:\n        let f = linear\n        x = x + f(x)\n    return linear(x)",
        "let relu = linear[X*3]\n    return linear(relu(x))",
    ],
)
def test_layers_and_tensors_share_no_name(found: Found, body: str) -> None:
    assert "E0212" in {diagnostic.code for diagnostic in found(f"model M(x: X*3) -> 4:\n    {body}\n")}


def test_shared_weights_have_one_shape(program: Program, found: Found) -> None:
    text = "model M(x: X*3, y: X*4) -> 4:\n    let f = linear[X*3]\n    return linear(f(x), f({}))\n"
    program(text.format("x"))
    (diagnostic,) = found(text.format("y"))
    assert diagnostic.code == "E0320"
    assert len(diagnostic.secondary) == 1
