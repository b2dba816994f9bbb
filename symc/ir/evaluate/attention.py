"""Attention in numpy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from symc.ir.evaluate.reductions import softmax
from symc.ir.ops import Attention

Array: TypeAlias = NDArray[np.float64]


def attention(op: Attention, inputs: Sequence[Array]) -> Array:
    """Inputs of shape (batch, one axis for each of the type's). All scores, their softmax, and the weighted sum of all values."""
    q, k, v, *biases = inputs
    shared, rows = len(op.carried), len(op.rows)
    first, values = op.of_queries(), op.of_values(v.ndim - 1)
    queries = _placed(q, (*first[: shared + rows], None, *first[shared + rows :]))
    keys = _placed(k, (*op.of_keys()[:shared], *[None] * rows, *op.of_keys()[shared:]))
    products = queries * keys
    over = tuple(range(products.ndim - len(op.summed), products.ndim))
    scores = products.sum(axis=over) / np.sqrt(np.prod([products.shape[axis] for axis in over]))
    for bias in biases:
        scores = scores + _placed(bias, op.bias)
    weights = softmax(scores, scores.ndim - 1).reshape(*scores.shape, *[1] * (len(values) - shared - 1))
    mixed = (weights * _placed(v, (*values[:shared], *[None] * rows, *values[shared:]))).sum(axis=1 + shared + rows)
    return np.asarray(mixed.transpose(0, *(1 + place for place in op.order(v.ndim - 1))))


def _placed(x: Array, places: Sequence[int | None]) -> Array:
    """The operand with an axis for each place, of size 1 where it has none; axes of one coordinate may be left out."""
    used = [place for place in places if place is not None]
    others = [axis for axis in range(x.ndim - 1) if axis not in used]
    sizes = [1 if place is None else x.shape[1 + place] for place in places]
    return x.transpose(0, *(1 + place for place in used), *(1 + axis for axis in others)).reshape(len(x), *sizes)
