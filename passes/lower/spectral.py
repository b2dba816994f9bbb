"""Bases in the coordinates of irreducibles: of every map its few small matrices, instead of all its entries."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import numpy as np
from numpy.random import RandomState

from symc.algebra.hom import Array, AtomBasis, Diagrams, OrbitList, Orbits
from symc.passes.lower.dense import averaging
from symc.passes.solve.coordinates import Coordinates, Part

WORK = 2 * 10**9  # multiplications that bringing one basis into other coordinates may take
ENTRIES = 2**24  # numbers of a basis that is written out for it, and of what it is multiplied by
EXACT = 1e-12  # what a map may lose, relative


def common(out: Coordinates, into: Coordinates) -> Iterator[tuple[Part, Part]]:
    """The irreducibles that both have, in the order of `out`."""
    sources = {part.irreducible: part for part in into.parts}
    return ((part, sources[part.irreducible]) for part in out.parts if part.irreducible in sources)


@lru_cache(maxsize=32)
def matrices(basis: AtomBasis, out: Coordinates, into: Coordinates) -> Array | None:
    """Shape (dim, sum of widths): for each map, the real matrices (width, width) of its irreducibles, row-major, one after another.

    None where it would take too much, or the maps are not those of the representations alone (a determinant among trivial legs).
    """
    d_out, d_in = len(out.matrix), len(into.matrix)
    labelled = isinstance(basis, Orbits)
    numbers = sum(target.width * source.width for target, source in common(out, into))
    work = d_out * d_in * (numbers if labelled else numbers * basis.dim)
    if basis.is_complex or isinstance(basis, OrbitList) or work > WORK or (not labelled and basis.dim * d_out * d_in > ENTRIES):
        return None
    rows, columns, found = _columns(out), _columns(into), []
    for target, source in common(out, into):
        if target.width * source.width * d_out * d_in > ENTRIES:
            return None
        both = np.tensordot(rows[target.irreducible], columns[source.irreducible], axes=(1, 1)) / target.size  # a mean over equal coordinates
        entries = both.transpose(1, 3, 0, 2).reshape(-1, d_out * d_in)
        found.append(_sums(basis, entries) if isinstance(basis, Orbits) else _stack(basis).reshape(basis.dim, -1) @ entries.T)
    result = np.concatenate(found, axis=1) if found else np.zeros((basis.dim, 0))
    return result if _all_there(basis, result, out, into) else None


def _stack(basis: AtomBasis) -> Array:
    return averaging(basis) if isinstance(basis, Diagrams) else basis.dense()


def _sums(basis: Orbits, entries: Array) -> Array:
    """Shape (dim, rows): of every row of numbers for all entries of a map the sums over the orbits."""
    label, sign = basis.label.ravel(), 1 if basis.sign is None else basis.sign.ravel()
    return np.stack([np.bincount(label + 1, row * sign, basis.dim + 1)[1:] for row in entries], axis=1)


def _all_there(basis: AtomBasis, result: Array, out: Coordinates, into: Coordinates) -> bool:
    """Is a random map the one that its small matrices make?"""
    weights = RandomState(0).standard_normal(basis.dim)
    dense = basis.combine(weights) if isinstance(basis, Orbits) else np.tensordot(weights, _stack(basis), axes=1)
    left = out.matrix.T @ dense.reshape(len(out.matrix), len(into.matrix)) @ into.matrix
    scale, values, start = np.abs(left).max(initial=0.0), weights @ result, 0
    rows, columns = _starts(out), _starts(into)
    for target, source in common(out, into):
        block = values[start : start + target.width * source.width].reshape(target.width, source.width)
        r, c = rows[target.irreducible], columns[source.irreducible]
        left[r : r + target.dim, c : c + source.dim] -= np.kron(np.eye(target.size), block)
        start += target.width * source.width
    return bool(np.abs(left).max(initial=0.0) <= EXACT * max(scale, 1e-300) * max(left.shape, default=1))


def _columns(coordinates: Coordinates) -> dict[int, Array]:
    """For each irreducible the columns that belong to it, shape (d, size, width)."""
    starts = _starts(coordinates)
    return {
        part.irreducible: coordinates.matrix[:, starts[part.irreducible] :][:, : part.dim].reshape(-1, part.size, part.width)
        for part in coordinates.parts
    }


def _starts(coordinates: Coordinates) -> dict[int, int]:
    starts, start = {}, 0
    for part in coordinates.parts:
        starts[part.irreducible] = start
        start += part.dim
    return starts


