"""What generators and elements do to the coordinates of a representation: signed permutations, matrices, and action by structure.

All sizes must be concrete (`rep.at(sizes)` first), else SizeError. A group that does not occur in a representation leaves it alone.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from symc.algebra import sizes as sz
from symc.algebra.elements import Element, from_generator
from symc.algebra.generators import Generator, generators, sufficient
from symc.algebra.groups import Array
from symc.algebra.monomial import Monomial
from symc.algebra.reps import Image, Rep, Sum, Tensor


def monomial(rep: Rep, by: Generator | Element) -> Monomial | None:
    """The signed permutation by which a representation is moved, or None where its matrix is none.

    A Lie algebra generator stands for its one-parameter group: the identity where that acts trivially, else None.
    """
    if isinstance(by, Generator) and by.lie:
        return Monomial.identity(sz.number(rep.dim)) if rep.lie_image(by) is None else None
    if isinstance(rep, Sum | Tensor) and any(monomial(part, by) is None for part in _parts(rep)):  # no large matrix is formed to find out
        return None
    image = rep.image(_element(by))
    return image if isinstance(image, Monomial) else None


def matrix(rep: Rep, by: Generator | Element) -> Array:
    """Shape (d, d): rho(g), or d rho(A) for a Lie algebra generator."""
    d = sz.number(rep.dim)
    if not (isinstance(by, Generator) and by.lie):
        return act(rep, by, np.eye(d), axis=0, translate=False)
    image = rep.lie_image(by) if by.group in rep.groups else None
    return np.zeros((d, d)) if image is None else image


def act(rep: Rep, by: Generator | Element, x: Any, axis: int = -1, *, translate: bool = True) -> NDArray[Any]:
    """rho(g) x along one axis of x, or d rho(A) x: sums part by part, tensor products leg by leg, so no d x d matrix is formed.

    Points are also moved by the translation, unless `translate` is false.
    """
    array = np.moveaxis(np.asarray(x), axis, -1)
    if array.shape[-1] != sz.number(rep.dim):
        raise ValueError(f"axis {axis} has {array.shape[-1]} coordinates, {rep} has {sz.number(rep.dim)}")
    if isinstance(by, Generator) and by.lie:
        derived = _act_lie(rep, by, array)
        return np.moveaxis(np.zeros_like(array) if derived is None else derived, -1, axis)
    element = _element(by)
    moved = _act(rep, element, array)
    offset = rep.translation(element) if translate and rep.affine else None
    return np.moveaxis(moved if offset is None else moved + offset, -1, axis)


def _element(by: Generator | Element) -> Element:
    return from_generator(by) if isinstance(by, Generator) else by


def _act(rep: Rep, element: Element, x: NDArray[Any]) -> NDArray[Any]:
    """The linear part, along the last axis."""
    if not any(group in element.parts for group in rep.groups):
        return x
    match rep:
        case Sum(terms):
            return np.concatenate([_act(term, element, part) for term, part in zip(terms, _split(terms, x), strict=True)], axis=-1)
        case Tensor(factors):
            grid = _grid(factors, x)
            for axis, factor in enumerate(factors, start=x.ndim - 1):
                grid = np.moveaxis(_act(factor, element, np.moveaxis(grid, axis, -1)), -1, axis)
            return grid.reshape(x.shape)
        case _:
            return _apply(rep.image(element), x)


def _act_lie(rep: Rep, by: Generator, x: NDArray[Any]) -> NDArray[Any] | None:
    """Along the last axis; None for zero."""
    if by.group not in rep.groups:
        return None
    match rep:
        case Sum(terms):
            pairs = [(part, _act_lie(term, by, part)) for term, part in zip(terms, _split(terms, x), strict=True)]
            return np.concatenate([np.zeros_like(part) if moved is None else moved for part, moved in pairs], axis=-1)
        case Tensor(factors):
            grid = _grid(factors, x)
            moves = ((axis, _act_lie(factor, by, np.moveaxis(grid, axis, -1))) for axis, factor in enumerate(factors, start=x.ndim - 1))
            moved = [np.moveaxis(part, -1, axis) for axis, part in moves if part is not None]
            return sum(moved[1:], moved[0]).reshape(x.shape) if moved else None
        case _:
            image = rep.lie_image(by)
            return None if image is None else x @ image.T


def _apply(image: Image, x: NDArray[Any]) -> NDArray[Any]:
    if not isinstance(image, Monomial):
        return np.asarray(x @ image.T)
    result = np.empty_like(x)
    result[..., image.image] = x if image.is_permutation else x * image.sign
    return result


def _parts(rep: Sum | Tensor) -> tuple[Rep, ...]:
    return rep.terms if isinstance(rep, Sum) else rep.factors


def _split(terms: tuple[Rep, ...], x: NDArray[Any]) -> list[NDArray[Any]]:
    ends = np.cumsum([sz.number(term.dim) for term in terms])
    return np.split(x, ends[:-1], axis=-1)


def _grid(factors: tuple[Rep, ...], x: NDArray[Any]) -> NDArray[Any]:
    return x.reshape(*x.shape[:-1], *(sz.number(factor.dim) for factor in factors))


__all__ = ["Generator", "act", "generators", "matrix", "monomial", "sufficient"]
