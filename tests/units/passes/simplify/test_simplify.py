"""Each rewrite of the tensor level: what it does, and that it leaves alone what it must."""

from __future__ import annotations

import numpy as np

from symc.algebra import sizes as sz
from symc.ir import tensor as t
from symc.ir.graph import Graph, Value
from symc.ir.types import Record, Signature
from symc.passes.lower.builder import Builder
from symc.passes.simplify import common_subexpressions, dead_code, merged_layouts, simplify, without_identities

N = sz.free("n")


def graph(b: Builder, inputs: list[Value], outputs: list[Value]) -> Graph[t.TensorOp]:
    return Graph("M", Signature(Record(()), Record(())), tuple(inputs), tuple(b.nodes), tuple(outputs))


def start() -> tuple[Builder, Value]:
    b = Builder()
    return b, b.value(t.TensorType((N, 3)))


def ops(g: Graph[t.TensorOp]) -> list[type]:
    return [type(node.op) for node in g.nodes]


def test_dead_code() -> None:
    b, x = start()
    kept = b.map("relu", x)
    b.map("exp", b.map("tanh", kept))
    g = graph(b, [x], [kept])
    after = dead_code(g)
    assert ops(after) == [t.Map]
    assert after.inputs == g.inputs
    assert dead_code(after) is after


def test_common_subexpressions_of_equal_arrays_and_parameters() -> None:
    b, x = start()
    terms = []
    for _ in range(2):
        weight = b.parameter("w", (5, 3), t.Fill(1.0))
        terms.append(b.arithmetic("mul", b.einsum("nc,oc->no", x, weight), b.array(np.arange(5.0))))
    g = graph(b, [x], [b.arithmetic("add", *terms)])
    after = common_subexpressions(g)
    assert ops(after) == [t.Parameter, t.Einsum, t.Array, t.Arithmetic, t.Arithmetic]
    assert after.nodes[-1].inputs[0] is after.nodes[-1].inputs[1]
    assert common_subexpressions(after) is after


def test_what_only_looks_common_stays() -> None:
    """Two dropouts, arrays of other entries or dtype, parameters of other names, reshapes to other shapes, differences of other order."""
    b, x = start()
    y = b.map("relu", x)
    pairs = [
        (b.dropout(x, 0.5, ()), b.dropout(x, 0.5, ())),
        (b.array(np.zeros(3)), b.array(np.ones(3))),
        (b.array(np.zeros(3)), b.array(np.zeros(3, dtype=np.int64))),
        (b.parameter("v", (3,), t.Fill(1.0)), b.parameter("w", (3,), t.Fill(1.0))),
        (b.reshape(x, (3, N)), b.reshape(x, (N, 3, 1))),
        (b.arithmetic("sub", x, y), b.arithmetic("sub", y, x)),
    ]
    g = graph(b, [x], [value for pair in pairs for value in pair])
    after = common_subexpressions(g)
    assert all(left.id != right.id for left, right in zip(after.outputs[::2], after.outputs[1::2], strict=True))


def test_merged_layouts() -> None:
    b, x = start()
    flat = b.reshape(b.reshape(x, (3, N)), (N, 3, 1))
    turned = b.permute(b.permute(flat, (2, 0, 1)), (1, 0, 2))
    g = graph(b, [x], [turned])
    after = dead_code(merged_layouts(g))
    assert ops(after) == [t.Reshape, t.Permute]
    assert after.nodes[1].op == t.Permute((0, 2, 1))
    assert merged_layouts(after) is after


def test_what_comes_back_to_where_it_was_goes() -> None:
    b, x = start()
    back = b.permute(b.permute(b.reshape(b.reshape(x, (3, N)), (N, 3)), (1, 0)), (1, 0))
    g = graph(b, [x], [b.map("relu", back)])
    after = simplify(g)
    assert ops(after) == [t.Map]
    assert after.nodes[0].inputs == (x,)
    assert simplify(after) is after


def test_an_expansion_to_the_batch_is_no_identity() -> None:
    b, x = start()
    w = b.parameter("w", (3,), t.Fill(1.0))
    g = graph(b, [x], [b.expand(w, (3,), batched=True)])
    assert without_identities(g) is g


def test_taking_everything_in_order_is_nothing() -> None:
    b, _ = start()
    w = b.parameter("w", (3, 2), t.Fill(1.0))
    first, second = b.take(w, 0, np.array([0, 1, 2])), b.take(w, 0, np.array([0, 2, 1]))
    assert without_identities(graph(b, [], [first, second])).outputs == (w, second)
