"""The dimension of Hom from the constraints themselves, exactly, modulo a prime.

The images of the generators are reduced one by one, so that no element is ever multiplied out: it does not matter how far they stretch. Powers are
taken in coordinates of monomials, in which they have no square roots; that changes no dimension.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from symc.algebra.actions import matrix
from symc.algebra.generators import Generator, sufficient
from symc.algebra.groups import Array, Matrices
from symc.algebra.modular import PRIME, inverse, rank, reduced, residues
from symc.algebra.reps import Conj, Det, Dual, Images, Power, Rep, Sum, Tensor, Vector
from symc.algebra.reps.powers import power
from symc.algebra.summands import dimension


def nullity(sources: Sequence[Rep], targets: Sequence[Rep], work: float) -> int | None:
    """The number of maps between tensor products; None where a generator has no rational matrix, or elimination takes more than `work` operations.

    It is never less than the dimension over the rationals, and more only where the prime divides some minors: of generic ones, one in eight million.
    """
    legs = [*targets, *sources]
    d = dimension(legs)
    acting = sufficient(dict.fromkeys(group for leg in legs for group in leg.groups))
    if float(len(acting)) * d**3 > work:
        return None
    rows = []
    for generator in acting:
        known = [found for leg in legs if (found := image(leg, generator)) is not None]
        if len(known) < len(legs):
            return None
        out, into = (_tensor(side, generator.lie) for side in (known[: len(targets)], known[len(targets) :]))
        rows.append(reduced(np.kron(out, np.eye(len(into))) - np.kron(np.eye(len(out)), into.T)))
    return d - rank(np.concatenate(rows)) if rows else d


def image(rep: Rep, generator: Generator) -> Array | None:
    """What a generator does, in residues; None where it has irrational entries. Coordinates may be others, the same for all generators."""
    match rep:
        case Vector(group) if isinstance(group.law, Matrices) and group == generator.group:
            return residues((group.law.tangents if generator.lie else group.law.images)[generator.index])
        case Images(group, images, tangents) if group == generator.group:
            given = (tangents if generator.lie else images)[generator.index]
            rows = [row for row in given if isinstance(row, tuple)]
            return residues(rows) if rows else _numeric(rep, generator)  # a permutation is given by its images
        case Tensor(parts) | Sum(parts):
            known = [found for part in parts if (found := image(part, generator)) is not None]
            if len(known) < len(parts):
                return None
            return _tensor(known, generator.lie) if isinstance(rep, Tensor) else _sum(known)
        case Dual(inner):
            return _contragredient(image(inner, generator), generator.lie)
        case Conj(inner) if inner.unitary:
            return _contragredient(image(inner, generator), generator.lie)
        case Power(inner, k, kind):
            found = image(inner, generator)
            return None if found is None else power(found, k, kind, generator.lie, split=_monomials, reduce=reduced)
        case Det(inner):
            found = image(inner, generator)
            return None if found is None else power(found, len(found), "alt", generator.lie, split=_monomials, reduce=reduced)
        case _:
            return _numeric(rep, generator)


def _contragredient(found: Array | None, lie: bool) -> Array | None:
    """The inverse transpose, or of a derivation minus the transpose."""
    if found is None or lie:
        return None if found is None else reduced(-found.T)
    back = inverse(found)
    return None if back is None else np.ascontiguousarray(back.T)


def _monomials(entries: Array, degree: int) -> tuple[Array, Array]:
    """Of sqrt(count / degree) with a sign, on tensors that are orthonormal, to count / degree and the sign, on monomials."""
    signs = np.sign(entries)
    counts = np.rint(entries**2 * degree)
    return reduced(signs * reduced(counts * pow(degree, -1, PRIME))), reduced(signs)


def _numeric(rep: Rep, generator: Generator) -> Array | None:
    """From the matrix in floating point, where that is exact: integers."""
    found = matrix(rep, generator)
    whole = np.rint(found.real) + 1j * np.rint(found.imag)
    if not np.array_equal(found, whole) or np.abs(found).max(initial=0.0) >= 2**50:
        return None
    return residues(found.tolist())


def _tensor(images: Sequence[Array], lie: bool) -> Array:
    """Of elements, or of derivations."""
    result: Array = np.zeros((1, 1)) if lie else np.ones((1, 1))
    for one in images:
        result = reduced(np.kron(result, np.eye(len(one))) + np.kron(np.eye(len(result)), one) if lie else np.kron(result, one))
    return result


def _sum(images: Sequence[Array]) -> Array:
    d = sum(map(len, images))
    result, start = np.zeros((d, d)), 0
    for one in images:
        result[start : start + len(one), start : start + len(one)] = one
        start += len(one)
    return result
