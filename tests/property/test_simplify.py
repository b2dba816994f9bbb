"""Every rewrite of the tensor level on random graphs: the same numbers, of nodes that cost no more."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from tensor_graphs import drawn_parameters, results, tensor_graphs

from symc.ir import tensor as t
from symc.ir.graph import Graph
from symc.ir.verify import verify
from symc.passes.cost import estimate, training
from symc.passes.simplify import REWRITES, dead_code, simplify

Tensors = Graph[t.TensorOp]


def examine(before: Tensors, after: Tensors, n: int) -> None:
    assert verify(after, "tensor") == verify(before, "tensor")  # that these graphs have no signature
    for cost in (estimate, training):
        assert cost(after.nodes).seconds <= cost(before.nodes).seconds * (1 + 1e-9)
    assert drawn_parameters(dead_code(before)) == drawn_parameters(dead_code(after))
    for old, new in zip(results(before, {"n": n}), results(after, {"n": n}), strict=True):
        assert old.shape == new.shape
        scale = max(1.0, float(old.abs().max()) if old.numel() else 0.0)
        torch.testing.assert_close(new, old, rtol=0, atol=1e-12 * scale)


@pytest.mark.parametrize("rewrite", REWRITES, ids=lambda rewrite: rewrite.__name__)
@settings(max_examples=60)
@given(graph=tensor_graphs(), n=st.integers(0, 3))
def test_a_rewrite_changes_no_number(rewrite: Callable[[Tensors], Tensors], graph: Tensors, n: int) -> None:
    after = rewrite(graph)
    if after is not graph:
        examine(graph, after, n)


@settings(max_examples=250)
@given(graph=tensor_graphs(), n=st.integers(0, 3))
def test_all_of_them(graph: Tensors, n: int) -> None:
    after = simplify(graph)
    examine(graph, after, n)
    assert simplify(after) is after
