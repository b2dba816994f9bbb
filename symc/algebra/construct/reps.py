"""Representations that come with a group: trivial, sign, det, perm, vector, point, regular, pixels, blocks."""

from __future__ import annotations

import numpy as np

from symc.algebra import groups as g
from symc.algebra import reps
from symc.algebra import sizes as sz
from symc.algebra.construct.checked import checked_size, distinct, single
from symc.algebra.cycles import POINTS
from symc.algebra.enumeration import LIMIT, enumerate_group
from symc.algebra.errors import AlgebraError
from symc.algebra.groups import Group, Product, quotient
from symc.algebra.groups.matrices import array
from symc.algebra.reps import Rep
from symc.algebra.sizes import Size


def trivial(group: Group) -> Rep:
    """One coordinate that the group leaves alone."""
    return reps.Trivial(1)


def sign(group: Group) -> Rep:
    """The parity of a permutation, the determinant of a matrix where it is 1 or -1."""
    turning = quotient(single(group, "sign"))
    which = str(group) if turning is group else f"{turning.definition}, which turns its translations,"
    match turning.law:
        case g.Cyclic() if isinstance(group.law, g.Semidirect):
            way = "trivial" if isinstance(group.law.by, g.Residues) else "det"
            raise AlgebraError(f"{group} has no sign: {which} has none", f"write {way}({group})")
        case g.Cyclic():
            raise AlgebraError(f"{group} has no sign: its elements turn without reflecting", f"write trivial({group})")
        case g.Matrices() as law:
            found = _determinant(law)
            if found is not None:
                raise AlgebraError(f"sign({group}): the determinant of {found}, not 1 or -1")
        case g.Wreath() | g.Generated() | g.Unitary() | g.SpecialUnitary():
            raise AlgebraError(f"sign({group}) means nothing: {which} is neither given by permutations nor by real matrices", f"write det({group})")
        case _:
            pass
    return reps.Sign(group)


def det(group: Group) -> Rep:
    """The determinant of the defining matrices: complex where these are, and where it is always 1 too."""
    law = quotient(single(group, "det")).law
    if isinstance(group.law, g.Semidirect) and group.law.by is not None:
        return reps.Det(vector(group))  # of how translations are turned, which need not be how `law` turns vectors
    if g.unsigned(law):
        return reps.one(isinstance(law, g.Linear) and law.is_complex)
    match law:
        case g.Orthogonal() | g.Indefinite() | g.Dihedral():
            return reps.Sign(group)
        case g.Symmetric() | g.Permutations():
            return reps.Sign(group)
        case g.Matrices() if _determinant(law) is None:
            return reps.Complexified(reps.Sign(group)) if law.is_complex else reps.Sign(group)
        case _:
            return reps.Det(vector(group))


def _determinant(law: g.Matrices) -> str | None:
    """The first generator whose determinant is not +-1, and what it is."""
    for index, image in enumerate(law.images, start=1):
        value = complex(np.linalg.det(array(image)))
        if not min(abs(value - 1), abs(value + 1)) <= 1e-9:
            return f"generator {index} is {value.real if value.imag == 0 else value:.6g}"
    for index, rows in enumerate(law.tangents, start=1):
        if not abs(np.trace(array(rows))) <= 1e-12 * float(np.abs(array(rows)).max(initial=1.0)):
            return f"the exponential of algebra generator {index} is e^{np.trace(array(rows)):.6g}"
    return None


def perm(group: Group) -> Rep:
    """The points that the group permutes."""
    law = single(group, "perm").law
    match law:
        case g.Wreath(inner, _):
            return reps.Blocks(group, perm(inner), "perm")
        case g.Permuting():
            return reps.Perm(group)
        case g.Matrices():
            raise AlgebraError(f"{group} is given by matrices, not by permutations", f"did you mean vector({group})?")
        case g.Generated():
            raise AlgebraError(f"{group} permutes nothing that is known", f"write rep({group}, [1, 0, 2], ...) with one image for every generator")
        case g.Semidirect():
            raise AlgebraError(f"{group} is a continuous group and permutes nothing", f"did you mean point({group})?")
        case _:
            raise AlgebraError(f"{group} is a continuous group and permutes nothing", f"did you mean vector({group})?")


def vector(group: Group) -> Rep:
    """The defining matrices: the plane for C(n) and D(n), permutation matrices for S(n), A(n) and `permutations`."""
    law = single(group, "vector").law
    match law:
        case g.Symmetric() | g.Alternating() | g.Permutations():
            return reps.Perm(group)
        case g.Wreath(inner, _) if isinstance(inner.definition, g.Cyclic) and inner.definition.n == 2:
            return reps.Blocks(group, reps.Signs(inner), "vector")  # C(2) as {1, -1}: the signed permutations
        case g.Wreath(inner, _):
            return reps.Blocks(group, vector(inner), "vector")
        case g.Semidirect(_, _, g.Residues(modulus=modulus)):
            message = f"{group} has no matrices of its own: its translations are turned modulo {modulus} alone"
            raise AlgebraError(message, f"use perm({group}) or regular({group})")
        case g.Semidirect(_, _, Rep() as by):
            return reps.Inflated(group, by)
        case g.Generated():
            raise AlgebraError(f"{group} has no matrices of its own", f"write rep({group}, [[0, -1], [1, 0]], ...), an image for every generator")
        case _:
            return reps.Vector(group)


def point(group: Group) -> Rep:
    """The points that a group with translations moves: affine."""
    law = single(group, "point").law
    if not isinstance(law, g.Semidirect) or not law.continuous:
        raise AlgebraError(f"{group} has no translations of R^n, so no points", "use E(n), SE(n), T(n) or semidirect(T(n), ...), or write vector")
    return reps.Point(group, vector(group))


def regular(group: Group) -> Rep:
    """A finite group acting on its own elements from the left; a product acts on the elements of every factor, a tensor product."""
    if isinstance(group, Product):
        return reps.Tensor(tuple(regular(atom) for atom in distinct(group).atoms))
    law = group.law
    match law:
        case (g.Orthogonal(n) | g.SpecialOrthogonal(n)) if n != 1:
            raise AlgebraError(f"{group} is infinite: regular needs a finite group", f"did you mean vector({group})?")
        case (g.Symmetric(n) | g.Alternating(n)) if not isinstance(n, int):
            raise AlgebraError(f"regular({group}) has n! coordinates, so n must be a number", "write a number, or perm instead of regular")
        case g.Symmetric() | g.Alternating() | g.Cyclic() | g.Dihedral():
            order = law.order
            if isinstance(order, int) and order > LIMIT:
                raise AlgebraError(f"regular({group}) has {order} coordinates, more than {LIMIT}", "use a smaller group, or perm instead of regular")
            assert order is not None
            return reps.Regular(group, order)
        case _ if law.free:
            raise AlgebraError(f"regular({group}) depends on {', '.join(sorted(law.free))}", "write a number")
        case _:
            return reps.Regular(group, enumerate_group(group).order)


def pixels(group: Group, h: Size, w: Size) -> Rep:
    """The pixels of an h x w image turned by C(n) or D(n), n in 1, 2, 4; quarter turns need h = w."""
    shown = f"pixels({group}, {sz.show(h)}, {sz.show(w)})"
    match single(group, "pixels", ", h, w").definition:
        case g.Cyclic(n) | g.Dihedral(n):
            if n not in (1, 2, 4):
                raise AlgebraError(f"{shown}: a turn by 360°/{sz.show(n)} does not map pixels to pixels", "use C(n) or D(n) with n = 1, 2 or 4")
        case _:
            raise AlgebraError(f"{shown}: {group} does not turn the pixels of an image", "use C(n) or D(n) with n = 1, 2 or 4")
    h, w = checked_size("pixels", h, 1, POINTS), checked_size("pixels", w, 1, POINTS)
    if n == 4 and h != w:
        raise AlgebraError(f"{shown}: a quarter turn needs a square image", "use C(2) or D(2), or make h and w equal")
    if isinstance(h, int) and isinstance(w, int) and h * w > POINTS:
        raise AlgebraError(f"{shown} has {h * w} pixels; at most {POINTS} are allowed")
    return reps.Pixels(group, h, w)


def blocks(group: Group, rep: Rep) -> Rep:
    """A copy of a representation of G in every block, under G wr S(n)."""
    law = single(group, "blocks", ", r").law
    if not isinstance(law, g.Wreath):
        raise AlgebraError(f"blocks({group}, {rep}): {group} is no wreath product", "write blocks(wreath(G, S(n)), r)")
    if set(rep.groups) - set(law.inner.atoms):
        raise AlgebraError(f"blocks({group}, {rep}): {rep} is no representation of {law.inner}")
    if rep.affine:
        raise AlgebraError(f"blocks({group}, {rep}): points in blocks are not solved", "take vectors")
    return reps.Blocks(group, rep)
