"""Gates in numpy."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from symc.algebra.reps import Tensor
from symc.algebra.summands import positions
from symc.ir.coordinates import counts_copies
from symc.ir.gates import gate_type, gated_parts
from symc.ir.pointwise import FUNCTIONS
from symc.ir.types import Type

Array: TypeAlias = NDArray[np.float64]


def gate(x: Array, s: Array, item: Type) -> Array:
    """x and its gates s, each of shape (batch, one axis for each of its type's)."""
    flat, scale = x.reshape(len(x), -1), np.asarray(FUNCTIONS["sigmoid"].numpy(s)).reshape(len(s), -1)
    result = flat if np.iscomplexobj(flat) else np.asarray(FUNCTIONS["silu"].numpy(flat))  # complex numbers have no trivial parts here
    result = result.copy()
    gates = gate_type(item)
    assert gates is not None
    for part, image in gated_parts(item):
        where = positions(Tensor(item.axes), part.choice)
        kept = [size if counts_copies(leg) else 1 for leg, size in zip(part.legs, where.shape, strict=True)]
        which = np.broadcast_to(positions(Tensor(gates.axes), image.choice).reshape(kept), where.shape)
        result[:, where] = flat[:, where] * scale[:, which]
    return result.reshape(x.shape)
