"""Reading free sizes off the shapes of inputs. The arithmetic is plain Python, so that it runs on integers and on `fx.Proxy` alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sympy
import torch

from symc.algebra import sizes as sz
from symc.algebra.sizes import Size


@dataclass(frozen=True, slots=True)
class Reading:
    """The free size `name` follows from one axis of one input, of size sum of coefficients[k] * name^k; those hold sizes read before only."""

    name: str
    input: int
    axis: int
    coefficients: tuple[Size, ...]


class UnreadableSize(ValueError):
    """No axis of an input determines this free size."""

    def __init__(self, name: str, where: Sequence[Size]):
        self.name = name
        shown = ", ".join(sz.show(size) for size in where)
        super().__init__(f"the free size {name} cannot be read off an input: it shows only in {shown or 'no axis'}")


def readings(shapes: Sequence[Sequence[Size]]) -> tuple[Reading, ...]:
    """How each free size of the inputs is read, in an order in which each uses only those before it.

    An axis that is the size itself is preferred, then the polynomial of least degree, then the first. Raises UnreadableSize.
    """
    axes = [(i, a, size) for i, shape in enumerate(shapes) for a, size in enumerate(shape) if not isinstance(size, int)]
    missing = sorted({name for *_, size in axes for name in sz.free_names(size)})
    found: list[Reading] = []
    while missing:
        known = {reading.name for reading in found}
        candidates = [
            Reading(name, i, a, coefficients)
            for i, a, size in axes
            for name in sz.free_names(size) - known
            if sz.free_names(size) <= known | {name} and (coefficients := _coefficients(size, name)) is not None
        ]
        if not candidates:
            raise UnreadableSize(missing[0], [size for *_, size in axes if missing[0] in sz.free_names(size)])
        best = min(candidates, key=lambda reading: (reading.coefficients != (0, 1), len(reading.coefficients), reading.input, reading.axis))
        found.append(best)
        missing.remove(best.name)
    return tuple(found)


def _coefficients(size: Size, name: str) -> tuple[Size, ...] | None:
    """The coefficients by rising power, where `solve` can invert the polynomial: of degree 1 or 2, or a monomial and a constant."""
    polynomial = sympy.Poly(size, sz.free(name))
    coefficients = tuple(sz.normal(c) for c in reversed(polynomial.all_coeffs()))
    return coefficients if len(coefficients) <= 3 or not any(coefficients[1:-1]) else None


def solve(reading: Reading, size: Any, sizes: Mapping[str, Any]) -> Any:
    """The free size, given the size of its axis and the free sizes read before. A guess where there is no integer solution."""
    values = [evaluate(coefficient, sizes) for coefficient in reading.coefficients]
    if values == [0, 1]:
        return size
    rest, lead, degree = size - values[0], values[-1], len(values) - 1
    lead = lead if isinstance(lead, int) and lead > 0 else torch.sym_max(lead, 1)  # type: ignore[no-untyped-call] # a set may be empty
    if degree == 1:
        return rest // lead
    if degree == 2:  # the greater root: sizes are not negative
        b = values[1]
        root = torch.sym_int(torch.sym_sqrt(b * b + 4 * lead * rest))  # type: ignore[no-untyped-call]
        return (root - b) // (2 * lead)
    return torch.sym_int((rest // lead) ** (1 / degree) + 0.5)  # type: ignore[no-untyped-call]


def evaluate(size: Size, sizes: Mapping[str, Any]) -> Any:
    """The size with numbers (or proxies) for its free sizes, by integer arithmetic: one exact division at the end."""
    if isinstance(size, int):
        return size
    numerator, denominator = sympy.fraction(sympy.together(size))
    names = sorted(sz.free_names(size))
    terms = sympy.Poly(numerator, *map(sz.free, names)).terms()
    total: Any = None
    for powers, coefficient in terms:
        factors = [sizes[name] for name, power in zip(names, powers, strict=True) for _ in range(power)]
        total = _plus(total, int(coefficient), factors)
    return total if denominator == 1 else total // int(denominator)


def _plus(total: Any, coefficient: int, factors: list[Any]) -> Any:
    """total + coefficient * product, with no needless operation."""
    if not factors:
        return coefficient if total is None else total + coefficient
    term = factors[0]
    for factor in factors[1:]:
        term = term * factor
    term = term if abs(coefficient) == 1 else abs(coefficient) * term
    if total is None:
        return term if coefficient > 0 else -term
    return total + term if coefficient > 0 else total - term
