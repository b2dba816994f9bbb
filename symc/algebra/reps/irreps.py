"""Irreducible representations with closed forms: of SO(2), O(2), C(n), D(n), U(1), SU(2), SO(3), O(3) and S(n).

They agree with the defining representation where that is irreducible, so that `irrep(SO(3), 1)` is `vector(SO(3))`, coordinate by coordinate.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace

import numpy as np

from symc.algebra import groups as g
from symc.algebra import sizes as sz
from symc.algebra.groups import Array, Form, Group, cos_sin
from symc.algebra.monomial import as_monomial
from symc.algebra.names import name_of
from symc.algebra.reps import rotations, young
from symc.algebra.reps.base import Image, Leaf, turned, turning, turning_index
from symc.algebra.reps.powers import power
from symc.algebra.sizes import Size


@dataclass(frozen=True, slots=True)
class Irrep(Leaf):
    """A leaf that is irreducible, and unitary."""

    @property
    def unitary(self) -> bool:
        return True

    @property
    def label(self) -> str:
        """How it is written in the language."""
        raise NotImplementedError

    @property
    def isomorphism_class(self) -> Hashable:
        """The same for those of one class and group that are equivalent, and for no others."""
        raise NotImplementedError

    def __str__(self) -> str:
        return name_of(self) or f"irrep({self.group}, {self.label})"


@dataclass(frozen=True, slots=True)
class Turning(Irrep):
    """Turns of the plane k times as fast: C(n), SO(2); with reflections D(n), O(2).

    Where a turn goes to +-1 it is one coordinate, times `flip` at reflections; else two, and reflections act as they do on vectors.
    """

    k: int
    flip: int = 1

    @property
    def dim(self) -> Size:
        return 1 if self._line else 2

    @property
    def _line(self) -> bool:
        """Do all turns go to +-1?"""
        match turning(self.group):
            case g.Cyclic(n) | g.Dihedral(n):
                return 2 * self.k % sz.number(n) == 0
            case _:
                return self.k == 0

    @property
    def isomorphism_class(self) -> Hashable:
        law, k = turning(self.group), abs(self.k)
        if isinstance(law, g.Cyclic | g.Dihedral):
            k = min(k % sz.number(law.n), -k % sz.number(law.n))
        return k, self.flip if self._line and isinstance(law, g.Dihedral | g.Orthogonal) else 1

    def mapped(self, group: Callable[[Group], Group], size: Callable[[Size], Size]) -> Turning:
        return replace(self, group=group(self.group))

    def of(self, form: Form) -> Image:
        law, form = turning(self.group), turned(self.group, form)
        match law:
            case g.Cyclic(n) | g.Dihedral(n):
                cosine, sine = cos_sin(self.k * int(form[0]), sz.number(n))
                reflected, diagonal = len(form) > 1 and bool(form[1]), np.array([1.0, -1.0])
            case _:
                reflected, diagonal = bool(np.linalg.det(form) < 0), np.array([-1.0, 1.0])
                turn = form * diagonal if reflected else form
                power = complex(turn[0, 0], turn[1, 0]) ** self.k
                cosine, sine = power.real, power.imag
        if self._line:
            return as_monomial(np.array([[np.sign(cosine) * (self.flip if reflected else 1)]]))
        matrix = np.array([[cosine, -sine], [sine, cosine]]) + 0.0
        return as_monomial(matrix * diagonal + 0.0 if reflected else matrix)

    def lie_of(self, index: int) -> Array | None:
        if turning_index(self.group, index) is None or self._line:
            return None
        return self.k * np.array([[0.0, 1.0], [-1.0, 0.0]])

    @property
    def label(self) -> str:
        signed = isinstance(turning(self.group), g.Dihedral | g.Orthogonal) and self._line
        return f'"{self.k}{"+" if self.flip > 0 else "-"}"' if signed else str(self.k)


@dataclass(frozen=True, slots=True)
class Phase(Irrep):
    """z -> z^k for z in U(1), on one complex coordinate."""

    k: int

    @property
    def dim(self) -> Size:
        return 1

    @property
    def is_complex(self) -> bool:
        return True

    def of(self, form: Form) -> Image:
        z = turned(self.group, form)
        return np.asarray(z**self.k if self.k >= 0 else z.conj() ** -self.k)

    def lie_of(self, index: int) -> Array | None:
        return np.array([[1j * self.k]]) if self.k else None

    def conj(self) -> Leaf:
        return replace(self, k=-self.k)

    @property
    def isomorphism_class(self) -> Hashable:
        return self.k

    @property
    def label(self) -> str:
        return str(self.k)


@dataclass(frozen=True, slots=True)
class Spin(Irrep):
    """The representation of SU(2) of spin `twice`/2: symmetric powers of C^2, coordinates from m = j down to -j."""

    twice: int

    @property
    def dim(self) -> Size:
        return self.twice + 1

    @property
    def is_complex(self) -> bool:
        return True

    def of(self, form: Form) -> Image:
        return power(turned(self.group, form), self.twice, "sym", False)

    def lie_of(self, index: int) -> Array | None:
        inner = turning_index(self.group, index)
        law = turning(self.group)
        assert isinstance(law, g.Linear)
        return None if inner is None or not self.twice else power(law.lie_generator(inner), self.twice, "sym", True)

    @property
    def isomorphism_class(self) -> Hashable:
        return self.twice

    @property
    def label(self) -> str:
        return str(self.twice // 2) if self.twice % 2 == 0 else f'"{self.twice}/2"'


@dataclass(frozen=True, slots=True)
class Rotation(Irrep):
    """Degree l of SO(3) and O(3), in e3nn's basis of real spherical harmonics, from m = -l to l; `odd`: inversion goes to -1."""

    l: int
    odd: bool = False

    @property
    def dim(self) -> Size:
        return 2 * self.l + 1

    def of(self, form: Form) -> Image:
        matrix = turned(self.group, form)
        sign = -1.0 if np.linalg.det(matrix) < 0 else 1.0
        return as_monomial(rotations.wigner(self.l, sign * matrix) * (sign if self.odd else 1.0))

    def lie_of(self, index: int) -> Array | None:
        inner = turning_index(self.group, index)
        law = turning(self.group)
        assert isinstance(law, g.Linear)
        return None if inner is None or self.l == 0 else rotations.derivative(self.l, law.lie_generator(inner))

    @property
    def isomorphism_class(self) -> Hashable:
        return self.l, self.odd and isinstance(turning(self.group), g.Orthogonal)

    @property
    def label(self) -> str:
        return f'"{self.l}{"o" if self.odd else "e"}"' if isinstance(turning(self.group), g.Orthogonal) else str(self.l)


@dataclass(frozen=True, slots=True)
class Young(Irrep):
    """The representation of S(n) of a partition, in Young's orthogonal form on the standard tableaux (last letter order)."""

    shape: tuple[int, ...]

    @property
    def dim(self) -> Size:
        return young.dimension(self.shape)

    def of(self, form: Form) -> Image:
        return as_monomial(young.orthogonal_form(self.shape, turned(self.group, form)))

    @property
    def isomorphism_class(self) -> Hashable:
        return self.shape

    @property
    def label(self) -> str:
        return str(list(self.shape))
