"""Certificates: the residual of a basis under every generator, and exact ranks modulo a prime."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from symc.algebra import sizes as sz
from symc.algebra.actions import generators, matrix
from symc.algebra.hom import Array, Diagram, diagram_tensor
from symc.algebra.reps import Sign
from symc.algebra.summands import Leg

PRIME = 2**31 - 1  # the product of two residues still fits int64
CHECKED = 200_000  # entries of a stack of diagrams that are compared under the generators


def residual(stack: Array, source: tuple[Leg, ...], target: tuple[Leg, ...]) -> float:
    """max |rho_out(g) W - W rho_in(g)| over the generators g and all W of a stack (dim, target legs, source legs), relative to the largest terms.

    Leg by leg, so that no matrix larger than a leg is formed. Exactly 0.0 where everything is integer and commutes.
    """
    worst = 0.0
    size = float(np.abs(stack).max(initial=0.0))
    if size == 0.0:
        return worst
    for generator in generators(dict.fromkeys(group for leg in source + target for group in leg.groups)):
        out_matrices = [matrix(leg, generator) for leg in target]
        in_matrices = [matrix(leg, generator).T for leg in source]
        k = len(target) + 1
        if generator.lie:  # a derivation: one leg at a time, summed
            left, right = np.zeros_like(stack), np.zeros_like(stack)
            for axis, m in enumerate(out_matrices, 1):
                left += along(m, stack, axis)
            for axis, m in enumerate(in_matrices, k):
                right += along(m, stack, axis)
        else:
            left = right = stack
            for axis, m in enumerate(out_matrices, 1):
                left = along(m, left, axis)
            for axis, m in enumerate(in_matrices, k):
                right = along(m, right, axis)
        scale = max(size, float(np.abs(left).max()), float(np.abs(right).max()))
        worst = max(worst, float(np.abs(left - right).max()) / scale)
    return worst


def exact_residual(diagrams: tuple[Diagram, ...], n: sz.Size, source: tuple[Leg, ...], target: tuple[Leg, ...]) -> float:
    """The residual of diagrams, in integers, where n is a number and the stack is small; else 0.0, since diagrams commute by construction."""
    sources, targets = (sum(not isinstance(leg, Sign) for leg in legs) for legs in (source, target))
    if not isinstance(n, int) or len(diagrams) * n ** (sources + targets) > CHECKED:
        return 0.0
    stack = np.array([diagram_tensor(diagram, sources, targets, n) for diagram in diagrams])
    return residual(stack.reshape(len(diagrams), *(sz.number(leg.dim) for leg in target + source)), source, target)


def along(m: Array, x: Array, axis: int) -> Array:
    """The matrix applied along one axis."""
    return np.moveaxis(np.tensordot(m, x, axes=(1, axis)), 0, axis)


def rank_modulo(matrix_: NDArray[np.int64], prime: int = PRIME) -> int:
    """The rank of an integer matrix modulo a prime: never more than its rank over the rationals, so full rank is a proof of independence."""
    a = matrix_.astype(np.int64) % prime
    rank = 0
    for column in range(a.shape[1]):
        pivots = np.flatnonzero(a[rank:, column])
        if not len(pivots):
            continue
        pivot = rank + int(pivots[0])
        a[[rank, pivot]] = a[[pivot, rank]]
        a[rank] = a[rank] * pow(int(a[rank, column]), -1, prime) % prime
        below = a[rank + 1 :, column].copy()
        a[rank + 1 :] = (a[rank + 1 :] - below[:, None] * a[rank] % prime) % prime
        rank += 1
        if rank == a.shape[0]:
            break
    return rank
