"""Which way a problem goes: closed forms first, then orbits, isotypic, what lies beyond reductive groups, null spaces; limits before allocation."""

from __future__ import annotations

import tracemalloc

import pytest

import symc
from symc.diagnostics import DiagnosticError
from symc.passes.solve.strategies import CLOSED_FORMS, COMPUTED

M11 = 'permutations("(0 1 2 3 4 5 6 7 8 9 10)", "(2 6 10 7)(3 9 4 5)")'
SHEAR = "matrices([[1, 1], [0, 1]])"
WAYS = [
    ("S(n)", "perm(G)^2 -> perm(G)", "partition diagrams"),
    ("S(5)", "perm(G)*sign(G)^2 -> perm(G)", "partition diagrams"),
    ("S(3)", "perm(G)^2 -> sign(G)", "orbits"),  # an odd number of signs, and few points
    ("S(4)", "irrep(G, [2, 2]) -> perm(G)^2", "isotypic"),
    ("A(3)", "perm(G)^2 -> perm(G)", "partition and jellyfish diagrams"),
    ("wreath(C(2), S(n))", "vector(G)^2 -> vector(G)^2", "even partition diagrams"),
    ("wreath(S(2), S(n))", "perm(G) -> perm(G)", "nested diagrams"),
    ("O(n)", "vector(G)^2 -> vector(G)^2", "Brauer diagrams"),
    ("SO(3)", "vector(G)^2 -> vector(G)", "Brauer diagrams"),
    ("SO(3)", "irrep(G, 2) -> vector(G)^2", "isotypic"),
    ("Sp(n)", "vector(G)^2 -> vector(G)^2", "symplectic Brauer diagrams"),
    ("GL(n)", "vector(G)^2 -> vector(G)^2", "walled Brauer diagrams"),
    ("U(n)", "vector(G) -> vector(G)", "walled Brauer diagrams"),
    ("C(4)", "vector(G) -> perm(G)", "orbits"),  # quarter turns permute, up to sign
    ("C(5)", "vector(G) -> perm(G)", "isotypic"),
    ("O(1, 3)", "vector(G) -> vector(G)", "Schur's lemma"),
    ("O(1, 3)", "vector(G)^2 -> vector(G)^2", "isotypic"),
    ("O(2, 0, 1)", "vector(G) -> vector(G)", "isotypic, then the unipotent part"),
    (SHEAR, "vector(G) -> vector(G)", "nullspace"),
    ("C(3)", "2 -> 3", "all matrices"),
    ("O(3)", "vector(G) -> 1", "no map"),
]


@pytest.mark.parametrize(("group", "signature", "method"), WAYS)
def test_the_first_way_that_fits(group: str, signature: str, method: str) -> None:
    assert symc.solve(signature, groups={"G": group}).method == method


def test_the_order() -> None:
    names = [strategy.__name__ for strategy in (*CLOSED_FORMS, *COMPUTED)]
    assert names[-7:] == ["schur", "clebsch_gordan", "refuse_large", "signed_orbits", "by_levi_factor", "isotypic", "nullspace"]
    assert all(name.endswith("_diagrams") for name in names[:-7])


def test_groups_are_solved_apart_and_legs_that_tie_them_together() -> None:
    apart = symc.solve("perm(G)*vector(H) -> perm(G)*vector(H)", groups={"G": "S(4)", "H": "O(3)"})
    assert (apart.dim, apart.method) == (2, "partition diagrams + Brauer diagrams")
    tied = symc.solve("sym(perm(G)*vector(H), 2) -> 1", groups={"G": "S(3)", "H": "O(2)"})
    assert (tied.dim, tied.method) == (2, "isotypic")  # sums over one point, and over two: of x.x and of x.y


REFUSED = [
    ("E0401", "perm(G) -> perm(G)", "C(n)", None),
    ("E0401", "perm(G) -> perm(G)^2", "D(n)", None),
    ("E0404", "vector(G)^8 -> vector(G)^8", SHEAR, None),
    ("E0501", "sym(vector(G), 8) -> sym(vector(G), 8)", "SO(3)", 10**5),
    ("E0501", "perm(G)*100 -> perm(G)*100", "S(4)", 10**4),
    ("E0502", "perm(G)^6 -> perm(G)^6", "S(20)", None),
    ("E0502", "vector(G)^8 -> vector(G)^8", "O(10)", None),
    ("E0502", "perm(G)^8 -> perm(G)^8", "C(8)", None),
]


@pytest.mark.parametrize(("code", "signature", "group", "limit"), REFUSED)
def test_what_is_refused_and_nothing_large_allocated(code: str, signature: str, group: str, limit: int | None) -> None:
    symc.solve("perm(G) -> perm(G)", groups={"G": "C(3)"})  # what is imported once does not count
    tracemalloc.start()
    try:
        with pytest.raises(DiagnosticError) as caught:
            symc.solve(signature, groups={"G": group}, memory_limit=limit)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    (found,) = caught.value.diagnostics
    assert found.code == code
    assert found.helps
    assert peak < 16 * 2**20


def test_too_many_pairs_of_summands() -> None:
    many = f"({', '.join(f'x{i}: vector(G)' for i in range(101))})"
    with pytest.raises(DiagnosticError, match=r"101 to 101 summands has 10,201 parts") as caught:
        symc.solve(f"{many} -> {many}", groups={"G": "O(3)"})
    assert caught.value.diagnostics[0].code == "E0524"
    assert symc.solve("101*vector(G) -> 101*vector(G)", groups={"G": "O(3)"}).dim == 101**2


@pytest.mark.parametrize(("limit", "method"), [(None, "orbits"), (10**5, "orbits by point stabilizers")])
def test_the_memory_limit_chooses_labels_or_a_list(limit: int | None, method: str) -> None:
    found = symc.solve("perm(G)^2 -> perm(G)^2", groups={"G": M11}, memory_limit=limit)
    assert (found.dim, found.method) == (15, method)
    if limit:
        with pytest.raises(DiagnosticError, match="more than the limit"):
            found.dense()


@pytest.mark.parametrize("limit", [0, -1, 1.5, "2G", True])
def test_a_limit_is_a_number_of_bytes(limit: object) -> None:
    with pytest.raises(DiagnosticError):
        symc.solve("perm(G) -> perm(G)", groups={"G": "S(3)"}, memory_limit=limit)  # type: ignore[arg-type]
