"""What a group does by the way it is given: its defining matrices, their determinant, the points they move."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from symc.algebra import groups as g
from symc.algebra.groups import Array, Form, Group
from symc.algebra.monomial import Monomial, as_monomial
from symc.algebra.names import name_of
from symc.algebra.reps.base import Image, Leaf, Rep, turned, turning, turning_index
from symc.algebra.reps.transferred import Transferred
from symc.algebra.sizes import Size

if TYPE_CHECKING:
    from symc.algebra.elements import Element


@dataclass(frozen=True, slots=True)
class Sign(Leaf):
    """The sign of a permutation (S, permutations), the determinant of a matrix (O, SO, D as the symmetries of a polygon, matrices with det +-1)."""

    @property
    def dim(self) -> Size:
        return 1

    @property
    def unitary(self) -> bool:
        return True

    def of(self, form: Form) -> Image:
        law = turning(self.group)
        assert isinstance(law, g.Permuting | g.Linear)
        return Monomial(np.zeros(1, dtype=np.intp), np.array([law.sign(turned(self.group, form))], dtype=np.int8))


@dataclass(frozen=True, slots=True)
class Vector(Leaf):
    """The defining matrices: R^n for O(n), SO(n), GL(n), ..., C^n for U(n) and SU(n); the plane for C(n), D(n). Translations leave vectors alone."""

    @property
    def dim(self) -> Size:
        return self._law.degree

    @property
    def is_complex(self) -> bool:
        return self._law.is_complex

    @property
    def unitary(self) -> bool:
        return self._law.unitary

    @property
    def self_adjoint(self) -> bool:
        return self._law.self_adjoint

    @property
    def _law(self) -> g.Linear:
        law = turning(self.group)
        if not isinstance(law, g.Linear):
            raise TypeError(f"{self.group.definition} has no vector representation of its own")
        return law

    def of(self, form: Form) -> Image:
        return as_monomial(self._law.matrix(turned(self.group, form)))

    def lie_of(self, index: int) -> Array | None:
        inner = turning_index(self.group, index)
        return None if inner is None else self._law.lie_generator(inner)


@dataclass(frozen=True, slots=True)
class Inflated(Transferred):
    """A representation of what turns the translations of a semidirect product, as one of the whole: translations do nothing."""

    @property
    def _linear(self) -> Group:
        assert isinstance(self.group.law, g.Semidirect)
        return self.group.law.linear

    def of(self, form: Form) -> Image:
        from symc.algebra.elements import Element

        return self.rep.image(Element({self._linear: turned(self.group, form)}))

    def lie_of(self, index: int) -> Array | None:
        from symc.algebra.generators import Generator

        inner = turning_index(self.group, index)
        return None if inner is None else self.rep.lie_image(Generator(self._linear, inner, lie=True))

    def __str__(self) -> str:
        return name_of(self) or f"vector({self.group})"


@dataclass(frozen=True, slots=True)
class Point(Leaf):
    """The points of a space: turned as vectors are by `vector`, then moved by the translation. The representation by linear parts is `vector`."""

    vector: Rep

    @property
    def dim(self) -> Size:
        return self.vector.dim

    def mapped(self, group: Callable[[Group], Group], size: Callable[[Size], Size]) -> Point:
        return replace(self, group=group(self.group), vector=self.vector.mapped(group, size))

    @property
    def affine(self) -> bool:
        return True

    @property
    def unitary(self) -> bool:
        return self.vector.unitary

    @property
    def self_adjoint(self) -> bool:
        return self.vector.self_adjoint

    def image(self, element: Element) -> Image:
        return self.vector.image(element)

    def lie_of(self, index: int) -> Array | None:
        from symc.algebra.generators import Generator

        return self.vector.lie_image(Generator(self.group, index, lie=True))

    def translation(self, element: Element) -> Array | None:
        form = element.parts.get(self.group)
        return None if form is None else form[0]

    def dual(self) -> Rep:
        raise TypeError("points have no dual")
