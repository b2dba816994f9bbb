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
from symc.algebra.summands import Leg, dimension
from symc.passes.solve.certify import residual
from symc.passes.solve.counting import DUST, acting, constraints, expected
from symc.passes.solve.errors import SolveError, show
from symc.passes.solve.rank import decide, null_rows, split

if TYPE_CHECKING:
    from scipy.sparse import csc_array
    from scipy.sparse.linalg import SuperLU

DENSE = 1024  # unknowns up to which all singular values are found, in a few seconds
MOST = 20_000  # unknowns
SHIFT = 1e-9  # relative to the largest constraint
SPARE = 8  # vectors iterated beyond those that are known to be there
CLEAR = 1e8  # gap from which on a null space of known dimension has converged
ROUNDS = 12  # of inverse iteration, at most: what is not in the null space shrinks by SHIFT / value^2 in each
BLOCK, LARGEST = 32, 4096  # vectors iterated at once, and found at most
WORK = 1e11  # operations of the exact count
WORST, NARROW = 1e-9, 1e5  # residual above, and gap below, which nothing is promised
STRETCHED = "take coordinates in which the generators stretch less: conjugate them by a diagonal matrix"


def nullspace(group: Group, source: tuple[Leg, ...], target: tuple[Leg, ...], limit: int) -> Nullspace:
    """The last strategy. Raises SolveError E0404 where there are too many unknowns, E0403 where the rank is not clear."""
    what = f"the maps {show(source, target)}"
    d = dimension(source + target)
    if d > MOST:
        raise SolveError(
            "E0404",
            f"{what} have {d:,} entries; for a group that is neither compact nor reductive, or far from orthogonal, at most {MOST:,} are solved",
            helps=("take a lower tensor power", "or coordinates in which the generators are orthogonal"),
        )
    count, by = expected(source, target, by_constraints=False, work=WORK)
    found = _dense(source, target, count) if d <= DENSE else _sparse(source, target, count)
    if found is None:
        raise SolveError(
            "E0403",
            f"{what} are not clear: some constraints on them nearly hold, and may be due to rounding in the generators",
            helps=("give the generators exactly: integers, or all 16 digits", STRETCHED),
        )
    null, gap = found
    tensor = canonical_basis(null).reshape(len(null), *(sz.number(leg.dim) for leg in target + source))
    error = residual(tensor, source, target)
    if error > WORST or gap < NARROW:
        known = "" if count is None else f"there are {count}, but "
        raise SolveError("E0403", f"{what} are not clear: {known}rounding hides them (residual {error:.0e}, gap {gap:.0e})", helps=(STRETCHED,))
    return Nullspace(group, tensor, len(source), Certificate(error, count, by, "orthonormal", gap))


def _dense(source: tuple[Leg, ...], target: tuple[Leg, ...], count: int | None) -> tuple[Array, float] | None:
    """Orthonormal rows that span the null space, of that dimension where it is known, and the gap; None where it is not clear."""
    rows = constraints(source, target)
    if count is not None:  # the constraints are exact, however small some are beside others
        rows = rows / _or_one(np.abs(rows).max(axis=1, initial=0.0))[:, None]
    return null_rows(rows, count)


def _or_one(sizes: Array) -> Array:
    return np.where(sizes > 0, sizes, 1.0)


def _sparse(source: tuple[Leg, ...], target: tuple[Leg, ...], count: int | None) -> tuple[Array, float] | None:
    """The same by sparse matrices."""
    from scipy.sparse import csc_array, diags_array, eye_array, kron, vstack
    from scipy.sparse.linalg import splu

    def both(out: Array, into: Array) -> list[csc_array[Any]]:
        return [kron(csc_array(out), eye_array(len(into)), format="csc"), kron(eye_array(len(out)), csc_array(into.T), format="csc")]

    rows = []
    for matrices, sizes in acting(source, target):
        (left, right), (size, other) = both(*matrices), both(*sizes)
        row = left - right
        rows.append(row.multiply(abs(row) > DUST * (size + other)))
    c = vstack(rows, format="csc")
    if count is not None:
        c = (diags_array(1 / _or_one(abs(c).max(axis=1).toarray().ravel())) @ c).tocsc()
    gram = (c.conj().T @ c).tocsc()
    scale = float(abs(gram).sum(axis=0).max())
    solver = splu((gram + SHIFT * scale * eye_array(gram.shape[0], format="csc")).tocsc())
    d = gram.shape[0]
    rng = np.random.RandomState(4)
    if count is not None:
        return _iterated(solver, c, rng.standard_normal((d, min(count + SPARE, d))).astype(gram.dtype), np.zeros((d, 0)), count)
    null, least = np.zeros((d, 0), dtype=gram.dtype), float("inf")
    while null.shape[1] < d:
        if null.shape[1] > LARGEST:
            return None
        block = rng.standard_normal((d, min(max(BLOCK, null.shape[1]), d - null.shape[1])))
        found = _iterated(solver, c, block.astype(gram.dtype), null)
        if found is None:
            return None
        more, gap = found
        null, least = np.concatenate([null, more.T], axis=1), min(least, gap)
        if len(more) < block.shape[1]:
            break
    return null.T, least


def _iterated(solver: SuperLU, c: csc_array[Any], x: Array, null: Array, count: int | None = None) -> tuple[Array, float] | None:
    """What a block of vectors holds of the null space of C beyond the columns of `null`, as rows, and the gap; None where it is not clear.

    What is not known by its count must be decided in the same way twice in a row: before it has converged, nothing looks like zero.
    """
    before, widest = None, CLEAR
    for _ in range(ROUNDS):
        x = _orthonormal(solver.solve(_orthonormal(x, null)), null)
        _, values, v = np.linalg.svd(np.linalg.qr(c @ x)[1])
        found = decide(values) if count is None else split(values, count)
        if found is not None and (found[0] == before if count is None else CLEAR < found[1] < 10 * widest):
            return (x @ v[found[0] :].conj().T).T, found[1]
        before, widest = (None, CLEAR) if found is None else (found[0], max(widest, found[1]))
    return None


def _orthonormal(x: Array, to: Array) -> Array:
    """Columns that span those of x, without those of `to`; twice, since once leaves rounding behind."""
    for _ in range(2):
        x = np.linalg.qr(x - to @ (to.conj().T @ x))[0]
    return x
