"""The oracle: evaluates a solved graph of the equivariant level in torch, densely and plainly. Slow, and obviously right.

It shares no operation with lowering and fx. Differentiable, in any floating dtype, dropout off.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import prod
from typing import assert_never

import numpy as np
import torch
from torch import Tensor

from symc.algebra import sizes as sz
from symc.algebra.hom import Affine, Split, normalisation
from symc.algebra.reps import Sum, Trivial
from symc.algebra.summands import positions, summands
from symc.backends.free_sizes import readings, solve
from symc.backends.kernels import pointwise, safe_sqrt
from symc.backends.modules import state_name
from symc.diagnostics import Diagnostic, DiagnosticError, Label
from symc.ir.coordinates import copies, counts_copies
from symc.ir.graph import Graph, Node
from symc.ir.infer import remaining
from symc.ir.ops import (
    Binary,
    Concat,
    Constant,
    Dropout,
    EquivariantOp,
    LayerNorm,
    Linear,
    Norm,
    Pointwise,
    Pool,
    Project,
    Reinterpret,
    Softmax,
)
from symc.ir.parameters import copies_of, is_trivial, normalised_parts, own_weights
from symc.ir.types import Type

EPS = 1e-5
LIMIT = 2**30


def evaluate(
    graph: Graph[EquivariantOp],
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
    run = _Run(parameters, sizes, prod(batch), limit_bytes, _like(inputs, parameters))
    values = {value.id: x.reshape(run.batch, *run.axes(_typed(value.type))) for value, x in zip(graph.inputs, inputs, strict=True)}
    for node in graph.nodes:
        results = run.node(node, [values[value.id] for value in node.inputs])
        values |= {value.id: result for value, result in zip(node.outputs, results, strict=True)}
    return tuple(values[value.id].reshape((*batch, *(sz.number(size, sizes) for size in _typed(value.type).shape))) for value in graph.outputs)


class _Run:
    """One evaluation. Values have shape (batch, one axis for each of the type's): pixels are flat."""

    def __init__(self, parameters: Mapping[str, Tensor], sizes: Mapping[str, int], batch: int, limit: int, like: Tensor):
        self.parameters, self.sizes, self.batch, self.limit, self.like = parameters, sizes, batch, limit, like

    def axes(self, item: Type) -> tuple[int, ...]:
        return tuple(sz.number(axis.dim, self.sizes) for axis in item.axes)

    def node(self, node: Node[EquivariantOp], inputs: Sequence[Tensor]) -> list[Tensor]:
        types = [_typed(value.type).at(self.sizes) for value in node.inputs]
        targets = [_typed(value.type).at(self.sizes) for value in node.outputs]
        match node.op:
            case Linear():
                return self.linear(node, node.op, inputs, types, targets)
            case Pointwise(name, argument):
                return [pointwise(name, argument)(inputs[0])]
            case Binary(kind, left, right):
                x, y = (_placed(value, places) for value, places in zip(inputs, (left, right), strict=True))
                return [x + y if kind == "add" else x - y if kind == "sub" else x * y if kind == "mul" else x / y]
            case Constant(value):
                return [self.like.new_full((self.batch,), value)]
            case Norm() as op:
                return [self.norm(op, inputs[0], types[0])]
            case Pool(kind, axis):
                return [_pool(kind, inputs[0], 1 + axis)]
            case Softmax(axis):
                return [torch.softmax(inputs[0], 1 + axis)]
            case Concat(axis):
                return [torch.cat(list(inputs), 1 + axis)]
            case Project(axis, term):
                rep = types[0].axes[axis]
                lengths = [sz.number(part.dim) for part in rep.terms] if isinstance(rep, Sum) else [inputs[0].shape[1 + axis]]
                return [torch.split(inputs[0], lengths, 1 + axis)[term].reshape(self.batch, *self.axes(targets[0]))]
            case Reinterpret(order):
                x = inputs[0] if order is None else inputs[0].permute(0, *(1 + axis for axis in order))
                return [x.reshape(self.batch, *self.axes(targets[0]))]
            case LayerNorm(name, axes) if f"{name}.weight" in self.parameters:
                return [self.layernorm(inputs[0], types[0], axes, self.parameters[f"{name}.weight"], self.parameters.get(f"{name}.bias"))]
            case Dropout() | LayerNorm():  # a module has no weights where they lead nowhere
                return [inputs[0]]
            case _:
                assert_never(node.op)

    def linear(self, node: Node[EquivariantOp], op: Linear, inputs: Sequence[Tensor], types: Sequence[Type], targets: Sequence[Type]) -> list[Tensor]:
        """Concatenate all inputs, multiply by one matrix, cut into the outputs; the `each` axes go along in front."""
        assert op.basis is not None
        each = tuple(sz.number(axis.dim, self.sizes) for axis in op.each)
        shared = [1 if not isinstance(axis, Trivial) else size for axis, size in zip(op.each, each, strict=True)]  # sizes of the weights' own axes
        rows = [self.rows(op, i, x, each) for i, x in enumerate(inputs)]
        x = torch.cat([self.like.new_zeros((self.batch, *each, 0)), *rows], -1)
        matrix = self.matrix(node, op.basis, state_name(f"{op.name}.weight"), op)
        y = (matrix.reshape(*shared, *matrix.shape[-2:]) @ x.unsqueeze(-1)).squeeze(-1)
        if op.bias and op.bias_basis is not None:
            y = y + self.matrix(node, op.bias_basis, state_name(f"{op.name}.bias"), op).reshape(*shared, y.shape[-1])
        rests = [self.axes(rest) for rest in remaining(op, targets, out=True)]
        parts = torch.split(y, [prod(rest) for rest in rests], -1)
        places = op.output_each if op.each else ((),) * len(parts)
        return [
            part.reshape(self.batch, *each, *rest).movedim(tuple(range(1, 1 + len(each))), tuple(1 + place for place in row))
            for part, rest, row in zip(parts, rests, places, strict=True)
        ]

    def rows(self, op: Linear, index: int, x: Tensor, each: tuple[int, ...]) -> Tensor:
        """(batch, *each, the rest flat), repeated along the axes of `each` that the input lacks."""
        places = op.input_each[index] if op.each else ()
        held = [1 + place for place in places if place is not None]
        x = x.movedim(held, list(range(1, 1 + len(held)))) if held else x
        rest = x.shape[1 + len(held) :]
        sizes = [size if place is not None else 1 for size, place in zip(each, places, strict=True)]
        return x.reshape(self.batch, *sizes, prod(rest)).expand(self.batch, *each, prod(rest))

    def matrix(self, node: Node[EquivariantOp], basis: Split | Affine, name: str, op: Linear) -> Tensor:
        """The weight written out, shape (*own, d_out, d_in)."""
        d_out, d_in = (sum(sz.number(rep.dim, self.sizes) for rep in reps) for reps in (basis.targets, basis.sources))
        if (needed := 8 * basis.dim * d_out * d_in) > self.limit:
            title = f"the dense basis of `{name}` would need {needed:,} bytes, more than the limit of {self.limit:,}"
            sizes = ", ".join(f"{key} = {size}" for key, size in sorted(self.sizes.items()))
            raise DiagnosticError(Diagnostic("E0501", title, Label(node.span) if node.span else None, notes=(f"at {sizes}",) if sizes else ()))
        own = own_weights(op)
        known = self.parameters.get(name)  # None where the maps lead nowhere
        theta = known.reshape(*own, basis.dim) if known is not None else self.like.new_zeros((*own, basis.dim))
        linear = basis.linear if isinstance(basis, Affine) else basis
        stack = basis.dense(self.sizes) if isinstance(basis, Affine) else basis.dense(self.sizes) * normalisation(linear, self.sizes)[:, None, None]
        matrix: Tensor = torch.tensordot(theta, torch.as_tensor(stack).to(self.like), 1)
        return matrix + torch.as_tensor(basis.origin(self.sizes)).to(self.like) if isinstance(basis, Affine) else matrix

    def norm(self, op: Norm, x: Tensor, item: Type) -> Tensor:
        squares = x * x
        for axis in op.reduced:
            squares = torch.movedim(torch.movedim(squares, 1 + axis, -1) @ torch.as_tensor(_same_copy(item, axis)).to(x), -1, 1 + axis)
        squares = squares.sum(tuple(1 + axis for axis in op.dropped)) if op.dropped else squares
        return squares if op.squared else safe_sqrt(squares)

    def layernorm(self, x: Tensor, item: Type, axes: Sequence[int], weight: Tensor, bias: Tensor | None) -> Tensor:
        """Part by part: weight has one entry a copy, bias one a trivial channel."""
        last, order = [1 + axis for axis in axes], list(range(x.ndim - len(axes), x.ndim))
        moved = x.movedim(last, order)
        flat = moved.reshape(*moved.shape[: x.ndim - len(axes)], prod(moved.shape[x.ndim - len(axes) :]))
        rep = Type(tuple(item.axes[axis] for axis in axes)).rep
        pieces, places, at, shift = [], [], 0, 0
        for part in normalised_parts(item, axes):
            count = copies_of(part)
            outer = [i for i, leg in enumerate(part.legs) if isinstance(leg, Trivial)]
            where = np.moveaxis(positions(rep, part.choice), outer, range(len(outer))).reshape(count, -1)  # one row a copy
            values, scale = flat[..., torch.as_tensor(where)], weight[at : at + count, None]
            if is_trivial(part):
                assert bias is not None
                values = values - values.mean((-2, -1), keepdim=True)
                values = values / torch.sqrt((values**2).mean((-2, -1), keepdim=True) + EPS) * scale + bias[shift : shift + count, None]
                shift += count
            else:
                values = values / torch.sqrt((values**2).sum(-1, keepdim=True).mean(-2, keepdim=True) + EPS) * scale
            at += count
            pieces.append(values.flatten(-2))
            places.append(where.ravel())
        undo = torch.as_tensor(np.argsort(np.concatenate(places)))
        return torch.cat(pieces, -1)[..., undo].reshape(moved.shape).movedim(order, last)


def _same_copy(item: Type, axis: int) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """Shape (d, copies): 1 where a coordinate of an axis belongs to a copy."""
    rep = item.axes[axis]
    kept = copies(rep)
    result = np.zeros((sz.number(rep.dim), sz.number(kept.dim)))
    for part, image in zip(summands(rep), summands(kept), strict=True):
        inner = tuple(i for i, leg in enumerate(part.legs) if not counts_copies(leg))
        where = positions(rep, part.choice)
        columns = np.expand_dims(positions(kept, image.choice).reshape([where.shape[i] for i in range(where.ndim) if i not in inner]), inner)
        result[where, np.broadcast_to(columns, where.shape)] = 1
    return result


def _pool(kind: str, x: Tensor, axis: int) -> Tensor:
    if x.shape[axis] == 0:
        return x.sum(axis)
    return x.sum(axis) if kind == "sum" else x.mean(axis) if kind == "mean" else x.amax(axis)


def _placed(x: Tensor, places: tuple[int | None, ...]) -> Tensor:
    """The operand with an axis for every axis of the result, of size 1 where it is stretched; axes of one coordinate may be left out."""
    used = [1 + place for place in places if place is not None]
    dropped = [axis for axis in range(1, x.ndim) if axis not in used]
    sizes = iter([x.shape[axis] for axis in used])
    return x.permute(0, *used, *dropped).reshape(len(x), *(next(sizes) if place is not None else 1 for place in places))


def _like(inputs: Sequence[Tensor], parameters: Mapping[str, Tensor]) -> Tensor:
    """A tensor of the dtype and device of the computation."""
    return next(iter([*inputs, *parameters.values()]), torch.zeros(()))


def _typed(item: object) -> Type:
    assert isinstance(item, Type)
    return item
