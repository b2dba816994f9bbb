"""Dimension counts against the null space of the equivariance constraints on the generators, found by brute force."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pytest

from symc.algebra import construct
from symc.algebra import sizes as sz
from symc.algebra.actions import generators, matrix
from symc.algebra.counting import counts, orbits, symmetric
from symc.algebra.counting.counts import hom_dim
from symc.algebra.counting.tableaux import standard_tableaux
from symc.algebra.groups import Cyclic, Dihedral, Group, Matrices, Named, Orthogonal, Permutations, SpecialOrthogonal, Symmetric
from symc.algebra.partitions import stirling
from symc.algebra.reps import Dual, Leaf, Perm, Pixels, Regular, Sign, Tensor, Vector


def brute(sources: Sequence[Leaf | Dual], targets: Sequence[Leaf | Dual]) -> int:
    """The dimension of {W : rho_out(g) W = W rho_in(g) for all generators g, and the same for the Lie algebra}."""
    into, out = Tensor(tuple(targets)), Tensor(tuple(sources))
    d_in, d_out = sz.number(out.dim), sz.number(into.dim)
    gram = np.zeros((d_in * d_out,) * 2)
    for one in generators((*sources, *targets)[0].groups):
        row = np.kron(matrix(into, one), np.eye(d_in)) - np.kron(np.eye(d_out), matrix(out, one).T)
        gram += row.T @ row
    return int((np.linalg.eigvalsh(gram) < 1e-9).sum()) if len(gram) else 0


def counted(sources: Sequence[Leaf | Dual], targets: Sequence[Leaf | Dual]) -> int:
    found = hom_dim(sources, targets)
    assert found is not None
    return found[0]


@pytest.mark.parametrize("n", range(5))
@pytest.mark.parametrize("m", range(1, 5))
def test_symmetric_groups(n: int, m: int) -> None:
    legs: list[Leaf] = [Perm(Symmetric(n))] * m
    assert counted(legs[1:], legs[:1]) == brute(legs[1:], legs[:1])
    if m < 4:
        signed = [Sign(Symmetric(n)), *legs]
        assert counted(legs, signed[:1]) == brute(legs, signed[:1])
        assert counted(signed, signed[:1]) == brute(signed, signed[:1])


@pytest.mark.parametrize("n", range(1, 7))
@pytest.mark.parametrize("m", range(7))
@pytest.mark.parametrize("signs", range(3))
def test_the_two_ways_to_count_for_symmetric_groups_agree(n: int, m: int, signs: int) -> None:
    """Burnside below 31 points and Stirling numbers above are the same function."""
    legs: list[Leaf] = [Perm(Symmetric(n))] * m + [Sign(Symmetric(n))] * signs
    burnside = hom_dim(legs, [Perm(Symmetric(n))])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(symmetric, "BURNSIDE_DEGREE", -1)
        by_tables = hom_dim(legs, [Perm(Symmetric(n))])
    assert burnside is not None
    assert by_tables is not None
    assert burnside[0] == by_tables[0]
    assert burnside[1] != by_tables[1]


def test_free_n_counts_set_partitions() -> None:
    free = Named("P", Symmetric(sz.free("n")))
    assert [counted([Perm(free)] * m, []) for m in range(1, 7)] == [1, 2, 5, 15, 52, 203]
    assert counted([Perm(free)] * 2, [Sign(free)]) == 0
    assert counted([Perm(free), Sign(free)], [Perm(free), Sign(free)]) == 2
    assert hom_dim([Perm(free)], [Regular(free, 6)]) is None


@pytest.mark.parametrize("n", [1, 2, 3])
@pytest.mark.parametrize("m", range(1, 6))
@pytest.mark.parametrize("family", [Orthogonal, SpecialOrthogonal])
def test_orthogonal_groups(family: type[Orthogonal] | type[SpecialOrthogonal], n: int, m: int) -> None:
    group = family(n)
    legs: list[Leaf] = [Vector(group)] * m
    assert counted(legs[2:], legs[:2]) == brute(legs[2:], legs[:2])
    signed = [Sign(group), *legs]
    assert counted(signed, []) == brute(signed, [])


def test_orthogonal_groups_known_numbers() -> None:
    free: list[Leaf] = [Vector(Orthogonal(sz.free("n")))]
    assert [counted(free * m, []) for m in (1, 2, 4, 6, 8)] == [0, 1, 3, 15, 105]
    riordan = [0, 1, 1, 3, 6, 15, 36, 91, 232]
    assert [counted([Vector(SpecialOrthogonal(3))] * m, []) for m in range(1, 10)] == riordan
    assert counted([Vector(SpecialOrthogonal(2))] * 10, []) == math.comb(10, 5)
    assert counted([Vector(Orthogonal(2))] * 6, []) == 10


C, D = {n: Cyclic(n) for n in range(1, 7)}, {n: Dihedral(n) for n in range(1, 7)}


def leaves_of(group: Group, n: int) -> list[Leaf]:
    order = n if isinstance(group, Cyclic) else 2 * n
    leaves: list[Leaf] = [Perm(group), Vector(group), Regular(group, order)]
    leaves += [Sign(group)] if isinstance(group, Dihedral) else []
    return leaves + ([Pixels(group, 2, 2), Pixels(group, 3, 3)] if n in (1, 2, 4) else [])


@pytest.mark.parametrize("group", [*C.values(), *D.values()], ids=str)
def test_cyclic_and_dihedral_groups_with_mixed_legs(group: Cyclic | Dihedral) -> None:
    leaves = leaves_of(group, sz.number(group.n))
    for index, a in enumerate(leaves):
        for b in leaves[index:]:
            assert counted([a], [b]) == brute([a], [b]), f"{a} -> {b}"
    for a, b in pairwise(leaves):
        if sz.number(a.dim) * sz.number(b.dim) <= 60:
            assert counted([a, b], [leaves[1]]) == brute([a, b], [leaves[1]]), f"{a}*{b}"


def test_large_cyclic_groups_are_exact() -> None:
    group = Cyclic(100_000)
    assert counted([Perm(group)] * 3, [Perm(group)] * 2) == 100_000**4  # beyond what a double holds
    assert counted([Vector(group)] * 2, [Vector(group)] * 2) == 6


def test_images() -> None:
    assert counted([Pixels(D[4], 8, 8)], [Pixels(D[4], 8, 8)]) == 528
    assert counted([Pixels(D[2], 2, 3)], [Vector(D[2])]) == brute([Pixels(D[2], 2, 3)], [Vector(D[2])])


MATRICES = {
    "quarter turn": Matrices((((0, -1), (1, 0)),)),
    "sheared triangle": Matrices((((0, -1), (1, -1)), ((0, 1), (1, 0)))),
    "icosahedral in part": Matrices((((0, 0, 1), (1, 0, 0), (0, 1, 0)), ((-1, 0, 0), (0, -1, 0), (0, 0, 1)))),
    "skew turn by a third": Matrices((((0.5, -1.75), (1.0, -1.5)),)),
}


@pytest.mark.parametrize("group", MATRICES.values(), ids=list(MATRICES))
def test_matrix_groups_and_their_duals(group: Matrices) -> None:
    v, u = Vector(group), Dual(Vector(group))
    cases: list[tuple[list[Leaf | Dual], list[Leaf | Dual]]] = [([v], [v]), ([v], [u]), ([u, v], [v]), ([Sign(group), u], [v, v]), ([v, v, v], [v])]
    for sources, targets in cases:
        assert counted(sources, targets) == brute(sources, targets)


def test_permutation_groups_by_both_ways() -> None:
    group = Permutations(5, ((1, 0, 3, 2, 4), (0, 2, 1, 3, 4)))
    p, s = Perm(group), Sign(group)
    for sources, targets in [([p], [p]), ([p, s], [p]), ([p, p], [p]), ([s], [s]), ([p, p], [s]), ([s], [])]:
        expected = brute(sources, targets)
        assert counted(sources, targets) == expected
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(counts, "CLASS_LIMIT", 2)
            count = hom_dim(sources, targets)
            assert count is not None
            assert (count[0], "connected components" in count[1]) == (expected, True)


def test_large_permutation_groups() -> None:
    alternating = Permutations(24, ((1, 2, 0, *range(3, 24)), (0, *range(2, 24), 1)))  # A(24) moves short tuples as S(24) does
    assert hom_dim([Perm(alternating)] * 2, [Perm(alternating)]) == (5, "connected components of tuples")
    assert hom_dim([Perm(alternating)] * 2, [Perm(alternating)] * 3) == (52, "orbits of point stabilizers (Sims 1970)")


def test_many_generators_are_counted_by_tuples() -> None:
    """30 pairs whose points may be swapped, and a cycle of the pairs: by tuples, although these are many, as by stabilizers."""
    pairs = [(*range(2 * i), 2 * i + 1, 2 * i, *range(2 * i + 2, 60)) for i in range(30)]
    group = Permutations(60, (*pairs, (*range(2, 60), 0, 1)))
    p, s = Perm(group), Sign(group)
    for sources, way in [([p, p], "tuples"), ([p, p, s], "the signed double cover of tuples")]:
        found = hom_dim(sources, [p])
        assert found is not None
        assert found[1] == f"connected components of {way}"
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(orbits, "MANY", 100)
            assert hom_dim(sources, [p]) == (found[0], "orbits of point stabilizers (Sims 1970)")


def test_nothing_is_claimed_where_nothing_is_known() -> None:
    infinite = Matrices((((0.6, -0.8), (0.8, 0.6)),))
    assert hom_dim([Vector(infinite)], [Vector(infinite)]) is None
    assert hom_dim([Pixels(C[2], sz.free("h"), 2)], []) is None
    assert hom_dim([Perm(Symmetric(4))] * 81, []) is None
    assert hom_dim([Vector(MATRICES["quarter turn"])] * 60, []) is None  # beyond what sums of doubles can tell
    assert hom_dim([], []) == (1, "no legs")
    assert hom_dim([Perm(C[2])], [Perm(C[3])]) == (1, "characters over conjugacy classes")


def test_tables() -> None:
    assert [[stirling(m, t) for t in range(6)] for m in (0, 1, 5)] == [[1, 0, 0, 0, 0, 0], [0, 1, 0, 0, 0, 0], [0, 1, 15, 25, 10, 1]]
    assert [standard_tableaux(shape) for shape in ([], [3], [2, 1], [2, 2], [3, 2, 1], [4, 2])] == [1, 1, 2, 2, 16, 9]


def test_induced_legs_are_counted_under_the_subgroup() -> None:
    """Frobenius reciprocity: no matrix of 360 coordinates is written out for each of the 627 classes of S(20)."""
    group = Named("G", Symmetric(20))
    h = Named("H", construct.subgroup(group, Symmetric(19)))
    induced = construct.induce(construct.irrep(h, [18, 1]), group)
    assert counted([induced], [Perm(group)]) == 1
    assert counted([induced], [construct.irrep(group, [18, 2])]) == counted([construct.irrep(group, [18, 1, 1])], [induced]) == 1  # branching
    assert counted([induced], [Sign(group)]) == 0
