"""Null spaces of constraints: dense and sparse alike, against highest weights; a rank is decided where it is clear, and refused where it is not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest

import symc
from symc.algebra.hom import Array, Nullspace, Split
from symc.diagnostics import DiagnosticError
from symc.passes.solve import legs, nullspace
from symc.passes.solve.rank import DROPPED, KEPT, decide, null_rows

SHEAR = "matrices([[1, 1], [0, 1]])"
HEISENBERG = "lie([[0, 1, 0], [0, 0, 0], [0, 0, 0]], [[0, 0, 0], [0, 0, 1], [0, 0, 0]])"  # the raising operators of sl(3)
COMPLEX = "rep(G, complex([[1, 1], [0, 1]], [[0, 1], [0, 0]]))"  # a shear by 1 + i
SHEAR_RATIONAL = "matrices([[1.5, 0.5], [-0.5, 0.5]])"  # the shear in other coordinates


def components(n: int, vectors: int, duals: int) -> int:
    """The number of irreducibles of GL(n) in a product of vectors and duals: a line each that the raising operators annihilate."""
    weights = Counter({(0,) * n: 1})
    for step in (1,) * vectors + (-1,) * duals:
        found: Counter[tuple[int, ...]] = Counter()
        for weight, count in weights.items():
            for i in range(n):
                moved = (*weight[:i], weight[i] + step, *weight[i + 1 :])
                if all(a >= b for a, b in pairwise(moved)):
                    found[moved] += count
        weights = found
    return weights.total()


def solved(group: str, k: int, l: int, rep: str = "vector(G)") -> Split:
    found = symc.solve(" -> ".join(f"{rep}^{m}" if m else "1" for m in (k, l)), groups={"G": group}).basis
    assert isinstance(found, Split)
    assert isinstance(found.entries[0].basis.factors[0].basis, Nullspace)
    return found


def forget() -> None:
    legs._solve_product.cache_clear()
    legs.solve_atom.cache_clear()


@pytest.fixture
def sparsely(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Split]:
    """Solves by inverse iteration whatever the size."""

    def solve(*problem: object) -> Split:
        with monkeypatch.context() as patch:
            patch.setattr(nullspace, "DENSE", 0)
            patch.setenv("SYMC_CACHE", "off")
            forget()
            found = solved(*problem)  # type: ignore[arg-type]
        forget()
        return found

    return solve


@pytest.mark.parametrize(
    ("n", "group", "rep", "k", "l"),
    [
        *((2, SHEAR, "vector(G)", k, l) for k, l in ((1, 1), (3, 0), (3, 3), (5, 4))),
        *((3, HEISENBERG, "vector(G)", k, l) for k, l in ((1, 1), (2, 2), (2, 4))),
        *((2, "generated(1)", COMPLEX, k, l) for k, l in ((1, 1), (2, 2), (4, 3))),
    ],
    ids=lambda value: {SHEAR: "shear", HEISENBERG: "Heisenberg", COMPLEX: "complex"}.get(value, str(value)),
)
def test_dense_and_sparse_find_one_canonical_basis(n: int, group: str, rep: str, k: int, l: int, sparsely: Callable[..., Split]) -> None:
    densely, other = solved(group, k, l, rep), sparsely(group, k, l, rep)
    assert densely.dim == other.dim == components(n, l, k)
    np.testing.assert_allclose(other.dense(), densely.dense(), atol=1e-10)
    for found in (densely, other):
        assert found.certificate.residual <= 1e-12
        assert np.iscomplexobj(found.dense()) == (rep == COMPLEX)


@pytest.mark.parametrize(("n", "group", "k", "l"), [(2, SHEAR, 5, 5), (3, HEISENBERG, 3, 4)], ids=["at the threshold", "beyond it"])
def test_around_the_threshold(n: int, group: str, k: int, l: int) -> None:
    assert (n ** (k + l) > nullspace.DENSE) == (group == HEISENBERG)
    found = solved(group, k, l)
    assert found.dim == components(n, l, k)
    flat = found.dense().reshape(found.dim, -1)
    np.testing.assert_allclose(flat @ flat.T, np.eye(found.dim), atol=1e-12)
    assert found.certificate.residual <= 1e-12
    assert (found.certificate.expected, found.certificate.independent) == (found.dim, "orthonormal")


@pytest.mark.parametrize("dims", [(1, 1), (2, 1), (2, 2)])
def test_other_coordinates(dims: tuple[int, int], whole: Callable[[Split], Array]) -> None:
    found = solved(SHEAR_RATIONAL, *dims)
    assert found.dim == components(2, *dims)
    whole(found)


@pytest.mark.parametrize("digits", [6, 7, 8, 9, 10])
def test_what_hangs_on_the_digits_left_out_is_refused(digits: int) -> None:
    """A shear of thirds and sevenths: the form that it leaves alone is invariant nearly, after rounding."""
    a = [[round(x / 7, digits) for x in row] for row in ((9, 4), (-1, 5))]
    with pytest.raises(DiagnosticError, match="some constraints on them nearly hold") as caught:
        symc.solve("vector(G)^2 -> 1", groups={"G": f"matrices({a})"})
    assert caught.value.diagnostics[0].code == "E0403"


def test_too_many_unknowns_are_refused_before_anything_is_written_out() -> None:
    with pytest.raises(DiagnosticError, match="32,768 entries") as caught:
        symc.solve("vector(G)^8 -> vector(G)^7", groups={"G": SHEAR})
    assert caught.value.diagnostics[0].code == "E0404"


@pytest.mark.parametrize(
    ("values", "kept"),
    [
        ([], 0),
        ([0.0, 0.0], 0),
        ([3.0, 1.0, 0.5], 3),
        ([1.0, 1e-15, 0.0], 1),
        ([1.0, 2 * KEPT, DROPPED / 2], 2),
        ([1e6, 1.0, 1e-10], 2),  # rounding grows with the largest
        ([1e6, 1.0, 1e-8], None),  # but where it grows so much, nothing is clear
        ([1.0, KEPT / 2], None),
        ([1.0, 2 * DROPPED], None),
        ([1.0, 1e-8, 0.0], None),
        ([1e-8], None),
        ([1e-5, 1e-7], None),
    ],
)
def test_a_rank_is_decided_only_where_there_is_a_gap(values: list[float], kept: int | None) -> None:
    for order in (values, values[::-1]):
        found = decide(np.array(order))
        assert (None if found is None else found[0]) == kept
    if found is not None:
        above, below = [v for v in values if v > KEPT], [v for v in values if v <= KEPT]
        rounding = np.finfo(float).eps * max([1.0, *values])
        assert found[1] == (min(above) / max([*below, rounding]) if above else float("inf"))


@pytest.mark.parametrize("complex_", [False, True], ids=["real", "complex"])
@pytest.mark.parametrize(("rows", "unknowns", "rank"), [(0, 4, 0), (3, 7, 3), (7, 7, 5), (200, 7, 5), (200, 7, 7), (40, 9, 0)])
def test_null_rows(rows: int, unknowns: int, rank: int, complex_: bool) -> None:
    """Many conditions are combined at random first: nothing is lost."""
    rng = np.random.default_rng(2)
    left, right = rng.standard_normal((rows, rank)), rng.standard_normal((rank, unknowns))
    conditions = left @ right + (1j * (rng.standard_normal((rows, rank)) @ right) if complex_ else 0)
    found = null_rows(conditions)
    assert found is not None
    null, gap = found
    assert null.shape == (unknowns - rank, unknowns)
    assert gap > 1e8
    np.testing.assert_allclose(null @ null.conj().T, np.eye(unknowns - rank), atol=1e-12)
    assert np.abs(conditions @ null.T).max(initial=0.0) < 1e-11
