"""A simple model of what tensor-level nodes cost on one core: arithmetic, memory traffic, and a fixed price for every call."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from math import log2, prod
from typing import Any, TypeAlias

from symc.algebra import sizes as sz
from symc.algebra.sizes import Size
from symc.ir import tensor as t
from symc.ir.contraction import is_product, product, terms
from symc.ir.graph import Node, Value
from symc.ir.machine import LARGE
from symc.passes.machine import machine

BATCH = 256  # samples a call is assumed to have
FREE = 256  # what a free size counts as: large
DENSE_ENTRIES = 2**20  # entries of a dense basis tensor that are worth forming as a constant

WIDTH = 4  # bytes of a float
RECORDED = 3  # times a call takes in training: the call, its record, and the call of its backward
TRANSFORM = 20  # operations for each real number and each halving, in those that products do in the same time
MOVED = 3  # further calls by which a product whose axes have to be moved is done
NARROW = 16  # entries side by side from which on they are gathered as fast as they are copied

Free: TypeAlias = int | Mapping[str, int]  # a value for every free size, or one for each by name


@dataclass(frozen=True, slots=True)
class Cost:
    """Floating-point operations, bytes read and written, calls of operations that compute, and what else takes time.

    views: calls that compute nothing; gathered: entries looked up one by one; fresh: bytes of results that are large.
    """

    flops: float = 0.0
    bytes: float = 0.0
    calls: int = 0
    views: int = 0
    gathered: float = 0.0
    fresh: float = 0.0

    def __add__(self, other: Cost) -> Cost:
        return Cost(
            self.flops + other.flops, self.bytes + other.bytes, self.calls + other.calls,
            self.views + other.views, self.gathered + other.gathered, self.fresh + other.fresh,
        )  # fmt: skip

    def __mul__(self, times: int) -> Cost:
        return Cost(self.flops * times, self.bytes * times, self.calls * times, self.views * times, self.gathered * times, self.fresh * times)

    @property
    def seconds(self) -> float:
        m = machine()
        moved = self.bytes / m.bytes + self.fresh / m.fresh + self.gathered / m.gathered
        return self.flops / m.flops + moved + self.calls * m.call + self.views * m.view


def estimate(nodes: Iterable[Node[Any]], batch: int = BATCH, free: Free = FREE) -> Cost:
    """The cost of tensor-level nodes, for a batch and a value of every free size."""
    return sum(costs(nodes, batch, free), Cost())


def training(nodes: Iterable[Node[Any]], batch: int = BATCH, free: Free = FREE) -> Cost:
    """As `estimate`, of a forward and a backward pass: two products in the backward of one, else as much again; calls recorded and made again."""
    nodes, found = list(nodes), Cost()
    for node, once in zip(nodes, costs(nodes, batch, free), strict=True):
        times = 3 if isinstance(node.op, t.Einsum | t.BilinearForms) else 2
        found += replace(once * times, calls=RECORDED * once.calls, views=RECORDED * once.views)
    return found


def inference(nodes: Iterable[Node[Any]], batch: int = BATCH, free: Free = FREE) -> Cost:
    """As `estimate`, of a frozen module: what has no batch is there already."""
    nodes = list(nodes)
    return sum((once for node, once in zip(nodes, costs(nodes, batch, free), strict=True) if _batched(node.outputs[0])), Cost())


def costs(nodes: Iterable[Node[Any]], batch: int, free: Free) -> Iterator[Cost]:
    """Of each node, with what depends on how its inputs lie in memory.

    A reshape or a product copies what a view has scattered, and entry by entry what has another last axis; so does a concatenation with the latter.
    A product whose axes have to be moved takes `MOVED` further calls, and leaves its result scattered. A reduction or a sum of parts, whose first
    input has a last axis shorter than `NARROW`, reads entry by entry.
    """
    scattered: set[int] = set()
    turned: set[int] = set()
    for node in nodes:
        found = node_cost(node, batch, free)
        results = {value.id for value in node.outputs}
        if isinstance(node.op, t.Einsum) and not is_product(node.op.equation, list(map(_batched, node.inputs))):
            found = replace(found, calls=found.calls + MOVED)
            scattered |= results
        match node.op:
            case t.Permute(order):
                (turned if order[-1:] != (len(order) - 1,) else scattered).update(results)
            case t.Slice(axis) if axis or _batched(node.inputs[0]):
                (turned if node.inputs[0].id in turned else scattered).update(results)
            case t.Diagonal() | t.Expand():
                scattered |= results
            case t.Reshape() | t.Einsum() | t.Concatenate():
                for value in node.inputs:
                    if value.id in turned:
                        found = replace(found, gathered=found.gathered + count(value, batch, free), calls=found.calls + 1)
                    elif value.id in scattered and not isinstance(node.op, t.Concatenate):
                        found = replace(found, bytes=found.bytes + 2 * WIDTH * count(value, batch, free), calls=found.calls + 1)
            case t.Reduce() | t.Assemble() if number(_shape(node.inputs[0])[-1] if _shape(node.inputs[0]) else 1, free) < NARROW:
                found = replace(found, gathered=found.gathered + sum(count(value, batch, free) for value in node.inputs))
            case _:
                pass
        yield found


def node_cost(node: Node[Any], batch: int = BATCH, free: Free = FREE) -> Cost:
    """The cost of one node. Views (reshape, slice, expand, permute, diagonal) are free of traffic: what reads them pays."""
    out = sum(count(value, batch, free) for value in node.outputs)
    moved = WIDTH * (out + sum(count(value, batch, free) for value in node.inputs))
    fresh = WIDTH * out if WIDTH * out >= LARGE else 0.0
    match node.op:
        case t.Parameter() | t.Array():
            return Cost()
        case t.Reshape() | t.Slice() | t.Expand() | t.Permute() | t.Diagonal() | t.AsComplex() | t.AsReal() | t.Mask():
            return Cost(views=1)
        case t.Einsum(equation):
            complex_ = 1 + 3 * _complex(node.outputs[0])  # a product of complex numbers is four, and a sum
            return Cost(2 * complex_ * _einsum(node, equation, batch, free), moved, 1, gathered=_narrow(node, equation, batch, free), fresh=fresh)
        case t.BilinearForms():
            forms, width = (number(size, free) for size in _shape(node.inputs[2])[1:])
            pairs = WIDTH * out * width / max(forms, 1)  # bytes of all products; factors are gathered twice
            return Cost(2 * out * width, moved + 6 * pairs, 4, fresh=3 * pairs if pairs >= LARGE else 0.0)
        case t.FusedAttention():
            return Cost(4 * count(node.inputs[0], batch, free) * number(_shape(node.inputs[1])[1], free), moved, 1, fresh=fresh)
        case t.Assemble(places):
            return _assemble(node, places, batch, free)
        case t.Loop(body):
            return estimate(body.nodes, batch, free) * int(number(_shape(node.inputs[1])[0], free))
        case t.Fourier(axes):
            return _fourier(node.inputs[0], axes, moved, batch, free)
        case t.InverseFourier(axes):
            return _fourier(node.outputs[0], axes, moved, batch, free)
        case t.Take(axis):
            width = number(sz.product(_shape(node.inputs[0])[axis + 1 :]), free)
            return Cost(0, 2 * WIDTH * out, 1, gathered=out if width < NARROW else 0.0, fresh=fresh)
        case t.Concatenate():
            return Cost(0, 2 * WIDTH * out, 1, fresh=fresh)
        case (
            t.Map()
            | t.SafeSqrt()
            | t.SafeReciprocalSqrt()
            | t.SoftmaxAlong()
            | t.LayerNormLast()
            | t.BatchNormPart()
            | t.DropoutMask()
            | t.Normals()
        ):
            return Cost(8 * out, moved, 1, fresh=fresh)
        case _:
            return Cost(moved / WIDTH, moved, 1, fresh=fresh)


def _assemble(node: Node[Any], places: Sequence[Sequence[tuple[int, ...]]], batch: int, free: Free) -> Cost:
    """A first input that fills the result is written into. Of others what they are added to is read and written, on a diagonal that alone."""
    out, cost = count(node.outputs[0], batch, free), Cost()
    for index, (value, along) in enumerate(zip(node.inputs, places, strict=True)):
        read = count(value, batch, free)
        touched = read if index and any(len(axes) > 1 for axes in along) else out
        if index or read < out:
            cost += Cost(touched, WIDTH * (read + (2 if index else 1) * touched), 1, fresh=0.0 if index or WIDTH * out < LARGE else WIDTH * out)
    return cost


def _fourier(x: Value, axes: Sequence[int], moved: float, batch: int, free: Free) -> Cost:
    """5 n log2 n operations for n complex numbers, half of that for real ones; they do not run as fast as those of products."""
    entries, length = count(x, batch, free), number(sz.product(_shape(x)[axis] for axis in axes), free)
    return Cost(TRANSFORM * entries * log2(max(length, 2)), moved, 2)


def _narrow(node: Node[Any], equation: str, batch: int, free: Free) -> float:
    """Entries read again for every matrix, one by one, where many matrices of few columns are multiplied from the left."""
    batched = [_batched(value) for value in node.inputs]
    first, second, out = terms(equation, batched)
    if not any(product(s, t, out) in ("matmul", "transposed") and len(t) > 2 for s, t in ((first, second), (second, first))):
        return 0.0
    shapes = [(batch,) * own + _shape(value) for own, value in zip(batched, node.inputs, strict=True)]
    pairs = [pair for term, shape in zip((first, second), shapes, strict=True) for pair in zip(term, shape, strict=True)]
    sizes = {letter: number(size, free) for letter, size in pairs}
    if sizes[out[-1]] >= NARROW:
        return 0.0
    return prod(size for letter, size in sizes.items() if letter != out[-1])


def _einsum(node: Node[Any], equation: str, batch: int, free: Free) -> float:
    """Multiplications: the product of all sizes that occur, and of the batch."""
    sizes: dict[str, Size] = {}
    for term, value in zip(equation.partition("->")[0].split(","), node.inputs, strict=True):
        sizes |= dict(zip(term, _shape(value), strict=True))
    samples = batch if any(_batched(value) for value in node.inputs) else 1
    return samples * number(sz.product(sizes.values()), free)


def count(value: Value, batch: int = BATCH, free: Free = FREE) -> float:
    """Entries of a value."""
    return (batch if _batched(value) else 1) * number(sz.product(_shape(value)), free)


def _shape(value: Value) -> tuple[Size, ...]:
    assert isinstance(value.type, t.TensorType)
    return value.type.shape


def _complex(value: Value) -> bool:
    return isinstance(value.type, t.TensorType) and value.type.complex


def _batched(value: Value) -> bool:
    return isinstance(value.type, t.TensorType) and value.type.batched


def number(size: Size, free: Free = FREE) -> float:
    """A size, or a value it may have."""
    if isinstance(size, int):
        return float(size)
    return float(sz.number(size, free)) if isinstance(free, Mapping) else _with_all(size, free)


@lru_cache(maxsize=4096)
def _with_all(size: Size, free: int) -> float:
    return float(sz.number(size, dict.fromkeys(sz.free_names(size), free)))
