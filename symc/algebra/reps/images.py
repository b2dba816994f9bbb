"""Representations given by the images of a group's generators."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from symc.algebra import sizes as sz
from symc.algebra.groups import Array, Discrete, Semidirect, quotient
from symc.algebra.groups.classical import exponential
from symc.algebra.groups.matrices import Rows, are_unitary, array, inverse_of, written
from symc.algebra.monomial import Monomial, as_monomial, dense
from symc.algebra.names import name_of
from symc.algebra.reps.base import Image, Leaf
from symc.algebra.reps.permuting import Still
from symc.algebra.sizes import Size

if TYPE_CHECKING:
    from symc.algebra.elements import Element


Given: TypeAlias = Rows | tuple[int, ...]  # a matrix, or a permutation as the images of 0, 1, ...: e_i -> e_{p[i]}


@dataclass(frozen=True, slots=True)
class Images(Leaf):
    """rep(G, ...): one image for every discrete generator, and a matrix for every generator of the Lie algebra.

    They need not be orthogonal, nor tell all elements apart.
    """

    images: tuple[Given, ...]
    tangents: tuple[Rows, ...] = ()

    @property
    def dim(self) -> Size:
        return len((self.images or self.tangents)[0])

    @property
    def is_complex(self) -> bool:
        rows = (row for given in (*self.images, *self.tangents) for row in given if isinstance(row, tuple))
        return any(isinstance(entry, complex) for row in rows for entry in row)

    @property
    def permuted(self) -> bool:
        still = not any(array(rows).any() for rows in self.tangents)
        return still and all(isinstance(image, Monomial) and image.is_permutation for image in map(_image, self.images))

    @property
    def unitary(self) -> bool:
        return _unitary(self)

    def without_translations(self) -> Leaf:
        """The same under what turns the translations, which act by nothing: theirs are the first generators of the Lie algebra."""
        law, own = self.group.law, quotient(self.group)
        assert isinstance(law, Semidirect)
        left = self.tangents[sz.number(law.n) :]
        return Images(own, self.images, left) if self.images or left else Still(own, self.dim)

    def image(self, element: Element) -> Image:
        result: Image = Monomial.identity(int(self.dim))
        for letter in element.word(self.group):
            if isinstance(letter, Discrete):
                own = _power(self.images[letter.index], letter.power)
            else:
                own = as_monomial(exponential(self.tangent(np.array(letter.coefficients))))
            result = _times(result, own)
        return result

    def tangent(self, coefficients: Array) -> Array:
        """d rho of a combination of the generators of the Lie algebra."""
        return np.asarray(np.tensordot(coefficients, np.stack([array(rows) for rows in self.tangents]), axes=1))

    def lie_of(self, index: int) -> Array | None:
        image = array(self.tangents[index])
        return image if image.any() else None

    def __str__(self) -> str:
        shown = [str(self.group), *map(_shown, self.images)]
        if self.tangents:
            shown.append(f"algebra=[{', '.join(map(_shown, self.tangents))}]")
        return name_of(self) or f"rep({', '.join(shown)})"


@lru_cache(maxsize=1024)
def _image(given: Given) -> Image:
    return Monomial.permutation(given) if isinstance(given[0], int) else as_monomial(array(given))


def _shown(given: Given) -> str:
    rows = tuple(row for row in given if isinstance(row, tuple))
    return written(rows) if rows else str(list(given))


@lru_cache(maxsize=256)
def _unitary(rep: Images) -> bool:
    matrices = [image for image in map(_image, rep.images) if not isinstance(image, Monomial)]
    tangents = [array(rows) for rows in rep.tangents]
    return are_unitary(matrices, tangents)


def _power(given: Given, exponent: int) -> Image:
    base = _image(given)
    if exponent < 0:
        base = base.inverse() if isinstance(base, Monomial) else inverse_of(given)
    result: Image = Monomial.identity(len(given))
    for _ in range(abs(exponent)):
        result = _times(result, base)
    return result


def _times(left: Image, right: Image) -> Image:
    if isinstance(left, Monomial) and isinstance(right, Monomial):
        return left @ right
    return np.asarray(dense(left) @ dense(right))
