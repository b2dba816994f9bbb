"""Ranks decided numerically, with the gap that decided them; what is not clear is no answer."""

from __future__ import annotations

import numpy as np

from symc.algebra.groups import Array

KEPT, DROPPED = 1e-4, 1e-12  # singular values above count; those below, times the largest, are zero
ZERO = 1e-9  # but never those above: where the largest are so large, nothing is clear
ROUNDING = float(np.finfo(float).eps)  # relative to the largest: zeros are not known better


def decide(values: Array) -> tuple[int, float] | None:
    """How many singular values are not zero, and the gap between them and the others; None where some are neither clearly zero nor clearly not.

    Generators given with eight digits leave values of 1e-8 where exact ones leave zeros: those are not clear. A group has a scale of its own, its
    identity, so that values are compared with 1; rounding grows with the largest.
    """
    values = np.sort(values)[::-1]
    kept = int((values > KEPT).sum())
    if not (values[kept:] < min(ZERO, DROPPED * max(1.0, float(values.max(initial=0.0))))).all():
        return None
    return split(values, len(values) - kept)


def split(values: Array, count: int) -> tuple[int, float]:
    """The same where it is known how many are zero."""
    values = np.sort(values)[::-1]
    kept = len(values) - count
    least = float(values[kept - 1]) if kept else float("inf")
    return kept, least / max(float(values[kept:].max(initial=0.0)), ROUNDING * float(values.max(initial=1.0)))


def null_rows(rows: Array, dim: int | None = None) -> tuple[Array, float] | None:
    """Orthonormal rows that span the null space of a matrix (conditions, unknowns), and the gap; None where it is not clear.

    dim: of the null space, where it is known.
    """
    unknowns = rows.shape[1]
    if not rows.size:
        return np.eye(unknowns), float("inf")
    if len(rows) > 4 * unknowns:  # random combinations of the conditions lose nothing
        mixed = np.random.RandomState(3).standard_normal((2 * unknowns + 16, len(rows))) / np.sqrt(2 * unknowns + 16)
        rows = mixed @ rows
    _, values, v = np.linalg.svd(rows)
    values = np.concatenate([values, np.zeros(max(0, unknowns - len(values)))])
    found = decide(values) if dim is None else split(values, dim)
    if found is None:
        return None
    kept, gap = found
    return v[kept:].conj(), gap
