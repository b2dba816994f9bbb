"""Graphs as text, at both levels."""

from __future__ import annotations

import numpy as np

from symc.algebra import construct as c
from symc.algebra import sizes as sz
from symc.algebra.reps import Trivial
from symc.diagnostics import Source, Span
from symc.ir import tensor as t
from symc.ir.graph import Graph, Node, Value
from symc.ir.ops import Binary, Constant, Linear, Norm, Pointwise, Pool
from symc.ir.printer import show
from symc.ir.tensor import TensorType
from symc.ir.types import Record, Signature, Type
from symc.ir.verify import verify

n = sz.free("n")
P = c.name("P", c.symmetric(n))
X, v = c.perm(P), c.vector(c.orthogonal(3))
TEXT = "model Net(x: X*v*4) -> 10:\n    h = norm(x)^2 + 1\n    return linear(sum[X](relu(h)))\n"


def test_equivariant_level() -> None:
    source = Source("net.sym", TEXT)
    start, end = TEXT.index("norm"), TEXT.index("+ 1")
    vectors, numbers = Type((X, v, Trivial(4))), Type((X, Trivial(4)))
    x, s, one, h = Value(0, "x", vectors), Value(1, "", numbers), Value(2, "", Type()), Value(3, "h", numbers)
    r, pooled, out = Value(4, "", numbers), Value(5, "", Type((Trivial(4),))), Value(6, "", Type((Trivial(10),)))
    nodes = (
        Node(Norm(True, (1,)), (x,), (s,), Span(source, start, end - 1)),
        Node(Constant(1.0), (), (one,)),
        Node(Binary("add", (0, 1), (None, None)), (s, one), (h,), Span(source, start, end + 3)),
        Node(Pointwise("pow", 3.0), (h,), (r,)),
        Node(Pool("sum", 0), (r,), (pooled,)),
        Node(Linear("out.0", True), (pooled,), (out,)),
    )
    graph = Graph("Net", Signature(Record((("x", vectors),)), Type((Trivial(10),))), (x,), nodes, (out,), (P, c.orthogonal(3)))
    assert verify(graph, "equivariant") == []
    assert show(graph) == (
        "model Net: P = S(n), O(3)\n"
        "  (%0 x: perm(P)*vector(O(3))*4) -> 10\n"
        "  %1: perm(P)*4 = norm^2(%0) dropped (1)                                        # net.sym:2\n"
        "  %2: () = constant 1\n"
        "  %3: perm(P)*4 = add(%1, %2) left (0, 1) right (_, _)                          # h net.sym:2\n"
        "  %4: perm(P)*4 = pow[3](%3)\n"
        "  %5: 4 = sum(%4) axis 0\n"
        "  %6: 10 = linear(%5) weights out.0 bias\n"
        "  return %6\n"
    )


def test_tensor_level() -> None:
    entries = Type((X, Trivial(4)))
    x, w, y, z = (Value(i, "x" if i == 0 else "", item) for i, item in enumerate([
        TensorType((n, 4)), TensorType((3, 4), batched=False), TensorType((n, 3)), TensorType((n - 1, 3)),
    ]))  # fmt: skip
    a, b = Value(4, "", TensorType((2,), batched=False, integer=True)), Value(5, "", TensorType((2, 3)))
    nodes = (
        Node(t.Parameter("h.weight", t.Fill(0.0)), (), (w,)),
        Node(t.Einsum("nc,oc->no"), (x, w), (y,)),
        Node(t.Slice(0, 1, n), (y,), (z,)),
        Node(t.Array(np.array([0, 1])), (), (a,)),
        Node(t.Take(0), (z, a), (b,)),
    )
    graph = Graph("Net", Signature(Record((("x", entries),)), Type((Trivial(2), Trivial(3)))), (x,), nodes, (b,), ())
    assert verify(graph, "tensor") == []
    assert show(graph) == (
        "model Net: no symmetry\n"
        "  (%0 x: float[batch, n, 4]) -> 2*3\n"
        "  %1: float[3, 4] = parameter h.weight\n"
        "  %2: float[batch, n, 3] = einsum[nc,oc->no](%0, %1)\n"
        "  %3: float[batch, n-1, 3] = slice(%2) axis 0 from 1 to n\n"
        "  %4: int[2] = array [0, 1]\n"
        "  %5: float[batch, 2, 3] = take(%3, %4) axis 0\n"
        "  return %5\n"
    )
