"""Representations as immutable expressions.

A leg is moved as a whole (a leaf of one group, a power of a representation, ...); sums and tensor products are built from legs. Coordinates of a sum
are laid one after another, those of a tensor product row-major, as numpy and torch do.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import reduce
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from symc.algebra import sizes as sz
from symc.algebra.groups import Array, Atom, Form, Group, Semidirect
from symc.algebra.monomial import Monomial, dense
from symc.algebra.names import name_of
from symc.algebra.sizes import Size

if TYPE_CHECKING:
    from symc.algebra.elements import Element
    from symc.algebra.generators import Generator

Image: TypeAlias = Monomial | Array


class Rep(ABC):
    """An immutable, hashable representation. `dim` may be a polynomial in free sizes; what it does to coordinates needs numbers."""

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
    def mapped(self, group: Callable[[Group], Group], size: Callable[[Size], Size]) -> Rep:
        """The same expression with other groups and sizes."""

    def at(self, sizes: Mapping[str, int]) -> Rep:
        """The representation with some free sizes given numbers."""
        return self.mapped(lambda group: group.at(sizes), lambda size: sz.at(size, sizes))

    @property
    def free(self) -> frozenset[str]:
        """The names of the free sizes."""
        return sz.free_names(self.dim).union(*(group.free for group in self.groups))

    @property
    def is_complex(self) -> bool:
        """Are the coordinates complex numbers?"""
        return False

    @property
    def permuted(self) -> bool:
        """Does every element permute the coordinates, at every size?"""
        return False

    @property
    def unitary(self) -> bool:
        """Is every element known to act by an orthogonal (unitary) matrix?"""
        return self.permuted

    @property
    def self_adjoint(self) -> bool:
        """Is rho(g)^H = rho(g*), for elements g* that are the same in all representations that say so?"""
        return self.unitary

    @property
    def affine(self) -> bool:
        """Are translations added to the coordinates?"""
        return False

    @abstractmethod
    def image(self, element: Element) -> Image:
        """rho(element), of an affine representation the linear part."""

    def lie_image(self, generator: Generator) -> Array | None:
        """d rho(A) for a generator A of a Lie algebra; None where it is zero."""
        return None

    def translation(self, element: Element) -> Array | None:
        """Shape (dim,): what is added to the coordinates; None for nothing."""
        return None

    @abstractmethod
    def dual(self) -> Rep:
        """The contragredient; a representation known to be orthogonal is its own."""

    def conj(self) -> Rep:
        """The complex conjugate; a real representation is its own."""
        return self


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

    def mapped(self, group: Callable[[Group], Group], size: Callable[[Size], Size]) -> Trivial:
        return replace(self, k=size(self.k))

    @property
    def permuted(self) -> bool:
        return True

    def image(self, element: Element) -> Image:
        return Monomial.identity(sz.number(self.k))

    def dual(self) -> Trivial:
        return self

    def __str__(self) -> str:
        return sz.show(self.k)


@dataclass(frozen=True, slots=True)
class Leaf(Rep):
    """A representation of one group that is not built from others."""

    group: Group

    @property
    def groups(self) -> tuple[Group, ...]:
        return (self.group,)

    def mapped(self, group: Callable[[Group], Group], size: Callable[[Size], Size]) -> Leaf:
        return replace(self, group=group(self.group))

    def image(self, element: Element) -> Image:
        form = element.parts.get(self.group)
        return Monomial.identity(sz.number(self.dim)) if form is None else self.of(form)

    def lie_image(self, generator: Generator) -> Array | None:
        return self.lie_of(generator.index) if generator.group == self.group else None

    def of(self, form: Form) -> Image:
        """rho of an element of the group, in its faithful form."""
        raise NotImplementedError

    def lie_of(self, index: int) -> Array | None:
        """d rho of a generator of the Lie algebra."""
        return None

    def dual(self) -> Rep:
        from symc.algebra.reps.functors import Dual

        return self.conj() if self.unitary else Dual(self)

    def conj(self) -> Rep:
        from symc.algebra.reps.functors import Conj

        return Conj(self) if self.is_complex else self

    def __str__(self) -> str:
        return name_of(self) or f"{type(self).__name__.lower()}({self.group})"


@dataclass(frozen=True, slots=True)
class Sum(Rep):
    """A direct sum, one axis, terms in the order written."""

    terms: tuple[Rep, ...]

    @property
    def dim(self) -> Size:
        return sz.total(term.dim for term in self.terms)

    @property
    def groups(self) -> tuple[Group, ...]:
        return distinct_groups(self.terms)

    @property
    def free(self) -> frozenset[str]:
        return frozenset().union(*(term.free for term in self.terms))

    def mapped(self, group: Callable[[Group], Group], size: Callable[[Size], Size]) -> Sum:
        return Sum(tuple(term.mapped(group, size) for term in self.terms))

    @property
    def is_complex(self) -> bool:
        return any(term.is_complex for term in self.terms)

    @property
    def permuted(self) -> bool:
        return all(term.permuted for term in self.terms)

    @property
    def unitary(self) -> bool:
        return all(term.unitary for term in self.terms)

    @property
    def self_adjoint(self) -> bool:
        return all(term.self_adjoint for term in self.terms)

    @property
    def affine(self) -> bool:
        return any(term.affine for term in self.terms)

    def image(self, element: Element) -> Image:
        images = [term.image(element) for term in self.terms]
        monomials = [image for image in images if isinstance(image, Monomial)]
        if len(monomials) == len(images):
            return reduce(Monomial.direct_sum, monomials, Monomial.identity(0))
        return block_diagonal([dense(image) for image in images])

    def lie_image(self, generator: Generator) -> Array | None:
        images = [term.lie_image(generator) for term in self.terms]
        if all(image is None for image in images):
            return None
        dims = [sz.number(term.dim) for term in self.terms]
        return block_diagonal([np.zeros((dim, dim)) if image is None else image for dim, image in zip(dims, images, strict=True)])

    def translation(self, element: Element) -> Array | None:
        moved = [term.translation(element) for term in self.terms]
        if all(one is None for one in moved):
            return None
        return np.concatenate([np.zeros(sz.number(term.dim)) if one is None else one for term, one in zip(self.terms, moved, strict=True)])

    def dual(self) -> Sum:
        return Sum(tuple(term.dual() for term in self.terms))

    def conj(self) -> Sum:
        return Sum(tuple(term.conj() for term in self.terms))

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
        return distinct_groups(self.factors)

    @property
    def free(self) -> frozenset[str]:
        return frozenset().union(*(factor.free for factor in self.factors))

    def mapped(self, group: Callable[[Group], Group], size: Callable[[Size], Size]) -> Tensor:
        return Tensor(tuple(factor.mapped(group, size) for factor in self.factors))

    @property
    def is_complex(self) -> bool:
        return any(factor.is_complex for factor in self.factors)

    @property
    def permuted(self) -> bool:
        return all(factor.permuted for factor in self.factors)

    @property
    def unitary(self) -> bool:
        return all(factor.unitary for factor in self.factors)

    @property
    def self_adjoint(self) -> bool:
        return all(factor.self_adjoint for factor in self.factors)

    @property
    def affine(self) -> bool:
        return any(factor.affine for factor in self.factors)

    def image(self, element: Element) -> Image:
        images = [factor.image(element) for factor in self.factors]
        monomials = [image for image in images if isinstance(image, Monomial)]
        if len(monomials) == len(images):
            return reduce(Monomial.kron, monomials, Monomial.identity(1))
        return kronecker([dense(image) for image in images])

    def lie_image(self, generator: Generator) -> Array | None:
        result: Array | None = None
        before = 1
        for factor in self.factors:
            image, dim = factor.lie_image(generator), sz.number(factor.dim)
            if result is not None:
                result = np.kron(result, np.eye(dim))
            if image is not None:
                own = np.kron(np.eye(before), image)
                result = own if result is None else result + own
            before *= dim
        return result

    def translation(self, element: Element) -> Array | None:
        """Every copy of a point is moved alike: what stands beside points is permuted."""
        moved = [factor.translation(element) for factor in self.factors]
        if all(one is None for one in moved):
            return None
        dims = [sz.number(factor.dim) for factor in self.factors]
        return kronecker([np.ones(dim) if one is None else one for dim, one in zip(dims, moved, strict=True)])

    def dual(self) -> Tensor:
        return Tensor(tuple(factor.dual() for factor in self.factors))

    def conj(self) -> Tensor:
        return Tensor(tuple(factor.conj() for factor in self.factors))

    def __str__(self) -> str:
        return name_of(self) or "*".join(map(bracketed, self.factors)) or "1"


def bracketed(rep: Rep) -> str:
    """The text of a representation as one factor among others."""
    return f"({rep})" if isinstance(rep, Sum | Tensor) and name_of(rep) is None else str(rep)


def distinct_groups(reps: tuple[Rep, ...]) -> tuple[Group, ...]:
    """The groups of several representations, each once."""
    return tuple(dict.fromkeys(group for rep in reps for group in rep.groups))


def block_diagonal(blocks: list[Array]) -> Array:
    """One square matrix after another."""
    size = sum(map(len, blocks))
    result = np.zeros((size, size), dtype=np.result_type(np.float64, *blocks))
    start = 0
    for block in blocks:
        result[start : start + len(block), start : start + len(block)] = block
        start += len(block)
    return result


def kronecker(factors: list[Array]) -> Array:
    """The Kronecker product of matrices, or of vectors."""
    result: Array = np.ones((1,) * (factors[0].ndim if factors else 2))
    for factor in factors:
        result = np.asarray(np.kron(result, factor))
    return result


def turning(group: Group) -> Atom:
    """The law of a group, without the translations where it has any: what acts on everything but points."""
    return group.law.linear.law if isinstance(group.law, Semidirect) else group.law


def turned(group: Group, form: Form) -> Form:
    """The part of an element that `turning` knows."""
    return form[1] if isinstance(group.law, Semidirect) else form


def turning_index(group: Group, index: int) -> int | None:
    """The index there of a Lie algebra generator; None for a translation."""
    if not isinstance(group.law, Semidirect):
        return index
    translations = sz.number(group.law.n) if group.law.continuous else 0
    return index - translations if index >= translations else None


__all__ = ["Image", "Leaf", "Rep", "Sum", "Tensor", "Trivial", "block_diagonal", "bracketed", "turned", "turning", "turning_index"]
