"""The graph under construction, and the values a model's names stand for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from symc.diagnostics import Label, Span
from symc.ir.graph import Node, Value
from symc.ir.infer import infer
from symc.ir.ops import BatchNorm, Bilinear, EquivariantOp, LayerNorm, Linear
from symc.ir.types import Type
from symc.passes.elaborate.report import Exhausted, fault
from symc.passes.elaborate.space import Axes, Fields, Space

MAX_STEPS = 20_000  # nodes, turns of `repeat` and applications of models in one graph


@dataclass(frozen=True, slots=True)
class Single:
    """One tensor, and its type with the names of sizes."""

    value: Value
    space: Axes


@dataclass(frozen=True, slots=True)
class Bundle:
    """A record of tensors."""

    fields: tuple[tuple[str, Operand], ...]

    @property
    def space(self) -> Fields:
        return Fields(tuple((name, item.space) for name, item in self.fields))


Operand: TypeAlias = Single | Bundle


def tensors(operand: Operand) -> Iterator[Single]:
    """The tensors of an operand in order."""
    match operand:
        case Single():
            yield operand
        case Bundle(fields):
            for _, item in fields:
                yield from tensors(item)


def each_tensor(operand: Operand, function: Callable[[Single, tuple[str, ...]], Single], path: tuple[str, ...] = ()) -> Operand:
    """The function applied to every tensor of a record, with its path of names."""
    match operand:
        case Single():
            return function(operand, path)
        case Bundle(fields):
            return Bundle(tuple((name, each_tensor(item, function, (*path, name))) for name, item in fields))


def bundled(space: Space, values: Iterator[Value]) -> Operand:
    """The operand of a given type made of tensors in order."""
    match space:
        case Axes():
            return Single(next(values), space)
        case Fields(fields):
            return Bundle(tuple((name, bundled(inner, values)) for name, inner in fields))


class Builder:
    """Nodes and values in order of execution, within a budget."""

    def __init__(self, outer: Builder | None = None) -> None:
        """With `outer`, the graph inside a recurrence of another: both share one budget, and weights of one name."""
        self.nodes: list[Node[EquivariantOp]] = []
        self._outer = outer
        self._values = 0
        self._steps = 0
        self._weights: dict[str, tuple[tuple[EquivariantOp, tuple[Type, ...], tuple[Type, ...]], Span]] = {}
        if outer is not None:
            self._weights = outer._weights
        self._made_by: dict[int, int] = {}  # the number of a value -> the index of its node

    def value(self, name: str, space: Axes, span: Span) -> Value:
        """A new value, not yet defined by anything."""
        self._values += 1
        return Value(self._values - 1, name, space.type, span)

    def placeholder(self, name: str, space: Space, span: Span) -> Operand:
        """Tensors of a type, defined by nothing: inputs, and what stands for a statement that went wrong."""
        match space:
            case Axes():
                return Single(self.value(name, space, span), space)
            case Fields(fields):
                return Bundle(tuple((inner, self.placeholder(f"{name}.{inner}", item, span)) for inner, item in fields))

    def emit(self, op: EquivariantOp, inputs: Sequence[Single], spaces: Sequence[Axes], span: Span) -> tuple[Single, ...]:
        """A new node; its results have the types of `spaces`, which the rules of the IR confirm."""
        self.step(span)
        claimed = tuple(space.type for space in spaces)
        if isinstance(op, Linear | Bilinear | LayerNorm | BatchNorm):
            self._check_shared(op, tuple(item.space for item in inputs), tuple(spaces), span)
        types = infer(op, [_type(item) for item in inputs], claimed)
        if types != claimed:
            raise AssertionError(f"{op} gives {types}, not {claimed}")
        outputs = tuple(self.value("", space, span) for space in spaces)
        self._made_by.update((value.id, len(self.nodes)) for value in outputs)
        self.nodes.append(Node(op, tuple(item.value for item in inputs), outputs, span))
        return tuple(Single(value, space) for value, space in zip(outputs, spaces, strict=True))

    def _check_shared(self, op: Linear | Bilinear | LayerNorm | BatchNorm, inputs: tuple[Axes, ...], outputs: tuple[Axes, ...], span: Span) -> None:
        """Weights of one name, those of a `let` layer, have one shape."""
        types = op, tuple(space.type for space in inputs), tuple(space.type for space in outputs)
        first, place = self._weights.setdefault(op.name, (types, span))
        if first != types:
            both = ((", ".join(map(str, of)) or "()", ", ".join(map(str, to))) for _, of, to in (first, types))
            shown = " and ".join(f"`{of} -> {to}`" for of, to in both)
            title = f"the weights `{op.name}` are shared by maps of different types"
            raise fault("E0320", title, span, shown, secondary=(Label(place, "first applied here"),), helps=("name a layer for each type",))

    def step(self, span: Span) -> None:
        """Count one node, turn or application against the budget."""
        if self._outer is not None:
            self._outer.step(span)
            return
        self._steps += 1
        if self._steps > MAX_STEPS:
            error = fault("E0522", f"the model unrolls to more than {MAX_STEPS} steps", span, "the limit is reached here", helps=("repeat less",))
            raise Exhausted(error.diagnostics)

    def named(self, operand: Operand, name: str) -> Operand:
        """The same tensors under the name they are bound to in the text, where they have none yet."""

        def rename(item: Single, path: tuple[str, ...]) -> Single:
            """The tensor under the name with its path in the record, also in the node that makes it; inputs and what has a name keep theirs."""
            if item.value.name or item.value.id not in self._made_by:
                return item
            value = replace(item.value, name=".".join((name, *path)))
            index = self._made_by[value.id]
            node = self.nodes[index]
            self.nodes[index] = replace(node, outputs=tuple(value if old.id == value.id else old for old in node.outputs))
            return Single(value, item.space)

        return each_tensor(operand, rename)


def _type(item: Single) -> Type:
    return item.space.type
