"""Representations across subgroups: restricted to one, induced from one, and the cosets of one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from symc.algebra import cosets
from symc.algebra import sizes as sz
from symc.algebra.generators import Generator
from symc.algebra.groups import Array, Form, Group, Ints, Linear
from symc.algebra.groups.subgroup import coordinates, subgroup_of
from symc.algebra.monomial import Monomial, dense
from symc.algebra.names import name_of
from symc.algebra.reps.base import Image, block_diagonal, turned, turning, turning_index
from symc.algebra.reps.permuting import Permuted
from symc.algebra.reps.transferred import Transferred
from symc.algebra.sizes import Size


@dataclass(frozen=True, slots=True)
class Cosets(Permuted):
    """cosets(G, H): a group acting from the left on the cosets x H of a subgroup of finite index, in the order in which they are met.

    Coset 0 is H.
    """

    subgroup: Group
    count: int

    @property
    def dim(self) -> Size:
        return self.count

    def mapped(self, group: Callable[[Group], Group], size: Callable[[Size], Size]) -> Cosets:
        return replace(self, group=group(self.group), subgroup=group(self.subgroup))

    def images(self, form: Form) -> Ints:
        return table(self.group, self.subgroup).action(form)

    def __str__(self) -> str:
        return name_of(self) or f"cosets({self.group}, {self.subgroup})"


@dataclass(frozen=True, slots=True)
class Restricted(Transferred):
    """A leg of the larger group under a subgroup, which is the group of this leaf."""

    @property
    def self_adjoint(self) -> bool:
        return self.unitary  # else g* may lie outside the subgroup

    def of(self, form: Form) -> Image:
        from symc.algebra.elements import Element

        subgroup = subgroup_of(self.group)
        assert subgroup is not None
        return self.rep.image(Element({subgroup.parent: subgroup.embedded(form)}))

    def lie_of(self, index: int) -> Array | None:
        subgroup = subgroup_of(self.group)
        assert subgroup is not None
        result: Array | None = None
        for parent_index, weight in enumerate(subgroup.tangent(index)):
            image = self.rep.lie_image(Generator(subgroup.parent, parent_index, lie=True)) if weight else None
            if image is not None:
                result = weight * image if result is None else result + weight * image
        return result

    def __str__(self) -> str:
        return name_of(self) or f"restrict({self.rep}, {self.group})"


@dataclass(frozen=True, slots=True)
class Induced(Transferred):
    """A representation of a subgroup of finite index, induced: one copy for every coset, coset by coset.

    With t_i the first element met of coset i, g takes copy i to copy j by rho(h), where g t_i = t_j h.
    """

    subgroup: Group
    count: int

    @property
    def dim(self) -> Size:
        return sz.product((self.count, self.rep.dim))

    @property
    def self_adjoint(self) -> bool:
        return self.unitary  # else g* may lie outside the subgroup

    def mapped(self, group: Callable[[Group], Group], size: Callable[[Size], Size]) -> Induced:
        return replace(self, group=group(self.group), rep=self.rep.mapped(group, size), subgroup=group(self.subgroup))

    def of(self, form: Form) -> Image:
        from symc.algebra.elements import Element

        found = table(self.group, self.subgroup)
        moved = found.carry(form)
        blocks = [self.rep.image(Element({self.subgroup: h})) for _, h in moved]
        return placed([j for j, _ in moved], blocks, sz.number(self.rep.dim))

    def lie_of(self, index: int) -> Array | None:
        """On copy i, the generator turned back by t_i."""
        law, inner, place = turning(self.group), turning(self.subgroup), turning_index(self.group, index)
        if place is None:  # a translation
            return None
        if not isinstance(law, Linear) or not isinstance(inner, Linear):
            raise TypeError(f"the Lie algebra of {self.group} is not turned by its elements here")
        translations = sz.number(self.subgroup.lie) - sz.number(inner.lie)
        blocks = []
        for t in table(self.group, self.subgroup).first:
            matrix = law.matrix(turned(self.group, t))
            back = np.linalg.solve(matrix, law.lie_generator(place) @ matrix)
            image: Array = np.zeros((sz.number(self.rep.dim),) * 2)
            for inner_index, weight in enumerate(coordinates(inner, back), start=translations):
                own = self.rep.lie_image(Generator(self.subgroup, inner_index, lie=True)) if weight else None
                image = image if own is None else image + weight * own
            blocks.append(image)
        return block_diagonal(blocks)

    def __str__(self) -> str:
        return name_of(self) or f"induce({self.rep}, {self.group})"


def placed(goals: list[int], blocks: list[Image], size: int) -> Image:
    """The matrix whose block (goals[i], i) is blocks[i]."""
    monomials = [block for block in blocks if isinstance(block, Monomial)]
    if len(monomials) == len(blocks):
        image = [block.image + goal * size for goal, block in zip(goals, monomials, strict=True)]
        return Monomial(np.concatenate([*image, np.zeros(0, np.intp)]), np.concatenate([*(block.sign for block in monomials), np.zeros(0, np.int8)]))
    matrices = [dense(block) for block in blocks]
    result = np.zeros((len(blocks) * size,) * 2, dtype=np.result_type(np.float64, *matrices))
    for i, (goal, block) in enumerate(zip(goals, matrices, strict=True)):
        result[goal * size : (goal + 1) * size, i * size : (i + 1) * size] = block
    return result


@lru_cache(maxsize=32)
def table(group: Group, subgroup: Group) -> cosets.Cosets:
    """The cosets of a subgroup, found once."""
    found = subgroup_of(subgroup)
    assert found is not None
    return cosets.coset_table(group.law, found)
