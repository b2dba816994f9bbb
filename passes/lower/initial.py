"""Initial values: weights by the rule of the solver, which keeps the variance of a plain linear layer; biases as those of `nn.Linear`."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt

from symc.algebra.hom import Affine, Entry, Split
from symc.ir import tensor as t
from symc.passes.lower.gains import Gain
from symc.passes.solve.variance import initial_factors


def weight_initial(basis: Split | Affine, lead: tuple[int, ...], gains: Sequence[Gain] = ()) -> t.Initial:
    """For a parameter of shape (*lead, B, c_out, c_in), or flat where there are several entries; `gains` has one for each target, or none."""
    if isinstance(basis, Affine):  # directions are orthonormal in the weights of the linear maps
        pieces = [((*lead, system.dim), t.Normal(1 / sqrt(3 * max(1, len(system.origin))))) for system in basis.systems if system.dim]
        return pieces[0][1] if len(pieces) == 1 else t.Pieces(tuple(pieces), len(lead))
    rules = [
        t.Normal(initial.scale * (_gain(entry, gains[entry.target]) if gains else 1), initial.factor, len(lead))
        for entry, initial in zip(basis.entries, initial_factors(basis), strict=True)
    ]
    shapes = [(*lead, entry.basis.diagram_dim, entry.basis.target_channels, entry.basis.source_channels) for entry in basis.entries]
    return rules[0] if len(rules) == 1 else t.Pieces(tuple(zip(shapes, rules, strict=True)), len(lead))


def _gain(entry: Entry, gain: Gain) -> float:
    return gain.permuted if all(leg.permuted for leg in entry.target_summand.legs) else gain.moved


def bias_initial(weights: Split | Affine) -> t.Initial:
    """Independent, with the variance of a bias of `nn.Linear`, 1 / (3 fan_in)."""
    return t.Normal(1 / sqrt(3 * max(1, fan_in(weights.linear if isinstance(weights, Affine) else weights))))


def fan_in(basis: Split) -> int:
    """The number of channels of all source summands that any map comes from."""
    return sum({(entry.source, entry.source_summand.choice): entry.basis.source_channels for entry in basis.entries}.values())
