"""Representations as immutable expressions.

A leaf belongs to one group and knows what each generator does to its coordinates; sums, tensor products and duals are built from leaves.
Coordinates of a sum are laid one after another, those of a tensor product row-major, as numpy and torch do.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, replace

from symc.algebra import groups
from symc.algebra import sizes as sz
from symc.algebra.groups import Group
from symc.algebra.names import name_of
from symc.algebra.sizes import Size


class Rep(ABC):
    """An immutable, hashable representation. `dim` may be a polynomial in free sizes."""

    __slots__ = ()

    @property
    @abstractmethod
    def dim(self) -> Size:
        """The number of coordinates."""

    @property
    @abstractmethod
    def groups(self) -> tuple[Group, ...]:
        """The groups that act, each once, in order of first mention."""

    @abstractmethod
    def at(self, sizes: Mapping[str, int]) -> Rep:
        """The representation with some free sizes given numbers."""

    @property
    def free(self) -> frozenset[str]:
        """The names of the free sizes."""
        return sz.free_names(self.dim).union(*(group.free for group in self.groups))


@dataclass(frozen=True, slots=True)
class Trivial(Rep):
    """k coordinates that no group moves; an integer in a type."""

    k: Size

    @property
    def dim(self) -> Size:
        return self.k

    @property
    def groups(self) -> tuple[Group, ...]:
        return ()

    def at(self, sizes: Mapping[str, int]) -> Trivial:
        return replace(self, k=sz.at(self.k, sizes))

    def __str__(self) -> str:
        return sz.show(self.k)


@dataclass(frozen=True, slots=True)
class Leaf(Rep):
    """A representation of one group that is not built from others."""

    group: Group

    @property
    def groups(self) -> tuple[Group, ...]:
        return (self.group,)

    def at(self, sizes: Mapping[str, int]) -> Leaf:
        return replace(self, group=self.group.at(sizes))

    def __str__(self) -> str:
        return name_of(self) or f"{type(self).__name__.lower()}({self.group})"


@dataclass(frozen=True, slots=True)
class Sign(Leaf):
    """The sign of a permutation (S, permutations), the determinant of a matrix (O, SO, D as the symmetries of a polygon, matrices with det +-1)."""

    @property
    def dim(self) -> Size:
        return 1

    __str__ = Leaf.__str__


@dataclass(frozen=True, slots=True)
class Perm(Leaf):
    """The group permuting its points: n for S(n), C(n), D(n), the degree of `permutations`."""

    @property
    def dim(self) -> Size:
        match self.group.definition:
            case groups.Symmetric(n) | groups.Cyclic(n) | groups.Dihedral(n) | groups.Permutations(n, _):
                return n
            case other:
                raise TypeError(f"{other} has no permutation representation")

    __str__ = Leaf.__str__


@dataclass(frozen=True, slots=True)
class Vector(Leaf):
    """The defining matrices: R^n for O(n), SO(n), matrices; the plane for C(n), D(n)."""

    @property
    def dim(self) -> Size:
        match self.group.definition:
            case groups.Orthogonal(n) | groups.SpecialOrthogonal(n):
                return n
            case groups.Cyclic() | groups.Dihedral():
                return 2
            case groups.Matrices() as matrices:
                return matrices.degree
            case other:
                raise TypeError(f"{other} has no vector representation of its own")

    __str__ = Leaf.__str__


@dataclass(frozen=True, slots=True)
class Regular(Leaf):
    """A finite group acting on its own elements from the left; coordinates in the order of `elements.enumerate_group`."""

    order: Size

    @property
    def dim(self) -> Size:
        return self.order

    def at(self, sizes: Mapping[str, int]) -> Regular:
        return Regular(self.group.at(sizes), sz.at(self.order, sizes))

    __str__ = Leaf.__str__


@dataclass(frozen=True, slots=True)
class Pixels(Leaf):
    """The pixels of an h x w image moved by rotations and flips about its centre (C(n), D(n) with n in 1, 2, 4; quarter turns need h = w)."""

    h: Size
    w: Size

    @property
    def dim(self) -> Size:
        return sz.product((self.h, self.w))

    @property
    def free(self) -> frozenset[str]:
        return sz.free_names(self.h) | sz.free_names(self.w)

    def at(self, sizes: Mapping[str, int]) -> Pixels:
        return Pixels(self.group.at(sizes), sz.at(self.h, sizes), sz.at(self.w, sizes))

    def __str__(self) -> str:
        return name_of(self) or f"pixels({self.group}, {sz.show(self.h)}, {sz.show(self.w)})"


@dataclass(frozen=True, slots=True)
class Dual(Rep):
    """The contragredient: g acts by the inverse transpose. Build with `dual`, which leaves orthogonal representations as they are."""

    rep: Leaf

    @property
    def dim(self) -> Size:
        return self.rep.dim

    @property
    def group(self) -> Group:
        return self.rep.group

    @property
    def groups(self) -> tuple[Group, ...]:
        return self.rep.groups

    def at(self, sizes: Mapping[str, int]) -> Dual:
        return Dual(self.rep.at(sizes))

    def __str__(self) -> str:
        return name_of(self) or f"dual({self.rep})"


@dataclass(frozen=True, slots=True)
class Sum(Rep):
    """A direct sum, one axis, terms in the order written."""

    terms: tuple[Rep, ...]

    @property
    def dim(self) -> Size:
        return sz.total(term.dim for term in self.terms)

    @property
    def groups(self) -> tuple[Group, ...]:
        return _distinct(self.terms)

    def at(self, sizes: Mapping[str, int]) -> Sum:
        return Sum(tuple(term.at(sizes) for term in self.terms))

    def __str__(self) -> str:
        return name_of(self) or " + ".join(map(str, self.terms))


@dataclass(frozen=True, slots=True)
class Tensor(Rep):
    """A tensor product flattened to one axis, row-major; no factors is the trivial line."""

    factors: tuple[Rep, ...]

    @property
    def dim(self) -> Size:
        return sz.product(factor.dim for factor in self.factors)

    @property
    def groups(self) -> tuple[Group, ...]:
        return _distinct(self.factors)

    def at(self, sizes: Mapping[str, int]) -> Tensor:
        return Tensor(tuple(factor.at(sizes) for factor in self.factors))

    def __str__(self) -> str:
        return name_of(self) or "*".join(map(bracketed, self.factors)) or "1"


def bracketed(rep: Rep) -> str:
    """The text of a representation as one factor among others."""
    return f"({rep})" if isinstance(rep, Sum | Tensor) and name_of(rep) is None else str(rep)


def dual(rep: Rep) -> Rep:
    """The contragredient, pushed down to the leaves; every leaf but the vectors of a matrix group that is not orthogonal is its own dual."""
    match rep:
        case Dual(inner):
            return inner
        case Vector(group) if isinstance(group.definition, groups.Matrices) and not group.definition.orthogonal:
            return Dual(rep)
        case Sum(terms):
            return Sum(tuple(dual(term) for term in terms))
        case Tensor(factors):
            return Tensor(tuple(dual(factor) for factor in factors))
        case _:
            return rep


def _distinct(reps: tuple[Rep, ...]) -> tuple[Group, ...]:
    return tuple(dict.fromkeys(group for rep in reps for group in rep.groups))
