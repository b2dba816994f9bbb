"""The signature of a model as its shell needs it: what the axes of each tensor must be, and how inputs and results are laid out in records."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import torch

from symc.algebra import sizes as sz
from symc.algebra.groups import Family, Group, Product
from symc.algebra.reps import Tensor, Trivial
from symc.algebra.sizes import Size
from symc.algebra.summands import summands
from symc.backends.free_sizes import Polynomial, Reading, polynomial, readings
from symc.diagnostics import Span
from symc.ir.bodies import every_value
from symc.ir.graph import Graph
from symc.ir.ops import BatchNorm, EquivariantOp
from symc.ir.types import AnyType, Record, Type, leaves

COMPLEX = {torch.float16: torch.complex32, torch.float32: torch.complex64, torch.float64: torch.complex128}
"""The complex numbers of each precision, as far as torch has them."""


@dataclass(frozen=True, slots=True)
class Input:
    """One tensor a model takes. Axes count from the end, so that batch axes do not matter."""

    name: str
    type: str
    span: Span | None
    sizes: tuple[Size, ...]
    rank: int
    complex: bool
    fixed: tuple[tuple[int, int], ...]  # (axis, its size)
    free: tuple[tuple[int, str], ...]  # (axis, the free size that it is)
    classes: int | None  # of integers that stand for a one-hot axis: they are less than this
    derived: tuple[tuple[int, Size, Polynomial], ...]  # (axis, its size, the same as plain data)

    @property
    def shape(self) -> str:
        return show_shape(self.sizes) + " int64" * (self.classes is not None)


@dataclass(frozen=True, slots=True)
class Interface:
    """All that a model takes and returns."""

    inputs: tuple[Input, ...]
    fields: tuple[tuple[str, AnyType], ...]
    flat: bool  # no input is a record
    plan: tuple[Reading, ...]  # how free sizes are read where some axis is a polynomial in them
    whole: tuple[tuple[Size, Polynomial], ...]  # sizes anywhere in the model that are whole numbers at some free sizes only
    centred: tuple[Polynomial, ...]  # how many values of one sample each batch normalisation has for a channel that it centres
    result: AnyType
    single: bool  # the result is one tensor
    signature: str

    @property
    def indices(self) -> tuple[tuple[int, int], ...]:
        """The inputs that hold indices, by position, and what these are less than."""
        return tuple((position, spec.classes) for position, spec in enumerate(self.inputs) if spec.classes is not None)

    def gather(self, out: Any) -> Any:
        """The result from the flat outputs of the graph module: a record is a tuple at the top and a dict inside."""
        flat = out if isinstance(out, tuple | list) else [out]
        return out if self.single else _gather(iter(flat), self.result, top=True)

    def nested(self, tensors: Sequence[Any]) -> dict[str, Any]:
        """The inputs by name, from flat ones: a record is a dict."""
        flat = iter(tensors)
        return {name: _gather(flat, item, top=False) for name, item in self.fields}


def interface_of(graph: Graph[EquivariantOp]) -> Interface:
    """Raises UnreadableSize where a free size follows from no input."""
    values = zip(leaves(graph.signature.inputs), graph.inputs, strict=True)
    with graph.named():
        inputs = tuple(_input(".".join(path), type, value.span) for (path, type), value in values)
        signature = str(graph.signature.inputs)
    fields, result = graph.signature.inputs.fields, graph.signature.result
    plan = readings([item.sizes for item in inputs]) if any(item.derived for item in inputs) else ()
    flat, single = all(isinstance(item, Type) for _, item in fields), isinstance(result, Type)
    return Interface(inputs, fields, flat, plan, _whole(graph), _centred(graph), result, single, signature)


def show_shape(shape: Sequence[Size], batch: str = "...") -> str:
    """`(..., n, 3)`: the dots stand for batch axes."""
    return f"({', '.join([batch, *map(sz.show, shape)])}{',' * (batch != '...' and not shape)})"


def _input(name: str, type: Type, span: Span | None) -> Input:
    axes = [(position - len(type.shape), size) for position, size in enumerate(type.shape)]
    free = [(axis, str(size)) for axis, size in axes if not isinstance(size, int) and size.is_Symbol]
    derived = [(axis, size, polynomial(size)) for axis, size in axes if not isinstance(size, int) and not size.is_Symbol]
    fixed = [(axis, size) for axis, size in axes if isinstance(size, int)]
    classes = None if type.classes is None else sz.number(type.classes)
    return Input(name, str(type), span, type.shape, len(axes), type.is_complex, tuple(fixed), tuple(free), classes, tuple(derived))


def _whole(graph: Graph[EquivariantOp]) -> tuple[tuple[Size, Polynomial], ...]:
    values = every_value(graph)
    sizes = [size for value in values if isinstance(value.type, Type) for size in value.type.shape]
    sizes += [size for group in graph.groups for size in _degrees(group)]
    found = {size: polynomial(size) for size in sizes if not isinstance(size, int)}
    return tuple((size, value) for size, value in found.items() if not value.natural)


def _centred(graph: Graph[EquivariantOp]) -> tuple[Polynomial, ...]:
    types = [node.inputs[0].type for node in graph.nodes if isinstance(node.op, BatchNorm)]
    parts = [part for item in types if isinstance(item, Type) for part in summands(Tensor(item.axes)) if all(leg.permuted for leg in part.legs)]
    return tuple(dict.fromkeys(polynomial(sz.product(leg.dim for leg in part.legs if not isinstance(leg, Trivial))) for part in parts))


def _degrees(group: Group) -> Iterator[Size]:
    match group.definition:
        case Family() as family:
            yield family.n
        case Product(factors):
            for factor in factors:
                yield from _degrees(factor)
        case _:
            return


def _gather(values: Iterator[Any], result: AnyType, top: bool) -> Any:
    match result:
        case Type():
            return next(values)
        case Record(fields):
            entries = {name: _gather(values, item, top=False) for name, item in fields}
            return tuple(entries.values()) if top else entries
