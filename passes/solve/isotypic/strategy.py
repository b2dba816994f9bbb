"""The strategy: from the pieces of both sides to a basis, checked on the generators.

A leg may be bent to the other side, where it is dual: the same numbers are then equivariant. Legs are bent until both sides are about equally large,
for what a side costs grows faster than its dimension.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from math import prod

import numpy as np
from numpy.random import RandomState

from symc.algebra.groups import Group
from symc.algebra.hom import Array, Bent, Certificate, Isotypic, IsotypicBlock
from symc.algebra.spelling import needs_words
from symc.algebra.summands import Leg, dimension
from symc.passes.solve import limits
from symc.passes.solve.certify import residual
from symc.passes.solve.counting import expected
from symc.passes.solve.errors import SolveError, show
from symc.passes.solve.isotypic.decompose import Piece, catalogue
from symc.passes.solve.isotypic.sample import lengths_of, sample_of
from symc.passes.solve.isotypic.spectrum import Unclear
from symc.passes.solve.isotypic.unitary import Places, coordinates
from symc.passes.solve.normal import normal_form
from symc.passes.solve.schur import simple
from symc.passes.solve.written import written_out

TRIES = 4
EXACT = 1e-12  # residual promised, times the squared condition of the images
WORST = 1e-9  # residual above which nothing is promised
MIXED = 3000  # maps up to which a basis that is not orthonormal is made so
CHECKED = 3000  # geometric mean of the dimensions of both sides up to which a map is formed and checked


def isotypic(group: Group, source: tuple[Leg, ...], target: tuple[Leg, ...], limit: int) -> Isotypic | Bent | None:
    """The strategy: None where the group is neither compact nor reductive. Raises SolveError E0403 where the generators are too inexact."""
    sides = balanced([dimension((leg,)) for leg in target], [dimension((leg,)) for leg in source])
    l = len(target)
    if sides == (list(range(l)), list(range(l, l + len(source)))):
        return _straight(group, source, target, limit)
    legs = target + source
    bent = [tuple(legs[i] if (i < l) == (side == 0) else normal_form(legs[i].dual()) for i in places) for side, places in enumerate(sides)]
    base = _straight(group, bent[1], bent[0], limit)
    if base is None:
        return None
    order = sides[0] + sides[1]
    certificate = base.certificate
    basis = Bent(group, base, tuple(order.index(i) for i in range(len(legs))), l, certificate, base.method)
    error = _residual(basis, source, target, certificate.residual)
    return replace(basis, certificate=replace(certificate, residual=max(error, certificate.residual)))


def balanced(target: list[int], source: list[int]) -> tuple[list[int], list[int]]:
    """Which legs to have on either side, numbered target first, by their dimensions: the last of the larger side is moved while that helps."""
    sides = list(range(len(target))), list(range(len(target), len(target) + len(source)))
    dims, sizes = target + source, [prod(target), prod(source)]
    while True:
        larger = int(sizes[1] > sizes[0])
        if not sides[larger]:
            return sides
        d = dims[sides[larger][-1]]
        if max(sizes[larger] // d, sizes[1 - larger] * d) >= sizes[larger]:
            return sides
        sides[1 - larger].append(sides[larger].pop())
        sizes[larger], sizes[1 - larger] = sizes[larger] // d, sizes[1 - larger] * d


def _straight(group: Group, source: tuple[Leg, ...], target: tuple[Leg, ...], limit: int) -> Isotypic | None:
    """With the legs as they are."""
    places = coordinates(source + target)
    if places is None:
        return None
    what = f"the maps {show(source, target)}"
    for leg in source + target:
        limits.check_matrices(dimension((leg,)), limit, what, over_c=leg.is_complex, sampled=written_out(leg))
    for one, other in (*pairwise(source), *pairwise(target)):
        if simple(one) and simple(other):
            limits.check_matrices(dimension((one, other)), limit, what, over_c=one.is_complex)
    unitary = all(leg.unitary for leg in source + target)
    counted = expected(source, target)
    reason = ""
    for attempt in range(TRIES):
        try:
            return _attempt(group, source, target, places, counted, attempt, limit)
        except Unclear as unclear:
            reason = str(unclear)
    if not unitary:
        return None  # in these coordinates rounding hides too much
    raise SolveError("E0403", f"{what} are not clear: {reason}", helps=("give the generators exactly: integers, or all 16 digits",))


def _attempt(
    group: Group, source: tuple[Leg, ...], target: tuple[Leg, ...], places: Places, counted: tuple[int | None, str | None], attempt: int, limit: int
) -> Isotypic:
    """With one draw of random elements. Raises Unclear where it does not decide, or the basis is not what was counted, or not equivariant."""
    over_c, legs = any(leg.is_complex for leg in source + target), source + target
    groups = tuple(dict.fromkeys(own for leg in legs for own in leg.groups))
    known = catalogue(sample_of(groups, attempt, over_c, needs_words(legs), lengths_of(legs)))
    into, out = (known.decompose(side, tuple(places[leg] for leg in side), limit) for side in (source, target))
    shapes = [tuple(dimension((leg,)) for leg in side) for side in (target, source)]
    basis = Isotypic(group, shapes[0], shapes[1], _blocks(into, out), Certificate(0.0, *counted), over_c)
    if counted[0] not in (None, basis.dim) and not all(leg.unitary for leg in legs):
        raise Unclear(f"of {counted[0]} maps rounding lets only {basis.dim} be told apart")
    try:
        basis = _orthonormal(basis, any(place is not None for place in places.values()), limit)
    except np.linalg.LinAlgError:
        raise Unclear("the matrices stretch so much that maps cannot be told apart") from None
    error = _residual(basis, source, target, max(piece.error for piece in (*into, *out)))
    condition = max((float(np.linalg.cond(place.into)) for place in places.values() if place is not None), default=1.0)
    if error > min(EXACT * condition**4, WORST):  # of P; that of the images is up to its square
        raise Unclear(f"the best basis found misses equivariance by {error:.1e}")
    independent = "orthonormal" if basis.mix is not None or condition == 1.0 else "blocks of different irreducibles and copies"
    return replace(basis, certificate=Certificate(error, *counted, independent))


def _blocks(into: tuple[Piece, ...], out: tuple[Piece, ...]) -> tuple[IsotypicBlock, ...]:
    """One block for every irreducible on both sides."""
    sources = {piece.irreducible.number: piece.duals for piece in into}
    common = [piece for piece in out if piece.irreducible.number in sources]
    return tuple(IsotypicBlock(piece.irreducible.kind, piece.columns, sources[piece.irreducible.number]) for piece in common)


def _orthonormal(basis: Isotypic, skewed: bool, limit: int) -> Isotypic:
    """With `mix` where some coordinates are not orthonormal, and the basis is small enough."""
    d_out, d_in = prod(basis.target_dims), prod(basis.source_dims)
    if not skewed or not basis.dim or basis.dim > MIXED or 16 * basis.dim * d_out * d_in > limit:
        return basis
    flat = basis.dense().reshape(basis.dim, -1)
    # rows of the inverse of the Cholesky factor: map i is made of the first i, and stays on its side of them
    mix = np.linalg.inv(np.linalg.cholesky(flat.conj() @ flat.T).conj())
    again = mix @ flat
    mix = np.linalg.inv(np.linalg.cholesky(again.conj() @ again.T).conj()) @ mix
    return Isotypic(basis.group, basis.target_dims, basis.source_dims, basis.blocks, basis.certificate, basis.over_c, mix)


def _residual(basis: Isotypic | Bent, source: tuple[Leg, ...], target: tuple[Leg, ...], errors: float) -> float:
    """Of one random map, under every generator; where that is too large to form, what the pieces miss."""
    if not basis.dim:
        return 0.0
    if dimension(source) * dimension(target) > CHECKED**2:
        return 2 * errors
    weights: Array = RandomState(0).standard_normal(basis.dim)
    if isinstance(basis, Isotypic) and basis.mix is not None:
        return max(residual(basis.combine(row[None]), source, target) for row in (weights, np.eye(basis.dim)[-1]))
    return residual(basis.combine(weights[None]), source, target)
