"""Duals, conjugates, complexifications and realifications of legs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from symc.algebra import sizes as sz
from symc.algebra.groups import Array, Group
from symc.algebra.monomial import Monomial
from symc.algebra.names import name_of
from symc.algebra.reps.base import Image, Rep, Tensor, Trivial, bracketed
from symc.algebra.sizes import Size

if TYPE_CHECKING:
    from symc.algebra.elements import Element
    from symc.algebra.generators import Generator


@dataclass(frozen=True, slots=True)
class Functor(Rep):
    """A leg made of one representation."""

    rep: Rep

    @property
    def dim(self) -> Size:
        return self.rep.dim

    @property
    def groups(self) -> tuple[Group, ...]:
        return self.rep.groups

    def mapped(self, group: Callable[[Group], Group], size: Callable[[Size], Size]) -> Rep:
        return type(self)(self.rep.mapped(group, size))

    @property
    def is_complex(self) -> bool:
        return self.rep.is_complex

    @property
    def unitary(self) -> bool:
        return self.rep.unitary

    @property
    def self_adjoint(self) -> bool:
        return self.rep.self_adjoint

    def __str__(self) -> str:
        inside = bracketed(self.rep) if isinstance(self.rep, Tensor) else str(self.rep)  # one axis
        return name_of(self) or f"{_WORDS.get(type(self).__name__, type(self).__name__.lower())}({inside})"


_WORDS = {"Complexified": "complex", "Realified": "real"}


@dataclass(frozen=True, slots=True)
class Dual(Functor):
    """The contragredient: g acts by the inverse transpose."""

    def image(self, element: Element) -> Image:
        image = self.rep.image(element.inverse())
        return image.inverse() if isinstance(image, Monomial) else np.ascontiguousarray(image.T)

    def lie_image(self, generator: Generator) -> Array | None:
        image = self.rep.lie_image(generator)
        return None if image is None else -image.T

    def dual(self) -> Rep:
        return self.rep

    def conj(self) -> Rep:
        return Dual(self.rep.conj()) if self.is_complex else self


@dataclass(frozen=True, slots=True)
class Conj(Functor):
    """The complex conjugate of a complex representation."""

    def image(self, element: Element) -> Image:
        image = self.rep.image(element)
        return image if isinstance(image, Monomial) else image.conj()

    def lie_image(self, generator: Generator) -> Array | None:
        image = self.rep.lie_image(generator)
        return None if image is None else image.conj()

    def dual(self) -> Rep:
        return self.rep if self.unitary else Dual(self)

    def conj(self) -> Rep:
        return self.rep


@dataclass(frozen=True, slots=True)
class Complexified(Functor):
    """A real representation on complex coordinates, by the same matrices."""

    @property
    def is_complex(self) -> bool:
        return True

    @property
    def permuted(self) -> bool:
        return self.rep.permuted

    def image(self, element: Element) -> Image:
        return self.rep.image(element)

    def lie_image(self, generator: Generator) -> Array | None:
        return self.rep.lie_image(generator)

    def dual(self) -> Rep:
        return Complexified(self.rep.dual())

    def conj(self) -> Rep:
        return self


@dataclass(frozen=True, slots=True)
class Realified(Functor):
    """A complex representation on real coordinates (Re z_0, Im z_0, Re z_1, ...), as `torch.view_as_real` lays them out."""

    @property
    def dim(self) -> Size:
        return sz.normal(2 * self.rep.dim)

    @property
    def is_complex(self) -> bool:
        return False

    def image(self, element: Element) -> Image:
        image = self.rep.image(element)
        return image.kron(Monomial.identity(2)) if isinstance(image, Monomial) else realified(image)

    def lie_image(self, generator: Generator) -> Array | None:
        image = self.rep.lie_image(generator)
        return None if image is None else realified(image)

    def dual(self) -> Rep:
        """The transpose of a realified matrix is the realified adjoint, so this is the realified conjugate of the dual."""
        return Realified(self.rep.dual().conj())


def one(is_complex: bool) -> Rep:
    """One coordinate that nothing moves, real or complex."""
    return Complexified(Trivial(1)) if is_complex else Trivial(1)


def realified(matrix: Array) -> Array:
    """Every entry a + bi as the block [[a, -b], [b, a]]."""
    return np.kron(matrix.real, np.eye(2)) + np.kron(matrix.imag, np.array([[0.0, -1.0], [1.0, 0.0]]))


def dual(rep: Rep) -> Rep:
    """The contragredient; orthogonal representations are their own."""
    return rep.dual()
