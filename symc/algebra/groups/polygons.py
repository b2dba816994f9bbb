"""C(n) and D(n): the symmetries of a regular polygon, which permute its corners and turn the plane."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from symc.algebra import sizes as sz
from symc.algebra.groups.base import Array, Family, Form, Ints, Linear, Permuting, Rng, below
from symc.algebra.sizes import Size


@dataclass(frozen=True, slots=True)
class Cyclic(Family, Permuting, Linear):
    """C(n): rotations of n things in a ring. Elements are (k,), the rotation r^k; generator r."""

    @property
    def letter(self) -> str:
        return "C"

    @property
    def points(self) -> Size:
        return self.n

    @property
    def degree(self) -> Size:
        return 2

    @property
    def unitary(self) -> bool:
        return True

    @property
    def discrete(self) -> int:
        return 1

    @property
    def order(self) -> Size:
        return self.n

    def identity(self) -> Form:
        return np.zeros(1, dtype=np.intp)

    def generator(self, index: int) -> Form:
        return np.array([1 % sz.number(self.n)])

    def product(self, left: Form, right: Form) -> Form:
        return np.asarray((left + right) % sz.number(self.n))

    def inverse(self, form: Form) -> Form:
        return np.asarray(-form % sz.number(self.n))

    def random(self, rng: Rng) -> Form:
        return np.array([below(sz.number(self.n), rng)])

    def permutation(self, form: Form) -> Ints:
        n = sz.number(self.n)
        return np.asarray((np.arange(n) + form[0]) % n)

    def matrix(self, form: Form) -> Array:
        return rotation(int(form[0]), sz.number(self.n))

    def sign(self, form: Form) -> int:
        """The determinant of the plane."""
        return 1

    def generator_name(self, index: int) -> str:
        return f"rotation by {degrees(sz.number(self.n))}"

    def show(self, form: Form) -> str:
        return f"rotation by {form[0]}/{self.n} turn"


@dataclass(frozen=True, slots=True)
class Dihedral(Family, Permuting, Linear):
    """D(n): rotations and reflections of a regular n-gon, 2n elements.

    Elements are (k, e), r^k s^e: first the reflection s, then k rotations r. Generators r, s.
    """

    @property
    def letter(self) -> str:
        return "D"

    @property
    def points(self) -> Size:
        return self.n

    @property
    def degree(self) -> Size:
        return 2

    @property
    def unitary(self) -> bool:
        return True

    @property
    def discrete(self) -> int:
        return 2

    @property
    def order(self) -> Size:
        return 2 * self.n

    def identity(self) -> Form:
        return np.zeros(2, dtype=np.intp)

    def generator(self, index: int) -> Form:
        return np.array([1 % sz.number(self.n), 0] if index == 0 else [0, 1])

    def product(self, left: Form, right: Form) -> Form:
        turned = -right[0] if left[1] else right[0]
        return np.array([(left[0] + turned) % sz.number(self.n), (left[1] + right[1]) % 2])

    def inverse(self, form: Form) -> Form:
        return form if form[1] else np.array([-form[0] % sz.number(self.n), 0])

    def random(self, rng: Rng) -> Form:
        return np.array([below(sz.number(self.n), rng), below(2, rng)])

    def permutation(self, form: Form) -> Ints:
        n = sz.number(self.n)
        corners = np.arange(n)
        return np.asarray((form[0] + (-corners if form[1] else corners)) % n)

    def matrix(self, form: Form) -> Array:
        turn = rotation(int(form[0]), sz.number(self.n))
        return turn * np.array([1.0, -1.0]) + 0.0 if form[1] else turn

    def sign(self, form: Form) -> int:
        """The determinant of the plane: -1 for reflections."""
        return -1 if form[1] else 1

    def generator_name(self, index: int) -> str:
        return "reflection" if index else f"rotation by {degrees(sz.number(self.n))}"

    def show(self, form: Form) -> str:
        parts = [f"rotation by {form[0]}/{self.n} turn"] * bool(form[0] or not form[1]) + ["reflection"] * int(form[1])
        return " after ".join(parts)


def rotation(k: int, n: int) -> Array:
    """The matrix of a turn by k/n."""
    cosine, sine = cos_sin(k, n)
    return np.array([[cosine, -sine], [sine, cosine]]) + 0.0


def cos_sin(k: int, n: int) -> tuple[float, float]:
    """Cosine and sine of 2 pi k / n, from the first octant by symmetry, so that 0, 1/2, 1 and equal values come out exactly so."""
    turn = Fraction(k, n) % 1
    if turn > Fraction(1, 2):
        cosine, sine = cos_sin(n - k % n, n)
        return cosine, -sine
    if turn > Fraction(1, 4):
        cosine, sine = cos_sin(turn.denominator - 2 * turn.numerator, 2 * turn.denominator)
        return -cosine or 0.0, sine
    if turn > Fraction(1, 8):
        sine, cosine = cos_sin(turn.denominator - 4 * turn.numerator, 4 * turn.denominator)
        return cosine, sine
    if turn == Fraction(1, 12):
        return math.sqrt(0.75), 0.5
    if turn == Fraction(1, 8):
        return math.sqrt(0.5), math.sqrt(0.5)
    return math.cos(2 * math.pi * float(turn)), math.sin(2 * math.pi * float(turn))


def degrees(n: int) -> str:
    """The n-th part of a turn."""
    return f"{360 // n}°" if 360 % n == 0 else f"360°/{n}"
