"""Types of random programs as they are written, and what a program may use at some place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, TypeAlias

from hypothesis import strategies as st

PERMUTED, SIGNED, MIXED, SCALED = range(4)  # what a group does to coordinates: permute, also change signs, mix orthogonally, anything
NAMED = {"c": 2, "d": 2, "e": 3}  # parameters of the model: sizes are met by name before value
LARGEST = 36  # coordinates of a tensor, at three points a set


@dataclass(frozen=True)
class Leaf:
    """A representation as it is written, its dimension at the sizes counted with, and what happens to its coordinates."""

    text: str
    dim: int
    how: int

    @property
    def trivial(self) -> bool:
        return self.text.isdigit() or self.text in NAMED


@dataclass(frozen=True)
class Several:
    """Parts within brackets: a sum of products, or with one part a merged axis."""

    parts: tuple[tuple[Axis, ...], ...]

    @property
    def text(self) -> str:
        return f"({' + '.join(show(part) for part in self.parts)})"

    @property
    def dim(self) -> int:
        return sum(dim(part) for part in self.parts)

    @property
    def how(self) -> int:
        return max(axis.how for part in self.parts for axis in part)

    trivial = False


Axis: TypeAlias = Leaf | Several
Type: TypeAlias = tuple[Axis, ...]


def product(numbers: Any) -> int:
    result = 1
    for number in numbers:
        result *= number
    return result


def show(item: Type) -> str:
    runs = ((axis, len(list(run))) for axis, run in groupby(item))
    return "*".join("*".join([axis.text] * count) if axis.trivial or count == 1 else f"{axis.text}^{count}" for axis, count in runs) or "()"


def dim(item: Type) -> int:
    return product(axis.dim for axis in item)


def how(item: Type) -> int:
    return max((axis.how for axis in item), default=PERMUTED)


def trivial(size: int) -> Leaf:
    return Leaf(str(size), size, PERMUTED)


# What a group's definition has: (constructor, dimension, how). {} is the group's name.
GROUPS: dict[str, list[tuple[str, int, int]]] = {
    "S({free})": [("perm({})", 3, PERMUTED)],
    "S(3)": [("perm({})", 3, PERMUTED), ("sign({})", 1, SIGNED), ("regular({})", 6, PERMUTED)],
    "S(2)": [("perm({})", 2, PERMUTED), ("sign({})", 1, SIGNED)],
    "C(4)": [("perm({})", 4, PERMUTED), ("vector({})", 2, SIGNED), ("pixels({}, 2, 2)", 4, PERMUTED)],
    "C(5)": [("vector({})", 2, MIXED), ("regular({})", 5, PERMUTED)],
    "D(4)": [("vector({})", 2, SIGNED), ("sign({})", 1, SIGNED), ("regular({})", 8, PERMUTED), ("pixels({}, 3, 3)", 9, PERMUTED)],
    "D(3)": [("perm({})", 3, PERMUTED), ("vector({})", 2, MIXED), ("sign({})", 1, SIGNED)],
    "D(2)": [("pixels({}, 2, 3)", 6, PERMUTED), ("vector({})", 2, SIGNED)],
    "O(3)": [("vector({})", 3, MIXED), ("sign({})", 1, SIGNED)],
    "SO(3)": [("vector({})", 3, MIXED)],
    "O(2)": [("vector({})", 2, MIXED), ("sign({})", 1, SIGNED)],
    "SO(2)": [("vector({})", 2, MIXED)],
    "O({degree})": [("vector({})", 3, MIXED)],
    "SO({degree})": [("vector({})", 3, MIXED)],
    'permutations("(0 1 2)(3 4)")': [("perm({})", 5, PERMUTED), ("sign({})", 1, SIGNED), ("regular({})", 6, PERMUTED)],
    "permutations([1, 0, 2])": [("vector({})", 3, PERMUTED)],
    "matrices([[0, -1], [1, 0]])": [("dual(vector({}))", 2, SIGNED)],
    "S(4)": [("vector({})", 4, PERMUTED), ("sign({})", 1, SIGNED)],
    "matrices([[0, 1], [-1, -1]])": [("vector({})", 2, SCALED), ("dual(vector({}))", 2, SCALED)],
    "matrices([[2, 0], [0, 1]])": [("vector({})", 2, SCALED), ("dual(vector({}))", 2, SCALED)],
    "matrices([[1, 1], [0, 1]])": [("vector({})", 2, SCALED)],
    "S(2) * C(3)": [("regular({})", 6, PERMUTED)],
}



TIME = Leaf("time", 3, PERMUTED)  # an axis that is carried along


@dataclass
class Scope:
    """What is written so far, and what may be used: tensors and records by name, leaves of the groups."""

    draw: Any
    leaves: list[Leaf]
    tensors: dict[str, Type] = field(default_factory=dict)
    records: dict[str, dict[str, Type]] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)
    fresh: int = 0
    wild: bool = False
    timed: tuple[str, Type] | None = None  # an input with the axis `time` in front of that type, where there is one
    order: bool = False  # does the statement need an annotation, for the order of axes?

    def one(self, options: Any) -> Any:
        return self.draw(st.sampled_from(list(options)))

    def chance(self, percent: int) -> bool:
        return bool(self.draw(st.integers(0, 99)) >= 100 - percent)

    def name(self) -> str:
        self.fresh += 1
        return f"h{self.fresh}"

    def operand(self, fits: Callable[[Type], Any] = lambda _: True) -> tuple[str, Type]:
        """A tensor that fits; without one the operation is given up."""
        found = {name: item for name, item in self.tensors.items() if fits(item)}
        found |= {f"{name}.{entry}": item for name, fields in self.records.items() for entry, item in fields.items() if fits(item)}
        if not found:
            raise Unfit
        return self.one(found.items())  # type: ignore[no-any-return]

    def leaf(self) -> Leaf:
        return self.size() if self.chance(40) else self.one(self.leaves)

    def size(self) -> Leaf:
        return Leaf(name := self.one(NAMED), NAMED[name], PERMUTED) if self.chance(30) else trivial(self.draw(st.integers(1, 3)))

    def type(self) -> Type:
        axes: list[Axis] = [self.leaf() for _ in range(self.draw(st.integers(0, 2)))]
        if self.chance(25):
            axes.insert(self.draw(st.integers(0, len(axes))), self.several(2))
        return small(tuple(axes))

    def several(self, depth: int) -> Axis:
        """Brackets within brackets, to some depth."""

        def axis() -> Axis:
            return self.several(depth - 1) if depth and self.chance(15) else self.leaf()

        parts = tuple(tuple(axis() for _ in range(self.draw(st.integers(1, 2)))) for _ in range(self.draw(st.integers(1, 3))))
        return Several(parts) if len(parts) > 1 or len(parts[0]) > 1 else parts[0][0]

    def reachable(self, item: Type) -> Type:
        """A type that some map leads to: the same up to sets and channels."""
        axes = [axis for axis in item if axis.how != PERMUTED or isinstance(axis, Several) or self.chance(60)]
        axes = [self.size() if axis.trivial else axis for axis in axes]
        for _ in range(self.draw(st.integers(0, 2))):
            extra = self.leaf()
            if extra.how == PERMUTED:
                axes.insert(self.draw(st.integers(0, len(axes))), extra)
        if axes and self.chance(20):
            axes[-1] = Several(((axes[-1],), (trivial(2),))) if isinstance(axes[-1], Leaf) else axes[-1]
        return small(tuple(axes))


class Unfit(Exception):
    """Nothing in scope suits the operation."""


def small(item: Type) -> Type:
    if dim(item) > LARGEST:
        raise Unfit
    return item
