"""Spaces: types as the elaborator sees them, where a trivial axis remembers the name its size was written with."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import TypeAlias

from symc.algebra import sizes as sz
from symc.algebra.reps import Rep, Tensor, Trivial
from symc.algebra.sizes import Size
from symc.ir.coordinates import canonical, moduli
from symc.ir.types import AnyType, Record, Type


@dataclass(frozen=True, slots=True)
class Axes:
    """A type; `labels[a]` is how axis a was written where it has a name: `c`, `4*c`, `X`."""

    reps: tuple[Rep, ...] = ()
    labels: tuple[str | None, ...] = ()

    @property
    def type(self) -> Type:
        return Type(self.reps)

    def __len__(self) -> int:
        return len(self.reps)

    def __str__(self) -> str:
        parts = [self.shown(position) for position in range(len(self))]
        return "*".join(f"({part})" if " + " in part and len(parts) > 1 else part for part in parts) or "()"

    def shown(self, position: int) -> str:
        """An axis as the user knows it: the name of its rep, the number of its trivial copies."""
        rep, label = self.reps[position], self.labels[position]
        return label if label is not None and not isinstance(rep, Trivial) else f"({rep})" if isinstance(rep, Tensor) else str(rep)


@dataclass(frozen=True, slots=True)
class Fields:
    """A record type: named spaces in order."""

    fields: tuple[tuple[str, Space], ...]

    @property
    def type(self) -> Record:
        return Record(tuple((name, item.type) for name, item in self.fields))

    def __str__(self) -> str:
        return f"({', '.join(f'{name}: {item}' for name, item in self.fields)})"


Space: TypeAlias = Axes | Fields

UNIT = Axes()


def axis(rep: Rep, label: str | None = None) -> Axes:
    """The space of one axis."""
    return Axes((rep,), (label,))


def of_type(item: AnyType) -> Space:
    """The space of a type, sizes without names."""
    match item:
        case Type(axes):
            return Axes(axes, (None,) * len(axes))
        case Record(fields):
            return Fields(tuple((name, of_type(inner)) for name, inner in fields))


def join(left: Axes, right: Axes) -> Axes:
    """Left's axes, then right's."""
    return Axes(left.reps + right.reps, left.labels + right.labels)


def pick(space: Axes, positions: tuple[int, ...]) -> Axes:
    """Some of the axes, in the order given."""
    return Axes(tuple(space.reps[p] for p in positions), tuple(space.labels[p] for p in positions))


def each_entry(space: Space, function: Callable[[Axes], Axes]) -> Space:
    """The function applied to every tensor of a record."""
    match space:
        case Axes():
            return function(space)
        case Fields(fields):
            return Fields(tuple((name, each_entry(inner, function)) for name, inner in fields))


def entries(space: Space, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Axes]]:
    """The tensors of a space in order, each with its path of names."""
    match space:
        case Axes():
            yield path, space
        case Fields(fields):
            yield from chain.from_iterable(entries(inner, (*path, name)) for name, inner in fields)


def merged(space: Axes, label: str | None = None) -> Axes:
    """What parentheses do: one axis, laid out row-major; neighbouring trivial factors become one."""
    factors: list[Rep] = []
    for factor in chain.from_iterable(_factors(rep) for rep in space.reps):
        if factors and isinstance(factor, Trivial) and isinstance(factors[-1], Trivial):
            factors[-1] = Trivial(sz.product((factors[-1].k, factor.k)))
        else:
            factors.append(factor)
    match factors:
        case []:
            return axis(Trivial(1))
        case [only]:
            return axis(only, (space.labels[0] if len(space) == 1 else label) if isinstance(only, Trivial) else None)
        case _:
            return axis(Tensor(tuple(factors)))


def _factors(rep: Rep) -> tuple[Rep, ...]:
    return tuple(chain.from_iterable(_factors(factor) for factor in rep.factors)) if isinstance(rep, Tensor) else (rep,)


def term(space: Axes) -> Rep:
    """A space as one term of a sum. A merged axis stays merged when the term is taken out again."""
    match space.reps:
        case ():
            return Trivial(1)
        case (Tensor() as only,):
            return Tensor((only,))
        case (only,):
            return only
        case several:
            return Tensor(several)


def term_axes(rep: Rep) -> Axes:
    """The axes that a term of a sum regains when it is taken out."""
    reps = rep.factors if isinstance(rep, Tensor) else (rep,)
    return Axes(reps, (None,) * len(reps))


def same_layout(left: Axes, right: Axes) -> bool:
    """Do both show the same coordinates under the same action along the same axes? `X*(3 + 5)` and `X*8` do."""
    plain = moduli if left.type.is_complex and right.type.is_complex else lambda rep: rep
    return len(left) == len(right) and all(a == b or canonical(plain(a)) == canonical(plain(b)) for a, b in zip(left.reps, right.reps, strict=True))


def trivial(size: Size, label: str | None = None) -> Axes:
    """One axis of that many trivial copies."""
    return axis(Trivial(size), label)
