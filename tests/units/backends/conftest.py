"""Small models with their tensor-level graphs written by hand."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from symc.algebra.groups import Symmetric
from symc.algebra.reps import Perm, Trivial
from symc.algebra.sizes import free
from symc.backends import Net
from symc.diagnostics import Source, Span
from symc.ir.graph import Graph, Value
from symc.ir.ops import EquivariantOp
from symc.ir.tensor import Fill, Normal, TensorOp, TensorType
from symc.ir.types import AnyType, Record, Signature, Type, leaves
from symc.passes.lower.builder import Builder

GROUP = Symmetric(free("n"))
X = Perm(GROUP)
TEXT = Source("sets.sym", "model Sets(x: X*3, y: X) -> 2:\n")


def program(inputs: Record, result: AnyType) -> Graph[EquivariantOp]:
    """A signature with nothing inside."""
    span = Span(TEXT, 11, 17)
    values = [Value(i, ".".join(path), item, span) for i, (path, item) in enumerate(leaves(inputs))]
    results = [Value(100 + i, "", item) for i, (_, item) in enumerate(leaves(result))]
    return Graph("Sets", Signature(inputs, result), tuple(values), (), tuple(results), (GROUP,))


def lowered(outer: Graph[EquivariantOp], write: Callable[..., object], inputs: list[TensorType] | None = None) -> Graph[TensorOp]:
    """The tensor-level graph that `write(builder, *inputs)` writes."""
    b = Builder()
    types = inputs if inputs is not None else [TensorType(value.type.shape) for value in outer.inputs if isinstance(value.type, Type)]
    values = []
    for index, item in enumerate(types):
        b.name = outer.inputs[index].name if index < len(outer.inputs) else f"x{index}"
        values.append(b.value(item))
    b.name = ""
    results = write(b, *values)
    return Graph(outer.name, outer.signature, tuple(values), tuple(b.nodes), tuple(results) if isinstance(results, list) else (results,))


def sets(b: Builder, x: Value, y: Value) -> Value:
    """relu(x W + mean(x) V + y u + b), averaged over the set, times a constant of no short binary form; then a last layer."""
    b.name = "h"
    w = b.parameter("h.0.weight", (2, 4, 3), Normal(0.5))
    u = b.parameter("h.0.scale", (4,), Fill(1.0))
    bias = b.parameter("h.0.bias", (4,), Normal(0.1))
    own, pooled = (b.reshape(b.take(w, 0, np.array([i])), (4, 3)) for i in range(2))
    n = free("n")
    h = b.arithmetic("add", b.einsum("nc,oc->no", x, own), b.reshape(b.einsum("c,oc->o", b.reduce("mean", x, [0]), pooled), (1, 4)))
    h = b.arithmetic("add", h, b.arithmetic("mul", b.reshape(y, (n, 1)), u))
    h = b.map("relu", b.arithmetic("add", h, bias))
    b.name = "pooled"
    h = b.dropout(b.reduce("max", h, [0]), 0.5, ())
    b.name = "out"
    h = b.arithmetic("mul", h, b.array(np.full(4, 1 / 3)))
    return b.einsum("c,oc->o", h, b.parameter("out.0.weight", (2, 4), Normal(0.5, np.eye(2))))


@pytest.fixture
def make() -> Callable[..., Net]:
    """A net from a signature and the function that writes its graph."""

    def make_(write: Callable[..., object], inputs: Record, result: AnyType = Type((Trivial(2),)), **options: object) -> Net:
        outer = program(inputs, result)
        return Net(outer, lowered(outer, write), **options)  # type: ignore[arg-type]

    return make_


@pytest.fixture
def net(make: Callable[..., Net]) -> Net:
    return make(sets, Record((("x", Type((X, Trivial(3)))), ("y", Type((X,))))))
