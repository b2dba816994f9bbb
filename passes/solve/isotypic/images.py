"""The images of a sample's elements in a representation, seen only through combinations of them and through corners on small frames."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from symc.algebra.groups import Array
from symc.algebra.monomial import Monomial
from symc.algebra.reps import Image

if TYPE_CHECKING:
    from symc.passes.solve.isotypic.decompose import Irreducible


class SampleImages(ABC):
    """The images of elements number 0, 1, ..."""

    @abstractmethod
    def combined(self, weights: Array) -> Array:
        """Shape (d, d): the sum of weights[j] * image j, then of the last weight times the identity."""

    @abstractmethod
    def corner(self, number: int, frame: Array) -> Array:
        """Shape (size, size): frame^H image frame, for an orthonormal frame (d, size)."""


class Leg(SampleImages):
    """Of a leg: (signed) permutations or matrices."""

    def __init__(self, images: Sequence[Image]):
        self.images = images

    def combined(self, weights: Array) -> Array:
        first = self.images[0]
        d = first.d if isinstance(first, Monomial) else len(first)
        result = np.zeros((d, d), dtype=np.result_type(weights, *(image for image in self.images if not isinstance(image, Monomial))))
        result[np.arange(d), np.arange(d)] = weights[-1]
        for number in np.flatnonzero(weights[:-1]).tolist():
            image = self.images[number]
            if isinstance(image, Monomial):
                result[image.image, np.arange(d)] += weights[number] * image.sign
            else:
                result += weights[number] * image
        return result

    def corner(self, number: int, frame: Array) -> Array:
        image = self.images[number]
        if isinstance(image, Monomial):
            moved = np.empty_like(frame)
            moved[image.image] = frame * image.sign[:, None]
        else:
            moved = image @ frame
        return np.asarray(frame.conj().T @ moved)


class Product(SampleImages):
    """Of a tensor product of two irreducibles."""

    def __init__(self, left: Irreducible, right: Irreducible):
        self.left, self.right = left, right

    def combined(self, weights: Array) -> Array:
        d = self.left.size * self.right.size
        chosen: list[int] = np.flatnonzero(weights[:-1]).tolist()
        left = np.stack([weights[number] * self.left.image(number) for number in chosen])
        right = np.stack([self.right.image(number) for number in chosen])
        result = np.einsum("jab,jcd->acbd", left, right, optimize=True).reshape(d, d)
        result[np.arange(d), np.arange(d)] += weights[-1]
        return np.asarray(result)

    def corner(self, number: int, frame: Array) -> Array:
        grid = frame.reshape(self.left.size, self.right.size, -1)
        moved = np.tensordot(self.left.image(number), grid, axes=1)
        moved = np.einsum("bc,acs->abs", self.right.image(number), moved, optimize=True)
        return np.asarray(frame.conj().T @ moved.reshape(frame.shape))
