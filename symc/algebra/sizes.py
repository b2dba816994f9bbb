"""Sizes: integers, or polynomials in free sizes such as the n of `S(n)`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import TypeAlias

import sympy

Size: TypeAlias = int | sympy.Expr


class SizeError(ValueError):
    """A size expression does not come out as a non-negative integer; the message names the value."""


@cache
def free(name: str) -> sympy.Symbol:
    """The free size of that name."""
    return sympy.Symbol(name, integer=True, nonnegative=True)


def normal(size: Size) -> Size:
    """A Python int where the size is a number, else the expanded polynomial, so that equal sizes compare equal."""
    if isinstance(size, int):
        return size
    size = sympy.expand(size)
    return int(size) if size.is_Integer else size


def total(sizes: Iterable[Size]) -> Size:
    result: Size = 0
    for size in sizes:
        result = result + size
    return normal(result)


def product(sizes: Iterable[Size]) -> Size:
    """The product. Equal factors are taken as a power: to add exponents sympy would first import its tensors."""
    result: Size = 1
    powers: dict[sympy.Expr, int] = {}
    for size in sizes:
        if isinstance(size, int):
            result = result * size
        else:
            powers[size] = powers.get(size, 0) + 1
    for size, times in powers.items():
        result = result * size**times
    return normal(result)


def free_names(size: Size) -> frozenset[str]:
    """The names of the free sizes in a size."""
    return frozenset() if isinstance(size, int) else frozenset(str(symbol) for symbol in size.free_symbols)


def at(size: Size, sizes: Mapping[str, int]) -> Size:
    """The size with some free sizes given numbers; raises SizeError where it is then no non-negative integer."""
    if isinstance(size, int):
        return size
    value = size.subs({free(name): number for name, number in sizes.items()})
    if value.is_number and not (value.is_Integer and value >= 0):
        raise SizeError(f"{show(size)} = {value} is not a size (at {', '.join(f'{k} = {v}' for k, v in sorted(sizes.items()))})")
    return normal(value)


def number(size: Size, sizes: Mapping[str, int] | None = None) -> int:
    """The size as an int; raises SizeError while a free size is left in it."""
    value = at(size, sizes or {})
    if isinstance(value, int):
        return value
    raise SizeError(f"{show(value)} is not a number yet: {', '.join(sorted(free_names(value)))} is free")


def show(size: Size) -> str:
    return str(size).replace("**", "^").replace(" ", "") if not isinstance(size, int) else str(size)
