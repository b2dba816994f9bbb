"""Signed permutation actions of finite groups: weights shared along orbits of matrix entries.

An equivariant W has W[g i, g j] = sign * W[i, j]. Rows are taken from one root row an orbit of rows along a Schreier tree, so that every entry is
some signed entry of a root row; root entries are united by what stabilisers do, first from a few rows, then until every generator agrees exactly.
An orbit that meets its own negative is zero. A node is 2 * (root entry) + (1 for minus). Where the entries are too many to be labelled, one of
each orbit is found by point stabilizers.
"""

from __future__ import annotations

from math import prod

import numpy as np
import numpy.ma
from numpy.typing import NDArray

from symc.algebra import sizes as sz
from symc.algebra.actions import generators, monomial
from symc.algebra.counting.orbits import signed_points
from symc.algebra.groups import Group
from symc.algebra.hom import Certificate, OrbitList, Orbits
from symc.algebra.monomial import Monomial
from symc.algebra.reps import Tensor
from symc.algebra.schreier_sims import tuple_orbits
from symc.algebra.summands import Leg
from symc.passes.solve import limits
from symc.passes.solve.counting import expected
from symc.passes.solve.errors import SolveError, show

Ints = NDArray[np.intp]
Nodes = NDArray[np.signedinteger]
SAMPLED = 12  # rows an orbit whose stabiliser loops are united before everything is checked
MANY = 512  # rows from which on powers of the generators shorten the tree
WORK = 24  # bytes an entry at the peak


def signed_orbits(group: Group, source: tuple[Leg, ...], target: tuple[Leg, ...], limit: int) -> Orbits | OrbitList | None:
    """The strategy: None where some generator does not permute the coordinates up to sign."""
    if any(monomial(leg, generator) is None for generator in generators((group,)) for leg in source + target):
        return None
    shapes = tuple(tuple(sz.number(leg.dim) for leg in legs) for legs in (source, target))
    entries = int(np.prod([*shapes[0], *shapes[1]], dtype=object))
    if WORK * entries > limit:
        return _listed(group, source, target, limit, WORK * entries)
    return _labelled(group, source, target, shapes)


def _labelled(group: Group, source: tuple[Leg, ...], target: tuple[Leg, ...], shapes: tuple[tuple[int, ...], ...]) -> Orbits:
    moves = _moves(group, source, target)
    label, sign = orbit_labels([(out, into) for into, out in moves], int(np.prod(shapes[1])), int(np.prod(shapes[0])))
    dim = int(label.max(initial=-1)) + 1
    certificate = Certificate(0.0, *expected(source, target), "disjoint supports")
    return Orbits(group, shapes[1], shapes[0], dim, label, None if (sign >= 0).all() else sign, certificate)


def _listed(group: Group, source: tuple[Leg, ...], target: tuple[Leg, ...], limit: int, needed: int) -> OrbitList:
    """One entry an orbit. Raises SolveError E0501 where the action has too many points, E0502 where it has too many orbits."""
    what = f"the weight sharing of {show(source, target)}"
    points = signed_points(group, target + source)
    if points is None:
        limits.check_bytes(needed, limit, what)
    assert points is not None
    count, by = expected(source, target)
    limits.check_diagrams(count or 0, f"the space of maps {show(source, target)}", "orbits")
    found, entries = [], 0
    for orbit in tuple_orbits(points.chain, points.legs, points.negative):
        entries += orbit.length
        if orbit.invariant:
            found.append(points.coordinates(orbit.representative))
            limits.check_diagrams(len(found), f"the space of maps {show(source, target)}", "orbits")
    shapes = tuple(tuple(sz.number(leg.dim) for leg in legs) for legs in (source, target))
    if entries != prod(shapes[0] + shapes[1]):
        raise SolveError("E0490", f"internal: the orbits of {show(source, target)} have {entries} entries of {prod(shapes[0] + shapes[1])}")
    representatives = np.array(found, dtype=np.int32).reshape(len(found), len(target + source))
    certificate = Certificate(0.0, count, by, "disjoint supports; the orbits have as many entries as there are")
    return OrbitList(group, shapes[1], shapes[0], representatives, lambda: _labelled(group, source, target, shapes), certificate)


def _moves(group: Group, source: tuple[Leg, ...], target: tuple[Leg, ...]) -> list[tuple[Monomial, Monomial]]:
    """What every generator does to the coordinates of source and target."""
    moves = []
    for generator in generators((group,)):
        into, out = monomial(Tensor(source), generator), monomial(Tensor(target), generator)
        assert into is not None
        assert out is not None
        moves.append((into, out))
    return moves


def orbit_labels(moves: list[tuple[Monomial, Monomial]], rows: int, columns: int) -> tuple[NDArray[np.int32], NDArray[np.int8]]:
    """Labels and signs of the entries of a (rows, columns) matrix under (row move, column move) pairs.

    Orbits are numbered by their first entry in row-major order, which has sign +1; -1 labels the entries that must be zero.
    """
    if rows == 0 or columns == 0:
        return np.zeros((rows, columns), np.int32), np.ones((rows, columns), np.int8)
    signed = any(not m.is_permutation for move in moves for m in move)
    nodes, roots = _propagate(_with_powers(moves, rows), rows, columns, signed)
    parent = np.arange(2 * len(roots) * columns)
    sample = _sample(nodes, roots, columns)
    pairs = [_image(nodes, move, sample, signed) for move in moves]
    while True:
        for x, y in pairs:
            parent = _unite(parent, np.concatenate([x, x ^ 1]), np.concatenate([y, y ^ 1]))
        merged = parent.astype(nodes.dtype)[nodes]
        dead = parent[1::2] == parent[::2] if signed else None
        pairs = [pair for move in moves if len((pair := _disagreements(merged, move, dead, signed))[0])]
        if not pairs:
            return _number(merged, parent, signed)


def _with_powers(moves: list[tuple[Monomial, Monomial]], rows: int) -> list[tuple[Monomial, Monomial]]:
    """The moves, and for many rows their 2nd, 4th, 8th, ... powers: a ring of n rows is reached in log n steps instead of n."""
    result = list(moves)
    power = moves if rows > MANY else []
    for _ in range(rows.bit_length() if power else 0):
        power = [(out @ out, into @ into) for out, into in power]
        result += power
    return result


def _propagate(moves: list[tuple[Monomial, Monomial]], rows: int, columns: int, signed: bool) -> tuple[Nodes, Ints]:
    """The node of every entry, along one breadth-first tree an orbit of rows; and the root rows."""
    orbit = np.arange(rows)
    for out, _ in moves:
        orbit = _unite(orbit, np.arange(rows), out.image)
    roots = np.flatnonzero(orbit == np.arange(rows))
    dtype = np.int32 if 2 * len(roots) * columns < 2**31 else np.int64
    nodes = np.empty((rows, columns), dtype)
    nodes[roots] = 2 * np.arange(len(roots) * columns, dtype=dtype).reshape(len(roots), columns)
    seen = np.zeros(rows, dtype=bool)
    seen[roots] = True
    inverses = [into.inverse() for _, into in moves]
    frontier = roots
    while len(frontier):
        found = []
        for (out, _), inverse in zip(moves, inverses, strict=True):
            new = ~seen[out.image[frontier]]
            parents = frontier[new]
            children = out.image[parents]
            if not len(children):
                continue
            seen[children] = True
            nodes[children] = np.take(nodes[parents], inverse.image, axis=1)
            if signed:
                nodes[children] ^= ((out.sign[parents, None] * inverse.sign) < 0).astype(dtype)
            found.append(children)
        frontier = np.concatenate(found) if found else roots[:0]
    return nodes, roots


def _sample(nodes: Nodes, roots: Ints, columns: int) -> Ints:
    """A few rows spread over each orbit of rows."""
    orbit = nodes[:, 0] // (2 * columns)
    order = np.argsort(orbit, kind="stable")
    starts = np.searchsorted(orbit[order], np.arange(len(roots)))
    sizes = np.diff(np.append(starts, len(order)))
    picks = starts[:, None] + (np.arange(SAMPLED) * sizes[:, None]) // SAMPLED
    return np.unique(order[picks.ravel()])


def _image(nodes: Nodes, move: tuple[Monomial, Monomial], rows: Ints, signed: bool) -> tuple[Nodes, Nodes]:
    """The nodes that must be one: those of some rows moved by a generator, and those standing there."""
    out, into = move
    x = nodes[rows]
    if signed:
        x = x ^ ((out.sign[rows, None] * into.sign) < 0).astype(nodes.dtype)
    y = np.take(nodes[out.image[rows]], into.image, axis=1)
    differ = x != y
    return x[differ], y[differ]


def _disagreements(merged: Nodes, move: tuple[Monomial, Monomial], dead: NDArray[np.bool_] | None, signed: bool) -> tuple[Nodes, Nodes]:
    """All pairs of united nodes that a generator still tells apart, without repetition."""
    x, y = _image(merged, move, np.arange(len(merged)), signed)
    if dead is not None and len(x):
        same = (x >> 1 == y >> 1) & dead[x >> 1]
        x, y = x[~same], y[~same]
    if not len(x):
        return x, y
    pairs = np.unique(np.stack([x, y]), axis=1)
    return pairs[0], pairs[1]


def _unite(parent: Ints, a: Ints, b: Ints) -> Ints:
    """Connected components by hooking larger roots to smaller and jumping: each node ends at the least of its component."""
    while True:
        ra, rb = parent[a], parent[b]
        differ = ra != rb
        if not differ.any():
            return parent
        a, b = a[differ], b[differ]
        parent[np.maximum(ra, rb)[differ]] = np.minimum(ra, rb)[differ]
        while not np.array_equal(jumped := parent[parent], parent):
            parent = jumped


def _number(merged: Nodes, parent: Ints, signed: bool) -> tuple[NDArray[np.int32], NDArray[np.int8]]:
    """Components to labels: the least node of a component is also its first entry in row-major order, since roots ascend and lead their orbits."""
    least = parent[::2]
    alive = least == np.arange(0, len(parent), 2)
    if signed:
        alive &= parent[1::2] != least
    number = np.full(len(least), -1, dtype=np.int32)
    number[alive] = np.arange(int(alive.sum()), dtype=np.int32)
    label = number[merged >> 1]
    sign = np.where((merged & 1) & (label >= 0), -1, 1).astype(np.int8) if signed else np.ones((1, 1), np.int8)
    return label, sign
