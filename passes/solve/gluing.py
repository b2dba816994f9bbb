"""Arithmetic of many diagrams at once: joins of set partitions and their composition as operators, at a given n.

A family of partitions of m legs is a boolean array (count, m, m): which legs share a block.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from symc.algebra.hom import Array, Diagram

Together = NDArray[np.bool_]


def together(diagrams: Sequence[Diagram], m: int) -> Together:
    """The diagrams as a family of partitions."""
    result = np.zeros((len(diagrams), m, m), dtype=bool)
    for row, diagram in zip(result, diagrams, strict=True):
        for block in diagram.blocks:
            row[np.ix_(block, block)] = True
    return result


def inner(left: Together, right: Together, n: int) -> Array:
    """Shape (left, right): Frobenius inner products, n to the number of blocks of the join."""
    return np.asarray(float(n) ** _blocks(_closure(left[:, None] | right[None])))


def compose(after: Together, first: Together, middle: int, n: int) -> tuple[Together, Array]:
    """All products D E of operators, D in `after` (legs: source = middle, then target), E in `first` (source, then target = middle).

    A family of (after * first) partitions of (source of E, target of D), and the powers of n from the blocks that lie in the middle alone.
    """
    u, t = first.shape[1] - middle, after.shape[1] - middle
    m = u + middle + t
    glued = np.zeros((len(after), len(first), m, m), dtype=bool)
    glued[:, :, u:, u:] = after[:, None]
    glued[:, :, : u + middle, : u + middle] |= first[None]
    glued |= np.eye(m, dtype=bool)
    closed = _closure(glued.reshape(len(after) * len(first), m, m))
    outer = np.r_[0:u, u + middle : m]
    result = closed[:, outer[:, None], outer]
    return result, np.asarray(float(n) ** (_blocks(closed) - _blocks(result)))


def transpose(family: Together, sources: int) -> Together:
    """The operators turned round: target legs become source legs."""
    m = family.shape[1]
    order = np.r_[sources:m, 0:sources]
    return family[:, order[:, None], order]


def collect(family: Together, weights: Array) -> tuple[Together, Array]:
    """Equal partitions once, their weights added."""
    kinds, where = distinct(family)
    return kinds, np.asarray(np.bincount(where, weights=weights, minlength=len(kinds)), dtype=np.float64)


def distinct(family: Together) -> tuple[Together, NDArray[np.intp]]:
    """The different partitions of a family, and which of them each is."""
    packed = np.packbits(family.reshape(len(family), -1), axis=1) if family.shape[1] else np.zeros((len(family), 1), np.uint8)
    _, first, where = np.unique(packed, axis=0, return_index=True, return_inverse=True)
    return family[first], where.ravel()


def _closure(relation: Together) -> Together:
    """The transitive closure of reflexive symmetric relations."""
    steps, m = 1, relation.shape[-1]
    while steps < m:
        relation = (relation.astype(np.float32) @ relation.astype(np.float32)) > 0
        steps *= 2
    return relation


def _blocks(closed: Together) -> NDArray[np.intp]:
    """The number of blocks: legs that share one with no leg before them."""
    return np.asarray((~np.tril(closed, -1).any(axis=-1)).sum(axis=-1))
