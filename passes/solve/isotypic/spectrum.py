"""One representation taken apart: eigenspaces of a generic self-adjoint element, and how they belong together.

On an irreducible over its division algebra K (R, C or H) a generic self-adjoint A has distinct eigenvalues, and an eigenspace on the whole is K^m, m
the multiplicity. Blocks of another element B between eigenspaces tell which belong to one irreducible, and carry one onto another; the skew parts of
its diagonal blocks are the imaginary units of K. Over C there are none to be found.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from symc.algebra.groups import Array, Ints

GAP = 1e-9  # relative to |A|: eigenvalues closer than this are one
CLEAR = 1e-3  # the least gap times the number of eigenvalues squared, for a generic element
SCALAR = 1e-8  # how far the corner of a second element may be from scalar
LINK = 1e-7  # blocks below this, relative, are zero
TIE = 1e-7  # relative difference of squared norms below which two coordinates are equally good as pivots, and the first is taken


class Unclear(Exception):
    """A draw of random elements that does not decide; the message says why."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """How to walk from one eigenspace of an irreducible to all others, fixed where it is first met: eigenvalues in the order of joining, the root
    first, and the position of each one's parent; and from which corners of B, B2 and B B2 the imaginary units come."""

    values: tuple[float, ...]
    parents: tuple[int, ...]
    units: tuple[int, ...]

    @property
    def kind(self) -> int:
        """The dimension of K over the field."""
        return (1, 2, 4)[len(self.units)]


def components(a: Array, a2: Array, b: Array) -> list[tuple[Array, list[Array]]]:
    """The eigenvalues and eigenspaces (d, k*m) of every isotypic component. Raises Unclear."""
    values, vectors = np.linalg.eigh(a)
    clusters = _clusters(values)
    spaces = [vectors[:, cluster] for cluster in clusters]
    scale = size(a2)
    for space in spaces:
        corner = space.conj().T @ (a2 @ space)
        if np.abs(corner - corner[0, 0] * np.eye(len(corner))).max() > SCALAR * scale:
            raise Unclear("an eigenspace of a random element of the group algebra is no multiplicity space")
    means = np.array([values[cluster].mean() for cluster in clusters])
    result = []
    for members in _connected(_links(b, spaces)):
        own = [spaces[i] for i in members]
        if len({space.shape[1] for space in own}) > 1:
            raise Unclear("eigenspaces of one irreducible differ in dimension")
        result.append((means[members], own))
    return result


def _clusters(values: Array) -> list[Ints]:
    """Eigenvalues that are one, as lists of indices."""
    norm = max(float(np.abs(values).max(initial=0.0)), 1e-300)
    gaps = np.diff(values)
    cuts = gaps > GAP * norm
    groups = np.split(np.arange(len(values)), np.flatnonzero(cuts) + 1)
    if len(groups) > 1 and gaps[cuts].min() * len(groups) ** 2 < CLEAR * norm:
        raise Unclear(f"two eigenvalues of a random element of the group algebra differ by only {gaps[cuts].min() / norm:.1e}")
    return groups


def _links(b: Array, spaces: list[Array]) -> Array:
    """Shape (clusters, clusters): root mean square singular value of the blocks of B, both ways."""
    e = np.concatenate(spaces, axis=1)
    starts = np.cumsum([0, *(space.shape[1] for space in spaces[:-1])])
    squares = np.add.reduceat(np.add.reduceat(np.abs(e.conj().T @ b @ e) ** 2, starts, axis=0), starts, axis=1)
    sizes = np.array([space.shape[1] for space in spaces])
    squares /= np.minimum.outer(sizes, sizes)
    return np.asarray(np.sqrt((squares + squares.T) / 2))


def _connected(links: Array) -> list[list[int]]:
    """The components of the graph of links that are not zero, each in ascending order."""
    linked = (links > LINK * links.max()) | np.eye(len(links), dtype=bool)
    left, result = np.ones(len(links), dtype=bool), []
    while left.any():
        members = linked[int(np.argmax(left))]
        while (wider := linked[members].any(axis=0)).sum() > members.sum():
            members = wider
        result.append(np.flatnonzero(members).tolist())
        left &= ~members
    return result


def recipe(values: Array, spaces: list[Array], b: Array, b2: Array) -> Recipe:
    """How to walk through an irreducible that is met for the first time: along a maximum spanning tree of the links (Prim's algorithm)."""
    links = _links(b, spaces)
    np.fill_diagonal(links, 0.0)
    members, parents = [0], [0]
    best, by = links[0].copy(), np.zeros(len(links), dtype=int)
    best[0] = -1.0
    while len(members) < len(links):
        new = int(np.argmax(best))
        members.append(new)
        parents.append(int(by[new]))
        better = links[new] > best
        better[members] = False
        best[better], by[better] = links[new][better], len(members) - 1
        best[new] = -1.0
    units = () if np.iscomplexobj(spaces[0]) else _which_units(spaces[0], b, b2)
    return Recipe(tuple(float(values[i]) for i in members), tuple(parents), units)


def _skew_corners(root: Array, b: Array, b2: Array) -> list[Array]:
    """Skew parts of the corners of B, B2 and B B2, relative to their size."""
    scale = max(size(b), size(b2))
    corners = [root.T @ (b @ root), root.T @ (b2 @ root), root.T @ (b @ (b2 @ root)) / scale]
    return [(corner - corner.T) / (2 * scale) for corner in corners]


def _which_units(root: Array, b: Array, b2: Array) -> tuple[int, ...]:
    """The corners that give independent imaginary units: none for R, one for C, two for H."""
    found: list[Array] = []
    chosen: list[int] = []
    for index, skew in enumerate(_skew_corners(root, b, b2)):
        for unit in found:
            skew = skew - unit * (np.sum(unit * skew) / len(skew))
        length = float(np.linalg.norm(skew) / np.sqrt(len(skew)))
        if length > LINK and len(found) < 2:
            found.append(skew / length)
            chosen.append(index)
    return tuple(chosen)


def units_of(way: Recipe, root: Array, b: Array, b2: Array) -> list[Array]:
    """The imaginary units on a root eigenspace, as matrices (k*m, k*m), in its given basis."""
    skews = _skew_corners(root, b, b2) if way.units else []
    found: list[Array] = []
    for index in way.units:
        skew = skews[index]
        for unit in found:
            skew = skew - unit * (np.sum(unit * skew) / len(skew))
        found.append(skew / (np.linalg.norm(skew) / np.sqrt(len(skew))))
    return [*found, found[0] @ found[1]] if len(found) == 2 else found


def frames(way: Recipe, spaces: list[Array], b: Array, b2: Array) -> Array:
    """Shape (d, size, m): the copies of an irreducible; its coordinates are (eigenspaces in the order of the recipe, units of K).

    The root eigenspace gets a canonical basis over K; its multiples by units, carried along the tree by blocks of B, are the others.
    """
    kind, root = way.kind, spaces[0]
    d, width = root.shape
    if width % kind:
        raise Unclear(f"an eigenspace of dimension {width} is no space over the {('reals', 'complex numbers', '', 'quaternions')[kind - 1]}")
    first = canonical_frame(root, units_of(way, root, b, b2))  # (d, kind, m)
    carried = [first.reshape(d, width)]
    for space, parent in zip(spaces[1:], way.parents[1:], strict=True):
        block = space.conj().T @ (b @ carried[parent])
        carried.append(space @ _nearest_isometry(block))
    return np.ascontiguousarray(np.stack(carried, axis=1).reshape(d, len(spaces) * kind, width // kind))


def canonical_frame(space: Array, units: list[Array]) -> Array:
    """Shape (d, kind, m): an orthonormal basis over K of a space that depends on the space alone, and its multiples by the units.

    Greedy: again and again the unit vector of coordinates that lies closest to what is left of the space is projected on it; ties go to the lowest
    index. In its pivot a basis vector is positive.
    """
    d, width = space.shape
    kind = 1 + len(units)
    result = np.zeros((d, kind, width // kind), dtype=space.dtype)
    left = np.sum(np.abs(space) ** 2, axis=1)
    taken = np.zeros((width, 0), dtype=space.dtype)
    for index in range(width // kind):
        pivot = int(np.argmax(left >= left.max() * (1 - TIE)))
        vector = space[pivot].conj()
        for _ in range(2):  # twice is enough
            vector = vector - taken @ (taken.conj().T @ vector)
        vector = vector / np.linalg.norm(vector)
        multiples = np.stack([vector, *(unit @ vector for unit in units)], axis=1)
        taken = np.concatenate([taken, multiples], axis=1)
        columns = space @ multiples
        left = left - np.sum(np.abs(columns) ** 2, axis=1)
        left[pivot] = 0.0
        result[:, :, index] = columns
    return result


def _nearest_isometry(block: Array) -> Array:
    """A multiple of an isometry, up to rounding, made one: scaled, then two Newton-Schulz steps."""
    x = block * (np.sqrt(len(block)) / np.linalg.norm(block))
    for _ in range(2):
        x = x @ (3 * np.eye(len(x)) - x.conj().T @ x) / 2
    return np.asarray(x)


def size(m: Array) -> float:
    """The root mean square singular value."""
    return max(float(np.linalg.norm(m) / np.sqrt(max(len(m), 1))), 1e-300)
