"""Graphs that are not well formed, and what is said of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from symc.algebra import construct as c
from symc.algebra.reps import Sum, Trivial
from symc.ir import tensor as t
from symc.ir.graph import Graph, Node, Value
from symc.ir.ops import Pointwise, Pool
from symc.ir.tensor import TensorType
from symc.ir.types import Record, Signature, Type
from symc.ir.verify import verify

X = c.perm(c.name("P", c.symmetric(4)))
SET, POINT = Type((X, Trivial(3))), Type((Trivial(3),))
x, h, y = Value(0, "x", SET), Value(1, "h", SET), Value(2, "y", POINT)
RELU, SUM = Node(Pointwise("relu"), (x,), (h,)), Node(Pool("sum", 0), (h,), (y,))
GOOD: Graph[Any] = Graph("Net", Signature(Record((("x", SET),)), POINT), (x,), (RELU, SUM), (y,))


def test_a_good_graph() -> None:
    assert verify(GOOD, "equivariant") == []


def test_a_sum_may_be_declared_merged() -> None:
    written = Value(0, "x", Type((X, Sum((Trivial(1), Trivial(2))))))
    assert verify(replace(GOOD, inputs=(written,), nodes=(replace(RELU, inputs=(written,)), SUM)), "equivariant") == []


@pytest.mark.parametrize(
    ("graph", "complaints"),
    [
        (replace(GOOD, nodes=(SUM, RELU)), ["node 0 (Pool): %1 is used before it is defined"]),
        (replace(GOOD, nodes=(RELU, RELU, SUM)), ["node 1 (Pointwise): %1 is defined twice"]),
        (replace(GOOD, nodes=(RELU,)), ["the output %2 is not defined"]),
        (replace(GOOD, inputs=(x, x)), ["two inputs have one number", "the signature has 1 inputs, the graph 2"]),
        (replace(GOOD, outputs=(h,)), [f"the output %1 is {SET}, the signature says 3"]),
        (
            replace(GOOD, outputs=(replace(y, type=SET),)),
            ["the output %2 is returned as perm(P)*3 and defined as 3", f"the output %2 is {SET}, the signature says 3"],
        ),
        (
            replace(GOOD, nodes=(RELU, replace(SUM, inputs=(replace(h, type=POINT),)))),
            ["node 1 (Pool): %1 is used as 3 and defined as perm(P)*3", "node 1 (Pool): the result is (), not 3"],
        ),
        (replace(GOOD, nodes=(RELU, replace(SUM, op=Pool("sum", 1)))), ["node 1 (Pool): the result is perm(P), not 3"]),
        (replace(GOOD, nodes=(RELU, replace(SUM, op=Pool("sum", 7)))), ["node 1 (Pool): perm(P)*3 has no axis 7"]),
        (replace(GOOD, nodes=(RELU, replace(SUM, op=t.Reduce("sum", (0,))))), ["node 1 (Reduce): not an operation of the equivariant level"]),
        (replace(GOOD, nodes=(RELU, replace(SUM, outputs=(y, Value(3, "z", POINT))))), ["node 1 (Pool): the result is 3, not 3, 3"]),
        (
            replace(GOOD, nodes=(RELU, replace(SUM, outputs=(replace(y, type=TensorType((3,))),))), outputs=(replace(y, type=TensorType((3,))),)),
            ["the output %2 is float[batch, 3], the signature says 3", "node 1 (Pool): types of the wrong level"],
        ),
    ],
)
def test_complaints(graph: Graph[Any], complaints: list[str]) -> None:
    assert verify(graph, "equivariant") == complaints


def test_the_tensor_level_is_held_to_the_shapes_of_the_signature() -> None:
    inside, outside = Value(0, "x", TensorType((4, 3))), Value(1, "", TensorType((4,)))
    node = Node(t.Reduce("sum", (1,)), (inside,), (outside,))
    graph: Graph[Any] = Graph("Net", GOOD.signature, (inside,), (node,), (outside,))
    assert verify(graph, "tensor") == ["the output %1 is float[batch, 4], the signature says 3"]
    assert verify(replace(graph, nodes=(replace(node, op=Pool("sum", 0)),)), "tensor")[-1] == "node 0 (Pool): not an operation of the tensor level"
