"""Linear maps of the equivariant level in numpy: the dense matrix of the weights, applied along the `each` axes one by one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from symc.algebra import sizes as sz
from symc.algebra.hom import Affine, Split
from symc.algebra.hom.affine import normalisation
from symc.algebra.reps import Trivial
from symc.ir.infer import remaining
from symc.ir.ops import Bilinear, Linear
from symc.ir.parameters import own_weights
from symc.ir.types import Type

Array: TypeAlias = NDArray[Any]  # float64, or complex128 for maps over C


def linear(
    op: Linear,
    inputs: Sequence[Array],
    types: Sequence[Type],
    targets: Sequence[Type],
    parameters: Mapping[str, Array],
    sizes: Mapping[str, int],
    batch: int,
) -> list[Array]:
    """Inputs and outputs have shape (batch, one axis for each of the type's), sizes concrete in the types."""
    if op.basis is None:
        raise ValueError(f"linear map {op.name} is not solved")
    each = tuple(sz.number(axis.dim, sizes) for axis in op.each)
    flat = [rows(array, op.input_each[i] if each else (), each) for i, array in enumerate(inputs)]
    x = np.concatenate([np.zeros((batch, *each, 0)), *flat], axis=-1)
    letters = "".join("uvwxyz"[i] for i, axis in enumerate(op.each) if isinstance(axis, Trivial))
    every = "uvwxyz"[: len(op.each)]
    weight = operators(op.basis, parameters.get(f"{op.name}.weight"), own_weights(op), sizes)
    y = np.einsum(f"{letters}ts,b{every}s->b{every}t", weight, x)
    if op.bias and op.bias_basis is not None:
        bias = operators(op.bias_basis, parameters.get(f"{op.name}.bias"), own_weights(op), sizes)[..., 0]
        shared = [d if isinstance(axis, Trivial) else 1 for d, axis in zip(each, op.each, strict=True)]
        y = y + bias.reshape(1, *shared, bias.shape[-1])
    return results(op, y, targets)


def operators(basis: Split | Affine, weight: Array | None, own: tuple[int, ...], sizes: Mapping[str, int]) -> Array:
    """The matrices (*own, d_out, d_in) of weights in any of their layouts; 0 without weights, as where no map leads to a result."""
    flat = np.zeros((*own, basis.dim)) if weight is None else _numbers(weight, basis.is_complex).reshape(*own, basis.dim)
    if isinstance(basis, Affine):
        flat, basis = basis.linear_weights(flat), basis.linear
    stack = basis.dense(sizes) * normalisation(basis, sizes)[:, None, None]
    return np.asarray(np.tensordot(flat, stack, axes=1))


def _numbers(weight: Array, complex: bool) -> Array:
    """Complex weights are held as pairs of real ones."""
    if np.iscomplexobj(weight):  # given by the model
        return weight
    values = np.asarray(weight, dtype=np.float64)
    return np.asarray(values[..., 0] + 1j * values[..., 1]) if complex else values


def rows(x: Array, places: Sequence[int | None], each: tuple[int, ...]) -> Array:
    """(batch, *each, the rest flat) of an array that has the axes of `each` at `places`; along one that it lacks it is repeated."""
    held = [place for place in places if place is not None]
    front = np.moveaxis(x, [1 + place for place in held], range(1, 1 + len(held)))
    shape = [x.shape[1 + place] if place is not None else 1 for place in places]
    rest = int(np.prod(front.shape[1 + len(held) :], dtype=np.int64))
    return np.broadcast_to(front.reshape(len(x), *shape, rest), (len(x), *each, rest))


def results(op: Linear | Bilinear, y: Array, targets: Sequence[Type]) -> list[Array]:
    """The outputs, from all of them beside each other, shape (batch, *each, all)."""
    ends = np.cumsum([int(np.prod([sz.number(axis.dim) for axis in rest.axes])) for rest in remaining(op, targets, out=True)])
    parts = zip(np.split(y, ends[:-1], axis=-1), targets, op.output_each if op.each else ((),) * len(targets), strict=True)
    return [_placed(part, target, places) for part, target, places in parts]


def _placed(y: Array, target: Type, places: Sequence[int]) -> Array:
    """The flat rest unfolded, and the `each` axes moved to where the target has them."""
    rest = [sz.number(axis.dim) for i, axis in enumerate(target.axes) if i not in places]
    return np.moveaxis(y.reshape(*y.shape[: 1 + len(places)], *rest), range(1, 1 + len(places)), [1 + place for place in places])
