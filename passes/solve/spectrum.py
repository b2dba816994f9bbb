"""Isotypic pieces of two representations at once, from the spectra of generic elements of the group algebra."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from symc.algebra.groups import Group
from symc.algebra.hom import Array
from symc.passes.solve.unitary import Side

GAP = 1e-9  # relative to |A|: eigenvalues closer than this are one
CLEAR = 1e-3  # the least gap times the number of eigenvalues squared, for a generic element
SCALAR = 1e-8  # how far the corner of a second element may be from scalar
LINK = 1e-7  # blocks below this, relative, are zero

Ints = NDArray[np.intp]


class Unclear(Exception):
    """A draw of random elements that does not decide; the message says why."""


@dataclass(frozen=True, eq=False)
class Spectrum:
    """One irreducible in both sides. Frames (copies, d, k*m): the multiplicity space, copied along by the same elements in source and target.

    Units: the imaginary units of K as matrices (k*m, k*m), none for R, one for C, two for H; `kind` is k.
    """

    source: Array
    target: Array
    source_units: tuple[Array, ...]
    target_units: tuple[Array, ...]

    @property
    def kind(self) -> int:
        return (1, 2, 4)[len(self.source_units)]


def spectra(group: Group, into: Side, out: Side, elements: int, attempt: int) -> list[Spectrum]:
    """The irreducibles that occur in both sides. Raises Unclear where the draw leaves a doubt."""
    drawn = [[s.draw(group, seeds, weights) for s in (into, out)] for seeds, weights in _recipes(elements, attempt)]
    (a, a2), (b, b2) = ([[m + m.T for m in pair] for pair in drawn[:2]], drawn[2:])
    (values_in, e_in), (values_out, e_out) = (np.linalg.eigh(m) for m in a)
    clusters = _clusters(values_in, values_out)
    if not clusters:
        return []
    sides = [[e[:, c[side]] for c in clusters] for side, e in enumerate((e_in, e_out))]
    _check_scalar(a2, sides)
    return [_piece([[cs[i] for i in tree[0]] for cs in sides], tree[1], b, b2) for tree in _trees(_links(b[0], sides[0]))]


def _recipes(elements: int, attempt: int) -> list[tuple[list[int], Array]]:
    """Seeds of group elements and coefficients for A, A2, B, B2: fixed once, so that every solve makes the same choice."""
    rng = np.random.default_rng([20, attempt])
    return [(rng.integers(2**31, size=elements).tolist(), rng.standard_normal(elements + 1)) for _ in range(4)]


def _clusters(values_in: Array, values_out: Array) -> list[tuple[Ints, Ints]]:
    """Eigenvalues of both sides that are one, as (indices in source, indices in target); those of one side alone are dropped."""
    values = np.concatenate([values_in, values_out])
    norm = np.abs(values).max()
    order = np.argsort(values, kind="stable")
    gaps = np.diff(values[order])
    cuts = gaps > GAP * norm
    groups = np.split(order, np.flatnonzero(cuts) + 1)
    if len(groups) > 1 and gaps[cuts].min() * len(groups) ** 2 < CLEAR * norm:
        raise Unclear(f"two eigenvalues of a random element of the group algebra differ by only {gaps[cuts].min() / norm:.1e}")
    pairs = [(group[group < len(values_in)], group[group >= len(values_in)] - len(values_in)) for group in groups]
    return [(left, right) for left, right in pairs if len(left) and len(right)]


def _check_scalar(a2: list[Array], sides: list[list[Array]]) -> None:
    """A second self-adjoint element must be one and the same number on a cluster of source and target, else two irreducibles met by chance."""
    scale = max(map(_size, a2))
    for pair in zip(*sides, strict=True):
        corners = [e.T @ m @ e for e, m in zip(pair, a2, strict=True)]
        number = np.trace(corners[0]) / len(corners[0])
        if max(np.abs(corner - number * np.eye(len(corner))).max() for corner in corners) > SCALAR * scale:
            raise Unclear("an eigenspace of a random element of the group algebra is no multiplicity space")


def _links(b: Array, frames: list[Array]) -> Array:
    """Shape (clusters, clusters): root mean square singular value of the blocks of B, both ways."""
    e = np.concatenate(frames, axis=1)
    starts = np.cumsum([0, *(f.shape[1] for f in frames[:-1])])
    squares = np.add.reduceat(np.add.reduceat((e.T @ b @ e) ** 2, starts, axis=0), starts, axis=1)
    sizes = np.array([f.shape[1] for f in frames])
    squares /= np.minimum.outer(sizes, sizes)
    return np.sqrt((squares + squares.T) / 2)


def _trees(links: Array) -> list[tuple[list[int], list[int]]]:
    """Maximum spanning trees of the links: (clusters in order of joining, position of each one's parent in it). Prim's algorithm."""
    weights = links - np.diag(np.diag(links))
    left = np.ones(len(links), dtype=bool)
    trees = []
    while left.any():
        root = int(np.argmax(left))
        members, parents = [root], [0]
        left[root] = False
        best, by = weights[root].copy(), np.zeros(len(links), dtype=int)
        while left.any() and (best * left).max() > LINK * links.max():
            new = int(np.argmax(best * left))
            members.append(new)
            parents.append(int(by[new]))
            left[new] = False
            better = weights[new] > best
            best[better], by[better] = weights[new][better], len(members) - 1
        trees.append((members, parents))
    return trees


def _piece(sides: list[list[Array]], parents: list[int], b: list[Array], b2: list[Array]) -> Spectrum:
    """Frames of one irreducible, carried along the tree by the same blocks in source and target, and the units of its division algebra."""
    frames, units = [], []
    for cs, m, m2 in zip(sides, b, b2, strict=True):
        if len({c.shape[1] for c in cs}) > 1:
            raise Unclear("eigenspaces of one irreducible differ in dimension")
        carried = [cs[0]]
        for child, parent in zip(cs[1:], parents[1:], strict=True):
            u, _, v = np.linalg.svd(child.T @ (m @ carried[parent]))
            carried.append(child @ (u @ v))
        frames.append(np.stack(carried))
        units.append(_units(carried[0], m, m2))
    if len(units[0]) != len(units[1]):
        raise Unclear("an irreducible has different types in source and target")
    return Spectrum(frames[0], frames[1], units[0], units[1])


def _units(root: Array, b: Array, b2: Array) -> tuple[Array, ...]:
    """Imaginary units from the skew parts of corners: orthonormal combinations, the same in source and target since norms and products are."""
    scale = max(_size(b), _size(b2))
    corners = [root.T @ b @ root, root.T @ b2 @ root, root.T @ (b @ (b2 @ root)) / scale]
    found: list[Array] = []
    for corner in corners:
        skew = (corner - corner.T) / (2 * scale)
        for unit in found:
            skew = skew - unit * (np.sum(unit * skew) / len(skew))
        size = float(np.linalg.norm(skew) / np.sqrt(len(skew)))
        if size > LINK and len(found) < 2:
            found.append(skew / size)
    return tuple(found)


def _size(m: Array) -> float:
    """The root mean square singular value."""
    return float(np.linalg.norm(m) / np.sqrt(len(m)))
