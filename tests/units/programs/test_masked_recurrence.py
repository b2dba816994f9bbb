"""Masks for `scan` and `fold`: steps that are padding are skipped, and a body is told of padding in its sets."""

from __future__ import annotations

import pytest
import torch
from padding import padded_like_alone
from torch import Tensor

import symc
from symc.backends import Net
from symc.backends.export import export
from symc.diagnostics import DiagnosticError

HEAD = """group P = S(n)
group R = O(3)
rep   X = perm(P)
rep   v = vector(R)
rep   time = axis(steps)
rep   hours = axis(k)
model Cell[c](h: X*c, x: X*2) -> X*c:
    return tanh(linear(h, x)) + h / 2
model Memory(s: (h: 4, u: 3*v), x: v, scale: ()) -> (h: 4, u: 3*v):
    z: 4 = sigmoid(linear(s.h, norm(x)))
    u: 3*v = linear(s.u, x)
    return z * s.h + linear(norm(u)), scale * u
model Ratios(h: X*2, x: X*2) -> X*2:
    s: 2 = sum[X](x)
    return h / s + 1 / x + log(x) + x * (1 / s)
model Inverse(h: 2, x: X*2) -> 2:
    return 1 / h + mean[X](x)
model Shares(h: 2, x: 2, t: 2) -> 2:
    return h + linear[2](x) * t + 1 / linear[2, bias=false](x)
model Sinks(h: 2, x: X*2) -> 2:
    return sum[X](linear[X*2, each=X](x) * h) + 1 / sum[X](x)
model Pairs(h: (X*2 + X^2), x: X*2) -> (X*2 + X^2):
    return tanh(linear(h, x))
model Mixed(h: X*2, x: X*2) -> X*2:
    return softmax[X](h * mean[X](h) + x) + max[X](h * x)
model Words(h: X*3, z: X*onehot(5)) -> X*3:
    return tanh(linear(h, z))
model Looks(h: X*4, x: X*2) -> X*4:
    return attention[X, heads=2](linear[X*4](h), linear[X*4](x), linear[X*4](h))
model Noisy(h: X*3, x: X*2) -> X*3:
    return linear(h, x, random[X*2]())
model Day(h: X*3, xs: time*X*2) -> X*3:
    return fold[Cell[3], time](h, xs)
model Several(h: 2, xs: axis(3)*2, t: 2) -> 2:
    return fold[Shares, axis(3)](h, xs, t)
model Division(h: X*2, xs: time*X*2) -> X*2:
    return fold[Ratios, time](h, xs)
model M"""
MODELS = {
    "last": "(x: time*X*2) -> X*3:\n    return fold[Cell[3], time](zero(), x)\n",
    "every": "(h: X*3, x: X*time*2) -> (a: time*X*3, b: X*3):\n    y: time*X*3 = scan[Cell[3], time](h, x)\n    return y, mean[time](cos(y))\n",
    "states": (
        "(h: 4, u: 3*v, x: time*v) -> (h: time*4, u: time*3*v):\n    s: (h: 4, u: 3*v) = linear(h, u)\n"
        "    return scan[Memory, time](s, x, scale=norm(mean[time](x)))\n"
    ),
    "sums": "(x: time*X*2) -> (X*2 + X^2):\n    return fold[Pairs, time](zero(), x)\n",
    "mixed": "(x: time*X*2) -> X*2:\n    return fold[Mixed, time](zero(), x)\n",
    "integers": "(z: time*X*onehot(5)) -> X*3:\n    return fold[Words, time](zero(), z)\n",
    "attention": "(h: X*4, x: time*X*2) -> time*X*4:\n    return scan[Looks, time](h, x)\n",
    "noise": "(x: time*X*2) -> X*3:\n    return fold[Noisy, time](zero(), x)\n",
    "known steps": "(h: X*2, x: axis(3)*X*2) -> X*2:\n    return fold[Ratios, axis(3)](h, exp(x))\n",
    "singular": "(h: X*2, x: time*X*2) -> (a: time*X*2, b: X*2):\n    y: time*X*2 = scan[Ratios, time](h, exp(x))\n    return y, mean[time](y)\n",
    "singular state": "(h: 2, x: time*X*2) -> (a: time*2, b: 2):\n    y: time*2 = scan[Inverse, time](h, exp(x))\n    return y, mean[time](y)\n",
    "singular constant": "(h: 2, x: time*2) -> 2:\n    return fold[Shares, time](h, x, 1 / sum[time](x))\n",
    "singular start": "(x: time*2, t: 2) -> time*2:\n    return linear[time*2](x) * scan[Shares, time](1 / sum[time](x), x, t)\n",
    "infinite state": "(x: time*X*2, y: X*2) -> X*2:\n    h: 2 = fold[Sinks, time](zero(), x)\n    return y * h\n",
    "start": "(h: X*3, x: time*X*2) -> X*3:\n    return fold[Cell[3], time](cos(h), x)\n",
    "nested": "(x: hours*time*X*2) -> X*3:\n    return fold[Day, hours](zero(), x)\n",
    "nested known steps": "(h: 2, x: time*axis(3)*2, t: 2) -> 2:\n    return fold[Several, time](h, x, t)\n",
    "nested singular": "(h: X*2, x: hours*time*X*2) -> hours*X*2:\n    return scan[Division, hours](h, exp(x))\n",
}
SIZES = [{"n": 3, "steps": 4, "k": 2}, {"n": 2, "steps": 0, "k": 3}, {"n": 0, "steps": 2, "k": 0}, {"n": 1, "steps": 5, "k": 1}]


def compiled(text: str) -> Net:
    return symc.compile(text=HEAD + text, dtype=torch.float64, generator=torch.Generator().manual_seed(0)).eval()


def random(*shape: int, seed: int = 0) -> Tensor:
    return torch.randn(shape, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))


@pytest.mark.parametrize("model", MODELS)
def test_padded_and_ragged_batches_are_the_samples_alone(model: str) -> None:
    net = compiled(MODELS[model])
    padded_like_alone(net, [{name: one[name] for name in net.program.free} for one in SIZES])


def test_real_steps_stand_anywhere() -> None:
    net = compiled(MODELS["every"])
    h, x = random(2, 3, 3), random(2, 3, 5, 2, seed=1)
    mask = torch.tensor([[False, True, False, True, True], [False, False, False, False, False]])
    spoilt = torch.where(mask[:, None, :, None], x, torch.nan)
    every, mean = net(h, spoilt, mask={"steps": mask})
    alone = net(h[0], x[0, :, mask[0]])
    torch.testing.assert_close(every[0, mask[0]], alone[0], rtol=1e-12, atol=1e-12)
    torch.testing.assert_close(mean[0], alone[1], rtol=1e-12, atol=1e-12)
    assert not every[~mask].any()
    assert not mean[1].any()
    last = compiled("(h: X*3, x: time*X*2) -> X*3:\n    return fold[Cell[3], time](h, x)\n")
    assert torch.equal(last(h, spoilt.transpose(1, 2), mask={"steps": mask})[1], h[1])


@pytest.mark.parametrize("filling", [0.0, torch.nan, -torch.inf, 1e300])
def test_second_derivatives_do_not_meet_the_padding(filling: float) -> None:
    net = compiled("(h: X*2, x: time*X*2) -> (a: time*X*2, b: X*2):\n    y: time*X*2 = scan[Ratios, time](h, x)\n    return y, mean[time](y)\n")
    h, x = random(1, 2, 2), random(1, 3, 2, 2, seed=1).abs() + 0.5
    masks = {"n": torch.tensor([[True, False]]), "steps": torch.tensor([[True, False, True]])}
    real = masks["steps"][:, :, None, None] & masks["n"][:, None, :, None]
    spoilt = torch.where(real, x, filling).requires_grad_()
    alone = x[:, [0, 2], :1].clone().requires_grad_()
    (ours,) = torch.autograd.grad(sum(y.square().sum() for y in net(h, spoilt, mask=masks)), spoilt, create_graph=True)
    (theirs,) = torch.autograd.grad(sum(y.square().sum() for y in net(h[:, :1], alone)), alone, create_graph=True)
    torch.testing.assert_close(ours[:, [0, 2], :1], theirs, rtol=1e-9, atol=1e-9)
    (second,) = torch.autograd.grad(ours.square().sum(), spoilt)
    (expected,) = torch.autograd.grad(theirs.square().sum(), alone)
    torch.testing.assert_close(second[:, [0, 2], :1], expected, rtol=1e-9, atol=1e-9)
    assert not second[~real.expand_as(second)].any()


def test_an_unmasked_size_stays_as_it_is() -> None:
    net = compiled(MODELS["every"])
    h, x = random(2, 3, 3), random(2, 3, 4, 2, seed=1)
    for name, size in (("n", 3), ("steps", 4)):
        for ours, theirs in zip(net(h, x, mask={name: torch.ones(2, size, dtype=torch.bool)}), net(h, x), strict=True):
            torch.testing.assert_close(ours, theirs, rtol=1e-12, atol=1e-12)


def test_masked_recurrences_compile_in_one_graph() -> None:
    torch._dynamo.reset()
    net = compiled(MODELS["last"])
    fast = torch.compile(net.masked_module(["n", "steps"]), backend="aot_eager", fullgraph=True, dynamic=True)
    for n, steps in ((3, 2), (4, 3)):
        x = random(2, steps, n, 2)
        masks = [torch.arange(size) < torch.tensor([[size], [size - 1]]) for size in (n, steps)]
        torch.testing.assert_close(fast(x, *masks), net(x, mask=dict(zip(("n", "steps"), masks, strict=True))))


def test_masks_of_sets_are_exported_at_a_number_of_steps() -> None:
    net = compiled("(x: axis(3)*X*2) -> X*3:\n    return fold[Cell[3], axis(3)](zero(), x)\n")
    assert export(net).module()(random(2, 3, 4, 2)).shape == (2, 4, 3)
    batch, n = torch.export.Dim("batch"), torch.export.Dim("n")
    inputs, mask = net.collate([random(3, size, 2) for size in (2, 4, 3)])
    program = torch.export.export(net.masked_module("n"), (inputs["x"], mask["n"]), dynamic_shapes=({0: batch, 2: n}, {0: batch, 1: n}))
    inputs, mask = net.collate([random(3, size, 2) for size in (5, 1)])
    torch.testing.assert_close(program.module()(inputs["x"], mask["n"]), net(**inputs, mask=mask))


def test_steps_that_no_mask_tells() -> None:
    net = compiled("(x: axis(2*k)*X*2) -> X*3:\n    return fold[Cell[3], axis(2*k)](zero(), x)\n")
    with pytest.raises(DiagnosticError, match=r"padding cannot be told along an axis of size 2\*k"):
        net(random(2, 4, 3, 2), mask={"k": torch.ones(2, 2, dtype=torch.bool)})
