"""Products of several labelled tensors, two at a time in the order that costs least."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod
from typing import TypeAlias

from symc.ir.graph import Node
from symc.ir.tensor import TensorOp
from symc.passes import cost
from symc.passes.lower.axes import Label, Labelled, contract
from symc.passes.lower.builder import Builder, tensor_type

MATRIX = 2e-7  # seconds for each matrix of a product of many small ones
Plan: TypeAlias = "int | tuple[Plan, Plan]"  # a factor by its position, or the product of two


@dataclass(frozen=True, slots=True)
class _Shape:
    """A tensor as the search sees it: its labels, and whether it has the batch axis."""

    labels: frozenset[Label]
    batched: bool


def multiply(b: Builder, factors: Sequence[Labelled], result: Sequence[Label]) -> Labelled:
    """The product of all factors, summed over the labels that are not in `result`. Axes come in an order that costs nothing."""
    value, _ = _execute(b, factors, cheapest(factors, result)[0], frozenset(result))
    return value


def cheapest(factors: Sequence[Labelled], result: Sequence[Label]) -> tuple[Plan, float]:
    """The order of the products, and the seconds it is estimated to take.

    The best order of a set of factors is that of two parts of it, each in its own best order: all parts of all sets are tried, 3^k for k factors.
    """
    sizes = {label: cost.number(size) for factor in factors for label, size in factor.sizes.items()}
    everything = (1 << len(factors)) - 1
    inside = [frozenset(factor.labels) for factor in factors]
    shapes: dict[int, _Shape] = {}
    best: dict[int, tuple[Plan, float]] = {}
    for members in range(1, everything + 1):
        chosen = [i for i in range(len(factors)) if members >> i & 1]
        needed = frozenset(result).union(*(inside[i] for i in range(len(factors)) if i not in chosen))
        held = frozenset().union(*(inside[i] for i in chosen))
        batched = any(tensor_type(factors[i].value).batched for i in chosen)
        shapes[members] = _Shape(held if len(chosen) == 1 else held & needed, batched)
        if len(chosen) == 1:
            best[members] = (chosen[0], 0.0)
            continue
        part = (members - 1) & members
        while part:  # all proper parts, those that hold the first factor
            if part & members & -members:
                one, other = best[part], best[members ^ part]
                seconds = one[1] + other[1] + _seconds(shapes[part], shapes[members ^ part], shapes[members], sizes)
                if members not in best or seconds < best[members][1]:
                    best[members] = ((one[0], other[0]), seconds)
            part = (part - 1) & members
    return best[everything]


def seconds(nodes: Sequence[Node[TensorOp]]) -> float:
    """The estimated time of nodes that consist of such products."""
    return cost.estimate(nodes).seconds


def _seconds(x: _Shape, y: _Shape, out: _Shape, sizes: dict[Label, float]) -> float:
    """The time of one product. What is written is counted twice: its memory is new."""
    every = x.labels | y.labels
    multiplications = prod(sizes[label] for label in every) * (cost.BATCH if out.batched else 1)
    moved = _count(x, sizes) + _count(y, sizes) + 2 * _count(out, sizes)
    seconds = cost.Cost(2 * multiplications, cost.WIDTH * moved, 1).seconds
    if every - out.labels:
        seconds += MATRIX * prod(sizes[label] for label in x.labels & y.labels & out.labels) * (cost.BATCH if x.batched and y.batched else 1)
    return seconds


def _count(x: _Shape, sizes: dict[Label, float]) -> float:
    return prod(sizes[label] for label in x.labels) * (cost.BATCH if x.batched else 1)


def _execute(b: Builder, factors: Sequence[Labelled], plan: Plan, wanted: frozenset[Label]) -> tuple[Labelled, frozenset[int]]:
    """The product of a plan, and the factors in it; `wanted` are labels of the result."""
    if isinstance(plan, int):
        return factors[plan], frozenset((plan,))
    (x, first), (y, second) = (_execute(b, factors, part, wanted) for part in plan)
    done = first | second
    kept = wanted.union(*(factor.labels for i, factor in enumerate(factors) if i not in done))
    if tensor_type(y.value).batched and not tensor_type(x.value).batched:
        x, y = y, x
    shared = [label for label in x.labels if label in y.labels and label in kept]
    alone = [label for label in (*x.labels, *y.labels) if (label in x.labels) != (label in y.labels) and label in kept]
    return contract(b, x, y, (*shared, *alone)), done
