"""What one generator does to the coordinates of a leg, in the few numbers that legality depends on.

Each of them is multiplicative: for a tensor product of legs the numbers of the legs are multiplied, so that nothing of the size of the product
is formed, and a product of two signs is seen to be no sign. A Lie algebra generator A stands for exp(A).
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from math import prod
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from symc.algebra.actions import matrix, monomial
from symc.algebra.generators import Generator
from symc.algebra.monomial import Monomial
from symc.algebra.summands import Leg

Factors: TypeAlias = frozenset[complex]  # real ones are floats
TOLERANCE = 1e-9  # relative to the largest entry; generators typed by a user have as many digits as were typed
PERMUTED: Factors = frozenset({1.0})


@lru_cache(maxsize=4096)
def multipliers(leg: Leg, g: Generator) -> Factors | None:
    """The nonzero entries of rho(g), where each row and column has one; None where some has more."""
    image = _image(leg, g)
    if isinstance(image, Monomial):
        return frozenset(map(float, image.sign.tolist()))
    if g.lie:
        off = image - np.diag(np.diag(image))
        return frozenset(map(_rounded, np.exp(np.diag(image)).tolist())) if np.abs(off).max() <= TOLERANCE * np.abs(image).max() else None
    large = np.abs(image) > TOLERANCE * np.abs(image).max()
    single = (large.sum(axis=0) == 1).all() and (large.sum(axis=1) == 1).all()
    return frozenset(_rounded(value) for value in image[large].tolist()) if single else None


@lru_cache(maxsize=4096)
def scale(leg: Leg, g: Generator) -> float | None:
    """s where rho(g) is s times an orthogonal matrix; else None."""
    image = _image(leg, g)
    if isinstance(image, Monomial):
        return 1.0
    gram = image + image.conj().T if g.lie else image.conj().T @ image
    diagonal = float(gram[0, 0].real)
    if not np.allclose(gram, diagonal * np.eye(len(gram)), rtol=0, atol=TOLERANCE * np.abs(image).max()):
        return None
    return _rounded_real(np.exp(diagonal / 2) if g.lie else np.sqrt(diagonal))


@lru_cache(maxsize=4096)
def constant(leg: Leg, g: Generator, *, columns: bool = False) -> complex | None:
    """c where every row of rho(g) sums to c, so that (1, ..., 1) goes to c times itself; with `columns`, every column. Else None."""
    image = _image(leg, g)
    if isinstance(image, Monomial):
        signs = set(image.sign.tolist())
        return float(signs.pop()) if len(signs) == 1 else None
    sums = image.sum(axis=0 if columns else 1)
    if not np.allclose(sums, sums[0], rtol=0, atol=TOLERANCE * np.abs(image).max()):
        return None
    return _rounded(np.exp(sums[0]) if g.lie else sums[0])


def all_multipliers(legs: Iterable[Leg], g: Generator) -> Factors | None:
    """The multipliers of a tensor product of legs."""
    result: Factors = PERMUTED
    for leg in legs:
        found = multipliers(leg, g)
        if found is None:
            return None
        result = frozenset(_rounded(a * b) for a in result for b in found)
    return result


def all_scales(legs: Iterable[Leg], g: Generator) -> float | None:
    found = [scale(leg, g) for leg in legs]
    return None if None in found else _rounded_real(prod(s for s in found if s is not None))


def all_constants(legs: Iterable[Leg], g: Generator, *, columns: bool = False) -> complex | None:
    found = [constant(leg, g, columns=columns) for leg in legs]
    return None if None in found else _rounded(prod(c for c in found if c is not None))


def _image(leg: Leg, g: Generator) -> Monomial | NDArray[Any]:
    """rho(g), or d rho(A) where it is not zero. What is permuted counts as left alone: permutations of coordinates never matter here."""
    if leg.permuted or g.group not in leg.groups:
        return Monomial.identity(1)
    found = monomial(leg, g)
    return found if found is not None else matrix(leg, g)


def positive(m: complex) -> bool:
    """Is a multiplier a positive real number?"""
    return not isinstance(m, complex) and m > 0


def _rounded(value: complex) -> complex:
    """Equal numbers come out equal, so that sets of them stay small and 1 is 1; what is real is a float."""
    found = complex(value)
    if abs(found.imag) <= TOLERANCE * abs(found):
        return _rounded_real(found.real)
    return complex(_rounded_real(found.real), _rounded_real(found.imag))


def _rounded_real(value: float) -> float:
    return float(f"{value:.10g}")
