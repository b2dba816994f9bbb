"""What every group is: an immutable expression with generators in a fixed order, and a law by which its elements are multiplied.

Elements are held in a faithful form of the group's own choosing, from which every representation of the group is computed.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from symc.algebra import sizes as sz
from symc.algebra.sizes import Size

Form: TypeAlias = Any  # an array, or a tuple of forms
Array: TypeAlias = NDArray[Any]  # float64, or complex128 where the group is complex
Ints: TypeAlias = NDArray[np.intp]


class Rng(Protocol):
    """What is asked of a source of random numbers: numpy's Generator, or its RandomState, whose stream is the same in every version."""

    def random(self, size: Any = ..., /) -> Any: ...

    def standard_normal(self, size: Any = ..., /) -> Any: ...

    def permutation(self, x: Any, /) -> Any: ...


def below(bound: int, rng: Rng) -> int:
    """A random number from 0 to bound - 1."""
    return min(int(rng.random() * bound), bound - 1)


class Group(ABC):
    """An immutable, hashable group expression. Equal expressions are equal groups; a `Named` group is only itself."""

    __slots__ = ()

    @property
    @abstractmethod
    def discrete(self) -> int:
        """The number of discrete generators."""

    @property
    def lie(self) -> Size:
        """The number of Lie-algebra generators."""
        return 0

    @property
    @abstractmethod
    def order(self) -> Size | None:
        """The number of elements; None where it is infinite or not known."""

    @property
    def free(self) -> frozenset[str]:
        """The names of the free sizes."""
        return frozenset()

    def at(self, sizes: Mapping[str, int]) -> Group:
        """The group with some free sizes given numbers."""
        return self

    @property
    def atoms(self) -> tuple[Group, ...]:
        """The independent factors this group is the direct product of."""
        return (self,)

    @property
    def definition(self) -> Group:
        """The group behind its name."""
        return self

    @property
    def law(self) -> Atom:
        """The group behind its name, as one whose elements can be multiplied; raises TypeError for a direct product."""
        raise TypeError(f"{self} is no single group")


class Atom(Group):
    """A group that is no direct product. Arithmetic needs concrete sizes."""

    __slots__ = ()

    @property
    def law(self) -> Atom:
        return self

    @abstractmethod
    def identity(self) -> Form:
        """The neutral element."""

    def generator(self, index: int) -> Form:
        """The discrete generator of that index, in the documented order."""
        raise TypeError(f"{self} has no discrete generator {index}")

    @abstractmethod
    def product(self, left: Form, right: Form) -> Form:
        """left * right: first right, then left acts."""

    @abstractmethod
    def inverse(self, form: Form) -> Form:
        """The inverse element."""

    @abstractmethod
    def random(self, rng: Rng) -> Form:
        """A random element: uniform where that is easy, else a word in the generators."""

    def exponential(self, coefficients: ArrayLike) -> Form:
        """The exponential of a Lie algebra element, given by one coefficient a generator."""
        raise TypeError(f"{self} has no Lie algebra")

    def sufficient(self) -> Iterable[int]:
        """The numbers of generators of the Lie algebra whose brackets span it."""
        return range(sz.number(self.lie))

    def key(self, form: Form) -> bytes:
        """What tells elements apart, for groups whose arithmetic is exact."""
        return bytes(np.asarray(form).tobytes())

    def power(self, form: Form, exponent: int) -> Form:
        """form ** exponent by repeated squaring; negative exponents take the inverse."""
        base, result = form if exponent >= 0 else self.inverse(form), self.identity()
        for bit in bin(abs(exponent))[2:]:
            result = self.product(result, result)
            result = self.product(base, result) if bit == "1" else result
        return result

    def generator_name(self, index: int) -> str:
        """A readable name of a discrete generator; plain ones count from 1."""
        return f"generator {index + 1}"

    def lie_name(self, index: int) -> str:
        """A readable name of a generator of the Lie algebra."""
        return f"algebra generator {index + 1}"

    def show(self, form: Form) -> str:
        """An element as text."""
        return str(np.round(np.asarray(form), 6).tolist())


class Permuting(Atom):
    """A group that permutes points."""

    __slots__ = ()

    @property
    @abstractmethod
    def points(self) -> Size:
        """How many."""

    @abstractmethod
    def permutation(self, form: Form) -> Ints:
        """Shape (points,): the images of 0, 1, ..."""

    def sign(self, form: Form) -> int:
        """1 for an even permutation, -1 for an odd one."""
        return parity(self.permutation(form))


class Linear(Atom):
    """A group of matrices: the defining ones."""

    __slots__ = ()

    @property
    @abstractmethod
    def degree(self) -> Size:
        """Their size."""

    @property
    def is_complex(self) -> bool:
        """Are they complex?"""
        return False

    @property
    def unitary(self) -> bool:
        """Are they orthogonal, or unitary?"""
        return False

    @property
    def self_adjoint(self) -> bool:
        """Is the conjugate transpose of every element again in the group (or in its closure)? Then it is reductive."""
        return self.unitary

    @abstractmethod
    def matrix(self, form: Form) -> Array:
        """Shape (degree, degree)."""

    def lie_generator(self, index: int) -> Array:
        """Shape (degree, degree): an element of the Lie algebra, in the documented order."""
        raise TypeError(f"{self} has no Lie algebra generator {index}")

    def algebra(self, coefficients: ArrayLike) -> Array:
        """Shape (degree, degree): the element of the Lie algebra with one coefficient for each generator."""
        raise TypeError(f"{self} has no Lie algebra")

    def sign(self, form: Form) -> int:
        """The sign of the determinant."""
        return 1 if np.linalg.det(self.matrix(form)).real > 0 else -1


@dataclass(frozen=True, slots=True)
class Family(Atom):
    """A family of groups indexed by one size."""

    n: Size

    @property
    def free(self) -> frozenset[str]:
        return sz.free_names(self.n)

    @property
    def letter(self) -> str:
        """What the family is called in the language."""
        raise NotImplementedError

    @property
    def least(self) -> int:
        """The smallest size that has a meaning."""
        return 1

    def at(self, sizes: Mapping[str, int]) -> Group:
        n = sz.at(self.n, sizes)
        if isinstance(n, int) and n < self.least:
            raise sz.SizeError(f"{self} has no meaning where {sz.show(self.n)} = {n}")
        return replace(self, n=n) if n != self.n else self

    def __str__(self) -> str:
        return f"{self.letter}({sz.show(self.n)})"


@dataclass(frozen=True, slots=True)
class Named(Group):
    """A declared group: acts independently of every other name. `origin` tells files apart."""

    name: str
    group: Group
    origin: str = ""

    @property
    def discrete(self) -> int:
        return self.group.discrete

    @property
    def lie(self) -> Size:
        return self.group.lie

    @property
    def order(self) -> Size | None:
        return self.group.order

    @property
    def free(self) -> frozenset[str]:
        return self.group.free

    def at(self, sizes: Mapping[str, int]) -> Group:
        return replace(self, group=self.group.at(sizes)) if self.free & sizes.keys() else self

    @property
    def definition(self) -> Group:
        return self.group.definition

    @property
    def law(self) -> Atom:
        return self.group.law

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class Product(Group):
    """The direct product of independent groups, G * H; generators factor by factor."""

    factors: tuple[Group, ...]

    @property
    def discrete(self) -> int:
        return sum(factor.discrete for factor in self.factors)

    @property
    def lie(self) -> Size:
        return sz.total(factor.lie for factor in self.factors)

    @property
    def order(self) -> Size | None:
        orders = [factor.order for factor in self.factors]
        return None if None in orders else sz.product(order for order in orders if order is not None)

    @property
    def free(self) -> frozenset[str]:
        return frozenset().union(*(factor.free for factor in self.factors))

    def at(self, sizes: Mapping[str, int]) -> Group:
        return Product(tuple(factor.at(sizes) for factor in self.factors))

    @property
    def atoms(self) -> tuple[Group, ...]:
        return tuple(atom for factor in self.factors for atom in factor.atoms)

    def __str__(self) -> str:
        return " * ".join(map(str, self.factors))


def parity(image: Ints) -> int:
    """1 for an even permutation, -1 for an odd one: the number of points less the number of cycles, mod 2."""
    images = moved_points(image)
    seen, odd = bytearray(len(images)), False
    for start in range(len(images)):
        while not seen[start]:
            seen[start] = 1
            start = images[start]
            odd ^= not seen[start]
    return -1 if odd else 1


def moved_points(image: Ints) -> list[int]:
    """The same permutation of the points that it moves alone, numbered from 0."""
    moved = np.flatnonzero(image != np.arange(len(image)))
    found: list[int] = np.searchsorted(moved, image[moved]).tolist()
    return found
