"""Lowering `linear`: pair by pair of summands, in the coordinates of irreducibles, or as one matrix, whichever costs less."""

from __future__ import annotations

from collections.abc import Sequence

from symc.algebra.hom import Affine
from symc.ir import tensor as t
from symc.ir.graph import Value
from symc.ir.ops import Linear
from symc.ir.parameters import own_weights
from symc.ir.types import Type
from symc.passes.lower.axes import Labelled
from symc.passes.lower.builder import Builder
from symc.passes.lower.call import Call
from symc.passes.lower.gains import Gain
from symc.passes.lower.initial import bias_initial, weight_initial
from symc.passes.lower.parts import parameter, pieces
from symc.passes.lower.points import affine_weights
from symc.passes.lower.setting import Setting
from symc.passes.lower.ways import BY_PAIRS, cheapest


def lower_linear(
    b: Builder, op: Linear, inputs: Sequence[Value], types: Sequence[Type], results: Sequence[Type], setting: Setting
) -> list[Value]:
    """One value for each result, whose weights begin with its gain. The op's bases are set; numbers of channels are numbers."""
    if op.basis is None:
        raise ValueError(f"linear map {op.name} is not solved")
    weights, all_weights = _weights(b, op, setting.gains.get(op.name, ()))
    biases, all_biases = _biases(b, op)
    call = Call(op, tuple(types), tuple(results), tuple(weights), tuple(biases), all_weights, all_biases)
    way = cheapest(b, call, inputs, setting)
    if way.name != BY_PAIRS:  # which says more of each
        b.chose(way.name)
    return way.apply(b, call, inputs)


def _weights(b: Builder, op: Linear, gains: Sequence[Gain]) -> tuple[list[Labelled], Labelled | None]:
    """Those of every entry of the maps; and all of them, where they are a parameter."""
    if isinstance(op.basis, Affine):
        initial = weight_initial(op.basis, own_weights(op), gains) if op.basis.dim else t.Normal(1.0)
        return affine_weights(b, op, op.basis, initial) if op.basis.linear.entries else [], None
    if op.basis is None or not op.basis.entries:
        return [], None
    whole = parameter(b, op, op.basis, "weight", weight_initial(op.basis, own_weights(op), gains) if op.basis.dim else t.Normal(1.0))
    return pieces(b, whole, op.basis), whole


def _biases(b: Builder, op: Linear) -> tuple[list[Labelled], Labelled | None]:
    if op.bias_basis is None or not op.bias_basis.entries or op.basis is None:
        return [], None
    whole = parameter(b, op, op.bias_basis, "bias", bias_initial(op.basis))
    return pieces(b, whole, op.bias_basis, sourced=False), whole
