"""Groups that turn (Z/m)^n by matrices modulo m: Frobenius groups, and the affine groups of finite fields."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import symc
from symc.algebra import construct as c
from symc.algebra.actions import matrix
from symc.algebra.elements import Element, sample
from symc.algebra.enumeration import enumerate_group
from symc.algebra.errors import AlgebraError
from symc.algebra.groups import Group, Lattice, Residues, Semidirect
from symc.diagnostics import DiagnosticError


def power(m: int, n: int) -> Group:
    return c.product([c.cyclic(m)] * n)


def turned(m: int, n: int, turning: Group, *images: Any) -> Group:
    return c.semidirect(power(m, n), turning, c.ByImages(turning, images))


S3 = c.symmetric(3)
FIELD_8 = [[0, 0, 1], [1, 0, 1], [0, 1, 0]]  # multiplication by a root of x^3 + x + 1
CASES: list[tuple[Group, int, int]] = [  # and the order, and on how many orbits the group moves pairs of points
    (turned(7, 1, c.cyclic(3), [[2]]), 21, 3),
    (turned(5, 1, c.cyclic(4), [[2]]), 20, 2),
    (turned(13, 1, c.cyclic(12), [[2]]), 156, 2),
    (turned(9, 1, c.cyclic(3), [[4]]), 27, 5),  # 0, 3, 6, and two of three units each
    (turned(2, 2, c.cyclic(3), [[0, 1], [1, 1]]), 12, 2),
    (turned(2, 3, c.cyclic(7), FIELD_8), 56, 2),
    (turned(2, 2, S3, [[0, 1], [1, 0]], [[0, 1], [1, 1]]), 24, 2),
    (turned(3, 2, c.permutations(["(0 1 2 3)(4 5 6 7)", "(0 4 2 6)(1 7 3 5)"]), [[0, 2], [1, 0]], [[1, 1], [1, 2]]), 72, 2),  # Q8, by way of F_9
]
everywhere = pytest.mark.parametrize(("group", "order", "orbits"), CASES, ids=[str(group) for group, _, _ in CASES])


@everywhere
def test_the_points_are_moved_by_affine_maps(group: Group, order: int, orbits: int) -> None:
    law, rng = group.law, np.random.default_rng(0)
    assert isinstance(law, Lattice)
    assert enumerate_group(group).order == order
    fixed = [np.trace(matrix(c.perm(group), Element({group: form}))) for form in enumerate_group(group).elements]
    assert sum(x**2 for x in fixed) == orbits * order  # Burnside
    for _ in range(5):
        a, b = sample((group,), rng), sample((group,), rng)
        np.testing.assert_array_equal(matrix(c.perm(group), a @ b), matrix(c.perm(group), a) @ matrix(c.perm(group), b))
        np.testing.assert_array_equal(matrix(c.perm(group), a.inverse()), matrix(c.perm(group), a).T)
        (t, h), (u, k) = a.parts[group], b.parts[group]
        np.testing.assert_array_equal((a @ b).parts[group][0], (t + law.turn(h) @ u) % law.modulus)
        np.testing.assert_array_equal(law.turn(law.linear.law.product(h, k)) % law.modulus, law.turn(h) @ law.turn(k) % law.modulus)


def test_from_a_text() -> None:
    """AGL(1, 5) is sharply 2-transitive: it has 32 orbits on quadruples, and the stabilizer of a point has index 5."""
    declared = {"G": "semidirect(C(5), C(4), by=rep(C(4), [[2]]))", "H": "subgroup(G, C(4))"}
    for signature, dim in [
        ("perm(G)^2 -> perm(G)^2", 32), ("regular(G) -> perm(G)", 5), ("cosets(G, H) -> perm(G)", 2), ("perm(G) -> irrep(G, 1)", 0),
        ("regular(G) -> irrep(G, 1)", 2),
    ]:  # fmt: skip
        assert symc.solve(signature, groups=declared).dim == dim
    assert symc.solve("perm(G) -> perm(G)", groups={"G": "semidirect(C(7), C(3), by=rep(C(3), [[2]]))"}).dim == 3
    assert symc.solve("perm(G) -> perm(G)", groups={"G": "semidirect(C(2)*C(2), C(3), by=rep(C(3), [[0, 1], [1, 1]]))"}).dim == 2


def test_images_over_the_integers_are_a_representation() -> None:
    """They have matrices of their own, unlike those modulo m alone. Equal residues are one group."""
    by = c.ByImages(c.cyclic(2), [[[-1]]])
    for moved in (c.cyclic(5), c.translations(1)):
        group = c.semidirect(moved, c.cyclic(2), by)
        assert group == c.semidirect(moved, c.cyclic(2), c.rep(c.cyclic(2), [[[-1]]]))
        assert c.vector(group).dim == 1
    alone = turned(7, 1, c.cyclic(3), [[2]]).law
    assert isinstance(alone, Semidirect)
    assert isinstance(alone.by, Residues)
    assert alone == turned(7, 1, c.cyclic(3), [[-5]]).law
    assert str(alone) == "semidirect(C(7), C(3), by=rep(C(3), [[2]]))"


def test_a_long_way_round() -> None:
    """2 generates the units modulo 101: its powers, which grow beyond any float, are taken modulo 101."""
    law = turned(101, 1, c.cyclic(100), [[2]]).law
    assert isinstance(law, Lattice)
    assert [law.turn(np.array([k])).item() for k in range(100)] == [pow(2, k, 101) for k in range(100)]


FROBENIUS = turned(7, 1, c.cyclic(3), [[2]])
REFUSED: list[tuple[Callable[[], Any], str, str]] = [
    (lambda: turned(8, 1, c.cyclic(3), [[2]]), r"by=rep\(C\(3\), \[\[2\]\]\)\): image 1 has no inverse modulo 8", "no divisor in common"),
    (lambda: turned(7, 1, c.cyclic(4), [[2]]), r"g1\*g1\*g1\*g1 = 1 in C\(4\), .* but not in the images modulo 7", "exactly"),
    (lambda: turned(7, 1, c.cyclic(3), [[1.5]]), "does not act by an integer matrix", ""),
    (lambda: turned(7, 2, c.cyclic(3), [[2]]), "has dimension 1, the translations have 2", ""),
    (lambda: turned(7, 1, c.cyclic(3), [[0]]), "is singular", ""),
    (lambda: turned(7, 1, c.cyclic(3), [[2]], [[2]]), "has 2 images: it takes 1", ""),
    (lambda: turned(7, 1, c.special_orthogonal(2)), "has 0 matrices in `algebra`", ""),
    (lambda: c.semidirect(c.cyclic(7), c.cyclic(3), c.ByImages(c.cyclic(6), [[[3]]])), r"is no representation of C\(3\)", ""),
    (lambda: c.semidirect(c.translations(1), c.cyclic(3), c.ByImages(c.cyclic(3), [[[2]]])), "is no representation: g1", "exactly"),
    (lambda: c.rep(c.cyclic(3), [[[2]]]), "is no representation: g1", "exactly"),
    (lambda: c.vector(FROBENIUS), "its translations are turned modulo 7 alone", "use perm(semidirect("),
    (lambda: c.det(FROBENIUS), "its translations are turned modulo 7 alone", "use perm(semidirect("),
    (lambda: c.sign(FROBENIUS), "which turns its translations, has none", "write trivial(semidirect("),
    (lambda: c.point(FROBENIUS), "has no translations of R", ""),
]


@pytest.mark.parametrize(("build", "message", "help"), REFUSED, ids=range(len(REFUSED)))
def test_refused(build: Callable[[], Any], message: str, help: str) -> None:
    with pytest.raises(AlgebraError, match=message) as caught:
        build()
    assert help in (caught.value.help or "")


def test_a_declared_representation_is_one_over_the_reals() -> None:
    with pytest.raises(DiagnosticError, match="is no representation"):
        symc.solve("perm(G) -> 1", source="rep r = rep(C(3), [[2]])\ngroup G = semidirect(C(7), C(3), by=r)\n")
