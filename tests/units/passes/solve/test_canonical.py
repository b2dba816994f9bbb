"""The same basis on every machine: whatever LAPACK returns where it is free to choose, signs, orders of ties and bases of degenerate spaces."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import scipy.linalg

import symc
from symc.algebra.hom import Array
from symc.passes.solve import legs, nullspace
from symc.passes.solve.isotypic import decompose, sample, unitary

I = [[0, -1, 0, 0], [1, 0, 0, 0], [0, 0, 0, -1], [0, 0, 1, 0]]
J = [[0, 0, -1, 0], [0, 0, 0, 1], [1, 0, 0, 0], [0, -1, 0, 0]]
CASES = {
    "SO(3)": ("vector(G)*irrep(G, 2) -> irreps(G, 0..3)", "SO(3)"),
    "bent": ("vector(G)^4*irrep(G, 1) -> irrep(G, 2)", "D(5)"),
    "multiplicities": ("regular(G) + irrep(G, 1)*3 -> irrep(G, 1)*2", "C(5)"),
    "quaternions": ("vector(G)^2 -> vector(G)^2", f"matrices({I}, {J})"),
    "skewed": ("vector(G)^2 -> vector(G)^2", "matrices([[1, -3], [1, -2]], [[1, 0], [1, -1]])"),
    "complex": ("vector(G)^2 -> vector(G)*irrep(G, 1)", "SU(2)"),
    "reductive": ("vector(G)^3 -> dual(vector(G))^3", "SL(2)"),
    "Lorentz": ("vector(G)^2 -> vector(G)^2", "SO(1, 3)"),
    "unipotent": ("vector(G)^2 -> vector(G)^2", "matrices([[1, 1], [0, 1]])"),
    "sparse": ("vector(G)^4 -> vector(G)^4", "matrices([[1, 1], [0, 1]])"),
    "Levi": ("vector(G)^2 -> vector(G)^2", "O(2, 0, 1)"),
    "images": ("rep(G, [[0, -1], [1, -1]], [[0, 1], [1, 0]])^2 -> perm(G)^2", "permutations(\"(0 1 2)\", \"(0 1)\")"),
}


def eigh_by(driver: str) -> Callable[[Array], Any]:
    def eigh(a: Array) -> Any:
        values, vectors = scipy.linalg.eigh(a, driver=driver)
        return np.linalg._linalg.EighResult(values, vectors)

    return eigh


def svd_by(driver: str) -> Callable[..., Any]:
    def svd(a: Array, full_matrices: bool = True, compute_uv: bool = True, hermitian: bool = False) -> Any:
        return scipy.linalg.svd(a, full_matrices=full_matrices, compute_uv=compute_uv, lapack_driver=driver)

    return svd


def turned(a: Array) -> Any:
    """Eigenvectors turned at random within every eigenspace, as another machine might return them."""
    values, vectors = scipy.linalg.eigh(a)
    rng = np.random.default_rng(7)
    cuts = np.flatnonzero(np.diff(values) > 1e-9 * max(1e-300, np.abs(values).max())) + 1
    parts = []
    for columns in np.split(np.arange(len(values)), cuts):
        g = rng.standard_normal((len(columns),) * 2)
        if np.iscomplexobj(vectors):
            g = g + 1j * rng.standard_normal(g.shape)
        parts.append(vectors[:, columns] @ np.linalg.qr(g)[0])
    return np.linalg._linalg.EighResult(values, np.concatenate(parts, axis=1))


def solved(case: str) -> Array:
    for cached in (legs.solve_atom, legs._solve_product, decompose.catalogue, sample.sample_of, unitary._closing):
        cached.cache_clear()
    signature, group = CASES[case]
    return symc.solve(signature, groups={"G": group}).dense()


@pytest.mark.parametrize("eigh", [eigh_by("ev"), eigh_by("evr"), turned], ids=["ev", "evr", "turned"])
@pytest.mark.parametrize("case", CASES)
def test_drivers_agree(case: str, eigh: Callable[[Array], Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SYMC_CACHE", "off")
    monkeypatch.setattr(nullspace, "DENSE", 64)  # so that one case is a sparse one
    first = solved(case)
    monkeypatch.setattr(np.linalg, "eigh", eigh)
    monkeypatch.setattr(np.linalg, "svd", svd_by("gesvd"))
    second = solved(case)
    assert first.shape == second.shape
    np.testing.assert_allclose(second, first, atol=1e-9)
