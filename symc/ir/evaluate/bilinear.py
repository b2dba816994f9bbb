"""Bilinear maps of the equivariant level in numpy: linear maps of the products of all coordinates of one input with all of the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from symc.algebra import sizes as sz
from symc.algebra.hom import Split
from symc.algebra.reps import Trivial
from symc.ir.evaluate.linear import Array, operators, results, rows
from symc.ir.ops import Bilinear
from symc.ir.parameters import own_weights
from symc.ir.types import Type


def bilinear(
    op: Bilinear,
    inputs: Sequence[Array],
    types: Sequence[Type],
    targets: Sequence[Type],
    parameters: Mapping[str, Array],
    sizes: Mapping[str, int],
    batch: int,
) -> list[Array]:
    """As `linear`, with the weights as last input where they are given."""
    if op.basis is None:
        raise ValueError(f"bilinear map {op.name} is not solved")
    each = tuple(sz.number(axis.dim, sizes) for axis in op.each)
    flat = [rows(x, op.input_each[i] if each else (), each) for i, x in enumerate(inputs[: op.left + op.right])]
    pairs = [x[..., :, None] * y[..., None, :] for x in flat[: op.left] for y in flat[op.left :]]
    u = np.concatenate([pair.reshape(*pair.shape[:-2], -1) for pair in pairs], axis=-1)
    every = "uvwxyz"[: len(op.each)]
    if op.given is None:
        letters = "".join(every[i] for i, axis in enumerate(op.each) if isinstance(axis, Trivial))
        weight = operators(op.basis, parameters.get(f"{op.name}.weight"), own_weights(op), sizes)
    else:
        letters = f"b{every}"
        weight = operators(op.basis, _given(op, op.basis, op.given, inputs[-1], each), (batch, *each), sizes)
    return results(op, np.einsum(f"{letters}ts,b{every}s->b{every}t", weight, u), targets)


def _given(op: Bilinear, basis: Split, places: tuple[int | None, ...], w: Array, each: tuple[int, ...]) -> Array:
    """The weights that are given, scaled, shape (batch, *each, dim)."""
    shared = [j for j, axis in enumerate(op.each) if not isinstance(axis, Trivial)]
    own = [j for j in range(len(op.each)) if j not in shared]
    flat = rows(w, [places[j] for j in shared], tuple(each[j] for j in shared))
    flat = flat.reshape(*flat.shape[:-1], *(each[j] for j in own), basis.dim)
    scales = np.repeat(np.asarray(op.scales, dtype=np.float64), [entry.basis.dim for entry in basis.entries])
    return np.moveaxis(flat, range(1, 1 + len(each)), [1 + j for j in (*shared, *own)]) * scales
