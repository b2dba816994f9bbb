"""How coordinates lie along one axis of a tensor: which of them are elements of a set of free size, so that a mask says which are real.

A padded axis is laid out as that of a sample of the padded size: in `X*3 + X^2` laid flat the pairs begin after three coordinates for every
element, real or not.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import sympy

from symc.algebra import sizes as sz
from symc.algebra.reps import OneHot, Pixels, Rep, Sum, Tensor
from symc.algebra.sizes import Size
from symc.ir.types import Type


@dataclass(frozen=True, slots=True)
class Plain:
    """Coordinates that all are real."""

    size: Size

    def __str__(self) -> str:
        return sz.show(self.size)


@dataclass(frozen=True, slots=True)
class Elements:
    """Coordinate i belongs to element i of what has the free size `name`."""

    name: str

    @property
    def size(self) -> Size:
        return sz.free(self.name)

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class Product:
    """All tuples of the factors, row-major. No factor is a product, or has size 1; see `merged`."""

    factors: tuple[Layout, ...]

    @property
    def size(self) -> Size:
        return sz.product(factor.size for factor in self.factors)

    def __str__(self) -> str:
        return "*".join(map(str, self.factors))


@dataclass(frozen=True, slots=True)
class Chain:
    """The terms one after another. No term is a chain; see `joined`."""

    terms: tuple[Layout, ...]

    @property
    def size(self) -> Size:
        return sz.total(term.size for term in self.terms)

    def __str__(self) -> str:
        return f"({' + '.join(map(str, self.terms))})"


@dataclass(frozen=True, slots=True)
class Unknown:
    """Of a size that depends on a padded one in a way that no mask follows, such as 2n."""

    size: Size

    def __str__(self) -> str:
        return sz.show(self.size)


Layout: TypeAlias = Plain | Elements | Product | Chain | Unknown


def layouts_of(item: Type, names: frozenset[str]) -> tuple[Layout, ...]:
    """The layout of each tensor axis of a type, of whose free sizes `names` are padded."""
    return tuple(layout for axis in item.axes for layout in _shown(axis, names))


def _shown(axis: Rep, names: frozenset[str]) -> tuple[Layout, ...]:
    match axis:
        case Pixels():
            return of_size(axis.h, names), of_size(axis.w, names)
        case OneHot():
            return ()
        case _:
            return (layout_of(axis, names),)


def layout_of(rep: Rep, names: frozenset[str]) -> Layout:
    """The layout of the coordinates of a representation along one axis."""
    match rep:
        case Tensor(factors):
            return merged(layout_of(factor, names) for factor in factors)
        case Sum(terms):
            return joined(layout_of(term, names) for term in terms)
        case _:
            return of_size(rep.dim, names)


def of_size(size: Size, names: frozenset[str]) -> Layout:
    """The layout of an axis of which nothing but the size is known."""
    if not sz.free_names(size) & names:
        return Plain(size)
    return Elements(str(size)) if not isinstance(size, int) and size.is_Symbol else Unknown(size)


def is_padded(layout: Layout) -> bool:
    """May some coordinates be padding?"""
    return not isinstance(layout, Plain)


def names_of(layout: Layout) -> frozenset[str]:
    """The names of the padded free sizes."""
    match layout:
        case Elements(name):
            return frozenset((name,))
        case Product(parts) | Chain(parts):
            return frozenset().union(*map(names_of, parts))
        case _:
            return frozenset()


def is_known(layout: Layout) -> bool:
    """Does a mask of the free sizes say which coordinates are real?"""
    match layout:
        case Unknown():
            return False
        case Product(parts) | Chain(parts):
            return all(map(is_known, parts))
        case _:
            return True


def merged(layouts: Iterable[Layout]) -> Layout:
    """Axes made one, row-major."""
    factors = _factors(layouts)
    if not any(map(is_padded, factors)):
        return Plain(sz.product(factor.size for factor in factors))
    return factors[0] if len(factors) == 1 else Product(tuple(factors))


def joined(layouts: Iterable[Layout]) -> Layout:
    """Axes laid one after another."""
    terms = [term for layout in layouts for term in (layout.terms if isinstance(layout, Chain) else (layout,))]
    if not any(map(is_padded, terms)):
        return Plain(sz.total(term.size for term in terms))
    return terms[0] if len(terms) == 1 else Chain(tuple(terms))


def _factors(layouts: Iterable[Layout]) -> list[Layout]:
    """What is no product, row-major; neighbours of plain numbers are one."""
    result: list[Layout] = []
    for factor in (one for layout in layouts for one in (layout.factors if isinstance(layout, Product) else (layout,))):
        last = result[-1] if result else None
        if isinstance(factor, Plain) and isinstance(factor.size, int) and isinstance(last, Plain) and isinstance(last.size, int):
            result[-1] = Plain(last.size * factor.size)
        elif factor != Plain(1):
            result.append(factor)
    return result


def split(layouts: Sequence[Layout], shape: Sequence[Size]) -> tuple[Layout, ...]:
    """The layouts of the axes of `shape`, as which axes with these layouts are shown anew, row-major."""
    factors = _factors(layouts)
    if 0 in shape or not any(map(is_padded, factors)):
        return tuple(map(Plain, shape))
    return tuple(_front(factors, size) for size in shape)


def _front(factors: list[Layout], size: Size) -> Layout:
    """Factors of a size in all, taken off the front of the list; of a plain one only what is needed."""
    taken: list[Layout] = []
    needed = size
    while needed != 1:
        if not factors:
            return Unknown(size)
        factor = factors.pop(0)
        if isinstance(factor.size, int) and isinstance(needed, int) and factor.size > needed and factor.size % needed == 0:
            factors.insert(0, Plain(factor.size // needed))
            factor = Plain(needed)
        taken.append(factor)
        needed = sz.normal(sympy.cancel(sympy.sympify(needed) / factor.size))
    return merged(taken)


def cut(layout: Layout, start: Size, stop: Size) -> Layout:
    """The layout of the coordinates from start to stop, where these are whole terms, or part of a plain one."""
    terms = layout.terms if isinstance(layout, Chain) else (layout,)
    for first, term in enumerate(terms):
        before = sz.total(term.size for term in terms[:first])
        if isinstance(term, Plain) and _lies(sz.normal(start - before), sz.normal(stop - before), term.size):
            return Plain(sz.normal(stop - start))
        for last in range(first, len(terms)):
            if before == sz.normal(start) and sz.total(term.size for term in terms[: last + 1]) == sz.normal(stop):
                return joined(terms[first : last + 1])
    return Unknown(sz.normal(stop - start))


def _lies(start: Size, stop: Size, size: Size) -> bool:
    return isinstance(start, int) and isinstance(stop, int) and isinstance(size, int) and 0 <= start <= stop <= size


def met(left: Layout, right: Layout) -> Layout:
    """The layout of an axis of the result where two tensors meet entry by entry, axes of size 1 being stretched."""
    if left == Plain(1) or isinstance(left, Unknown):
        return right if right != Plain(1) else left
    return left
