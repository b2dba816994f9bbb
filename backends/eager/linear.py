"""Linear maps by one dense matrix."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

import numpy as np
import torch
from torch import Tensor

from symc.algebra import sizes as sz
from symc.algebra.hom import Affine, Array, Split, normalisation
from symc.algebra.reps import Trivial
from symc.backends.eager.run import Run
from symc.backends.modules import state_name
from symc.diagnostics import Diagnostic, DiagnosticError, Label
from symc.ir.graph import Node
from symc.ir.infer import remaining
from symc.ir.ops import Bilinear, EquivariantOp, Linear
from symc.ir.parameters import own_weights
from symc.ir.types import Type


def linear(run: Run, node: Node[EquivariantOp], op: Linear, inputs: Sequence[Tensor], types: Sequence[Type], targets: Sequence[Type]) -> list[Tensor]:
    """Concatenate all inputs, multiply by one matrix, cut into the outputs; the `each` axes go along in front."""
    assert op.basis is not None
    each = tuple(sz.number(axis.dim, run.sizes) for axis in op.each)
    shared = [1 if not isinstance(axis, Trivial) else size for axis, size in zip(op.each, each, strict=True)]  # sizes of the weights' own axes
    parts = [rows(run, x, op.input_each[i] if each else (), each) for i, x in enumerate(inputs)]
    x = torch.cat([run.like.new_zeros((run.batch, *each, 0)), *parts], -1)
    matrix = _matrix(run, node, op.basis, state_name(f"{op.name}.weight"), own_weights(op))
    y = (matrix.reshape(*shared, *matrix.shape[-2:]) @ x.to(matrix.dtype).unsqueeze(-1)).squeeze(-1)
    if op.bias and op.bias_basis is not None:
        y = y + _matrix(run, node, op.bias_basis, state_name(f"{op.name}.bias"), own_weights(op)).reshape(*shared, y.shape[-1])
    return results(run, op, y, targets)


def rows(run: Run, x: Tensor, places: Sequence[int | None], each: tuple[int, ...]) -> Tensor:
    """(batch, *each, the rest flat) of a tensor that has the axes of `each` at `places`; repeated along those that it lacks."""
    held = [1 + place for place in places if place is not None]
    x = x.movedim(held, list(range(1, 1 + len(held)))) if held else x
    rest = x.shape[1 + len(held) :]
    sizes = [size if place is not None else 1 for size, place in zip(each, places, strict=True)]
    return x.reshape(run.batch, *sizes, prod(rest)).expand(run.batch, *each, prod(rest))


def results(run: Run, op: Linear | Bilinear, y: Tensor, targets: Sequence[Type]) -> list[Tensor]:
    """The outputs, from all of them beside each other, shape (batch, *each, all)."""
    rests = [run.axes(rest) for rest in remaining(op, targets, out=True)]
    parts = torch.split(y, [prod(rest) for rest in rests], -1)
    places = op.output_each if op.each else ((),) * len(parts)
    return [
        part.reshape(*y.shape[:-1], *rest).movedim(tuple(range(1, y.ndim - 1)), tuple(1 + place for place in row))
        for part, rest, row in zip(parts, rests, places, strict=True)
    ]


def numbers(theta: Tensor, complex: bool) -> Tensor:
    """Complex weights are held as pairs of real ones."""
    return torch.view_as_complex(theta.contiguous()) if complex else theta


def _matrix(run: Run, node: Node[EquivariantOp], basis: Split | Affine, name: str, own: tuple[int, ...]) -> Tensor:
    """The weight written out, shape (*own, d_out, d_in)."""
    check_size(run, node, basis, name)
    known = run.parameters.get(name)  # None where the maps lead nowhere
    dtype = run.like.dtype.to_complex() if basis.is_complex else run.like.dtype
    theta = numbers(known, basis.is_complex).reshape(*own, basis.dim) if known is not None else run.like.new_zeros((*own, basis.dim), dtype=dtype)
    stack = basis.dense(run.sizes) if isinstance(basis, Affine) else dense(run, basis)
    matrix: Tensor = torch.tensordot(theta, torch.as_tensor(stack).to(theta), 1)
    return matrix + torch.as_tensor(basis.origin(run.sizes)).to(run.like) if isinstance(basis, Affine) else matrix


def dense(run: Run, basis: Split) -> Array:
    """Shape (dim, d_out, d_in): the basis maps as modules use them."""
    return np.asarray(basis.dense(run.sizes) * normalisation(basis, run.sizes)[:, None, None])


def check_size(run: Run, node: Node[EquivariantOp], basis: Split | Affine, name: str) -> None:
    """Raises DiagnosticError (E0501) where the dense basis needs more than the limit."""
    d_out, d_in = (sum(sz.number(rep.dim, run.sizes) for rep in reps) for reps in (basis.targets, basis.sources))
    if (needed := 8 * basis.dim * d_out * d_in) > run.limit:
        title = f"the dense basis of `{name}` would need {needed:,} bytes, more than the limit of {run.limit:,}"
        sizes = ", ".join(f"{key} = {size}" for key, size in sorted(run.sizes.items()))
        raise DiagnosticError(Diagnostic("E0501", title, Label(node.span) if node.span else None, notes=(f"at {sizes}",) if sizes else ()))
