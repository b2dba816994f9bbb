"""Axes are moved in weights, where that saves a copy of every sample."""

from __future__ import annotations

from collections.abc import Callable

from symc.ir import tensor as t
from symc.ir.graph import Graph
from symc.passes.lower.builder import Builder
from symc.passes.simplify import simplify, weights_turned

Tensors = Graph[t.TensorOp]
Make = Callable[..., Tensors]
Show = Callable[[Tensors], list[str]]


def test_the_weights_are_turned(graph: Make, steps: Show) -> None:
    b = Builder()
    x = b.value(t.TensorType((16, 64)))
    w = b.parameter("w", (10, 1024), t.Normal(1.0))
    y = b.einsum("c,oc->o", b.reshape(b.permute(x, (1, 0)), (1024,)), w)
    assert steps(simplify(graph(b, [y]))) == [
        "reshape(%1)",
        "permute(%2) order (0, 2, 1)",
        "reshape(%3)",
        "reshape(%0)",
        "einsum[c,oc->o](%5, %4)",
        "return %6",
    ]


def test_three_axes_beside_another(graph: Make, steps: Show) -> None:
    b = Builder()
    x = b.value(t.TensorType((7, 8, 6, 4)))
    w = b.parameter("w", (192, 2), t.Normal(1.0))
    y = b.einsum("nc,co->no", b.reshape(b.permute(x, (0, 2, 3, 1)), (7, 192)), w)
    after = steps(weights_turned(graph(b, [y])))
    assert after[:2] == ["reshape(%1)", "permute(%2) order (2, 0, 1, 3)"]


def test_large_weights_are_left(graph: Make) -> None:
    b = Builder()
    x = b.value(t.TensorType((16, 64)))
    w = b.parameter("w", (100000, 1024), t.Normal(1.0))
    g = graph(b, [b.einsum("c,oc->o", b.reshape(b.permute(x, (1, 0)), (1024,)), w)])
    assert weights_turned(g) is g


def test_axes_that_are_not_merged_are_left(graph: Make) -> None:
    b = Builder()
    x = b.value(t.TensorType((4, 16, 64)))
    w = b.parameter("w", (10, 256), t.Normal(1.0))
    g = graph(b, [b.einsum("nc,oc->no", b.reshape(b.permute(x, (1, 0, 2)), (16, 256)), w)])
    assert weights_turned(g) is g
