"""Bases in the coordinates of irreducibles: of every map its few small matrices, instead of all its entries."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import numpy as np

from symc.algebra.hom import Array, AtomBasis, Diagrams
from symc.passes.lower.dense import averaging
from symc.passes.solve.coordinates import Coordinates, Part

WORK = 10**9  # multiplications that bringing one basis into other coordinates may take
ENTRIES = 2**22  # numbers of a basis that is written out for it
EXACT = 1e-12  # what a map may lose, relative


def common(out: Coordinates, into: Coordinates) -> Iterator[tuple[Part, Part]]:
    """The irreducibles that both have, in the order of `out`."""
    sources = {part.irreducible: part for part in into.parts}
    return ((part, sources[part.irreducible]) for part in out.parts if part.irreducible in sources)


@lru_cache(maxsize=256)
def matrices(basis: AtomBasis, out: Coordinates, into: Coordinates) -> Array | None:
    """Shape (dim, sum of widths): for each map, the real matrices (width, width) of its irreducibles, row-major, one after another.

    None where it would take too much, or the maps are not those of the representations alone (a determinant among trivial legs).
    """
    d_out, d_in = len(out.matrix), len(into.matrix)
    if basis.is_complex or basis.dim * d_out * d_in > ENTRIES or basis.dim * d_out * d_in * (d_out + d_in) > WORK:
        return None
    stack = averaging(basis) if isinstance(basis, Diagrams) else basis.dense()
    turned = out.matrix.T @ stack.reshape(basis.dim, d_out, d_in) @ into.matrix
    rows, columns = _starts(out), _starts(into)
    left, found = turned.copy(), []
    for target, source in common(out, into):
        r, c = rows[target.irreducible], columns[source.irreducible]
        block = turned[:, r : r + target.dim, c : c + source.dim]
        mean = np.einsum("bsvsw->bvw", block.reshape(-1, target.size, target.width, source.size, source.width)) / target.size
        alike = np.einsum("st,bvw->bsvtw", np.eye(target.size), mean)  # the same for every coordinate
        left[:, r : r + target.dim, c : c + source.dim] -= alike.reshape(block.shape)
        found.append(mean.reshape(basis.dim, -1))
    if np.abs(left).max(initial=0.0) > EXACT * np.abs(stack).max(initial=0.0):
        return None
    return np.concatenate(found, axis=1) if found else np.zeros((basis.dim, 0))


def _starts(coordinates: Coordinates) -> dict[int, int]:
    starts, start = {}, 0
    for part in coordinates.parts:
        starts[part.irreducible] = start
        start += part.dim
    return starts


