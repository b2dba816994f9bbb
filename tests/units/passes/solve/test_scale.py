"""Problems of full size: the known dimension, held symbolically or as blocks and labels, in little memory."""

from __future__ import annotations

import tracemalloc
from itertools import combinations, product

import numpy as np
import pytest

import symc
from symc.algebra.hom import AtomSpace, Diagrams, Isotypic, OrbitList, Orbits, Split

MEGA = 2**20
M24 = [
    "(0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22)",
    "(2 16 9 6 8)(3 12 13 18 4)(7 17 10 11 22)(14 19 21 20 15)",
    "(0 23)(1 22)(2 11)(3 15)(4 17)(5 9)(6 19)(7 13)(8 20)(10 16)(12 21)(18 14)",
]
RUBIK = [  # quarter turns of the six faces, on the 48 facelets that move
    "(0 2 7 5)(1 4 6 3)(8 32 24 16)(9 33 25 17)(10 34 26 18)",
    "(8 10 15 13)(9 12 14 11)(0 16 40 39)(3 19 43 36)(5 21 45 34)",
    "(16 18 23 21)(17 20 22 19)(5 24 42 15)(6 27 41 12)(7 29 40 10)",
    "(24 26 31 29)(25 28 30 27)(2 37 42 18)(4 35 44 20)(7 32 47 23)",
    "(32 34 39 37)(33 36 38 35)(2 8 45 31)(1 11 46 28)(0 13 47 26)",
    "(40 42 47 45)(41 44 46 43)(13 21 29 37)(14 22 30 38)(15 23 31 39)",
]


def permutations(generators: list[str]) -> str:
    return "permutations(" + ", ".join(f'"{one}"' for one in generators) + ")"


def weyl_group_of_e8() -> str:
    """The reflections in the simple roots, on all 240 roots (twice the usual ones, so that they are integers)."""
    axes = np.eye(8, dtype=int)
    vectors = [tuple((2 * a * axes[i] + 2 * b * axes[j]).tolist()) for i, j in combinations(range(8), 2) for a, b in product((1, -1), repeat=2)]
    vectors += [signs for signs in product((1, -1), repeat=8) if np.prod(signs) == 1]
    roots = np.array(vectors)
    place = {root: index for index, root in enumerate(vectors)}
    simple = [(1, -1, -1, -1, -1, -1, -1, 1), (2, 2, *[0] * 6), *(tuple(2 * (k == i + 1) - 2 * (k == i) for k in range(8)) for i in range(6))]
    images = [[place[tuple(row)] for row in (roots - np.outer(roots @ a // 4, a)).tolist()] for a in map(np.array, simple)]
    return f"permutations({', '.join(map(str, images))})"


CASES: dict[str, tuple[str, dict[str, str], int, type[AtomSpace], int]] = {  # signature, groups, dimension, kind, megabytes
    "S(32), 2 -> 2": ("perm(P)^2 -> perm(P)^2", {"P": "S(32)"}, 15, Diagrams, 32),
    "S(1000), 2 -> 2": ("perm(P)^2 -> perm(P)^2", {"P": "S(1000)"}, 15, Diagrams, 32),
    "S(10), 3 -> 3": ("perm(P)^3 -> perm(P)^3", {"P": "S(10)"}, 203, Diagrams, 32),
    "S(n), 4 -> 4": ("perm(P)^4 -> perm(P)^4", {"P": "S(n)"}, 4140, Diagrams, 32),
    "O(5), 4 -> 4": ("vector(R)^4 -> vector(R)^4", {"R": "O(5)"}, 105, Diagrams, 32),
    "SO(3), 6 -> 6": ("vector(R)^6 -> vector(R)^6", {"R": "SO(3)"}, 4213, Diagrams, 32),  # 18 GB densely
    "SU(3), 3x3*, 2 -> 2": ("(vector(R)*conj(vector(R)))^2 -> (vector(R)*conj(vector(R)))^2", {"R": "SU(3)"}, 23, Diagrams, 32),
    "SU(3), 3x3*, 2 -> 3": ("(vector(R)*conj(vector(R)))^2 -> (vector(R)*conj(vector(R)))^3", {"R": "SU(3)"}, 103, Diagrams, 32),
    "SU(3), 3x3*, 3 -> 3": ("(vector(R)*conj(vector(R)))^3 -> (vector(R)*conj(vector(R)))^3", {"R": "SU(3)"}, 513, Diagrams, 32),
    "irreps of SO(3)": ('irreps(R, "100x0 + 50x1 + 10x2") -> irreps(R, "100x0 + 50x1 + 10x2")', {"R": "SO(3)"}, 12_600, Isotypic, 32),
    "M24 on 24 points": ("perm(P) -> perm(P)", {"P": permutations(M24)}, 2, Orbits, 32),
    "M24, 2 -> 2": ("perm(P)^2 -> perm(P)^2", {"P": permutations(M24)}, 15, Orbits, 64),
    "M24, 3 -> 3": ("perm(P)^3 -> perm(P)^3", {"P": permutations(M24)}, 204, OrbitList, 64),  # Bell(6), and hexads are of two kinds
    "Rubik's cube, 1 -> 1": ("perm(P) -> perm(P)", {"P": permutations(RUBIK)}, 9, Orbits, 32),
    "Rubik's cube, 2 -> 2": ("perm(P)^2 -> perm(P)^2", {"P": permutations(RUBIK)}, 350, Orbits, 512),
    "W(E8), 2 -> 1": ("perm(P)^2 -> perm(P)", {"P": weyl_group_of_e8()}, 49, Orbits, 512),
    "W(E8) on its roots": ("perm(P) -> perm(P)", {"P": weyl_group_of_e8()}, 5, Orbits, 32),  # by the angle between two
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_dimension_and_what_is_held(name: str) -> None:
    signature, groups, dim, kind, megabytes = CASES[name]
    tracemalloc.start()
    try:
        found = symc.solve(signature, groups=groups)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert found.dim == dim
    assert found.certificate.expected == dim
    assert found.certificate.residual <= 1e-13
    assert isinstance(found.basis, Split)
    assert any(isinstance(factor.basis, kind) for entry in found.basis.entries for factor in entry.basis.factors)
    assert peak < megabytes * MEGA, f"{peak / MEGA:.1f} MiB"


MLP = "(w1: perm(A)*5, b1: perm(A), w2: perm(B)*perm(A), b2: perm(B), w3: perm(C)*perm(B), b3: perm(C), w4: 3*perm(C), b4: 3)"
MULTIPLICITIES = {"1": 16, "A": 7, "B": 3, "C": 5, "AB": 1, "BC": 1}  # perm is 1 and the rest: in w1 five of each, and so on


@pytest.mark.parametrize("sizes", ["abc", (64, 1000, 32), (7, 6, 5)])
def test_weight_space_of_a_perceptron(sizes: tuple[object, ...]) -> None:
    groups = {name: f"S({size})" for name, size in zip("ABC", sizes, strict=True)}
    found = symc.solve(f"{MLP} -> {MLP}", groups=groups)
    assert found.dim == found.certificate.expected == sum(m**2 for m in MULTIPLICITIES.values())
    assert found.method == "partition diagrams"
    assert found.free == (frozenset("abc") if sizes == "abc" else frozenset())


def test_a_chain_of_hidden_layers_has_no_map_between_what_is_far_apart() -> None:
    """From the weights between A and B to those between C and D only sums go: the groups act apart."""
    found = symc.solve("perm(A)*perm(B) -> perm(C)*perm(D)", groups=dict.fromkeys("ABCD", "S(n)"))
    assert found.dim == 1
