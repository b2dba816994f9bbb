"""Schur's lemma (1905): what theory knows to be irreducible has few maps, and nothing needs to be computed.

Between two labels that are not equivalent, and between legs that a scalar matrix multiplies by different numbers, there is no map but zero. From an
irreducible to itself there are the multiples of the identity, and where it is a complex one on real coordinates those of i.
"""

from __future__ import annotations

import numpy as np

from symc.algebra import groups as g
from symc.algebra import sizes as sz
from symc.algebra.counting.charges import charge, charged, neutral
from symc.algebra.groups import Group
from symc.algebra.hom import Certificate, Frames, Isotypic, IsotypicBlock
from symc.algebra.reps import Complexified, Conj, Dual, Irrep, Power, Realified, Traceless, Turning, Vector, turning
from symc.algebra.summands import Leg
from symc.passes.solve import limits
from symc.passes.solve.counting import expected
from symc.passes.solve.errors import show

NEEDED = 32  # bytes an entry of the identity, written out for both sides


def schur(group: Group, source: tuple[Leg, ...], target: tuple[Leg, ...], limit: int) -> Isotypic | None:
    """The strategy. The certificate counts in another way all the same, where there is one."""
    if _inequivalent(source, target) or charged((*target, *(leg.dual() for leg in source))):
        return _spanned(group, source, target, ())
    kind = _endomorphisms(source[0]) if len(source) == 1 and source == target else None
    if kind is None:
        return None
    d = sz.number(source[0].dim)
    limits.check_bytes(NEEDED * d**2, limit, f"the identity of {show(source, target)}")
    frames = Frames((d, d, 1), lambda: np.eye(d)[:, :, None])
    return _spanned(group, source, target, (IsotypicBlock(kind, frames, frames),))


def _spanned(group: Group, source: tuple[Leg, ...], target: tuple[Leg, ...], blocks: tuple[IsotypicBlock, ...]) -> Isotypic:
    shapes = [tuple(sz.number(leg.dim) for leg in legs) for legs in (target, source)]
    certificate = Certificate(0.0, *expected(source, target), "orthonormal" if blocks else "no maps")
    over_c = any(leg.is_complex for leg in source + target)
    return Isotypic(group, shapes[0], shapes[1], blocks, certificate, over_c, method="Schur's lemma")


def _inequivalent(source: tuple[Leg, ...], target: tuple[Leg, ...]) -> bool:
    """Are both one labelled irreducible, of one kind, with different labels?"""
    if len(source) != 1 or len(target) != 1 or type(source[0]) is not type(target[0]):
        return False
    into, out = source[0], target[0]
    return isinstance(into, Irrep) and isinstance(out, Irrep) and into.isomorphism_class != out.isomorphism_class


def _endomorphisms(leg: Leg) -> int | None:
    """The dimension of the maps from a leg to itself, over its field: 1 or 2 where it is irreducible, None where that is not known."""
    if simple(leg):
        return 1
    if isinstance(leg, Realified) and leg.rep.is_complex and simple(leg.rep):
        known = charge(leg.rep)
        if known is not None and not neutral(2 * known[0], known[1]):  # it is not its own conjugate
            return 2
    return None


def simple(leg: Leg) -> bool:
    """Is it known to be irreducible, and to stay so over the complex numbers?"""
    if len(leg.groups) != 1 or leg.free or not leg.dim:
        return False
    if leg.dim == 1:
        return True
    match leg:
        case Turning(group):
            return isinstance(turning(group), g.Dihedral | g.Orthogonal)
        case Irrep():
            return True
        case Complexified(inner) | Dual(inner) | Conj(inner):
            return simple(inner)
        case Vector(group):
            return _orthogonal(turning(group), 1) or isinstance(turning(group), ALL_TENSORS | g.Symplectic)
        case Power(Vector(group), k, "alt"):
            return _orthogonal(turning(group), k) or isinstance(turning(group), ALL_TENSORS)
        case Power(Vector(group), _, "sym"):
            return isinstance(turning(group), ALL_TENSORS | g.Symplectic)
        case Traceless(Vector(group)):
            return _orthogonal(turning(group), 1)
        case _:
            return False


ALL_TENSORS = g.GeneralLinear | g.SpecialLinear | g.Unitary | g.SpecialUnitary


def _orthogonal(law: Group, k: int) -> bool:
    """Of an orthogonal group, whose alternating tensors of degree k are irreducible: under SO(n) those of half the degree fall in two."""
    match law:
        case g.Orthogonal() | g.Indefinite(_, _, 0, False):
            return True
        case g.SpecialOrthogonal() | g.Indefinite(_, _, 0, True):
            return 2 * k != law.degree
        case _:
            return False
