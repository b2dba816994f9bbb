"""Ten layers deep, activations and gradients are what they are in a plain network of as many channels, whatever the representation."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import pytest
import torch
from torch import Tensor, nn

from symc.backends import Net

CHANNELS, DEPTH, SEEDS = 32, 10, (0, 1, 2)
BAND = 1.8  # three plain networks differ from eight others by up to 1.6


def scales(results: Sequence[Tensor], points: Sequence[Tensor]) -> list[float]:
    """The root mean square of the activations after 1, 2, ... layers, then of the gradients of a random loss at some points, the last first."""
    torch.manual_seed(0)
    gradients = torch.autograd.grad((results[-1] * torch.randn_like(results[-1])).sum(), points)
    return [float(value.detach().square().mean().sqrt()) for value in (*results, *reversed(gradients))]


def plain(function: Callable[[Tensor], Tensor], bias: bool, seed: int) -> list[float]:
    torch.manual_seed(seed)
    layers = [nn.Linear(CHANNELS, CHANNELS, bias=bias).double() for _ in range(DEPTH)]
    results = [torch.randn(256, CHANNELS, dtype=torch.float64).requires_grad_()]
    for layer in layers:
        results.append(function(layer(results[-1])))
    return scales(results[1:], results[:-1])


def mean(rows: Sequence[Sequence[float]]) -> list[float]:
    """Geometric, over the seeds."""
    return [math.exp(sum(map(math.log, column)) / len(column)) for column in zip(*rows, strict=True)]


@pytest.mark.parametrize(
    ("written", "n", "function"),
    [
        ("c", 1, "relu"),
        ("X*c", 2, "relu"),
        ("X*c", 50, "relu"),
        ("X^2*c", 8, "relu"),
        ("X*Y*c", 8, "relu"),
        ("c*q", 1, "relu"),
        ("c*g", 1, "relu"),
        ("perm(S(5))^2*c", 1, "relu"),
        ("c*z", 1, "tanh"),
        ("c*v", 1, ""),
        ("X*c*v", 8, ""),
        ("X*(c + c*v)", 8, ""),
        ("c*v^2", 1, ""),
        ("c*(v + v^2)", 1, ""),
    ],
)
def test_ten_layers(build: Callable[..., Net], inputs: Callable[..., list[Tensor]], written: str, n: int, function: str) -> None:
    bias = function == "relu"  # vectors have none
    # the gradients of zeros added to a layer are its own, in whatever layout the next one reads it
    lines = [f"    h{i}: {written} = {function}(linear{'' if bias else '[bias=false]'}(h{i - 1})) + p{i}\n" for i in range(1, DEPTH + 1)]
    added = ", ".join(f"p{i}: {written}" for i in range(1, DEPTH + 1))
    result = ", ".join(f"o{i}: {written}" for i in range(1, DEPTH + 1))
    names = ", ".join(f"h{i}" for i in range(1, DEPTH + 1))
    text = f"model M[c = {CHANNELS}](h0: {written}, {added}) -> ({result}):\n{''.join(lines)}    return {names}\n"
    rows = []
    for seed in SEEDS:
        net = build(text, seed=seed)
        x, *zeros = inputs(net, {"n": n, "m": 3}, (64,), seed=100 + seed)  # other numbers than the weights
        points = [x.requires_grad_(), *(zero.zero_().requires_grad_() for zero in zeros)]
        rows.append(scales(list(net(*points)), points[:-1]))
    activation = {"relu": torch.relu, "tanh": torch.tanh, "": lambda x: x}[function]
    for ours, theirs in zip(mean(rows), mean([plain(activation, bias, seed) for seed in range(8)]), strict=True):
        assert theirs / BAND <= ours <= theirs * BAND
