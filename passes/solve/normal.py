"""Legs as the strategies meet them: without translations, and without what changes nothing about the maps."""

from __future__ import annotations

from dataclasses import replace

from symc.algebra.groups import Group, Semidirect, quotient, unsigned
from symc.algebra.reps import Complexified, Conj, Dual, Functor, Images, Induced, Inflated, Point, Rep, Restricted, Sign, Still, Sum, Tensor, Trivial
from symc.algebra.summands import Leg


def normal_form(leg: Leg) -> Leg:
    """The same linear action in the simplest words.

    Translations do nothing to all but points, and these are treated as vectors here: so the group is what turns them. What nothing moves is trivial;
    a dual or conjugate that is the same leg is left out.
    """
    leg = _without_translations(leg)
    if not leg.groups:
        return Trivial(leg.dim)
    match leg:
        case Sign(group) if unsigned(group):
            return Trivial(1)
        case Dual(inner) if inner.unitary and not inner.is_complex:
            return inner
        case Conj(inner) if not inner.is_complex:
            return inner
        case Complexified(inner):  # the maps over C of real representations are those over R, with complex weights
            return normal_form(inner)
        case _:
            return leg


def _without_translations(leg: Leg) -> Leg:
    if not any(map(_continuous, leg.groups)):  # those of a finite lattice move permutations of it
        return leg
    match leg:
        case Point(_, vector):
            return _without_translations(vector)
        case Inflated(group, rep):
            return _under(rep, group)
        case Images():
            return leg.without_translations()
        case Functor(rep):
            return replace(leg, rep=_without_translations(rep))
        case Restricted(group, rep):
            return Restricted(quotient(group), _without_translations(rep))
        case Induced(group, rep, subgroup, count):
            return Induced(quotient(group), _without_translations(rep), quotient(subgroup), count)
        case Sum(terms):
            return Sum(tuple(map(_without_translations, terms)))
        case Tensor(factors):
            return Tensor(tuple(map(_without_translations, factors)))
        case _:
            return leg.mapped(lambda group: quotient(group) if _continuous(group) else group, lambda size: size)


def _under(rep: Rep, group: Group) -> Rep:
    """A representation of what turns the translations, as one of the whole group's name."""
    turning, own = group.law.linear if isinstance(group.law, Semidirect) else group, quotient(group)
    if isinstance(rep, Trivial):
        return Still(own, rep.k)
    return rep.mapped(lambda other: own if other == turning else other, lambda size: size)


def _continuous(group: Group) -> bool:
    return isinstance(group.definition, Semidirect) and group.definition.continuous
