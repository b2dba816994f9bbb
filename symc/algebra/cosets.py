"""The cosets x H of a subgroup of finite index, and how elements move them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from symc.algebra import groups as g
from symc.algebra import sizes as sz
from symc.algebra.enumeration import enumerate_group, group_order
from symc.algebra.errors import AlgebraError, GroupTooLarge
from symc.algebra.groups import Atom, Form, Ints
from symc.algebra.groups.subgroup import OnPoints, Subgroup, from_points
from symc.algebra.groups.symmetric import ImageArrays
from symc.algebra.schreier_sims import stabilizer_chain

Labels: TypeAlias = Callable[[Sequence[Form]], list[bytes]]  # of elements, equal for those of one coset
Retract: TypeAlias = Callable[[Form], Form]  # an element of the group that is in the subgroup, in the form of that
MOST = 20_000  # cosets
CHUNK = 2**20  # entries of permutations that are labelled together


@dataclass(frozen=True, eq=False)
class Cosets:
    """The first elements t_0 = 1, t_1, ... that were met of every coset."""

    group: Atom
    first: list[Form]
    position: dict[bytes, int]
    labels: Labels
    retract: Retract
    known: dict[bytes, Ints]  # what the generators do

    def action(self, form: Form) -> Ints:
        """Shape (index,): the coset to which each goes."""
        known = self.known.get(self.group.key(form))
        return np.array(self._goals(self._moved(form)), dtype=np.intp) if known is None else known

    def carry(self, form: Form) -> list[tuple[int, Form]]:
        """For every i, the (j, h) with form * t_i = t_j h, h in the form of the subgroup."""
        moved = self._moved(form)
        return [
            (j, self.retract(self.group.product(self.group.inverse(self.first[j]), one))) for j, one in zip(self._goals(moved), moved, strict=True)
        ]

    def _moved(self, form: Form) -> list[Form]:
        return [self.group.product(form, t) for t in self.first]

    def _goals(self, moved: list[Form]) -> list[int]:
        return [self.position[label] for label in self.labels(moved)]


def coset_table(group: Atom, subgroup: Subgroup) -> Cosets:
    """Breadth first over the generators. Raises AlgebraError where the index is not known to be finite, or is large."""
    labels, retract = _ways(group, subgroup)
    first, letters = [group.identity()], [group.generator(index) for index in range(group.discrete)]
    position = {labels(first)[0]: 0}
    goals: list[int] = []
    done = 0
    while done < len(first):
        moved = [group.product(letter, t) for t in first[done:] for letter in letters]
        done = len(first)
        for form, label in zip(moved, labels(moved), strict=True):
            if label not in position:
                position[label] = len(first)
                first.append(form)
            goals.append(position[label])
        if len(first) > MOST:
            _refuse(subgroup)
    known = dict(zip(map(group.key, letters), np.array(goals, dtype=np.intp).reshape(len(first), len(letters)).T, strict=True))
    return Cosets(group, first, position, labels, retract, known)


def _refuse(subgroup: Subgroup) -> None:
    raise GroupTooLarge(f"{subgroup} has more than {MOST} cosets", "take a larger subgroup")


def _ways(group: Atom, subgroup: Subgroup) -> tuple[Labels, Retract]:
    """How cosets are told apart, by what the group is."""
    inner = subgroup.law
    if isinstance(subgroup.embedding, OnPoints) and isinstance(group, g.Permuting) and isinstance(inner, ImageArrays | g.Cyclic | g.Dihedral):
        return _on_points(group, subgroup, inner)
    if sz.number(group.lie) == sz.number(inner.lie) > 0:
        return _connected(group, subgroup)
    try:
        return _listed(group, subgroup)
    except GroupTooLarge as error:
        raise GroupTooLarge(f"the cosets of {subgroup} cannot be listed: {error.message}", error.help) from error


def _on_points(group: g.Permuting, subgroup: Subgroup, inner: g.Permuting) -> tuple[Labels, Retract]:
    """Groups of permutations of any size: a coset is named by its canonical element, which a stabilizer chain of the subgroup finds."""
    degree, own = sz.number(group.points), sz.number(inner.points)
    chain = stabilizer_chain(degree, [group.permutation(subgroup.embedded(inner.generator(index))) for index in range(inner.discrete)])
    order = group_order(group)
    if order is not None and order > MOST * chain.order:
        _refuse(subgroup)
    size = max(1, CHUNK // max(degree, 1))

    def labels(forms: Sequence[Form]) -> list[bytes]:
        found: list[bytes] = []
        for start in range(0, len(forms), size):
            rows = np.array([group.permutation(form) for form in forms[start : start + size]])
            found += [row.tobytes() for row in chain.canonical_coset(rows)]
        return found

    return labels, lambda form: from_points(inner, group.permutation(form)[:own])


def _listed(group: Atom, subgroup: Subgroup) -> tuple[Labels, Retract]:
    """Both groups finite and listed: a coset is named by the least of its elements."""
    listed, inner = enumerate_group(group), enumerate_group(subgroup.law)
    own = [subgroup.embedded(form) for form in inner.elements]
    back = {listed.index(form): index for index, form in enumerate(own)}
    names = np.full(listed.order, -1, dtype=np.intp)
    for index, element in enumerate(listed.elements):
        if names[index] < 0:
            names[[listed.index(group.product(element, form)) for form in own]] = index

    def labels(forms: Sequence[Form]) -> list[bytes]:
        return [int(names[listed.index(form)]).to_bytes(8, "little") for form in forms]

    return labels, lambda form: inner.elements[back[listed.index(form)]]


def _connected(group: Atom, subgroup: Subgroup) -> tuple[Labels, Retract]:
    """Lie groups of equal dimension: the subgroup is the whole, or the part of determinant 1."""
    outer, inner = (law.linear.law if isinstance(law, g.Semidirect) else law for law in (group, subgroup.law))
    special = (isinstance(outer, g.Orthogonal) and isinstance(inner, g.SpecialOrthogonal)) or (
        isinstance(outer, g.Indefinite) and isinstance(inner, g.Indefinite) and inner.special and not outer.special
    )
    if not special and outer != inner:
        raise AlgebraError(f"the cosets of {subgroup} are not known", "use a finite group, or SO(n) in O(n)")

    def label(form: Form) -> bytes:
        turned = form[1] if isinstance(group, g.Semidirect) else form
        return bytes([special and isinstance(outer, g.Linear) and outer.sign(turned) < 0])

    return lambda forms: [label(form) for form in forms], lambda form: form
