"""Any group at all: the null space of the constraints, written out; last, and for moderate sizes only.

Small ones go by singular values. Larger ones stay sparse: the null space of M = C^H C is found by inverse iteration on M + shift, with a block that
grows until some of its singular values are clearly not zero.
"""

from __future__ import annotations

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

DENSE = 1024  # unknowns up to which all singular values are found, in a few seconds
MOST = 20_000  # unknowns
SHIFT = 1e-9  # relative to the largest constraint
ROUNDS = 4  # of inverse iteration: what is not in the null space shrinks by SHIFT / value^2 in each
BLOCK, LARGEST = 32, 4096


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
    block = BLOCK
    while block <= LARGEST:
        x = rng.standard_normal((gram.shape[0], min(block, gram.shape[0]))).astype(gram.dtype)
        for _ in range(ROUNDS):
            x = np.linalg.qr(solver.solve(x))[0]
        _, values, v = np.linalg.svd(np.linalg.qr(c @ x)[1])
        found = decide(values)
        if found is None:
            return None
        kept, gap = found
        if kept or x.shape[1] == gram.shape[0]:
            return (x @ v[kept:].conj().T).T, gap
        block *= 2
    return None
