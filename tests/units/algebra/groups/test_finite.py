"""Finite groups have the order of the closed formula and the documented generators, which keep the relations of the group, at small sizes too."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from math import factorial, prod

import numpy as np
import pytest

from symc.algebra import construct as c
from symc.algebra import sizes as sz
from symc.algebra.actions import generators, matrix
from symc.algebra.elements import Element, sample
from symc.algebra.enumeration import enumerate_group, group_order
from symc.algebra.errors import AlgebraError
from symc.algebra.groups import Group, Lattice, Permutations, Permuting
from symc.algebra.groups.base import parity
from symc.algebra.groups.symmetric import cyclic_order
from symc.algebra.reps import Perm, Rep
from symc.algebra.sizes import SizeError


def flip() -> Rep:
    return c.rep(c.cyclic(2), [[[-1]]])


def wreath(inner: Group, n: int) -> Group:
    return c.wreath(inner, c.symmetric(n))


QUARTER = c.rep(c.cyclic(4), [[[0, -1], [1, 0]]])
ORDERS: list[tuple[Group, int]] = [
    *((c.symmetric(n), factorial(n)) for n in range(7)),
    *((c.alternating(n), [1, 1, 1, 3, 12, 60, 360][n]) for n in range(7)),
    *((c.cyclic(n), n) for n in range(1, 8)),
    *((c.dihedral(n), 2 * n) for n in range(1, 8)),
    *((wreath(c.symmetric(q), n), factorial(q) ** n * factorial(n)) for q, n in product(range(4), range(1, 4)) if (q, n) != (3, 3)),
    *((wreath(c.cyclic(q), n), q**n * factorial(n)) for q, n in product(range(1, 4), range(1, 4))),
    (wreath(wreath(c.cyclic(2), 2), 2), 8**2 * 2),
    (wreath(c.product([c.cyclic(2), c.cyclic(3)]), 2), 6**2 * 2),
    *((c.semidirect(c.cyclic(m), c.cyclic(2), flip()), 2 * m) for m in range(1, 7)),  # the dihedral groups again
    (c.semidirect(c.product([c.name(name, c.cyclic(3)) for name in "AB"]), c.cyclic(4), QUARTER), 9 * 4),
    (c.semidirect(c.product([c.name(name, c.cyclic(2)) for name in "ABC"]), c.symmetric(3), c.perm(c.symmetric(3))), 8 * 6),
    (c.permutations(["(0 1 2 3 4)", "(0 1)(2 3)"]), 60),
    (c.matrices([[[0, -1], [1, 0]], [[1, 0], [0, -1]]]), 8),
    (c.matrices([[[1j, 0], [0, -1j]], [[0, 1], [-1, 0]]]), 8),
]


@pytest.mark.parametrize(("group", "order"), ORDERS, ids=[str(group)[:50] for group, _ in ORDERS])
def test_order(group: Group, order: int) -> None:
    """By the formula, by listing all elements, and by the class that states it."""
    listed = enumerate_group(group)
    assert listed.order == order == group_order(group)
    assert group.order in (order, None)


@pytest.mark.parametrize(("group", "order"), ORDERS, ids=[str(group)[:50] for group, _ in ORDERS])
def test_group_axioms(group: Group, order: int) -> None:
    law, rng = group.law, np.random.default_rng(0)
    listed = enumerate_group(group)
    for _ in range(5):
        x, y, z = (law.random(rng) for _ in range(3))
        assert listed.index(law.product(law.product(x, y), z)) == listed.index(law.product(x, law.product(y, z)))
        assert listed.index(law.product(x, law.inverse(x))) == listed.index(law.product(law.inverse(x), x)) == 0
        assert listed.index(law.power(x, order)) == 0  # Lagrange
        assert listed.index(law.power(x, -1)) == listed.index(law.inverse(x))


def cycle(*points: int) -> Callable[[int], list[int]]:
    def image(n: int) -> list[int]:
        return [points[(points.index(i) + 1) % len(points)] if i in points else i for i in range(n)]

    return image


@pytest.mark.parametrize(
    ("group", "images"),
    [
        (c.symmetric(2), [[1, 0], [1, 0]]),
        (c.symmetric(5), [cycle(0, 1)(5), cycle(0, 1, 2, 3, 4)(5)]),
        (c.alternating(3), [[1, 2, 0], [1, 2, 0]]),
        (c.alternating(5), [cycle(0, 1, 2)(5), cycle(0, 1, 2, 3, 4)(5)]),
        (c.alternating(6), [cycle(0, 1, 2)(6), cycle(1, 2, 3, 4, 5)(6)]),
        (c.cyclic(4), [[1, 2, 3, 0]]),
        (c.dihedral(4), [[1, 2, 3, 0], [0, 3, 2, 1]]),
        (c.semidirect(c.cyclic(4), c.cyclic(2), flip()), [[1, 2, 3, 0], [0, 3, 2, 1]]),
    ],
    ids=str,
)
def test_generators_permute_points_as_documented(group: Group, images: list[list[int]]) -> None:
    law = group.law
    assert isinstance(law, Permuting)
    assert [law.permutation(law.generator(index)).tolist() for index in range(law.discrete)] == images


@pytest.mark.parametrize("group", [c.symmetric(0), c.symmetric(1), c.alternating(0), c.alternating(1), c.alternating(2), c.cyclic(1)], ids=str)
def test_groups_of_one_element(group: Group) -> None:
    assert group.discrete == len(generators([group]))
    size = sz.number(c.perm(group).dim)
    for one in generators([group]):
        np.testing.assert_array_equal(matrix(c.perm(group), one), np.eye(size))


@pytest.mark.parametrize("n", range(1, 9))
def test_every_element_of_a_dihedral_group_is_a_symmetry_of_the_polygon(n: int) -> None:
    """Corner k at angle 2 pi k / n: permuting the corners is turning the plane."""
    for group in (c.cyclic(n), c.dihedral(n)):
        angles = 2 * np.pi * np.arange(n) / n
        corners = np.stack([np.cos(angles), np.sin(angles)], axis=1)
        for form in enumerate_group(group).elements:
            element = Element({group: form})
            moved = corners @ matrix(c.vector(group), element).T
            np.testing.assert_allclose(moved, corners[matrix(c.perm(group), element).argmax(axis=0)], atol=1e-14)


@pytest.mark.parametrize("n", range(2, 7))
def test_even_permutations(n: int) -> None:
    rng, group = np.random.default_rng(0), c.alternating(n)
    seen = set()
    for _ in range(400):
        image = matrix(c.perm(group), sample((group,), rng))
        assert np.linalg.det(image) == pytest.approx(1)
        seen.add(tuple(image.argmax(axis=0).tolist()))
    assert len(seen) > 0.6 * min(factorial(n) // 2, 400)


@pytest.mark.parametrize("inner", [c.symmetric(3), c.cyclic(3), c.dihedral(4)], ids=str)
@pytest.mark.parametrize("n", [1, 2, 3])
def test_wreath_products_permute_blocks_and_act_inside_them(inner: Group, n: int) -> None:
    """The imprimitive action: a block goes to a block, moved inside by an element of G."""
    group, q, rng = wreath(inner, n), sz.number(c.perm(inner).dim), np.random.default_rng(1)
    images = {tuple(matrix(c.perm(inner), Element({inner: form})).ravel()) for form in enumerate_group(inner).elements}
    for element in (sample((group,), rng) for _ in range(10)):
        blocks = matrix(c.perm(group), element).reshape(n, q, n, q)
        occupied = blocks.any(axis=(1, 3))
        assert (occupied.sum(axis=0) == 1).all()
        assert (occupied.sum(axis=1) == 1).all()
        for i, j in zip(*np.nonzero(occupied), strict=True):
            assert tuple(blocks[i, :, j].ravel()) in images
    first = [matrix(c.perm(group), one) for one in generators([group])]
    assert len(first) == inner.discrete + 2
    for image, one in zip(first, generators([inner]), strict=False):  # those of G on block 0
        expected = np.eye(n * q)
        expected[:q, :q] = matrix(c.perm(inner), one)
        np.testing.assert_array_equal(image, expected)
    for image, one in zip(first[-2:], generators([c.symmetric(n)]), strict=True):  # then the permutations of the blocks
        np.testing.assert_array_equal(image, np.kron(matrix(Perm(c.symmetric(n)), one), np.eye(q)))


@pytest.mark.parametrize("n", range(1, 4))
def test_signed_permutations(n: int) -> None:
    """vector(C(2) wr S(n)) is all 2^n n! signed permutation matrices."""
    group = wreath(c.cyclic(2), n)
    found = {tuple(matrix(c.vector(group), Element({group: form})).ravel()) for form in enumerate_group(group).elements}
    assert len(found) == 2**n * factorial(n)
    for entries in found:
        np.testing.assert_array_equal(np.abs(np.reshape(entries, (n, n))).sum(axis=0), np.ones(n))
        assert set(entries) <= {0, 1, -1}


@pytest.mark.parametrize("m", range(1, 7))
def test_lattices(m: int) -> None:
    """C(m)^2 with quarter turns acts on the points of (Z/m)^2 as x -> t + h x, numbered row-major."""
    group = c.semidirect(c.product([c.name(name, c.cyclic(m)) for name in "AB"]), c.cyclic(4), QUARTER)
    law, rng = group.law, np.random.default_rng(0)
    assert isinstance(law, Lattice)
    assert group.order == m**2 * 4
    for _ in range(5):
        t, h = form = law.random(rng)
        turn = np.linalg.matrix_power(np.array([[0, -1], [1, 0]]), int(h[0]))
        for place, goal in enumerate(law.permutation(form).tolist()):
            x = (turn @ np.array(divmod(place, m)) + t) % m
            assert goal == x[0] * m + x[1]


def test_direct_products_multiply_orders() -> None:
    factors = [c.symmetric(3), c.cyclic(4), c.alternating(4)]
    assert group_order(c.product(factors)) == prod(group_order(factor) or 0 for factor in factors) == c.product(factors).order
    assert [str(one) for one in generators([c.product(factors)])] == ["(0 1)", "(0 1 2)", "rotation by 90°", "(0 1 2)", "(1 2 3)"]


def test_refused() -> None:
    for make in (c.cyclic, c.dihedral):
        with pytest.raises(AlgebraError, match=r"\(0\): the size is at least 1"):
            make(0)
        with pytest.raises(SizeError, match="no meaning"):
            make(sz.free("n")).at({"n": 0})
    for make in (c.symmetric, c.alternating):
        with pytest.raises(AlgebraError, match=r"\(-1\): the size is at least 0"):
            make(-1)
    with pytest.raises(AlgebraError, match="there is no block"):
        wreath(c.cyclic(2), 0)
    with pytest.raises(SizeError, match="no meaning"):
        c.wreath(c.cyclic(2), c.symmetric(sz.free("n"))).at({"n": 0})
    with pytest.raises(AlgebraError, match="blocks are permuted by S") as caught:
        c.wreath(c.cyclic(2), c.cyclic(3))
    assert caught.value.help == "write wreath(C(2), S(n))"


def test_signs_of_permutations_of_many_points() -> None:
    """Against the determinant, for few points; and a swap of points far apart."""
    rng = np.random.default_rng(0)
    for n in (0, 1, 2, 5, 9):
        for _ in range(10):
            image = rng.permutation(n)
            assert parity(image) == round(np.linalg.det(np.eye(n)[image])) if n else parity(image) == 1
    group = c.permutations(["(0 200000)"])
    assert isinstance(group, Permutations)
    assert matrix(c.sign(group), generators([group])[0]) == -1
    assert {group, c.permutations(["(0 200000)"])} == {group}
    with pytest.raises(ValueError, match="read-only"):  # the form is kept
        group.generator(0)[0] = 0


def test_the_order_of_a_long_permutation_is_exact() -> None:
    """Cycles of the first sixteen primes: an order beyond what a random draw takes."""
    image: list[int] = []
    for prime in (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53):
        image += [len(image) + (k + 1) % prime for k in range(prime)]
    group = c.permutations([image])
    assert cyclic_order(np.array(image)) == 32589158477190044730
    rep = c.rep(group, [image])
    assert rep.dim == 381
