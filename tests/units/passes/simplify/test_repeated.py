"""What is repeated, and what is added up."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from symc.algebra import sizes as sz
from symc.ir import tensor as t
from symc.ir.graph import Graph, Value
from symc.passes.lower.builder import Builder
from symc.passes.simplify import reduced_first, repeated_last, simplify

Tensors = Graph[t.TensorOp]
Make = Callable[..., Tensors]
Show = Callable[[Tensors], list[str]]

N = sz.free("n")


def start(*shapes: tuple[sz.Size, ...]) -> tuple[Builder, list[Value]]:
    b = Builder()
    return b, [b.value(t.TensorType(shape)) for shape in shapes]


def test_arithmetic_stretches_by_itself(graph: Make, steps: Show) -> None:
    b, (x, y) = start((N, 1), (N, 3))
    assert steps(repeated_last(graph(b, [b.arithmetic("sub", y, b.expand(x, (N, 3)))]))) == ["sub(%1, %0)", "return %2"]


def test_where_nothing_else_stretches(graph: Make) -> None:
    b, (x,) = start((N, 1))
    g = graph(b, [b.arithmetic("add", b.expand(x, (N, 3)), b.constant(1.0))])
    assert repeated_last(g) is g


def test_functions_and_entries(graph: Make, steps: Show) -> None:
    b, (x,) = start((N, 1))
    y = b.take(b.map("tanh", b.expand(x, (N, 5))), 1, np.array([0, 4, 4]))
    assert steps(simplify(graph(b, [y]))) == ["tanh(%0)", "expand(%1)", "return %2"]


def test_entries_along_another_axis(graph: Make, steps: Show) -> None:
    b, (x,) = start((4, 1))
    y = b.take(b.expand(x, (4, 5)), 0, np.array([3, 1]))
    assert steps(repeated_last(graph(b, [y]))) == ["take(%0, %1) axis 0", "expand(%2)", "return %3"]


def test_entries_of_entries(graph: Make, steps: Show) -> None:
    b, (x,) = start((N, 5))
    y = b.take(b.take(x, 1, np.array([4, 2, 0])), 1, np.array([2, 2, 1]))
    after = simplify(graph(b, [y]))
    assert steps(after) == ["take(%0, %1) axis 1", "return %2"]
    assert [node.op.data.tolist() for node in after.nodes if isinstance(node.op, t.Array)] == [[0, 0, 2]]


@pytest.mark.parametrize(("kind", "expected"), [("mean", []), ("max", []), ("sum", ["mul(%2, %1)"])])
def test_reductions(graph: Make, steps: Show, kind: str, expected: list[str]) -> None:
    b, (x,) = start((1, N))
    y = b.reduce(kind, b.expand(x, (7, N)), (0,))  # type: ignore[arg-type]
    assert steps(repeated_last(graph(b, [y])))[1:-1] == expected


def test_reductions_along_free_sizes_may_be_of_nothing(graph: Make) -> None:
    b, (x,) = start((1, 3))
    g = graph(b, [b.reduce("mean", b.expand(x, (N, 3)), (0,))])
    assert repeated_last(g) is g


def test_products_over_a_repeated_axis(graph: Make, steps: Show) -> None:
    b, (x, y) = start((1, 5), (N, 5))
    assert steps(repeated_last(graph(b, [b.einsum("ac,ac->a", b.expand(x, (N, 5)), y)]))) == ["reshape(%0)", "einsum[c,ac->a](%2, %1)", "return %3"]


@pytest.mark.parametrize("kind", ["sum", "mean"])
def test_reductions_come_before_products(graph: Make, steps: Show, kind: str) -> None:
    b, (x,) = start((N, 6))
    w = b.parameter("w", (20, 6), t.Normal(1.0))
    y = b.reduce(kind, b.einsum("nc,oc->no", x, w), (0,))  # type: ignore[arg-type]
    assert steps(reduced_first(graph(b, [y]))) == [f"{kind}(%0) axes (0)", "einsum[c,oc->o](%2, %1)", "return %3"]


def test_sums_over_axes_of_both_factors_are_contractions(graph: Make, steps: Show) -> None:
    b, (x, y) = start((N, 6), (N, 6))
    assert steps(reduced_first(graph(b, [b.reduce("sum", b.einsum("nc,nc->nc", x, y), (0, 1))]))) == ["einsum[nc,nc->](%0, %1)", "return %2"]
    b, (x, y) = start((N, 6), (N, 6))
    g = graph(b, [b.reduce("mean", b.einsum("nc,nc->nc", x, y), (0,))])
    assert reduced_first(g) is g


def test_a_product_that_is_needed_anyway(graph: Make) -> None:
    b, (x,) = start((N, 60))
    y = b.einsum("nc,oc->no", x, b.parameter("w", (6, 60), t.Normal(1.0)))
    g = graph(b, [y, b.reduce("mean", y, (0,))])
    assert reduced_first(g) is g
