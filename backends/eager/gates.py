"""Gates: each nontrivial summand times the sigmoid of its gates, one summand after another."""

from __future__ import annotations

from math import prod

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from symc.algebra import reps
from symc.algebra.summands import positions
from symc.ir.coordinates import counts_copies
from symc.ir.gates import gate_type, gated_parts
from symc.ir.types import Type


def gate(x: Tensor, s: Tensor, item: Type) -> Tensor:
    """x and its gates s, each of shape (batch, one axis for each of its type's)."""
    flat, gates = x.reshape(len(x), prod(x.shape[1:])), s.reshape(len(s), prod(s.shape[1:]))
    moved = np.full(flat.shape[1], -1)  # the gate of every coordinate
    whole = gate_type(item)
    assert whole is not None
    for part, image in gated_parts(item):
        where = positions(reps.Tensor(item.axes), part.choice)
        kept = [size if counts_copies(leg) else 1 for leg, size in zip(part.legs, where.shape, strict=True)]
        moved[where] = positions(reps.Tensor(whole.axes), image.choice).reshape(kept)
    which = torch.as_tensor(moved, device=x.device)
    if not gates.shape[1]:
        return F.silu(x)
    scaled = flat * torch.sigmoid(gates[:, which.clamp(min=0)])
    return (torch.where(which < 0, F.silu(flat), scaled) if (moved < 0).any() else scaled).reshape(x.shape)
