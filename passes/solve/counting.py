"""The dimension of a space of maps, counted without the solver."""

from __future__ import annotations

import numpy as np

from symc.algebra import sizes as sz
from symc.algebra.actions import generators, matrix
from symc.algebra.counts import hom_dim
from symc.algebra.hom import Array
from symc.algebra.reps import Trivial
from symc.algebra.summands import Leg

SMALL = 256  # unknowns up to which the constraints are written out
KEPT, DROPPED = 1e-4, 1e-12  # singular values above count; those below, times the largest, are zero


def expected(source: tuple[Leg, ...], target: tuple[Leg, ...], *, by_constraints: bool = True) -> tuple[int | None, str | None]:
    """(dimension, how it was counted): by characters or a formula, else by the constraints themselves where they are few, else (None, None)."""
    found = hom_dim(*([leg for leg in legs if not isinstance(leg, Trivial)] for legs in (source, target)))
    if found is not None:
        return found
    if by_constraints and unknowns(source, target) <= SMALL:
        dim = nullity(constraints(source, target))
        if dim is not None:
            return dim, "nullity of the constraints by SVD"
    return None, None


def unknowns(source: tuple[Leg, ...], target: tuple[Leg, ...]) -> int:
    return sz.number(sz.product(leg.dim for leg in source + target))


def constraints(source: tuple[Leg, ...], target: tuple[Leg, ...]) -> Array:
    """Shape (generators * d_out * d_in, d_out * d_in): zero on exactly the equivariant W, flattened row-major."""
    groups = dict.fromkeys(group for leg in source + target for group in leg.groups)
    rows = []
    for generator in generators(groups):
        out, into = (_tensor(tuple(matrix(leg, generator) for leg in legs), generator.lie) for legs in (target, source))
        rows.append(np.kron(out, np.eye(len(into))) - np.kron(np.eye(len(out)), into.T))
    d = unknowns(source, target)
    return np.concatenate(rows) if rows else np.zeros((0, d))


def nullity(rows: Array) -> int | None:
    """The number of zero singular values of constraints; None where some are neither clearly zero nor clearly not.

    Generators given with eight digits leave values of 1e-8 where exact ones leave zeros: those are not clear. A group has a scale of its own, its
    identity, so that values are compared with 1; rounding grows with the largest.
    """
    d: int = rows.shape[1]
    if not rows.size:
        return d
    values = np.linalg.svd(rows, compute_uv=False)
    kept = int((values > KEPT).sum())
    return d - kept if (values[kept:] < DROPPED * max(1.0, values[0])).all() else None


def _tensor(matrices: tuple[Array, ...], lie: bool) -> Array:
    """The tensor product of matrices, or of derivations."""
    result: Array = np.zeros((1, 1)) if lie else np.ones((1, 1))
    for m in matrices:
        result = np.asarray(np.kron(result, np.eye(len(m))) + np.kron(np.eye(len(result)), m) if lie else np.kron(result, m))
    return result
