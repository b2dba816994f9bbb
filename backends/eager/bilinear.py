"""Bilinear maps by one dense matrix for every point: that of a linear map of all products of coordinates."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from symc.algebra import sizes as sz
from symc.algebra.hom import Split
from symc.algebra.reps import Trivial
from symc.backends.eager.linear import check_size, dense, numbers, results, rows
from symc.backends.eager.run import Run
from symc.backends.modules import state_name
from symc.ir.graph import Node
from symc.ir.ops import Bilinear, EquivariantOp
from symc.ir.parameters import own_weights
from symc.ir.types import Type


def bilinear(
    run: Run, node: Node[EquivariantOp], op: Bilinear, inputs: Sequence[Tensor], types: Sequence[Type], targets: Sequence[Type]
) -> list[Tensor]:
    """All products, times a matrix, cut into the outputs; the `each` axes go along in front."""
    assert op.basis is not None
    each = tuple(sz.number(axis.dim, run.sizes) for axis in op.each)
    flat = [rows(run, x, op.input_each[i] if each else (), each) for i, x in enumerate(inputs[: op.left + op.right])]
    products = torch.cat([torch.einsum("...i,...j->...ij", x, y).flatten(-2) for x in flat[: op.left] for y in flat[op.left :]], -1)
    check_size(run, node, op.basis, state_name(f"{op.name}.weight"))
    theta = _own(run, op, op.basis) if op.given is None else _given(run, op, op.basis, op.given, inputs[-1], each)
    matrix = torch.tensordot(theta, torch.as_tensor(dense(run, op.basis)).to(theta), 1)
    return results(run, op, (matrix @ products.to(matrix.dtype).unsqueeze(-1)).squeeze(-1), targets)


def _own(run: Run, op: Bilinear, basis: Split) -> Tensor:
    """The parameter, with an axis for every axis of `each`, then one for the basis."""
    shape = (*(sz.number(axis.dim) if isinstance(axis, Trivial) else 1 for axis in op.each), basis.dim)
    known = run.parameters.get(state_name(f"{op.name}.weight"))  # None where the maps lead nowhere
    return run.like.new_zeros(shape) if known is None else numbers(known, basis.is_complex).reshape(*own_weights(op), basis.dim).reshape(shape)


def _given(run: Run, op: Bilinear, basis: Split, places: Sequence[int | None], w: Tensor, each: tuple[int, ...]) -> Tensor:
    """The weights that are given, shape (batch, *each, dim)."""
    shared = [j for j, axis in enumerate(op.each) if not isinstance(axis, Trivial)]
    own = [j for j in range(len(each)) if j not in shared]
    flat = rows(run, w, [places[j] for j in shared], tuple(each[j] for j in shared))
    flat = flat.reshape(*flat.shape[:-1], *(each[j] for j in own), basis.dim)
    scales = torch.tensor([scale for scale, entry in zip(op.scales, basis.entries, strict=True) for _ in range(entry.basis.dim)], dtype=torch.float64)
    return flat.movedim(list(range(1, 1 + len(each))), [1 + j for j in (*shared, *own)]) * scales.to(run.like)
