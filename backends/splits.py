"""Slices that cut one tensor along one axis, as the pieces of one split.

The backward of a slice writes a tensor of the size of the whole, and those of many slices are added up; that of a split joins its pieces once.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from symc.ir.graph import Graph, Node
from symc.ir.tensor import Slice, TensorOp, TensorType


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a split: the number of the value that is split, the axis (of those that show), the lengths of all pieces, and which one it is."""

    source: int
    axis: int
    lengths: tuple[int, ...]
    index: int


def pieces(graph: Graph[TensorOp]) -> dict[int, Piece]:
    """By the number of their results, the slices that are pieces of a split: those of one value along one axis, two or more that do not overlap."""
    groups = defaultdict[tuple[int, int], list[tuple[Slice, Node[Any]]]](list)
    for node in graph.nodes:
        if isinstance(node.op, Slice):
            groups[node.inputs[0].id, node.op.axis].append((node.op, node))
    result: dict[int, Piece] = {}
    for (source, axis), slices in groups.items():
        type_ = slices[0][1].inputs[0].type
        assert isinstance(type_, TensorType)
        bounds = sorted((op.start, op.stop) for op, _ in slices if isinstance(op.start, int) and isinstance(op.stop, int))
        lengths = _lengths(bounds, type_.shape[axis]) if len(bounds) == len(slices) > 1 else None
        if lengths is not None:
            starts = [sum(lengths[:index]) for index in range(len(lengths))]
            for op, node in slices:
                index = next(i for i, start in enumerate(starts) if start == op.start and start + lengths[i] == op.stop)
                result[node.outputs[0].id] = Piece(source, axis, lengths, index)
    return result


def _lengths(bounds: list[tuple[int, int]], size: object) -> tuple[int, ...] | None:
    """The lengths of the pieces, with those between and after that nobody asks for; None where slices overlap or the size is free."""
    if not isinstance(size, int) or any(first[1] > second[0] for first, second in pairwise(bounds)):
        return None
    ends = [0, *(end for bound in bounds for end in bound), size]
    lengths = [stop - start for start, stop in pairwise(ends)]
    return tuple(length for index, length in enumerate(lengths) if length or index % 2)  # what is asked for may be empty
