"""The bilinear maps of one pair of summands: a product of the two, the weights and the bases of the groups, in the order that costs least."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import product
from math import prod
from typing import Literal, TypeAlias

import numpy as np

from symc.algebra import sizes as sz
from symc.algebra.hom import Diagrams, Factor, Kron, OrbitList, Orbits
from symc.algebra.sizes import Size
from symc.ir.machine import Machine
from symc.ir.tensor import TensorType
from symc.passes import cost
from symc.passes.lower import pair
from symc.passes.lower.axes import Label, Labelled
from symc.passes.lower.builder import Builder, shape_of, tensor_type
from symc.passes.lower.dense import COPY, averaging, expand, rows
from symc.passes.lower.diagrams import Contractions
from symc.passes.lower.meetings import Meeting, meetings
from symc.passes.lower.network import multiply, seconds
from symc.passes.machine import machine

# How the basis of one group is used: diagram by diagram, as a tensor, or by writing out the weights over its legs.
Way: TypeAlias = Literal["structure", "tensor", "weights"]
Look: TypeAlias = tuple[TensorType, tuple[Label, ...]]  # of a tensor, all that its cost depends on
TRIED = 64  # combinations of ways that are lowered for trial; beyond, the first way of every factor is taken


def apply(b: Builder, x: Labelled, y: Labelled, theta: Labelled, kron: Kron, ways: Sequence[Way]) -> Iterator[pair.Part]:
    """The map of the weights `theta` applied to two summands, each axis labelled ("each", j) or ("in", leg)."""
    structured = [index for index, way in enumerate(ways) if way == "structure"]
    for way in ways or ("weights",):
        b.chose({"structure": "diagrams by structure", "tensor": "product with the basis", "weights": "product with dense weights"}[way])
    first = sum(label[0] == "in" for label in x.labels)
    plan = meetings([kron.factors[index] for index in structured], first)
    left = Contractions.of(b, x, (meeting.left for meeting in plan))
    right = Contractions.of(b, y, (meeting.right for meeting in plan))
    for meeting in plan:
        w = rows(b, theta, structured, np.array(meeting.positions)[:, None]) if structured else theta
        factors = [left.core(meeting.left), right.core(meeting.right)]
        for index, strands in enumerate((meeting.left_strands, meeting.right_strands)):
            factors[index] = factors[index].renamed({("strand", s): ("strand", strand) for s, strand in enumerate(strands)})
        for index, way in enumerate(ways):
            if way == "weights":
                w = expand(b, w, ("basis", index), kron.factors[index])
            elif way == "tensor":
                factors.append(_tensor(b, index, kron.factors[index]))
        factors += [_average(b, factors[0], ("strand", strand)) for strand in meeting.closed]
        yield from _spread(b, multiply(b, [_plain(b, factor) for factor in (*factors, w)], _kept(meeting, (*factors, w))), meeting)


def _kept(meeting: Meeting, factors: Sequence[Labelled]) -> list[Label]:
    """The labels of the result: the axes of `each`, the strands that go on, the copies for several spreads, the legs of the target."""
    every = dict.fromkeys(label for factor in factors for label in factor.labels)
    return [label for label in every if label[0] in ("each", "copy", "out") or (label[0] == "strand" and label[1] not in meeting.closed)]


def _spread(b: Builder, y: Labelled, meeting: Meeting) -> Iterator[pair.Part]:
    """The product cut into what goes to each spread."""
    for index, spread in enumerate(meeting.spreads):
        piece = y
        if COPY in y.labels:
            axis, sizes = y.labels.index(COPY), shape_of(y.value)
            value = b.reshape(b.slice(y.value, axis, index, index + 1), (*sizes[:axis], *sizes[axis + 1 :]))
            piece = Labelled(value, (*y.labels[:axis], *y.labels[axis + 1 :]))
        yield pair.part(spread, piece.renamed(pair.names(spread)))


def _tensor(b: Builder, index: int, factor: Factor) -> Labelled:
    """The basis of one group, axes: maps, target legs, source legs."""
    stack = averaging(factor.basis) if isinstance(factor.basis, Diagrams) else factor.basis.dense()
    legs: list[Label] = [*(("out", leg) for leg in factor.target_legs), *(("in", leg) for leg in factor.source_legs)]
    return Labelled(b.array(np.ascontiguousarray(stack)), (("basis", index), *legs))


def _average(b: Builder, x: Labelled, strand: Label) -> Labelled:
    """One over the size, for each index of a strand along which a product is summed; of a free size, the softmax of zeros."""
    size = x.size(strand)
    even = b.array(np.full(size, 1 / max(size, 1))) if isinstance(size, int) else b.softmax(b.zeros((size,), batched=False), 0)
    return Labelled(even, (strand,))


def _plain(b: Builder, x: Labelled) -> Labelled:
    """Without axes of size 1: what is assembled is broadcast along them."""
    kept = [(label, size) for label, size in x.sizes.items() if size != 1]
    return Labelled(b.reshape(x.value, (size for _, size in kept)), tuple(label for label, _ in kept))


def cheapest_ways(x: Labelled, y: Labelled, theta: Labelled, kron: Kron) -> tuple[Way, ...]:
    """The ways that cost least together; each combination is lowered for trial, once for all operands that look alike."""
    choices = [possible(kron, factor) for factor in kron.factors]
    candidates = list(product(*choices)) if prod(map(len, choices)) <= TRIED else [tuple(ways[0] for ways in choices)]
    if len(candidates) == 1:
        return candidates[0]
    looks = [(tensor_type(item.value), item.labels) for item in (x, y, theta)]
    return _cheapest(kron, tuple(candidates), looks[0], looks[1], looks[2], machine())


@lru_cache(maxsize=1024)
def _cheapest(kron: Kron, candidates: tuple[tuple[Way, ...], ...], x: Look, y: Look, theta: Look, _: Machine) -> tuple[Way, ...]:
    """What costs least on a machine."""
    return min(candidates, key=lambda ways: _seconds(x, y, theta, kron, ways))


def possible(kron: Kron, factor: Factor) -> tuple[Way, ...]:
    """How the basis of one group can be used."""
    basis = factor.basis
    legs: list[Size] = [*(kron.target[leg].dim for leg in factor.target_legs), *(kron.source[leg].dim for leg in factor.source_legs)]
    entries = sz.product([basis.dim, *legs])
    small = isinstance(entries, int) and entries <= cost.DENSE_ENTRIES
    match basis:
        case Diagrams() if basis.plain:
            return ("structure", "tensor") if small and legs else ("structure",)
        case Orbits() | OrbitList():
            return ("weights", "tensor") if small else ("weights",)
        case _:
            return ("tensor",) if small else ("weights",)


def _seconds(x: Look, y: Look, theta: Look, kron: Kron, ways: Sequence[Way]) -> float:
    trial = Builder()
    left, right, weights = (Labelled(trial.value(type_), labels) for type_, labels in (x, y, theta))
    sizes = {label: size for item in (left, right, weights) for label, size in item.sizes.items() if label[0] == "each"}
    pair.assemble(trial, apply(trial, left, right, weights, kron, ways), sizes | {("out", leg): rep.dim for leg, rep in enumerate(kron.target)})
    return seconds(trial.nodes)
