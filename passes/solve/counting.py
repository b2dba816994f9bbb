"""The dimension of a space of maps, counted without the solver."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from symc.algebra.actions import matrix, sufficient
from symc.algebra.counting.counts import hom_dim
from symc.algebra.counting.modular import nullity as modular_nullity
from symc.algebra.hom import Array
from symc.algebra.reps import Trivial
from symc.algebra.summands import Leg, dimension
from symc.passes.solve.rank import decide

SMALL = 256  # unknowns up to which the constraints are written out in floating point
DUST = 1e-14  # what rounding leaves of terms that cancel, relative to these
WORK = 5e9  # operations of an exact elimination: about a second


def expected(
    source: tuple[Leg, ...], target: tuple[Leg, ...], *, by_constraints: bool = True, work: float = WORK
) -> tuple[int | None, str | None]:
    """(dimension, how it was counted): by characters or a formula, else by the constraints themselves where they are few, else (None, None)."""
    found = hom_dim(*([leg for leg in legs if not isinstance(leg, Trivial)] for legs in (source, target)))
    if found is not None or any(leg.free for leg in source + target):
        return found or (None, None)
    exact = modular_nullity(source, target, work)
    if exact is not None:
        return exact, "nullity of the constraints modulo a prime"
    if by_constraints and dimension(source + target) <= SMALL:
        dim = nullity(constraints(source, target))
        if dim is not None:
            return dim, "nullity of the constraints by SVD"
    return None, None


def constraints(source: tuple[Leg, ...], target: tuple[Leg, ...]) -> Array:
    """Shape (generators * d_out * d_in, d_out * d_in): zero on exactly the equivariant W, flattened row-major.

    Generators of Lie algebras are made of one size: they say the same, however long they are.
    """
    rows = []
    for (out, into), sizes in acting(source, target):
        row = np.kron(out, np.eye(len(into))) - np.kron(np.eye(len(out)), into.T)
        row[np.abs(row) <= DUST * (np.kron(sizes[0], np.eye(len(into))) + np.kron(np.eye(len(out)), sizes[1].T))] = 0.0
        rows.append(row)
    d = dimension(source + target)
    return np.concatenate(rows) if rows else np.zeros((0, d))


def acting(source: tuple[Leg, ...], target: tuple[Leg, ...]) -> Iterator[tuple[tuple[Array, Array], tuple[Array, Array]]]:
    """What generators enough do to target and source, and how large the terms are that each entry is a sum of."""
    for generator in sufficient(dict.fromkeys(group for leg in source + target for group in leg.groups)):
        own = [[matrix(leg, generator) for leg in legs] for legs in (target, source)]
        if generator.lie and (size := max((float(np.abs(m).max()) for m in (*own[0], *own[1])), default=0.0)):
            own = [[m / size for m in matrices] for matrices in own]
        whole = [_tensor(matrices, generator.lie) for matrices in own]
        sizes = [_tensor([np.abs(m) for m in matrices], generator.lie) for matrices in own]
        yield (whole[0], whole[1]), (sizes[0], sizes[1])


def nullity(rows: Array) -> int | None:
    """The number of zero singular values of constraints; None where some are neither clearly zero nor clearly not."""
    if not rows.size:
        return int(rows.shape[1])
    found = decide(np.linalg.svd(rows, compute_uv=False))
    return None if found is None else int(rows.shape[1]) - found[0]


def _tensor(matrices: list[Array], lie: bool) -> Array:
    """The tensor product of matrices, or of derivations."""
    result: Array = np.zeros((1, 1)) if lie else np.ones((1, 1))
    for m in matrices:
        result = np.asarray(np.kron(result, np.eye(len(m))) + np.kron(np.eye(len(result)), m) if lie else np.kron(result, m))
    return result
