"""Constructors that take a whole type and keep its axes: dual, conj, complex, real, restrict."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import TypeAlias

from symc.algebra import reps
from symc.algebra import sizes as sz
from symc.algebra.errors import AlgebraError
from symc.algebra.groups import Group, Semidirect, over
from symc.algebra.reps import Rep

Axes: TypeAlias = Sequence[Rep]


def dual(axes: Axes) -> tuple[Rep, ...]:
    """The contragredient of every axis; orthogonal representations are their own."""
    _linear(axes, "dual")
    return tuple(rep.dual() for rep in axes)


def conj(axes: Axes) -> tuple[Rep, ...]:
    """The complex conjugate of every axis."""
    return tuple(rep.conj() for rep in axes)


def complexified(axes: Axes) -> tuple[Rep, ...]:
    """The same matrices on complex coordinates: the first axis is made complex, unless some axis is."""
    _linear(axes, "complex")
    if any(rep.is_complex for rep in axes):
        return tuple(axes)
    return (_complexified(axes[0]), *axes[1:]) if axes else (reps.Complexified(reps.Trivial(1)),)


def realified(axes: Axes) -> tuple[Rep, ...]:
    """The complex axis on real coordinates (Re z_0, Im z_0, Re z_1, ...), other axes as they are; raises AlgebraError where several are complex."""
    places = [place for place, rep in enumerate(axes) if rep.is_complex]
    if len(places) > 1:
        shown = "*".join(map(reps.bracketed, axes))
        raise AlgebraError(f"real({shown}): several axes are complex, and their product over C is no product of real axes", f"write real(({shown}))")
    return tuple(_realified(rep) if rep.is_complex else rep for rep in axes)


def restrict(axes: Axes, subgroup: Group) -> tuple[Rep, ...]:
    """The same coordinates under a subgroup of one of the groups; what the others do stays. To a subgroup of a subgroup it goes in stages.

    What nothing acts on stays as it is.
    """
    shown = f"restrict({'*'.join(map(reps.bracketed, axes))}, {subgroup})"
    above = over(subgroup)
    if not above:
        raise AlgebraError(f"{shown}: {subgroup} is no subgroup of another group", "declare it: group H = subgroup(G, ...)")
    acting = {group for rep in axes for group in rep.groups}
    if not acting:
        return tuple(axes)
    if not acting.intersection(above):
        which = f"{' and '.join(map(str, above))}, which {'does' if len(above) == 1 else 'do'} not act here"
        raise AlgebraError(f"{shown}: {subgroup} is a subgroup of {which}")
    chain = (subgroup, *above[: 1 + next(place for place, group in enumerate(above) if group in acting)])
    for rep in axes:
        _check_restricted(rep, subgroup, chain[-1], shown)
    result = tuple(axes)
    for upper, lower in itertools.pairwise(reversed(chain)):
        result = tuple(_restricted(rep, lower, upper) for rep in result)
    return result


def _complexified(rep: Rep) -> Rep:
    match rep:
        case reps.Sum(terms):
            return reps.Sum(tuple(map(_complexified, terms)))
        case _ if rep.is_complex:
            return rep
        case reps.Tensor(factors):
            return reps.Tensor((_complexified(factors[0]), *factors[1:])) if factors else reps.Complexified(rep)
        case _:
            return reps.Complexified(rep)


def _realified(rep: Rep) -> Rep:
    """An axis whose numbers are complex, Re and Im of each side by side: the last factor of a product takes them, if it alone is complex.

    In a complex sum the coordinates of a real term are complex too.
    """
    match rep:
        case reps.Sum(terms):
            return reps.Sum(tuple(_realified(term) if term.is_complex else _doubled(term) for term in terms))
        case reps.Tensor((*first, last)) if last.is_complex and not any(factor.is_complex for factor in first):
            return reps.Tensor((*first, _realified(last)))
        case reps.Complexified(inner):
            return _doubled(inner)
        case _:
            return reps.Realified(rep)


def _doubled(rep: Rep) -> Rep:
    """A real representation on the real and the imaginary parts of complex coordinates, as one axis."""
    return reps.Trivial(sz.product((rep.k, 2))) if isinstance(rep, reps.Trivial) else reps.Tensor((reps.Tensor((rep, reps.Trivial(2))),))


def _restricted(rep: Rep, subgroup: Group, parent: Group) -> Rep:
    match rep:
        case reps.Sum(terms):
            return reps.Sum(tuple(_restricted(term, subgroup, parent) for term in terms))
        case reps.Tensor(factors):
            return reps.Tensor(tuple(_restricted(factor, subgroup, parent) for factor in factors))
        case _:
            return reps.Restricted(subgroup, rep) if parent in rep.groups else rep


def _check_restricted(rep: Rep, subgroup: Group, parent: Group, shown: str) -> None:
    """Only linear representations of the parent alone are restricted, and sums and products of these with others."""
    if isinstance(rep, reps.Sum | reps.Tensor):
        for part in rep.terms if isinstance(rep, reps.Sum) else rep.factors:
            _check_restricted(part, subgroup, parent, shown)
    elif parent in rep.groups and rep.affine:
        law = subgroup.law
        way = f"point({subgroup})" if isinstance(law, Semidirect) and law.continuous else f"restrict(vector({parent}), {subgroup})"
        raise AlgebraError(f"{shown}: points are not restricted", f"write {way}, by which {subgroup} moves them")
    elif parent in rep.groups and rep.groups != (parent,):
        others = ", ".join(str(group) for group in rep.groups if group != parent)
        raise AlgebraError(f"{shown}: {rep} is one of {others} too, not of {parent} alone", "restrict what it is made of")


def _linear(axes: Axes, word: str) -> None:
    for rep in axes:
        if rep.affine:
            raise AlgebraError(f"{word}({rep}): points have no {word}", "take a difference of points, a vector")
