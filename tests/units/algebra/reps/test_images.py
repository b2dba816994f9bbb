"""rep(G, images): what keeps the relations of G is a representation, on random words too; what breaks one is refused by the relation's name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from symc.algebra import construct as c
from symc.algebra import sizes as sz
from symc.algebra.actions import generators, matrix
from symc.algebra.elements import exp, sample
from symc.algebra.errors import AlgebraError
from symc.algebra.groups import Array, Group
from symc.algebra.reps import Rep, Tensor

SO2, SO3, SU2, O2, U1 = c.special_orthogonal(2), c.special_orthogonal(3), c.special_unitary(2), c.orthogonal(2), c.unitary(1)
TURNED = c.wreath(c.product([SO2, c.dihedral(3)]), c.symmetric(3))
SKEW = np.array([[1.0, 2.0], [0.0, 1.0]])


def images(rep: Rep) -> tuple[list[Any], list[Any]]:
    """The matrices of the generators, discrete ones and those of the Lie algebra."""
    made = [(one.lie, matrix(rep, one).tolist()) for one in generators(rep.groups)]
    return [m for lie, m in made if not lie], [m for lie, m in made if lie]


def copied(rep: Rep) -> Rep:
    """The same representation, known by images alone."""
    discrete, algebra = images(rep)
    return c.rep(rep.groups[0], discrete, algebra)


KNOWN: list[Rep] = [
    c.perm(c.symmetric(4)), c.irrep(c.symmetric(4), [3, 1]), c.sign(c.symmetric(5)), c.perm(c.alternating(5)), c.vector(c.dihedral(5)),
    c.irrep(c.cyclic(7), 3), c.perm(c.permutations(["(0 1 2)", "(3 4)"])), c.vector(c.wreath(c.cyclic(2), c.symmetric(3))),
    c.perm(c.semidirect(c.cyclic(5), c.cyclic(2), c.rep(c.cyclic(2), [[[-1]]]))), c.vector(c.matrices([[[0, -1], [1, -1]], [[0, 1], [1, 0]]])),
    c.irrep(SO3, 2), c.irrep(O2, 3), c.irrep(O2, "0-"), c.irrep(SU2, "3/2"), c.irrep(U1, -2), c.irrep(SO2, 4), c.vector(c.orthogonal(3)),
    c.vector(c.lie([[[0, -1], [1, 0]]])), c.irrep(c.subgroup(SO3, SO2), 2), c.vector(c.lie([[[1, 0], [0, -1]]])),
    *(c.vector(c.wreath(inner, c.symmetric(n))) for inner, n in ((SO2, 1), (SO2, 2), (O2, 3), (SU2, 2), (c.euclidean(2), 2), (U1, 4))),
    c.vector(c.wreath(c.wreath(O2, c.symmetric(2)), c.symmetric(3))), c.blocks(c.wreath(SO3, c.symmetric(2)), c.irrep(SO3, 2)),
    c.blocks(TURNED, Tensor((c.vector(SO2), c.vector(c.dihedral(3))))), c.sym(c.vector(c.wreath(SO2, c.symmetric(2))), 2),
    c.perm(c.wreath(c.symmetric(4), c.symmetric(5))),
    c.sym(c.vector(c.general_linear(2)), 2), c.vector(c.symplectic(4)), c.vector(c.indefinite(1, 2)), c.vector(c.unitary(2)),
]  # fmt: skip


@pytest.mark.parametrize("rep", KNOWN, ids=str)
def test_known_representations_by_their_images(rep: Rep) -> None:
    again, rng = copied(rep), np.random.default_rng(0)
    assert again.dim == rep.dim
    for _ in range(4):
        a, b = (sample(rep.groups, rng, spelled=True) for _ in range(2))
        scale = max(1.0, np.abs(matrix(rep, a)).max() * np.abs(matrix(rep, b)).max())
        np.testing.assert_allclose(matrix(again, a), matrix(rep, a), atol=1e-9 * scale)
        np.testing.assert_allclose(matrix(again, a @ b), matrix(again, a) @ matrix(again, b), atol=1e-9 * scale**2)
    for one in generators(rep.groups):
        np.testing.assert_allclose(matrix(again, one), matrix(rep, one), atol=1e-13)


def test_in_other_coordinates_and_not_faithful() -> None:
    """A skewed basis of the plane of D(3); D(4) by way of D(2); S(4) by way of S(3), with the kernel of four elements."""
    r, s = (matrix(c.vector(c.dihedral(3)), one) for one in generators([c.dihedral(3)]))
    back = np.linalg.inv(SKEW)
    skewed = c.rep(c.dihedral(3), [(SKEW @ r @ back).tolist(), (SKEW @ s @ back).tolist()])
    assert not skewed.unitary
    through = c.rep(c.dihedral(4), [[1, 0], "(0)(1)"])
    quotient = c.rep(c.symmetric(4), ["(0 1)", "(0 2)"])
    rng = np.random.default_rng(1)
    for rep in (skewed, through, quotient):
        for _ in range(4):
            a, b = sample(rep.groups, rng), sample(rep.groups, rng)
            np.testing.assert_allclose(matrix(rep, a @ b), matrix(rep, a) @ matrix(rep, b), atol=1e-12)
    assert quotient.permuted
    assert quotient.dim == 3


def test_permutations_are_images_of_points() -> None:
    """[1, 2, 0] takes e_i to e_{p[i]}; cycles say the same."""
    group = c.generated(2)
    rep = c.rep(group, [[1, 2, 0], "(0 1 2)"])
    first, second = (matrix(rep, one) for one in generators([group]))
    np.testing.assert_array_equal(first, [[0, 0, 1], [1, 0, 0], [0, 1, 0]])
    np.testing.assert_array_equal(first, second)


def test_generated_groups_keep_no_relations() -> None:
    group = c.generated(1, algebra=2)
    rep = c.rep(group, [[[2, 1], [1, 1]]], [[[0, 1], [0, 0]], [[0, 0], [1, 0]]])
    rng = np.random.default_rng(2)
    for _ in range(3):
        a = sample((group,), rng)
        np.testing.assert_allclose(matrix(rep, a) @ matrix(rep, a.inverse()), np.eye(2), atol=1e-6 * np.abs(matrix(rep, a)).max() ** 2)
    np.testing.assert_allclose(matrix(rep, exp(group, [2.0, 0.0])), [[1, 2], [0, 1]])


def scaled(rep: Rep, factor: float) -> Callable[[], Rep]:
    discrete, algebra = images(rep)
    return lambda: c.rep(rep.groups[0], discrete, [(factor * np.array(x)).tolist() for x in algebra])


def wreath(inner: Group, n: int, images: list[Any], algebra: list[Any]) -> Callable[[], Rep]:
    given = [np.asarray(image).tolist() for image in images], [np.asarray(x).tolist() for x in algebra]
    return lambda: c.rep(c.wreath(inner, c.symmetric(n)), *given)


def altered(rep: Rep, index: int, image: Array) -> Callable[[], Rep]:
    discrete, algebra = images(rep)
    return lambda: c.rep(rep.groups[0], [image.tolist() if place == index else one for place, one in enumerate(discrete)], algebra)


J, ONE, MIRROR, SWAP = np.array([[0, 1], [-1, 0]]), np.eye(2), np.diag([-1, 1]), np.kron(np.eye(2)[::-1], np.eye(2))
TURN, (FOUR, _), (FIVE, _) = images(c.vector(c.dihedral(3)))[0][0], images(c.perm(c.symmetric(4))), images(c.perm(c.symmetric(5)))
TWO, FLIPS = c.vector(c.wreath(SO2, c.symmetric(2))), c.vector(c.wreath(O2, c.symmetric(3)))
S30 = c.symmetric(30)
BIG = c.permutations([[*range(1, 30), 0], [1, 2, 0, *range(3, 30)]])
BROKEN: list[tuple[Callable[[], Any], str]] = [
    (lambda: c.rep(c.symmetric(3), [[[-1]], [[-1]]]), r"g\d\*.* = .* in S\(3\), with g1, g2, \.\.\. the generators, but not in the images"),
    (lambda: c.rep(c.cyclic(3), [[[-1]]]), r"g1\*g1\*g1 = 1 in C\(3\)"),
    (lambda: c.rep(c.dihedral(3), [[[-1]], [[1]]]), r"in D\(3\)"),
    (lambda: c.rep(c.alternating(4), [[[-1]], [[1]]]), r"in A\(4\)"),
    (lambda: c.rep(c.wreath(c.cyclic(2), c.symmetric(2)), [[[1]], [[-1]], [[1]]]), r"in wreath\(C\(2\), S\(2\)\)"),
    (lambda: c.rep(c.matrices([[[0, -1], [1, 0]]]), [[[2]]]), "but not in the images"),
    (lambda: c.rep(S30, [[[2]], [[1]]]), r"the image of \(0 1\) is not of order 2"),
    (lambda: c.rep(S30, [[[1]], [[2]]]), r"the image of \(0 1 … 29\) is not of order 30"),
    (lambda: c.rep(S30, [[[1]], [[-1]]]), r"\(0 1\)\(0 1 … 29\) is not of order 29"),
    (lambda: c.rep(BIG, [[[-1]], [[-1]]]), "a word in the generators has order"),
    (scaled(c.vector(SO3), 2), "the bracket of .* is not kept"),
    (scaled(c.irrep(SO2, 1), 0.5), r"exp\(2π \(E_01 − E_10\)\) = 1 in SO\(2\), but not in the images"),
    (scaled(c.irrep(U1, 1), 0.5), r"exp\(2π \(i E_00\)\) = 1 in U\(1\), but not in the images"),
    (lambda: c.rep(O2, [[[2]]], [[[0]]]), r"the image of diag\(−1, 1\) is not of order 2"),
    (lambda: c.rep(O2, [[[1, 0], [0, 1]]], [[[0, 1], [-1, 0]]]), "does not carry .* to where it should"),
    (lambda: c.rep(SO2, [], [[[0, 1], [0, 0]]]), r"exp\(2π"),
    (lambda: c.rep(c.lie([[[0, -1], [1, 0]]]), [], [[[5]]]), r"exp\(2π \(algebra generator 1\)\) = 1 in lie\("),
    (wreath(SO2, 2, [[[1]], [[1]]], [[[5]]]), r"exp\(2π \(E_01 − E_10\)\) = 1 in SO\(2\), but not in the images"),
    (scaled(TWO, 0.5), r"exp\(2π \(E_01 − E_10\)\) = 1 in SO\(2\), but not in the images"),
    (scaled(c.blocks(c.wreath(SO3, c.symmetric(2)), c.irrep(SO3, 2)), 2), "the bracket of .* is not kept"),
    (scaled(c.vector(c.wreath(c.special_euclidean(2), c.symmetric(2))), 0.5), r"exp\(2π"),
    (scaled(c.vector(c.wreath(c.wreath(SO2, c.symmetric(2)), c.symmetric(2))), 0.5), r"exp\(2π"),
    (altered(FLIPS, 0, np.eye(6)), "does not carry .* to where it should"),
    (altered(FLIPS, 0, np.diag([2, 1, 1, 1, 1, 1])), "is not of order 2"),
    (altered(FLIPS, 1, np.eye(6)), r"in S\(3\)"),
    (wreath(O2, 2, [MIRROR, ONE, ONE], [J]), r"diag\(−1, 1\) on block 0 and E_01 − E_10 on block 1 do not commute"),
    (wreath(SO2, 3, [SWAP, np.eye(4)], [np.kron(np.diag([1, 0]), J)]), r"E_01 − E_10 on block 0 and \(1 2\) of the blocks do not commute"),
    (wreath(TURNED.inner, 1, [TURN, MIRROR, ONE, ONE], [J]), "E_01 − E_10 on block 0 and reflection on block 0 do not commute"),
    (wreath(c.symmetric(4), 5, [*(np.kron(np.eye(5), x) for x in FOUR), *(np.kron(x, np.eye(4)) for x in FIVE)], []), "on block 1 do not commute"),
]


@pytest.mark.parametrize(("build", "message"), BROKEN, ids=range(len(BROKEN)))
def test_a_broken_relation_is_named(build: Callable[[], Any], message: str) -> None:
    with pytest.raises(AlgebraError, match="is no representation: ") as caught:
        build()
    assert caught.match(message)
    assert caught.value.help == "give every generator its image, exactly: integers, or all 16 digits"


def test_spinors_are_no_representation_of_rotations() -> None:
    """Spins keep the brackets of so(3), but for half-integral ones a whole turn goes to -1."""

    def turning(x: Array, y: Array, z: Array) -> int:
        """1 where [x, y] = z, -1 where it is -z."""
        return round((np.vdot(z, x @ y - y @ x) / np.vdot(z, z)).real)

    own = [matrix(c.vector(SO3), one) for one in generators([SO3])]
    for twice in range(1, 7):
        x, y, z = (matrix(c.irrep(SU2, twice // 2 if twice % 2 == 0 else f"{twice}/2"), one) / 2 for one in generators([SU2]))
        algebra = [x.tolist(), y.tolist(), (turning(x, y, z) * turning(*own) * z).tolist()]
        if twice % 2:
            with pytest.raises(AlgebraError, match=r"exp\(2π .* = 1 in SO\(3\), but not in the images"):
                c.rep(SO3, [], algebra)
        else:
            assert c.rep(SO3, [], algebra).dim == twice + 1


REFUSED: list[tuple[Callable[[], Any], str, str]] = [
    (lambda: c.rep(c.symmetric(3), [[[1]]]), "has 1 image: it takes 2, one for every discrete generator", ""),
    (lambda: c.rep(SO3, [], [[[0]]]), "has 1 matrix in `algebra`: it takes 3", ""),
    (lambda: c.rep(SO3, []), "has 0 matrices in `algebra`: it takes 3", ""),
    (lambda: c.rep(c.special_orthogonal(1), []), r"SO\(1\) has no generators, and no image says how many coordinates", "write trivial(SO(1))"),
    (wreath(c.translations(1), 1, [ONE, ONE], [[[0, 1], [0, 0]]]), "algebra image 1, of a translation, is not zero", "use point(T(1))"),
    (lambda: c.rep(c.generated(2), [[[1]], [[1, 0], [0, 1]]]), "images are of sizes 1, 2", ""),
    (lambda: c.rep(c.generated(1), [[[1, 2], [2, 4]]]), r"image 1, \[\[1, 2\], \[2, 4\]\], is singular", ""),
    (lambda: c.rep(c.generated(1), ["(0 1)(1 2)"]), "the point 1 occurs twice", "generators of their own"),
    (lambda: c.rep(c.symmetric(sz.free("n")), [[[1]], [[1]]]), "depends on n", "write a number"),
    (lambda: c.rep(c.product([c.cyclic(2), c.cyclic(3)]), [[[1]], [[1]]]), "is ambiguous", ""),
    (lambda: c.rep(c.translations(1), [], [[[0, 1], [0, 0]]]), "algebra image 1, of a translation, is not zero", "use point(T(1))"),
    (lambda: c.rep(c.special_euclidean(2), [], [[[0]], [[0]], [[0.5]]]), r"exp\(2π", ""),
    (lambda: c.generated(0), "has no generator", "generated(2)"),
    (lambda: c.generated(-1, algebra=3), "has no generator", ""),
    (lambda: c.perm(c.generated(1)), "permutes nothing that is known", "one image for every generator"),
]


@pytest.mark.parametrize(("build", "message", "help"), REFUSED, ids=range(len(REFUSED)))
def test_refused(build: Callable[[], Any], message: str, help: str) -> None:
    with pytest.raises(AlgebraError, match=message) as caught:
        build()
    assert help in (caught.value.help or "")


def test_what_is_known_of_a_generated_group() -> None:
    group: Group = c.generated(2, algebra=1)
    assert (group.discrete, group.lie, group.order) == (2, 1, None)
    assert [str(one) for one in generators([group])] == ["algebra generator 1", "generator 1", "generator 2"]
