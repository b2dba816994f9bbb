"""Bilinear maps that mix no channels: all paths into one target summand in a few products, where there would be some for each path."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from symc.algebra import sizes as sz
from symc.algebra.hom import Array, Entry
from symc.algebra.hom.affine import means
from symc.algebra.reps import Rep
from symc.algebra.summands import Factors, positions
from symc.passes import cost
from symc.passes.lower.axes import Label, Labelled
from symc.passes.lower.builder import Builder
from symc.passes.lower.dense import gather
from symc.passes.lower.network import multiply

PATH: Label = ("basis", 0)
LEFT: Label = ("in", 0)
RIGHT: Label = ("in", 1)


@dataclass(frozen=True)
class Paths:
    """All paths from two inputs into one target summand.

    tensor: (paths, target coordinates, coordinates of the whole first input, of the whole second). weights: the place of the weight of each path.
    """

    tensor: Array
    weights: Array
    legs: tuple[int, ...]

    def apply(self, b: Builder, x: Labelled, y: Labelled, w: Labelled) -> Labelled:
        """Everything at once. x, y and w have axes each..., then LEFT, RIGHT and PATH (of all weights); the result has each..., ("out", leg)."""
        return self._product(b, (x, y, gather(b, w, PATH, self.weights, None, [PATH])), self.tensor, (LEFT, RIGHT))

    def apply_by_rows(self, b: Builder, x: Labelled, y: Labelled, w: Labelled) -> Labelled:
        """As `apply`; of the first input each path takes the coordinates that it uses, so that none meets the zeros of other paths."""
        path, left = np.nonzero(np.abs(self.tensor).max(axis=(1, 3)))
        rows = gather(b, x, LEFT, left.astype(np.int64), None, [PATH])
        scale = gather(b, w, PATH, self.weights[path], None, [PATH])
        return self._product(b, (rows, y, scale), self.tensor[path, :, left, :], (RIGHT,))

    def swapped(self) -> Paths:
        """The same with the two inputs exchanged."""
        return Paths(self.tensor.swapaxes(2, 3), self.weights, self.legs)

    def _product(self, b: Builder, factors: Sequence[Labelled], tensor: Array, read: tuple[Label, ...]) -> Labelled:
        out: list[Label] = [("out", leg) for leg in range(len(self.legs))]
        basis = b.array(np.ascontiguousarray(tensor.reshape(len(tensor), *self.legs, *tensor.shape[2:])))
        each = dict.fromkeys(label for factor in factors for label in factor.labels if label[0] == "each")
        return multiply(b, [*factors, Labelled(basis, (PATH, *out, *read))], [*each, *out])


def paths_of(entries: Sequence[Entry], starts: Sequence[int], left: Rep, right: Rep) -> Paths | None:
    """The paths of entries from the same two inputs to the same target summand; `starts` are the places of their weights.

    None where there is nothing to gain, where channels are mixed, where a size is free, or where the tensor would be large.
    """
    krons = [entry.basis for entry in entries]
    legs = [leg.dim for kron in krons for leg in (*kron.source, *kron.target)]
    if len(entries) < 2 or any(kron.source_channels * kron.target_channels > 1 for kron in krons) or any(map(sz.free_names, legs)):
        return None
    target = tuple(sz.number(leg.dim) for leg in krons[0].target)
    if sz.free_names(left.dim) or sz.free_names(right.dim):
        return None
    shape = (sum(kron.dim for kron in krons), int(np.prod(target)), sz.number(left.dim), sz.number(right.dim))
    if np.prod(shape, dtype=float) > cost.DENSE_ENTRIES:
        return None
    over_c = any(factor.basis.is_complex for kron in krons for factor in kron.factors)
    tensor, weights, row = np.zeros(shape, dtype=complex if over_c else float), list[int](), 0
    for start, entry in zip(starts, entries, strict=True):
        choice, dim = entry.source_summand.choice, entry.basis.dim
        assert isinstance(choice, Factors)
        first, second = (positions(rep, part).ravel() for rep, part in zip((left, right), choice.choices, strict=True))
        stack = entry.basis.dense().reshape(dim, shape[1], len(first), len(second)) * means(entry.basis, {})[:, None, None, None]
        tensor[row : row + dim][:, :, first[:, None], second] = stack
        weights += range(start, start + dim)
        row += dim
    return Paths(tensor, np.array(weights), target)
