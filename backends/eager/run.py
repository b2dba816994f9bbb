"""What every operation of one evaluation needs to know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from torch import Tensor

from symc.algebra import sizes as sz
from symc.algebra.reps import OneHot
from symc.ir.types import Type


@dataclass(frozen=True, slots=True)
class Run:
    """One evaluation. Values have shape (batch, one axis for each of the type's): pixels are flat. `like` tells dtype and device."""

    parameters: Mapping[str, Tensor]
    sizes: Mapping[str, int]
    batch: int
    limit: int
    like: Tensor

    def axes(self, item: Type) -> tuple[int, ...]:
        return tuple(sz.number(axis.dim, self.sizes) for axis in item.axes if not isinstance(axis, OneHot))
