"""Known dimensions, and known traps, for every constructor of the language: as signatures, the way they are written."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import symc
from symc.diagnostics import DiagnosticError

Q8 = "matrices([[0,-1,0,0],[1,0,0,0],[0,0,0,-1],[0,0,1,0]], [[0,0,-1,0],[0,0,0,1],[1,0,0,0],[0,-1,0,0]])"  # left multiplication by i and j
PGL = 'subgroup(G, "(0 1 2 3 4)", "(1 2 4 3)", "(5 0)(1 4)")'  # transitive on 6 points, and isomorphic to S(5)
TWIST = "matrices([[3, -2], [4, -3]], [[1, 0], [4, -1]])"

IRREPS = [
    ("irreps(R, 0..3) -> irreps(R, 0..3)", {"R": "SO(3)"}, 4),
    ('irreps(R, "16x0e + 8x1o") -> irreps(R, "16x0e + 8x1o")', {"R": "O(3)"}, 320),
    ("irrep(R, 2)*irrep(R, 3) -> irrep(R, 4)", {"R": "SO(3)"}, 1),
    ("irrep(R, 2)*irrep(R, 3) -> irrep(R, 6)", {"R": "SO(3)"}, 0),
    ('irrep(R, "1o")*irrep(R, "1o") -> irrep(R, "1e")', {"R": "O(3)"}, 1),
    ('irrep(R, "1o")*irrep(R, "1o") -> irrep(R, "1o")', {"R": "O(3)"}, 0),
    ("irrep(R, 1) -> vector(R)", {"R": "SO(3)"}, 1),
    ('irrep(R, "1/2")*irrep(R, 1) -> irrep(R, "3/2")', {"R": "SU(2)"}, 1),
    ('irrep(R, "1/2") -> vector(R)', {"R": "SU(2)"}, 1),
    ('real(irrep(R, "1/2")) -> real(irrep(R, "1/2"))', {"R": "SU(2)"}, 4),
    ("irrep(R, 1) -> irrep(R, 1)", {"R": "U(1)"}, 1),
    ("irrep(R, 1) -> conj(irrep(R, 1))", {"R": "U(1)"}, 0),
    ("real(irrep(R, 1)) -> real(irrep(R, 1))", {"R": "U(1)"}, 2),
    ("irrep(R, 2)*irrep(R, 3) -> irrep(R, 5)", {"R": "SO(2)"}, 2),
    ("irrep(R, 2)*irrep(R, 3) -> irrep(R, 4)", {"R": "SO(2)"}, 0),
    ("irrep(R, 2)*irrep(R, 3) -> irrep(R, 1)", {"R": "O(2)"}, 1),
    ("irrep(R, 2) -> irrep(R, 2)", {"R": "C(5)"}, 2),
    ("irrep(R, 2) -> irrep(R, 2)", {"R": "D(5)"}, 1),
    ("irrep(R, 2) -> irrep(R, 2)", {"R": "C(4)"}, 1),
    ("irreps(R, 0..2) -> regular(R)", {"R": "C(5)"}, 5),
    ("irrep(P, [3, 1])^2 -> irrep(P, [2, 2])", {"P": "S(4)"}, 1),
    ("irrep(P, [2, 1, 1])*irrep(P, [3, 1]) -> sign(P)", {"P": "S(4)"}, 1),
    ("irrep(P, [3, 2]) -> irrep(P, [2, 2, 1])*sign(P)", {"P": "S(5)"}, 1),
    ("irrep(P, [3, 1]) -> perm(P)", {"P": "S(4)"}, 1),
    ("irrep(P, [4]) -> 1", {"P": "S(4)"}, 1),
    ("irrep(P, [1, 1, 1, 1]) -> sign(P)", {"P": "S(4)"}, 1),
]
POWERS = [
    ("sym(vector(R), 2) -> sym(vector(R), 2)", {"R": "O(3)"}, 2),
    ("sym(vector(R), 2) -> sym(vector(R), 2)", {"R": "GL(3)"}, 1),
    ("alt(vector(R), 2) -> vector(R)", {"R": "SO(3)"}, 1),
    ("alt(vector(R), 2) -> vector(R)", {"R": "O(3)"}, 0),
    ("alt(vector(R), 2) -> sign(R)*vector(R)", {"R": "O(3)"}, 1),
    ("alt(vector(R), 2) -> alt(vector(R), 2)", {"R": "SO(4)"}, 2),
    ("alt(vector(R), 3) -> det(R)", {"R": "GL(3)"}, 1),
    ("vector(R)^3 -> det(R)", {"R": "GL(3)"}, 1),
    ("det(R)*dual(det(R)) -> 1", {"R": "GL(2)"}, 1),
    ("det(R) -> 1", {"R": "GL(2)"}, 0),
    ("det(R) -> 1", {"R": "SL(2)"}, 1),
    ("traceless(vector(R), 3) -> traceless(vector(R), 3)", {"R": "O(3)"}, 1),
    ("traceless(vector(R), 2) -> sym(vector(R), 2)", {"R": "O(1, 3)"}, 1),
    ("traceless(vector(R), 2) -> irrep(R, 2)", {"R": "SO(3)"}, 1),
    ("sym(vector(A)*vector(B), 2) -> sym(vector(A)*vector(B), 2)", {"A": "O(3)", "B": "O(2)"}, 5),
    ("sym(perm(P), 2) -> 1", {"P": "S(7)"}, 2),
    ("alt(perm(P), 2) -> perm(P)", {"P": "S(7)"}, 1),
    ("alt(perm(P), 2) -> sign(P)*alt(perm(P), 5)", {"P": "S(7)"}, 2),
]
CLASSICAL = [
    ("vector(R)^3 -> vector(R)^3", {"R": "Sp(6)"}, 15),
    ("vector(R)^3 -> vector(R)^3", {"R": "Sp(4)"}, 14),
    ("vector(R)^2 -> vector(R)^2", {"R": "Sp(n)"}, 3),
    ("vector(R) -> dual(vector(R))", {"R": "Sp(4)"}, 1),
    ("vector(R) -> dual(vector(R))", {"R": "GL(4)"}, 0),
    ("vector(R) -> conj(vector(R))", {"R": "U(3)"}, 0),
    ("vector(R) -> conj(vector(R))", {"R": "SU(2)"}, 1),
    ("vector(R)^3 -> 1", {"R": "SL(3)"}, 1),
    ("vector(R)^4 -> vector(R)", {"R": "SL(3)"}, 3),
    ("vector(R)^5 -> vector(R)^5", {"R": "SL(2)"}, 42),
    ("vector(R)^4*dual(vector(R))^3 -> vector(R)", {"R": "GL(4)"}, 24),
    ("vector(R)*conj(vector(R)) -> 1", {"R": "U(n)"}, 1),
    ("(vector(R)*conj(vector(R)))^3 -> 1", {"R": "SU(3)"}, 6),
    ("vector(R)^3 -> complex(1)", {"R": "SU(3)"}, 1),
    ("vector(R)^2 -> vector(R)^2", {"R": "O(1, 3)"}, 3),
    ("vector(R)^2 -> vector(R)^2", {"R": "SO(1, 3)"}, 4),
    ("vector(R) -> vector(R)", {"R": "SO(1, 1)"}, 2),
    ("vector(R) -> vector(R)", {"R": "O(1, 1)"}, 1),
    ("vector(R)^2 -> vector(R)^2", {"R": "O(2, 1, 1)"}, 3),
    ("vector(R) -> vector(R)", {"R": "O(3, 0, 1)"}, 1),
    ("real(vector(G)) -> real(vector(G))", {"G": "U(2)"}, 2),
    ("real(vector(G)) -> real(vector(G))", {"G": "SU(2)"}, 4),
    ("complex(vector(G)) -> complex(vector(G))", {"G": "O(2)"}, 1),
    ("complex(vector(G)) -> complex(vector(G))", {"G": "SO(2)"}, 2),
]
MADE = [
    ("vector(P)^2 -> vector(P)^2", {"P": "wreath(C(2), S(n))"}, 4),
    ("perm(P) -> perm(P)", {"P": "wreath(S(q), S(n))"}, 3),
    ("vector(P)^2 -> vector(P)^2", {"P": "wreath(O(3), S(n))"}, 6),
    ("vector(M) -> vector(M)", {"M": "E(3)"}, 1),
    ("vector(R)^2 -> vector(R)^2", {"R": "semidirect(T(3), GL(3), by=vector(GL(3)))"}, 2),
    ("vector(R) -> vector(R)", {"R": "lie([[0, -1], [1, 0]])"}, 2),
    ("vector(R) -> vector(R)", {"R": "lie([[0, 1], [0, 0]])"}, 2),
    ("vector(R)^2 -> vector(R)^2", {"R": "lie([[1, 2], [0, -1]], [[0, 3], [0, 0]], [[1, 2], [1, -1]])"}, 2),
    ("rep(R, [[0, 1], [1, 0]], [1, 0]) -> 1", {"R": "generated(2)"}, 1),
    ('rep(R, [1, 2, 0], "(0 1)") -> rep(R, [1, 2, 0], "(0 1)")', {"R": "generated(2)"}, 2),
    ("rep(R, [[0, -1], [1, 0]]) -> rep(R, [[0, -1], [1, 0]])", {"R": "generated(1)"}, 2),
    ("rep(R, algebra=[[[0, -1], [1, 0]]]) -> rep(R, algebra=[[[0, -1], [1, 0]]])", {"R": "generated(0, algebra=1)"}, 2),
    ("rep(R, algebra=[[[0, 2], [-2, 0]]]) -> vector(R)", {"R": "SO(2)"}, 0),
    ("rep(R, algebra=[[[1, -2], [1, -1]]]) -> vector(R)", {"R": "SO(2)"}, 2),
    ("rep(R, [[-1]], [[1]]) -> 1", {"R": "S(3)"}, 0),
    ("restrict(vector(R), H) -> restrict(vector(R), H)", {"R": "SO(3)", "H": "subgroup(R, SO(2))"}, 3),
    ("restrict(irrep(R, 2), H) -> irreps(H, 0..3)", {"R": "SO(3)", "H": "subgroup(R, SO(2))"}, 5),
    ("induce(vector(H), G) -> induce(vector(H), G)", {"G": "O(3)", "H": "subgroup(G, SO(3))"}, 2),
    ("cosets(G, H) -> cosets(G, H)", {"G": "S(6)", "H": "subgroup(G, S(4))"}, 7),
    ("cosets(G, H) -> perm(G)", {"G": "S(4)", "H": 'subgroup(G, "(0 1 2 3)")'}, 1),
    ("induce(sign(H), G) -> induce(sign(H), G)", {"G": "D(4)", "H": 'subgroup(G, "(1 3)")'}, 3),
    ("cosets(G, H) -> cosets(G, H)", {"G": "C(4)", "H": 'subgroup(G, "(0 2)(1 3)")'}, 2),
    ("cosets(G, H) -> cosets(G, H)", {"G": "matrices([[0,-1],[1,0]],[[1,0],[0,-1]])", "H": "subgroup(G, [[-1,0],[0,-1]])"}, 4),
    ("cosets(G, H) -> cosets(G, H)", {"G": "matrices([[0,-1],[1,0]],[[1,0],[0,-1]])", "H": "subgroup(G, [[0,1],[1,0]])"}, 3),
    ("regular(G) -> perm(G)", {"H": "C(2)", "G": "semidirect(C(1), H, by=rep(H, [[-1]]))"}, 1),
    ("real(rep(G, complex([[1]],[[0]]))) -> real(rep(G, complex([[1]],[[0]])))", {"G": "C(2)"}, 4),  # complex as it is written
    ("real(rep(G, complex([[1]],[[0]]), complex([[-1]],[[0]]))) -> 3*sign(G)", {"G": "D(1)"}, 6),
    ("restrict(vector(G), H) -> restrict(vector(G), H)", {"G": "SO(3)", "H": "subgroup(G, algebra=[[[0,1,0],[-1,0,0],[0,0,0]]])"}, 3),
]
TRAPS = [
    ("vector(G) -> vector(G)", {"G": Q8}, 4),  # quaternionic: four real maps, though it is irreducible
    ("vector(G)^2 -> 1", {"G": Q8}, 4),
    ("vector(G) -> vector(G)", {"G": "matrices([[0, -1], [1, 0]])"}, 2),  # complex
    ("perm(G) -> cosets(G, H)", {"G": "S(6)", "H": PGL}, 1),  # both of degree 6 and doubly transitive, related by an outer automorphism
    ("cosets(G, H) -> cosets(G, H)", {"G": "S(6)", "H": PGL}, 2),
    ("perm(G) -> restrict(perm(P), G)", {"P": "S(5)", "G": "subgroup(P, A(5))"}, 2),
    ("irrep(P, [2, 1])*sign(P) -> irrep(P, [2, 1])", {"P": "S(3)"}, 1),  # its own times the sign
    ("irrep(P, [3, 1])*sign(P) -> irrep(P, [3, 1])", {"P": "S(4)"}, 0),
    ("vector(G) -> vector(G)", {"G": TWIST}, 1),  # two involutions whose product is unipotent
    ("vector(G)^2 -> vector(G)^2", {"G": "matrices([[2, 0], [0, 3]])"}, 6),  # powers of 2 and 3 agree where the exponents do
    ("vector(G)*dual(vector(G)) -> 1", {"G": "matrices([[1, 1], [0, 1]])"}, 2),
    ("dual(vector(G)) -> vector(G)", {"G": "matrices([[1, 1], [0, 1]])"}, 2),
    ("vector(G) -> regular(G)", {"G": "semidirect(C(2), C(2), by=rep(C(2), [[-1]]))"}, 1),  # one group, though translations leave vectors alone
    ("rep(G, [[1]], [[1]]) -> 1", {"G": "S(5)"}, 1),  # not faithful
    ("rep(G, [[0, 1], [1, 0]], [[0, 1], [1, 0]]) -> sign(G)", {"G": "S(4)"}, 1),
    ("vector(A)*vector(B) -> vector(B)*vector(A)", {"A": "O(3)", "B": "O(3)"}, 1),  # equal groups of two names act apart
    ("vector(A) -> vector(B)", {"A": "O(3)", "B": "O(3)"}, 0),
    ("perm(A) -> perm(B)", {"A": "S(3)", "B": "S(3)"}, 1),
]
POINTS_TABLE = [
    ("point(M) -> point(M)", {"M": "E(3)"}, 0),
    ("5*point(M) -> 2*point(M)", {"M": "E(3)"}, 8),
    ("perm(P)*point(M) -> point(M)", {"M": "E(3)", "P": "S(n)"}, 0),
    ("perm(P)*point(M) -> perm(P)*point(M)", {"M": "E(3)", "P": "S(n)"}, 1),
    ("2*perm(P)*point(M) -> perm(P)*point(M)", {"M": "E(3)", "P": "S(n)"}, 3),
    ("perm(P)*point(M) -> perm(P)*vector(M)", {"M": "E(3)", "P": "S(n)"}, 1),
    ("2*point(M) -> 3", {"M": "T(2)"}, 6),
    ("2*point(M) -> point(M)", {"M": "T(2)"}, 4),
]
CASES = IRREPS + POWERS + CLASSICAL + MADE + TRAPS + POINTS_TABLE


@pytest.mark.parametrize(("signature", "groups", "dim"), CASES, ids=[f"{signature}, {groups}" for signature, groups, _ in CASES])
def test_dimension(signature: str, groups: dict[str, str], dim: int) -> None:
    found = symc.solve(signature, groups=groups)
    assert found.dim == dim
    assert found.certificate.expected in (dim, None)
    assert found.certificate.residual <= 1e-12
    if not found.free and found.dim:
        stack = found.dense()
        assert stack.shape[0] == dim


@pytest.mark.parametrize("angle", ["0.8660254", "0.86602540"])
def test_rounded_generators_are_refused_by_name(angle: str) -> None:
    with pytest.raises(DiagnosticError, match="G is given by inexact matrices"):
        symc.solve("vector(G)^2 -> vector(G)^2", groups={"G": f"matrices([[{angle}, -0.5], [0.5, {angle}]])"})


def test_all_digits_are_enough() -> None:
    group = "matrices([[0.8660254037844386, -0.5], [0.5, 0.8660254037844386]])"
    assert symc.solve("vector(G)^2 -> vector(G)^2", groups={"G": group}).dim == 6


@pytest.mark.parametrize("size", ["1e-7", "1000"])
def test_how_long_an_algebra_generator_is_does_not_matter(size: str) -> None:
    assert symc.solve("vector(G)^2 -> vector(G)^2", groups={"G": f"lie([[0, -{size}], [{size}, 0]])"}).dim == 6


def test_symmetries_of_a_graph(tmp_path: Path) -> None:
    """A path of three: the ends may be swapped."""
    graph = {"nodes": [{"id": 0}, {"id": 1}, {"id": 2}], "links": [{"source": 0, "target": 1}, {"source": 1, "target": 2}]}
    (tmp_path / "path.json").write_text(json.dumps(graph))
    (tmp_path / "m.sym").write_text('group G = automorphisms("path.json")\nmodel M(x: perm(G)) -> perm(G):\n    return linear(x)\n')
    net = symc.compile(str(tmp_path / "m.sym"))
    assert sum(parameter.numel() for name, parameter in net.named_parameters() if name.endswith("weight")) == 5
