"""Certificates: the residual of a basis under every generator."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from symc.algebra import groups as g
from symc.algebra import sizes as sz
from symc.algebra.actions import Generator, matrix, monomial, sufficient
from symc.algebra.groups import Group
from symc.algebra.hom import Array, Diagram, diagram_tensor
from symc.algebra.monomial import Monomial
from symc.algebra.reps import Sign, Trivial
from symc.algebra.summands import Leg

CHECKED = 60_000  # entries of stacks of diagrams that are compared under all generators together
LARGEST = 12  # n at which diagrams are compared: what one does is the same at every n


def residual(stack: Array, source: tuple[Leg, ...], target: tuple[Leg, ...]) -> float:
    """max |rho_out(g) W - W rho_in(g)| over generators g and all W of a stack (dim, target legs, source legs), relative to the largest terms.

    The generators are those that are sufficient, since O(200) has 19900 others. Leg by leg, and where a generator permutes coordinates by moving
    entries: no matrix is formed that is larger than a leg's that is dense. Exactly 0.0 where everything is integer and commutes.
    """
    worst = 0.0
    size = float(np.abs(stack).max(initial=0.0))
    if size == 0.0:
        return worst
    k = len(target) + 1
    if any(leg.is_complex for leg in source + target):
        stack = stack.astype(np.complex128)
    for generator in sufficient(dict.fromkeys(group for leg in source + target for group in leg.groups)):
        if generator.lie:
            left, right = derived(stack, generator, source, target)
        else:
            left = right = stack
            for axis, leg in enumerate(target, 1):
                left = _moved(leg, generator, left, axis)
            for axis, leg in enumerate(source, k):
                right = _moved_back(leg, generator, right, axis)
        scale = max(size, float(np.abs(left).max()), float(np.abs(right).max()))
        worst = max(worst, float(np.abs(left - right).max()) / scale)
    return worst


def derived(stack: Array, generator: Generator, source: tuple[Leg, ...], target: tuple[Leg, ...]) -> tuple[Array, Array]:
    """d rho_out(X) W and W d rho_in(X) for every W of a stack (dim, target legs, source legs): derivations, one leg at a time, summed.

    X is taken at size 1, where its largest entry is 1: how long a generator of a Lie algebra is says nothing about what it generates.
    """
    left, right = np.zeros_like(stack), np.zeros_like(stack)
    matrices = [matrix(leg, generator) for leg in target + source]
    size = max((float(np.abs(m).max(initial=0.0)) for m in matrices), default=0.0)
    for axis, m in enumerate(matrices, 1):
        if axis <= len(target):
            _add_along(left, m / (size or 1.0), stack, axis)
        else:
            _add_along(right, m.T / (size or 1.0), stack, axis)
    return left, right


def _add_along(total: Array, m: Array, x: Array, axis: int) -> None:
    """Adds the matrix applied along one axis of x, through its rows and columns that are not empty."""
    rows, columns = np.flatnonzero(m.any(axis=1)), np.flatnonzero(m.any(axis=0))
    if len(rows):
        np.moveaxis(total, axis, 0)[rows] += np.moveaxis(along(m[np.ix_(rows, columns)], np.take(x, columns, axis=axis), axis), axis, 0)


def exact_residual(
    diagrams: tuple[Diagram, ...], n: sz.Size, source: tuple[Leg, ...], target: tuple[Leg, ...], *, symplectic: bool = False
) -> float:
    """The residual of diagrams, in integers: 0.0 if they are what they are by construction.

    At n itself where that is small, else at a small n, at least 2, where a diagram is the same contraction; of a sample where there are many
    diagrams, and of none where a single one is large. Determinants exist at n alone.
    """
    if not diagrams:
        return 0.0
    sources, targets = (sum(not isinstance(leg, Sign) for leg in legs) for legs in (source, target))
    group = next((group for leg in source + target for group in leg.groups), g.Symmetric(1))
    step = 2 if symplectic else 1
    top = min(n, LARGEST) if isinstance(n, int) else LARGEST
    least = n if any(diagram.determinant for diagram in diagrams) else min(2, top)
    if not isinstance(least, int) or least > top or not top:
        return 0.0

    def cost(m: int) -> int:
        small = _of_size(group, m)
        return int((small.discrete + sz.number(small.lie)) * m ** (sources + targets))

    m = next((m for m in range(top - top % step, least, -step) if cost(m) * len(diagrams) <= CHECKED), least)
    if cost(m) > CHECKED:
        return 0.0
    few = diagrams[:: -(-len(diagrams) * cost(m) // CHECKED) or 1]
    small = _of_size(group, m)
    stack = np.array([diagram_tensor(diagram, sources, targets, m, symplectic=symplectic) for diagram in few])
    into, out = (tuple(_of_group(leg, group, small) for leg in legs) for legs in (source, target))
    return residual(stack.reshape(len(few), *(sz.number(leg.dim) for leg in out + into)), into, out)


def _of_size(group: Group, n: int) -> Group:
    """The group of the same family, of another size."""
    match group.definition:
        case g.Family() | g.Wreath() as family:
            return replace(family, n=n)
        case other:
            raise TypeError(f"{other} has no diagrams")


def _of_group(leg: Leg, group: Group, small: Group) -> Leg:
    return leg.mapped(lambda other: small if other == group else other, lambda size: size)


def _moved(leg: Leg, by: Generator, x: Array, axis: int) -> Array:
    """rho(g) along one axis."""
    if isinstance(leg, Trivial):
        return x
    move = monomial(leg, by)
    return along(matrix(leg, by), x, axis) if move is None else _taken(move.inverse(), x, axis)


def _moved_back(leg: Leg, by: Generator, x: Array, axis: int) -> Array:
    """The transpose of rho(g) along one axis: what W rho(g) is, entry by entry."""
    if isinstance(leg, Trivial):
        return x
    move = monomial(leg, by)
    return along(matrix(leg, by).T, x, axis) if move is None else _taken(move, x, axis)


def _taken(move: Monomial, x: Array, axis: int) -> Array:
    """Entry i from entry move.image[i], with its sign."""
    taken = np.take(x, move.image, axis=axis)
    return taken if move.is_permutation else taken * move.sign.reshape(-1, *[1] * (x.ndim - axis - 1))


def along(m: Array, x: Array, axis: int) -> Array:
    """The matrix applied along one axis."""
    return np.moveaxis(np.tensordot(m, x, axes=(1, axis)), 0, axis)
