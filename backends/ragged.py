"""Ragged batches: the rows of all samples in one tensor, with an index that says to which sample each belongs, as in PyTorch Geometric.

They are laid into padded tensors, a row at the place where it comes among those of its sample, and taken out again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import torch
from torch import Tensor

from symc.algebra import sizes as sz
from symc.algebra.sizes import Size
from symc.backends import complaints
from symc.backends.free_sizes import Reading, readings, solve
from symc.backends.interface import Input, Interface
from symc.ir.types import leaves

MOST_EMPTY = 2**20  # samples without a row: a padded tensor has room for each of them


@dataclass(frozen=True, slots=True)
class Rows:
    """Where each row of a flat tensor lies in a padded one of shape (samples, size, ...)."""

    sample: Tensor
    place: Tensor
    samples: int
    size: int

    def padded(self, x: Tensor) -> Tensor:
        return x.new_zeros((self.samples, self.size, *x.shape[1:])).index_put((self.sample, self.place), x)

    def flat(self, y: Tensor) -> Tensor:
        return y[self.sample, self.place]

    @property
    def mask(self) -> Tensor:
        return self.padded(torch.ones_like(self.sample, dtype=torch.bool))


def pad(interface: Interface, tensors: Sequence[Tensor], indices: Mapping[str, Tensor]) -> tuple[list[Tensor], dict[str, Rows]]:
    """The inputs with one batch axis, and how the rows of each free size lie there. Raises InputError."""
    for name, index in indices.items():
        if not isinstance(index, Tensor) or index.dtype != torch.int64 or index.ndim != 1:
            raise complaints.bad_index(name, index)
    flat = [_first(spec.sizes, indices) for spec in interface.inputs]
    for spec, x, rows in zip(interface.inputs, tensors, flat, strict=True):
        wanted = spec.rank + (rows is None)
        if x.ndim != wanted:
            raise complaints.not_flat(spec, x, wanted)
        if rows is not None and len(x) != len(indices[rows]):
            raise complaints.wrong_rows(spec, x, rows, len(indices[rows]))
    samples = next((len(x) for x, name in zip(tensors, flat, strict=True) if name is None), None)
    if samples is None:
        name, samples = max(((name, int(index.max()) + 1 if len(index) else 0) for name, index in indices.items()), key=lambda found: found[1])
        if samples > MOST_EMPTY + len(indices[name]):
            raise complaints.mostly_empty(name, samples, len(indices[name]))
    laid = {name: _rows(name, index, samples, _size(interface.inputs, tensors, flat, name)) for name, index in indices.items()}
    return [x if rows is None else laid[rows].padded(x) for x, rows in zip(tensors, flat, strict=True)], laid


def unpad(interface: Interface, results: Sequence[Tensor], rows: Mapping[str, Rows]) -> list[Tensor]:
    """The results whose first axis is the set, flat again, in the order of the rows."""
    names = [_first(item.shape, rows) for _, item in leaves(interface.result)]
    return [y if name is None else rows[name].flat(y) for y, name in zip(results, names, strict=True)]


def _first(sizes: Sequence[Size], names: Mapping[str, Any]) -> str | None:
    """The free size that the first axis is, if its samples come in rows."""
    return str(sizes[0]) if sizes and str(sizes[0]) in names else None


def _size(inputs: Sequence[Input], tensors: Sequence[Tensor], flat: Sequence[str | None], name: str) -> int | None:
    """What the axes that are no rows say about a free size."""
    for spec, x, rows in zip(inputs, tensors, flat, strict=True):
        for axis, other in spec.free:
            if other == name and (rows is None or axis != -spec.rank):
                return x.shape[axis]
        for axis, size, _ in spec.derived:
            if sz.free_names(size) == {name}:
                return int(solve(_reading(size), x.shape[axis], {}))
    return None


@cache
def _reading(size: Size) -> Reading:
    """How the one free size in a size is found from it."""
    return readings([[size]])[0]


def _rows(name: str, index: Tensor, samples: int, size: int | None) -> Rows:
    if len(index) and (int(index.min()) < 0 or int(index.max()) >= samples):
        raise complaints.sample_range(name, int(index.min()), int(index.max()), samples)
    order = torch.argsort(index, stable=True)
    counts = torch.bincount(index, minlength=samples)
    starts = torch.cumsum(counts, 0) - counts
    place = torch.empty_like(index)
    place[order] = torch.arange(len(index), device=index.device) - starts[index[order]]
    most = int(counts.max()) if samples else 0
    if size is not None and size < most:
        raise complaints.too_few(name, size, most)
    return Rows(index, place, samples, most if size is None else size)
