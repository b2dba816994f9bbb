"""The cosets x H of a subgroup of finite index, and how elements move them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from symc.algebra import groups as g
from symc.algebra import sizes as sz
from symc.algebra.enumeration import enumerate_group
from symc.algebra.errors import AlgebraError, GroupTooLarge
from symc.algebra.groups import Atom, Form, Ints
from symc.algebra.groups.subgroup import OnPoints, Subgroup
from symc.algebra.schreier_sims import stabilizer_chain

Label: TypeAlias = Callable[[Form], bytes]  # equal for elements of one coset
Retract: TypeAlias = Callable[[Form], Form]  # an element of the group that is in the subgroup, in the form of that
MOST = 20_000  # cosets


@dataclass(frozen=True, eq=False)
class Cosets:
    """The first elements t_0 = 1, t_1, ... that were met of every coset."""

    group: Atom
    first: list[Form]
    position: dict[bytes, int]
    label: Label
    retract: Retract

    def action(self, form: Form) -> Ints:
        """Shape (index,): the coset to which each goes."""
        return np.array([self.position[self.label(self.group.product(form, t))] for t in self.first], dtype=np.intp)

    def carry(self, form: Form, i: int) -> tuple[int, Form]:
        """(j, h) with form * t_i = t_j h, h in the form of the subgroup."""
        moved = self.group.product(form, self.first[i])
        j = self.position[self.label(moved)]
        return j, self.retract(self.group.product(self.group.inverse(self.first[j]), moved))


def coset_table(group: Atom, subgroup: Subgroup) -> Cosets:
    """Breadth first over the generators. Raises AlgebraError where the index is not known to be finite, or is large."""
    label, retract = _ways(group, subgroup)
    first, letters = [group.identity()], [group.generator(index) for index in range(group.discrete)]
    position = {label(first[0]): 0}
    for t in first:  # grows while it is walked
        for letter in letters:
            moved = group.product(letter, t)
            key = label(moved)
            if key not in position:
                position[key] = len(first)
                first.append(moved)
        if len(first) > MOST:
            raise GroupTooLarge(f"{subgroup} has more than {MOST} cosets", "take a larger subgroup")
    return Cosets(group, first, position, label, retract)


def _ways(group: Atom, subgroup: Subgroup) -> tuple[Label, Retract]:
    """How cosets are told apart, by what the group is."""
    inner = subgroup.law
    if isinstance(inner, g.Permutations) and isinstance(subgroup.embedding, OnPoints) and isinstance(group, g.Permuting):
        moves = [group.permutation(subgroup.embedded(inner.generator(index))) for index in range(inner.discrete)]
        chain = stabilizer_chain(sz.number(group.points), moves)
        return lambda form: chain.canonical_coset(group.permutation(form)).tobytes(), lambda form: group.permutation(form)[: inner.degree]
    if sz.number(group.lie) == sz.number(inner.lie) > 0:
        return _connected(group, subgroup)
    try:
        return _listed(group, subgroup)
    except GroupTooLarge as error:
        raise GroupTooLarge(f"the cosets of {subgroup} cannot be listed: {error.message}", error.help) from error


def _listed(group: Atom, subgroup: Subgroup) -> tuple[Label, Retract]:
    """Both groups finite and listed: a coset is named by the least of its elements."""
    listed, inner = enumerate_group(group), enumerate_group(subgroup.law)
    own = [subgroup.embedded(form) for form in inner.elements]
    back = {listed.index(form): index for index, form in enumerate(own)}
    names = np.full(listed.order, -1, dtype=np.intp)
    for index, element in enumerate(listed.elements):
        if names[index] < 0:
            names[[listed.index(group.product(element, form)) for form in own]] = index
    return lambda form: int(names[listed.index(form)]).to_bytes(8, "little"), lambda form: inner.elements[back[listed.index(form)]]


def _connected(group: Atom, subgroup: Subgroup) -> tuple[Label, Retract]:
    """Lie groups of one dimension: the subgroup is the whole, or the part of determinant 1."""
    outer, inner = (law.linear.law if isinstance(law, g.Semidirect) else law for law in (group, subgroup.law))
    special = (isinstance(outer, g.Orthogonal) and isinstance(inner, g.SpecialOrthogonal)) or (
        isinstance(outer, g.Indefinite) and isinstance(inner, g.Indefinite) and inner.special and not outer.special
    )
    if not special and outer != inner:
        raise AlgebraError(f"the cosets of {subgroup} are not known", "use a finite group, or SO(n) in O(n)")

    def label(form: Form) -> bytes:
        turned = form[1] if isinstance(group, g.Semidirect) else form
        return bytes([special and isinstance(outer, g.Linear) and outer.sign(turned) < 0])

    return label, lambda form: form
