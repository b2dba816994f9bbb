"""What is known before any input is."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from symc.algebra import sizes as sz
from symc.ir import tensor as t
from symc.ir.graph import Graph
from symc.passes.lower.builder import Builder
from symc.passes.simplify import folded_constants, simplify, without_neutral_operands

Tensors = Graph[t.TensorOp]
Make = Callable[..., Tensors]
Show = Callable[[Tensors], list[str]]

N = sz.free("n")


def test_folds(graph: Make, steps: Show) -> None:
    b = Builder()
    x, a = b.value(t.TensorType((6,))), b.array(np.arange(6.0))
    y = b.einsum("ab,b->a", b.permute(b.reshape(a, (2, 3)), (1, 0)), b.array(np.array([1.0, -1.0])))
    y = b.concatenate([y, b.take(b.slice(a, 0, 1, 4), 0, np.array([2, 0, 0]))], 0)
    after = folded_constants(graph(b, [b.arithmetic("mul", x, b.map("square", y))]))
    assert steps(after) == ["mul(%0, %1)", "return %2"]
    assert [node.op.data.tolist() for node in after.nodes if isinstance(node.op, t.Array)] == [[9.0, 9.0, 9.0, 9.0, 1.0, 1.0]]


@pytest.mark.parametrize("size", [5000, N])
def test_what_would_be_large_or_free_is_left(graph: Make, size: sz.Size) -> None:
    b = Builder()
    x = b.value(t.TensorType((size,)))
    g = graph(b, [b.arithmetic("mul", x, b.map("exp", b.expand(b.array(np.ones(1)), (size,))))])
    assert folded_constants(g) is g


def test_no_number_stays_an_operation(graph: Make) -> None:
    b = Builder()
    x = b.value(t.TensorType((1,)))
    g = graph(b, [b.arithmetic("add", x, b.map("log", b.array(np.zeros(1))))])
    assert folded_constants(g) is g


def test_zeros_and_ones(graph: Make, steps: Show) -> None:
    b = Builder()
    x = b.value(t.TensorType((N, 3)))
    y = b.arithmetic("add", b.zeros((N, 3), batched=True), b.arithmetic("mul", x, b.array(np.ones(3))))
    y = b.arithmetic("sub", b.arithmetic("div", y, b.constant(1.0)), b.zeros((1, 3), batched=False))
    assert steps(simplify(graph(b, [y]))) == ["return %0"]


def test_others_are_not_neutral(graph: Make) -> None:
    b = Builder()
    x = b.value(t.TensorType((1, 3)))
    zeros, ones = b.zeros((N, 3), batched=True), b.constant(1.0)
    g = graph(b, [b.arithmetic("add", x, zeros), b.arithmetic("sub", zeros, b.expand(x, (N, 3))), b.arithmetic("div", ones, x)])
    assert without_neutral_operands(g) is g
