"""The cases of `solve.py`, a line each: name, dimension, how that is known, EMLP's expression, symc's signature and groups.

No dimension comes from either program. What the remarks say:

    blocks <= n    set partitions of the m legs into at most n blocks: S_n on R^n. Bell(m) when n >= m
    split          the same, and S(m, n-1) + S(m, n) more: orbits of S_n that fall in two under A_n
    tableaux       standard Young tableaux of m boxes, at most n rows: even rows (O), n odd rows as well (SO), even columns (Sp)
    weights        weights of a torus that add up to zero, or to zero modulo the order of a rotation
    Burnside       the mean over the group of the number of fixed points, or of the trace
    orbits         orbits of tuples, k-transitive where that decides it
    squares        of the multiplicities of irreducible parts, for Hom(U, U)

Expressions are evaluated with EMLP's names, this file's constants, and the two groups of `solve_peer.py`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass


@dataclass(frozen=True)
class Case:
    name: str
    dim: int
    how: str
    peer: str
    signature: str
    groups: dict[str, str]


def case(name: str, dim: int, how: str, peer: str, signature: str, **groups: str) -> Case:
    return Case(name, dim, how, peer, signature, groups)


def permutations(generators: list[str]) -> str:
    return f"permutations({', '.join(map(json.dumps, generators))})"


def matrices(generators: list[list[list[float]]]) -> str:
    return f"matrices({', '.join(map(json.dumps, generators))})"


FANO = ["(0 1 2 3 4 5 6)", "(1 2)(3 6)"]  # PSL(2, 7) on the seven points of the Fano plane, order 168
M11 = ["(0 1 2 3 4 5 6 7 8 9 10)", "(2 6 10 7)(3 9 4 5)"]
M24 = [
    "(0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22)",
    "(2 16 9 6 8)(3 12 13 18 4)(7 17 10 11 22)(14 19 21 20 15)",
    "(0 23)(1 22)(2 11)(3 15)(4 17)(5 9)(6 19)(7 13)(8 20)(10 16)(12 21)(18 14)",
]
RUBIK = [  # quarter turns of the six faces, on the 48 facelets that move. What EMLP calls RubiksCube() is larger, all even permutations of 24 + 24
    "(0 2 7 5)(1 4 6 3)(8 32 24 16)(9 33 25 17)(10 34 26 18)",
    "(8 10 15 13)(9 12 14 11)(0 16 40 39)(3 19 43 36)(5 21 45 34)",
    "(16 18 23 21)(17 20 22 19)(5 24 42 15)(6 27 41 12)(7 29 40 10)",
    "(24 26 31 29)(25 28 30 27)(2 37 42 18)(4 35 44 20)(7 32 47 23)",
    "(32 34 39 37)(33 36 38 35)(2 8 45 31)(1 11 46 28)(0 13 47 26)",
    "(40 42 47 45)(41 44 46 43)(13 21 29 37)(14 22 30 38)(15 23 31 39)",
]
FACES = ["(0 1 2 3)", "(0 4 2 5)"]  # turning a cube, on its faces: 0 and 2 opposite, 1 and 3, 4 and 5
D4 = ["(0 1 2 3)(4 5 6 7)", "(0 4)(1 7)(2 6)(3 5)"]  # on itself
PAIRS = ["(0 1)", "(0 2)(1 3)", "(0 2 4 6)(1 3 5 7)"]  # four pairs: S(2) wr S(4) on eight points
SIGNED = [  # signed permutations of four axes
    [[-1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]],
    [[0, 1, 0, 0], [1, 0, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]],
    [[0, 0, 0, 1], [1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0]],
]
CUBE = [[[0, -1, 0], [1, 0, 0], [0, 0, 1]], [[0, 0, 1], [1, 0, 0], [0, 1, 0]]]  # the 24 rotations of a cube
PHI = (1 + 5**0.5) / 2
ICOSAHEDRON = [[[0, 0, 1], [1, 0, 0], [0, 1, 0]], [[PHI / 2, 0.5 / PHI, 0.5], [0.5 / PHI, 0.5, -PHI / 2], [-0.5, PHI / 2, 0.5 / PHI]]]  # 60 rotations
DKE4 = [[[0, -1, 0], [1, 0, 0], [0, 0, 1]], [[-1, 0, 0], [0, 1, 0], [0, 0, 1]]]  # D(4) about the z axis, with its mirrors
PIXELS = "(lambda a: Permutations([np.rot90(a).ravel(), a.T.ravel()]))(np.arange(64).reshape(8, 8))"

SUM = "100 + 50*vector(R) + 10*vector(R)^2"
TENSORS = "(lambda U: U >> U)(100*Scalar + 50*V + 10*V**2)"
MLP1 = "(w1: perm(A)*4, b1: perm(A), w2: 3*perm(A), b2: 3)"
MLP2 = "(w1: perm(A)*4, b1: perm(A), w2: perm(B)*perm(A), b2: perm(B), w3: 3*perm(B), b3: 3)"

CASES = [
    # sets
    case("S(4): V^5", 51, "blocks <= 4", "(V**5)(S(4))", "() -> perm(P)^5", P="S(4)"),
    case("S(4): V^6", 187, "blocks <= 4", "(V**6)(S(4))", "() -> perm(P)^6", P="S(4)"),
    case("S(3): V^7", 365, "blocks <= 3", "(V**7)(S(3))", "() -> perm(P)^7", P="S(3)"),
    case("S(6): V^4", 15, "Bell(4)", "(V**4)(S(6))", "() -> perm(P)^4", P="S(6)"),
    case("S(6): V^5", 52, "Bell(5)", "(V**5)(S(6))", "() -> perm(P)^5", P="S(6)"),
    case("S(10): V^4", 15, "Bell(4)", "(V**4)(S(10))", "() -> perm(P)^4", P="S(10)"),
    case("S(10): V^5", 52, "Bell(5)", "(V**5)(S(10))", "() -> perm(P)^5", P="S(10)"),
    case("S(12): V^3 -> V", 15, "Bell(4)", "(V**3 >> V)(S(12))", "perm(P)^3 -> perm(P)", P="S(12)"),
    case("S(10): V^3 -> V^3", 203, "Bell(6)", "(V**3 >> V**3)(S(10))", "perm(P)^3 -> perm(P)^3", P="S(10)"),
    case("S(32): V^2 -> V^2", 15, "Bell(4)", "(V**2 >> V**2)(S(32))", "perm(P)^2 -> perm(P)^2", P="S(32)"),
    case("S(50): V -> V", 2, "Bell(2)", "(V >> V)(S(50))", "perm(P) -> perm(P)", P="S(50)"),
    case("S(100): V -> V", 2, "Bell(2)", "(V >> V)(S(100))", "perm(P) -> perm(P)", P="S(100)"),
    case("S(1000): V -> V", 2, "Bell(2)", "(V >> V)(S(1000))", "perm(P) -> perm(P)", P="S(1000)"),
    case("S(200): bias", 1, "Bell(1)", "V(S(200))", "() -> perm(P)", P="S(200)"),
    case("A(4): V^3", 6, "5, split 1", '(V**3)(Permutations(["(0 1 2)", "(1 2 3)"]))', "() -> perm(P)^3", P="A(4)"),
    case("A(4): V^6", 342, "187, split 90 + 65", '(V**6)(Permutations(["(0 1 2)", "(1 2 3)"]))', "() -> perm(P)^6", P="A(4)"),
    case("A(5): V^5", 63, "52, split 10 + 1", '(V**5)(Permutations(["(0 1 2)", "(0 1 2 3 4)"]))', "() -> perm(P)^5", P="A(5)"),
    # finite groups, by permutations
    case("Z(64): V^2", 64, "orbits", "(V**2)(Z(64))", "() -> perm(P)^2", P="C(64)"),
    case("Z(256): V -> V", 256, "orbits", "(V >> V)(Z(256))", "perm(P) -> perm(P)", P="C(256)"),
    case("Z(12): V^3", 144, "orbits", "(V**3)(Z(12))", "() -> perm(P)^3", P="C(12)"),
    case("D(4): regular", 8, "its order", "(V >> V)(Permutations(D4))", "regular(P) -> regular(P)", P="D(4)"),
    case("D(4): 8x8 pixels", 528, "Burnside: (64^2 + 2*8^2)/8", f"(V >> V)({PIXELS})", "pixels(P, 8, 8) -> pixels(P, 8, 8)", P="D(4)"),
    case("Fano: V^4", 25, "orbits", "(V**4)(Permutations(FANO))", "() -> perm(P)^4", P=permutations(FANO)),
    case("M11: V^4", 15, "4-transitive", "(V**4)(Permutations(M11))", "() -> perm(P)^4", P=permutations(M11)),
    case("M24: V -> V", 2, "5-transitive", "(V >> V)(Permutations(M24))", "perm(P) -> perm(P)", P=permutations(M24)),
    case("M24: V^2 -> V", 5, "5-transitive", "(V**2 >> V)(Permutations(M24))", "perm(P)^2 -> perm(P)", P=permutations(M24)),
    case("Rubik: V -> V", 9, "orbits", "(V >> V)(Permutations(RUBIK))", "perm(P) -> perm(P)", P=permutations(RUBIK)),
    case("Rubik: V^2 -> V", 51, "orbits", "(V**2 >> V)(Permutations(RUBIK))", "perm(P)^2 -> perm(P)", P=permutations(RUBIK)),
    case("faces: V^2 -> V^2", 60, "Burnside: (6^4 + 9*2^4)/24", "(V**2 >> V**2)(Cube())", "perm(P)^2 -> perm(P)^2", P=permutations(FACES)),
    case("S(2) wr S(4): V^3", 11, "blocks of blocks", "(V**3)(Permutations(PAIRS))", "() -> perm(P)^3", P="wreath(S(2), S(4))"),
    # finite groups, by matrices
    case("C(8): T6 of plane", 20, "weights: C(6,3)", "T(6)(C(8))", "() -> vector(R)^6", R="C(8)"),
    case("C(8): T8 of plane", 72, "weights: C(8,4) + 2", "T(8)(C(8))", "() -> vector(R)^8", R="C(8)"),
    case("D(4): T6 of plane", 16, "half of weights: 20 + 12", "T(6)(D(4))", "() -> vector(R)^6", R="D(4)"),
    case("D(4) in space: T4", 11, "1 + 6*1 + 1*4", "T(4)(DkeR3(4))", "() -> vector(R)^4", R=matrices(DKE4)),
    case("cube: T6", 31, "Burnside: (3^6 + 15)/24", "T(6)(Matrices(CUBE))", "() -> vector(R)^6", R=matrices(CUBE)),
    case("icosahedron: T4", 3, "Burnside", "T(4)(Matrices(ICOSAHEDRON))", "() -> vector(R)^4", R=matrices(ICOSAHEDRON)),
    case("icosahedron: T6", 16, "Burnside", "T(6)(Matrices(ICOSAHEDRON))", "() -> vector(R)^6", R=matrices(ICOSAHEDRON)),
    case("signed S(4): T6", 31, "even blocks", "T(6)(Matrices(SIGNED))", "() -> vector(R)^6", R="wreath(C(2), S(4))"),
    # orthogonal
    case("SO(2): T6", 20, "weights: C(6,3)", "T(6)(SO(2))", "() -> vector(R)^6", R="SO(2)"),
    case("O(2): T6", 10, "tableaux", "T(6)(O(2))", "() -> vector(R)^6", R="O(2)"),
    case("SO(3): T5", 6, "tableaux", "T(5)(SO(3))", "() -> vector(R)^5", R="SO(3)"),
    case("SO(3): T6", 15, "tableaux", "T(6)(SO(3))", "() -> vector(R)^6", R="SO(3)"),
    case("SO(3): T7", 36, "tableaux", "T(7)(SO(3))", "() -> vector(R)^7", R="SO(3)"),
    case("SO(3): T8", 91, "tableaux", "T(8)(SO(3))", "() -> vector(R)^8", R="SO(3)"),
    case("O(3): V^3 -> V^3", 15, "tableaux", "(V**3 >> V**3)(O(3))", "vector(R)^3 -> vector(R)^3", R="O(3)"),
    case("SO(4): T6", 25, "tableaux: 15 + 10", "T(6)(SO(4))", "() -> vector(R)^6", R="SO(4)"),
    case("O(5): T4", 3, "tableaux", "T(4)(O(5))", "() -> vector(R)^4", R="O(5)"),
    case("O(5): T6", 15, "tableaux", "T(6)(O(5))", "() -> vector(R)^6", R="O(5)"),
    case("SO(5): T5", 1, "determinant", "T(5)(SO(5))", "() -> vector(R)^5", R="SO(5)"),
    case("SO(10): T4", 3, "tableaux", "T(4)(SO(10))", "() -> vector(R)^4", R="SO(10)"),
    # indefinite, symplectic, linear
    case("SO(1,3): T4", 4, "as SO(4): 3 + 1", "T(4)(SO13p())", "() -> vector(R)^4", R="SO(1,3)"),
    case("SO(1,3): T6", 25, "as SO(4)", "T(6)(SO13p())", "() -> vector(R)^6", R="SO(1,3)"),
    case("O(1,3): T4", 3, "as O(4)", "T(4)(O13())", "() -> vector(R)^4", R="O(1,3)"),
    case("O(1,3): T6", 15, "as O(4)", "T(6)(O13())", "() -> vector(R)^6", R="O(1,3)"),
    case("O(1,1): T6", 10, "as O(2)", "T(6)(O11())", "() -> vector(R)^6", R="O(1,1)"),
    case("Sp(2): T6", 5, "tableaux: Catalan(3)", "T(6)(Sp(1))", "() -> vector(R)^6", R="Sp(2)"),
    case("Sp(4): T4", 3, "tableaux", "T(4)(Sp(2))", "() -> vector(R)^4", R="Sp(4)"),
    case("Sp(4): T6", 14, "tableaux: 15 - 1", "T(6)(Sp(2))", "() -> vector(R)^6", R="Sp(4)"),
    case("SL(2): T(6,0)", 5, "tableaux 3+3", "T(6)(SL(2))", "() -> vector(R)^6", R="SL(2)"),
    case("SL(3): T(3,0)", 1, "determinant", "T(3)(SL(3))", "() -> vector(R)^3", R="SL(3)"),
    case("SL(3): T(6,0)", 5, "tableaux 2+2+2", "T(6)(SL(3))", "() -> vector(R)^6", R="SL(3)"),
    case("GL(3): T(2,2)", 2, "2!", "T(2, 2)(GL(3))", "vector(R)^2 -> vector(R)^2", R="GL(3)"),
    case("GL(3): T(3,3)", 6, "3!", "T(3, 3)(GL(3))", "vector(R)^3 -> vector(R)^3", R="GL(3)"),
    # unitary, counted over C
    case("SU(2): V -> V^5", 5, "tableaux 3+2", "(V >> V**5)(SU(2))", "vector(R) -> vector(R)^5", R="SU(2)"),
    case("SU(3): V -> V*^2", 1, "determinant", "(V >> V.T**2)(SU(3))", "vector(R) -> dual(vector(R))^2", R="SU(3)"),
    case("SU(3): T(2,2)", 2, "2!", "T(2, 2)(SU(3))", "vector(R)^2 -> vector(R)^2", R="SU(3)"),
    case("SU(3): T(3,3)", 6, "3!", "T(3, 3)(SU(3))", "vector(R)^3 -> vector(R)^3", R="SU(3)"),
    case("U(2): T(2,2)", 2, "2!", "T(2, 2)(U(2))", "vector(R)^2 -> vector(R)^2", R="U(2)"),
    case("U(2): T(3,3)", 5, "3! - 1", "T(3, 3)(U(2))", "vector(R)^3 -> vector(R)^3", R="U(2)"),
    # sums with multiplicities, U = 100 T0 + 50 T1 + 10 T2
    case("SO(3): U -> U", 15800, "110^2 + 60^2 + 10^2", f"{TENSORS}(SO(3))", f"{SUM} -> {SUM}", R="SO(3)"),
    case("O(3): U -> U", 14800, "110^2 + 50^2 + 10^2 + 10^2", f"{TENSORS}(O(3))", f"{SUM} -> {SUM}", R="O(3)"),
    case("S(4): U -> U", 35500, "170^2 + 80^2 + 10^2 + 10^2", f"{TENSORS}(S(4))", f"{SUM} -> {SUM}", R="S(4)"),
    # products
    case("Z(8) x S(5): V -> V", 16, "8 * 2", "(V >> V)(Z(8)*S(5))", "perm(C)*perm(P) -> perm(C)*perm(P)", C="C(8)", P="S(5)"),
    case(
        "S(10) x SO(3): V -> V", 2, "2 * 1", "(lambda U: U >> U)(V(S(10))*V(SO(3)))", "perm(P)*vector(R) -> perm(P)*vector(R)", P="S(10)", R="SO(3)"
    ),
    case(
        "S(5) x SO(3): V -> V^2", 5, "Bell(3) * 1", "(lambda U: U >> U**2)(V(S(5))*V(SO(3)))", "perm(P)*vector(R) -> (perm(P)*vector(R))^2",
        P="S(5)", R="SO(3)",
    ),
    case("MLP 4-8-3 weights", 185, "8*8*2 + 2*8*3 + 3*3", "(lambda U: U >> U)(8*V + 3*Scalar)(S(8))", f"{MLP1} -> {MLP1}", A="S(8)"),
    case(
        "MLP 4-5-6-3 weights", 231, "13^2 + 6^2 + 5^2 + 1", "(lambda U: U >> U)(5*V(S(5)) + V(S(6))*V(S(5)) + 4*V(S(6)) + 3*Scalar)",
        f"{MLP2} -> {MLP2}", A="S(5)", B="S(6)",
    ),
]  # fmt: skip
