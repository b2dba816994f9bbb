"""Training steps of the examples, beside the same functions of the same weights written by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional

import symc

from .by_hand import Shared, diagonal, partitions
from .case import Case, Inputs, Peer

EXAMPLES = Path(__file__).parents[3] / "examples"


def cases() -> Iterator[Case]:
    yield example("deepsets", DeepSets, lambda: (torch.randn(128, 40, 2),))
    yield example("digits", Digits, lambda: (torch.randn(64, 8, 8),))
    yield example("ign", Ign, lambda: (torch.randn(32, 10, 10),))


def example(name: str, by_hand: type[nn.Module], inputs: Callable[[], Inputs]) -> Case:
    peer = Peer("by hand", by_hand, {"fwd+bwd": 0.95, "memory": 1 / 1.1}, agreement="values")
    shape = tuple(inputs()[0].shape)
    return Case(f"example {name}, training step, input {shape}", lambda: symc.compile(EXAMPLES / f"{name}.sym"), inputs, [peer], step=True)


def copy(ours: nn.Module, name: str, at: int | None = None) -> nn.Parameter:
    """A weight of ours, or one part of it."""
    found = ours.get_parameter(name).detach()
    return nn.Parameter((found if at is None else found[at]).clone())


class DeepSets(nn.Module):
    """Each point's own channels and the mean of all, three times; then numbers of the mean alone."""

    def __init__(self, ours: nn.Module) -> None:
        super().__init__()
        self.own = nn.ParameterList([copy(ours, f"h.{at}.weight", 0) for at in range(3)])
        self.mean = nn.ParameterList([copy(ours, f"h.{at}.weight", 1) for at in range(3)])
        self.bias = nn.ParameterList([copy(ours, f"h.{at}.bias", 0) for at in range(3)])
        self.g = copy(ours, "g.0.weight", 0)
        self.g_bias = copy(ours, "g.0.bias", 0)
        self.out = copy(ours, "out.0.weight", 0)
        self.out_bias = copy(ours, "out.0.bias", 0)

    def forward(self, x: Tensor) -> Tensor:
        for own, mean, bias in zip(self.own, self.mean, self.bias, strict=True):
            x = torch.relu(functional.linear(x, own) + functional.linear(x.mean(1), mean, bias)[:, None])
        g = torch.relu(functional.linear(x.mean(1), self.g, self.g_bias))
        return functional.linear(g, self.out, self.out_bias)[:, 0]


class Digits(nn.Module):
    """A weight for each orbit of pairs of pixels, gathered into a matrix; then a sum over each orbit of pixels, and two plain layers."""

    pairs: Tensor
    orbit: Tensor

    def __init__(self, ours: nn.Module) -> None:
        super().__init__()
        grid = torch.arange(64).reshape(8, 8)
        poses = [torch.rot90(g, k).flatten() for g in (grid, grid.flip(1)) for k in range(4)]
        _, orbit = torch.stack(poses).min(0).values.unique(return_inverse=True)
        codes = torch.stack([64 * pose[:, None] + pose[None, :] for pose in poses]).min(0).values
        _, pairs = codes.unique(return_inverse=True)
        self.register_buffer("pairs", pairs.flatten())
        self.register_buffer("orbit", functional.one_hot(orbit).to(torch.get_default_dtype()))
        self.register_buffer("of_pixel", orbit)
        self.first, self.first_bias = nn.Parameter(ours.get_parameter("h.0.weight")[..., 0].T.detach().clone()), copy(ours, "h.0.bias")
        self.second = nn.Parameter(ours.get_parameter("h.1.weight").permute(1, 2, 0).flatten(1).detach().clone())
        self.second_bias = copy(ours, "h.1.bias", 0)
        self.out = copy(ours, "out.0.weight", 0)
        self.out_bias = copy(ours, "out.0.bias", 0)

    def forward(self, image: Tensor) -> Tensor:
        weight = self.first[:, self.pairs].view(-1, 64)
        bias = self.first_bias.T[:, self.of_pixel].flatten()
        h = torch.relu(functional.linear(image.flatten(1), weight, bias)).view(-1, 16, 64)
        h = torch.relu(functional.linear((h @ self.orbit).flatten(1), self.second, self.second_bias))
        return functional.linear(h, self.out, self.out_bias)


class Ign(nn.Module):
    """The shared plan of by_hand.py twice, then the five means over triples of nodes."""

    def __init__(self, ours: nn.Module) -> None:
        super().__init__()
        self.layers = nn.ModuleList([Shared(2, 3, 1, 4), Shared(3, 3, 4, 4)])
        for at, layer in enumerate(self.layers):
            layer.weight = nn.Parameter(ours.get_parameter(f"h.{at}.weight").transpose(1, 2).detach().clone())
            layer.bias = copy(ours, f"h.{at}.bias")
        self.out = nn.Parameter(ours.get_parameter("out.0.weight").flatten().detach().clone())
        self.out_bias = copy(ours, "out.0.bias", 0)

    def forward(self, a: Tensor) -> Tensor:
        h = a[..., None]
        for layer in self.layers:
            h = functional.gelu(layer(h))
        means = [diagonal(h, blocks).flatten(1, -2).mean(1) for blocks in partitions(3)]
        return torch.cat(means, -1) @ self.out + self.out_bias
