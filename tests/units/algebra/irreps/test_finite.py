"""Irreducible representations of C(n), D(n) and S(n): character tables, Schur orthogonality, the sum of squares."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from symc.algebra import construct as c
from symc.algebra import sizes as sz
from symc.algebra.actions import matrix
from symc.algebra.counting.characters import character, classes
from symc.algebra.elements import Element, sample
from symc.algebra.enumeration import enumerate_group
from symc.algebra.errors import AlgebraError
from symc.algebra.groups import Group
from symc.algebra.reps import Rep, Trivial, Vector


def partitions(n: int, largest: int | None = None) -> Iterator[list[int]]:
    if n == 0:
        yield []
    for part in range(min(n, n if largest is None else largest), 0, -1):
        for rest in partitions(n - part, part):
            yield [part, *rest]


def labels(group: Group, n: int) -> list[Any]:
    """Every irreducible over R, once."""
    match str(group)[0]:
        case "C":
            return list(range(n // 2 + 1))
        case "D":
            return ["0+", "0-", *range(1, (n + 1) // 2), *(["n/2+", "n/2-"] if n % 2 == 0 else [])]
        case _:
            return list(partitions(n))


CASES = [*((c.cyclic(n), n) for n in range(1, 9)), *((c.dihedral(n), n) for n in range(1, 9)), *((c.symmetric(n), n) for n in range(7))]
everywhere = pytest.mark.parametrize(("group", "n"), CASES, ids=[str(group) for group, _ in CASES])


def inner(group: Group, a: Rep, b: Rep) -> float:
    """The mean of chi_a chi_b over the group."""
    pairs = list(classes(group))
    return float(sum(size * character(a, g) * character(b, g) for size, g in pairs)) / sum(size for size, _ in pairs)


@everywhere
def test_schur_orthogonality_and_the_sum_of_squares(group: Group, n: int) -> None:
    """Over R the norm of a character is 1, and 2 where the commutant is C: the turns of C(n) that are no half turns."""
    reps = [c.irrep(group, label) for label in labels(group, n)]
    norms = [2 if str(group)[0] == "C" and rep.dim == 2 else 1 for rep in reps]
    gram = np.array([[inner(group, a, b) for b in reps] for a in reps])
    np.testing.assert_allclose(gram, np.diag(norms), atol=1e-12)
    assert sum(sz.number(rep.dim) ** 2 / norm for rep, norm in zip(reps, norms, strict=True)) == group.order
    if str(group)[0] != "C":
        assert len(reps) == len(list(classes(group)))


@everywhere
def test_orthogonal_homomorphism(group: Group, n: int) -> None:
    rng = np.random.default_rng(0)
    for label in labels(group, n):
        rep = c.irrep(group, label)
        a, b = sample((group,), rng), sample((group,), rng)
        image = matrix(rep, a)
        np.testing.assert_allclose(matrix(rep, a @ b), image @ matrix(rep, b), atol=1e-12)
        np.testing.assert_allclose(image @ image.T, np.eye(sz.number(rep.dim)), atol=1e-12)


@everywhere
def test_the_regular_representation_holds_each_as_often_as_its_dimension(group: Group, n: int) -> None:
    if sz.number(group.order or 0) <= 120:
        for label in labels(group, n):
            rep = c.irrep(group, label)
            assert inner(group, c.regular(group), rep) == pytest.approx(sz.number(rep.dim))


@pytest.mark.parametrize("n", range(1, 9))
def test_tables_of_cyclic_and_dihedral_groups(n: int) -> None:
    """chi_k(r^j) = 2 cos(2 pi j k / n) and 0 at reflections; (-1)^j and its products with the sign for k = n/2."""
    for group in (c.cyclic(n), c.dihedral(n)):
        for form in enumerate_group(group).elements:
            element, j, reflected = Element({group: form}), int(form[0]), len(form) > 1 and bool(form[1])
            for k in range(1, (n + 1) // 2):
                value = 0 if reflected else 2 * np.cos(2 * np.pi * j * k / n)
                assert character(c.irrep(group, k), element) == pytest.approx(value, abs=1e-12)
            sign = -1 if reflected else 1
            if len(form) == 1:
                assert n % 2 or character(c.irrep(group, n // 2), element) == (-1) ** j
                continue
            assert [character(c.irrep(group, label), element) for label in ("0+", "0-")] == [1, sign]
            if n % 2 == 0:
                assert [character(c.irrep(group, f"{half}{mark}"), element) for half in ("n/2", n // 2) for mark in "+-"] == [
                    (-1) ** j, (-1) ** j * sign, (-1) ** j, (-1) ** j * sign,
                ]  # fmt: skip


def test_labels_are_taken_modulo_n() -> None:
    assert c.irrep(c.cyclic(5), 7) == c.irrep(c.cyclic(5), 2)
    assert c.irrep(c.cyclic(5), -5) == c.irrep(c.cyclic(1), 3) == Trivial(1)
    assert c.irrep(c.cyclic(5), 1) == Vector(c.cyclic(5))
    assert c.irrep(c.dihedral(5), 1) == Vector(c.dihedral(5))
    for t in (1, 4):  # k and -k are equivalent over R
        element = Element({c.cyclic(5): np.array([t])})
        assert character(c.irrep(c.cyclic(5), 2), element) == pytest.approx(character(c.irrep(c.cyclic(5), -2), element))


REFUSED: list[tuple[Group, Any]] = [
    (c.symmetric(4), [3]), (c.symmetric(4), [1, 3]), (c.symmetric(4), [4, 0]), (c.symmetric(4), [5, -1]), (c.symmetric(4), 2), (c.symmetric(0), [0]),
    (c.dihedral(5), 3), (c.dihedral(5), "n/2+"), (c.dihedral(4), 2), (c.dihedral(4), "1+"), (c.dihedral(1), 1), (c.dihedral(4), 0),
    (c.cyclic(4), "0+"), (c.cyclic(4), "1/2"),
]  # fmt: skip


@pytest.mark.parametrize(("group", "label"), REFUSED, ids=[f"{group}, {label}" for group, label in REFUSED])
def test_labels_that_name_nothing(group: Group, label: Any) -> None:
    with pytest.raises(AlgebraError, match="has no irreducible representation") as caught:
        c.irrep(group, label)
    assert "a label of" in (caught.value.help or "")
