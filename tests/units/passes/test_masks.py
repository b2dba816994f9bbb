"""What the pass that adds masks writes: a mask where entries mix, and none where the padding is 0 already."""

from __future__ import annotations

from collections import Counter

import pytest

from symc.api.program import program
from symc.diagnostics import DiagnosticError, Source
from symc.ir import tensor as t
from symc.ir.graph import Graph
from symc.ir.printer import show_op
from symc.passes.pipeline import run, with_masks

HEAD = "group P = S(n)\ngroup Q = S(m)\nrep X = perm(P)\nrep Y = perm(Q)\nmodel M"


def masked(text: str, *names: str) -> Graph[t.TensorOp]:
    return with_masks(run(program(Source("m.sym", HEAD + text))), names or ("n",))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("(x: X) -> ():\n    return mean[X](relu(x))\n", ["where(%0, %1) otherwise 0", "relu(%2)", "mean(%3, %1) axes (0)"]),
        ("(x: X) -> ():\n    return sum[X](tanh(x))\n", ["where(%0, %1) otherwise 0", "tanh(%2)", "sum(%3) axes (0)"]),
        (
            "(x: X) -> ():\n    return sum[X](cos(x))\n",
            ["where(%0, %1) otherwise 0", "cos(%2)", "where(%3, %1) otherwise 0", "sum(%4) axes (0)"],
        ),
        (
            "(x: X) -> ():\n    return max[X](log(x))\n",
            [
                "where(%0, %1) otherwise 0",
                "where(%2, %1) otherwise 1",
                "log(%3)",
                "where(%4, %1) otherwise 0",
                "max(%5, %1) axes (0)",
            ],
        ),
        ("(x: X) -> X:\n    return softmax[X](x)\n", ["where(%0, %1) otherwise 0", "softmax(%2, %1) axis 0", "where(%3, %1) otherwise 0"]),
        ("(x: X, y: Y) -> Y:\n    return y / (1 + sum[X](x))\n", None),
    ],
)
def test_writes(text: str, expected: list[str] | None) -> None:
    graph = masked(text)
    steps = [show_op(node.op, ", ".join(f"%{value.id}" for value in node.inputs)) for node in graph.nodes]
    if expected is not None:
        assert steps == expected
    else:  # the set that is not padded needs no mask
        assert sum(step.startswith("where") for step in steps) == 1


def test_one_mask_of_each_shape() -> None:
    graph = masked("(x: X^2*3) -> X^2*3:\n    h: X^2*3 = relu(linear(x))\n    return linear(h)\n")
    made = [node.op.axes for node in graph.nodes if isinstance(node.op, t.Mask)]
    assert made
    assert max(Counter(made).values()) == 1
    assert [str(value.type) for value in graph.inputs] == ["float[batch, n, n, 3]", "bool[batch, n]"]


def test_masks_of_two_sets_follow_the_inputs_by_name() -> None:
    graph = masked("(y: Y, x: X) -> 2:\n    return linear(x, y)\n", "m", "n")
    assert [value.name for value in graph.inputs] == ["y", "x", "mask_m", "mask_n"]


def test_without_names_nothing_changes() -> None:
    lowered = run(program(Source("m.sym", f"{HEAD}(x: X) -> ():\n    return mean[X](cos(x))\n")))
    assert [node.op for node in with_masks(lowered, ()).nodes] == [node.op for node in lowered.nodes]


def test_axes_that_no_mask_follows_are_refused() -> None:
    with pytest.raises(DiagnosticError) as caught:
        with_masks(run(program(Source("m.sym", "group P = S(n + 1)\nmodel M(x: perm(P)) -> 2:\n    return linear(x)\n"))), ["n"])
    (diagnostic,) = caught.value.diagnostics
    assert (diagnostic.code, diagnostic.title) == ("E0612", "padding cannot be told along an axis of size n+1")
