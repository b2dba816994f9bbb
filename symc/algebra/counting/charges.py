"""Charges: how the scalar matrices of a group act on legs. Only what they leave alone has invariants, however large the group."""

from __future__ import annotations

from collections.abc import Iterable
from math import gcd

from symc.algebra import groups as g
from symc.algebra import sizes as sz
from symc.algebra.reps import (
    Complexified,
    Conj,
    Det,
    Dual,
    Irrep,
    Phase,
    Power,
    Realified,
    Rep,
    Rotation,
    Sign,
    Spin,
    Tensor,
    Traceless,
    Trivial,
    Turning,
    Vector,
    turning,
    walk,
)


def charged(legs: Iterable[Rep]) -> bool:
    """Is some scalar matrix known to multiply a tensor product of legs of one group by something else than 1?"""
    known = [charge(leg) for leg in legs if not isinstance(leg, Trivial)]
    found = [one for one in known if one is not None]
    return len(found) == len(known) and not neutral(sum(degree for degree, _ in found), gcd(*(modulus for _, modulus in found)))


def neutral(degree: int, modulus: int) -> bool:
    """Is z^degree = 1 for all z with z^modulus = 1, or of modulus 0 for all z?"""
    return degree == 0 if modulus == 0 else degree % modulus == 0


def charge(leg: Rep) -> tuple[int, int] | None:
    """(degree, m): the scalar matrices z of the group, at least those with z^m = 1 (m = 0: all), act by z^degree. None where that is not known."""
    if len(leg.groups) != 1 or leg.free:
        return None
    modulus = _scalars(turning(leg.groups[0]))
    degree = None if modulus is None else _degree(leg)
    if modulus is None or degree is None:
        return None
    return degree, gcd(modulus, 2) if _has_both_signs(leg) else modulus


def _scalars(law: g.Group) -> int | None:
    """m, where the z with z^m = 1 are scalar matrices of the group; 0 for all z of absolute value 1, or all reals."""
    match law:
        case g.Orthogonal() | g.Symplectic() | g.Indefinite(_, _, 0, False):
            return 2
        case g.SpecialOrthogonal() | g.SpecialLinear() | g.Indefinite(_, _, 0, True):
            return gcd(sz.number(law.degree), 2)
        case g.Unitary() | g.GeneralLinear():
            return 0
        case g.SpecialUnitary(n):
            return sz.number(n)
        case _:
            return None


def _degree(leg: Rep) -> int | None:
    match leg:
        case Vector():
            return 1
        case Power(inner, k) | Traceless(inner, k):
            return _times(k, _degree(inner))
        case Det(inner):
            return _times(sz.number(inner.dim), _degree(inner))
        case Dual(inner):
            return _times(-1, _degree(inner))
        case Conj(inner) if inner.unitary:
            return _times(-1, _degree(inner))
        case Complexified(inner) | Realified(inner):
            return _degree(inner)
        case Tensor(factors):
            degrees = [_degree(factor) for factor in factors]
            return None if None in degrees else sum(degree for degree in degrees if degree is not None)
        case Sign(group):
            law = turning(group)
            return sz.number(law.degree) if isinstance(law, g.Linear) else None
        case Irrep():
            return _of_label(leg)
        case Trivial():
            return 0
        case _:
            return None


def _of_label(leg: Irrep) -> int | None:
    match leg:
        case Rotation(_, _, odd):
            return int(odd)
        case Turning(_, k):
            return k
        case Spin(_, twice):
            return twice
        case Phase(_, k):
            return k
        case _:
            return None


def _times(k: int, degree: int | None) -> int | None:
    return None if degree is None else k * degree


def _has_both_signs(leg: Rep) -> bool:
    """Is something in it made real, where z and its conjugate act together, or the sign of a determinant? Then only z = -1 is known to act so."""
    return any(isinstance(part, Realified | Sign) for part in walk(leg))


__all__ = ["charge", "charged", "neutral"]
