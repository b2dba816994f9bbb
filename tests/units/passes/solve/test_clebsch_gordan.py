"""Clebsch-Gordan coefficients in real coordinates, by what they do and beside what the general solver finds."""

from __future__ import annotations

import numpy as np
import pytest

import symc
from symc.algebra import construct as c
from symc.passes.solve import clebsch_gordan
from symc.passes.solve.certify import residual
from symc.passes.solve.isotypic import isotypic

TRIPLES = [(1, 1, 0), (1, 1, 1), (1, 1, 2), (2, 1, 2), (2, 3, 4), (3, 2, 4), (0, 2, 2), (5, 5, 3), (12, 9, 14), (20, 20, 1)]


@pytest.mark.parametrize(("l1", "l2", "l3"), TRIPLES)
def test_they_are_orthonormal_and_equivariant(l1: int, l2: int, l3: int) -> None:
    tensor = clebsch_gordan.coefficients(l1, l2, l3)
    rows = tensor.reshape(len(tensor), -1)
    np.testing.assert_allclose(rows @ rows.T, np.eye(len(rows)), atol=1e-13)
    legs = [c.irrep(c.special_orthogonal(3), l) if l else c.sym(c.vector(c.special_orthogonal(3)), 0) for l in (l1, l2, l3)]
    assert residual(tensor[None], tuple(legs[:2]), (legs[2],)) < 1e-13


def test_they_are_what_the_general_solver_finds(monkeypatch: pytest.MonkeyPatch) -> None:
    group = c.orthogonal(3)
    pair, single = (c.irrep(group, "2e"), c.irrep(group, "3o")), (c.irrep(group, "2o"),)
    monkeypatch.setattr(clebsch_gordan, "LARGE", 0)
    for source, target in ((pair, single), (single, pair)):
        known, found = (way(group, source, target, 2**30) for way in (clebsch_gordan.clebsch_gordan, isotypic))
        assert known is not None
        assert found is not None
        assert known.dim == found.dim == 1
        one, other = known.dense(), found.dense()
        np.testing.assert_allclose(one, other * np.sign(np.sum(one * other)), atol=1e-13)


def test_large_degrees() -> None:
    for signature, dim in (("irrep(G, 40)*irrep(G, 40) -> irrep(G, 40)", 1), ("irrep(G, 30) -> irrep(G, 40)*irrep(G, 9)", 0)):
        basis = symc.solve(signature, groups={"G": "SO(3)"})
        assert (basis.dim, basis.certificate.expected) == (dim, dim)
        assert basis.certificate.residual < 1e-13
    parity = symc.solve('irrep(G, "20o")*irrep(G, "20e") -> irrep(G, "20e")', groups={"G": "O(3)"})
    assert (parity.dim, parity.certificate.expected) == (0, 0)
