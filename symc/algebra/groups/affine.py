"""Groups with translations: T(n), E(n), SE(n), and semidirect products N ⋊ H where N is T(n) or a power of C(m).

An element is (t, h): first h acts, on the translations by a representation, then t is added.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from symc.algebra import sizes as sz
from symc.algebra.groups.base import Array, Atom, Form, Group, Ints, Permuting, Rng, below
from symc.algebra.groups.classical import Orthogonal, SpecialOrthogonal
from symc.algebra.groups.residues import Residues
from symc.algebra.groups.symmetric import Permutations
from symc.algebra.sizes import Size

if TYPE_CHECKING:
    from symc.algebra.reps import Rep

TRIVIAL_GROUP = Permutations(1, ())  # the group of one element


@dataclass(frozen=True, slots=True)
class Semidirect(Atom):
    """E(n), SE(n), T(n): translations of R^n, or of (Z/m)^n, and a group `linear` that turns them by `by`, a real representation of dimension n.

    On (Z/m)^n it may also act by matrices modulo m. `by` None stands for the defining matrices of `linear`. Generators: the translations by unit
    vectors, then those of `linear`.
    """

    n: Size
    linear: Group
    by: Rep | Residues | None = None
    modulus: int = 0

    @property
    def continuous(self) -> bool:
        return self.modulus == 0

    @property
    def discrete(self) -> int:
        return self.linear.discrete + (0 if self.continuous else sz.number(self.n))

    @property
    def lie(self) -> Size:
        return sz.total((self.n, self.linear.lie)) if self.continuous else self.linear.lie

    @property
    def order(self) -> Size | None:
        if self.continuous:
            return None
        order = self.linear.order
        return None if order is None else order * self.modulus ** sz.number(self.n)

    @property
    def free(self) -> frozenset[str]:
        return sz.free_names(self.n) | self.linear.free

    def at(self, sizes: Mapping[str, int]) -> Group:
        by = None if self.by is None else self.by.at(sizes)
        return replace(self, n=sz.at(self.n, sizes), linear=self.linear.at(sizes), by=by)

    def turn(self, h: Form) -> Array:
        """Shape (n, n): what an element of `linear` does to translations."""
        if self.by is None:
            law = self.linear.law
            assert isinstance(law, Orthogonal | SpecialOrthogonal)
            return law.matrix(h)
        if isinstance(self.by, Residues):
            return self.by.matrix(h)
        from symc.algebra.elements import Element
        from symc.algebra.monomial import dense

        return dense(self.by.image(Element({self.linear: h})))

    def identity(self) -> Form:
        return self._zero(), self.linear.law.identity()

    def _zero(self) -> Array:
        return np.zeros(sz.number(self.n), dtype=np.float64 if self.continuous else np.intp)

    def _unit(self, index: int) -> Array:
        result = self._zero()
        result[index] = 1
        return result

    def generator(self, index: int) -> Form:
        n = 0 if self.continuous else sz.number(self.n)
        return (self._reduced(self._unit(index)), self.linear.law.identity()) if index < n else (self._zero(), self.linear.law.generator(index - n))

    def product(self, left: Form, right: Form) -> Form:
        return self._reduced(left[0] + self._turned(left[1], right[0])), self.linear.law.product(left[1], right[1])

    def inverse(self, form: Form) -> Form:
        back = self.linear.law.inverse(form[1])
        return self._reduced(-self._turned(back, form[0])), back

    def _turned(self, h: Form, t: Array) -> Array:
        return self.turn(h) @ t if self.continuous else np.rint(self.turn(h) @ t).astype(np.intp)

    def _reduced(self, t: Array) -> Array:
        return t if self.continuous else t % self.modulus

    def random(self, rng: Rng) -> Form:
        n = sz.number(self.n)
        t = rng.standard_normal(n) if self.continuous else np.array([below(self.modulus, rng) for _ in range(n)], dtype=np.intp)
        return t, self.linear.law.random(rng)

    def exponential(self, coefficients: ArrayLike) -> Form:
        """The translation, then the exponential in `linear`: enough of the group, though no exponential of the two together."""
        weights = np.asarray(coefficients, dtype=np.float64)
        n = sz.number(self.n) if self.continuous else 0
        turned = self.linear.law.exponential(weights[n:]) if len(weights) > n else self.linear.law.identity()
        return (weights[:n] if n else self._zero()), turned

    def sufficient(self) -> Iterable[int]:
        n = sz.number(self.n) if self.continuous else 0
        return *range(n), *(n + index for index in self.linear.law.sufficient())

    def key(self, form: Form) -> bytes:
        return bytes(form[0].tobytes()) + self.linear.law.key(form[1])

    def generator_name(self, index: int) -> str:
        n = 0 if self.continuous else sz.number(self.n)
        return f"translation {index}" if index < n else self.linear.law.generator_name(index - n)

    def lie_name(self, index: int) -> str:
        n = sz.number(self.n) if self.continuous else 0
        return f"translation along {_axis(n, index)}" if index < n else self.linear.law.lie_name(index - n)

    def show(self, form: Form) -> str:
        return f"translation by {np.round(form[0], 6).tolist()} after {self.linear.law.show(form[1])}"

    def __str__(self) -> str:
        moved = f"T({sz.show(self.n)})" if self.continuous else " * ".join([f"C({self.modulus})"] * sz.number(self.n))
        match self.linear:
            case Orthogonal() if self.by is None:
                return f"E({sz.show(self.n)})"
            case SpecialOrthogonal() if self.by is None:
                return f"SE({sz.show(self.n)})"
            case Permutations(1, ()):
                return moved
            case _:
                return f"semidirect({moved}, {self.linear}, by={self.by})"


@dataclass(frozen=True, slots=True)
class Lattice(Semidirect, Permuting):
    """A semidirect product with (Z/m)^n, which permutes the m^n points of that; they are numbered row-major."""

    @property
    def points(self) -> Size:
        return self.modulus ** sz.number(self.n)

    def permutation(self, form: Form) -> Ints:
        shape = (self.modulus,) * sz.number(self.n)
        places = np.stack(np.unravel_index(np.arange(sz.number(self.points)), shape), axis=1)
        moved = (np.rint(places @ self.turn(form[1]).T).astype(np.intp) + form[0]) % self.modulus
        return np.asarray(np.ravel_multi_index(tuple(moved.T), shape))


def _axis(n: int, index: int) -> str:
    return "xyz"[index] if n <= 3 else str(index)
