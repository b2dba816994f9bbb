"""What the algebra refuses reaches whoever writes a spec as E0323, where it stands, with what is wrong and a way out."""

from __future__ import annotations

import pytest

import symc
from symc.diagnostics import DiagnosticError

PAIR = "write `perm(A) * perm(B)` (tensor product)"
CASES: list[tuple[dict[str, str], str, str, str]] = [  # groups, signature, what is wrong, a way out
    ({"G": "Sp(3)"}, "vector(G) -> 1", "Sp(3): symplectic matrices are of even size", "write Sp(2) or Sp(4)"),
    ({"G": "wreath(C(2), C(3))"}, "perm(G) -> 1", "the blocks are permuted by S(n)", "write wreath(C(2), S(n))"),
    ({"G": "semidirect(S(3), C(2), by=sign(S(3)))"}, "vector(G) -> 1", "what is turned is T(n)", "write semidirect(T(3), GL(3)"),
    ({"H": "generated(1)", "G": "semidirect(C(7), H, by=rep(H, [[2]]))"}, "perm(G) -> 1", "elements of H are not known", "such as C(3)"),
    ({"G": "S(4)", "H": "subgroup(G, D(2))"}, "cosets(G, H) -> 1", "D(2) is no subgroup of G in a usual way", "or give generators"),
    ({"G": "D(2)", "H": 'subgroup(G, "(0 1)")'}, "cosets(G, H) -> 1", "not told apart by the points", "name what turns it"),
    ({"G": "A(4)", "H": 'subgroup(G, "(0 1)")'}, "cosets(G, H) -> 1", "(0 1), is no element of G", ""),
    ({"G": "S(4)"}, "irrep(G, [3]) -> 1", "G has no irreducible representation [3]", "a partition of n, such as [3, 1]"),
    ({"G": "O(3)"}, 'irrep(G, "1") -> 1', 'G has no irreducible representation "1"', 'such as "1o" or "2e"'),
    ({"G": "D(4)"}, "irrep(G, 2) -> 1", "G has no irreducible representation 2", '"n/2+"'),
    ({"G": "U(2)"}, "irrep(G, 1) -> 1", "have no labels here", "use vector, sym, alt"),
    ({"G": "C(4)"}, "sign(G) -> 1", "its elements turn without reflecting", "write trivial(G)"),
    ({"G": "semidirect(C(3), C(2), by=rep(C(2), [[-1]]))"}, "sign(G) -> 1", "C(2), which turns its translations, has none", "write det(G)"),
    ({"G": "SU(2)"}, "sign(G) -> 1", "neither given by permutations nor by real matrices", "write det(G)"),
    ({"G": "O(3)"}, "alt(vector(G), 4) -> 1", "has no coordinates", "take a power of at most 3"),
    ({"G": "O(1)"}, "traceless(vector(G), 2) -> 1", "has no coordinates", "take sym"),
    ({"G": "GL(n)"}, "traceless(vector(G), 2) -> 1", "keeps no form that is known", "use an orthogonal representation, or sym"),
    ({"G": "U(2)"}, "real(vector(G)*vector(G)) -> 1", "several axes are complex", "write real((vector(G)*vector(G)))"),
    ({"G": "E(3)"}, "dual(point(G)) -> 1", "points have no dual", "take a difference of points, a vector"),
    ({"G": "O(3)"}, "point(G) -> 1", "G has no translations of R^n", "use E(n), SE(n), T(n)"),
    ({"G": "SE(2)"}, "rep(G, algebra=[[[1]], [[0]], [[0]]]) -> 1", "of a translation, is not zero", "use point(G)"),
    ({"G": "S(3)"}, "rep(G, [[-1]], [[-1]]) -> 1", "is no representation", "give every generator its image, exactly"),
    ({"G": "generated(2)"}, "vector(G) -> 1", "G has no matrices of its own", "an image for every generator"),
    ({"G": "S(4)"}, "induce(perm(G), G) -> 1", "is no representation of a subgroup of G", "declare it: group H = subgroup(G, ...)"),
    ({"G": "S(4)", "H": "subgroup(G, S(3))"}, "induce(trivial(H), G) -> 1", "nothing acts on 1", "which is cosets(G, H)"),
    ({"G": "E(3)", "H": "subgroup(G, SE(3))"}, "restrict(point(G), H) -> 1", "points are not restricted", "write point(H)"),
    ({"A": "S(3)", "B": "S(4)", "H": "subgroup(A * B, S(3))"}, "perm(H) -> 1", "subgroups are of one group", "write `subgroup(A, ...)`"),
    ({"A": "S(3)", "B": "S(4)", "H": "subgroup(B, S(3))"}, "cosets(A * B, H) -> 1", "subgroups are of one group", "write `cosets(B, H)`"),
    ({"A": "S(3)", "B": "S(4)", "H": "subgroup(B, S(3))"}, "induce(perm(H), A * B) -> 1", "subgroups are of one group", "write `induce(..., B)`"),
    ({"G": "wreath(S(2), S(3))", "H": 'subgroup(G, "(0 2)")'}, "perm(H) -> 1", "(0 2), is no element of G", ""),
    ({"G": "wreath(A(3), S(2))", "H": 'subgroup(G, "(0 1)")'}, "perm(H) -> 1", "(0 1), is no element of G", ""),
    ({"G": "wreath(D(2), S(2))", "H": 'subgroup(G, "(0 1)")'}, "perm(H) -> 1", "neither permutations nor matrices", ""),
    ({"A": "S(3)", "B": "S(4)"}, "irrep(A * B, [3]) -> 1", "irrep of one is ambiguous", "write `irrep(A, ...) * irrep(B, ...)`"),
    ({"G": "SO(1)"}, "rep(G) -> 1", "G has no generators", "write trivial(G)"),
    ({"G": "S(4)"}, "restrict(perm(G), G) -> 1", "G is no subgroup of another group", "declare it: group H = subgroup(G, ...)"),
    ({"G": "SO(3)", "H": "subgroup(G, SO(2))"}, "cosets(G, H) -> 1", "cannot be listed", ""),
    ({"A": "S(3)", "B": "C(2)", "G": "A * B"}, "perm(G) -> 1", "perm of one is ambiguous", PAIR),
]


@pytest.mark.parametrize(("groups", "signature", "message", "help"), CASES, ids=[f"{groups}, {signature}" for groups, signature, _, _ in CASES])
def test_refused(groups: dict[str, str], signature: str, message: str, help: str) -> None:
    with pytest.raises(DiagnosticError) as caught:
        symc.solve(signature, groups=groups)
    (found,) = caught.value.diagnostics
    assert found.code == "E0323"
    assert message in found.title
    assert found.primary is not None
    assert any(help in text for text in found.helps) or not help
