"""Random graphs of the tensor level, full of what rewrites look for: changes of basis, pieces and joins, axes moved and repeated."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import torch
from hypothesis import strategies as st
from numpy.typing import NDArray
from torch import Tensor

from symc.algebra import sizes as sz
from symc.algebra.sizes import Size
from symc.backends.fx import emit
from symc.ir import tensor as t
from symc.ir.graph import Graph, Value
from symc.ir.types import Record, Signature
from symc.passes.lower.builder import Builder, shape_of

N = sz.free("n")
ENTRIES = 2000  # of one value for one sample, at n = 3
INPUTS: tuple[tuple[Size, ...], ...] = ((N, 3), (3,), (2, 4), (N, 4), (4, N, 3))
SMOOTH = ("tanh", "sigmoid", "cos", "softplus")
STEPS = 14


def turn(size: int) -> NDArray[np.float64]:
    """One orthogonal matrix of each size."""
    return np.asarray(np.linalg.qr(np.random.default_rng(size).normal(size=(size, size)))[0])


class Growing:
    """A graph with some values to go on from. Every step is a method; one that does not fit writes nothing."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw, self.b = draw, Builder()
        shapes = draw(st.lists(st.sampled_from(INPUTS[1:]), max_size=2))
        self.inputs = [self.b.value(t.TensorType(shape)) for shape in (INPUTS[0], *shapes)]
        self.values = list(self.inputs)
        self.drawn = 0

    def one(self, options: Sequence[Value]) -> Value:
        """Late values more often."""
        return options[max(self.draw(st.integers(0, len(options) - 1)), self.draw(st.integers(0, len(options) - 1)))]

    def value(self, fits: Callable[[Value], bool] = lambda _: True) -> Value | None:
        options = [value for value in self.values if fits(value)]
        return self.one(options) if options else None

    def axis(self, x: Value, *, known: bool = False) -> int | None:
        axes = [axis for axis, size in enumerate(shape_of(x)) if isinstance(size, int) or not known]
        return self.draw(st.sampled_from(axes)) if axes else None

    def matrix(self, size: int) -> Value:
        """To multiply an axis of that size with: an orthogonal matrix or its transpose, any other, or a parameter."""
        match self.draw(st.integers(0, 4)):
            case 0 | 1:
                return self.b.array(turn(size))
            case 2:
                return self.b.array(turn(size).T)
            case 3:
                return self.b.array(np.random.default_rng(7).normal(size=(self.draw(st.integers(1, 5)), size)))
            case _:
                return self.parameter((self.draw(st.integers(1, 5)), size))

    def parameter(self, shape: Sequence[Size]) -> Value:
        self.drawn += 1
        return self.b.parameter(f"p{self.drawn}", shape, t.Normal(1.0))

    # steps

    def product(self) -> Value | None:
        x = self.value(lambda x: any(isinstance(size, int) for size in shape_of(x)))
        if x is None or (axis := self.axis(x, known=True)) is None:
            return None
        letters = "abcdefg"[: len(shape_of(x))]
        w = self.matrix(sz.number(shape_of(x)[axis]))
        out = letters[:axis] + "o" + letters[axis + 1 :]
        turned = self.draw(st.booleans()) and shape_of(w)[0] == shape_of(w)[1]
        weight = f"{letters[axis]}o" if turned else f"o{letters[axis]}"
        out = "".join(self.draw(st.permutations(out))) if self.draw(st.integers(0, 3)) == 0 else out
        return self.b.einsum(f"{letters},{weight}->{out}", x, w)

    def permute(self) -> Value | None:
        x = self.value(lambda x: len(shape_of(x)) > 1)
        return None if x is None else self.b.permute(x, self.draw(st.permutations(range(len(shape_of(x))))))

    def merge(self) -> Value | None:
        """Two neighbouring axes made one, or one of size 1 added."""
        x = self.value()
        assert x is not None
        shape = shape_of(x)
        axis = self.draw(st.integers(0, len(shape)))
        merged = (*shape[:axis], 1, *shape[axis:]) if axis + 1 >= len(shape) else (*shape[:axis], shape[axis] * shape[axis + 1], *shape[axis + 2 :])
        return self.b.reshape(x, merged)

    def split(self) -> Value | None:
        x = self.value(lambda x: any(size in (4, 6, 8, 9, 12) for size in shape_of(x)))
        if x is None:
            return None
        axis = next(axis for axis, size in enumerate(shape_of(x)) if size in (4, 6, 8, 9, 12))
        size = sz.number(shape_of(x)[axis])
        first = self.draw(st.sampled_from([k for k in range(1, size) if size % k == 0]))
        return self.b.reshape(x, (*shape_of(x)[:axis], first, size // first, *shape_of(x)[axis + 1 :]))

    def pieces(self) -> Value | None:
        """All pieces of an axis, each of which may be used."""
        x = self.value(lambda x: any(isinstance(size, int) and size > 1 for size in shape_of(x)))
        if x is None:
            return None
        axis = next(axis for axis, size in enumerate(shape_of(x)) if isinstance(size, int) and size > 1)
        middle = self.draw(st.integers(1, sz.number(shape_of(x)[axis]) - 1))
        first = self.b.slice(x, axis, 0, middle)
        self.values.append(first)
        return self.b.slice(x, axis, middle, shape_of(x)[axis])

    def join(self) -> Value | None:
        """Two or three that are alike outside one axis."""
        x = self.value(lambda x: bool(shape_of(x)))
        if x is None or (axis := self.axis(x, known=True)) is None:
            return None

        def alike(y: Value) -> bool:
            fits = len(shape_of(y)) == len(shape_of(x)) and isinstance(shape_of(y)[axis], int)
            return fits and all(a == b for i, (a, b) in enumerate(zip(shape_of(x), shape_of(y), strict=True)) if i != axis)

        others = [self.value(alike) for _ in range(self.draw(st.integers(1, 2)))]
        return self.b.concatenate([x, *(y for y in others if y is not None)], axis)

    def arithmetic(self) -> Value | None:
        x = self.value()
        assert x is not None
        y = self.value(lambda y: shape_of(y) == shape_of(x)) if self.draw(st.booleans()) else None
        if y is None:
            y = self.draw(st.sampled_from([lambda: self.b.constant(0.5), lambda: self.b.constant(1.0), lambda: self.of(shape_of(x)[-1:])]))()
        return self.b.arithmetic(self.draw(st.sampled_from(("add", "sub", "mul"))), x, y)

    def of(self, shape: Sequence[Size]) -> Value:
        """Something of a shape that knows no input."""
        if any(not isinstance(size, int) for size in shape):
            return self.b.zeros(shape, batched=False)
        known = tuple(map(sz.number, shape))
        return self.draw(st.sampled_from([lambda: self.parameter(known), lambda: self.b.array(np.arange(float(np.prod(known))).reshape(known))]))()

    def outer(self) -> Value | None:
        """All products of entries of two vectors."""
        x, y = (self.value(lambda x: len(shape_of(x)) == 1) for _ in range(2))
        if x is None or y is None:
            return None
        return self.b.arithmetic("mul", self.b.reshape(x, (*shape_of(x), 1)), self.b.reshape(y, (1, *shape_of(y))))

    def function(self) -> Value | None:
        x = self.value()
        assert x is not None
        return self.b.map(self.draw(st.sampled_from(SMOOTH)), x)

    def reduce(self) -> Value | None:
        x = self.value(lambda x: bool(shape_of(x)))
        if x is None or (axis := self.axis(x)) is None:
            return None
        return self.b.reduce(self.draw(st.sampled_from(("sum", "mean", "max"))), x, (axis,), keep=self.draw(st.booleans()))

    def stretch(self) -> Value | None:
        """Repeated along a new axis, which may be known or free; unbatched ones for every sample too."""
        x = self.value()
        assert x is not None
        axis = self.draw(st.integers(0, len(shape_of(x))))
        size = self.draw(st.sampled_from([2, 3, N]))
        ones = self.b.reshape(x, (*shape_of(x)[:axis], 1, *shape_of(x)[axis:]))
        return self.b.expand(ones, (*shape_of(x)[:axis], size, *shape_of(x)[axis:]), batched=self.draw(st.booleans()))

    def take(self) -> Value | None:
        x = self.value(lambda x: any(isinstance(size, int) for size in shape_of(x)))
        if x is None or (axis := self.axis(x, known=True)) is None:
            return None
        size = sz.number(shape_of(x)[axis])
        return self.b.take(x, axis, np.array(self.draw(st.lists(st.integers(0, size - 1), min_size=1, max_size=4)))) if size else None

    def diagonal(self) -> Value | None:
        """The first axis laid along a diagonal, beside the same repeated."""
        x = self.value(lambda x: bool(shape_of(x)))
        if x is None:
            return None
        rest = [(axis + 1,) for axis in range(1, len(shape_of(x)))]
        places = [((0, 1), *rest), ((1,), *rest)]
        return self.b.assemble([x, x], places, (shape_of(x)[0], *shape_of(x)))

    def dropout(self) -> Value | None:
        x = self.value()
        return None if x is None else self.b.dropout(x, 0.5, ())

    def weight(self) -> Value | None:
        return self.parameter(self.draw(st.sampled_from([(3,), (3, 3), (12,), (2, 4)])))

    def constant(self) -> Value | None:
        shape = self.draw(st.sampled_from([(3,), (3, 3), (4,), (1, 3)]))
        return self.b.array(np.random.default_rng(len(shape)).normal(size=shape))


KINDS = (
    "product", "product", "product", "permute", "merge", "split", "pieces", "pieces", "join", "join", "arithmetic", "arithmetic", "function",
    "reduce", "stretch", "take", "outer", "diagonal", "dropout", "weight", "constant",
)  # fmt: skip


@st.composite
def tensor_graphs(draw: st.DrawFn) -> Graph[t.TensorOp]:
    growing = Growing(draw)
    for kind in draw(st.lists(st.sampled_from(KINDS), min_size=2, max_size=STEPS)):
        value = getattr(growing, kind)()
        if value is not None and sz.number(sz.product(shape_of(value)), {"n": 3}) <= ENTRIES and len(shape_of(value)) <= 6:
            growing.values.append(value)
    outputs = [growing.values[-1], *draw(st.lists(st.sampled_from(growing.values), max_size=2))]
    outputs = [growing.b.expand(value, shape_of(value), batched=True) for value in outputs]
    return Graph("M", Signature(Record(()), Record(())), tuple(growing.inputs), tuple(growing.b.nodes), tuple(outputs))


def results(graph: Graph[t.TensorOp], sizes: dict[str, int], batch: int = 2) -> list[Tensor]:
    """What the emitted module returns in float64, for inputs and parameters that are the same for every graph."""
    default = torch.get_default_dtype()
    try:
        torch.set_default_dtype(torch.float64)
        module = emit(graph).eval()
    finally:
        torch.set_default_dtype(default)
    with torch.no_grad():
        for name, parameter in module.named_parameters():
            parameter.copy_(torch.tensor(np.random.default_rng(sum(map(ord, name))).normal(size=tuple(parameter.shape))))
        rng = np.random.default_rng(1)
        inputs = [torch.tensor(rng.normal(size=(batch, *(sz.number(size, sizes) for size in shape_of(x))))) for x in graph.inputs]
        found = module(*inputs)
    return list(found) if isinstance(found, tuple) else [found]


def drawn_parameters(graph: Graph[t.TensorOp]) -> list[str]:
    """The names of the parameters in the order in which they are drawn."""
    return list(dict.fromkeys(node.op.name for node in graph.nodes if isinstance(node.op, t.Parameter)))


