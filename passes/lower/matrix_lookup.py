"""One dense matrix whose entries are looked up among the weights: those that no map tells apart stand there once."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from math import prod

import numpy as np

from symc.algebra import sizes as sz
from symc.algebra.hom import Array, AtomBasis, Diagrams, Entry, OrbitList, Orbits, Split
from symc.algebra.reps import Rep
from symc.algebra.summands import positions
from symc.ir.graph import Value
from symc.passes import cost
from symc.passes.lower import flat
from symc.passes.lower.axes import Labelled
from symc.passes.lower.builder import Builder
from symc.passes.lower.call import Call
from symc.passes.lower.dense import averaging
from symc.passes.lower.matrix import COLUMN, ROW, multiplied

MOST = 2**20  # entries that are looked up


def possible(call: Call) -> bool:
    """Are the entries few enough, and those that differ few enough to be mixed?"""
    rows, columns = (sum(sz.number(rest.rep.dim) for rest in rests) for rests in (call.targets, call.sources))
    if not isinstance(call.op.basis, Split) or rows * columns > MOST:
        return False
    for basis in (call.op.basis, call.op.bias_basis if call.op.bias else None):
        known = [_of_entry(entry) for entry in basis.entries] if basis is not None else []
        mixes = [own[0] for own in known if own is not None]
        if len(mixes) < len(known) or (basis is not None and not flat.small(basis, mixes)):
            return False
    return True


def apply(b: Builder, call: Call, inputs: Sequence[Value]) -> list[Value]:
    """The results, by a matrix that is looked up in all weights."""
    sources, targets = ([rest.rep for rest in rests] for rests in (call.sources, call.targets))
    assert isinstance(call.op.basis, Split)
    assert call.all_weights is not None
    vector = None
    matrices = _looked_up(b, call.op.basis, call.all_weights, targets, sources)
    if call.all_biases is not None and call.op.bias_basis is not None:
        (vector,) = _looked_up(b, call.op.bias_basis, call.all_biases, targets, [])
    return multiplied(b, call, inputs, matrices, vector)


def _looked_up(b: Builder, basis: Split, whole: Labelled, targets: Sequence[Rep], sources: Sequence[Rep]) -> list[Labelled]:
    """From every source to all targets, or of biases one vector: axes own..., ROW, COLUMN."""
    known = [own for own in map(_of_entry, basis.entries) if own is not None]
    mixes = [mix for mix, _ in known]
    rows, columns = ([sz.number(rep.dim) for rep in reps] for reps in (targets, sources))
    found = [np.full((sum(rows), *([width] if sources else [])), -1, dtype=np.int64) for width in columns or [1]]
    for entry, (_, places), start in zip(basis.entries, known, flat.starts(basis, mixes), strict=True):
        row = positions(targets[entry.target], entry.target_summand.choice).ravel() + sum(rows[: entry.target])
        index = np.where(places < 0, -1, places + start)
        if sources:
            column = positions(sources[entry.source], entry.source_summand.choice).ravel()
            found[entry.source][row[:, None], column] = index.reshape(len(row), len(column))
        else:
            found[0][row] = index.ravel()
    labels = (ROW, COLUMN) if sources else (ROW,)
    return flat.looked_up(b, whole, basis, mixes, [(index, labels) for index in found])


@lru_cache(maxsize=16)
def _of_entry(entry: Entry) -> tuple[Array | None, flat.Places] | None:
    """The maps that weights are mixed into, and the places of all entries among their weights: axes target legs..., source legs...."""
    kron, parts = entry.basis, []
    for factor in kron.factors:
        found = distinct(factor.basis)
        if found is None:
            return None
        parts.append(found)
    legs = [sz.number(leg.dim) for leg in (*kron.target, *kron.source)]
    mixes = [np.eye(factor.basis.dim) if mix is None else mix for factor, (mix, _) in zip(kron.factors, parts, strict=True)]
    if prod(mix.size for mix in mixes) > flat.MOST:
        return None
    places, missing, stride = np.zeros([1] * len(legs), dtype=np.int64), np.zeros([1] * len(legs), dtype=bool), 1
    for leg in reversed((*kron.target_trivial, *(len(kron.target) + leg for leg in kron.source_trivial))):
        places = places + _along(np.arange(legs[leg]), [leg], legs) * stride
        stride *= legs[leg]
    for factor, mix, (_, index) in reversed(list(zip(kron.factors, mixes, parts, strict=True))):
        own = _along(index, [*factor.target_legs, *(len(kron.target) + leg for leg in factor.source_legs)], legs)
        places, missing, stride = places + np.maximum(own, 0) * stride, missing | (own < 0), stride * len(mix)
    everything = np.where(missing, -1, np.broadcast_to(places, legs))
    return (None if all(mix is None for mix, _ in parts) else flat.product(mixes)), everything


def _along(index: flat.Places, axes: Sequence[int], legs: Sequence[int]) -> flat.Places:
    """An array along some axes, in ascending order, of size 1 along the others."""
    return index.reshape([size if axis in axes else 1 for axis, size in enumerate(legs)])


@lru_cache(maxsize=16)
def distinct(basis: AtomBasis) -> tuple[Array | None, flat.Places] | None:
    """Of a basis, shape (maps, entries), the columns that differ, as (columns, maps), None where they are the unit vectors in order; and which of
    them each entry has, -1 for zero. None where there are too many numbers."""
    if isinstance(basis, Orbits) and basis.sign is None:
        return None, basis.label.astype(np.int64)
    if isinstance(basis, OrbitList) or basis.is_complex:
        return None
    entries = sz.product([basis.dim, *basis.target_shape, *basis.source_shape])
    if not isinstance(entries, int) or entries > cost.DENSE_ENTRIES or not entries:
        return None
    stack = averaging(basis) if isinstance(basis, Diagrams) else basis.dense()
    columns = np.ascontiguousarray(stack.reshape(len(stack), -1).T) + 0.0
    _, first, index = np.unique(columns.view(np.dtype((np.void, columns.itemsize * len(stack)))).ravel(), return_index=True, return_inverse=True)
    chosen = columns[first]
    order = [place for place in np.lexsort(-chosen.T[::-1]) if chosen[place].any()]  # unit vectors in order
    rank = np.full(len(chosen), -1, dtype=np.int64)
    rank[order] = np.arange(len(order))
    mix = chosen[order]
    return (None if np.array_equal(mix, np.eye(len(stack))) else mix), rank[index]
