"""Attention: what it computes, its gradients, and what is compiled and exported of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from math import sqrt
from typing import Any

import pytest
import torch
from torch import Tensor
from torch.nn.attention import SDPBackend, sdpa_kernel

from symc.backends import Net

INPUTS = {
    "x": "X*4",
    "k": "Y*4",
    "f": "Y*6",
    "b": "X*Y",
    "e": "X*X",
    "w": "Y*2*v",
    "o": "X*Y*4",
    "h": "Y*X*2",
    "l": "4",
    "p": "Y*point(E(3))",
    "a": "4*X",
}


def weights(scores: Tensor) -> Tensor:
    return torch.softmax(scores, -1)


def heads(x: Tensor, count: int) -> Tensor:
    """(batch, n, c) -> (batch, heads, n, c/heads)"""
    return x.unflatten(-1, (count, -1)).transpose(1, 2)


def merged(x: Tensor) -> Tensor:
    return x.transpose(1, 2).flatten(2)


@pytest.mark.parametrize(
    ("expression", "result", "reference"),
    [
        ("attention[Y](x, k, f)", "X*6", lambda i: weights(i["x"] @ i["k"].mT / 2) @ i["f"]),
        ("attention[X](x, x, x)", "X*4", lambda i: weights(i["x"] @ i["x"].mT / 2) @ i["x"]),
        ("attention[X](x, x, x, bias=e)", "X*4", lambda i: weights(i["x"] @ i["x"].mT / 2 + i["e"]) @ i["x"]),
        ("attention[Y](x, k, f, bias=b)", "X*6", lambda i: weights(i["x"] @ i["k"].mT / 2 + i["b"]) @ i["f"]),
        (
            "attention[Y, heads=2](x, k, f, bias=h)",
            "X*6",
            lambda i: merged(weights(heads(i["x"], 2) @ heads(i["k"], 2).mT / sqrt(2) + i["h"].permute(0, 3, 2, 1)) @ heads(i["f"], 2)),
        ),
        ("attention[Y](x, k, w)", "X*2*v", lambda i: torch.einsum("bnm,bmcv->bncv", weights(i["x"] @ i["k"].mT / 2), i["w"])),
        ("attention[Y](x, k, p)", "X*point(E(3))", lambda i: weights(i["x"] @ i["k"].mT / 2) @ i["p"]),
        ("attention[Y](l, k, f)", "6", lambda i: (weights(i["l"][:, None] @ i["k"].mT / 2) @ i["f"])[:, 0]),
        (
            "attention[X](o, o, o)",
            "X*Y*4",
            lambda i: torch.einsum("bynm,bmyc->bnyc", weights(torch.einsum("bnyc,bmyc->bynm", i["o"], i["o"]) / 2), i["o"]),
        ),
        ("attention[X](a, x, a)", "4*X", lambda i: (weights(i["a"].mT @ i["x"].mT / 2) @ i["a"].mT).mT),
        ("attention[Y](w, w, k)", "Y*4", lambda i: weights(torch.einsum("bncv,bmcv->bnm", i["w"], i["w"]) / sqrt(6)) @ i["k"]),
    ],
)
def test_values(
    examine: Callable[..., Net], inputs: Callable[..., list[Tensor]], expression: str, result: str, reference: Callable[[Any], Tensor]
) -> None:
    used = [name for name in INPUTS if re.search(rf"[(=, ]{name}[,)]", expression)]
    net = examine(f"model M({', '.join(f'{name}: {INPUTS[name]}' for name in used)}) -> {result}:\n    return {expression}\n")
    for sizes in ({"n": 5, "m": 2}, {"n": 1, "m": 3}, {"n": 0, "m": 4}, {"n": 4, "m": 0}):
        sizes = {name: size for name, size in sizes.items() if any({"n": "X", "m": "Y"}[name] in INPUTS[one] for one in used)}
        given = inputs(net, sizes, (2,))
        torch.testing.assert_close(net(*given), reference(dict(zip(used, given, strict=True))), rtol=1e-12, atol=1e-12)


BLOCK = (
    "model Block[c = 8](x: X*c) -> X*c:\n    a, b, f = linear[(a: X*c, b: X*c, f: X*c), each=X](x)\n    return x + attention[X, heads=2](a, b, f)\n"
)


def test_derivatives(build: Callable[..., Net], inputs: Callable[..., list[Tensor]]) -> None:
    """All orders by the inputs themselves; inside a larger network where torch is told to take its plain kernel."""
    net = build(BLOCK)
    for n in (0, 1, 4):
        (x,) = inputs(net, {"n": n}, (2,))
        assert torch.autograd.gradcheck(net, (x.requires_grad_(),))
        assert torch.autograd.gradgradcheck(net, (x,))
        with sdpa_kernel(SDPBackend.MATH):
            assert torch.autograd.gradgradcheck(lambda x: net(2 * x), (x,))


def test_memory_is_linear(build: Callable[..., Net]) -> None:
    """The fused kernel of the CPU forms no matrix of scores."""
    net = build(BLOCK)
    with torch.profiler.profile(profile_memory=True) as profile:
        net(torch.zeros(3000, 8, dtype=torch.float64))
    assert max(event.cpu_memory_usage for event in profile.events()) < 8 * 3000 * 3000 / 4


def test_compiled_and_exported(build: Callable[..., Net], inputs: Callable[..., list[Tensor]]) -> None:
    net = build(BLOCK)
    compiled = torch.compile(net, fullgraph=True, dynamic=True, backend="aot_eager")
    axes = {"x": {0: torch.export.Dim("batch"), 1: torch.export.Dim("n")}}
    exported = torch.export.export(net.graph_module, tuple(inputs(net, {"n": 5}, (3,))), dynamic_shapes=axes).module()
    for n in (2, 5, 9):
        (x,) = inputs(net, {"n": n}, (3,))
        torch.testing.assert_close(compiled(x), net(x))
        torch.testing.assert_close(exported(x), net(x))


MASKED = """\
model Masked[c = 4](x: X*c, k: Y*c, b: X*Y, o: X*Y*c) -> (a: X*c, e: X*c, f: X*Y*c):
    a = attention[Y, heads=2](x, k, k, bias=b)
    return a, attention[X](x, x, x), attention[X, heads=2](o, o, o)
"""


@pytest.mark.parametrize("rubbish", [0.0, 1e300, float("nan")])
def test_masks(build: Callable[..., Net], inputs: Callable[..., list[Tensor]], rubbish: float) -> None:
    """Keys at the padding are left out, also where none is left; nothing in the padding reaches a value or a gradient."""
    net = build(MASKED)
    masks = {"n": torch.tensor([[True, False, True], [True, True, True]]), "m": torch.tensor([[False, True, False, True], [False] * 4])}
    real = [masks["n"], masks["m"], masks["n"][:, :, None] & masks["m"][:, None], masks["n"][:, :, None] & masks["m"][:, None]]
    given = inputs(net, {"n": 3, "m": 4}, (2,))
    padded = [
        torch.where(mask.reshape(*mask.shape, *[1] * (x.ndim - mask.ndim)), x, rubbish).requires_grad_() for x, mask in zip(given, real, strict=True)
    ]
    results = net(*padded, mask=masks)
    gradients = torch.autograd.grad(sum((y**2).sum() for y in results), padded)
    for i in range(2):
        alone = [x[i][n].requires_grad_() for x, n in zip(given[:2], (masks["n"][i], masks["m"][i]), strict=True)]
        alone += [x[i][masks["n"][i]][:, masks["m"][i]].requires_grad_() for x in given[2:]]
        expected = net(*alone)
        torch.testing.assert_close(results[0][i][masks["n"][i]], expected[0])
        torch.testing.assert_close(results[1][i][masks["n"][i]], expected[1])
        torch.testing.assert_close(results[2][i][masks["n"][i]][:, masks["m"][i]], expected[2])
        ours = gradients[0][i][masks["n"][i]], gradients[1][i][masks["m"][i]]
        torch.testing.assert_close(ours, torch.autograd.grad(sum((y**2).sum() for y in expected), alone[:2]))
    assert all(bool(gradient.isfinite().all()) for gradient in gradients)
