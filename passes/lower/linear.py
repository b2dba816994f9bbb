"""Lowering `linear`: every pair of summands by structure or densely, whichever costs less; then sums put together again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from symc.algebra.hom import Affine, Entry, Split
from symc.algebra.reps import Rep, Trivial
from symc.algebra.sizes import Size
from symc.algebra.summands import Choice, Factors, summands
from symc.ir import tensor as t
from symc.ir.graph import Value
from symc.ir.infer import remaining
from symc.ir.ops import Linear
from symc.ir.parameters import own_weights
from symc.ir.types import Type
from symc.passes.lower import pair
from symc.passes.lower.axes import Label, Labelled
from symc.passes.lower.builder import Builder
from symc.passes.lower.choose import structured
from symc.passes.lower.cut import carve_axes, join_axes
from symc.passes.lower.gains import Gain
from symc.passes.lower.initial import bias_initial, weight_initial
from symc.passes.lower.points import affine_weights


@dataclass(frozen=True, slots=True)
class _Linear:
    """A linear map with what its parts need: the types without `each`."""

    op: Linear
    sources: tuple[Type, ...]
    targets: tuple[Type, ...]


def lower_linear(
    b: Builder, op: Linear, inputs: Sequence[Value], types: Sequence[Type], results: Sequence[Type], gains: Sequence[Gain] = ()
) -> list[Value]:
    """One value for each result, whose weights begin with its gain. The op's bases are set; numbers of channels are numbers."""
    if op.basis is None:
        raise ValueError(f"linear map {op.name} is not solved")
    own = own_weights(op)
    lin = _Linear(op, remaining(op, types), remaining(op, results, out=True))
    parts: dict[tuple[int, Choice], list[pair.Part]] = {}
    maps = op.basis.linear if isinstance(op.basis, Affine) else op.basis
    if maps.entries:
        initial = weight_initial(op.basis, own, gains) if op.basis.dim else t.Normal(1.0)
        weights = affine_weights(b, op, op.basis, initial) if isinstance(op.basis, Affine) else _parameters(b, lin, maps, "weight", initial)
        for entry, theta in zip(maps.entries, weights, strict=True):
            x = _source(b, lin, entry, inputs[entry.source], types[entry.source])
            found = pair.apply(b, x, theta, entry.basis, structured(entry.basis, x, theta))
            parts.setdefault((entry.target, entry.target_summand.choice), []).extend(found)
    if op.bias_basis is not None and op.bias_basis.entries:
        biases = _parameters(b, lin, op.bias_basis, "bias", bias_initial(op.basis))
        for entry, theta in zip(op.bias_basis.entries, biases, strict=True):
            found = pair.constant(b, theta, entry.basis, structured(entry.basis, None, theta))
            parts.setdefault((entry.target, entry.target_summand.choice), []).extend(found)
    return [_target(b, lin, index, parts, result) for index, result in enumerate(results)]


def _parameters(b: Builder, lin: _Linear, basis: Split, kind: str, initial: t.Initial) -> list[Labelled]:
    """The part of the parameter that belongs to each entry: axes each..., one for each basis, trivial target legs, trivial source legs."""
    lead = own_weights(lin.op)
    if len(basis.entries) == 1:
        widths = [basis.entries[0].basis.target_channels] + [basis.entries[0].basis.source_channels] * (kind == "weight")
        shape: tuple[int, ...] = (basis.entries[0].basis.diagram_dim, *widths)
    else:
        shape = (basis.dim,)
    parameter = b.parameter(f"{lin.op.name}.{kind}", (*lead, *shape), initial)
    result, start = [], 0
    for entry in basis.entries:
        kron = entry.basis
        axes: list[tuple[Label, Size]] = [(("basis", index), factor.basis.dim) for index, factor in enumerate(kron.factors)]
        axes += [(("out", leg), kron.target[leg].dim) for leg in kron.target_trivial]
        if kind == "weight":
            axes += [(("in", leg), kron.source[leg].dim) for leg in kron.source_trivial]
        piece = parameter if len(basis.entries) == 1 else b.slice(parameter, len(lead), start, start + kron.dim)
        value = b.reshape(piece, (*lead, *(size for _, size in axes)))
        each: list[Label] = [("each", j) for j, rep in enumerate(lin.op.each) if isinstance(rep, Trivial)]
        result.append(Labelled(value, (*each, *(label for label, _ in axes))))
        start += kron.dim
    return result


def _source(b: Builder, lin: _Linear, entry: Entry, x: Value, whole: Type) -> Labelled:
    """One summand of one input: axes ("each", j) for those it has, then ("in", leg)."""
    places = lin.op.input_each[entry.source] if lin.op.each else ()
    rest = lin.sources[entry.source].axes
    each = [(j, place) for j, place in enumerate(places) if place is not None]
    flat = b.reshape(x, (axis.dim for axis in whole.axes))  # one axis for pixels
    order = [place for _, place in each] + [axis for axis in range(len(whole.axes)) if axis not in places]
    value = carve_axes(b, b.permute(flat, order), len(each), rest, _choices(rest, entry.source_summand.choice))
    return Labelled(value, (*(("each", j) for j, _ in each), *(("in", leg) for leg in range(len(entry.basis.source)))))


def _target(b: Builder, lin: _Linear, index: int, parts: dict[tuple[int, Choice], list[pair.Part]], result: Type) -> Value:
    rest = lin.targets[index].axes
    places = lin.op.output_each[index] if lin.op.each else ()
    joined: dict[tuple[Choice, ...], Value] = {}
    for summand in summands(lin.targets[index].rep):
        sizes: dict[Label, Size] = {("each", j): rep.dim for j, rep in enumerate(lin.op.each)}
        sizes |= {("out", leg): rep.dim for leg, rep in enumerate(summand.legs)}
        joined[_choices(rest, summand.choice)] = pair.assemble(b, parts.get((index, summand.choice), ()), sizes)
    value = join_axes(b, joined, len(lin.op.each), rest)
    others = iter(range(len(places), len(result.axes)))
    order = [places.index(axis) if axis in places else next(others) for axis in range(len(result.axes))]
    return b.reshape(b.permute(value, order), result.shape)


def _choices(axes: Sequence[Rep], choice: Choice) -> tuple[Choice, ...]:
    """The choice in each axis of a type, whose representation is the axis itself where there is one alone."""
    if len(axes) == 1:
        return (choice,)
    assert isinstance(choice, Factors)
    return choice.choices
