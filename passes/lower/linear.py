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
from symc.passes.lower.gains import Gain
from symc.passes.lower.initial import bias_initial, weight_initial
from symc.passes.lower.parts import parameters
from symc.passes.lower.points import affine_weights
from symc.passes.lower.setting import Setting
from symc.passes.lower.ways import Call, cheapest


def lower_linear(
    b: Builder, op: Linear, inputs: Sequence[Value], types: Sequence[Type], results: Sequence[Type], setting: Setting
) -> list[Value]:
    """One value for each result, whose weights begin with its gain. The op's bases are set; numbers of channels are numbers."""
    if op.basis is None:
        raise ValueError(f"linear map {op.name} is not solved")
    call = Call(op, tuple(types), tuple(results), tuple(_weights(b, op, setting.gains.get(op.name, ()))), tuple(_biases(b, op)))
    return cheapest(b, call, inputs, setting).apply(b, call, inputs)


def _weights(b: Builder, op: Linear, gains: Sequence[Gain]) -> list[Labelled]:
    """Those of every entry of the maps."""
    maps = op.basis.linear if isinstance(op.basis, Affine) else op.basis
    if maps is None or op.basis is None or not maps.entries:
        return []
    initial = weight_initial(op.basis, own_weights(op), gains) if op.basis.dim else t.Normal(1.0)
    return affine_weights(b, op, op.basis, initial) if isinstance(op.basis, Affine) else parameters(b, op, maps, "weight", initial)


def _biases(b: Builder, op: Linear) -> list[Labelled]:
    if op.bias_basis is None or not op.bias_basis.entries or op.basis is None:
        return []
    return parameters(b, op, op.bias_basis, "bias", bias_initial(op.basis))
