"""Slices of one tensor are pieces of one split: the same numbers and gradients, without a tensor of the size of the whole for each slice."""

from __future__ import annotations

import pytest
import torch

import symc
from symc.backends.fx import emit
from symc.ir import tensor as t
from symc.ir.graph import Graph, Node, Value
from symc.ir.types import Record, Signature

WHOLE = t.TensorType((7, 3))


def cut(bounds: list[tuple[int, int]], batched: bool = True) -> Graph[t.TensorOp]:
    """The slices of one input along its first axis."""
    x = Value(0, "x", t.TensorType(WHOLE.shape, batched))
    results = [Value(1 + i, f"y{i}", t.TensorType((stop - start, 3), batched)) for i, (start, stop) in enumerate(bounds)]
    nodes = [Node(t.Slice(0, start, stop), (x,), (result,)) for (start, stop), result in zip(bounds, results, strict=True)]
    return Graph("Cut", Signature(Record(()), Record(())), (x,), tuple(nodes), tuple(results))


@pytest.mark.parametrize(
    ("bounds", "splits"),
    [
        ([(0, 3), (3, 7)], 1),
        ([(3, 7), (0, 3)], 1),
        ([(1, 3), (4, 5)], 1),
        ([(0, 2), (2, 2), (2, 7)], 1),
        ([(0, 3), (2, 7)], 0),
        ([(2, 5)], 0),
    ],
)
def test_pieces_are_what_slices_are(bounds: list[tuple[int, int]], splits: int) -> None:
    module = emit(cut(bounds))
    assert sum("split" in str(node.target) for node in module.graph.nodes) == splits
    x = torch.randn(2, 7, 3)
    results = module(x)
    for (start, stop), piece in zip(bounds, results if isinstance(results, tuple) else (results,), strict=True):
        assert torch.equal(piece, x[:, start:stop])


def test_the_gradient_of_a_weight_with_many_parts() -> None:
    net = symc.linear("3 + vector(R)*2 + vector(R)^2 -> vector(R)*2 + 4 + vector(R)^2", groups={"R": "O(3)"}, dtype=torch.float64)
    (weight,) = (parameter for name, parameter in net.named_parameters() if name == "weight")
    x = torch.randn(5, 18, dtype=torch.float64)
    net(x).square().sum().backward()
    assert weight.grad is not None
    step = 1e-6 * torch.randn_like(weight)
    with torch.no_grad():
        before = net(x).square().sum()
        weight += step
        after = net(x).square().sum()
    assert float(after - before) == pytest.approx(float((weight.grad * step).sum()), rel=1e-3)
