"""Any group at all: the null space of the constraints, written out; last, and for moderate sizes only.

Small ones go by singular values. Larger ones stay sparse: the null space of C is found by inverse iteration on C^H C + shift, with blocks of vectors
orthogonal to those already found, until some of their singular values are clearly not zero.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from symc.algebra import sizes as sz
from symc.algebra.canonical import canonical_basis
from symc.algebra.groups import Array, Group
from symc.algebra.hom import Certificate, Nullspace
from symc.algebra.summands import Leg
from symc.passes.solve.certify import residual
from symc.passes.solve.counting import acting, constraints, expected, unknowns
from symc.passes.solve.errors import SolveError, show
from symc.passes.solve.rank import decide, null_rows

if TYPE_CHECKING:
    from scipy.sparse import csc_array
    from scipy.sparse.linalg import SuperLU

DENSE = 1024  # unknowns up to which all singular values are found, in a few seconds
MOST = 20_000  # unknowns
SHIFT = 1e-9  # relative to the largest constraint
ROUNDS = 6  # of inverse iteration, at most: what is not in the null space shrinks by SHIFT / value^2 in each
BLOCK, LARGEST = 32, 4096  # vectors iterated at once, and found at most


def nullspace(group: Group, source: tuple[Leg, ...], target: tuple[Leg, ...], limit: int) -> Nullspace:
    """The last strategy. Raises SolveError E0404 where there are too many unknowns, E0403 where the rank is not clear."""
    what = f"the maps {show(source, target)}"
    d = unknowns(source, target)
    if d > MOST:
        raise SolveError(
            "E0404",
            f"{what} have {d:,} entries; for a group that is neither compact nor reductive at most {MOST:,} are solved",
            helps=("take a lower tensor power, or a compact group",),
        )
    found = null_rows(constraints(source, target)) if d <= DENSE else _sparse(source, target)
    if found is None:
        raise SolveError(
            "E0403",
            f"{what} are not clear: some constraints on them nearly hold, and may be due to rounding in the generators",
            helps=("give the generators exactly: integers, or all 16 digits",),
        )
    null, gap = found
    tensor = canonical_basis(null).reshape(len(null), *(sz.number(leg.dim) for leg in target + source))
    count, by = expected(source, target, by_constraints=False)
    return Nullspace(group, tensor, len(source), Certificate(residual(tensor, source, target), count, by, "orthonormal", gap))


def _sparse(source: tuple[Leg, ...], target: tuple[Leg, ...]) -> tuple[Array, float] | None:
    """Orthonormal rows that span the null space, and the gap; None where it is not clear."""
    from scipy.sparse import csc_array, eye_array, kron, vstack
    from scipy.sparse.linalg import splu

    rows = [
        kron(csc_array(out), eye_array(len(into)), format="csc") - kron(eye_array(len(out)), csc_array(into.T), format="csc")
        for out, into in acting(source, target)
    ]
    c = vstack(rows, format="csc")
    gram = (c.conj().T @ c).tocsc()
    scale = float(abs(gram).sum(axis=0).max())
    solver = splu((gram + SHIFT * scale * eye_array(gram.shape[0], format="csc")).tocsc())
    rng = np.random.RandomState(4)
    d = gram.shape[0]
    null, least = np.zeros((d, 0), dtype=gram.dtype), float("inf")
    while null.shape[1] < d:
        if null.shape[1] > LARGEST:
            return None
        block = rng.standard_normal((d, min(max(BLOCK, null.shape[1]), d - null.shape[1])))
        found = _iterated(solver, c, block.astype(gram.dtype), null)
        if found is None:
            return None
        more, gap = found
        null, least = np.concatenate([null, more], axis=1), min(least, gap)
        if more.shape[1] < block.shape[1]:
            break
    return null.T, least


def _iterated(solver: SuperLU, c: csc_array[Any], x: Array, null: Array) -> tuple[Array, float] | None:
    """What a block of vectors holds of the null space of C beyond the columns of `null`, and the gap; None where it is not clear."""
    for _ in range(ROUNDS):
        x = _orthonormal(solver.solve(_orthonormal(x, null)), null)
        _, values, v = np.linalg.svd(np.linalg.qr(c @ x)[1])
        if (found := decide(values)) is not None:
            kept, gap = found
            return x @ v[kept:].conj().T, gap
    return None


def _orthonormal(x: Array, to: Array) -> Array:
    """Columns that span those of x, without those of `to`; twice, since once leaves rounding behind."""
    for _ in range(2):
        x = np.linalg.qr(x - to @ (to.conj().T @ x))[0]
    return x
