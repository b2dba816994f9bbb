"""Norms and pooling."""

from __future__ import annotations

from math import prod

import numpy as np
import torch
from torch import Tensor

from symc.algebra import reps
from symc.algebra import sizes as sz
from symc.algebra.summands import positions, summands
from symc.backends.kernels import safe_sqrt
from symc.ir.coordinates import copies, counts_copies
from symc.ir.ops import Norm
from symc.ir.types import Type


def squares(x: Tensor) -> Tensor:
    """The square of each number, of complex ones that of their absolute value."""
    return x.real * x.real + x.imag * x.imag if x.is_complex() else x * x


def norm(op: Norm, x: Tensor, item: Type) -> Tensor:
    total = squares(x)
    for axis in op.reduced:
        total = torch.movedim(torch.movedim(total, 1 + axis, -1) @ torch.as_tensor(same_copy(item, axis)).to(total), -1, 1 + axis)
    total = total.sum(tuple(1 + axis for axis in op.dropped)) if op.dropped else total
    return total if op.squared else safe_sqrt(total)


def normalize(x: Tensor, item: Type) -> Tensor:
    """Every copy divided by its norm, summand by summand."""
    flat, pieces, places = x.reshape(len(x), prod(x.shape[1:])), [], []
    for part in summands(reps.Tensor(item.axes)):
        outer = [i for i, leg in enumerate(part.legs) if counts_copies(leg)]
        where = np.moveaxis(positions(reps.Tensor(item.axes), part.choice), outer, range(len(outer)))
        where = where.reshape(prod(where.shape[: len(outer)]), prod(where.shape[len(outer) :]))  # one row a copy
        values = flat[:, torch.as_tensor(where)]
        lengths = safe_sqrt((values * values.conj()).real.sum(-1, keepdim=True))
        pieces.append(torch.where(lengths > 0, values / torch.where(lengths > 0, lengths, 1.0), 0.0).flatten(1))
        places.append(where.ravel())
    return torch.cat(pieces, -1)[:, torch.as_tensor(np.argsort(np.concatenate(places)))].reshape(x.shape)


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
