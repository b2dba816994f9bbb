"""Representations that permute coordinates: points, the elements of a group, pixels, cosets."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from symc.algebra import groups as g
from symc.algebra import sizes as sz
from symc.algebra.errors import AlgebraError
from symc.algebra.groups import Form, Group, Ints
from symc.algebra.monomial import Monomial
from symc.algebra.names import name_of
from symc.algebra.reps.base import Image, Leaf
from symc.algebra.sizes import Size


@dataclass(frozen=True, slots=True)
class Permuted(Leaf):
    """A leaf whose coordinates every element permutes."""

    @property
    def permuted(self) -> bool:
        return True

    def of(self, form: Form) -> Image:
        return Monomial.permutation(self.images(form))

    def images(self, form: Form) -> Ints:
        """Where the coordinates 0, 1, ... go."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Perm(Permuted):
    """The group permuting its points: n for S(n), A(n), C(n), D(n), the degree of `permutations`.

    C(n) takes i to i + 1, the reflection of D(n) to -i.
    """

    @property
    def dim(self) -> Size:
        law = self.group.law
        if not isinstance(law, g.Permuting):
            raise TypeError(f"{law} has no permutation representation")
        return law.points

    def images(self, form: Form) -> Ints:
        law = self.group.law
        assert isinstance(law, g.Permuting)
        return law.permutation(form)


@dataclass(frozen=True, slots=True)
class Still(Permuted):
    """Coordinates that a group of one element leaves alone: those of points that are only translated. They are no channels."""

    size: Size

    @property
    def dim(self) -> Size:
        return self.size

    def mapped(self, group: Callable[[Group], Group], size: Callable[[Size], Size]) -> Still:
        return Still(group(self.group), size(self.size))

    def images(self, form: Form) -> Ints:
        return np.arange(sz.number(self.size))


@dataclass(frozen=True, slots=True)
class Regular(Permuted):
    """A finite group acting on its own elements from the left; coordinates in the order of `enumeration.enumerate_group`."""

    order: Size

    @property
    def dim(self) -> Size:
        return self.order

    def mapped(self, group: Callable[[Group], Group], size: Callable[[Size], Size]) -> Regular:
        return Regular(group(self.group), size(self.order))

    def images(self, form: Form) -> Ints:
        from symc.algebra.enumeration import enumerate_group

        return enumerate_group(self.group).left_action(form)


@dataclass(frozen=True, slots=True)
class Pixels(Permuted):
    """The pixels of an h x w image moved by rotations and flips about its centre (C(n), D(n) with n in 1, 2, 4; quarter turns need h = w)."""

    h: Size
    w: Size

    @property
    def dim(self) -> Size:
        return sz.product((self.h, self.w))

    @property
    def free(self) -> frozenset[str]:
        return sz.free_names(self.h) | sz.free_names(self.w)

    def mapped(self, group: Callable[[Group], Group], size: Callable[[Size], Size]) -> Pixels:
        return replace(self, group=group(self.group), h=size(self.h), w=size(self.w))

    def images(self, form: Form) -> Ints:
        """The images of pixels numbered row by row: rotations anticlockwise as seen, the reflection swaps left and right.

        With coordinates (row, column) from the centre these are the matrices of `vector`.
        """
        h, w = sz.number(self.h), sz.number(self.w)
        match self.group.law:
            case g.Cyclic(n) | g.Dihedral(n):
                quarters = int(form[0]) * 4 // sz.number(n)
            case other:
                raise TypeError(f"{other} turns no pixels")
        row, column = np.divmod(np.arange(h * w), max(w, 1))
        if len(form) > 1 and form[1]:
            column = w - 1 - column
        if quarters % 2 and h != w:
            raise AlgebraError(f"a quarter turn does not map {h} x {w} pixels to themselves", "use a square image, or C(2) or D(2)")
        for _ in range(quarters // 2):
            row, column = h - 1 - row, w - 1 - column
        if quarters % 2:
            row, column = w - 1 - column, row
        return np.asarray(row * w + column)

    def __str__(self) -> str:
        return name_of(self) or f"pixels({self.group}, {sz.show(self.h)}, {sz.show(self.w)})"
