"""Are diagrams independent? An exact rank modulo a prime, of their values as polynomials in one vector a leg, at random integer points."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from symc.algebra.hom import Diagram
from symc.algebra.modular import PRIME, rank
from symc.passes.solve.errors import SolveError

RANKED = 400  # diagrams whose rank is verified: elimination modulo a prime takes their number cubed
LARGEST = 8  # n up to which determinants of integer points are exact


def independent(diagrams: tuple[Diagram, ...], n: int, m: int, theorem: str, *, symplectic: bool = False) -> str:
    """How they are known to be: by their rank, or where that takes too long by a theorem. Raises SolveError where their rank denies it."""
    if len(diagrams) > RANKED or (n > LARGEST and any(diagram.determinant for diagram in diagrams)):
        return theorem
    for seed in range(3):
        if rank(_values(diagrams, n, m, seed, symplectic)) == len(diagrams):
            return "rank at random points modulo a prime"
    raise SolveError("E0490", f"{len(diagrams)} diagrams on {m} legs at n = {n} are not independent")


def _values(diagrams: tuple[Diagram, ...], n: int, m: int, seed: int, symplectic: bool) -> NDArray[np.int64]:
    """Products of inner products, or of the form, and of determinants."""
    points = np.random.default_rng(seed).integers(-9, 10, size=(len(diagrams) + 4, m, n))
    second = np.concatenate([points[..., n // 2 :], -points[..., : n // 2]], axis=-1) if symplectic else points
    inner = np.einsum("pin,pjn->pij", points, second)
    values = np.ones((len(diagrams), len(points)), dtype=np.int64)
    for row, diagram in zip(values, diagrams, strict=True):
        if diagram.determinant:  # exact: |det| < 2^53 for n <= 8 and entries up to 9
            legs = [leg for (leg,) in diagram.determinant]
            row[:] = np.rint(np.linalg.det(points[:, legs].astype(np.float64))).astype(np.int64)
        for a, b in diagram.blocks:
            row[:] = row * inner[:, a, b] % PRIME
    return values
