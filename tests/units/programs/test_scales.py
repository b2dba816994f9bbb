"""Ten layers deep, activations and gradients stay at unit scale under every operation that is meant to keep it, whatever the representation.

Forward all stay within a factor of 3 of unit scale, and backward within a factor of 3 of where they begin; where gates come from the norms of what
they gate, gradients reach it in two ways, and 6 is what is held. Where `linear` alone would shrink what it maps, as `nn.Linear` does, nothing of it
is left after a normalisation, and weights inside a gate begin larger by what sigmoid and silu take away (see `passes.lower.gains`).
"""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from symc.backends import Net

CHANNELS, DEPTH, SEEDS = 32, 10, (0, 1)
REPS = """\
rep i = irreps(R, 0..2)
group W_ = wreath(C(2), S(3))
rep w = vector(W_)
group C_ = U(1)
rep r = real(irrep(C_, 1))
"""
GATED = "gate(linear({0}))"


def mean(rows: list[list[float]]) -> list[float]:
    """Geometric, over the seeds."""
    return [math.exp(sum(map(math.log, column)) / len(column)) for column in zip(*rows, strict=True)]


def scales(ys: list[Tensor], points: list[Tensor]) -> tuple[list[float], list[float]]:
    """The root mean square of activations, and of the gradients of a random loss that reach some points, the last first."""
    torch.manual_seed(0)
    loss = (ys[-1] * torch.randn_like(ys[-1])).sum()
    gradients = reversed(torch.autograd.grad(loss, points))
    return tuple([float(value.detach().square().mean().sqrt()) for value in values] for values in (ys, gradients))  # type: ignore[return-value]


def measured(build: Callable[..., Net], inputs: Callable[..., list[Tensor]], written: str, operation: str) -> tuple[list[float], list[float]]:
    """Zeros are added to every layer: the gradients that reach these are those of the layer, in whatever layout the next one reads it."""
    lines = "".join(f"    h{i}: {written} = {operation.format(f'h{i - 1}')} + p{i}\n" for i in range(1, DEPTH + 1))
    added = ", ".join(f"p{i}: {written}" for i in range(1, DEPTH + 1))
    result, names = ", ".join(f"o{i}: {written}" for i in range(DEPTH)), ", ".join(f"h{i}" for i in range(1, DEPTH + 1))
    forward, backward = [], []
    for seed in SEEDS:
        net = build(f"{REPS}model M[c = {CHANNELS}](h0: {written}, {added}) -> ({result}):\n{lines}    return {names}\n", seed=seed).train()
        x, *zeros = inputs(net, {"n": 4, "m": 3}, (64,), seed=100 + seed)
        points = [x.requires_grad_(), *(zero.zero_().requires_grad_() for zero in zeros)]
        there, back = scales(list(net(*points)), points[:-1])
        forward.append(there)
        backward.append(back)
    return mean(forward), mean(backward)


@pytest.mark.parametrize(
    ("operation", "written", "backward"),
    [
        (GATED, "c + c*v + c*(v^2)", 3),
        (GATED, "X*(c + c*v)", 3),
        (GATED, "X^2*(c + c*v)", 3),
        (GATED, "X*c*v", 3),
        (GATED, "c*i", 3),
        (GATED, "c*q + c*z", 3),
        (GATED, "c + c*w", 3),
        (GATED, "c + c*r", 3),
        ("gate(linear({0}) - linear({0}))", "c + c*v", 3),
        ("gate(linear({0}), linear(norm({0})))", "X*(c + c*v)", 6),
        ("layernorm(linear({0}))", "X*(c + c*v)", 3),
        ("layernorm(linear({0}))", "c + c*(v^2)", 3),
        ("layernorm(linear({0}))", "c*i", 3),
        ("rmsnorm(linear({0}))", "X*c*v", 3),
        ("rmsnorm(linear({0}))", "c*q", 3),
        ("rmsnorm(linear({0}))", "c + c*w", 3),
        ("batchnorm(linear({0}))", "X*(c + c*v)", 3),
        ("batchnorm(linear({0}))", "(c*q)", 3),
        ("batchnorm(linear({0}))", "c + c*r", 3),
        ("relu(layernorm(linear({0})))", "X*c", 3),
        ("layernorm(linear({0}, norm({0})))", "X*(c + c*v)", 3),
        ("layernorm({0} + linear[each=X](attention[X, heads=4]({0}, {0}, {0})))", "X*c", 3),
        ("rmsnorm({0} + linear[each=X](attention[X]({0}, {0}, {0})))", "X*c*v", 3),
        ("layernorm(linear[each=X]({0}) + linear(mean[X]({0})))", "X*c", 3),
        ("layernorm({0} + linear(max[X]({0})))", "X*c", 3),
        ("layernorm({0} + linear[each=X](softmax[X]({0})))", "X*c", 3),
        ("layernorm({0} + linear[each=X]({0}, dot[c]({0}, {0}) / c))", "X*c", 3),
        ("dropout[0.1](rmsnorm(linear({0})))", "X^2*c", 3),
    ],
)
def test_unit_scale(build: Callable[..., Net], inputs: Callable[..., list[Tensor]], operation: str, written: str, backward: float) -> None:
    there, back = measured(build, inputs, written, operation)
    assert all(1 / 3 <= value <= 3 for value in there), there
    assert all(1 / backward <= value <= backward for value in back), back


@pytest.mark.parametrize(
    ("operation", "written", "gain"),
    [
        ("rmsnorm(linear({0}) + bilinear({0}, {0}))", "c + c*v", 3 / 2),
        ("rmsnorm(linear({0}) + bilinear({0}, {0}))", "c*i", 3 / 2),
        ("layernorm(linear({0}) + bilinear[each=X]({0}, {0}))", "X*c", 3 / 2),
        ("rmsnorm(linear(concat({0}, {0}), random[c*v]()))", "c*v", 2 / 3),
    ],
)
def test_products_and_noise(build: Callable[..., Net], inputs: Callable[..., list[Tensor]], operation: str, written: str, gain: float) -> None:
    """A product hands gradients to both factors, noise to none; with as much of it as of the linear part, that is what they gain in variance."""
    there, back = measured(build, inputs, written, operation)
    assert all(1 / 3 <= value <= 3 for value in there), there
    assert all(1 / 3 <= value / gain ** ((k + 1) / 2) <= 3 for k, value in enumerate(back)), back


@pytest.mark.parametrize(("written", "d"), [("c*v", 3), ("c*(v^2)", 9), ("X*c*u", 3)])
def test_division_by_norms_is_that_of_plain_layers(build: Callable[..., Net], inputs: Callable[..., list[Tensor]], written: str, d: int) -> None:
    """Coordinates of a unit vector have variance 1/d. Backward short vectors count more: a factor of (d - 1)/(d - 2) a layer in variance."""

    def plain(seed: int) -> tuple[list[float], list[float]]:
        torch.manual_seed(seed)
        layers = [nn.Linear(CHANNELS, CHANNELS, bias=False).double() for _ in range(DEPTH)]
        x = torch.randn(256, d, CHANNELS, dtype=torch.float64, requires_grad=True)
        ys = [x]
        for layer in layers:
            ys.append(F.normalize(layer(ys[-1]), dim=1))
        return scales(ys[1:], ys[:-1])

    results = [plain(seed) for seed in range(4)]
    expected = [mean([result[way] for result in results]) for way in (0, 1)]
    for ours, theirs in zip(measured(build, inputs, written, "normalize(linear[bias=false]({0}))"), expected, strict=True):
        assert all(a / 2.5 <= b <= 2.5 * a for a, b in zip(ours, theirs, strict=True)), (ours, theirs)
