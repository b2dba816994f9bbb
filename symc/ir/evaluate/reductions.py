"""Norms, pooling and softmax in numpy."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from symc.algebra import sizes as sz
from symc.algebra.reps import Tensor
from symc.algebra.summands import positions, summands
from symc.ir.coordinates import copies, counts_copies
from symc.ir.ops import Norm
from symc.ir.types import Type

Array: TypeAlias = NDArray[np.float64]


def softmax(x: Array, axis: int) -> Array:
    if x.shape[axis] == 0:
        return x
    raised = np.exp(x - x.max(axis=axis, keepdims=True))
    return np.asarray(raised / raised.sum(axis=axis, keepdims=True))


def norm(op: Norm, x: Array, item: Type) -> Array:
    squares = np.square(np.abs(x))
    for axis in op.reduced:
        squares = np.moveaxis(np.moveaxis(squares, 1 + axis, -1) @ same_copy(item, axis), -1, 1 + axis)
    squares = squares.sum(axis=tuple(1 + axis for axis in op.dropped))
    return np.asarray(squares if op.squared else np.sqrt(squares))


def normalize(x: Array, item: Type) -> Array:
    """x, of shape (batch, one axis for each of the type's), with every copy divided by its norm."""
    flat = x.reshape(len(x), int(np.prod(x.shape[1:])))
    result = np.zeros_like(flat)
    for part in summands(Tensor(item.axes)):
        where = positions(Tensor(item.axes), part.choice)
        inner = tuple(1 + i for i, leg in enumerate(part.legs) if not counts_copies(leg))
        lengths = np.sqrt(np.square(np.abs(flat[:, where])).sum(axis=inner, keepdims=True)) if inner else np.abs(flat[:, where])
        result[:, where] = np.divide(flat[:, where], lengths, where=lengths > 0, out=np.zeros((len(x), *where.shape), flat.dtype))
    return result.reshape(x.shape)


def same_copy(item: Type, axis: int) -> Array:
    """Shape (d, copies): 1 where a coordinate of a sum axis belongs to a copy."""
    rep = item.axes[axis]
    kept = copies(rep)
    matrix = np.zeros((sz.number(rep.dim), sz.number(kept.dim)))
    for part, image in zip(summands(rep), summands(kept), strict=True):
        where = positions(rep, part.choice)
        inner = [i for i, leg in enumerate(part.legs) if not counts_copies(leg)]
        rows = np.moveaxis(where, inner, range(where.ndim - len(inner), where.ndim))
        counted = positions(kept, image.choice).ravel()
        matrix[rows.reshape(len(counted), -1), counted[:, None]] = 1
    return matrix


def pool(kind: str, x: Array, axis: int) -> Array:
    if x.shape[axis] == 0:
        return np.zeros((*x.shape[:axis], *x.shape[axis + 1 :]))
    return np.asarray(x.sum(axis) if kind == "sum" else x.mean(axis) if kind == "mean" else x.max(axis))
