"""Lie groups that are not compact: GL, SL, Sp, O(p,q), SO(p,q), which are reductive, and O(p,q,r), which is not.

Their defining matrices are closed under transposition, but for O(p,q,r). An element is held as (2, n, n), its matrix and the inverse of that.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from symc.algebra import sizes as sz
from symc.algebra.groups.base import Array, Family, Form, Group
from symc.algebra.groups.classical import Entries, Lie, exponential, lie_pair, neighbours, pairs, skew
from symc.algebra.sizes import Size


class WithInverse(Lie):
    """Matrices held beside their inverses, so that inverting loses nothing."""

    __slots__ = ()

    @property
    def self_adjoint(self) -> bool:
        return True

    def identity(self) -> Form:
        return np.stack([np.eye(sz.number(self.degree))] * 2)

    def generator(self, index: int) -> Form:
        return np.stack([Lie.generator(self, index)] * 2)  # a diagonal of 1 and -1

    def product(self, left: Form, right: Form) -> Form:
        return np.stack([left[0] @ right[0], right[1] @ left[1]])

    def inverse(self, form: Form) -> Form:
        return np.asarray(form[::-1])

    def matrix(self, form: Form) -> Array:
        return np.asarray(form[0])

    def exp(self, matrix: Array) -> Form:
        return np.stack([exponential(matrix), exponential(-matrix)])

    def show(self, form: Form) -> str:
        return str(np.round(form[0], 6).tolist())


@dataclass(frozen=True, slots=True)
class GeneralLinear(Family, WithInverse):
    """GL(n): invertible real matrices. Generators E_ij row by row, then diag(-1, 1, ..., 1)."""

    @property
    def letter(self) -> str:
        return "GL"

    @property
    def degree(self) -> Size:
        return self.n

    @property
    def lie(self) -> Size:
        return sz.normal(self.n**2)

    @property
    def order(self) -> Size | None:
        return None

    def flips(self) -> tuple[tuple[int, ...], ...]:
        return ((0,),)

    def entries(self, index: int) -> Entries:
        return ((*divmod(index, sz.number(self.n)), 1.0),)

    def sufficient(self) -> Iterable[int]:
        n = sz.number(self.n)
        return [i * n + j for i in range(n) for j in (i - 1, i, i + 1) if 0 <= j < n]


@dataclass(frozen=True, slots=True)
class SpecialLinear(Family, WithInverse):
    """SL(n): real matrices of determinant 1. Generators E_ij for i != j row by row, then E_kk - E_k+1,k+1."""

    @property
    def letter(self) -> str:
        return "SL"

    @property
    def degree(self) -> Size:
        return self.n

    @property
    def lie(self) -> Size:
        return sz.normal(self.n**2 - 1)

    @property
    def order(self) -> Size | None:
        return 1 if self.n == 1 else None

    def entries(self, index: int) -> Entries:
        n = sz.number(self.n)
        if index < n * (n - 1):
            i, j = divmod(index, n - 1)
            return ((i, j + (j >= i), 1.0),)
        k = index - n * (n - 1)
        return (k, k, 1.0), (k + 1, k + 1, -1.0)

    def sufficient(self) -> Iterable[int]:
        n = sz.number(self.n)
        return [i * (n - 1) + j - (j > i) for i in range(n) for j in (i - 1, i + 1) if 0 <= j < n]


@dataclass(frozen=True, slots=True)
class Symplectic(Family, WithInverse):
    """Sp(n), n even: real n x n matrices that keep the form [[0, 1], [-1, 0]] in blocks of n/2.

    Generators, with h = n/2: E_ij - E_h+j,h+i row by row; E_i,h+j + E_j,h+i for i <= j (E_i,h+i once); the transposes of these.
    """

    @property
    def letter(self) -> str:
        return "Sp"

    @property
    def least(self) -> int:
        return 2

    def at(self, sizes: Mapping[str, int]) -> Group:
        result = Family.at(self, sizes)
        assert isinstance(result, Symplectic)
        if isinstance(result.n, int) and result.n % 2:
            raise sz.SizeError(f"{self} has no meaning where {sz.show(self.n)} = {result.n}: the size is even")
        return result

    @property
    def degree(self) -> Size:
        return self.n

    @property
    def lie(self) -> Size:
        return self.n * (self.n + 1) // 2 if isinstance(self.n, int) else sz.normal(self.n * (self.n + 1) / 2)

    @property
    def order(self) -> Size | None:
        return None

    def entries(self, index: int) -> Entries:
        h = sz.number(self.n) // 2
        if index < h * h:
            i, j = divmod(index, h)
            return (i, j, 1.0), (h + j, h + i, -1.0)
        count = h * (h + 1) // 2
        i, j = lie_pair(h + 1, (index - h * h) % count)
        i, j = i, j - 1  # i <= j
        upper: Entries = ((i, h + i, 1.0),) if i == j else ((i, h + j, 1.0), (j, h + i, 1.0))
        return upper if index - h * h < count else tuple((b, a, value) for a, b, value in upper)

    def sufficient(self) -> Iterable[int]:
        """Those of the simple roots and of their negatives."""
        h, lie = sz.number(self.n) // 2, sz.number(self.lie)
        return [*(i * h + j for i in range(h) for j in (i - 1, i + 1) if 0 <= j < h), (h * h + lie) // 2 - 1, lie - 1]

    def bilinear_form(self) -> Array:
        """The matrix J of the form: g^T J g = J."""
        h = sz.number(self.n) // 2
        return np.block([[np.zeros((h, h)), np.eye(h)], [-np.eye(h), np.zeros((h, h))]])


@dataclass(frozen=True, slots=True)
class Indefinite(WithInverse):
    """O(p,q) or, `special`, SO(p,q): matrices that keep the form diag(1, ..., 1, -1, ..., -1), p times 1 and q times -1.

    With r > 0, O(p,q,r): isometries of the degenerate form with r zeros more that fix its radical, the last r coordinates.
    Generators: for i < j below p+q, E_ij - E_ji where both signs are equal and E_ij + E_ji where they differ; E_ij for every i in the radical and
    j not; then -1 at coordinate 0, and -1 at coordinate p, or both together for SO(p,q).
    """

    p: int
    q: int
    r: int = 0
    special: bool = False

    @property
    def degree(self) -> Size:
        return self.p + self.q + self.r

    @property
    def self_adjoint(self) -> bool:
        return self.r == 0

    @property
    def unitary(self) -> bool:
        return self.r == 0 and 0 in (self.p, self.q)

    @property
    def lie(self) -> Size:
        m = self.p + self.q
        return m * (m - 1) // 2 + m * self.r

    @property
    def order(self) -> Size | None:
        if sz.number(self.lie):
            return None
        return 2 ** len(self.flips())

    def flips(self) -> tuple[tuple[int, ...], ...]:
        single = tuple((start,) for start, count in ((0, self.p), (self.p, self.q)) if count)
        if not self.special:
            return single
        return (sum(single, ()),) if len(single) == 2 else ()

    def entries(self, index: int) -> Entries:
        m = self.p + self.q
        if index < m * (m - 1) // 2:
            i, j = lie_pair(m, index)
            return ((i, j, 1.0), (j, i, 1.0)) if i < self.p <= j else skew(i, j)
        i, j = divmod(index - m * (m - 1) // 2, m)
        return ((m + i, j, 1.0),)

    def sufficient(self) -> Iterable[int]:
        """Of those that mix the radical in, E_i0: brackets with the others give E_ij."""
        m = self.p + self.q
        return *neighbours(m), *range(m * (m - 1) // 2, sz.number(self.lie), max(m, 1))

    def metric(self) -> Array:
        """Shape (p + q + r,): the diagonal of the form."""
        return np.array([1.0] * self.p + [-1.0] * self.q + [0.0] * self.r)

    def __str__(self) -> str:
        sizes = f"{self.p}, {self.q}" + (f", {self.r}" if self.r else "")
        return f"{'SO' if self.special else 'O'}({sizes})"


@dataclass(frozen=True, slots=True)
class LeviFactor(WithInverse):
    """The reductive part O(p,q) of O(p,q,r), by matrices of the same size: it leaves the radical alone."""

    whole: Indefinite

    @property
    def degree(self) -> Size:
        return self.whole.degree

    @property
    def lie(self) -> Size:
        m = self.whole.p + self.whole.q
        return m * (m - 1) // 2

    @property
    def order(self) -> Size | None:
        return 2 ** len(self.flips()) if self.lie == 0 else None

    def flips(self) -> tuple[tuple[int, ...], ...]:
        return self.whole.flips()

    def entries(self, index: int) -> Entries:
        return self.whole.entries(index)

    def sufficient(self) -> Iterable[int]:
        return neighbours(self.whole.p + self.whole.q)

    def __str__(self) -> str:
        return f"the reductive part of {self.whole}"


__all__ = ["GeneralLinear", "Indefinite", "LeviFactor", "SpecialLinear", "Symplectic", "WithInverse", "pairs"]
