"""Norms and pooling."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from symc.algebra import sizes as sz
from symc.algebra.summands import positions, summands
from symc.backends.kernels import safe_sqrt
from symc.ir.coordinates import copies, counts_copies
from symc.ir.ops import Norm
from symc.ir.types import Type


def norm(op: Norm, x: Tensor, item: Type) -> Tensor:
    squares = x.real * x.real + x.imag * x.imag if x.is_complex() else x * x
    for axis in op.reduced:
        squares = torch.movedim(torch.movedim(squares, 1 + axis, -1) @ torch.as_tensor(same_copy(item, axis)).to(squares), -1, 1 + axis)
    squares = squares.sum(tuple(1 + axis for axis in op.dropped)) if op.dropped else squares
    return squares if op.squared else safe_sqrt(squares)


def same_copy(item: Type, axis: int) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """Shape (d, copies): 1 where a coordinate of an axis belongs to a copy."""
    rep = item.axes[axis]
    kept = copies(rep)
    result = np.zeros((sz.number(rep.dim), sz.number(kept.dim)))
    for part, image in zip(summands(rep), summands(kept), strict=True):
        inner = tuple(i for i, leg in enumerate(part.legs) if not counts_copies(leg))
        where = positions(rep, part.choice)
        columns = np.expand_dims(positions(kept, image.choice).reshape([where.shape[i] for i in range(where.ndim) if i not in inner]), inner)
        result[where, np.broadcast_to(columns, where.shape)] = 1
    return result


def pool(kind: str, x: Tensor, axis: int) -> Tensor:
    if x.shape[axis] == 0:
        return x.sum(axis)
    return x.sum(axis) if kind == "sum" else x.mean(axis) if kind == "mean" else x.amax(axis)
