"""Normalisation, part by part."""

from __future__ import annotations

from collections.abc import Mapping
from math import prod

import numpy as np
import torch
from torch import Tensor

from symc.algebra import reps
from symc.algebra.reps import Trivial
from symc.algebra.summands import positions, summands
from symc.backends.eager.reductions import squares
from symc.ir.ops import LayerNorm
from symc.ir.parameters import copies_of, is_trivial, normalised_parts
from symc.ir.types import Type

EPS = 1e-5


def layernorm(op: LayerNorm, x: Tensor, item: Type, weight: Tensor, bias: Tensor | None) -> Tensor:
    """Part by part: weight has one entry a copy, bias one a trivial channel."""
    axes = op.axes
    last, order = [1 + axis for axis in axes], list(range(x.ndim - len(axes), x.ndim))
    moved = x.movedim(last, order)
    flat = moved.reshape(*moved.shape[: x.ndim - len(axes)], prod(moved.shape[x.ndim - len(axes) :]))
    rep = Type(tuple(item.axes[axis] for axis in axes)).rep
    pieces, places, at, shift = [], [], 0, 0
    for part in normalised_parts(item, axes):
        count = copies_of(part)
        outer = [i for i, leg in enumerate(part.legs) if isinstance(leg, Trivial)]
        where = np.moveaxis(positions(rep, part.choice), outer, range(len(outer))).reshape(count, -1)  # one row a copy
        values, scale = flat[..., torch.as_tensor(where)], weight[at : at + count, None]
        if op.centred and is_trivial(part):
            assert bias is not None
            values = values - values.mean((-2, -1), keepdim=True)
            values = values / torch.sqrt((values**2).mean((-2, -1), keepdim=True) + EPS) * scale + bias[shift : shift + count, None]
            shift += count
        else:
            values = values / torch.sqrt(squares(values).mean((-2, -1), keepdim=True) + EPS) * scale
        at += count
        pieces.append(values.flatten(-2))
        places.append(where.ravel())
    undo = torch.as_tensor(np.argsort(np.concatenate(places)))
    return torch.cat(pieces, -1)[..., undo].reshape(moved.shape).movedim(order, last)


def batchnorm(name: str, x: Tensor, item: Type, state: Mapping[str, Tensor]) -> Tensor:
    """In eval mode: each coordinate by the running statistics of its channel, which begin as mean 0 and variance 1."""
    dim, at, shift = prod(x.shape[1:]), 0, 0
    channel, moved = np.zeros(dim, dtype=np.int64), np.full(dim, -1)
    for part in summands(reps.Tensor(item.axes)):
        where, shape = positions(reps.Tensor(item.axes), part.choice), [leg.dim if isinstance(leg, Trivial) else 1 for leg in part.legs]
        mine = np.broadcast_to(np.arange(copies_of(part)).reshape(shape), where.shape)
        channel[where] = at + mine
        at += copies_of(part)
        if all(leg.permuted for leg in part.legs):
            moved[where] = shift + mine
            shift += copies_of(part)
    weight = state[f"{name}.weight"]
    var = state.get(f"{name}.running_var", torch.ones_like(weight))
    scaled = x.reshape(len(x), dim)
    if shift:
        bias = torch.cat([state[f"{name}.bias"], weight.new_zeros(1)])  # the last for what is not centred
        mean = torch.cat([state.get(f"{name}.running_mean", torch.zeros_like(bias[:-1])), weight.new_zeros(1)])
        scaled = (scaled - mean[moved]) / torch.sqrt(var[channel] + EPS) * weight[channel] + bias[moved]
    else:
        scaled = scaled / torch.sqrt(var[channel] + EPS) * weight[channel]
    return scaled.reshape(x.shape)
