"""Several products of one tensor as one."""

from __future__ import annotations

from collections.abc import Callable

from symc.algebra import sizes as sz
from symc.ir import tensor as t
from symc.ir.graph import Graph, Value
from symc.passes.lower.builder import Builder
from symc.passes.simplify import shared_products, simplify

Tensors = Graph[t.TensorOp]
Make = Callable[..., Tensors]
Show = Callable[[Tensors], list[str]]

N = sz.free("n")


def start() -> tuple[Builder, Value]:
    b = Builder()
    return b, b.value(t.TensorType((5, 8)))


def test_weights_and_biases_in_a_row(graph: Make, steps: Show) -> None:
    """What one linear map to several targets makes: nothing is joined, for all weights are one parameter."""
    b, x = start()
    p, q = b.parameter("p", (96,), t.Normal(1.0)), b.parameter("q", (12,), t.Fill(0.0))
    results = []
    for index in range(3):
        w = b.reshape(b.slice(p, 0, 32 * index, 32 * (index + 1)), (4, 8))
        results.append(b.arithmetic("add", b.einsum("nc,oc->no", x, w), b.slice(q, 0, 4 * index, 4 * (index + 1))))
    assert steps(simplify(graph(b, [b.map("tanh", y) for y in results]))) == [
        "reshape(%1)",
        "einsum[ab,cb->ac](%0, %3)",
        "add(%4, %2)",
        "slice(%5) axis 1 from 0 to 4",
        "slice(%5) axis 1 from 4 to 8",
        "slice(%5) axis 1 from 8 to 12",
        "tanh(%6)",
        "tanh(%7)",
        "tanh(%8)",
        "return %9, %10, %11",
    ]


def test_parameters_stay_in_the_order_in_which_they_are_drawn(graph: Make, steps: Show) -> None:
    """Those of later products come first, and so do all between."""
    b, x = start()
    y = b.map("tanh", b.einsum("nc,co->no", x, b.parameter("first", (8, 3), t.Normal(1.0))))
    y = b.einsum("no,oc->nc", y, b.parameter("between", (3, 8), t.Normal(1.0)))
    others = [b.einsum("nc,co->no", x, b.parameter(name, (8, 3), t.Normal(1.0))) for name in ("second", "third")]
    after = shared_products(graph(b, [y, *others]))
    assert [node.op.name for node in after.nodes if isinstance(node.op, t.Parameter)] == ["first", "between", "second", "third"]
    assert steps(after)[:2] == ["concatenate(%1, %3, %4) axis 1", "einsum[ab,bc->ac](%0, %5)"]


def test_what_does_not_pay_stays(graph: Make) -> None:
    """Large weights would be copied for every call."""
    b = Builder()
    x = b.value(t.TensorType((4000,)))
    g = graph(b, [b.einsum("c,oc->o", x, b.parameter(name, (4000, 4000), t.Normal(1.0))) for name in "pq"])
    assert shared_products(g) is g


def test_weights_that_depend_on_the_input_stay(graph: Make) -> None:
    b, x = start()
    g = graph(b, [b.einsum("nc,oc->no", x, b.map(name, x)) for name in ("tanh", "exp")])
    assert shared_products(g) is g
