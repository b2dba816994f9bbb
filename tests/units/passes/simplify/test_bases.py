"""Changes of basis: those that meet become one, those that undo each other go, whatever stands between that does not need the old coordinates."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from symc.algebra import sizes as sz
from symc.ir import tensor as t
from symc.ir.graph import Graph, Value
from symc.passes.lower.builder import Builder
from symc.passes.simplify import merged_bases, simplify

Tensors = Graph[t.TensorOp]
Make = Callable[..., Tensors]
Show = Callable[[Tensors], list[str]]

N = sz.free("n")
RNG = np.random.default_rng(0)
Q = np.linalg.qr(RNG.normal(size=(6, 6)))[0]
A = RNG.normal(size=(4, 6))


def start(*shape: object) -> tuple[Builder, Value]:
    b = Builder()
    return b, b.value(t.TensorType(shape))  # type: ignore[arg-type]


def test_two_become_one(graph: Make, steps: Show) -> None:
    b, x = start(N, 6)
    y = b.einsum("ab,ob->ao", b.einsum("nc,oc->no", x, b.array(Q)), b.array(A))
    after = merged_bases(graph(b, [y]))
    assert steps(after) == ["einsum[ab,ob->ao](%0, %1)", "return %2"]
    (matrix,) = [node.op.data for node in after.nodes if isinstance(node.op, t.Array)]
    assert np.abs(matrix - A @ Q).max() < 1e-14


def test_one_that_undoes_the_other_goes(graph: Make, steps: Show) -> None:
    b, x = start(N, 6)
    y = b.einsum("ab,bo->ao", b.einsum("nc,oc->no", x, b.array(Q)), b.array(Q))
    assert steps(simplify(graph(b, [b.map("tanh", y)]))) == ["tanh(%0)", "return %1"]


def test_axes_between_are_moved_and_merged(graph: Make, steps: Show) -> None:
    b, x = start(N, 2, 6)
    y = b.permute(b.einsum("ncd,fd->ncf", x, b.array(Q)), (1, 0, 2))
    y = b.einsum("ab,bo->ao", b.reshape(y, (2 * N, 6)), b.array(Q))
    assert steps(simplify(graph(b, [y]))) == ["permute(%0) order (1, 0, 2)", "reshape(%1)", "return %2"]


def test_weights_between_mix_other_axes(graph: Make, steps: Show) -> None:
    b, x = start(3, 6)
    w = b.parameter("w", (5, 3), t.Normal(1.0))
    y = b.einsum("cd,oc->od", b.einsum("cd,fd->cf", x, b.array(Q)), w)
    assert steps(simplify(graph(b, [b.einsum("of,fd->od", y, b.array(Q))]))) == ["einsum[cd,oc->od](%0, %1)", "return %2"]


@pytest.mark.parametrize("kind", ["add", "sub"])
def test_sums_and_biases(graph: Make, steps: Show, kind: str) -> None:
    """The bias, which is the same for all samples, is changed; the samples are not."""
    b, x = start(64, 6)
    bias = b.parameter("bias", (64, 6), t.Fill(0.0))
    y = b.arithmetic(kind, b.einsum("nc,oc->no", x, b.array(Q)), bias)  # type: ignore[arg-type]
    after = simplify(graph(b, [b.einsum("ab,bo->ao", y, b.array(Q))]))
    assert steps(after) == ["einsum[ab,ob->ao](%1, %2)", f"{kind}(%0, %3)", "return %4"]


def test_scaled(graph: Make, steps: Show) -> None:
    b, x = start(N, 6)
    s = b.reduce("mean", x, (1,), keep=True)
    y = b.arithmetic("div", b.arithmetic("mul", b.constant(0.5), b.einsum("nc,oc->no", x, b.array(Q))), s)
    after = simplify(graph(b, [b.einsum("ab,bo->ao", y, b.array(Q))]))
    assert steps(after)[1:] == ["mul(%1, %0)", "div(%3, %2)", "return %4"]


def test_a_pointwise_keeps_them_apart(graph: Make) -> None:
    b, x = start(N, 6)
    y = b.map("relu", b.einsum("nc,oc->no", x, b.array(Q)))
    g = graph(b, [b.einsum("ab,bo->ao", y, b.array(Q))])
    assert merged_bases(g) is g


def layer(b: Builder, x: Value, index: int) -> Value:
    """A linear map in the coordinates of irreducibles: 6 = 2 + 4, a matrix for each."""
    y = b.einsum("cd,fd->cf", x, b.array(Q))
    blocks = []
    for begin, end in ((0, 2), (2, 6)):
        w = b.parameter(f"{index}.{begin}", (16, 16), t.Normal(1.0))
        blocks.append(b.einsum("cf,oc->of", b.slice(y, 1, begin, end), w))
    return b.einsum("cf,fd->cd", b.concatenate(blocks, 1), b.array(Q))


def test_layers_stay_in_their_coordinates(graph: Make, steps: Show) -> None:
    b, x = start(16, 6)
    for index in range(3):
        x = layer(b, x, index)
    after = simplify(graph(b, [b.map("relu", x)]))
    constants = [node for node in after.nodes if isinstance(node.op, t.Array)]
    assert len(constants) == 1
    assert sum(constants[0].outputs[0] in node.inputs for node in after.nodes) == 2  # before the first layer and after the last
    assert sum(isinstance(node.op, t.Concatenate) for node in after.nodes) == 1
    assert sum(isinstance(node.op, t.Slice) for node in after.nodes) == 2


def test_residual_layers_stay_in_their_coordinates(graph: Make) -> None:
    b, x = start(16, 6)
    for index in range(3):
        x = b.arithmetic("add", x, layer(b, x, index))
    after = simplify(graph(b, [b.map("relu", x)]))
    constants = {node.outputs[0] for node in after.nodes if isinstance(node.op, t.Array)}
    assert sum(bool(constants & set(node.inputs)) for node in after.nodes) == 2
