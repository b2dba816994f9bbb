"""A sum of tensors laid into one shape, in as little new memory as autograd and the transforms of torch.func allow.

What is written into is never a view, of which autograd would copy the gradient, and nothing that a backward needs.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

import torch
import torch.nn.functional as F
from torch import Tensor, fx

from symc.algebra.sizes import Size
from symc.backends.kernels import Operand, Sizes, diagonal_embed
from symc.ir.tensor import TensorType

Places: TypeAlias = Sequence[tuple[int, ...]]  # the axes of the result along which each axis of a term lies


class Memory:
    """Which values of an fx graph may be written into, and by what."""

    def __init__(self) -> None:
        self._new: set[fx.Node] = set()
        self._origins: dict[fx.Node, frozenset[fx.Node]] = {}

    def is_new(self, x: fx.Proxy) -> bool:
        """Does a value lie in memory of its own? A product does, but with a bias `linear` gives a view."""
        node = x.node
        return node in self._new or (node.target in (F.linear, torch.matmul) and len(node.all_input_nodes) == 2)

    def made(self, x: fx.Proxy) -> None:
        """A value is in new memory."""
        self._new.add(x.node)

    def is_constant(self, x: fx.Proxy) -> None:
        """A value is the same for every sample and every direction."""
        self._origins[x.node] = frozenset()

    def takes(self, y: fx.Proxy, x: fx.Proxy) -> bool:
        """May x be added into y? Only if y comes from all that x comes from: then vmap batches it, and jvp gives it a tangent, wherever it does x."""
        return self._origin(x.node) <= self._origin(y.node)

    def _origin(self, node: fx.Node) -> frozenset[fx.Node]:
        """The inputs, parameters and random numbers that a node is computed from."""
        stack = [node]
        while stack:
            before = [other for other in stack[-1].all_input_nodes if other not in self._origins]
            if before:
                stack += before
                continue
            top = stack.pop()
            source = top.op in ("placeholder", "call_module", "get_attr") or top.target is torch.randn_like
            self._origins[top] = frozenset((top,) * source).union(*(self._origins[other] for other in top.all_input_nodes))
        return self._origins[node]


def add_up(operands: Sequence[Operand], places: Sequence[Places], owned: Sequence[bool], result: TensorType, sizes: Sizes, memory: Memory) -> Tensor:
    """`owned` tells which operands nothing else uses. Terms without diagonals are added first, then those onto diagonals."""
    y: Any = None
    new = batched = False  # is the sum so far in new memory
    has = frozenset[int]()  # the axes that it has, not of size 1
    for index in sorted(range(len(operands)), key=lambda index: any(len(along) > 1 for along in places[index])):
        term, along = operands[index], places[index]
        axes = frozenset(axis for many in along for axis in many)
        inside = y is not None and new and axes <= has and term.type.batched <= batched and memory.takes(y, term.value)
        if inside and len(axes) > len(along):
            y = add_diagonal(y, term, along, result, sizes)
            continue
        x = laid(term, along, result, sizes)
        if y is None:
            y, new, batched = x, x is term.value and owned[index] and memory.is_new(x), term.type.batched
        elif inside:
            y = y.add_(x)
        else:
            y, new, batched = y + x, True, batched or term.type.batched
        has |= axes
    if len(has) < len(result.shape) or (not batched and result.batched):
        return torch.broadcast_to(y, sizes.shape(result))
    if new:
        memory.made(y)
    return y  # type: ignore[no-any-return]


def fills(term: Operand, places: Places, result: TensorType) -> bool:
    """Has a term every entry of the result, channels last?"""
    axes = [axis for many in places for axis in many]
    return term.type.batched and len(axes) == len(places) == len(result.shape) and axes[-1:] == [len(axes) - 1]


def laid(term: Operand, places: Places, result: TensorType, sizes: Sizes) -> Any:
    """With all axes of the result, of size 1 where the term has none. A view, unless there are diagonals, which zeros are written around."""
    x, places = ascending(term, places)
    lead = int(term.type.batched)
    for many in [many for many in places if len(many) > 1]:
        rest = [other for other in places if other != many]
        if places[-1] != many:
            x = torch.movedim(x, lead + places.index(many), -1)
        places = sorted([*rest, *((axis,) for axis in many)])
        x = diagonal_embed(x, [lead + places.index((axis,)) for axis in many])
    if len(places) == len(result.shape):
        return x
    return torch.reshape(x, sizes.shape(TensorType(_shape(places, result), term.type.batched)))


def add_diagonal(y: Any, term: Operand, places: Places, result: TensorType, sizes: Sizes) -> Any:
    """Onto the diagonals of y, in place: all axes up to the last that is on one are named by their indices."""
    x, places = ascending(term, places)
    lead = int(result.batched)
    last = max(axis for many in places if len(many) > 1 for axis in many)
    met = {axis: many[0] for many in places for axis in many}
    kept = [axis for axis in range(len(result.shape)) if met.get(axis, axis) == axis]  # the axes of what is added
    indexed = [axis for axis in kept if axis <= last]
    names = [sizes.range(sizes.batch, y, len(indexed))] * lead
    for axis in range(last + 1):
        names.append(sizes.range(sizes.value(result.shape[axis]), y, len(indexed) - 1 - indexed.index(met.get(axis, axis))))
    shape = tuple(result.shape[axis] if axis in met else 1 for axis in kept)
    if len(kept) > len(places):
        x = torch.reshape(x, sizes.shape(TensorType(shape, term.type.batched)))
    return y.index_put_(tuple(names), x.type_as(y), accumulate=True)


def ascending(term: Operand, places: Places) -> tuple[Any, list[tuple[int, ...]]]:
    """The term with its axes in the order of their first places."""
    lead = int(term.type.batched)
    order = sorted(range(len(places)), key=lambda axis: places[axis])
    moved = order != list(range(len(places)))
    x = torch.permute(term.value, (*range(lead), *(lead + axis for axis in order))) if moved else term.value
    return x, [places[axis] for axis in order]


def _shape(places: Places, result: TensorType) -> tuple[Size, ...]:
    return tuple(size if (axis,) in places else 1 for axis, size in enumerate(result.shape))
