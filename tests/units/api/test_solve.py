"""`symc.solve`: dimensions, arrays, and numbers for free sizes."""

from __future__ import annotations

import numpy as np
import pytest

import symc
from symc import DiagnosticError
from symc.algebra.sizes import SizeError


def test_a_free_size() -> None:
    basis = symc.solve("perm(P)^2 -> perm(P)^2", groups={"P": "S(n)"})
    assert (basis.dim, basis.free) == (15, {"n"})
    assert basis.certificate.expected == 15
    assert basis.certificate.residual == 0
    assert basis.dense(n=3).shape == (15, 9, 9)
    with pytest.raises(SizeError, match=r"dense\(n=\.\.\.\)"):
        basis.dense()


@pytest.mark.parametrize(("n", "dim"), [(0, 0), (1, 1), (2, 8), (3, 14), (4, 15), (5, 15)])
def test_small_sizes_have_fewer_maps(n: int, dim: int) -> None:
    basis = symc.solve("perm(P)^2 -> perm(P)^2", groups={"P": "S(n)"}).at(n=n)
    assert (basis.dim, basis.free) == (dim, frozenset())
    assert np.linalg.matrix_rank(basis.dense().reshape(dim, -1)) == dim if dim else basis.dense().size == 0


def test_groups_and_a_source_together() -> None:
    basis = symc.solve("X*v -> X*v", groups={"P": "S(4)"}, source="group P = S(n)\ngroup R = O(3)\nrep X = perm(P)\nrep v = vector(R)\n")
    assert basis.dim == 2
    assert basis.dense().shape == (2, 12, 12)


def test_a_record_is_the_sum_of_its_entries() -> None:
    basis = symc.solve("(a: perm(P), b: 2) -> perm(P)", groups={"P": "S(3)"})
    assert basis.dim == 4
    assert basis.dense().shape == (4, 3, 5)


@pytest.mark.parametrize(("sizes", "says"), [({"m": 3}, "no free size `m`"), *(({"n": n}, "is no size") for n in (-1, 2.0, "3", True, 2**60))])
def test_numbers_that_do_not_fit(sizes: dict[str, int], says: str) -> None:
    basis = symc.solve("perm(P) -> perm(P)", groups={"P": "S(n)"})
    for ask in (basis.at, basis.dense):
        with pytest.raises(DiagnosticError, match=says):
            ask(**sizes)


def test_a_size_at_which_there_is_no_group() -> None:
    with pytest.raises(DiagnosticError, match="n = 0"):
        symc.solve("vector(R) -> vector(R)", groups={"R": "O(n)"}).at(n=0)


def test_an_array_too_large_is_refused_with_its_size() -> None:
    basis = symc.solve("perm(P)^2 -> perm(P)^2", groups={"P": "S(n)"})
    with pytest.raises(DiagnosticError, match=r"the dense basis of shape \(15, 1000000, 1000000\) would need") as error:
        basis.dense(n=1000)
    assert error.value.diagnostics[0].code == "E0501"


def test_memory_limit() -> None:
    with pytest.raises(DiagnosticError, match="more than the limit of 1 MiB"):
        symc.solve("sym(vector(R), 20) -> sym(vector(R), 20)", groups={"R": "SO(3)"}, memory_limit=2**20)
    basis = symc.solve("perm(P)^2 -> perm(P)^2", groups={"P": "S(n)"}, memory_limit=2**20)
    with pytest.raises(DiagnosticError, match="more than the limit of 1 MiB"):
        basis.dense(n=20)


def test_as_text() -> None:
    lines = str(symc.solve("perm(P) -> perm(P)", groups={"P": "S(5)"})).splitlines()
    assert lines[:3] == ["perm(P) -> perm(P)", "dim         2", "expected    2 by Burnside over cycle types"]
    assert lines[3:-1] == ["method      partition diagrams", "residual    0.0e+00", "independent triangular on index patterns"]


def test_the_repr_is_one_line() -> None:
    solution = symc.solve("perm(P)*vector(R) -> vector(R)*2", groups={"P": "S(n)", "R": "O(3)"})
    assert repr(solution) == "Solution(perm(P)*vector(R) -> vector(R)*2, dim 2, partition diagrams + Brauer diagrams)"


@pytest.mark.parametrize(
    ("signature", "group", "dtype"),
    [
        ("vector(G)^2 -> vector(G)^2", "U(2)", "complex128"),
        ("vector(G) -> vector(G)", "SU(2)", "complex128"),
        ("complex(perm(G)) -> complex(perm(G))", "S(3)", "complex128"),
        ("real(vector(G)) -> real(vector(G))", "U(2)", "float64"),
        ("perm(G) -> perm(G)", "S(3)", "float64"),
    ],
)
def test_maps_over_c_are_complex(signature: str, group: str, dtype: str) -> None:
    assert symc.solve(signature, groups={"G": group}).dense().dtype == dtype
