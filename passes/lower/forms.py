"""Bilinear maps that mix no channels, as sums over pairs of coordinates: each pair that occurs is multiplied once for all paths and targets.

Targets are put together where they use the same pairs of summands, so that selection rules (of parity, say) leave no zeros to multiply. Where both
inputs are one value, x_i x_j and x_j x_i are one product.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from symc.algebra import sizes as sz
from symc.algebra.hom import Array, Entry
from symc.algebra.hom.affine import means
from symc.algebra.reps import Rep
from symc.algebra.sizes import Size
from symc.algebra.summands import Choice, Factors, positions
from symc.passes import cost
from symc.passes.lower.axes import Label, Labelled, arrange, contract, order
from symc.passes.lower.builder import Builder, shape_of
from symc.passes.lower.dense import gather
from symc.passes.lower.depthwise import PATH

OWN: Label = ("copy", 0)  # all channels that have weights of their own
FORM: Label = ("out", 0)
PAIR: Label = ("core", 0)

Place = tuple[int, Choice]  # a target and a summand of it


@dataclass(frozen=True)
class Forms:
    """The maps from two inputs into some target summands that use the same pairs of coordinates.

    left, right: the coordinates of each pair. weights: the place of the weight of each path. tensor: (paths, coordinates of all targets, pairs).
    targets: these, with the sizes of their legs.
    """

    left: NDArray[np.int64]
    right: NDArray[np.int64]
    weights: NDArray[np.int64]
    tensor: Array
    targets: dict[Place, tuple[int, ...]]

    def apply(self, b: Builder, x: Labelled, y: Labelled, w: Labelled) -> dict[Place, Labelled]:
        """x, y and w have axes each..., LEFT, RIGHT and PATH (of all weights); the results have each..., ("out", leg)."""
        own = [label for label in w.labels if label != PATH]
        each = sorted({label for item in (x, y, w) for label in item.labels if label[0] == "each"})
        strands = [label for label in each if label not in own]
        sizes = {label: item.size(label) for item in (x, y, w) for label in item.labels if label[0] == "each"}
        mine = gather(b, w, PATH, self.weights, None, [PATH])
        full = contract(b, mine, Labelled(b.array(self.tensor), (PATH, FORM, PAIR)), (*own, FORM, PAIR))
        forms = arrange(b, full, [(OWN, own), (FORM, [FORM]), (PAIR, [PAIR])])
        left = _laid(b, x, strands, own, sizes)
        right = left if y.value is x.value else _laid(b, y, strands, own, sizes)
        value = b.bilinear_forms(left.value, right.value, forms.value, self.left, self.right)
        value = b.reshape(value, (*(sizes[label] for label in (*strands, *own)), shape_of(value)[-1]))
        result = order(b, Labelled(value, (*strands, *own, FORM)), (*each, FORM))
        return dict(zip(self.targets, self._cut(b, result), strict=True))

    def _cut(self, b: Builder, x: Labelled) -> Iterable[Labelled]:
        """What goes to each target summand, with its legs."""
        stop, front = 0, shape_of(x.value)[:-1]
        for legs in self.targets.values():
            start, stop = stop, stop + int(np.prod(legs))
            piece = b.reshape(b.slice(x.value, len(front), start, stop), (*front, *legs))
            yield Labelled(piece, (*x.labels[:-1], *(("out", leg) for leg in range(len(legs)))))


def _laid(b: Builder, x: Labelled, strands: Sequence[Label], own: Sequence[Label], sizes: dict[Label, Size]) -> Labelled:
    """Axes strands..., OWN and that of the coordinates; repeated along strands that it lacks, and along channels unless it lacks them all."""
    (last,) = (label for label in x.labels if label[0] != "each")
    some = any(label in x.labels for label in own)
    labels = [*strands, *(own if some else ()), last]
    x = arrange(b, x, [(label, [label]) for label in labels])
    value = b.expand(x.value, [sizes.get(label, x.size(label)) for label in labels])
    x = Labelled(value, tuple(labels))
    return arrange(b, x, [*((label, [label]) for label in strands), (OWN, own), (last, [last])])


def forms_of(entries: Sequence[Entry], starts: Sequence[int], left: Rep, right: Rep, *, same: bool) -> list[Forms] | None:
    """All entries between two inputs; `starts` are the places of their weights, `same` says that both inputs are one value.

    None where channels are mixed, where a size is free, or where the tensors would be large.
    """
    krons = [entry.basis for entry in entries]
    sizes = [left.dim, right.dim, *(leg.dim for kron in krons for leg in (*kron.source, *kron.target))]
    if any(kron.source_channels * kron.target_channels > 1 for kron in krons) or any(map(sz.free_names, sizes)):
        return None
    if any(kron.dim * sz.number(sz.product(leg.dim for leg in (*kron.source, *kron.target))) > cost.DENSE_ENTRIES for kron in krons):
        return None
    terms = [_terms(entry, left, right, same=same) for entry in entries]
    found = []
    for group in _connected(entries, same=same):
        forms = _together([entries[index] for index in group], [starts[index] for index in group], [terms[index] for index in group])
        if forms is None:
            return None
        found.append(forms)
    return found


def _connected(entries: Sequence[Entry], *, same: bool) -> list[list[int]]:
    """Entries that go to one target summand or use one pair of summands are together."""
    found: list[tuple[set[Hashable], list[int]]] = []  # what the entries use, and these
    for index, entry in enumerate(entries):
        choice = entry.source_summand.choice
        assert isinstance(choice, Factors)
        used: set[Hashable] = {("target", _place(entry)), ("pair", frozenset(choice.choices) if same else choice.choices)}
        met = [part for part in found if used & part[0]]
        found = [part for part in found if part not in met]
        found.append((used.union(*(part[0] for part in met)), sorted([*(i for part in met for i in part[1]), index])))
    return [group for _, group in found]


def _place(entry: Entry) -> Place:
    return entry.target, entry.target_summand.choice


@dataclass(frozen=True)
class _Terms:
    """The entries of a basis that are not 0: which map, target coordinate, coordinates of the inputs, and the number."""

    path: NDArray[np.int64]
    out: NDArray[np.int64]
    left: NDArray[np.int64]
    right: NDArray[np.int64]
    number: Array


def _terms(entry: Entry, left: Rep, right: Rep, *, same: bool) -> _Terms:
    choice, dim = entry.source_summand.choice, entry.basis.dim
    assert isinstance(choice, Factors)
    first, second = (positions(rep, part).ravel() for rep, part in zip((left, right), choice.choices, strict=True))
    stack = entry.basis.dense().reshape(dim, -1, len(first), len(second)) * means(entry.basis, {})[:, None, None, None]
    path, out, i, j = np.nonzero(stack)
    number, a, b = stack[path, out, i, j], first[i], second[j]
    return _Terms(path, out, np.minimum(a, b), np.maximum(a, b), number) if same else _Terms(path, out, a, b, number)


def _together(entries: Sequence[Entry], starts: Sequence[int], terms: Sequence[_Terms]) -> Forms | None:
    targets = {_place(entry): tuple(sz.number(leg.dim) for leg in entry.basis.target) for entry in entries}
    firsts = dict(zip(targets, np.cumsum([0, *(int(np.prod(legs)) for legs in targets.values())]), strict=False))
    every = np.concatenate([np.stack([term.left, term.right], axis=1) for term in terms])
    pairs, place = np.unique(every, axis=0, return_inverse=True)
    shape = (sum(entry.basis.dim for entry in entries), sum(int(np.prod(legs)) for legs in targets.values()), len(pairs))
    if np.prod(shape, dtype=float) > cost.DENSE_ENTRIES:
        return None
    weights = np.concatenate([np.arange(start, start + entry.basis.dim) for start, entry in zip(starts, entries, strict=True)])
    tensor = np.zeros(shape, dtype=np.result_type(*(term.number for term in terms)))
    row, stop = 0, 0
    for entry, term in zip(entries, terms, strict=True):
        start, stop = stop, stop + len(term.number)
        np.add.at(tensor, (row + term.path, firsts[_place(entry)] + term.out, place.ravel()[start:stop]), term.number)
        row += entry.basis.dim
    return Forms(pairs[:, 0].astype(np.int64), pairs[:, 1].astype(np.int64), weights, tensor, targets)
