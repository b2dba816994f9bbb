"""The oracle against the numpy evaluator, and the modules against the oracle."""

from __future__ import annotations

import numpy as np
import pytest
import torch

import symc
from symc.algebra.sizes import number
from symc.backends.eager import evaluate
from symc.diagnostics import DiagnosticError
from symc.ir.evaluate import evaluate as evaluate_numpy

HEAD = """\
group P = S(n)
group Q = S(m)
group R = O(3)
group D = D(4)
group G = matrices([[2, 0], [0, 1]])
rep   X = perm(P)
rep   Y = perm(Q)
rep   v = vector(R)
rep   g = pixels(D, 4, 4)
rep   q = regular(D)
"""
MODELS = {
    "sets": "model M(x: X*3, y: X^2*2) -> X*4:\n    return linear(relu(linear[X^2*5](x, y)))\n",
    "vectors": "model M(x: X*(4 + 2*v)) -> (s: X*(4 + 2), t: v):\n"
    "    h: X*(4 + 2*v) = layernorm(linear(x))\n    return norm(h), linear(mean[X](h))\n",
    "depthwise": "model M(x: X*Y*3) -> X*Y*3:\n    h: X*Y*3 = tanh(linear[each=X*3](x))\n    return linear[each=3](h) - linear[each=Y](x)\n",
    "images": "model M(x: g*2) -> 3:\n    h: (2*q)*g = relu(linear(x))\n    return linear(max[g](h))\n",
    "empty": "model M(x: X*3) -> (a: 3, b: 3, c: 3, d: X*3):\n    return sum[X](x), max[X](x), mean[X](x), softmax[X](x)\n",
    "arithmetic": "model M(x: X*3, s: X*1, t: ()) -> X*3:\n    return 0.1 * (s * x - x / 3.0) + t * x^2 - 1.5 * x\n",
    "sums": "model M(x: X*3, y: X*2*v) -> X*2*v:\n    h: X*(3 + 2*v) = linear(x, y)\n    h = dropout[0.5](concat(h, x))\n    return h.1\n",
}


@pytest.mark.parametrize("n", [0, 1, 3])
@pytest.mark.parametrize("name", MODELS)
def test_module_oracle_and_numpy_agree(name: str, n: int) -> None:
    net = symc.compile(text=HEAD + MODELS[name], dtype=torch.float64, generator=torch.Generator().manual_seed(0)).eval()
    sizes = {"n": n, "m": 4}
    generator = torch.Generator().manual_seed(1)
    shapes = [[number(size, sizes) for size in spec.sizes] for spec in net.inputs]
    given = [torch.randn(2, *shape, dtype=torch.float64, generator=generator) for shape in shapes]
    parameters = dict(net.named_parameters())
    with torch.no_grad():
        out = net(*given)
        oracle = evaluate(net.program, given, parameters)
        plain = evaluate_numpy(net.program, [array.numpy() for array in given], {name: tensor.numpy() for name, tensor in parameters.items()}, sizes)
    for ours, theirs, third in zip(out if isinstance(out, tuple) else [out], oracle, plain, strict=True):
        torch.testing.assert_close(ours, theirs, rtol=1e-12, atol=1e-12)
        np.testing.assert_allclose(theirs, third, rtol=1e-12, atol=1e-12)


def test_the_oracle_is_differentiable_and_takes_any_batch_axes() -> None:
    net = symc.compile(text=HEAD + MODELS["vectors"], dtype=torch.float64)
    x = torch.randn(2, 1, 4, 10, dtype=torch.float64, requires_grad=True)
    parameters = dict(net.named_parameters())
    ours, oracle = net(x)[1].sum(), evaluate(net.program, [x], parameters)[1]
    assert oracle.shape == (2, 1, 3)
    wanted = [x, *parameters.values()]
    for a, b in zip(torch.autograd.grad(ours, wanted, allow_unused=True), torch.autograd.grad(oracle.sum(), wanted, allow_unused=True), strict=True):
        torch.testing.assert_close(a, b)


def test_sizes_too_large_for_dense_weights_are_refused() -> None:
    net = symc.compile(text=HEAD + MODELS["sets"])
    with pytest.raises(DiagnosticError, match=r"E0501.*`h\.0|E0501.*weight"):
        evaluate(net.program, [torch.zeros(1000, 3), torch.zeros(1000, 1000, 2)], dict(net.named_parameters()))
