"""Symmetric, exterior and traceless powers of a representation, and determinants, in orthonormal coordinates.

The coordinates of sym(r, k) are the monomials e_i e_j ... with i <= j <= ... in lexicographic order, made orthonormal in the k-th tensor power; those
of alt(r, k) are e_i ^ e_j ^ ... with i < j < ... likewise. A k-th power sits in the (k-1)-th times r by an isometry with few entries, along which
matrices are carried step by step.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import combinations, combinations_with_replacement
from math import comb, sqrt
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np

from symc.algebra import groups as g
from symc.algebra import sizes as sz
from symc.algebra.canonical import canonical_basis
from symc.algebra.groups import Array, Group, Ints
from symc.algebra.monomial import Monomial, as_monomial, dense
from symc.algebra.names import name_of
from symc.algebra.reps.base import Image, Rep
from symc.algebra.reps.defining import Vector
from symc.algebra.reps.functors import Functor
from symc.algebra.sizes import Size

if TYPE_CHECKING:
    from symc.algebra.elements import Element
    from symc.algebra.generators import Generator

Kind = Literal["sym", "alt"]


@dataclass(frozen=True, slots=True)
class Power(Functor):
    """sym(r, k), on the monomials e_i e_j ... with i <= j <= ..., or alt(r, k), on e_i ^ e_j ^ ... with i < j < ..., in lexicographic order.

    They are orthonormal in the k-th tensor power.
    """

    k: int
    kind: Kind

    @property
    def dim(self) -> Size:
        n = self.rep.dim
        if isinstance(n, int):
            return comb(n + self.k - 1, self.k) if self.kind == "sym" else comb(n, self.k)
        result: Size = 1
        for i in range(self.k):
            result = result * (n + i if self.kind == "sym" else n - i) / (i + 1)
        return sz.normal(result)

    def mapped(self, group: Callable[[Group], Group], size: Callable[[Size], Size]) -> Power:
        return replace(self, rep=self.rep.mapped(group, size))

    @property
    def permuted(self) -> bool:
        return self.kind == "sym" and self.rep.permuted

    def image(self, element: Element) -> Image:
        image = self.rep.image(element)
        return _monomial_power(image, self.k, self.kind) if isinstance(image, Monomial) else power(image, self.k, self.kind, False)

    def lie_image(self, generator: Generator) -> Array | None:
        image = self.rep.lie_image(generator)
        return None if image is None else power(image, self.k, self.kind, True)

    def dual(self) -> Rep:
        return replace(self, rep=self.rep.dual())

    def conj(self) -> Rep:
        return replace(self, rep=self.rep.conj())

    def __str__(self) -> str:
        return name_of(self) or f"{self.kind}({self.rep}, {self.k})"


@dataclass(frozen=True, slots=True)
class Traceless(Functor):
    """The symmetric tensors all of whose traces vanish, for the invariant form of the representation; a canonical orthonormal basis in sym(r, k)."""

    k: int

    @property
    def dim(self) -> Size:
        n, k = self.rep.dim, self.k
        if isinstance(n, int):
            return comb(n + k - 1, k) - (comb(n + k - 3, k - 2) if k >= 2 else 0)
        return sz.normal(Power(self.rep, k, "sym").dim - (Power(self.rep, k - 2, "sym").dim if k >= 2 else 0))

    def mapped(self, group: Callable[[Group], Group], size: Callable[[Size], Size]) -> Traceless:
        return replace(self, rep=self.rep.mapped(group, size))

    def _basis(self) -> Array:
        return traceless_basis(sz.number(self.rep.dim), self.k, invariant_metric(self.rep))

    def image(self, element: Element) -> Image:
        basis = self._basis()
        return as_monomial(basis @ power(dense(self.rep.image(element)), self.k, "sym", False) @ basis.T)

    def lie_image(self, generator: Generator) -> Array | None:
        image = self.rep.lie_image(generator)
        return None if image is None else self._basis() @ power(image, self.k, "sym", True) @ self._basis().T

    def dual(self) -> Rep:
        from symc.algebra.reps.functors import Dual

        return self if self.unitary else Dual(self)

    def __str__(self) -> str:
        return name_of(self) or f"traceless({self.rep}, {self.k})"


@dataclass(frozen=True, slots=True)
class Det(Functor):
    """The determinant of a representation, one coordinate."""

    @property
    def dim(self) -> Size:
        return 1

    def image(self, element: Element) -> Image:
        image = self.rep.image(element)
        if isinstance(image, Monomial):
            sign = g.parity(image.image) * int(np.prod(image.sign, dtype=np.int64))
            return Monomial(np.zeros(1, dtype=np.intp), np.array([sign], dtype=np.int8))
        return np.array([[np.linalg.det(image)]])

    def lie_image(self, generator: Generator) -> Array | None:
        image = self.rep.lie_image(generator)
        trace = 0 if image is None else np.trace(image)
        return np.array([[trace]]) if trace else None

    def dual(self) -> Rep:
        from symc.algebra.reps.functors import Dual

        return self.conj() if self.unitary else Dual(self)

    def conj(self) -> Rep:
        return Det(self.rep.conj())


def invariant_metric(rep: Rep) -> tuple[float, ...] | None:
    """The diagonal of a form that the representation keeps; None where none is known."""
    if rep.unitary and not rep.is_complex:
        return (1.0,) * sz.number(rep.dim)
    if isinstance(rep, Vector) and isinstance(rep.group.law, g.Indefinite) and rep.group.law.r == 0:
        return tuple(rep.group.law.metric().tolist())
    return None


@lru_cache(maxsize=256)
def basis_of(n: int, k: int, kind: Kind) -> tuple[tuple[int, ...], ...]:
    """The indices of every coordinate."""
    return tuple((combinations_with_replacement if kind == "sym" else combinations)(range(n), k))


@lru_cache(maxsize=256)
def _step(n: int, k: int, kind: Kind) -> tuple[tuple[Ints, Ints, Array], ...]:
    """The isometry from the k-th power to the (k-1)-th times the space, for every index i of the space: (coordinates of the k-th power that have
    i, what they are without it, the entries)."""
    lower = {indices: place for place, indices in enumerate(basis_of(n, k - 1, kind))}
    found: list[list[tuple[int, int, float]]] = [[] for _ in range(n)]
    for place, indices in enumerate(basis_of(n, k, kind)):
        for i in dict.fromkeys(indices):
            at = indices.index(i)
            sign = 1 if kind == "sym" or (k - 1 - at) % 2 == 0 else -1
            found[i].append((place, lower[indices[:at] + indices[at + 1 :]], sign * sqrt(indices.count(i) / k)))
    return tuple(
        (np.array([p for p, _, _ in rows], dtype=np.intp), np.array([q for _, q, _ in rows], dtype=np.intp), np.array([v for _, _, v in rows]))
        for rows in found
    )


Split: TypeAlias = Callable[[Array, int], tuple[Array, Array]]


def power(matrix: Array, k: int, kind: Kind, derivation: bool, *, split: Split | None = None, reduce: Callable[[Array], Array] = np.asarray) -> Array:
    """J^T (A x M) J with A the (k-1)-th power, or J^T (D x 1 + 1 x X) J for a derivation, J the isometry of the k-th power into that.

    In another field than the reals, `split` gives what stands for J^T and J (from the entries of J and the degree), `reduce` its numbers.
    """
    n = len(matrix)
    if k == 0:
        return np.zeros((1, 1)) if derivation else np.ones((1, 1))
    result = matrix
    for degree in range(2, k + 1):
        steps, size = _step(n, degree, kind), len(basis_of(n, degree, kind))
        sides = [(entries, entries) if split is None else split(entries, degree) for _, _, entries in steps]
        new = np.zeros((size, size), dtype=result.dtype)
        for i, (rows, into, _) in enumerate(steps):
            for j, (columns, onto, _) in enumerate(steps):
                if derivation and i != j and not matrix[i, j]:  # most entries, of the sparse generators of a Lie algebra
                    continue
                block = reduce(np.outer(sides[i][0], sides[j][1]))
                moved = matrix[i, j] * (into[:, None] == onto) if derivation else reduce(result[np.ix_(into, onto)] * matrix[i, j])
                if derivation and i == j:
                    moved = moved + result[np.ix_(into, onto)]
                new[np.ix_(rows, columns)] += reduce(block * reduce(moved))
        result = reduce(new)
    return result


def _monomial_power(image: Monomial, k: int, kind: Kind) -> Monomial:
    """In integers: where every basis element goes, and its sign."""
    if k == 0:
        return Monomial.identity(1)
    indices = np.array(basis_of(image.d, k, kind), dtype=np.intp).reshape(-1, k)
    goals = image.image[indices]
    signs = np.prod(image.sign[indices], axis=1, dtype=np.int8)
    if kind == "alt":
        for i, j in combinations(range(k), 2):
            signs[goals[:, i] > goals[:, j]] *= -1
    goals.sort(axis=1)
    moved = np.empty(len(goals), dtype=np.intp)
    moved[np.lexsort(goals.T[::-1])] = np.arange(len(goals))  # the goals are all the basis elements, whose order is lexicographic
    return Monomial(moved, signs)


@lru_cache(maxsize=64)
def traceless_basis(n: int, k: int, metric: tuple[float, ...] | None) -> Array:
    """Orthonormal rows, shape (dim, dim of the k-th symmetric power), canonical."""
    if metric is None:
        raise TypeError("no invariant form is known")
    size = len(basis_of(n, k, "sym"))
    if k < 2:
        return np.eye(size)
    first, second = _step(n, k, "sym"), _step(n, k - 1, "sym")
    trace = np.zeros((len(basis_of(n, k - 2, "sym")), size))  # contracts the last two factors of the tensor power
    for i in range(n):
        rows, into, left = first[i]
        inner = np.zeros((len(basis_of(n, k - 1, "sym")), size))
        inner[into, rows] = left
        again, onto, right = second[i]
        trace[onto] += metric[i] * right[:, None] * inner[again]
    null = np.linalg.svd(trace)[2][len(trace) :]
    return canonical_basis(null)
