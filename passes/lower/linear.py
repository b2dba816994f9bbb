"""Lowering `linear`: every pair of summands by structure or densely, whichever costs less; then sums put together again."""

from __future__ import annotations

from collections.abc import Sequence

from symc.algebra.hom import Affine
from symc.algebra.summands import Choice
from symc.ir import tensor as t
from symc.ir.graph import Value
from symc.ir.infer import remaining
from symc.ir.ops import Linear
from symc.ir.parameters import own_weights
from symc.ir.types import Type
from symc.passes.lower import pair
from symc.passes.lower.builder import Builder
from symc.passes.lower.choose import note, structured
from symc.passes.lower.gains import Gain
from symc.passes.lower.initial import bias_initial, weight_initial
from symc.passes.lower.parts import assembled, parameters, source
from symc.passes.lower.points import affine_weights


def lower_linear(
    b: Builder, op: Linear, inputs: Sequence[Value], types: Sequence[Type], results: Sequence[Type], gains: Sequence[Gain] = ()
) -> list[Value]:
    """One value for each result, whose weights begin with its gain. The op's bases are set; numbers of channels are numbers."""
    if op.basis is None:
        raise ValueError(f"linear map {op.name} is not solved")
    own = own_weights(op)
    sources = remaining(op, types)
    parts: dict[tuple[int, Choice], list[pair.Part]] = {}
    maps = op.basis.linear if isinstance(op.basis, Affine) else op.basis
    if maps.entries:
        initial = weight_initial(op.basis, own, gains) if op.basis.dim else t.Normal(1.0)
        weights = affine_weights(b, op, op.basis, initial) if isinstance(op.basis, Affine) else parameters(b, op, maps, "weight", initial)
        for entry, theta in zip(maps.entries, weights, strict=True):
            rest, summand = sources[entry.source].axes, entry.source_summand
            x = source(b, inputs[entry.source], types[entry.source], op.input_each[entry.source] if op.each else (), rest, summand)
            by_structure = structured(entry.basis, x, theta)
            note(b, entry.basis, by_structure)
            found = pair.apply(b, x, theta, entry.basis, by_structure)
            parts.setdefault((entry.target, entry.target_summand.choice), []).extend(found)
    if op.bias_basis is not None and op.bias_basis.entries:
        biases = parameters(b, op, op.bias_basis, "bias", bias_initial(op.basis))
        for entry, theta in zip(op.bias_basis.entries, biases, strict=True):
            found = pair.constant(b, theta, entry.basis, structured(entry.basis, None, theta))
            parts.setdefault((entry.target, entry.target_summand.choice), []).extend(found)
    return assembled(b, op, parts, results)
