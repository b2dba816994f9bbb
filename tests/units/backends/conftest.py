"""Small models: tensor-level graphs written by hand, and programs compiled from text."""

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
PAIR = Type((Trivial(2),))
TEXT = Source("sets.sym", "model Sets(x: X*3, y: X) -> 2:\n")


def lowered(write: Callable[..., object], inputs: list[tuple[str, TensorType]]) -> Graph[TensorOp]:
    """The graph that `write(builder, *inputs)` writes."""
    b = Builder()
    values = []
    for b.name, item in inputs:
        values.append(b.value(item))
    b.name = ""
    results = write(b, *values)
    outputs = tuple(results) if isinstance(results, list) else (results,)
    return Graph("Sets", Signature(Record(()), Type()), tuple(values), tuple(b.nodes), outputs)


def net_of(write: Callable[..., object], inputs: Record, result: AnyType = PAIR, **options: object) -> Net:
    """A net whose program is a signature with nothing inside."""
    span = Span(TEXT, 11, 17)
    values = [Value(i, ".".join(path), item, span) for i, (path, item) in enumerate(leaves(inputs))]
    results = [Value(100 + i, "", item) for i, (_, item) in enumerate(leaves(result))]
    program: Graph[EquivariantOp] = Graph("Sets", Signature(inputs, result), tuple(values), (), tuple(results), (GROUP,))
    graph = lowered(write, [(value.name, TensorType(item.shape)) for value, (_, item) in zip(values, leaves(inputs), strict=True)])
    return Net(program, graph, **options)  # type: ignore[arg-type]


def sets(b: Builder, x: Value, y: Value) -> Value:
    """relu(x W + mean(x) V + y u + b), its maximum over the set after dropout, times a constant of no short binary form, times a matrix."""
    b.name = "h"
    w = b.parameter("h.0.weight", (2, 4, 3), Normal(0.5))
    u = b.parameter("h.0.scale", (4,), Fill(1.0))
    bias = b.parameter("h.0.bias", (4,), Normal(0.1))
    own, pooled = (b.reshape(b.take(w, 0, np.array([i])), (4, 3)) for i in range(2))
    h = b.arithmetic("add", b.einsum("nc,oc->no", x, own), b.reshape(b.einsum("c,oc->o", b.reduce("mean", x, [0]), pooled), (1, 4)))
    h = b.arithmetic("add", h, b.arithmetic("mul", b.reshape(y, (free("n"), 1)), u))
    h = b.map("relu", b.arithmetic("add", h, bias))
    b.name = "pooled"
    h = b.dropout(b.reduce("max", h, [0]), 0.5, ())
    b.name = "out"
    h = b.arithmetic("mul", h, b.array(np.full(4, 1 / 3)))
    return b.einsum("c,oc->o", h, b.parameter("out.0.weight", (2, 4), Normal(0.5)))


INPUTS = Record((("x", Type((X, Trivial(3)))), ("y", Type((X,)))))


@pytest.fixture
def emitted() -> Callable[..., Graph[TensorOp]]:
    return lowered


@pytest.fixture
def make() -> Callable[..., Net]:
    return net_of


@pytest.fixture
def net() -> Net:
    """Inputs `x: X*3` and `y: X`, result `2`, with dropout, a constant and four parameters; in eval mode."""
    return net_of(sets, INPUTS).eval()
