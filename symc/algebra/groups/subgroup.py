"""Subgroups: a group of its own, and how its elements stand in the larger one."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, replace

import numpy as np

from symc.algebra import sizes as sz
from symc.algebra.groups.affine import Semidirect
from symc.algebra.groups.base import Array, Atom, Form, Group, Ints, Linear, Named, Permuting
from symc.algebra.groups.classical import Lie
from symc.algebra.groups.matrices import Matrices
from symc.algebra.groups.polygons import Cyclic, Dihedral
from symc.algebra.groups.reductive import WithInverse
from symc.algebra.groups.symmetric import ImageArrays
from symc.algebra.groups.wreath import Wreath
from symc.algebra.sizes import Size


class Embedding(ABC):
    """How the elements of one group are elements of another."""

    __slots__ = ()

    @abstractmethod
    def form(self, parent: Group, inner: Group, form: Form) -> Form:
        """An element of the inner group as one of its parent."""

    def tangent(self, parent: Group, inner: Group, index: int) -> Array:
        """Shape (parent.lie,): a generator of the inner Lie algebra in those of the parent."""
        raise TypeError(f"{inner} has no Lie algebra")


@dataclass(frozen=True, slots=True)
class Subgroup(Group):
    """A subgroup of `parent` that is `inner` by itself: its representations are those of `inner`, and restrictions of the parent's."""

    parent: Group
    inner: Group
    embedding: Embedding

    @property
    def discrete(self) -> int:
        return self.inner.discrete

    @property
    def lie(self) -> Size:
        return self.inner.lie

    @property
    def order(self) -> Size | None:
        return self.inner.order

    @property
    def definition(self) -> Group:
        return self.inner.definition

    @property
    def law(self) -> Atom:
        return self.inner.law

    def embedded(self, form: Form) -> Form:
        """The element in the parent's form."""
        return self.embedding.form(self.parent, self.inner, form)

    def tangent(self, index: int) -> Array:
        """Shape (parent.lie,): a generator of the Lie algebra in those of the parent."""
        return self.embedding.tangent(self.parent, self.inner, index)

    def __str__(self) -> str:
        return f"subgroup({self.parent}, {self.inner})"


@dataclass(frozen=True, slots=True)
class OnPoints(Embedding):
    """A group that permutes fewer points, moving the first of them."""

    def form(self, parent: Group, inner: Group, form: Form) -> Form:
        law, own = parent.law, inner.law
        assert isinstance(law, Permuting)
        assert isinstance(own, Permuting)
        moved = own.permutation(form)
        images = np.concatenate([moved, np.arange(len(moved), sz.number(law.points))])
        return from_points(law, images)


@dataclass(frozen=True, slots=True)
class OnBlocks(Embedding):
    """A group that permutes the points of all blocks of a wreath product, block after block."""

    def form(self, parent: Group, inner: Group, form: Form) -> Form:
        law, own = parent.law, inner.law
        assert isinstance(law, Wreath)
        assert isinstance(own, Permuting)
        assert isinstance(law.inner.law, Permuting)
        parts = split_blocks(law, own.permutation(form))
        assert parts is not None
        return tuple((from_points(law.inner.law, part),) for part in parts[0]), parts[1]


@dataclass(frozen=True, slots=True)
class OnAxes(Embedding):
    """A group of smaller matrices, acting on consecutive coordinates from `start`; `determinant`: the last coordinate is multiplied by theirs."""

    start: int = 0
    determinant: bool = False

    def form(self, parent: Group, inner: Group, form: Form) -> Form:
        law = parent.law
        assert isinstance(law, Linear)
        return from_matrix(law, self._matrix(law, defining(inner.law, form)))

    def _matrix(self, law: Linear, block: Array) -> Array:
        result = np.eye(sz.number(law.degree), dtype=np.complex128 if law.is_complex else block.dtype)
        stop = self.start + len(block)
        result[self.start : stop, self.start : stop] = block
        if self.determinant:
            result[-1, -1] = np.rint(np.linalg.det(block))
        return result

    def tangent(self, parent: Group, inner: Group, index: int) -> Array:
        law, own = parent.law, inner.law
        assert isinstance(law, Linear)
        assert isinstance(own, Linear)
        block = own.lie_generator(index)
        whole = np.zeros((sz.number(law.degree),) * 2, dtype=np.result_type(block, np.float64))
        whole[self.start : self.start + len(block), self.start : self.start + len(block)] = block
        return coordinates(law, whole)


@dataclass(frozen=True, slots=True)
class OfPolygon(Embedding):
    """C(k) or D(k) in C(n) or D(n), k a divisor of n."""

    def form(self, parent: Group, inner: Group, form: Form) -> Form:
        law, own = parent.law, inner.law
        assert isinstance(law, Cyclic | Dihedral)
        assert isinstance(own, Cyclic | Dihedral)
        k = int(form[0]) * (sz.number(law.n) // sz.number(own.n))
        reflected = int(form[1]) if len(form) > 1 else 0
        return np.array([k, reflected] if isinstance(law, Dihedral) else [k])


@dataclass(frozen=True, slots=True)
class Neutral(Embedding):
    """The group of one element."""

    def form(self, parent: Group, inner: Group, form: Form) -> Form:
        return parent.law.identity()


@dataclass(frozen=True, slots=True)
class WithoutTranslations(Embedding):
    """The part of a group with translations that leaves the origin where it is, or a subgroup of that."""

    inside: Embedding | None = None

    def form(self, parent: Group, inner: Group, form: Form) -> Form:
        law = parent.law
        assert isinstance(law, Semidirect)
        return law.identity()[0], form if self.inside is None else self.inside.form(law.linear, inner, form)

    def tangent(self, parent: Group, inner: Group, index: int) -> Array:
        law = parent.law
        assert isinstance(law, Semidirect)
        result, translations = np.zeros(sz.number(law.lie)), sz.number(law.n) if law.continuous else 0
        if self.inside is None:
            result[translations + index] = 1
        else:
            result[translations:] = self.inside.tangent(law.linear, inner, index)
        return result


@dataclass(frozen=True, slots=True)
class WithTranslations(Embedding):
    """A group with the same translations and fewer turns."""

    inside: Embedding

    def form(self, parent: Group, inner: Group, form: Form) -> Form:
        law, own = parent.law, inner.law
        assert isinstance(law, Semidirect)
        assert isinstance(own, Semidirect)
        return form[0], self.inside.form(law.linear, own.linear, form[1])

    def tangent(self, parent: Group, inner: Group, index: int) -> Array:
        law, own = parent.law, inner.law
        assert isinstance(law, Semidirect)
        assert isinstance(own, Semidirect)
        n, result = sz.number(law.n), np.zeros(sz.number(law.lie))
        if index < n:
            result[index] = 1
        else:
            result[n:] = self.inside.tangent(law.linear, own.linear, index - n)
        return result


def subgroup_of(group: Group) -> Subgroup | None:
    """The subgroup behind a name."""
    while isinstance(group, Named):
        group = group.group
    return group if isinstance(group, Subgroup) else None


def over(group: Group) -> tuple[Group, ...]:
    """The group that it is a subgroup of, the one which that is a subgroup of, and so on."""
    found = subgroup_of(group)
    return () if found is None else (found.parent, *over(found.parent))


def quotient(group: Group) -> Group:
    """The group without its translations, under the same name: what acts on everything but points. A subgroup stays one, of its parent's quotient."""
    definition, found = group.definition, subgroup_of(group)
    if not isinstance(definition, Semidirect):
        return group
    left = definition.linear.definition
    if found is not None and isinstance(found.embedding, WithTranslations):
        left = Subgroup(quotient(found.parent), left, found.embedding.inside)
    return replace(group, group=left) if isinstance(group, Named) else Named(str(group), left, "without translations")


def permutes_blocks(law: Wreath) -> bool:
    """Does it permute points, by which its elements are told apart?"""
    own = law.inner.law if len(law.inner.atoms) == 1 else None
    return not law.free and (isinstance(own, ImageArrays | Cyclic) or (isinstance(own, Dihedral) and sz.number(own.n) > 2))


def split_blocks(law: Wreath, images: Ints) -> tuple[list[Ints], Ints] | None:
    """Of a permutation of the points of all blocks, what it does inside each, and to the blocks; None where it tears one apart."""
    n = sz.number(law.n)
    rows = images.reshape(n, -1)
    k = rows.shape[1]
    blocks = rows[:, 0] // k
    if not np.array_equal(rows // k, np.repeat(blocks[:, None], k, axis=1)):
        return None
    back = np.argsort(blocks)  # what acts inside block j comes from the one that was taken there
    return [rows[b] % k for b in back], blocks


def from_points(law: Permuting, images: Ints) -> Form:
    """The element that moves the points so, of a group whose elements can be told from that."""
    match law:
        case ImageArrays():
            return images
        case Cyclic():
            return np.array([int(images[0])])
        case Dihedral(n):
            k = int(images[0])
            reflected = sz.number(n) > 2 and int(images[1]) == (k - 1) % sz.number(n)
            return np.array([k, int(reflected)])
        case _:
            raise TypeError(f"elements of {law} are not told apart by the points they move")


def from_matrix(law: Linear, matrix: Array) -> Form:
    """The element with this matrix."""
    match law:
        case WithInverse() | Matrices():
            unitary = np.abs(matrix @ matrix.conj().T - np.eye(len(matrix))).max() <= 1e-12
            return np.stack([matrix, matrix.conj().T if unitary else np.linalg.inv(matrix)])
        case Lie():
            return matrix
        case _:
            raise TypeError(f"{law} is not given by matrices")


def defining(law: Atom, form: Form) -> Array:
    """The defining matrix of an element; that of a permutation where the group is one of permutations."""
    if isinstance(law, Linear):
        return law.matrix(form)
    assert isinstance(law, Permuting)
    images = law.permutation(form)
    result = np.zeros((len(images),) * 2)
    result[images, np.arange(len(images))] = 1
    return result


def coordinates(law: Linear, matrix: Array) -> Array:
    """A matrix of the Lie algebra in its generators, shape (law.lie,)."""
    basis = np.stack([law.lie_generator(index).ravel() for index in range(sz.number(law.lie))], axis=1)
    stacked, flat = np.concatenate([basis.real, basis.imag]), np.concatenate([matrix.real.ravel(), matrix.imag.ravel()])
    result = np.linalg.lstsq(stacked, flat, rcond=None)[0]
    return np.asarray(np.round(result, 12) + 0.0)
