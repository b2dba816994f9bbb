"""Normalisation in numpy."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from symc.algebra.reps import Tensor, Trivial
from symc.algebra.summands import positions, summands
from symc.ir.ops import LayerNorm
from symc.ir.parameters import copies_of, is_trivial, normalised_parts
from symc.ir.types import Type

Array: TypeAlias = NDArray[np.float64]
EPS = 1e-5


def layernorm(op: LayerNorm, x: Array, item: Type, weight: Array, bias: Array) -> Array:
    """Part by part over some axes of x, shape (batch, one axis for each of the type's): weight has one entry a copy, bias one a trivial channel."""
    axes = op.axes
    last = np.moveaxis(x, [1 + axis for axis in axes], range(x.ndim - len(axes), x.ndim))
    flat = last.reshape(*last.shape[: x.ndim - len(axes)], int(np.prod(last.shape[x.ndim - len(axes) :])))
    result, at, shift = np.empty_like(flat), 0, 0
    rep = Type(tuple(item.axes[axis] for axis in axes)).rep
    for part in normalised_parts(item, axes):
        where, count = positions(rep, part.choice), copies_of(part)
        copy_axes = [i for i, leg in enumerate(part.legs) if isinstance(leg, Trivial)]
        where = np.moveaxis(where, copy_axes, range(len(copy_axes))).reshape(count, -1)  # one row a copy
        values = flat[..., where]
        scale = weight[at : at + count, None]
        if op.centred and is_trivial(part):
            centred = values - values.mean(axis=(-2, -1), keepdims=True)
            result[..., where] = centred / np.sqrt((centred**2).mean(axis=(-2, -1), keepdims=True) + EPS) * scale + bias[shift : shift + count, None]
            shift += count
        else:
            result[..., where] = values / np.sqrt((np.abs(values) ** 2).mean(axis=(-2, -1), keepdims=True) + EPS) * scale
        at += count
    return np.moveaxis(result.reshape(last.shape), range(x.ndim - len(axes), x.ndim), [1 + axis for axis in axes])


def batchnorm(name: str, x: Array, item: Type, parameters: Mapping[str, Array]) -> Array:
    """In eval mode, by the running statistics, which begin as mean 0 and variance 1."""
    flat = x.reshape(len(x), int(np.prod(x.shape[1:])))
    result, at, shift = np.empty_like(flat), 0, 0
    for part in summands(Tensor(item.axes)):
        count, centred = copies_of(part), all(leg.permuted for leg in part.legs)
        where = positions(Tensor(item.axes), part.choice)
        outer = [i for i, leg in enumerate(part.legs) if isinstance(leg, Trivial)]
        where = np.moveaxis(where, outer, range(len(outer))).reshape(count, -1)  # one row a copy
        weight = parameters[f"{name}.weight"][at : at + count, None]
        var = parameters.get(f"{name}.running_var", np.ones(at + count))[at : at + count, None]
        mean = bias = np.zeros((count, 1))
        if centred:
            mean = parameters.get(f"{name}.running_mean", np.zeros(shift + count))[shift : shift + count, None]
            bias = parameters[f"{name}.bias"][shift : shift + count, None]
            shift += count
        result[:, where] = (flat[:, where] - mean) / np.sqrt(var + EPS) * weight + bias
        at += count
    return result.reshape(x.shape)
