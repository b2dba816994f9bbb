"""Attention, with every score written out."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod, sqrt
from string import ascii_letters

import torch
from torch import Tensor

from symc.ir.ops import Attention


def attention(op: Attention, inputs: Sequence[Tensor]) -> Tensor:
    """Inputs of shape (batch, one axis for each of the type's); one einsum for the scores, one for the values."""
    q, k, v, *biases = inputs
    names = iter(ascii_letters)
    batch, keys = next(names), next(names)
    carried, rows, summed = [next(names) for _ in op.carried], [next(names) for _ in op.rows], [next(names) for _ in op.summed]
    left, right, third = [next(names) for _ in range(q.ndim - 1)], [next(names) for _ in range(k.ndim - 1)], [next(names) for _ in range(v.ndim - 1)]
    for name, (i, j, h) in zip(carried, op.carried, strict=True):
        left[i] = right[j] = third[h] = name
    for name, (i, j) in zip(summed, op.summed, strict=True):
        left[i] = right[j] = name
    for name, i in zip(rows, op.rows, strict=True):
        left[i] = name
    right[op.keys[0]] = third[op.keys[1]] = keys
    score = [batch, *carried, *rows, keys]
    scores = torch.einsum(f"{batch}{''.join(left)},{batch}{''.join(right)}->{''.join(score)}", q, k)
    scores = scores / sqrt(prod(q.shape[1 + i] for i, _ in op.summed))
    for bias in biases:
        held = [place for place in op.bias if place is not None]
        ones = [axis for axis in range(bias.ndim - 1) if axis not in held]
        sizes = [1 if place is None else bias.shape[1 + place] for place in op.bias]
        scores = scores + bias.permute(0, *(1 + place for place in held), *(1 + axis for axis in ones)).reshape(len(bias), *sizes)
    result = [name for place, letter in enumerate(third) for name in (rows if place == op.keys[1] else [letter])]
    weights = torch.softmax(scores, -1)
    return torch.einsum(f"{''.join(score)},{batch}{''.join(third)}->{batch}{''.join(result)}", weights, v)
