"""Lowering maps that commute with turning round: by Fourier transforms, in which each frequency goes its own way.

For a cyclic group that moves n coordinates round, a map is y[i] = sum over k of w[k] x[i + k], and for a product of such groups on as many axes
likewise along each: the transform of y is the conjugate of that of w, times that of x. It takes n log n operations instead of n^2.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from symc.algebra.hom import Factor, Kron, Orbits
from symc.passes.lower import pair
from symc.passes.lower.axes import Label, Labelled, contract
from symc.passes.lower.builder import Builder


def possible(kron: Kron) -> bool:
    """Are there groups, and is each cyclic, with one leg on either side that it moves round?"""
    return bool(kron.factors) and all(map(_cyclic, kron.factors))


def _cyclic(factor: Factor) -> bool:
    basis = factor.basis
    if not isinstance(basis, Orbits) or basis.sign is not None or len(factor.source_legs) != 1 or len(factor.target_legs) != 1:
        return False
    n = basis.dim
    steps = np.arange(n)
    return basis.label.shape == (n, n) and n > 1 and bool((basis.label == (steps - steps[:, None]) % n).all())


def apply(b: Builder, x: Labelled, theta: Labelled, kron: Kron) -> Iterator[pair.Part]:
    """The map of the weights `theta` applied to x, axes labelled ("each", j) and ("in", leg)."""
    groups = range(len(kron.factors))
    frequencies: list[Label] = [("strand", group) for group in groups]
    x = transformed(b, x.renamed({("in", factor.source_legs[0]): ("strand", group) for group, factor in enumerate(kron.factors)}), frequencies)
    for group, factor in enumerate(kron.factors):  # the transform of w[-k] is the conjugate
        axis = theta.labels.index(("basis", group))
        theta = Labelled(b.take(theta.value, axis, -np.arange(factor.basis.dim) % factor.basis.dim), theta.labels)
    w = transformed(b, theta.renamed({("basis", group): ("strand", group) for group in groups}), frequencies)
    each = sorted({label for label in (*x.labels, *w.labels) if label[0] == "each"})
    out = [label for label in w.labels if label[0] == "out"]
    y = contract(b, x, w, (*each, *out, *frequencies))
    sizes = [factor.basis.dim for factor in kron.factors]
    value = b.inverse_fourier(y.value, [y.labels.index(label) for label in frequencies], sizes)
    yield (), Labelled(value, y.labels).renamed({("strand", group): ("out", factor.target_legs[0]) for group, factor in enumerate(kron.factors)})


def transformed(b: Builder, x: Labelled, labels: Sequence[Label]) -> Labelled:
    return Labelled(b.fourier(x.value, [x.labels.index(label) for label in labels]), x.labels)
