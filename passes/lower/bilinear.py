"""Lowering `bilinear`: every pair of summands and target summand by itself, or where channels are not mixed all that go to one target, or to all.

No matrix over the channels is formed for every sample, as long as any other order costs less: the legs of one operand meet the basis, which leaves
features for every path, and channels meet the weights in one product of matrices, before or after.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
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
from symc.passes.lower.axes import Label, Labelled, arrange
from symc.passes.lower.builder import Builder, shape_of, tensor_type
from symc.passes.lower.depthwise import LEFT, PATH, RIGHT, Paths, paths_of
from symc.passes.lower.forms import Forms, forms_of
from symc.passes.lower.gains import Gain
from symc.passes.lower.initial import weight_initial
from symc.passes.lower.network import seconds
from symc.passes.lower.parts import assembled, parameter, piece, source, whole_source
from symc.passes.lower.product import apply, cheapest_ways
from symc.passes.lower.setting import Setting

Way: TypeAlias = Literal["whole", "left", "right"]
Parts: TypeAlias = dict[tuple[int, Choice], list[pair.Part]]  # by target and summand of it
WAYS: tuple[Way, ...] = ("whole", "left", "right")


def lower_bilinear(
    b: Builder, op: Bilinear, inputs: Sequence[Value], types: Sequence[Type], results: Sequence[Type], setting: Setting
) -> list[Value]:
    """One value for each result, whose own weights begin with its gain. The op's basis is set; numbers of channels are numbers."""
    if op.basis is None:
        raise ValueError(f"bilinear map {op.name} is not solved")
    if not op.basis.entries:
        return assembled(b, op, {}, results)
    weights = _weights(b, op, op.basis, inputs[-1], types[-1], setting.gains.get(op.name, ()))
    product = _Product(op, op.basis, inputs, types, remaining(op, types[: op.left + op.right]), weights, setting)
    forms = product.forms()
    ways: list[Callable[[Builder], Parts]] = [product.by_target] * (not product.meets_everywhere or forms is None)
    if forms is not None:
        ways.append(partial(product.as_forms, forms=forms))
    return assembled(b, op, product.cheapest_way(ways)(b), results)


@dataclass(frozen=True)
class _Product:
    """A bilinear map with what its parts need: the types without `each`, and the weights of all entries, axes each..., then those of `parameter`."""

    op: Bilinear
    basis: Split
    inputs: Sequence[Value]
    types: Sequence[Type]
    rests: Sequence[Type]
    weights: Labelled
    setting: Setting

    def by_target(self, b: Builder) -> Parts:
        """What goes to each target summand, from each pair of inputs by itself."""
        parts: Parts = {}
        for (target, choice, _), group in groupby(range(len(self.basis.entries)), key=self.goes):
            parts.setdefault((target, choice), []).extend(self.cheapest(b, tuple(group)))
        return parts

    def forms(self) -> dict[tuple[int, int], list[Forms]] | None:
        """For each pair of inputs all of its maps, as forms in pairs of their coordinates; None where that cannot be, or weights differ by sample."""
        if self.op.given is not None:
            return None
        starts = np.cumsum([0, *(entry.basis.dim for entry in self.basis.entries)])
        found = {}
        for number in dict.fromkeys(entry.source for entry in self.basis.entries):
            chosen = [index for index, entry in enumerate(self.basis.entries) if entry.source == number]
            left, right = self.sides(number)
            entries, places = [self.basis.entries[index] for index in chosen], [int(starts[index]) for index in chosen]
            reps, same = (self.rests[left].rep, self.rests[right].rep), self.same(left, right)
            forms = self.setting.once((*places, *reps, same, *map(_maps, entries)), partial(forms_of, entries, places, *reps, same=same))
            if forms is None:
                return None
            found[left, right] = forms
        return found

    def as_forms(self, b: Builder, forms: Mapping[tuple[int, int], Sequence[Forms]]) -> Parts:
        b.chose("product of pairs of coordinates")
        parts: Parts = {}
        own = [label for label in self.weights.labels if label[0] == "each"]
        paths = [label for label in self.weights.labels if label[0] == "basis"]  # there is one, or those of the only entry
        weights = arrange(b, self.weights, [*((label, [label]) for label in own), (PATH, paths)])
        for (left, right), found in forms.items():
            x = self.whole(b, left, LEFT)
            y = Labelled(x.value, (*x.labels[:-1], RIGHT)) if self.same(left, right) else self.whole(b, right, RIGHT)
            for form in found:
                for place, part in form.apply(b, x, y, weights).items():
                    parts.setdefault(place, []).append(((), part))
        return parts

    @property
    def meets_everywhere(self) -> bool:
        """Has each input all channels? Then no way has fewer products than pairs of coordinates, and none is tried."""
        own = {j for j, rep in enumerate(self.op.each) if isinstance(rep, Trivial)}
        return bool(own) and all(own <= {j for j, place in enumerate(places) if place is not None} for places in self.op.input_each)

    def cheapest_way(self, ways: Sequence[Callable[[Builder], Parts]]) -> Callable[[Builder], Parts]:
        """The way that is estimated to take least time; where there are several, each is lowered into a builder of its own."""
        if len(ways) == 1:
            return ways[0]
        trials = [Builder() for _ in ways]
        for trial, way in zip(trials, ways, strict=True):
            way(trial)
        return min(zip(ways, trials, strict=True), key=lambda tried: seconds(tried[1].nodes))[0]

    def sides(self, number: int) -> tuple[int, int]:
        """The two inputs of a pair, which entries name by its number."""
        left, right = divmod(number, self.op.right)
        return left, self.op.left + right

    def same(self, left: int, right: int) -> bool:
        """Are two inputs one value, with its axes of `each` at the same places?"""
        places = self.op.input_each or ((),) * len(self.inputs)
        return self.inputs[left].id == self.inputs[right].id and places[left] == places[right]

    def whole(self, b: Builder, index: int, label: Label) -> Labelled:
        return whole_source(b, self.inputs[index], self.types[index], self.op.input_each[index] if self.op.each else (), label)

    def goes(self, index: int) -> tuple[int, Choice, int]:
        """The target summand and the pair of inputs of an entry."""
        entry = self.basis.entries[index]
        return entry.target, entry.target_summand.choice, entry.source

    def cheapest(self, b: Builder, group: tuple[int, ...]) -> list[pair.Part]:
        """Entries between the same inputs and target summand: one by one, or all at once."""
        entries = [self.basis.entries[index] for index in group]
        left, right = self.sides(entries[0].source)
        starts = np.cumsum([0, *(entry.basis.dim for entry in self.basis.entries)])
        x, y = self.rests[left].rep, self.rests[right].rep
        paths = paths_of(entries, [int(starts[index]) for index in group], x, y)
        ways: list[Callable[[Builder], list[pair.Part]]] = [lambda b: [part for index in group for part in self.one(b, index)]]
        if paths is not None:
            ways += [partial(self.together, paths=paths, inputs=(left, right), way=way) for way in WAYS]
        if len(ways) == 1:
            return ways[0](b)
        places = [self.op.input_each[index] for index in (left, right)] if self.op.each else []
        looks = [tensor_type(value) for value in (self.inputs[left], self.inputs[right], self.weights.value)]
        key = (self.op.each, *places, *looks, self.weights.labels, x, y, *map(_maps, entries))
        return ways[self.setting.once(key, lambda: min(range(len(ways)), key=lambda way: self.seconds(ways[way], entries[0])))](b)

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
        x, y = (self.whole(b, index, LEFT) for index in inputs)
        if way == "right":
            x, y, paths = y, x, paths.swapped()
        function = paths.apply if way == "whole" else paths.apply_by_rows
        return [((), function(b, x, Labelled(y.value, (*y.labels[:-1], RIGHT)), self.weights))]


def _maps(entry: Entry) -> tuple[Hashable, ...]:
    """What an entry is, but for the numbers of its source and target."""
    return entry.target_summand, entry.source_summand, entry.basis


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
