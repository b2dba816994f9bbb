"""What generators and elements do to the coordinates of a representation: signed permutations, matrices, and action by structure.

All sizes must be concrete (`rep.at(sizes)` first), else SizeError. A group that does not occur in a representation leaves it alone.
"""

from __future__ import annotations

from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from symc.algebra import forms, leaves
from symc.algebra import sizes as sz
from symc.algebra.elements import Element, from_generator
from symc.algebra.forms import Array
from symc.algebra.generators import Generator, generators
from symc.algebra.leaves import Image
from symc.algebra.monomial import Monomial
from symc.algebra.reps import Dual, Leaf, Rep, Sum, Tensor, Trivial


def leaf_monomial(leaf: Leaf | Dual, by: Generator | Element) -> Monomial | None:
    """The signed permutation by which a leaf is moved, or None where its matrix is none.

    A Lie algebra generator stands for its one-parameter group: the identity where that acts trivially, else None.
    """
    if isinstance(by, Generator) and by.lie:
        return Monomial.identity(sz.number(leaf.dim)) if _lie_image(leaf, by) is None else None
    image = _image(leaf, by)
    return image if isinstance(image, Monomial) else None


def monomial(rep: Rep, by: Generator | Element) -> Monomial | None:
    """The signed permutation by which a whole representation is moved, or None where some leaf has none."""
    match rep:
        case Trivial(k):
            return Monomial.identity(sz.number(k))
        case Leaf() | Dual():
            return leaf_monomial(rep, by)
        case Sum(parts) | Tensor(parts):
            images = [image for part in parts if (image := monomial(part, by)) is not None]
            if len(images) < len(parts):
                return None
            join, start = (Monomial.direct_sum, 0) if isinstance(rep, Sum) else (Monomial.kron, 1)
            return reduce(join, images, Monomial.identity(start))
        case _:
            raise TypeError(f"not a representation: {rep!r}")


def matrix(rep: Rep, by: Generator | Element) -> Array:
    """Shape (d, d): rho(g), or d rho(A) for a Lie algebra generator."""
    return act(rep, by, np.eye(sz.number(rep.dim)), axis=0)


def act(rep: Rep, by: Generator | Element, x: Any, axis: int = -1) -> NDArray[Any]:
    """rho(g) x along one axis of x, or d rho(A) x: sums part by part, tensor products leg by leg, so no d x d matrix is formed."""
    array = np.moveaxis(np.asarray(x), axis, -1)
    if array.shape[-1] != sz.number(rep.dim):
        raise ValueError(f"axis {axis} has {array.shape[-1]} coordinates, {rep} has {sz.number(rep.dim)}")
    if isinstance(by, Generator) and by.lie:
        moved = _act_lie(rep, by, array)
        moved = np.zeros_like(array) if moved is None else moved
    else:
        moved = _act(rep, from_generator(by) if isinstance(by, Generator) else by, array)
    return np.moveaxis(moved, -1, axis)


def _image(leaf: Leaf | Dual, by: Generator | Element) -> Image:
    if isinstance(by, Element):
        return by.image(leaf)
    return from_generator(by).image(leaf) if by.group == leaf.group else Monomial.identity(sz.number(leaf.dim))


def _lie_image(leaf: Leaf | Dual, by: Generator) -> Array | None:
    return leaves.lie_image(leaf, forms.lie_generator(by.group, by.index)) if by.group == leaf.group else None


def _act(rep: Rep, element: Element, x: NDArray[Any]) -> NDArray[Any]:
    """Along the last axis."""
    if not any(group in element.parts for group in rep.groups):
        return x
    match rep:
        case Leaf() | Dual():
            return _apply(element.image(rep), x)
        case Sum(terms):
            return np.concatenate([_act(term, element, part) for term, part in zip(terms, _split(terms, x), strict=True)], axis=-1)
        case Tensor(factors):
            grid = _grid(factors, x)
            for axis, factor in enumerate(factors, start=x.ndim - 1):
                grid = np.moveaxis(_act(factor, element, np.moveaxis(grid, axis, -1)), -1, axis)
            return grid.reshape(x.shape)
        case _:
            raise TypeError(f"not a representation: {rep!r}")


def _act_lie(rep: Rep, by: Generator, x: NDArray[Any]) -> NDArray[Any] | None:
    """Along the last axis; None for zero."""
    if by.group not in rep.groups:
        return None
    match rep:
        case Leaf() | Dual():
            image = _lie_image(rep, by)
            return None if image is None else x @ image.T
        case Sum(terms):
            pairs = [(part, _act_lie(term, by, part)) for term, part in zip(terms, _split(terms, x), strict=True)]
            return np.concatenate([np.zeros_like(part) if moved is None else moved for part, moved in pairs], axis=-1)
        case Tensor(factors):
            grid = _grid(factors, x)
            moves = ((axis, _act_lie(factor, by, np.moveaxis(grid, axis, -1))) for axis, factor in enumerate(factors, start=x.ndim - 1))
            moved = [np.moveaxis(part, -1, axis) for axis, part in moves if part is not None]
            return sum(moved[1:], moved[0]).reshape(x.shape) if moved else None
        case _:
            raise TypeError(f"not a representation: {rep!r}")


def _apply(image: Image, x: NDArray[Any]) -> NDArray[Any]:
    if not isinstance(image, Monomial):
        return np.asarray(x @ image.T)
    result = np.empty_like(x)
    result[..., image.image] = x if image.is_permutation else x * image.sign
    return result


def _split(terms: tuple[Rep, ...], x: NDArray[Any]) -> list[NDArray[Any]]:
    ends = np.cumsum([sz.number(term.dim) for term in terms])
    return np.split(x, ends[:-1], axis=-1)


def _grid(factors: tuple[Rep, ...], x: NDArray[Any]) -> NDArray[Any]:
    return x.reshape(*x.shape[:-1], *(sz.number(factor.dim) for factor in factors))


__all__ = ["Generator", "act", "generators", "leaf_monomial", "matrix", "monomial"]
