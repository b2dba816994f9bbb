"""Taking sums apart: the summands of a representation, each a plain list of legs.

`X*(16 + 8*v)` has two summands, with legs (X, 16) and (X, 8, v). Lowering cuts a tensor along a `Choice`; the solver meets legs only.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from symc.algebra import sizes as sz
from symc.algebra.reps import Rep, Sum, Tensor

Leg: TypeAlias = Rep  # any but a sum or a tensor product


@dataclass(frozen=True, slots=True)
class Term:
    """Of a sum, take term `index`, and inside it `inner`."""

    index: int
    inner: Choice


@dataclass(frozen=True, slots=True)
class Factors:
    """Of a tensor product, take one choice in every factor."""

    choices: tuple[Choice, ...]


Choice: TypeAlias = Term | Factors | None  # None: a leg, taken whole


@dataclass(frozen=True, slots=True)
class Summand:
    """One summand: its legs in order, and how it is cut out of the whole."""

    legs: tuple[Leg, ...]
    choice: Choice


def dimension(legs: Iterable[Leg]) -> int:
    """The number of coordinates of a tensor product of legs of known sizes."""
    return sz.number(sz.product(leg.dim for leg in legs))


def summands(rep: Rep) -> tuple[Summand, ...]:
    """All summands in the order of the coordinates of the first of them (row-major over the factors of a tensor product)."""
    return tuple(_summands(rep))


def _summands(rep: Rep) -> Iterator[Summand]:
    match rep:
        case Sum(terms):
            for index, term in enumerate(terms):
                for inner in _summands(term):
                    yield Summand(inner.legs, Term(index, inner.choice))
        case Tensor(factors):
            for parts in product(*(tuple(_summands(factor)) for factor in factors)):
                yield Summand(tuple(leg for part in parts for leg in part.legs), Factors(tuple(part.choice for part in parts)))
        case _:
            yield Summand((rep,), None)


def positions(rep: Rep, choice: Choice, sizes: Mapping[str, int] | None = None) -> NDArray[np.intp]:
    """The flat coordinates of a summand in the whole, as an array shaped by the dimensions of its legs."""
    match rep, choice:
        case Sum(terms), Term(index, inner):
            offset = sum(sz.number(term.dim, sizes) for term in terms[:index])
            return positions(terms[index], inner, sizes) + offset
        case Tensor(factors), Factors(choices):
            result = np.zeros((), dtype=np.intp)
            for factor, part in zip(factors, choices, strict=True):
                result = np.add.outer(result * sz.number(factor.dim, sizes), positions(factor, part, sizes))
            return result
        case _:
            return np.arange(sz.number(rep.dim, sizes))
