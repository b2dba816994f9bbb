"""The oracle: evaluates a solved graph of the equivariant level in torch, densely and plainly. Slow, and obviously right.

It shares no operation with lowering and fx. Differentiable, in any floating dtype, dropout off.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import prod
from typing import assert_never

import torch
from torch import Tensor

from symc.algebra import sizes as sz
from symc.algebra.reps import OneHot, Sum
from symc.backends.eager.attention import attention
from symc.backends.eager.bilinear import bilinear
from symc.backends.eager.gates import gate
from symc.backends.eager.linear import linear
from symc.backends.eager.normalisation import batchnorm, layernorm
from symc.backends.eager.reductions import norm, normalize, pool
from symc.backends.eager.run import Run
from symc.backends.free_sizes import readings, solve
from symc.backends.kernels import pointwise
from symc.ir import ops
from symc.ir.graph import Graph, Node
from symc.ir.recurrence import time_of, unrolled
from symc.ir.types import Type

LIMIT = 2**30


def evaluate(
    graph: Graph[ops.EquivariantOp],
    inputs: Sequence[Tensor],
    parameters: Mapping[str, Tensor],
    *,
    limit_bytes: int = LIMIT,
) -> tuple[Tensor, ...]:
    """The flat outputs for flat inputs of shape (*batch, *type.shape), with parameters by state name.

    Raises DiagnosticError (E0501) where the dense basis of a linear map would need more than `limit_bytes`.
    """
    shapes = [_typed(value.type).shape for value in graph.inputs]
    batch = inputs[0].shape[: inputs[0].ndim - len(shapes[0])] if inputs else ()
    sizes: dict[str, int] = {}
    for reading in readings(shapes):
        sizes[reading.name] = solve(reading, inputs[reading.input].shape[len(batch) + reading.axis], sizes)
    run = Run(parameters, sizes, prod(batch), limit_bytes, _like(inputs, parameters))
    values = {value.id: x.reshape(run.batch, *run.axes(_typed(value.type))) for value, x in zip(graph.inputs, inputs, strict=True)}
    shapes = [(*batch, *(sz.number(size, sizes) for size in _typed(value.type).shape)) for value in graph.outputs]
    return tuple(result.reshape(shape) for result, shape in zip(_run(run, graph, values), shapes, strict=True))


def _run(run: Run, graph: Graph[ops.EquivariantOp], values: dict[int, Tensor]) -> list[Tensor]:
    """The outputs, from the inputs by their numbers."""
    for node in graph.nodes:
        results = _node(run, node, [values[value.id] for value in node.inputs])
        values |= {value.id: result for value, result in zip(node.outputs, results, strict=True)}
    return [values[value.id] for value in graph.outputs]


def _node(run: Run, node: Node[ops.EquivariantOp], inputs: Sequence[Tensor]) -> list[Tensor]:
    types = [_typed(value.type).at(run.sizes) for value in node.inputs]
    targets = [_typed(value.type).at(run.sizes) for value in node.outputs]
    match node.op:
        case ops.Linear():
            return linear(run, node, node.op, inputs, types, targets)
        case ops.Bilinear():
            return bilinear(run, node, node.op, inputs, types, targets)
        case ops.Pointwise(name, argument):
            return [pointwise(name, argument)(inputs[0])]
        case ops.Binary(kind, left, right):
            x, y = (_placed(value, places) for value, places in zip(inputs, (left, right), strict=True))
            return [x + y if kind == "add" else x - y if kind == "sub" else x * y if kind == "mul" else x / y]
        case ops.Attention():
            return [attention(node.op, inputs)]
        case ops.Dot(left, right, summed, weighted):
            x, y = _placed(inputs[0], (*left, *(a for a, _ in summed))), _placed(inputs[1], (*right, *(b for _, b in summed)))
            over = tuple(range(1 + len(left), 1 + len(left) + len(summed)))
            product, total = (x * y).sum(over), x.sum(over)
            return [torch.where(total == 0, 0.0, product / torch.where(total == 0, 1.0, total)) if weighted else product]
        case ops.Constant(value):
            return [run.like.new_full((run.batch,), value)]
        case ops.Norm() as op:
            return [norm(op, inputs[0], types[0])]
        case ops.Normalize():
            return [normalize(inputs[0], types[0])]
        case ops.Pool(kind, axis):
            return [pool(kind, inputs[0], 1 + axis)]
        case ops.Softmax(axis):
            return [torch.softmax(inputs[0], 1 + axis)]
        case ops.Concat(axis):
            return [torch.cat(list(inputs), 1 + axis)]
        case ops.Encode():
            place, k = next((i, sz.number(axis.k)) for i, axis in enumerate(types[0].axes) if isinstance(axis, OneHot))
            return [torch.eye(k).to(run.like)[inputs[0]].movedim(-1, 1 + place)]
        case ops.Zero():
            return [run.like.new_zeros((run.batch, *run.axes(targets[0])))]
        case ops.Scan(body) as op:
            def step(given: list[Tensor]) -> list[Tensor]:
                return _run(run, body, {value.id: x for value, x in zip(body.inputs, given, strict=True)})

            steps = sz.number(time_of(op, types).dim)
            return unrolled(op, inputs, steps, step, lambda x, place, k: x.select(1 + place, k), _stacked)
        case ops.Noise():
            raise ValueError("noise is no function of the inputs: make it one of them by `with_noise_as_inputs`")
        case ops.Project(axis, term):
            rep = types[0].axes[axis]
            lengths = [sz.number(part.dim) for part in rep.terms] if isinstance(rep, Sum) else [inputs[0].shape[1 + axis]]
            return [torch.split(inputs[0], lengths, 1 + axis)[term].reshape(run.batch, *run.axes(targets[0]))]
        case ops.Recast(kind):
            return [_recast(kind, inputs[0], types[0]).reshape(run.batch, *run.axes(targets[0]))]
        case ops.Reinterpret(order):
            x = inputs[0] if order is None else inputs[0].permute(0, *(1 + axis for axis in order))
            return [x.reshape(run.batch, *run.axes(targets[0]))]
        case ops.LayerNorm(name) as op if f"{name}.weight" in run.parameters:
            return [layernorm(op, inputs[0], types[0], run.parameters[f"{name}.weight"], run.parameters.get(f"{name}.bias"))]
        case ops.Gate():
            return [gate(inputs[0], inputs[1], types[0])]
        case ops.BatchNorm(name) if f"{name}.weight" in run.parameters:
            return [batchnorm(name, inputs[0], types[0], run.parameters)]
        case ops.Dropout() | ops.LayerNorm() | ops.BatchNorm():  # a module has no weights where they lead nowhere
            return [inputs[0]]
        case _:
            assert_never(node.op)


def _recast(kind: str, x: Tensor, item: Type) -> Tensor:
    if kind == "conj":
        return x.conj().resolve_conj()
    place = next((i for i, axis in enumerate(item.axes) if axis.is_complex), None)
    if kind == "complex":
        return x if place is not None else torch.complex(x, torch.zeros_like(x))
    return x if place is None else torch.view_as_real(x).movedim(-1, 2 + place)


def _stacked(like: Tensor, states: list[Tensor]) -> Tensor:
    return torch.stack(states, 1) if states else like.new_zeros((len(like), 0, *like.shape[1:]))


def _placed(x: Tensor, places: tuple[int | None, ...]) -> Tensor:
    """The operand with an axis for every axis of the result, of size 1 where it is stretched; axes of one coordinate may be left out."""
    used = [1 + place for place in places if place is not None]
    dropped = [axis for axis in range(1, x.ndim) if axis not in used]
    sizes = iter([x.shape[axis] for axis in used])
    return x.permute(0, *used, *dropped).reshape(len(x), *(next(sizes) if place is not None else 1 for place in places))


def _like(inputs: Sequence[Tensor], parameters: Mapping[str, Tensor]) -> Tensor:
    """A real tensor of the precision and device of the computation."""
    numbers = (x for x in (*inputs, *parameters.values()) if x.is_floating_point() or x.is_complex())
    found = next(numbers, torch.zeros(()))
    return found.real if found.is_complex() else found


def _typed(item: object) -> Type:
    assert isinstance(item, Type)
    return item
