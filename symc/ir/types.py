"""Types: a list of axes, each a representation, which is also the shape of the tensor after its batch axes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from symc.algebra.groups import Group
from symc.algebra.reps import OneHot, Pixels, Rep, Tensor, bracketed
from symc.algebra.sizes import Size


@dataclass(frozen=True, slots=True)
class Type:
    """The axes of a tensor, in order. `()` is a scalar; only a `Tensor` inside one axis merges."""

    axes: tuple[Rep, ...] = ()

    @property
    def rep(self) -> Rep:
        """The whole as one representation, coordinates row-major."""
        return self.axes[0] if len(self.axes) == 1 else Tensor(self.axes)

    @property
    def shape(self) -> tuple[Size, ...]:
        """Sizes of the tensor axes; pixels show as two."""
        return tuple(size for axis in self.axes for size in axis_shape(axis))

    @property
    def groups(self) -> tuple[Group, ...]:
        return tuple(dict.fromkeys(group for axis in self.axes for group in axis.groups))

    @property
    def free(self) -> frozenset[str]:
        return frozenset().union(*(axis.free for axis in self.axes))

    @property
    def is_complex(self) -> bool:
        """Are the numbers complex? Where one axis is, or a part of it, all are."""
        return any(axis.is_complex for axis in self.axes)

    @property
    def classes(self) -> Size | None:
        """Of a tensor of integers, which stand for a one-hot axis, the number of classes."""
        return next((axis.k for axis in self.axes if isinstance(axis, OneHot)), None)

    def at(self, sizes: Mapping[str, int]) -> Type:
        return Type(tuple(axis.at(sizes) for axis in self.axes))

    def without(self, position: int) -> Type:
        return Type(self.axes[:position] + self.axes[position + 1 :])

    def tensor_axis(self, position: int) -> int:
        """Where an axis of the type begins among the axes of the tensor."""
        return sum(len(axis_shape(axis)) for axis in self.axes[:position])

    def __str__(self) -> str:
        return "*".join(bracketed(axis) if len(self.axes) > 1 else str(axis) for axis in self.axes) or "()"


def axis_shape(axis: Rep) -> tuple[Size, ...]:
    """The tensor axes one axis of a type shows as."""
    match axis:
        case Pixels():
            return axis.h, axis.w
        case OneHot():
            return ()  # the tensor holds the index
        case _:
            return (axis.dim,)


@dataclass(frozen=True, slots=True)
class Record:
    """Named entries, each a type or again a record: a direct sum kept as separate tensors."""

    fields: tuple[tuple[str, AnyType], ...]

    def __getitem__(self, name: str) -> AnyType:
        return dict(self.fields)[name]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(name for name, _ in self.fields)

    def __str__(self) -> str:
        return f"({', '.join(f'{name}: {item}' for name, item in self.fields)})"


AnyType: TypeAlias = Type | Record


def leaves(item: AnyType, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Type]]:
    """The tensors of a type in declared order, each with its path of entry names."""
    match item:
        case Type():
            yield path, item
        case Record(fields):
            for name, inner in fields:
                yield from leaves(inner, (*path, name))


@dataclass(frozen=True, slots=True)
class Signature:
    """What a model takes, by name, and what it returns."""

    inputs: Record
    result: AnyType

    def __str__(self) -> str:
        return f"{self.inputs} -> {self.result}"
