"""Bases against constraints that no solver wrote: what random elements of the group ask of a map."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from symc.algebra import sizes as sz
from symc.algebra.actions import matrix
from symc.algebra.elements import sample
from symc.algebra.hom import Array, Split
from symc.algebra.reps import Rep, Sum

ELEMENTS = 8  # random ones: all in one proper subgroup with probability 2^-8 at most
ZERO = 1e-9  # relative


def constraints_of_elements(source: Rep, target: Rep, elements: int = ELEMENTS) -> Array:
    """Shape (elements * d_out * d_in, d_out * d_in): rho_out(g) W - W rho_in(g) for random g, W flattened row-major, each g scaled to size 1."""
    rng = np.random.default_rng(11)
    rows = []
    for _ in range(elements):
        element = sample(dict.fromkeys(source.groups + target.groups), rng, spelled=True)
        out, into = matrix(target, element), matrix(source, element)
        rows.append((np.kron(out, np.eye(len(into))) - np.kron(np.eye(len(out)), into.T)) / max(np.abs(out).max(), np.abs(into).max()))
    return np.concatenate(rows)


def is_whole(basis: Split) -> Array:
    """The basis as rows, once it is shown to be equivariant under random elements, independent, and as large as their constraints allow."""
    source, target = Sum(basis.sources), Sum(basis.targets)
    rows = constraints_of_elements(source, target)
    flat = basis.dense().reshape(basis.dim, sz.number(source.dim) * sz.number(target.dim))
    values = np.linalg.svd(rows, compute_uv=False)
    assert basis.dim == rows.shape[1] - int((values > ZERO * max(1.0, values.max())).sum())
    assert np.linalg.matrix_rank(flat, tol=ZERO) == basis.dim if basis.dim else flat.size == 0
    assert np.abs(rows @ flat.T).max(initial=0.0) <= ZERO * max(1.0, np.abs(flat).max(initial=0.0))
    return flat


@pytest.fixture
def whole() -> Callable[[Split], Array]:
    return is_whole
