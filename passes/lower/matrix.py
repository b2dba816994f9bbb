"""Lowering `linear` densely: every weight written out in one matrix, and one product."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from symc.algebra import sizes as sz
from symc.algebra.hom import Diagrams, Entry, Kron, Split
from symc.algebra.reps import Trivial
from symc.algebra.summands import Choice, Leg, summands
from symc.ir.graph import Value
from symc.ir.ops import Linear
from symc.ir.parameters import own_weights
from symc.ir.types import Type
from symc.passes import cost
from symc.passes.lower.axes import Label, Labelled, contract, each_of, order, total
from symc.passes.lower.builder import Builder
from symc.passes.lower.call import Call
from symc.passes.lower.cut import join_axes
from symc.passes.lower.dense import weight
from symc.passes.lower.diagrams import stages
from symc.passes.lower.parts import choices_of, placed, whole_source

MOST = 2**22  # entries of a matrix worth writing out
ROW: Label = ("out", 0)
COLUMN: Label = ("in", 0)


def own_labels(op: Linear) -> tuple[Label, ...]:
    """The axes of `each` that have weights of their own."""
    return tuple(("each", j) for j, axis in enumerate(op.each) if isinstance(axis, Trivial))


def possible(call: Call) -> bool:
    """Are all sizes numbers, and the matrix and what it is made from not too large?"""
    if not isinstance(call.op.basis, Split):
        return False
    rows, columns = (sz.total(rest.rep.dim for rest in rests) for rests in (call.targets, call.sources))
    entries = sz.product([rows, columns, *(axis.dim for axis in call.op.each if isinstance(axis, Trivial))])
    return isinstance(entries, int) and 0 < entries <= MOST and all(_small(entry.basis) for entry in call.entries)


def _small(kron: Kron) -> bool:
    for factor in kron.factors:
        legs = [*(kron.source[i].dim for i in factor.source_legs), *(kron.target[i].dim for i in factor.target_legs)]
        entries = sz.product([factor.basis.dim, *legs])
        if isinstance(factor.basis, Diagrams) and not (isinstance(entries, int) and entries <= cost.DENSE_ENTRIES):
            return False
    return True


def apply(b: Builder, call: Call, inputs: Sequence[Value]) -> list[Value]:
    """The results, by a matrix that is written out."""
    writing = Writing(b, own_labels(call.op), own_weights(call.op))
    matrices = []
    for index, rest in enumerate(call.sources):
        known = {_place(entry): (entry.basis, w) for entry, w in zip(call.entries, call.weights, strict=True) if entry.source == index}
        matrices.append(writing.matrix(call.targets, rest, known))
    vector = None
    if call.biases:
        assert call.op.bias_basis is not None
        known = {_place(entry): (entry.basis, w) for entry, w in zip(call.op.bias_basis.entries, call.biases, strict=True)}
        vector = writing.vector(call.targets, known)
    return multiplied(b, call, inputs, matrices, vector)


def multiplied(b: Builder, call: Call, inputs: Sequence[Value], matrices: Sequence[Labelled], vector: Labelled | None) -> list[Value]:
    """The results, by one matrix for each input: axes own..., ROW of all results, COLUMN; and a vector: axes own..., ROW."""
    op = call.op
    each = range(len(op.each))
    terms = [] if vector is None else [vector]
    for index, (x, whole, w) in enumerate(zip(inputs, call.types, matrices, strict=True)):
        flat = whole_source(b, x, whole, op.input_each[index] if op.each else (), COLUMN)
        terms.append(contract(b, flat, w, (*each_of((flat, w)), ROW)))
    y = total(b, terms, (*(("each", j) for j in each), ROW))
    found, stop = [], 0
    for index, (rest, result) in enumerate(zip(call.targets, call.results, strict=True)):
        start, stop = stop, stop + sz.number(rest.rep.dim)
        axes = [axis.dim for axis in rest.axes]
        piece = b.reshape(b.slice(y.value, len(y.labels) - 1, start, stop), (*(y.sizes.get(("each", j), 1) for j in each), *axes))
        found.append(placed(b, op, index, b.expand(piece, (*(axis.dim for axis in op.each), *axes), batched=True), result))
    return found


Known: TypeAlias = Mapping[tuple[int, Choice, Choice], tuple[Kron, Labelled]]  # by target, its summand, and that of the source: maps and weights


def _place(entry: Entry) -> tuple[int, Choice, Choice]:
    return entry.target, entry.target_summand.choice, entry.source_summand.choice


@dataclass(frozen=True)
class Writing:
    """Writes weights out over all legs. `own` are the axes of `each` that have weights of their own, and `sizes` how long these are."""

    b: Builder
    own: tuple[Label, ...]
    sizes: tuple[int, ...]

    def matrix(self, targets: Sequence[Type], source: Type, known: Known) -> Labelled:
        """From one input: axes own..., all coordinates of the targets, those of the source."""
        rows = []
        for index, target in enumerate(targets):
            parts = {}
            for row in summands(target.rep):
                columns = {}
                for column in summands(source.rep):
                    found = known.get((index, row.choice, column.choice))
                    columns[choices_of(source.axes, column.choice)] = self.written(found, (*row.legs, *column.legs))
                parts[choices_of(target.axes, row.choice)] = join_axes(self.b, columns, len(self.own) + len(row.legs), source.axes)
            block = join_axes(self.b, parts, len(self.own), target.axes)
            rows.append(self.b.reshape(block, (*self.sizes, target.rep.dim, source.rep.dim)))
        return Labelled(self.b.concatenate(rows, len(self.own)), (*self.own, ROW, COLUMN))

    def vector(self, targets: Sequence[Type], known: Known) -> Labelled:
        """Biases: axes own..., all coordinates of the targets."""
        found = {(target, row): own for (target, row, _), own in known.items()}
        rows = []
        for index, target in enumerate(targets):
            parts = {choices_of(target.axes, row.choice): self.written(found.get((index, row.choice)), row.legs) for row in summands(target.rep)}
            rows.append(self.b.reshape(join_axes(self.b, parts, len(self.own), target.axes), (*self.sizes, target.rep.dim)))
        return Labelled(self.b.concatenate(rows, len(self.own)), (*self.own, ROW))

    def written(self, found: tuple[Kron, Labelled] | None, legs: Sequence[Leg]) -> Value:
        """The weights of one pair: axes own..., legs of the target, then of the source; zero where there is no map."""
        if found is None:
            return self.b.zeros((*self.sizes, *(leg.dim for leg in legs)), batched=False)
        kron, theta = found
        (stage,) = stages([])
        w = weight(self.b, theta, kron, (), stage)
        labels: list[Label] = [*(("out", leg) for leg in range(len(kron.target))), *(("in", leg) for leg in range(len(kron.source)))]
        return order(self.b, w, [label for label in (*self.own, *labels) if label in w.labels]).value
