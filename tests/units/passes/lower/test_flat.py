"""Weights of many entries, mixed in few products."""

from __future__ import annotations

import pytest

import symc
from symc.ir.tensor import Einsum, TensorType

PERMUTED = "group G = S(5)\nrep q = perm(G)\n"
RIGID = "group G = O(3)\nrep q = vector(G)\n"


@pytest.mark.parametrize(
    ("text", "signature", "count"),
    [
        (PERMUTED, "20+10*q+4*(q^2)", 2),  # 86 rows of 20, 15 of 16
        (PERMUTED, "2+6*q", 1),  # channels 4, 12, 12 and 36
        (PERMUTED, "200+100*q", 2),  # all in one would be rows of 10 000
        (RIGID, "4+3*q", 0),  # each entry is one weight, and none needs mixing
    ],
)
def test_products_that_mix_weights(text: str, signature: str, count: int) -> None:
    net = symc.compile(text=f"{text}model M(x: {signature}) -> {signature}:\n    return linear[bias=false](x)\n", lowering="dense")
    found = [node for node in net.lowered.nodes if isinstance(node.op, Einsum)]
    types = [node.outputs[0].type for node in found]
    assert sum(isinstance(type, TensorType) and not type.batched for type in types) == count
