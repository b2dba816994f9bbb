"""Lowering `bilinear`: every pair of summands and target summand by itself, or where channels are not mixed all that go to one target at once.

No matrix over the channels is formed for every sample, as long as any other order costs less: the legs of one operand meet the basis, which leaves
features for every path, and channels meet the weights in one product of matrices, before or after.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from typing import Literal, TypeAlias

import numpy as np

from symc.algebra.hom import Entry, Split
from symc.algebra.reps import Trivial
from symc.algebra.sizes import Size
from symc.algebra.summands import Choice, Factors, summands
from symc.ir.graph import Value
from symc.ir.infer import remaining
from symc.ir.ops import Bilinear
from symc.ir.parameters import own_weights
from symc.ir.types import Type
from symc.passes.lower import pair
from symc.passes.lower.axes import Label, Labelled
from symc.passes.lower.builder import Builder, shape_of
from symc.passes.lower.depthwise import LEFT, RIGHT, Paths, paths_of
from symc.passes.lower.gains import Gain
from symc.passes.lower.initial import weight_initial
from symc.passes.lower.network import seconds
from symc.passes.lower.parts import assembled, parameter, piece, source, whole_source
from symc.passes.lower.product import apply, cheapest_ways

Way: TypeAlias = Literal["whole", "left", "right"]
WAYS: tuple[Way, ...] = ("whole", "left", "right")


def lower_bilinear(
    b: Builder, op: Bilinear, inputs: Sequence[Value], types: Sequence[Type], results: Sequence[Type], gains: Sequence[Gain] = ()
) -> list[Value]:
    """One value for each result, whose own weights begin with its gain. The op's basis is set; numbers of channels are numbers."""
    if op.basis is None:
        raise ValueError(f"bilinear map {op.name} is not solved")
    if not op.basis.entries:
        return assembled(b, op, {}, results)
    weights = _weights(b, op, op.basis, inputs[-1], types[-1], gains)
    product = _Product(op, op.basis, inputs, types, remaining(op, types[: op.left + op.right]), weights)
    parts: dict[tuple[int, Choice], list[pair.Part]] = {}
    for (target, choice, _), group in groupby(range(len(op.basis.entries)), key=product.goes):
        parts.setdefault((target, choice), []).extend(product.cheapest(b, tuple(group)))
    return assembled(b, op, parts, results)


@dataclass(frozen=True)
class _Product:
    """A bilinear map with what its parts need: the types without `each`, and the weights of all entries, axes each..., then those of `parameter`."""

    op: Bilinear
    basis: Split
    inputs: Sequence[Value]
    types: Sequence[Type]
    rests: Sequence[Type]
    weights: Labelled

    def goes(self, index: int) -> tuple[int, Choice, int]:
        """The target summand and the pair of inputs of an entry."""
        entry = self.basis.entries[index]
        return entry.target, entry.target_summand.choice, entry.source

    def cheapest(self, b: Builder, group: tuple[int, ...]) -> list[pair.Part]:
        """Entries between the same inputs and target summand: one by one, or all at once."""
        entries = [self.basis.entries[index] for index in group]
        left, right = divmod(entries[0].source, self.op.right)
        starts = np.cumsum([0, *(entry.basis.dim for entry in self.basis.entries)])
        x, y = self.rests[left].rep, self.rests[self.op.left + right].rep
        paths = paths_of(entries, [int(starts[index]) for index in group], x, y)
        ways: list[Callable[[Builder], list[pair.Part]]] = [lambda b: [part for index in group for part in self.one(b, index)]]
        if paths is not None:
            ways += [partial(self.together, paths=paths, inputs=(left, self.op.left + right), way=way) for way in WAYS]
        return ways[0](b) if len(ways) == 1 else min(ways, key=lambda way: self.seconds(way, entries[0]))(b)

    def seconds(self, way: Callable[[Builder], list[pair.Part]], entry: Entry) -> float:
        """The estimated time of one way, lowered into a builder of its own."""
        trial = Builder()
        sizes: dict[Label, Size] = {("each", j): rep.dim for j, rep in enumerate(self.op.each)}
        pair.assemble(trial, way(trial), sizes | {("out", leg): rep.dim for leg, rep in enumerate(entry.target_summand.legs)})
        return seconds(trial.nodes)

    def one(self, b: Builder, index: int) -> Iterator[pair.Part]:
        """One entry by itself."""
        entry = self.basis.entries[index]
        theta = piece(b, self.weights, self.basis, index)
        x, y = _operands(b, self.op, entry, self.inputs, self.types, self.rests)
        return apply(b, x, y, theta, entry.basis, cheapest_ways(x, y, theta, entry.basis))

    def together(self, b: Builder, paths: Paths, inputs: tuple[int, int], way: Way) -> list[pair.Part]:
        """All paths from two inputs, at once or by the rows of either."""
        b.chose("product of all paths at once")
        places = self.op.input_each or ((),) * len(self.inputs)
        x, y = (whole_source(b, self.inputs[i], self.types[i], places[i], LEFT) for i in inputs)
        if way == "right":
            x, y, paths = y, x, paths.swapped()
        function = paths.apply if way == "whole" else paths.apply_by_rows
        return [((), function(b, x, Labelled(y.value, (*y.labels[:-1], RIGHT)), self.weights))]


def _weights(b: Builder, op: Bilinear, basis: Split, last: Value, type_: Type, gains: Sequence[Gain]) -> Labelled:
    """The weights of all entries, as in `parameter`; given ones, in the last input, may have shared axes of `each` too."""
    if op.given is None:
        return parameter(b, op, basis, "weight", weight_initial(basis, own_weights(op), gains))
    shared: list[tuple[Label, int]] = [(("each", j), place) for j, place in enumerate(op.given) if place is not None]
    own: list[Label] = [("each", j) for j, rep in enumerate(op.each) if isinstance(rep, Trivial)]
    order = [place for _, place in shared] + [axis for axis in range(len(type_.axes)) if axis not in op.given]
    w = b.permute(b.reshape(last, (axis.dim for axis in type_.axes)), order)
    w = b.reshape(w, (*shape_of(w)[: len(shared)], *own_weights(op), basis.dim))
    scales = np.repeat(np.asarray(op.scales), [entry.basis.dim for entry in basis.entries])
    scaled = b.arithmetic("mul", w, b.array(scales if len(set(op.scales)) > 1 else scales[0]))
    return Labelled(scaled, (*(label for label, _ in shared), *own, ("basis", 0)))


def _operands(
    b: Builder, op: Bilinear, entry: Entry, inputs: Sequence[Value], types: Sequence[Type], rests: Sequence[Type]
) -> tuple[Labelled, Labelled]:
    """The two summands that an entry multiplies, their legs numbered through."""
    choice = entry.source_summand.choice
    assert isinstance(choice, Factors)
    left, right = divmod(entry.source, op.right)
    result, first = [], 0
    for index, chosen in zip((left, op.left + right), choice.choices, strict=True):
        summand = next(summand for summand in summands(rests[index].rep) if summand.choice == chosen)
        places = op.input_each[index] if op.each else ()
        result.append(source(b, inputs[index], types[index], places, rests[index].axes, summand, first))
        first += len(summand.legs)
    return result[0], result[1]
