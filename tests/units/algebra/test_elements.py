"""Elements, enumeration, orders, characters and classes."""

from __future__ import annotations

from math import factorial

import numpy as np
import pytest

from symc.algebra.actions import matrix
from symc.algebra.counting.characters import character, classes
from symc.algebra.elements import Element, exp, from_generator, sample, word
from symc.algebra.enumeration import enumerate_group, group_order
from symc.algebra.errors import GroupTooLarge
from symc.algebra.generators import generators
from symc.algebra.groups import Cyclic, Dihedral, Form, Group, Matrices, Named, Orthogonal, Permutations, Product, SpecialOrthogonal, Symmetric
from symc.algebra.reps import Perm, Regular, Sign, Sum, Tensor, Trivial, Vector

PHI = (1 + 5**0.5) / 2
A5 = Permutations(5, ((1, 2, 3, 4, 0), (1, 2, 0, 3, 4)))
FIFTH = ((0.5, -PHI / 2, 1 / PHI / 2), (PHI / 2, 1 / PHI / 2, -0.5), (1 / PHI / 2, 0.5, PHI / 2))
ICOSAHEDRAL = Matrices((((-1, 0, 0), (0, -1, 0), (0, 0, 1)), ((0, 0, 1), (1, 0, 0), (0, 1, 0)), FIFTH))
I4, J4 = ((0, -1, 0, 0), (1, 0, 0, 0), (0, 0, 0, -1), (0, 0, 1, 0)), ((0, 0, -1, 0), (0, 0, 0, 1), (1, 0, 0, 0), (0, -1, 0, 0))
Q8 = Matrices((I4, J4))
ROTATION = ((0.6, -0.8), (0.8, 0.6))  # by no rational part of a turn
INFINITE = [
    *(Matrices((one,)) for one in (((1, 1), (0, 1)), ((2, 1), (1, 1)), ((2,),), ((-1, 0.1), (0, -1)), ROTATION)),
    *(Matrices((((0, -1), (1, 0)), ROTATION)), Orthogonal(2), SpecialOrthogonal(3)),
]
M12 = Permutations(12, ((*range(1, 11), 0, 11), (0, 1, 6, 9, 5, 3, 10, 2, 8, 4, 7, 11), (11, 10, 5, 7, 8, 2, 9, 3, 4, 6, 1, 0)))


def m24() -> Permutations:
    """On the projective line over F_23: x -> x + 1, x -> -1/x, and x -> x^3/9 or 9 x^3 (Conway, Sloane 1988, chapter 10)."""
    infinity, squares = 23, {x * x % 23 for x in range(1, 23)}

    def delta(x: int) -> int:
        return x if x in (0, infinity) else (x**3 * pow(9, -1, 23) if x in squares else 9 * x**3) % 23

    shift = [*((x + 1) % 23 for x in range(23)), infinity]
    inversion = [infinity, *(-pow(x, -1, 23) % 23 for x in range(1, 23)), 0]
    return Permutations(24, (tuple(shift), tuple(inversion), tuple(map(delta, range(24)))))


@pytest.mark.parametrize(
    ("group", "order"),
    [
        (Symmetric(0), 1), (Symmetric(1), 1), (Symmetric(5), 120), (Cyclic(1), 1), (Cyclic(12), 12), (Dihedral(1), 2), (Dihedral(2), 4),
        (Dihedral(6), 12), (Orthogonal(1), 2), (SpecialOrthogonal(1), 1), (A5, 60), (ICOSAHEDRAL, 60), (Q8, 8), (Named("A", A5), 60),
        (Permutations(3, ((0, 1, 2),)), 1),
    ],
)  # fmt: skip
def test_enumeration_is_closed(group: Group, order: int) -> None:
    found = enumerate_group(group)
    assert found.order == order == group_order(group)
    assert [found.index(element) for element in found.elements] == list(range(order))
    for row in (*found.left, *found.right()):
        assert sorted(row.tolist()) == list(range(order))
    for index in (0, order // 2, order - 1):
        product = group.law.identity()
        for letter in reversed(found.word(index)):
            product = group.law.product(group.law.generator(letter), product)
        assert found.index(product) == index
        assert found.left_action(product)[0] == index


def test_right_multiplication_table() -> None:
    found = enumerate_group(A5)
    for letter in (0, 1):
        generator = A5.generator(letter)
        assert [found.index(A5.product(element, generator)) for element in found.elements] == found.right()[letter].tolist()


def test_orders_without_listing() -> None:
    assert group_order(M12) == 95040
    assert group_order(m24()) == 244823040
    assert group_order(Symmetric(30)) == factorial(30)
    assert group_order(Permutations(300, ((1, 0, *range(2, 300)), (*range(1, 300), 0)))) == factorial(300)
    assert group_order(Permutations(25, ((1, 2, 0, *range(3, 25)), (*range(1, 25), 0)))) == factorial(25) // 2
    assert group_order(Permutations(70, ((*range(1, 35), 0, *range(35, 70)),))) == 35
    assert group_order(Product((Named("A", A5), Named("B", Cyclic(7))))) == 420
    assert group_order(Orthogonal(2)) is None
    assert group_order(Product((Symmetric(3), SpecialOrthogonal(2)))) is None


@pytest.mark.parametrize("group", [*INFINITE, Symmetric(40), m24()], ids=lambda group: str(group)[:40])
def test_infinite_and_large_groups_are_given_up(group: Group) -> None:
    with pytest.raises(GroupTooLarge):
        enumerate_group(group, 20_000)


def test_an_element_from_elsewhere_is_not_found() -> None:
    with pytest.raises(ValueError, match="not an element"):
        enumerate_group(A5).index(np.array([1, 0, 2, 3, 4]))
    with pytest.raises(ValueError, match="not an element"):
        enumerate_group(Q8).index(np.full((2, 4, 4), np.nan))


def test_words_and_generators() -> None:
    turn, flip = generators([Dihedral(5)])
    rep = Sum((Perm(Dihedral(5)), Vector(Dihedral(5))))
    spelled = matrix(rep, turn) @ matrix(rep, turn) @ matrix(rep, flip)
    assert matrix(rep, word([turn, turn, flip])) == pytest.approx(spelled)
    assert str(word([turn, turn, flip])) == "rotation by 2/5 turn after reflection of D(5)"
    assert str(word([])) == "identity"
    with pytest.raises(TypeError, match="Lie algebra"):
        from_generator(generators([SpecialOrthogonal(2)])[0])


def test_exponentials() -> None:
    group = SpecialOrthogonal(3)
    turn = matrix(Vector(group), exp(group, [0.3, 0, 0]))
    assert turn == pytest.approx(np.array([[np.cos(0.3), np.sin(0.3), 0], [-np.sin(0.3), np.cos(0.3), 0], [0, 0, 1]]))
    with pytest.raises(ValueError, match="3 Lie algebra generators"):
        exp(group, [1.0])


def test_samples_reach_every_coset() -> None:
    """Words of one parity only would miss half of a cyclic group of matrices."""
    rng = np.random.default_rng(1)
    turn = Matrices((((0, -1), (1, 0)),))
    assert {round(character(Vector(turn), sample([turn], rng))) for _ in range(200)} == {-2, 0, 2}
    ring = Permutations(1000, (tuple((i + 1) % 1000 for i in range(1000)),))
    assert len({int(sample([ring], rng).parts[ring][0]) for _ in range(200)}) > 150
    assert {round(character(Sign(Orthogonal(3)), sample([Orthogonal(3)], rng))) for _ in range(50)} == {1, -1}
    assert {round(character(Sign(SpecialOrthogonal(3)), sample([SpecialOrthogonal(3)], rng))) for _ in range(50)} == {1}


SMALL = [*map(Symmetric, (0, 1, 4)), Cyclic(6), *map(Dihedral, (1, 2, 5, 6)), Orthogonal(1), SpecialOrthogonal(1), A5, ICOSAHEDRAL, Q8]


@pytest.mark.parametrize("group", SMALL, ids=lambda group: str(group)[:40])
def test_classes_are_those_of_the_listed_group(group: Group) -> None:
    found = enumerate_group(group)

    def conjugate(a: Form, b: Form) -> int:
        return found.index(group.law.product(group.law.product(a, b), group.law.inverse(a)))

    listed = {frozenset(conjugate(a, b) for a in found.elements) for b in found.elements}
    known = {next(one for one in listed if found.index(element.parts[group]) in one): size for size, element in classes(group)}
    assert known == {one: len(one) for one in listed}


def test_characters_of_a5_are_orthogonal() -> None:
    three = Vector(ICOSAHEDRAL)
    pairs = list(classes(ICOSAHEDRAL))
    assert sum(size * character(three, element) ** 2 for size, element in pairs) / 60 == pytest.approx(1)
    assert sum(size * character(Tensor((three, three)), element) for size, element in pairs) / 60 == pytest.approx(1)
    assert sum(size * character(Regular(ICOSAHEDRAL, 60), element) for size, element in pairs) == 60


def test_character_is_the_trace() -> None:
    rng = np.random.default_rng(2)
    groups = [Dihedral(6), Orthogonal(3), A5]
    rep = Tensor((Sum((Vector(Dihedral(6)), Trivial(2), Perm(A5))), Vector(Orthogonal(3)), Sign(Dihedral(6))))
    for _ in range(5):
        element = sample(groups, rng)
        assert character(rep, element) == pytest.approx(np.trace(matrix(rep, element)))
    assert character(rep, Element({})) == 27
