"""Writing tensor-level nodes: one method per operation, which leaves out what would do nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from symc.algebra import sizes as sz
from symc.algebra.sizes import Size
from symc.diagnostics import Span
from symc.ir import tensor as t
from symc.ir.graph import Node, Value
from symc.ir.infer_tensor import infer_tensor
from symc.passes.cost import Cost


def tensor_type(value: Value) -> t.TensorType:
    if not isinstance(value.type, t.TensorType):
        raise TypeError(f"{value.name} is not of the tensor level: {value.type}")
    return value.type


def shape_of(value: Value) -> tuple[Size, ...]:
    return tensor_type(value).shape


class Builder:
    """A growing list of nodes. `name` and `span` are given to every value made: those of the node that is being lowered."""

    def __init__(self) -> None:
        self.nodes: list[Node[t.TensorOp]] = []
        self.name = ""
        self.span: Span | None = None
        self.choices: dict[str, None] = {}  # of the ways to lower a map, those that were chosen, in words; see `chose`
        self.others: dict[str, Cost] = {}  # and of the ways to lower the whole of it those that were not, and their costs
        self._next = 0

    def chose(self, way: str) -> None:
        """Note how a map is lowered, for whoever wants to explain it."""
        self.choices[way] = None

    def value(self, type_: t.TensorType) -> Value:
        """A new value that no node of this builder makes."""
        self._next += 1
        return Value(self._next - 1, self.name, type_, self.span)

    def emit(self, op: t.TensorOp, inputs: Sequence[Value] = (), shape: Iterable[Size] = (), *, batched: bool = False) -> Value:
        """A node; `shape` and `batched` are asked of operations that leave them open."""
        types = tuple(map(tensor_type, inputs))
        claimed = t.TensorType(tuple(map(sz.normal, shape)), batched or any(item.batched for item in types))
        result = self.value(infer_tensor(op, types, (claimed,)))
        self.nodes.append(Node(op, tuple(inputs), (result,), self.span))
        return result

    # sources

    def parameter(self, name: str, shape: Iterable[Size], initial: t.Initial, *, complex: bool = False) -> Value:
        """A learned tensor. Complex numbers are learned as pairs of real ones: these survive every cast, and every optimiser takes them."""
        if not complex:
            return self.emit(t.Parameter(name, initial), shape=shape)
        return self.from_pairs(self.emit(t.Parameter(name, t.Pairs(initial)), shape=(*shape, 2)))

    def array(self, data: NDArray[Any]) -> Value:
        """A constant, float64, int64 or complex128; complex ones too are kept as pairs."""
        if not np.iscomplexobj(data):
            return self.emit(t.Array(data))
        return self.from_pairs(self.emit(t.Array(np.stack([data.real, data.imag], axis=-1))))

    def constant(self, value: float) -> Value:
        return self.array(np.array(value))

    def zeros(self, shape: Sequence[Size], *, batched: bool) -> Value:
        """Zeros of a shape that may have free sizes."""
        return self.expand(self.array(np.zeros((1,) * len(shape))), shape, batched=batched)

    def onehot(self, index: Value, classes: int) -> Value:
        return self.emit(t.OneHotOf(classes), (index, self.constant(1.0)))

    def normals(self, number: int, shape: Iterable[Size], *, complex: bool = False) -> Value:
        """Standard normal numbers; `number` tells this draw from others. Of complex ones each part has variance 1/2."""
        if not complex:
            return self.emit(t.Normals(number), (self.constant(1.0),), shape, batched=True)
        pairs = self.emit(t.Normals(number), (self.constant(1.0),), (*shape, 2), batched=True)
        return self.from_pairs(self.arithmetic("mul", pairs, self.constant(0.5**0.5)))

    def complex(self, x: Value) -> Value:
        """The same numbers as complex ones."""
        if tensor_type(x).complex:
            return x
        real = self.reshape(x, (*shape_of(x), 1))
        zeros = self.zeros(shape_of(real), batched=tensor_type(x).batched)
        return self.from_pairs(self.concatenate([real, zeros], len(shape_of(x))))

    def pairs(self, x: Value) -> Value:
        """Real and imaginary parts of complex numbers along a new last axis."""
        return self.emit(t.AsReal(), (x,))

    def from_pairs(self, x: Value) -> Value:
        """Complex numbers from real and imaginary parts along the last axis."""
        return self.emit(t.AsComplex(), (x,))

    # layout

    def permute(self, x: Value, order: Sequence[int]) -> Value:
        return x if tuple(order) == tuple(range(len(shape_of(x)))) else self.emit(t.Permute(tuple(order)), (x,))

    def reshape(self, x: Value, shape: Iterable[Size]) -> Value:
        new = tuple(map(sz.normal, shape))
        return x if new == shape_of(x) else self.emit(t.Reshape(), (x,), new)

    def expand(self, x: Value, shape: Iterable[Size], *, batched: bool = False) -> Value:
        new = tuple(map(sz.normal, shape))
        same = new == shape_of(x) and (tensor_type(x).batched or not batched)
        return x if same else self.emit(t.Expand(), (x,), new, batched=batched)

    def slice(self, x: Value, axis: int, start: Size, stop: Size) -> Value:
        whole = start == 0 and sz.normal(stop) == shape_of(x)[axis]
        return x if whole else self.emit(t.Slice(axis, sz.normal(start), sz.normal(stop)), (x,))

    def concatenate(self, values: Sequence[Value], axis: int) -> Value:
        if len(values) == 1:
            return values[0]
        batched = any(tensor_type(value).batched for value in values)
        values = list(map(self.complex, values)) if any(tensor_type(value).complex for value in values) else values
        return self.emit(t.Concatenate(axis), [self.expand(value, shape_of(value), batched=batched) for value in values])

    def take(self, x: Value, axis: int, index: NDArray[np.int64]) -> Value:
        return self.emit(t.Take(axis), (x, self.array(index)))

    def diagonal(self, x: Value, axes: Iterable[int]) -> Value:
        return self.emit(t.Diagonal(tuple(sorted(axes))), (x,))

    def assemble(self, terms: Sequence[Value], places: Sequence[Sequence[tuple[int, ...]]], shape: Iterable[Size]) -> Value:
        """The sum of tensors, each laid along some axes of the result: see `Assemble`."""
        return self.emit(t.Assemble(tuple(map(tuple, places))), terms, shape)

    # arithmetic

    def einsum(self, equation: str, left: Value, right: Value) -> Value:
        mixed = tensor_type(left).complex != tensor_type(right).complex
        return self.emit(t.Einsum(equation), (self.complex(left), self.complex(right)) if mixed else (left, right))

    def bilinear_forms(self, x: Value, y: Value, w: Value, left: NDArray[np.int64], right: NDArray[np.int64]) -> Value:
        """See `tensor.BilinearForms`."""
        operands = [x, y, w]
        if any(tensor_type(item).complex for item in operands):
            operands = list(map(self.complex, operands))
        if tensor_type(x).batched != tensor_type(y).batched:
            operands[:2] = [self.expand(item, shape_of(item), batched=True) for item in operands[:2]]
        return self.emit(t.BilinearForms(), (*operands, self.array(left), self.array(right)))

    def reduce(self, kind: Literal["sum", "mean", "max"], x: Value, axes: Iterable[int], *, keep: bool = False) -> Value:
        axes = tuple(sorted(axes))
        return self.emit(t.Reduce(kind, axes, keep), (x,)) if axes else x

    def map(self, function: str, x: Value, argument: float | None = None) -> Value:
        return self.emit(t.Map(function, argument), (x,))

    def safe_sqrt(self, x: Value) -> Value:
        return self.emit(t.SafeSqrt(), (x,))

    def safe_reciprocal_sqrt(self, x: Value) -> Value:
        return self.emit(t.SafeReciprocalSqrt(), (x,))

    def arithmetic(self, kind: Literal["add", "sub", "mul", "div"], left: Value, right: Value) -> Value:
        return self.emit(t.Arithmetic(kind), (left, right))

    def attention(self, q: Value, k: Value, v: Value, bias: Value | None) -> Value:
        """All of them batched where one of them is."""
        operands = (q, k, v) if bias is None else (q, k, v, bias)
        batched = any(tensor_type(x).batched for x in operands)
        return self.emit(t.FusedAttention(), [self.expand(x, shape_of(x), batched=batched) for x in operands])

    def fourier(self, x: Value, axes: Iterable[int]) -> Value:
        return self.emit(t.Fourier(tuple(axes)), (x,))

    def inverse_fourier(self, x: Value, axes: Iterable[int], sizes: Iterable[int]) -> Value:
        return self.emit(t.InverseFourier(tuple(axes), tuple(sizes)), (x, self.constant(1.0)))

    def softmax(self, x: Value, axis: int) -> Value:
        return self.emit(t.SoftmaxAlong(axis), (x,))

    def dropout(self, x: Value, p: float, shared: Iterable[int]) -> Value:
        return self.emit(t.DropoutMask(p, tuple(sorted(shared))), (x,))

    def batch_norm(self, x: Value, name: str, part: int, parts: tuple[tuple[int, bool], ...], shape: Iterable[int]) -> Value:
        return self.emit(t.BatchNormPart(name, part, parts, tuple(shape)), (self.expand(x, shape_of(x), batched=True),))

    def layer_norm(self, x: Value, weight: Value, bias: Value, eps: float) -> Value:
        return self.emit(t.LayerNormLast(len(shape_of(weight)), eps), (x, weight, bias))
