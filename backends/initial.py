"""Initial values of parameters."""

from __future__ import annotations

from math import sqrt
from typing import assert_never

import torch
from torch import Tensor

from symc.ir.tensor import Fill, Initial, Normal, Pairs, Pieces


def draw(initial: Initial, shape: tuple[int, ...], generator: torch.Generator | None = None) -> Tensor:
    """float64 values of that shape, drawn on the CPU or the generator's device: a seed means the same for every dtype and device of the module."""
    device = generator.device if generator is not None else torch.device("cpu")
    match initial:
        case Normal(scale, None):
            return torch.randn(shape, dtype=torch.float64, generator=generator, device=device).mul_(scale)
        case Normal(scale, factor, axis):
            assert factor is not None
            mix = torch.tensor(factor, dtype=torch.float64, device=device)
            old = torch.randn((*shape[:axis], mix.shape[1], *shape[axis + 1 :]), dtype=torch.float64, generator=generator, device=device)
            return torch.movedim(torch.tensordot(mix, old, ([1], [axis])).mul_(scale), 0, axis)
        case Fill(value):
            return torch.full(shape, value, dtype=torch.float64, device=device)
        case Pieces(pieces, lead):
            return torch.cat([draw(rule, piece, generator).flatten(lead) for piece, rule in pieces], -1)
        case Pairs(rule):
            return torch.stack([draw(rule, shape[:-1], generator) for _ in range(2)], -1).div_(sqrt(2))
        case _:
            assert_never(initial)
