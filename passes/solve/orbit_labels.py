"""Which entries of a matrix share a weight where pairs of signed permutations move its rows and its columns.

Rows are taken from one root row an orbit of rows along a tree, so that every entry is some signed entry of a root row; root entries are united by
what stabilisers do, first from a few rows, then until every generator agrees exactly. Where there are many generators, the tree and the first unions
are made with a few random subproducts of them (Babai, Luks, Seress 1988). An orbit that meets its own negative is zero.

A node is a root entry, and where signs occur 2 * (root entry) + (1 for minus). Entries are gone through in pieces, so little is held besides them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from symc.algebra.monomial import Monomial

Ints: TypeAlias = NDArray[np.intp]
Nodes: TypeAlias = NDArray[np.signedinteger]
Move: TypeAlias = tuple[Monomial, Monomial]  # of rows and columns

SAMPLED = 12  # rows an orbit whose stabiliser loops are united before everything is checked
MANY = 512  # rows from which on powers of the generators shorten the tree
FEW = 8  # generators up to which all of them make the tree, and random elements that make it for more
CHUNK = 2**20  # entries that are handled together


def orbit_labels(moves: list[Move], rows: int, columns: int) -> tuple[NDArray[np.int32], NDArray[np.int8]]:
    """Labels and signs of the entries of a (rows, columns) matrix under (row move, column move) pairs.

    Orbits are numbered by their first entry in row-major order, which has sign +1; -1 labels the entries that must be zero. Where no sign occurs, the
    signs are a single 1.
    """
    if rows == 0 or columns == 0:
        return np.zeros((rows, columns), np.int32), np.ones((rows, columns), np.int8)
    signed = any(not m.is_permutation for move in moves for m in move)
    few = _with_powers(moves, rows) if len(moves) <= FEW else _subproducts(moves, rows)
    nodes, roots = _propagate(few, rows, columns, signed)
    parent = np.arange((1 + signed) * len(roots) * columns, dtype=nodes.dtype)
    sample = _sample(nodes, roots, columns, signed)
    for move in few if len(moves) > FEW else moves:
        for x, y in _pairs(nodes, move, sample, np.arange(columns), signed):
            parent = _unite(parent, x, y, signed)
    changed = True
    while changed:
        changed = False
        _replace(nodes, parent)
        for move in moves:
            for x, y in _all_pairs(nodes, move, signed):
                apart = parent[x] != parent[y]
                if apart.any():
                    changed = True
                    parent = _unite(parent, *_distinct(x[apart], y[apart]), signed)
    return _number(nodes, parent, signed)


def _with_powers(moves: list[Move], rows: int) -> list[Move]:
    """The moves, and for many rows their 2nd, 4th, 8th, ... powers: a ring of n rows is reached in log n steps instead of n."""
    result = list(moves)
    power = moves if rows > MANY else []
    for _ in range(rows.bit_length() if power else 0):
        power = [(out @ out, into @ into) for out, into in power]
        result += power
    return result


def _subproducts(moves: list[Move], rows: int) -> list[Move]:
    """Some random elements, and the generators without which they have smaller orbits of rows."""
    random = np.random.RandomState(0)
    found = [moves[0]] * FEW
    for index in random.permutation(len(moves)):
        for place in np.flatnonzero(random.random(FEW) < 0.5):
            found[place] = _after(moves[index], found[place])
    found = [_after(one, other) for one, other in zip(found, found[1:] + found[:1], strict=True)] + found
    label = np.arange(rows)
    for out, _ in found:
        label = _unite(label, np.arange(rows), out.image)
    for out, into in moves:
        if (label[out.image] != label).any():
            label = _unite(label, np.arange(rows), out.image)
            found.append((out, into))
    return found


def _after(left: Move, right: Move) -> Move:
    return left[0] @ right[0], left[1] @ right[1]


def _propagate(moves: list[Move], rows: int, columns: int, signed: bool) -> tuple[Nodes, Ints]:
    """The node of every entry, along one breadth-first tree an orbit of rows; and the root rows."""
    orbit = np.arange(rows)
    for out, _ in moves:
        orbit = _unite(orbit, np.arange(rows), out.image)
    roots = np.flatnonzero(orbit == np.arange(rows))
    dtype = np.int32 if 2 * len(roots) * columns < 2**31 else np.int64
    nodes = np.empty((rows, columns), dtype)
    nodes[roots] = (1 + signed) * np.arange(len(roots) * columns, dtype=dtype).reshape(len(roots), columns)
    seen = np.zeros(rows, dtype=bool)
    seen[roots] = True
    inverses = [into.inverse() for _, into in moves]
    frontier = roots
    while len(frontier):
        found = []
        for (out, _), inverse in zip(moves, inverses, strict=True):
            parents = frontier[~seen[out.image[frontier]]]
            seen[out.image[parents]] = True
            for some in _pieces(parents, columns):
                moved = np.take(nodes[some], inverse.image, axis=1)
                if signed:
                    moved ^= (out.sign[some, None] * inverse.sign < 0).astype(dtype)
                nodes[out.image[some]] = moved
            found.append(out.image[parents])
        frontier = np.concatenate(found) if found else roots[:0]
    return nodes, roots


def _sample(nodes: Nodes, roots: Ints, columns: int, signed: bool) -> Ints:
    """A few rows spread over each orbit of rows."""
    orbit = nodes[:, 0] // ((1 + signed) * columns)
    order = np.argsort(orbit, kind="stable")
    starts = np.searchsorted(orbit[order], np.arange(len(roots)))
    sizes = np.diff(np.append(starts, len(order)))
    picks = starts[:, None] + (np.arange(SAMPLED) * sizes[:, None]) // SAMPLED
    chosen = np.zeros(len(nodes), dtype=bool)
    chosen[order[picks.ravel()]] = True
    return np.flatnonzero(chosen)


def _all_pairs(nodes: Nodes, move: Move, signed: bool) -> Iterator[tuple[Nodes, Nodes]]:
    """The pairs of all entries that a generator moves."""
    (rows, columns), (out, into) = nodes.shape, move
    moved, still = np.flatnonzero(_moves(out)), np.flatnonzero(_moves(into))
    yield from _pairs(nodes, move, moved, np.arange(columns), signed)
    if len(moved) < rows:
        yield from _pairs(nodes, move, np.flatnonzero(~_moves(out)), still, signed)


def _moves(monomial: Monomial) -> NDArray[np.bool_]:
    """Which coordinates do not stay what they are."""
    return np.asarray((monomial.image != np.arange(monomial.d)) | (monomial.sign < 0))


def _pairs(nodes: Nodes, move: Move, rows: Ints, columns: Ints, signed: bool) -> Iterator[tuple[Nodes, Nodes]]:
    """The nodes that must be one, where they are not: those of some entries moved by a generator, and those standing there."""
    out, into = move
    whole = len(columns) == nodes.shape[1]
    for some in _pieces(columns, 1):
        for part in _pieces(rows, len(some)):
            if whole and len(some) == len(columns):
                x, y = nodes[part], np.take(nodes[out.image[part]], into.image, axis=1)
            else:
                x, y = nodes[part[:, None], some], nodes[out.image[part][:, None], into.image[some]]
            if signed:
                x = x ^ (out.sign[part, None] * into.sign[some] < 0).astype(nodes.dtype)
            differ = x != y
            if differ.any():
                yield x[differ], y[differ]


def _pieces(indices: Ints, width: int) -> Iterator[Ints]:
    """So many at a time that each with so much beside it makes a chunk."""
    size = max(1, CHUNK // max(1, width))
    for start in range(0, len(indices), size):
        yield indices[start : start + size]


def _distinct(x: Nodes, y: Nodes) -> tuple[Nodes, Nodes]:
    """Pairs without repetition."""
    pairs = np.unique(np.stack([x, y]), axis=1)
    return pairs[0], pairs[1]


def _unite(parent: Nodes, x: Nodes, y: Nodes, signed: bool = False) -> Nodes:
    """Connected components by hooking larger roots to smaller and jumping: each node ends at the least of its component. Negatives go with them."""
    a, b = (np.concatenate([x, x ^ 1]), np.concatenate([y, y ^ 1])) if signed else (x, y)
    while True:
        a, b = parent[a], parent[b]
        differ = a != b
        if not differ.any():
            return parent
        a, b = a[differ], b[differ]
        parent[np.maximum(a, b)] = np.minimum(a, b)
        while not np.array_equal(jumped := parent[parent], parent):
            parent = jumped


def _replace(nodes: Nodes, by: Nodes) -> None:
    """Every node by another, in place."""
    flat = nodes.reshape(-1)
    for start in range(0, len(flat), CHUNK):
        flat[start : start + CHUNK] = by[flat[start : start + CHUNK]]


def _number(nodes: Nodes, parent: Nodes, signed: bool) -> tuple[NDArray[np.int32], NDArray[np.int8]]:
    """Components to labels: the least node of a component is also its first entry in row-major order, since roots ascend and lead their orbits."""
    step = 1 + signed
    least = parent[::step]
    alive = least == np.arange(0, len(parent), step)
    if signed:
        alive &= parent[1::2] != least
    number = np.full(len(parent), -1, dtype=np.int32)
    number[::step][alive] = np.arange(int(alive.sum()), dtype=np.int32)
    sign = np.ones((1, 1), np.int8)
    if signed:
        number[1::2] = number[::2]
        sign = np.ones(nodes.shape, np.int8)
        for start in range(0, nodes.size, CHUNK):
            part = nodes.reshape(-1)[start : start + CHUNK]
            sign.reshape(-1)[start : start + CHUNK][(part & 1 == 1) & (number[part] >= 0)] = -1
    _replace(nodes, number.astype(nodes.dtype, copy=False))
    return nodes.astype(np.int32, copy=False), sign
