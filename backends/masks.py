"""Masks as plain torch code, on tensors and on `fx.Proxy`: True where an entry is real."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from typing import Any, assert_never

import torch
from torch import Tensor

from symc.algebra.sizes import Size
from symc.ir.layout import Chain, Elements, Layout, Plain, Product, Unknown, is_padded


def mask_of(axes: Sequence[Layout], masks: Mapping[str, Tensor], batch: Any, number: Callable[[Size], Any]) -> Tensor:
    """Which entries of a tensor are real, from the masks (batch, n) of free sizes; of size 1 along axes without padding."""
    found = []
    for axis, layout in enumerate(axes):
        if is_padded(layout):
            along = _along(layout, masks, batch, number)
            found.append(along[(slice(None), *[None] * axis, slice(None), *[None] * (len(axes) - axis - 1))])
    return reduce(torch.logical_and, found)


def _along(layout: Layout, masks: Mapping[str, Tensor], batch: Any, number: Callable[[Size], Any]) -> Tensor:
    """The mask (batch, size) of one axis."""
    match layout:
        case Elements(name):
            return masks[name]
        case Plain(size):
            return next(iter(masks.values())).new_ones((batch, number(size)))
        case Product(factors):
            first, *others = (_along(factor, masks, batch, number) for factor in factors)
            return reduce(lambda a, b: torch.flatten(torch.logical_and(a[:, :, None], b[:, None, :]), 1, 2), others, first)
        case Chain(terms):
            return torch.cat([_along(term, masks, batch, number) for term in terms], 1)
        case Unknown():
            raise ValueError(f"no mask says which of {layout} coordinates are real")
        case _:
            assert_never(layout)


def nothing_else(x: Tensor, mask: Tensor, dims: tuple[int, ...]) -> Tensor:
    """-inf in place of what the mask leaves out along some dimensions, but where it leaves nothing there: no NaN is made of no entries."""
    kept = torch.logical_or(mask, torch.logical_not(torch.any(mask, dims, keepdim=True)))
    return torch.where(kept, x, float("-inf"))


def divided(mean: Tensor, share: Tensor) -> Tensor:
    """The mean over all entries, most of them 0 perhaps, as one over the share that counts; 0 where none does."""
    some = share > 0
    return torch.where(some, mean, 0.0) / torch.where(some, share, 1.0)
