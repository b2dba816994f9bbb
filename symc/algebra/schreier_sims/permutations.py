"""Permutations as the rows of an array: row[i] is the image of i, and in a product (g h)[i] = g[h[i]] the right factor acts first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

POOL, ROUNDS = 8, 12  # random elements made at a time, and how often half of them are multiplied by the other half

Rows = NDArray[Any]  # (any, n), in small integers
Points = NDArray[np.intp]


def as_rows(degree: int, generators: Sequence[Any] | Rows) -> Rows:
    """(k, degree), in the smallest integers that will do; raises ValueError for what is no permutation."""
    wrong = f"not permutations of the {degree} points from 0"
    if any(len(generator) != degree for generator in generators):
        raise ValueError(wrong)
    given = np.array(generators, dtype=np.intp).reshape(len(generators), degree)
    if not (np.sort(given, axis=1) == np.arange(degree)).all():
        raise ValueError(wrong)
    return given.astype(np.int16 if degree < 2**15 else np.int32)


def times(table: Rows, index: Points, rows: Rows) -> Rows:
    """table[index[r]] after row r: (any, n), (N,), (N, n) -> (N, n)."""
    flat: Rows = np.take(table.reshape(-1), index[:, None] * table.shape[1] + rows)
    return flat


def inverses(rows: Rows) -> Rows:
    result = np.empty_like(rows)
    np.put_along_axis(result, rows.astype(np.intp), np.arange(rows.shape[1], dtype=rows.dtype)[None], axis=1)
    return result


def identities(count: int, like: Rows) -> Rows:
    return np.tile(np.arange(like.shape[1], dtype=like.dtype), (count, 1))


def restricted(rows: Rows, points: Points) -> Rows:
    """The action on a set of points that is kept, which are in ascending order: (k, n), (m,) -> (k, m)."""
    return np.searchsorted(points, rows[:, points]).astype(rows.dtype)


def trivial(rows: Rows) -> NDArray[np.bool_]:
    """Which rows are the identity: (N, n) -> (N,)."""
    return np.asarray((rows == np.arange(rows.shape[1])).all(axis=1))


def distinct(rows: Rows) -> Rows:
    """Without repetitions and the identity."""
    first: dict[bytes, int] = {}
    for index, row in enumerate(rows):
        first.setdefault(row.tobytes(), index)
    kept = rows[list(first.values())]
    return kept[~trivial(kept)]


def mixed(rows: Rows, random: np.random.Generator) -> Rows:
    """POOL random elements of the group that rows generate: product replacement (Celler et al. 1995), half of the elements at a time.

    Of many generators, it starts from random subproducts, each outside of any given proper subgroup half of the time (Babai, Luks, Seress 1988).
    """
    if not len(rows):
        return rows
    pool, half = rows[np.arange(POOL) % len(rows)], POOL // 2
    for generator in random.permutation(rows) if len(rows) > half else ():
        chosen = random.random(POOL) < 0.5
        pool[chosen] = pool[chosen][:, generator]
    for _ in range(ROUNDS):
        order = random.permutation(POOL)
        left, other = order[:half], pool[order[half:]]
        flip = random.random(half) < 0.5
        other[flip] = inverses(other[flip])
        pool[left] = times(pool, left, other) if random.random() < 0.5 else times(other, np.arange(half), pool[left])
    return pool


def components(nodes: int, tails: NDArray[Any], heads: NDArray[Any]) -> Points:
    """The least node that is connected with each node of a graph: (edges,), (edges,) -> (nodes,)."""
    label = np.arange(nodes)
    while True:
        low = np.arange(nodes)
        np.minimum.at(low, label[tails], label[heads])
        np.minimum.at(low, label[heads], label[tails])
        while (further := low[low])[label].tobytes() != low[label].tobytes():
            low = further
        if (low[label] == label).all():
            return label
        label = low[label]


def orbits(degree: int, generators: Sequence[NDArray[Any]] | Rows) -> Points:
    """The least point of the orbit of each point: (degree,)."""
    rows = np.asarray(generators, dtype=np.intp).reshape(-1, degree) if degree else np.empty((0, 0), dtype=np.intp)
    return components(degree, np.tile(np.arange(degree), len(rows)), rows.ravel())


def blocks(generators: Rows, label: Points) -> Points:
    """The finest partition that the group preserves and that is no finer than another, both by the least point of each class: (n,) -> (n,)."""
    points = np.arange(len(label))
    while True:
        finer = label
        label = components(len(label), np.concatenate([points, generators.ravel()]), np.concatenate([finer, generators[:, finer].ravel()]))
        if (label == finer).all():
            return label


def parities(rows: Rows, label: Points) -> list[int]:
    """For each row, as the bits of an integer, on which classes of a partition that it preserves it is odd."""
    roots, sizes = np.unique(label, return_counts=True)
    masks = []
    for row in rows:
        cycles = np.bincount(label[np.unique(orbits(len(row), [row]))], minlength=len(row))[roots]
        masks.append(sum(1 << int(place) for place in np.flatnonzero((sizes - cycles) % 2)))
    return masks


def rank(masks: Sequence[int]) -> int:
    """The rank over the field of two elements of vectors given as the bits of integers."""
    pivots: dict[int, int] = {}
    for mask in masks:
        while mask and (pivot := pivots.get(mask.bit_length())):
            mask ^= pivot
        if mask:
            pivots[mask.bit_length()] = mask
    return len(pivots)
