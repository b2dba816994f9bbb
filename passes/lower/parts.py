"""The parts of a map between sums: the weights that belong to each pair of summands, summands taken out of inputs and put together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from symc.algebra import sizes as sz
from symc.algebra.hom import Kron, Split
from symc.algebra.reps import Rep, Trivial
from symc.algebra.sizes import Size
from symc.algebra.summands import Choice, Factors, Summand, summands
from symc.ir import tensor as t
from symc.ir.graph import Value
from symc.ir.infer import remaining
from symc.ir.ops import Bilinear, Linear
from symc.ir.parameters import own_weights
from symc.ir.types import Type
from symc.passes.lower import pair
from symc.passes.lower.axes import Label, Labelled
from symc.passes.lower.builder import Builder, shape_of
from symc.passes.lower.cut import carve_axes, join_axes

Parts = Mapping[tuple[int, Choice], Sequence[pair.Part]]  # by target and summand of it


def parameter(b: Builder, op: Linear | Bilinear, basis: Split, kind: str, initial: t.Initial) -> Labelled:
    """The whole parameter: axes each..., then one for all weights, or where there is one entry alone, one for basis, target and source channels."""
    lead = own_weights(op)
    if len(basis.entries) == 1:
        kron = basis.entries[0].basis
        shape: tuple[int, ...] = (kron.diagram_dim, *[kron.target_channels, kron.source_channels][: 2 if kind == "weight" else 1])
    else:
        shape = (basis.dim,)
    each: list[Label] = [("each", j) for j, rep in enumerate(op.each) if isinstance(rep, Trivial)]
    whole = b.parameter(f"{op.name}.{kind}", (*lead, *shape), initial, complex=basis.is_complex)
    return Labelled(whole, (*each, *(("basis", i) for i in range(len(shape)))))


def pieces(b: Builder, weights: Labelled, basis: Split, *, sourced: bool = True) -> list[Labelled]:
    """Weights, with the axes of `parameter`, cut into those of each entry."""
    return [piece(b, weights, basis, index, sourced=sourced) for index in range(len(basis.entries))]


def piece(b: Builder, weights: Labelled, basis: Split, index: int, *, sourced: bool = True) -> Labelled:
    """The weights of one entry."""
    kron, start = basis.entries[index].basis, sum(entry.basis.dim for entry in basis.entries[:index])
    labels = tuple(label for label in weights.labels if label[0] == "each")
    axes = _axes(kron, sourced=sourced)
    mine = weights.value if len(basis.entries) == 1 else b.slice(weights.value, len(labels), start, start + kron.dim)
    sizes = (*(weights.size(label) for label in labels), *(size for _, size in axes))
    return Labelled(b.reshape(mine, sizes), (*labels, *(label for label, _ in axes)))


def _axes(kron: Kron, *, sourced: bool) -> list[tuple[Label, Size]]:
    axes: list[tuple[Label, Size]] = [(("basis", index), factor.basis.dim) for index, factor in enumerate(kron.factors)]
    axes += [(("out", leg), kron.target[leg].dim) for leg in kron.target_trivial]
    return axes + [(("in", leg), kron.source[leg].dim) for leg in kron.source_trivial] * sourced


def whole_source(b: Builder, x: Value, whole: Type, places: Sequence[int | None], label: Label) -> Labelled:
    """One input, whose axes of `each` are at `places`: axes ("each", j), then one for all coordinates of the others."""
    each = [(j, place) for j, place in enumerate(places) if place is not None]
    flat = b.reshape(x, (axis.dim for axis in whole.axes))
    order = [place for _, place in each] + [axis for axis in range(len(whole.axes)) if axis not in places]
    value = b.permute(flat, order)
    sizes = shape_of(value)
    value = b.reshape(value, (*sizes[: len(each)], sz.product(sizes[len(each) :])))
    return Labelled(value, (*(("each", j) for j, _ in each), label))


def source(
    b: Builder, x: Value, whole: Type, places: Sequence[int | None], rest: Sequence[Rep], summand: Summand, first: int = 0
) -> Labelled:
    """One summand of one input, whose axes of `each` are at `places`, the others being `rest`: axes ("each", j), then ("in", leg) from `first` on."""
    each = [(j, place) for j, place in enumerate(places) if place is not None]
    flat = b.reshape(x, (axis.dim for axis in whole.axes))  # one axis for pixels
    order = [place for _, place in each] + [axis for axis in range(len(whole.axes)) if axis not in places]
    value = carve_axes(b, b.permute(flat, order), len(each), rest, choices_of(rest, summand.choice))
    return Labelled(value, (*(("each", j) for j, _ in each), *(("in", first + leg) for leg in range(len(summand.legs)))))


def assembled(b: Builder, op: Linear | Bilinear, parts: Parts, results: Sequence[Type]) -> list[Value]:
    """The results, each the sum of its parts."""
    rests = remaining(op, results, out=True)
    return [_assembled(b, op, index, parts, rests[index], result) for index, result in enumerate(results)]


def _assembled(b: Builder, op: Linear | Bilinear, index: int, parts: Parts, rest: Type, result: Type) -> Value:
    joined: dict[tuple[Choice, ...], Value] = {}
    for summand in summands(rest.rep):
        sizes: dict[Label, Size] = {("each", j): rep.dim for j, rep in enumerate(op.each)}
        sizes |= {("out", leg): rep.dim for leg, rep in enumerate(summand.legs)}
        joined[choices_of(rest.axes, summand.choice)] = pair.assemble(b, parts.get((index, summand.choice), ()), sizes)
    return placed(b, op, index, join_axes(b, joined, len(op.each), rest.axes), result)


def placed(b: Builder, op: Linear | Bilinear, index: int, value: Value, result: Type) -> Value:
    """A result whose axes of `each` come first: as its type has them."""
    places = op.output_each[index] if op.each else ()
    others = iter(range(len(places), len(result.axes)))
    order = [places.index(axis) if axis in places else next(others) for axis in range(len(result.axes))]
    value = b.reshape(b.permute(value, order), result.shape)
    return b.complex(value) if result.is_complex else value


def choices_of(axes: Sequence[Rep], choice: Choice) -> tuple[Choice, ...]:
    """The choice in each axis of a type, whose representation is the axis itself where there is one alone."""
    if len(axes) == 1:
        return (choice,)
    assert isinstance(choice, Factors)
    return choice.choices
