"""Tensors whose axes have labels, so that lowering says which axis it means and orders, broadcasts and contracts by label."""

from __future__ import annotations

import string
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from symc.algebra import sizes as sz
from symc.algebra.sizes import Size
from symc.ir.graph import Value
from symc.passes import cost
from symc.passes.lower.builder import Builder, shape_of, tensor_type

Role = Literal["each", "in", "out", "strand", "core", "copy", "basis"]
Label: TypeAlias = tuple[Role, int]
LETTERS: dict[Role, str] = {"each": "abg", "in": "cikj", "out": "oxyz", "strand": "nmpq", "core": "k", "copy": "e", "basis": "rstuvw"}


@dataclass(frozen=True, slots=True)
class Labelled:
    """A tensor and a label for each of its axes."""

    value: Value
    labels: tuple[Label, ...]

    def size(self, label: Label) -> Size:
        return shape_of(self.value)[self.labels.index(label)]

    @property
    def sizes(self) -> dict[Label, Size]:
        return dict(zip(self.labels, shape_of(self.value), strict=True))

    def renamed(self, names: dict[Label, Label]) -> Labelled:
        return replace(self, labels=tuple(names.get(label, label) for label in self.labels))


def order(b: Builder, x: Labelled, labels: Sequence[Label]) -> Labelled:
    """The axes in the order of `labels`, which may name axes that x lacks: these are left out."""
    new = tuple(label for label in labels if label in x.labels)
    return Labelled(b.permute(x.value, [x.labels.index(label) for label in new]), new)


def split(b: Builder, x: Labelled, label: Label, into: Sequence[tuple[Label, Size]]) -> Labelled:
    """One axis made several, row-major."""
    axis, sizes = x.labels.index(label), shape_of(x.value)
    value = b.reshape(x.value, (*sizes[:axis], *(size for _, size in into), *sizes[axis + 1 :]))
    return Labelled(value, (*x.labels[:axis], *(name for name, _ in into), *x.labels[axis + 1 :]))


def arrange(b: Builder, x: Labelled, axes: Sequence[tuple[Label, Sequence[Label]]]) -> Labelled:
    """New axes in this order, each made of some old ones, row-major; of none, or of those that x lacks, one of size 1."""
    kept = [[label for label in labels if label in x.labels] for _, labels in axes]
    ordered, sizes = order(b, x, [label for labels in kept for label in labels]), x.sizes
    value = b.reshape(ordered.value, (sz.product(sizes[label] for label in labels) for labels in kept))
    return Labelled(value, tuple(label for label, _ in axes))


def each_of(terms: Iterable[Labelled]) -> list[Label]:
    """The axes of `each` that occur, in order."""
    return sorted({label for term in terms for label in term.labels if label[0] == "each"})


def beside(b: Builder, parts: Sequence[Labelled], label: Label) -> Labelled:
    """One after another along an axis; what lacks an axis of `each` is repeated along it."""
    if len(parts) == 1:
        return parts[0]
    labels = (*each_of(parts), *(other for other in parts[0].labels if other[0] != "each"))
    sizes = {other: part.size(other) for part in parts for other in part.labels}
    values = []
    for part in parts:
        x = arrange(b, part, [(other, [other]) for other in labels])
        values.append(b.expand(x.value, [part.size(label) if other == label else sizes[other] for other in labels]))
    return Labelled(b.concatenate(values, labels.index(label)), labels)


def align(b: Builder, x: Labelled, labels: Sequence[Label]) -> Value:
    """The tensor with exactly these axes in this order, those that it lacks of size 1."""
    ordered = order(b, x, labels)
    sizes = ordered.sizes
    return b.reshape(ordered.value, (sizes.get(label, 1) for label in labels))


def total(b: Builder, terms: Sequence[Labelled], labels: Sequence[Label]) -> Labelled:
    """The sum, each term broadcast along the labels that it lacks; the labels that all lack are left out. Small terms are added first."""
    present = tuple(label for label in labels if any(label in x.labels for x in terms))
    terms = sorted(terms, key=lambda x: (tensor_type(x.value).batched, len(x.labels)))
    result = terms[0]
    for term in terms[1:]:
        met = tuple(label for label in present if label in result.labels or label in term.labels)
        result = Labelled(b.arithmetic("add", _operand(b, term, met), _operand(b, result, met)), met)
    return order(b, result, present)


def _operand(b: Builder, x: Labelled, labels: tuple[Label, ...]) -> Value:
    """Aligned for arithmetic: an unbatched operand needs no axes of size 1 on the left."""
    if not tensor_type(x.value).batched:
        first = min((labels.index(label) for label in x.labels), default=len(labels))
        labels = labels[first:]
    return align(b, x, labels)


def contract(b: Builder, x: Labelled, w: Labelled, result: Sequence[Label]) -> Labelled:
    """One einsum. Axes of w that stand together wherever they occur are made one first: a product of matrices stays a product of matrices.

    Of a matrix and many of few columns it is made with the columns in front: rows of all of them stand in one tall matrix.
    """
    columns = _columns(x, w, result)
    if columns:
        lead = [label for label in x.labels if label not in w.labels and label not in columns]
        rows = [label for label in w.labels if label in result]
        inner = [label for label in x.labels if label in w.labels]
        return order(b, contract(b, order(b, x, (*lead, *columns, *inner)), w, (*lead, *columns, *rows)), result)
    runs = _runs(w.labels, (x.labels, tuple(result)))
    sizes = x.sizes | w.sizes
    equation, operands = [], []
    letters = _letters([*_heads(x.labels, runs), *_heads(w.labels, runs)], strands=set(x.labels) - set(w.labels))
    for y in (x, w):
        heads = _heads(y.labels, runs)
        operands.append(b.reshape(y.value, (sz.product(sizes[label] for label in runs.get(head, (head,))) for head in heads)))
        equation.append("".join(letters[head] for head in heads))
    out = "".join(letters[head] for head in _heads(result, runs))
    value = b.einsum(f"{','.join(equation)}->{out}", operands[0], operands[1])
    return Labelled(b.reshape(value, (sizes[label] for label in result)), tuple(result))


def _columns(x: Labelled, w: Labelled, result: Sequence[Label]) -> list[Label]:
    """The last axes of x, where they are few columns of many matrices that one matrix w is multiplied by, and it pays to have them in front.

    Such a product runs no faster than w is read, again for every matrix; columns in front are a copy of x and one of the result.
    """
    inner = [label for label in x.labels if label in w.labels]
    rows = [label for label in w.labels if label not in x.labels]
    if not inner or tensor_type(w.value).batched or not tensor_type(x.value).batched:
        return []
    last = x.labels.index(inner[-1]) + 1
    lead, columns = list(x.labels[: last - len(inner)]), list(x.labels[last:])
    sizes = [sz.product(y.size(label) for label in labels) for y, labels in ((x, columns), (w, rows), (x, inner))]
    if list(result) != [*lead, *rows, *columns] or x.labels[last - len(inner) : last] != tuple(inner) or not columns:
        return []
    n, o, k = (size if isinstance(size, int) else 0 for size in sizes)
    return columns if 0 < n < cost.NARROW and o * k > n * (o + k) else []


def _runs(labels: Sequence[Label], others: Sequence[tuple[Label, ...]]) -> dict[Label, tuple[Label, ...]]:
    """Maximal runs of labels that each of the others holds whole and in one piece, or not at all; by their first label."""
    runs: list[tuple[Label, ...]] = []
    for label in labels:
        if runs and all(_follows(runs[-1][-1], label, other) for other in others):
            runs[-1] = (*runs[-1], label)
        else:
            runs.append((label,))
    return {run[0]: run for run in runs}


def _follows(first: Label, second: Label, labels: tuple[Label, ...]) -> bool:
    if first not in labels or second not in labels:
        return first not in labels and second not in labels
    return labels.index(second) == labels.index(first) + 1


def _heads(labels: Iterable[Label], runs: dict[Label, tuple[Label, ...]]) -> list[Label]:
    swallowed = {label for run in runs.values() for label in run[1:]}
    return [label for label in labels if label not in swallowed]


def _letters(labels: Iterable[Label], strands: set[Label]) -> dict[Label, str]:
    """A letter for each label, of those usual for its role where one is left; axes that are only carried along are strands."""
    chosen: dict[Label, str] = {}
    for label in dict.fromkeys(labels):
        usual = LETTERS["strand" if label in strands and label[0] != "each" else label[0]]
        free = [letter for letter in usual + string.ascii_letters if letter not in chosen.values()]
        chosen[label] = free[0]
    return chosen
