"""Initial weights that keep the variance of a plain linear layer on every isotypic part.

In isotypic coordinates a map is a sum of phi (x) 1 over irreducibles, and its entries phi should be independent with variance 1/(3 m), m the
multiplicity of the irreducible in the whole input: then inputs of variance 1 give outputs of variance 1/3, as nn.Linear does. So free weights
theta are normal with covariance K^-1 / 3, K(W1, W2) = sum m <phi1, phi2> = <W1, W2 T>, where T on a summand V_a of the input is the sum of E E^T over
orthonormal bases of the maps into V_a from all summands V_b, c_b of each. K is a sum over b of tensor products over the groups, so only small
matrices meet. Weights belong to diagrams divided by n to `Diagram.summed`; with n free, n = max(8, legs) stands for all n.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import prod

import numpy as np

from symc.algebra import sizes as sz
from symc.algebra.hom import Array, Entry, Split
from symc.algebra.reps import Trivial
from symc.algebra.summands import Leg, summands
from symc.passes.solve import forms
from symc.passes.solve.limits import memory_limit
from symc.passes.solve.normal import normal_form

FORMS = 1500  # pairs of an entry and a summand of the input whose forms are computed; each may take milliseconds

Legs = tuple[Leg, ...]
Inputs = tuple[tuple[Legs, int], ...]  # the summands of the input without their trivial legs, and how many channels each has


@dataclass(frozen=True, eq=False)
class Initial:
    """Weights of one entry of a `Split`: scale * factor @ z, z standard normal of shape (diagram_dim, target channels * source channels).

    factor: (diagram_dim, diagram_dim), or None for the identity.
    """

    factor: Array | None
    scale: float


def initial_factors(split: Split) -> tuple[Initial, ...]:
    """How the weights of every entry are to be drawn, in the order of the entries.

    Where K would cost too much, all weights of the entry have the one variance with which the coordinates of an output have variance 1/3 on average.
    """
    inputs: dict[Legs, int] = {}
    for source in split.sources:
        for summand in summands(source):
            legs, channels = _moved(summand.legs), prod(sz.number(leg.dim) for leg in summand.legs if isinstance(leg, Trivial))
            inputs[legs] = inputs.get(legs, 0) + channels
    limit = memory_limit()
    if len(split.entries) * len(inputs) > FORMS:
        return tuple(Initial(None, _mean_scale(entry, split)) for entry in split.entries)
    return tuple(
        _isotypic(_moved(entry.basis.source), _moved(entry.basis.target), tuple(inputs.items()), limit) or Initial(None, _mean_scale(entry, split))
        for entry in split.entries
    )


@lru_cache(maxsize=512)
def _isotypic(a: Legs, t: Legs, inputs: Inputs, limit: int) -> Initial | None:
    """The factor from K of the maps a -> t; None where K costs too much or is singular to rounding."""
    k = _quadratic(a, t, inputs, limit)
    if k is None:
        return None
    if np.iscomplexobj(k):  # real factors draw the real and the imaginary parts of the weights
        if np.abs(k.imag).max() > 1e-9 * np.abs(k).max():
            return None
        k = k.real
    mean = float(np.trace(k) / len(k))
    if not np.isfinite(k).all() or mean <= 0:
        return None
    if np.abs(k - mean * np.eye(len(k))).max() <= 1e-9 * mean:
        return Initial(None, (3 * mean) ** -0.5)
    try:
        return Initial(np.asarray(np.linalg.inv(np.linalg.cholesky(k)).T), 3**-0.5)
    except np.linalg.LinAlgError:
        return None


def _quadratic(a: Legs, t: Legs, inputs: Inputs, limit: int) -> Array | None:
    """K, shape (diagram_dim, diagram_dim): a sum over the summands b of the input of tensor products over groups.

    The dearest comes first, so that what costs too much is found out before anything is computed.
    """
    total: Array | None = None
    for b, channels in sorted(inputs, key=lambda item: len(item[0]), reverse=True):
        part: Array = np.full((1, 1), float(channels))
        for group in dict.fromkeys(group for leg in a + t + b for group in leg.groups):  # those of b alone come last, and are 1 x 1
            own = [tuple(leg for leg in legs if leg.groups == (group,)) for legs in (a, t, b)]
            form = forms.form(group, own[0], own[1], own[2], limit)
            if form is None or len(part) * len(form) > forms.MOST:
                return None
            part = np.asarray(np.kron(part, form))
        total = part if total is None else total + part
    return total


def _mean_scale(entry: Entry, split: Split) -> float:
    """The standard deviation that, shared by all weights into a target summand, gives its coordinates variance 1/3 on average."""
    into = [e.basis for e in split.entries if e.target == entry.target and e.target_summand == entry.target_summand]
    energy = sum(kron.source_channels * prod(forms.energy(factor.basis) for factor in kron.factors) for kron in into)
    out = prod(forms.out_dim(factor.basis) for factor in entry.basis.factors)
    return float((out / (3 * energy)) ** 0.5)


def unit_scales(split: Split) -> tuple[float, ...]:
    """For every entry what weights of variance 1 are multiplied by, so that inputs of variance 1 give outputs of variance 1 on average."""
    return tuple(3**0.5 * _mean_scale(entry, split) for entry in split.entries)


def _moved(legs: Legs) -> Legs:
    return tuple(normal_form(leg) for leg in legs if not isinstance(leg, Trivial))
