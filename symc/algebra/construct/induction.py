"""Representations induced from subgroups, and the cosets of these."""

from __future__ import annotations

import itertools

from symc.algebra import reps
from symc.algebra.construct.checked import factors
from symc.algebra.errors import AlgebraError
from symc.algebra.groups import Group, Product, over
from symc.algebra.reps import Rep
from symc.algebra.reps.subgroups import table


def induce(rep: Rep, group: Group, subgroup: Group | None = None) -> Rep:
    """A representation of a subgroup, induced to the group; the index must be finite. A subgroup of a subgroup is induced in stages.

    What nothing acts on does not say which subgroup it is of. It is the restriction of the same under the group, so that by the projection formula,
    Ind(Res U) = cosets * U, there is a copy of it for every coset.
    """
    shown = f"induce({', '.join(map(str, (rep, group) if subgroup is None else (rep, group, subgroup)))})"
    _of_one_group(group, subgroup or next(iter(rep.groups), None), "induce", shown)
    if rep.affine:
        raise AlgebraError(f"{shown}: points are not induced", "take a difference of points, a vector")
    if subgroup is None:
        subgroup = _owner(rep, group, shown)
    elif set(rep.groups) - {subgroup}:
        acting = ", ".join(map(str, rep.groups))
        raise AlgebraError(f"{shown}: {rep} is no representation of {subgroup}", f"name the group that acts on it, {acting}")
    if not rep.groups:
        one = cosets(group, subgroup)
        return one if rep == reps.Trivial(1) else reps.Tensor((one, *(rep.factors if isinstance(rep, reps.Tensor) else (rep,))))
    return _lifted(rep, _chain(group, subgroup, shown))


def cosets(group: Group, subgroup: Group) -> Rep:
    """A group permuting the cosets of a subgroup of finite index: the trivial representation of it, induced. In itself it has one."""
    shown = f"cosets({group}, {subgroup})"
    _of_one_group(group, subgroup, "cosets", shown)
    if subgroup == group:
        return reps.Trivial(1)
    chain = _chain(group, subgroup, shown)
    return _lifted(reps.Cosets(chain[1], subgroup, _index(chain[1], subgroup)), chain[1:])


def _of_one_group(group: Group, subgroup: Group | None, word: str, shown: str) -> None:
    """Raises AlgebraError for a direct product: subgroups are of its factors."""
    if isinstance(group, Product):
        names, first = factors(group)
        above = over(subgroup) if subgroup is not None else ()
        name = next((name for name, atom in zip(names, group.atoms, strict=True) if atom in above), names[0])
        message = f"{shown}: {group} is a direct product, and subgroups are of one group"
        arguments = f"..., {name}" if word == "induce" else f"{name}, {subgroup if above else '...'}"
        raise AlgebraError(message, f"{first}`{word}({arguments})`")


def _owner(rep: Rep, group: Group, shown: str) -> Group:
    """The subgroup of which it is a representation."""
    if not rep.groups:
        message = f"{shown}: nothing acts on {rep}, which does not say what subgroup it is of"
        raise AlgebraError(message, f"name it: induce({rep}, {group}, H)" + f", which is cosets({group}, H)" * (rep == reps.Trivial(1)))
    first = rep.groups[0]
    if len(rep.groups) > 1 or group not in over(first):
        raise AlgebraError(f"{shown}: {rep} is no representation of a subgroup of {group}", f"declare it: group H = subgroup({group}, ...)")
    return first


def _chain(group: Group, subgroup: Group, shown: str) -> tuple[Group, ...]:
    """The subgroup, what that was declared in, and so on up to the group."""
    above = over(subgroup)
    if group not in above:
        raise AlgebraError(f"{shown}: {subgroup} is no subgroup of {group}", f"declare it: group H = subgroup({group}, ...)")
    return (subgroup, *above[: above.index(group) + 1])


def _lifted(rep: Rep, chain: tuple[Group, ...]) -> Rep:
    """The representation of the first group of a chain, induced to each of the others in turn."""
    for lower, upper in itertools.pairwise(chain):
        rep = reps.Induced(upper, rep, lower, _index(upper, lower))
    return rep


def _index(group: Group, subgroup: Group) -> int:
    return len(table(group, subgroup).first)
