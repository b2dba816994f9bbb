"""The calls that most are: tensors by position, with one batch axis and the model's own dtype, where all other axes have fixed sizes.

They are recognized by a few comparisons. On small models the full check of `checks` would take a tenth of the time of a call.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from symc.algebra import sizes as sz
from symc.backends.interface import Interface


def usual(interface: Interface) -> tuple[tuple[int, ...], ...] | None:
    """The shape of each input after its batch axis; None for models that have more to look at than shapes, dtypes and devices."""
    more = interface.plan or interface.whole or interface.centred or not interface.flat or not interface.inputs
    if more or any(spec.free or spec.derived or spec.complex or spec.classes is not None for spec in interface.inputs):
        return None
    return tuple(tuple(map(sz.number, spec.sizes)) for spec in interface.inputs)


def fits(shapes: Sequence[tuple[int, ...]], tensors: Sequence[object], like: Tensor) -> bool:
    """Are these plain tensors, one of each shape, as long as each other, and of the dtype and on the device of `like`?"""
    if len(tensors) != len(shapes):
        return False
    dtype, device, batch = like.dtype, like.device, None
    for x, shape in zip(tensors, shapes, strict=True):
        if type(x) is not Tensor or x.dtype is not dtype or x.device != device or x.layout is not torch.strided or x.is_nested:
            return False
        sizes = x.shape
        if sizes[1:] != shape or len(sizes) != len(shape) + 1 or (batch is not None and batch != sizes[0]):
            return False
        batch = sizes[0]
    return True
