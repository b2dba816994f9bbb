"""The tensor level in numpy, and a comparison of lowered graphs with the evaluator of the level above."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import assert_never

import numpy as np
import pytest
from numpy.typing import NDArray

from symc.algebra import sizes as sz
from symc.algebra.reps import Rep, Trivial
from symc.ir import tensor as t
from symc.ir.evaluate import evaluate
from symc.ir.graph import Graph, Node, Value
from symc.ir.ops import EquivariantOp
from symc.ir.parameters import parameter_shapes
from symc.ir.pointwise import function
from symc.ir.types import Record, Signature, Type
from symc.ir.verify import verify
from symc.passes.attach import attach
from symc.passes.lower import lower
from symc.passes.simplify import simplify

Array = NDArray[np.float64]


def interpret(graph: Graph[t.TensorOp], inputs: Sequence[Array], parameters: Mapping[str, Array], sizes: Mapping[str, int]) -> list[Array]:
    """The outputs for inputs with one batch axis. Every value is checked against its type."""
    values = {value.id: x for value, x in zip(graph.inputs, inputs, strict=True)}
    batch = len(inputs[0]) if inputs else 1
    for node in graph.nodes:
        (result,) = node.outputs
        shape = _shape(result, sizes, batch)
        values[result.id] = _apply(node, [values[value.id] for value in node.inputs], shape, parameters, sizes)
        assert values[result.id].shape == shape, (node, values[result.id].shape, shape)
    return [values[value.id] for value in graph.outputs]


def _type(value: Value) -> t.TensorType:
    assert isinstance(value.type, t.TensorType)
    return value.type


def _shape(value: Value, sizes: Mapping[str, int], batch: int) -> tuple[int, ...]:
    type_ = _type(value)
    return (*([batch] if type_.batched else []), *(sz.number(size, sizes) for size in type_.shape))


def _laid(x: Array, places: Sequence[tuple[int, ...]], lead: int, shape: tuple[int, ...], batched: int) -> Array:
    """A tensor along some axes of a shape, on diagonals of some, entry by entry."""
    result = np.zeros(shape)
    for index in np.ndindex(*shape):
        shown = index[batched:]
        if all(len({shown[axis] for axis in along}) == 1 for along in places):
            result[index] = x[(*index[:lead], *(shown[along[0]] for along in places))]
    return result


def _apply(node: Node[t.TensorOp], xs: list[Array], shape: tuple[int, ...], parameters: Mapping[str, Array], sizes: Mapping[str, int]) -> Array:
    lead = [int(_type(value).batched) for value in node.inputs]
    x, at = (xs[0], lead[0]) if xs else (np.zeros(()), 0)
    match node.op:
        case t.Parameter(name):
            return parameters[name]
        case t.Array(data):
            return data
        case t.Einsum(equation):
            left, right = equation.split("->")
            terms = ["Z" * batched + term for batched, term in zip(lead, left.split(","), strict=True)]
            return np.einsum(f"{','.join(terms)}->{'Z' * max(lead)}{right}", *xs)
        case t.Permute(order):
            return x.transpose(*range(at), *(at + axis for axis in order))
        case t.Reshape():
            return x.reshape(shape)
        case t.Expand():
            return np.broadcast_to(x, shape)
        case t.Slice(axis, start, stop):
            return np.take(x, np.arange(sz.number(start, sizes), sz.number(stop, sizes)), axis=at + axis)
        case t.Concatenate(axis):
            return np.concatenate(xs, axis=at + axis)
        case t.Take(axis):
            return np.take(x, xs[1].astype(int), axis=at + axis)
        case t.Diagonal(axes):
            rest = [axis for axis in range(x.ndim - at) if axis not in axes]
            moved = x.transpose(*range(at), *(at + axis for axis in rest), *(at + axis for axis in axes))
            return moved[(..., *[np.arange(moved.shape[-1])] * len(axes))]
        case t.Assemble(places):
            terms = (_laid(x, along, at, shape, int(_type(node.outputs[0]).batched)) for x, along, at in zip(xs, places, lead, strict=True))
            return sum(terms, np.zeros(shape))
        case t.Reduce(kind, axes, keep):
            along = tuple(at + axis for axis in axes)
            if any(x.shape[axis] == 0 for axis in along):
                return np.zeros(shape)
            return np.asarray({"sum": np.sum, "mean": np.mean, "max": np.max}[kind](x, axis=along, keepdims=keep))
        case t.Map(name, argument):
            return np.asarray(function(name, argument).numpy(x))
        case t.SafeSqrt():
            return np.sqrt(x)
        case t.SafeReciprocalSqrt():
            return np.where(x > 0, 1 / np.sqrt(np.where(x > 0, x, 1)), 0)
        case t.Arithmetic(kind):
            return {"add": np.add, "sub": np.subtract, "mul": np.multiply, "div": np.divide}[kind](*xs)
        case t.FusedAttention():
            q, k, v, *biases = xs
            scores = np.einsum("...nc,...mc->...nm", q, k) / np.sqrt(q.shape[-1]) + sum(biases)
            raised = np.exp(scores - scores.max(axis=-1, keepdims=True, initial=-np.inf))
            return np.einsum("...nm,...md->...nd", raised, v) / np.where(raised.shape[-1], raised.sum(-1, keepdims=True), 1)
        case t.Fourier(axes):
            return np.fft.rfftn(x, axes=[at + axis for axis in axes])
        case t.InverseFourier(axes, lengths):
            return np.fft.irfftn(x, s=lengths, axes=[at + axis for axis in axes])
        case t.SoftmaxAlong(axis):
            if x.shape[at + axis] == 0:
                return x
            raised = np.exp(x - x.max(axis=at + axis, keepdims=True))
            return raised / raised.sum(axis=at + axis, keepdims=True)
        case t.BatchNormPart(name, part, parts, shape):
            start, shift = sum(n for n, _ in parts[:part]), sum(n for n, centred in parts[:part] if centred)
            count, centred = parts[part]
            y = x / np.sqrt(1 + 1e-5) * parameters[f"{name}.weight"][start : start + count].reshape(shape)
            return y + parameters[f"{name}.bias"][shift : shift + count].reshape(shape) if centred else y
        case t.DropoutMask():
            return x
        case t.Loop():
            raise ValueError("recurrences are compared elsewhere")
        case t.OneHotOf(classes):
            return np.eye(classes)[x.astype(int)]
        case t.Lookup():
            return x[xs[1].astype(int)]
        case t.Normals():
            raise ValueError("what is drawn is no function of the inputs")
        case t.LayerNormLast(axes, eps):
            last = tuple(range(x.ndim - axes, x.ndim))
            centred = x - x.mean(axis=last, keepdims=True)
            return centred / np.sqrt((centred**2).mean(axis=last, keepdims=True) + eps) * xs[1] + xs[2]
        case t.Mask() | t.Where():
            raise TypeError("lowering makes no masks")
        case _:
            assert_never(node.op)


def typ(*axes: Rep | int) -> Type:
    return Type(tuple(Trivial(axis) if isinstance(axis, int) else axis for axis in axes))


Step = tuple[EquivariantOp, Sequence[int], Sequence[Type]]


def graph_of(inputs: Sequence[Type], steps: Sequence[Step], outputs: Sequence[int]) -> Graph[EquivariantOp]:
    """A graph whose values are numbered in order: the inputs, then the results of the steps, each an operation, its inputs and the types it gives."""
    values = [Value(i, f"x{i}", item) for i, item in enumerate(inputs)]
    nodes = []
    for op, used, results in steps:
        made = [Value(len(values) + i, f"y{len(values) + i}", item) for i, item in enumerate(results)]
        nodes.append(Node(op, tuple(values[i] for i in used), tuple(made)))
        values += made
    returned = tuple(values[i] for i in outputs)
    signature = Signature(Record(tuple((v.name, v.type) for v in values[: len(inputs)])), Record(tuple((v.name, v.type) for v in returned)))
    return Graph("M", signature, tuple(values[: len(inputs)]), tuple(nodes), returned)


def compare_graph(graph: Graph[EquivariantOp], sizes: Mapping[str, int] | None = None, tolerance: float = 1e-12) -> Graph[t.TensorOp]:
    """Solves, lowers and simplifies; the outputs before and after simplification must be those of the evaluator. Returns the simplified graph."""
    sizes = sizes or {}
    assert verify(graph, "equivariant") == []
    solved = attach(graph)
    lowered = lower(solved)
    simple = simplify(lowered)
    rng = np.random.default_rng(0)
    made = {node.op.name: value.type.shape for node in lowered.nodes for value in node.outputs if isinstance(node.op, t.Parameter)}
    assert made == parameter_shapes(solved)
    parameters = {name: rng.normal(size=shape) for name, shape in made.items()}
    inputs = [rng.normal(size=(2, *(sz.number(size, sizes) for size in value.type.shape))) for value in graph.inputs]
    wanted = evaluate(solved, inputs, parameters, sizes) if inputs else [x[None] for x in evaluate(solved, inputs, parameters, sizes)]
    for one in (lowered, simple):
        assert verify(one, "tensor") == []
        for found, right in zip(interpret(one, inputs, parameters, sizes), wanted, strict=True):
            assert found.shape == right.shape
            assert np.abs(found - right).max(initial=0) <= tolerance * max(1.0, np.abs(right).max(initial=0))
    return simple


@pytest.fixture
def interpreter() -> Callable[..., list[Array]]:
    return interpret


@pytest.fixture
def build() -> Callable[..., Graph[EquivariantOp]]:
    return graph_of


@pytest.fixture
def compare() -> Callable[..., Graph[t.TensorOp]]:
    return compare_graph


@pytest.fixture
def axes() -> Callable[..., Type]:
    """A type from its axes, integers standing for trivial ones."""
    return typ
