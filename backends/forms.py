"""Bilinear forms as plain torch code: with samples last, gathers copy rows, products run along memory, and one product of matrices does the rest."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor


def bilinear_forms(operands: Sequence[Tensor], shape: Sequence[Any]) -> Tensor:
    """See `ir.tensor.BilinearForms`; operands x, y, w, left, right, and the whole shape of the result."""
    x, y, w, left, right = operands
    columns = _samples_last(x, len(shape))
    others = columns if y is x else _samples_last(y, len(shape))
    pairs = torch.index_select(columns, 1, left) * torch.index_select(others, 1, right)
    found = torch.matmul(w, pairs)
    *samples, channels, forms = shape
    front = len(samples)
    if front != 1:
        found = torch.reshape(found, (channels, forms, *samples))
    return torch.permute(found, (*range(2, front + 2), 0, 1))


def _samples_last(x: Tensor, rank: int) -> Tensor:
    """(..., a, i) to (a, i, samples)."""
    front = rank - 2
    moved = torch.permute(x, (front, front + 1, *range(front)))
    return torch.unsqueeze(moved, 2) if front == 0 else moved if front == 1 else torch.flatten(moved, 2)
