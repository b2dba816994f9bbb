"""Whole networks: linear, bilinear and gate three times over, as EMLP's default one (Finzi et al. 2021), beside a plain MLP of the same widths."""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch import nn

import symc

from .case import Case, Inputs, Peer

NETS = {"O(3)": ("O(3)", "vector(G)", 3, 30), "S(4)": ("S(4)", "perm(G)", 4, 18), "O(1,3)": ("O(1, 3)", "vector(G)", 4, 18)}


def cases() -> Iterator[Case]:
    for batch in (64, 512):
        yield net("O(3)", batch)


def text(name: str) -> str:
    """Five numbers and five vectors to a matrix, through three layers of width about 384: a scalar, a vector and a matrix for each channel."""
    group, vector, _, channels = NETS[name]
    return f"""\
group G = {group}
rep   v = {vector}
rep   H[c] = c*(1 + v + (v^2))
model Net[c = {channels}](m: 5, x: 5*v) -> v^2:
    h: H[c] = linear(m, x)
    h = gate(h + bilinear[each=c](h, h))
    repeat 2:
        h: H[c] = linear(h)
        h = gate(h + bilinear[each=c](h, h))
    return linear(h)
"""


def sizes(name: str) -> tuple[int, int, int]:
    """Numbers of input, hidden and output coordinates."""
    _, _, n, channels = NETS[name]
    return 5 + 5 * n, channels * (1 + n + n**2), n**2


def net(name: str, batch: int) -> Case:
    n = NETS[name][2]
    inside, hidden, outside = sizes(name)

    def enter(inputs: Inputs) -> Inputs:
        return (torch.cat([x.flatten(1) for x in inputs], 1),)

    def plain(ours: nn.Module) -> nn.Module:
        layers: list[nn.Module] = []
        for width in (inside, hidden, hidden):
            layers += [nn.Linear(width, hidden), nn.SiLU()]
        return nn.Sequential(*layers, nn.Linear(hidden, outside))

    def inputs() -> Inputs:
        return torch.randn(batch, 5), torch.randn(batch, 5, n)

    peers = [Peer("plain MLP of its width", plain, {"fwd+bwd": 0.25}, enter)]
    return Case(f"net {name}, 3 x {hidden}, training step, batch {batch}", lambda: symc.compile(text=text(name)), inputs, peers, step=True)
