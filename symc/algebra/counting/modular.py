"""The dimension of Hom from the constraints themselves, exactly, modulo a prime.

The images of the generators are reduced one by one, so that no element is ever multiplied out: it does not matter how far they stretch. Powers are
taken in coordinates of monomials, in which they have no square roots; that changes no dimension.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from symc.algebra import sizes as sz
from symc.algebra.actions import matrix
from symc.algebra.generators import Generator, generators
from symc.algebra.groups import Array, Matrices
from symc.algebra.modular import PRIME, inverse, rank, reduced, residues
from symc.algebra.reps import Conj, Det, Dual, Images, Power, Rep, Sum, Tensor, Trivial, Vector
from symc.algebra.reps.powers import power


def nullity(sources: Sequence[Rep], targets: Sequence[Rep], work: float) -> int | None:
    """The number of maps between tensor products; None where a generator has no rational matrix, or elimination takes more than `work` operations.

    It is never less than the dimension over the rationals, and more with a probability of about one in a million.
    """
    legs = [*targets, *sources]
    d = sz.number(sz.product(leg.dim for leg in legs))
    acting = generators(dict.fromkeys(group for leg in legs for group in leg.groups))
    if float(len(acting)) * d**3 > work:
        return None
    rows = []
    for generator in acting:
        images = [image(leg, generator) for leg in legs]
        known = [found for found in images if found is not None]
        if len(known) < len(images):
            return None
        out, into = (_tensor(side, generator.lie) for side in (known[: len(targets)], known[len(targets) :]))
        rows.append(reduced(np.kron(out, np.eye(len(into))) - np.kron(np.eye(len(out)), into.T)))
    return d - rank(np.concatenate(rows)) if rows else d


def image(rep: Rep, generator: Generator) -> Array | None:
    """What a generator does, in residues; None where it has irrational entries. Coordinates may be others, the same for all generators."""
    match rep:
        case Trivial():
            return _still(rep, generator)
        case Vector(group) if isinstance(group.law, Matrices) and group == generator.group:
            return residues((group.law.tangents if generator.lie else group.law.images)[generator.index])
        case Images(group, images, tangents) if group == generator.group:
            rows = (tangents if generator.lie else images)[generator.index]
            return residues(rows) if not rows or isinstance(rows[0], tuple) else _numeric(rep, generator)  # type: ignore[arg-type]
        case Tensor(parts) | Sum(parts):
            own = [image(part, generator) for part in parts]
            known = [found for found in own if found is not None]
            if len(known) < len(own):
                return None
            return _tensor(known, generator.lie) if isinstance(rep, Tensor) else _sum(known)
        case Dual(inner) | Conj(inner) if isinstance(rep, Dual) or inner.unitary:
            own_ = image(inner, generator)
            turned = own_ if own_ is None or generator.lie else inverse(own_)
            return None if turned is None else reduced(-turned.T) if generator.lie else np.ascontiguousarray(turned.T)
        case Power(inner, k, kind):
            own_ = image(inner, generator)
            return None if own_ is None else power(own_, k, kind, generator.lie, split=_monomials, reduce=reduced)
        case Det(inner):
            own_ = image(inner, generator)
            return None if own_ is None else power(own_, len(own_), "alt", generator.lie, split=_monomials, reduce=reduced)
        case _:
            return _numeric(rep, generator)


def _monomials(entries: Array, degree: int) -> tuple[Array, Array]:
    """Of sqrt(count / degree) with a sign, on tensors that are orthonormal, to count / degree and the sign, on monomials."""
    signs = np.sign(entries)
    counts = np.rint(entries**2 * degree)
    return reduced(signs * reduced(counts * pow(degree, -1, PRIME))), reduced(signs)


def _still(rep: Rep, generator: Generator) -> Array:
    d = sz.number(rep.dim)
    return np.zeros((d, d)) if generator.lie else np.eye(d)


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
