"""Signed permutation actions of finite groups: weights shared along orbits of matrix entries.

An equivariant W has W[g i, g j] = sign * W[i, j]. Where the entries are too many to be labelled, one of each orbit is found by point stabilizers.
"""

from __future__ import annotations

from functools import partial
from math import prod

import numpy as np

from symc.algebra import sizes as sz
from symc.algebra.actions import monomial, sufficient
from symc.algebra.counting.orbits import signed_points
from symc.algebra.groups import Group
from symc.algebra.hom import Certificate, OrbitList, Orbits
from symc.algebra.reps import Tensor
from symc.algebra.schreier_sims import tuple_orbits
from symc.algebra.summands import Leg
from symc.passes.solve import limits
from symc.passes.solve.counting import expected
from symc.passes.solve.errors import SolveError, show
from symc.passes.solve.orbit_labels import Move, orbit_labels

WORK = 24  # bytes an entry at the peak


def signed_orbits(group: Group, source: tuple[Leg, ...], target: tuple[Leg, ...], limit: int) -> Orbits | OrbitList | None:
    """The strategy: None where some generator does not permute the coordinates up to sign."""
    if any(monomial(leg, generator) is None for generator in sufficient((group,)) for leg in source + target):
        return None
    shapes = tuple(tuple(sz.number(leg.dim) for leg in legs) for legs in (source, target))
    entries = int(np.prod([*shapes[0], *shapes[1]], dtype=object))
    if WORK * entries > limit:
        return _listed(group, source, target, limit, WORK * entries)
    return _labelled(group, source, target, shapes)


def _labelled(group: Group, source: tuple[Leg, ...], target: tuple[Leg, ...], shapes: tuple[tuple[int, ...], ...]) -> Orbits:
    """All entries, as a matrix of some of the legs by the others: which legs are whose does not matter to their order, but to the time it takes."""
    legs, dims = target + source, shapes[1] + shapes[0]
    cut = min(range(len(legs) + 1), key=lambda cut: prod(dims[:cut]) + prod(dims[cut:]))
    label, sign = orbit_labels(_moves(group, legs[:cut], legs[cut:]), prod(dims[:cut]), prod(dims[cut:]))
    shape = prod(shapes[1]), prod(shapes[0])
    dim = int(label.max(initial=-1)) + 1
    certificate = Certificate(0.0, *expected(source, target), "disjoint supports")
    signs = None if (sign >= 0).all() else sign.reshape(shape)
    return Orbits(group, shapes[1], shapes[0], dim, label.reshape(shape), signs, certificate)


def _listed(group: Group, source: tuple[Leg, ...], target: tuple[Leg, ...], limit: int, needed: int) -> OrbitList:
    """One entry an orbit. Raises SolveError E0501 where the action has too many points, E0502 where it has too many orbits."""
    what = f"the weight sharing of {show(source, target)}"
    points = signed_points(group, target + source)
    if points is None:
        limits.check_bytes(needed, limit, what)
    assert points is not None
    count, by = expected(source, target)
    limits.check_diagrams(count or 0, f"the space of maps {show(source, target)}", "orbits")
    found, entries = [], 0
    for orbit in tuple_orbits(points.chain, points.legs, points.negative):
        entries += orbit.length
        if orbit.invariant:
            found.append(points.coordinates(orbit.representative))
            limits.check_diagrams(len(found), f"the space of maps {show(source, target)}", "orbits")
    shapes = tuple(tuple(sz.number(leg.dim) for leg in legs) for legs in (source, target))
    if entries != prod(shapes[0] + shapes[1]):
        raise SolveError("E0490", f"internal: the orbits of {show(source, target)} have {entries} entries of {prod(shapes[0] + shapes[1])}")
    representatives = np.array(found, dtype=np.int32).reshape(len(found), len(target + source))
    certificate = Certificate(0.0, count, by, "disjoint supports; the orbits have as many entries as there are")
    return OrbitList(group, shapes[1], shapes[0], representatives, partial(_labelled, group, source, target, shapes), certificate)


def _moves(group: Group, rows: tuple[Leg, ...], columns: tuple[Leg, ...]) -> list[Move]:
    """What every generator does to the coordinates of two products of legs."""
    moves = []
    for generator in sufficient((group,)):
        out, into = monomial(Tensor(rows), generator), monomial(Tensor(columns), generator)
        assert out is not None
        assert into is not None
        moves.append((out, into))
    return moves
