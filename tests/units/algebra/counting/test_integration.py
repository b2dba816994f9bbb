"""Weyl's integral formula: irreducible characters are orthonormal, and products of them decompose as Clebsch, Gordan, Pieri and Littlewood say."""

from __future__ import annotations

from itertools import product
from math import comb

import numpy as np
import pytest

from symc.algebra import construct as c
from symc.algebra.counting import integration
from symc.algebra.counting.characters import character
from symc.algebra.elements import sample
from symc.algebra.groups import Group
from symc.algebra.reps import Rep, Tensor

LIMIT = 20_000


def only(reps: tuple[Rep, ...]) -> Rep:
    (rep,) = reps
    return rep


def dual(rep: Rep) -> Rep:
    return only(c.dual((rep,)))


def mean(*legs: Rep) -> int:
    """The dimension of the invariants of a tensor product."""
    found = integration.invariants([leg for leg in legs if leg.groups], LIMIT)
    assert found is not None
    return found[0]


def spin(twice: int) -> Rep:
    return c.irrep(c.special_unitary(2), twice // 2 if twice % 2 == 0 else f"{twice}/2")


SU2, SU3, SO3, SO5, SP4, U2, O3 = (c.special_unitary(2), c.special_unitary(3), c.special_orthogonal(3), c.special_orthogonal(5), c.symplectic(4),
                                   c.unitary(2), c.orthogonal(3))  # fmt: skip
V3, V5, VS, VU = c.vector(SU3), c.vector(SO5), c.vector(SP4), c.vector(U2)
IRREDUCIBLES: dict[Group, list[Rep]] = {
    SU2: [spin(twice) for twice in range(1, 7)],
    SO3: [c.irrep(SO3, l) for l in range(1, 6)],
    O3: [c.irrep(O3, f"{l}{parity}") for l in range(1, 4) for parity in "eo"],
    SU3: [V3, dual(V3), c.sym(V3, 2), dual(c.sym(V3, 2)), c.sym(V3, 3), c.sym(V3, 4)],
    SO5: [V5, c.alt(V5, 2), c.traceless(V5, 2), c.traceless(V5, 3)],
    SP4: [VS, c.sym(VS, 2), c.sym(VS, 3), c.sym(VS, 4)],
    U2: [VU, dual(VU), c.det(U2), c.sym(VU, 2), c.sym(VU, 3), dual(c.sym(VU, 2))],
    c.orthogonal(2): [c.irrep(c.orthogonal(2), label) for label in ("0-", 1, 2, 3)],
    c.orthogonal(4): [
        c.vector(c.orthogonal(4)),
        c.sign(c.orthogonal(4)),
        c.alt(c.vector(c.orthogonal(4)), 2),
        c.traceless(c.vector(c.orthogonal(4)), 2),
    ],
    c.general_linear(2): [c.vector(c.general_linear(2)), c.det(c.general_linear(2)), c.sym(c.vector(c.general_linear(2)), 2)],
    c.special_linear(3): [c.vector(c.special_linear(3)), dual(c.vector(c.special_linear(3))), c.sym(c.vector(c.special_linear(3)), 2)],
    c.indefinite(1, 3): [c.vector(c.indefinite(1, 3)), c.traceless(c.vector(c.indefinite(1, 3)), 2), c.alt(c.vector(c.indefinite(1, 3)), 2)],
    c.symmetric(4): [c.irrep(c.symmetric(4), shape) for shape in ([3, 1], [2, 2], [2, 1, 1], [1, 1, 1, 1])],
}


@pytest.mark.parametrize("group", IRREDUCIBLES, ids=str)
def test_irreducible_characters_are_orthonormal(group: Group) -> None:
    reps = IRREDUCIBLES[group]
    gram = [[mean(a, dual(b)) for b in reps] for a in reps]
    assert gram == np.eye(len(reps), dtype=int).tolist()
    assert [mean(rep) for rep in reps] == [0] * len(reps)


@pytest.mark.parametrize(("a", "b", "t"), [(a, b, t) for a, b, t in product(range(1, 6), repeat=3) if a <= b])
def test_clebsch_gordan(a: int, b: int, t: int) -> None:
    """Spin t is in spin a times spin b just when the triangle closes; so is degree t for SO(3), with the parities added for O(3)."""
    closes = abs(a - b) <= t <= a + b
    assert mean(spin(a), spin(b), spin(t)) == (closes and (a + b + t) % 2 == 0)
    if max(a, b, t) <= 4:
        assert mean(*(c.irrep(SO3, l) for l in (a, b, t))) == closes
        assert mean(c.irrep(O3, f"{a}o"), c.irrep(O3, f"{b}e"), c.irrep(O3, f"{t}o")) == closes
        assert mean(c.irrep(O3, f"{a}o"), c.irrep(O3, f"{b}e"), c.irrep(O3, f"{t}e")) == 0


def test_pieri_for_su3_and_u2() -> None:
    """3 x 3 = 6 + 3*, 3 x 3* = 8 + 1, 3 x 3 x 3 = 10 + 8 + 8 + 1; sym_a x V = sym_(a+1) + det sym_(a-1) for U(2)."""
    assert mean(V3, V3, dual(c.sym(V3, 2))) == mean(V3, V3, V3) == mean(V3, dual(V3)) == 1
    assert mean(V3, V3, V3, dual(c.sym(V3, 3))) == 1
    adjoint = [V3, dual(V3)]  # less the trivial one
    assert mean(*adjoint, *adjoint) - 2 * mean(*adjoint) + 1 == 1
    assert mean(V3, V3, V3, *adjoint) - mean(V3, V3, V3) == 2
    for a in range(1, 5):
        assert mean(c.sym(VU, a), VU, dual(c.sym(VU, a + 1))) == 1
        lower = [dual(c.sym(VU, a - 1))] if a > 1 else []
        assert mean(c.sym(VU, a), VU, dual(c.det(U2)), *lower) == 1


@pytest.mark.parametrize("k", range(1, 7))
def test_moments_of_traces(k: int) -> None:
    """Catalan numbers for SU(2); Riordan numbers for SO(3); k! for U(k); orthogonal matchings (2k - 1)!! for large O(n) and Sp(n)."""
    assert mean(*[c.vector(SU2)] * (2 * k)) == comb(2 * k, k) // (k + 1)
    assert mean(*[c.vector(SO3)] * k) == [0, 1, 1, 3, 6, 15][k - 1]
    assert mean(*[c.irrep(SO3, 2)] * k) == [0, 1, 1, 5, 16, 65][k - 1]
    if k <= 3:
        vector = c.vector(c.unitary(k))
        assert mean(*[vector, dual(vector)] * k) == [1, 2, 6][k - 1]
        assert mean(*[c.vector(c.orthogonal(2 * k))] * (2 * k)) == mean(*[c.vector(c.symplectic(2 * k))] * (2 * k)) == [1, 3, 15][k - 1]


def test_invariants_of_forms() -> None:
    """The discriminant of a binary quadratic and of a binary cubic form, Pfaffians, determinants; none that is not there."""
    assert mean(c.sym(c.sym(c.vector(SU2), 2), 2)) == 1
    assert mean(c.sym(spin(3), 4)) == 1
    assert [mean(c.sym(spin(4), k)) for k in (1, 2, 3, 4)] == [0, 1, 1, 1]  # the binary quartic has invariants of degree 2 and 3
    assert [mean(c.alt(VS, k)) for k in (1, 2, 3, 4)] == [0, 1, 0, 1]
    assert [mean(c.alt(V5, k)) for k in range(1, 6)] == [0, 0, 0, 0, 1]
    assert [mean(c.sym(c.sym(V5, 2), k)) for k in (1, 2, 3)] == [1, 2, 3]  # the traces of powers of a symmetric matrix
    assert mean(c.alt(c.vector(O3), 3)) == 0


def test_products_of_groups_and_legs_of_several() -> None:
    both = c.sym(Tensor((c.vector(O3), VU)), 2)
    assert mean(both, dual(both)) == 3  # sym x sym + alt x alt (Cauchy), and sym of O(3) is a trace and a traceless part
    assert mean(c.vector(O3), VU) == 0
    assert mean(c.vector(O3), c.vector(O3), VU, dual(VU)) == 1


@pytest.mark.parametrize("group", [SU2, SU3, SO3, SO5, U2, O3, c.orthogonal(2), c.orthogonal(4)], ids=str)
def test_against_a_mean_over_random_elements(group: Group) -> None:
    """The fourth moment of the trace, within six standard errors of the mean over Haar measure."""
    vector, rng = c.vector(group), np.random.default_rng(0)
    values = np.array([abs(character(vector, sample((group,), rng))) ** 4 for _ in range(3000)])
    exact = mean(vector, dual(vector), vector, dual(vector))
    assert abs(values.mean() - exact) < 6 * values.std() / np.sqrt(len(values))


def test_what_is_not_known_is_not_claimed() -> None:
    dense = c.lie([[[1, 0], [0, 1.41421356]]])
    with pytest.raises(integration.GroupTooLarge, match="components of"):
        integration.invariants([c.vector(dense)], LIMIT)
    assert integration.invariants([], LIMIT) == (1, "characters over conjugacy classes")
    assert integration.invariants([c.sym(c.vector(c.orthogonal(20)), 4)], LIMIT) is None  # 8855 coordinates


def test_large_algebras_are_not_counted() -> None:
    """The adjoint representation of O(100,100) has 19 900 coordinates: nothing of that size is formed."""
    v = c.vector(c.indefinite(100, 100))
    assert integration.invariants([v, v.dual()], LIMIT) is None
