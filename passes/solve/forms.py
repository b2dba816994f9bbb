"""The quadratic form K of one group, for initial weights: K[k, l] = <D_k, D_l T>, T the sum of E E^T over an orthonormal basis E of the maps b -> a.

D are the basis maps a -> t as modules use them: diagrams divided by n to `Diagram.summed`.
"""

from __future__ import annotations

from functools import lru_cache
from math import prod

import numpy as np

from symc.algebra.canonical import orthonormal
from symc.algebra.groups import Group
from symc.algebra.hom import Array, AtomBasis, Diagrams, Orbits, diagram_tensor
from symc.algebra.hom.basis import numbers
from symc.algebra.summands import Leg
from symc.passes.solve import gluing
from symc.passes.solve.counting import expected
from symc.passes.solve.errors import SolveError
from symc.passes.solve.legs import solve_atom

Legs = tuple[Leg, ...]
MOST = 1500  # basis maps for which K is formed
FLOPS = 10**9  # multiplications of dense matrices
STEPS = 3 * 10**7  # entries visited one by one
PAIRS = 10**5  # pairs of diagrams
LARGEST = 1000  # n beyond which nothing changes but rounding


@lru_cache(maxsize=512)
def form(group: Group, a: Legs, t: Legs, b: Legs, limit: int) -> Array | None:
    """Shape (dim, dim), dim that of the maps a -> t; None where it would cost too much."""
    if any((expected(*pair, by_constraints=False)[0] or 0) > MOST for pair in ((a, t), (b, a))):
        return None
    try:
        to, onto = solve_atom(group, a, t, limit), solve_atom(group, b, a, limit)
    except SolveError:
        return None
    if to.dim > MOST or onto.dim > MOST:
        return None
    if not onto.dim:
        return np.zeros((to.dim, to.dim))
    if isinstance(to, Diagrams) and isinstance(onto, Diagrams) and not any(d.determinant for d in to.diagrams + onto.diagrams):
        return _glued(to, onto)
    if isinstance(to, Orbits) and isinstance(onto, Orbits):
        return _shared(to, onto)
    return _dense(to, onto)


def energy(basis: AtomBasis) -> float:
    """The sum of the squared Frobenius norms of the basis maps as modules use them."""
    match basis:
        case Diagrams():
            return sum(_energy(d.blocks, d.summed(basis.sources), len(d.determinant), point(basis)) for d in basis.diagrams)
        case Orbits():
            return float((basis.label >= 0).sum())
        case _:
            return float(basis.dim)


def out_dim(basis: AtomBasis) -> int:
    """The dimension of the target, at the n that stands for all where n is free."""
    match basis:
        case Diagrams():
            return int(point(basis) ** basis.targets)
        case Orbits():
            return int(np.prod(basis.target_shape, dtype=object))
        case _:
            return prod(numbers(basis.target_shape))


def point(*bases: Diagrams) -> int:
    """The n at which diagrams are compared: its value, else a moderate one for which all diagrams are independent."""
    n = bases[0].n
    return min(n, LARGEST) if isinstance(n, int) else max(8, *(basis.sources + basis.targets for basis in bases))


def _energy(blocks: tuple[tuple[int, ...], ...], summed: int, determinant: int, n: int) -> float:
    return float(n) ** (len(blocks) - 2 * summed) * float(np.prod(np.arange(1, determinant + 1), dtype=np.float64))


def _glued(to: Diagrams, onto: Diagrams) -> Array | None:
    """By composing diagrams, without forming any matrix."""
    n, legs = point(to, onto), to.sources + to.targets
    if onto.dim**2 > PAIRS:
        return None
    t, weights = _onto_itself(onto, n)
    if to.dim * max(len(t), to.dim) > PAIRS:
        return None
    d = gluing.together(to.diagrams, legs)
    products, powers = gluing.compose(d, t, to.sources, n)
    rows = np.repeat(np.arange(to.dim), len(t))
    kinds, where = gluing.distinct(products)
    coefficients = np.zeros((to.dim, len(kinds)))
    np.add.at(coefficients, (rows, where), powers * np.tile(weights, to.dim))
    means = float(n) ** -np.array([diagram.summed(to.sources) for diagram in to.diagrams])
    return _symmetric(gluing.inner(d, kinds, n) @ coefficients.T * np.outer(means, means))


@lru_cache(maxsize=128)
def _onto_itself(onto: Diagrams, n: int) -> tuple[gluing.Together, Array]:
    """T as a combination of diagrams."""
    e = gluing.together(onto.diagrams, onto.sources + onto.targets)
    family, powers = gluing.compose(e, gluing.transpose(e, onto.sources), onto.sources, n)
    return gluing.collect(family, _inverse(gluing.inner(e, e, n)).ravel() * powers)


def _shared(to: Orbits, onto: Orbits) -> Array | None:
    """By visiting entries: T[i, i'] collects columns where both rows have one label, K rows of `to` paired through T."""
    d_t, d_a = to.label.shape
    if d_a * d_a * (d_t + onto.label.shape[1]) > STEPS:
        return None
    size = np.bincount(onto.label[onto.label >= 0], minlength=onto.dim).astype(np.float64)
    to_signs, onto_signs = _signs(to), _signs(onto)
    t = np.zeros((d_a, d_a))
    for column in range(onto.label.shape[1]):
        live = np.flatnonzero(onto.label[:, column] >= 0)
        chosen, signs = onto.label[live, column], onto_signs[live, column]
        t[np.ix_(live, live)] += (chosen[:, None] == chosen) * np.outer(signs / size[chosen], signs)
    k = np.zeros((to.dim, to.dim))
    for row in range(d_t):
        live = np.flatnonzero(to.label[row] >= 0)
        chosen, signs = to.label[row, live], to_signs[row, live]
        np.add.at(k, (chosen[:, None], chosen), t[np.ix_(live, live)] * np.multiply.outer(signs, signs))
    return _symmetric(k)


def _signs(basis: Orbits) -> Array:
    return np.broadcast_to(1.0, basis.label.shape) if basis.sign is None else basis.sign.astype(np.float64)


def _dense(to: AtomBasis, onto: AtomBasis) -> Array | None:
    """By matrices."""
    n = point(*(basis for basis in (to, onto) if isinstance(basis, Diagrams))) if isinstance(to, Diagrams) or isinstance(onto, Diagrams) else 0
    (d_t, d_a), (_, d_b) = _shape(to, n), _shape(onto, n)
    if onto.dim * d_a * d_b * (d_a + onto.dim) + to.dim * d_t * d_a * (d_a + to.dim) > FLOPS:
        return None
    e = orthonormal(matrices(onto, n).reshape(onto.dim, -1)).reshape(onto.dim, d_a, d_b).transpose(1, 0, 2).reshape(d_a, -1)
    d = matrices(to, n)
    return _symmetric(d.reshape(to.dim, -1) @ (d @ (e @ e.T)).reshape(to.dim, -1).T)


def matrices(basis: AtomBasis, n: int) -> Array:
    """Shape (dim, d_out, d_in): the basis maps as modules use them; n is taken for the size of diagrams."""
    if not isinstance(basis, Diagrams):
        return basis.dense().reshape(basis.dim, *_shape(basis, n))
    result = np.zeros((basis.dim, *_shape(basis, n)))
    for row, diagram in zip(result, basis.diagrams, strict=True):
        row[:] = diagram_tensor(diagram, basis.sources, basis.targets, n).reshape(row.shape) / float(n) ** diagram.summed(basis.sources)
    return result


def _shape(basis: AtomBasis, n: int) -> tuple[int, int]:
    match basis:
        case Diagrams():
            return n**basis.targets, n**basis.sources
        case Orbits():
            rows, columns = basis.label.shape
            return rows, columns
        case _:
            return prod(numbers(basis.target_shape)), prod(numbers(basis.source_shape))


def _inverse(gram: Array) -> Array:
    """Of a positive definite matrix, scaled to unit diagonal first."""
    scale = 1 / np.sqrt(np.diag(gram))
    return np.asarray(np.linalg.inv(gram * np.outer(scale, scale)) * np.outer(scale, scale))


def _symmetric(k: Array) -> Array:
    return (k + k.T) / 2
