"""Two irreducibles of rotations times each other, to a third: Clebsch-Gordan coefficients, where the product is too large to be taken apart.

For each m = m1 + m2 they are an eigenvector of J^2 = (J1 + J2)^2, which is tridiagonal there (Condon and Shortley 1935, chapter 3). Found so, no
error is carried from one m to the next, as lowering would. The sign: J- takes the vector of m to a positive multiple of that of m - 1.
"""

from __future__ import annotations

from math import sqrt

import numpy as np

from symc.algebra.groups import Array, Group, Orthogonal, SpecialOrthogonal
from symc.algebra.hom import Certificate, Frames, Isotypic, IsotypicBlock
from symc.algebra.reps import Rotation, Vector, turning
from symc.algebra.reps.rotations import to_real
from symc.algebra.summands import Leg, dimension
from symc.passes.solve import limits
from symc.passes.solve.certify import residual
from symc.passes.solve.counting import expected
from symc.passes.solve.errors import show

LARGE = 20_000  # entries of a map, up to which the product is taken apart like any other
NEEDED = 100  # bytes an entry: complex and real coefficients, and what is made of them


def clebsch_gordan(group: Group, source: tuple[Leg, ...], target: tuple[Leg, ...], limit: int) -> Isotypic | None:
    """The strategy: of SO(3) and O(3), from two irreducibles to one or from one to two. Parities were looked at before, as charges."""
    pair, single = (source, target) if len(source) == 2 else (target, source)
    degrees = [degree for leg in (*pair, *single) if (degree := _degree(leg)) is not None]
    d = dimension(source + target)
    if (len(pair), len(single), len(degrees)) != (2, 1, 3) or d <= LARGE:
        return None
    limits.check_bytes(NEEDED * d, limit, f"the maps {show(source, target)}")
    l1, l2, l3 = degrees
    blocks: tuple[IsotypicBlock, ...] = ()
    if abs(l1 - l2) <= l3 <= l1 + l2:
        tensor = coefficients(l1, l2, l3)
        both = Frames((d // len(tensor), len(tensor), 1), lambda: tensor.reshape(len(tensor), -1).T[:, :, None])
        alone = Frames((len(tensor), len(tensor), 1), lambda: np.eye(len(tensor))[:, :, None])
        blocks = (IsotypicBlock(1, alone, both) if pair is source else IsotypicBlock(1, both, alone),)
    shapes = [tuple(dimension((leg,)) for leg in legs) for legs in (target, source)]
    basis = Isotypic(group, shapes[0], shapes[1], blocks, Certificate(0.0, *expected(source, target)), method="Clebsch-Gordan coefficients")
    certificate = Certificate(residual(basis.dense(), source, target), basis.certificate.expected, basis.certificate.expected_by, "orthonormal")
    return Isotypic(group, shapes[0], shapes[1], blocks, certificate, method=basis.method)


def _degree(leg: Leg) -> int | None:
    """Of an irreducible of SO(3) or O(3)."""
    if isinstance(leg, Rotation):
        return leg.l
    law = turning(leg.groups[0]) if isinstance(leg, Vector) else None
    return 1 if isinstance(law, Orthogonal | SpecialOrthogonal) and law.n == 3 else None


def coefficients(l1: int, l2: int, l3: int) -> Array:
    """Shape (2 l3 + 1, 2 l1 + 1, 2 l2 + 1), orthonormal rows: degree l3 in the product of degrees l1 and l2, in real coordinates."""
    c: Array = np.zeros((2 * l3 + 1, 2 * l1 + 1, 2 * l2 + 1))
    above: Array | None = None  # the coefficients of m + 1
    for m in range(l3, -l3 - 1, -1):
        first = np.arange(max(-l1, m - l2), min(l1, m + l2) + 1)  # m1
        vector = _of_squared_momentum(l1, l2, l3, m, first)
        c[m + l3, first + l1, m - first + l2] = vector
        towards = vector[-1] if above is None else float(np.sum(c[m + l3] * (_lowering(l1) @ above + above @ _lowering(l2).T)))
        c[m + l3] *= np.sign(towards)
        above = c[m + l3]
    real = np.tensordot(to_real(l3), to_real(l1).conj() @ c @ to_real(l2).conj().T, axes=1)
    return np.ascontiguousarray(real.real if (l1 + l2 + l3) % 2 == 0 else real.imag)


def _of_squared_momentum(l1: int, l2: int, l3: int, m: int, first: Array) -> Array:
    """The eigenvector of J^2 with eigenvalue l3 (l3 + 1), by m1."""
    second = m - first
    beside = [_step(l1, int(m1)) * _step(l2, int(m2) - 1) for m1, m2 in zip(first[:-1], second[:-1], strict=True)]
    squared = np.diag(l1 * (l1 + 1) + l2 * (l2 + 1) + 2.0 * first * second) + np.diag(beside, 1) + np.diag(beside, -1)
    return np.asarray(np.linalg.eigh(squared)[1][:, l3 - max(abs(l1 - l2), abs(m))])


def _lowering(l: int) -> Array:
    """J-, by m = -l, ..., l."""
    return np.diag([_step(l, m) for m in range(-l, l)], 1)


def _step(l: int, m: int) -> float:
    """What J+ multiplies m by when it makes m + 1 of it."""
    return sqrt(l * (l + 1) - m * (m + 1))
