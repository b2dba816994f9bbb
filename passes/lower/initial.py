"""Initial values of weights and biases."""

from __future__ import annotations

from math import sqrt

from symc.algebra.hom import Split
from symc.ir import tensor as t


def weight_initial(basis: Split, lead: tuple[int, ...]) -> t.Initial:
    scale = 1 / sqrt(3 * max(1, fan_in(basis)))
    kron = basis.entries[0].basis
    if len(basis.entries) == 1:
        return t.Normal(scale, None, len(lead))
    pieces = [((*lead, e.basis.diagram_dim, e.basis.target_channels, e.basis.source_channels), t.Normal(scale, None, len(lead))) for e in basis.entries]
    return t.Pieces(tuple(pieces), len(lead))


def bias_initial(basis: Split, weights: Split, lead: tuple[int, ...]) -> t.Initial:
    """Normal numbers with the standard deviation of the bias of `nn.Linear`, 1 / sqrt(3 fan_in)."""
    return t.Normal(1 / sqrt(3 * max(1, fan_in(weights))))


def fan_in(basis: Split) -> int:
    """The number of channels of all source summands that any map comes from."""
    return sum({(e.source, e.source_summand.choice): e.basis.source_channels for e in basis.entries}.values())
