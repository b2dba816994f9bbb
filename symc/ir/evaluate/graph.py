"""A numpy evaluator of the equivariant level, float64: dense, plain, and independent of every backend."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias, assert_never

import numpy as np
from numpy.typing import NDArray

from symc.algebra import sizes as sz
from symc.algebra.reps import OneHot, Sum
from symc.ir import ops
from symc.ir.evaluate.attention import attention
from symc.ir.evaluate.bilinear import bilinear
from symc.ir.evaluate.gates import gate
from symc.ir.evaluate.linear import linear
from symc.ir.evaluate.normalisation import batchnorm, layernorm
from symc.ir.evaluate.reductions import norm, normalize, pool, softmax
from symc.ir.graph import Graph
from symc.ir.pointwise import function
from symc.ir.recurrence import time_of, unrolled
from symc.ir.types import Type

Array: TypeAlias = NDArray[Any]  # float64, or complex128 where the type is complex


def evaluate(
    graph: Graph[ops.EquivariantOp], inputs: Sequence[Array], parameters: Mapping[str, Array], sizes: Mapping[str, int]
) -> tuple[Array, ...]:
    """The outputs of a solved graph at these free sizes, dropout off.

    Inputs have shapes (*batch, *type.shape) with the same batch axes, none too; so have the outputs. Raises ValueError where a shape is another.
    """
    batch = _batch(graph, inputs, sizes)
    values: dict[int, Array] = {}
    for value, array in zip(graph.inputs, inputs, strict=True):
        number = np.complex128 if _typed(value.type).is_complex else np.float64
        values[value.id] = np.asarray(array, dtype=number).reshape(int(np.prod(batch)), *axis_sizes(_typed(value.type), sizes))
    results = _run(graph, values, parameters, sizes, int(np.prod(batch)))
    shapes = ([sz.number(size, sizes) for size in _typed(value.type).shape] for value in graph.outputs)
    return tuple(result.reshape(*batch, *shape) for result, shape in zip(results, shapes, strict=True))


def _run(
    graph: Graph[ops.EquivariantOp], values: dict[int, Array], parameters: Mapping[str, Array], sizes: Mapping[str, int], batch: int
) -> list[Array]:
    """The outputs, from the inputs by their numbers; of shape (batch, one axis for each of the type's)."""
    for node in graph.nodes:
        types = [_typed(value.type).at(sizes) for value in node.inputs]
        targets = [_typed(value.type).at(sizes) for value in node.outputs]
        results = apply(node.op, [values[value.id] for value in node.inputs], types, targets, parameters, sizes, batch)
        values |= {value.id: result for value, result in zip(node.outputs, results, strict=True)}
    return [values[value.id] for value in graph.outputs]


def axis_sizes(item: Type, sizes: Mapping[str, int] | None = None) -> tuple[int, ...]:
    """One size for every axis of the type; those of pixels are flattened, and a one-hot axis does not show."""
    return tuple(sz.number(axis.dim, sizes) for axis in item.axes if not isinstance(axis, OneHot))


def apply(
    op: ops.EquivariantOp,
    inputs: Sequence[Array],
    types: Sequence[Type],
    targets: Sequence[Type],
    parameters: Mapping[str, Array],
    sizes: Mapping[str, int],
    batch: int,
) -> list[Array]:
    """One operation on arrays of shape (batch, one axis for each of the type's), sizes concrete in the types."""
    match op:
        case ops.Linear():
            return linear(op, inputs, types, targets, parameters, sizes, batch)
        case ops.Bilinear():
            return bilinear(op, inputs, types, targets, parameters, sizes, batch)
        case ops.Constant(value):
            return [np.full((batch,), value)]
        case ops.Binary(kind, left, right):
            x, y = (_placed(array, places) for array, places in zip(inputs, (left, right), strict=True))
            with np.errstate(all="ignore"):
                result: Array = {"add": np.add, "sub": np.subtract, "mul": np.multiply, "div": np.divide}[kind](x, y)
            return [result]
        case ops.Attention():
            return [attention(op, inputs)]
        case ops.Dot(left, right, summed, weighted):
            x, y = _placed(inputs[0], (*left, *(a for a, _ in summed))), _placed(inputs[1], (*right, *(b for _, b in summed)))
            over = tuple(range(1 + len(left), 1 + len(left) + len(summed)))
            product, total = (x * y).sum(axis=over), x.sum(axis=over)
            return [np.where(total == 0, 0.0, product / np.where(total == 0, 1.0, total)) if weighted else product]
        case ops.Concat(axis):
            return [np.concatenate(list(inputs), axis=1 + axis)]
        case ops.Encode():
            return [_onehot(inputs[0], types[0])]
        case ops.Zero():
            return [np.zeros((batch, *axis_sizes(targets[0])))]
        case ops.Scan(body):
            def step(given: list[Array]) -> list[Array]:
                return _run(body, {value.id: x for value, x in zip(body.inputs, given, strict=True)}, parameters, sizes, batch)

            steps = sz.number(time_of(op, types).dim)
            return unrolled(op, inputs, steps, step, lambda x, place, k: np.take(x, k, axis=1 + place), _stacked)
        case ops.Noise():
            raise ValueError("noise is no function of the inputs: make it one of them by `with_noise_as_inputs`")
        case ops.Gate():
            return [gate(inputs[0], inputs[1], types[0])]
        case _:
            return [_unary(op, inputs[0], types[0], targets[0], parameters)]


def _unary(op: ops.Unary, x: Array, item: Type, target: Type, parameters: Mapping[str, Array]) -> Array:
    match op:
        case ops.Pointwise(name, argument):
            with np.errstate(all="ignore"):
                return np.asarray(function(name, argument).numpy(x))
        case ops.Norm():
            return norm(op, x, item)
        case ops.Normalize():
            return normalize(x, item)
        case ops.Pool(kind, axis):
            return pool(kind, x, 1 + axis)
        case ops.Softmax(axis):
            return softmax(x, 1 + axis)
        case ops.Project(axis, term):
            rep = item.axes[axis]
            start = sum(sz.number(part.dim) for part in rep.terms[:term]) if isinstance(rep, Sum) else 0
            length = sz.number(rep.terms[term].dim) if isinstance(rep, Sum) else x.shape[1 + axis]
            return np.take(x, np.arange(start, start + length), axis=1 + axis).reshape(len(x), *axis_sizes(target))
        case ops.Recast(kind):
            return recast(kind, x, item, target)
        case ops.Reinterpret(order):
            return (x if order is None else x.transpose(0, *(1 + position for position in order))).reshape(len(x), *axis_sizes(target))
        case ops.LayerNorm(name) if f"{name}.weight" in parameters:
            return layernorm(op, x, item, parameters[f"{name}.weight"], parameters.get(f"{name}.bias", np.zeros(0)))
        case ops.BatchNorm(name) if f"{name}.weight" in parameters:
            return batchnorm(name, x, item, parameters)
        case ops.Dropout() | ops.LayerNorm() | ops.BatchNorm():  # without weights: its result leads nowhere
            return x
        case _:
            assert_never(op)


def recast(kind: str, x: Array, item: Type, target: Type) -> Array:
    """As complex numbers, as real and imaginary parts side by side along the complex axis, or conjugated."""
    if kind == "conj":
        return np.conj(x)
    if kind == "complex":
        return x.astype(np.complex128).reshape(len(x), *axis_sizes(target))
    place = next((i for i, axis in enumerate(item.axes) if axis.is_complex), None)
    if place is None:
        return x
    return np.moveaxis(np.stack([x.real, x.imag], axis=-1), -1, 2 + place).reshape(len(x), *axis_sizes(target))


def _stacked(like: Array, states: list[Array]) -> Array:
    return np.stack(states, axis=1) if states else np.zeros((len(like), 0, *like.shape[1:]))


def _onehot(index: Array, item: Type) -> Array:
    """The one-hot coordinates, their axis where the type has it."""
    (place,) = (i for i, axis in enumerate(item.axes) if isinstance(axis, OneHot))
    return np.moveaxis(np.eye(sz.number(item.axes[place].dim))[index.astype(np.int64)], -1, 1 + place)


def _placed(x: Array, places: tuple[int | None, ...]) -> Array:
    """The operand with an axis for every axis of the result, of size 1 where it is stretched."""
    used = [place for place in places if place is not None]
    others = [axis for axis in range(x.ndim - 1) if axis not in used]  # trivial, of one coordinate
    ordered = x.transpose(0, *(1 + place for place in used), *(1 + axis for axis in others)).reshape(len(x), *(x.shape[1 + place] for place in used))
    return np.expand_dims(ordered, [1 + i for i, place in enumerate(places) if place is None])


def _batch(graph: Graph[ops.EquivariantOp], inputs: Sequence[Array], sizes: Mapping[str, int]) -> tuple[int, ...]:
    batches = set()
    for value, array in zip(graph.inputs, inputs, strict=True):
        shape = tuple(sz.number(size, sizes) for size in _typed(value.type).shape)
        lead = np.shape(array)[: np.ndim(array) - len(shape)]
        if np.shape(array) != (*lead, *shape):
            raise ValueError(f"{value.name} has shape {np.shape(array)}, its type {value.type} ends in {shape}")
        batches.add(lead)
    if len(batches) > 1:
        raise ValueError(f"the inputs have different batch axes: {sorted(batches)}")
    return batches.pop() if batches else ()


def _typed(item: object) -> Type:
    if not isinstance(item, Type):
        raise TypeError(f"{item} is not a type of the equivariant level")
    return item
