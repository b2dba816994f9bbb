"""Layers on tensors over n points, all maps that renumbering the points commutes with (Maron et al. 2019), beside forms written by hand."""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch import nn

import symc

from .by_hand import Diagrams, Each, Shared
from .by_hand_fast import OneToOne, Pelican, TwoToTwo
from .case import Case, Peer

BEST = 0.95


def cases() -> Iterator[Case]:
    yield layer(1, 1, 1000)
    for n in (32, 64, 128):
        yield layer(2, 2, n)
    yield layer(2, 1, 64)
    yield layer(3, 3, 8)


def layer(sources: int, targets: int, n: int, channels: int = 32, batch: int = 8) -> Case:
    """All maps from tensors over `sources` points to tensors over `targets` points, for each pair of channels.

    Least flops: one product of channels for each diagram, on as many entries as it carries through.
    """

    def wanted(least: float) -> dict[str, float]:
        return {"fwd+bwd": least, "forward": least}

    peers = [Peer("einsum a diagram", lambda ours: loaded(Each(sources, targets, channels, channels), ours), wanted(3.0), agreement="values")]
    peers.append(Peer("shared plan", lambda ours: loaded(Shared(sources, targets, channels, channels), ours), wanted(BEST), agreement="values"))
    if (sources, targets) == (1, 1):
        peers.append(Peer("best by hand", lambda ours: OneToOne(channels, channels), wanted(BEST), agreement="maps"))
    if (sources, targets) == (2, 2):
        peers.append(Peer("PELICAN's ops", lambda ours: Pelican(channels, channels), wanted(15.0), agreement="maps"))
        peers.append(Peer("best by hand", lambda ours: TwoToTwo(channels, channels), wanted(BEST), agreement="maps"))
    return Case(
        f"S_n {sources}->{targets}, n = {n}, c = {channels}, batch {batch}",
        lambda: symc.linear(f"{tensor(sources)}*{channels} -> {tensor(targets)}*{channels}", groups={"P": "S(n)"}),
        lambda: (torch.randn(batch, *[n] * sources, channels),),
        peers,
        flops=2 * batch * channels**2 * sum(n**strands * count for strands, count in Shared(sources, targets, 1, 1).strands().items()),
    )


def tensor(legs: int) -> str:
    return "perm(P)" if legs == 1 else f"perm(P)^{legs}"


def loaded(layer: Diagrams, ours: nn.Module) -> nn.Module:
    """A layer by hand with our weights: diagrams are in the same order."""
    layer.weight = nn.Parameter(ours.get_parameter("weight").transpose(1, 2).detach().clone())
    layer.bias = nn.Parameter(ours.get_parameter("bias").detach().clone())
    return layer
