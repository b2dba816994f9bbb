"""Reading free sizes off the shapes of inputs. The arithmetic is plain Python: it runs on integers, under torch.compile, and on `fx.Proxy`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import sympy
import torch

from symc.algebra import sizes as sz
from symc.algebra.sizes import Size


@dataclass(frozen=True, slots=True)
class Polynomial:
    """A size as plain data: the sum of coefficient * product of names, divided by `denominator`."""

    terms: tuple[tuple[int, tuple[str, ...]], ...]
    denominator: int = 1

    @property
    def natural(self) -> bool:
        """A whole number, not negative, whatever the free sizes."""
        return self.denominator == 1 and all(number >= 0 for number, _ in self.terms)

    @property
    def constant(self) -> int | None:
        """The value of a polynomial in nothing."""
        return None if any(names for _, names in self.terms) else sum(number for number, _ in self.terms) // self.denominator


@cache
def polynomial(size: Size) -> Polynomial:
    size = sz.normal(size)
    if isinstance(size, int):
        return Polynomial(((size, ()),))
    numerator, denominator = sympy.fraction(sympy.together(size))
    names = sorted(sz.free_names(size))
    terms = sympy.Poly(numerator, *map(sz.free, names)).terms()
    spelt = tuple((int(number), tuple(name for name, power in zip(names, powers, strict=True) for _ in range(power))) for powers, number in terms)
    return Polynomial(spelt, int(denominator))


@dataclass(frozen=True, slots=True)
class Reading:
    """The free size `name` follows from one axis of one input.

    `scale` times the size of the axis is the sum of coefficients[k] * name^k. Those are in whole numbers, and hold sizes read before only.
    """

    name: str
    input: int
    axis: int
    scale: int
    coefficients: tuple[Polynomial, ...]

    @property
    def plain(self) -> bool:
        """The axis is the size itself."""
        return self.scale == 1 and [coefficient.constant for coefficient in self.coefficients] == [0, 1]

    @property
    def rank(self) -> tuple[bool, bool, int, int, int]:
        """The smaller the better."""
        return not self.plain, self.coefficients[-1].constant is None, len(self.coefficients), self.input, self.axis


class UnreadableSize(ValueError):
    """No axis of an input determines this free size."""

    def __init__(self, name: str, where: Sequence[Size]):
        self.name = name
        shown = ", ".join(map(sz.show, where))
        super().__init__(f"the free size {name} cannot be read off an input: it shows only in {shown or 'no axis'}")


def readings(shapes: Sequence[Sequence[Size]]) -> tuple[Reading, ...]:
    """How each free size of the inputs is read, in an order in which each uses only those before it.

    An axis that is the size itself is preferred, then one that needs no division by another size, then the polynomial of least degree, then the
    first. Raises UnreadableSize.
    """
    axes = [(i, a, size) for i, shape in enumerate(shapes) for a, size in enumerate(shape) if not isinstance(size, int)]
    missing = sorted({name for *_, size in axes for name in sz.free_names(size)})
    found: list[Reading] = []
    while missing:
        known = {reading.name for reading in found}
        candidates = [
            Reading(name, i, a, scale, coefficients)
            for i, a, size in axes
            for name in sz.free_names(size) - known
            if sz.free_names(size) <= known | {name}
            for scale, coefficients in _coefficients(size, name)
        ]
        if not candidates:
            raise UnreadableSize(missing[0], [size for *_, size in axes if missing[0] in sz.free_names(size)])
        best = min(candidates, key=lambda reading: reading.rank)
        found.append(best)
        missing.remove(best.name)
    return tuple(found)


def _coefficients(size: Size, name: str) -> list[tuple[int, tuple[Polynomial, ...]]]:
    """A scale, and the coefficients by rising power, where `solve` can invert the polynomial: of degree 1 or 2, or a monomial and a constant."""
    scale = polynomial(size).denominator
    coefficients = [sz.normal(c) for c in reversed(sympy.Poly(size * scale, sz.free(name)).all_coeffs())]
    return [(scale, tuple(map(polynomial, coefficients)))] if len(coefficients) <= 3 or not any(coefficients[1:-1]) else []


def solve(reading: Reading, size: Any, sizes: Mapping[str, Any]) -> Any:
    """The free size, given the size of its axis and the free sizes read before. Where no whole number will do it is some number: see `holds`."""
    if reading.plain:
        return size
    values = [evaluate(coefficient, sizes) for coefficient in reading.coefficients]
    rest, lead, degree = _minus(_times(reading.scale, size), values[0]), values[-1], len(values) - 1
    if reading.coefficients[-1].constant is None:
        lead = torch.sym_max(lead, 1)  # type: ignore[no-untyped-call] # 0 where another set is empty: then any value will do
    if degree == 1:
        return _divided(rest, lead)
    if degree == 2:  # the greater root: sizes are not negative
        square = values[1] * values[1] + 4 * _times(lead, rest)
        if isinstance(square, int) and square < 0:
            return -1
        root = torch.sym_int(torch.sym_sqrt(square))  # type: ignore[no-untyped-call]
        return _minus(root, values[1]) // (2 * lead)
    power = _divided(rest, lead)
    if isinstance(power, int) and power < 0:
        return -1
    return torch.sym_int(power ** (1 / degree) + 0.5)  # type: ignore[no-untyped-call]


def evaluate(size: Polynomial, sizes: Mapping[str, Any]) -> Any:
    """The size with numbers (or proxies) for its free sizes; its one division is exact where `holds` has said so."""
    return _divided(_numerator(size, sizes), size.denominator)


def holds(size: Polynomial, value: int | None, sizes: Mapping[str, int]) -> bool:
    """Does the size come out as this number, or where that is None as any whole number that is not negative?"""
    found = _numerator(size, sizes)
    return bool(found == value * size.denominator if value is not None else found >= 0 and found % size.denominator == 0)


def _numerator(size: Polynomial, sizes: Mapping[str, Any]) -> Any:
    total: Any = None
    for number, names in size.terms:
        term: Any = abs(number)
        for name in names:
            term = _times(term, sizes[name])
        total = (term if number > 0 else -term) if total is None else total + term if number > 0 else total - term
    return total


def _times(a: Any, b: Any) -> Any:
    return b if isinstance(a, int) and a == 1 else a * b


def _minus(a: Any, b: Any) -> Any:
    return a if isinstance(b, int) and b == 0 else a - b


def _divided(a: Any, b: Any) -> Any:
    return a if isinstance(b, int) and b == 1 else a // b
