"""Orbits of signed permutation actions: labels, order, signs, zeros; against the constraints written out."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from symc.algebra.enumeration import enumerate_group
from symc.algebra.groups import Cyclic, Dihedral, Group, Matrices, Permutations, Symmetric
from symc.algebra.hom import Orbits
from symc.algebra.monomial import Monomial
from symc.algebra.reps import Leaf, Perm, Pixels, Regular, Sign, Vector
from symc.passes.solve import orbit_labels as orbits
from symc.passes.solve.counting import constraints, nullity
from symc.passes.solve.legs import solve_product
from symc.passes.solve.orbit_labels import orbit_labels

SIGNED = Matrices((((0, -1, 0), (0, 0, 1), (1, 0, 0)), ((-1, 0, 0), (0, -1, 0), (0, 0, 1))))


def leaves(group: Group) -> list[Leaf]:
    found: list[Leaf] = [Sign(group), Regular(group, enumerate_group(group).order)]
    if isinstance(group, Symmetric | Cyclic | Dihedral | Permutations):
        found.append(Perm(group))
    if isinstance(group, Cyclic | Dihedral | Matrices):
        found.append(Vector(group))
    if group in (Cyclic(4), Dihedral(4)):
        found.append(Pixels(group, 3, 3))
    return found


GROUPS = [Dihedral(4), Cyclic(4), Dihedral(2), Cyclic(1), Symmetric(3), Permutations(5, ((1, 2, 0, 4, 3),)), SIGNED]


@pytest.mark.parametrize("group", GROUPS, ids=str)
def test_against_the_constraints(group: Group) -> None:
    sides = [(leaf,) for leaf in leaves(group)] + [(Sign(group), leaf) for leaf in leaves(group)]
    for source, target in product(sides, repeat=2):
        size = int(np.prod([leaf.dim for leaf in source + target]))
        if size > 100:
            continue
        kron = solve_product(source, target)
        rows = constraints(source, target)
        assert kron.dim == nullity(rows)
        stack = kron.dense().reshape(kron.dim, size)
        assert not (rows @ stack.T).any()
        assert np.linalg.matrix_rank(stack) == kron.dim if kron.dim else True


def test_labels_are_numbered_by_first_entry() -> None:
    group = Cyclic(4)
    kron = solve_product((Perm(group),), (Perm(group),))
    basis = kron.factors[0].basis
    assert isinstance(basis, Orbits)
    np.testing.assert_array_equal(basis.label, [[0, 1, 2, 3], [3, 0, 1, 2], [2, 3, 0, 1], [1, 2, 3, 0]])
    assert basis.sign is None


def test_first_entries_are_positive_and_meeting_ones_zero() -> None:
    label, sign = orbit_labels([(Monomial(np.array([1, 0]), np.array([-1, 1], dtype=np.int8)),) * 2], 2, 2)
    np.testing.assert_array_equal(label, [[0, 1], [1, 0]])  # commuting with a quarter turn: 1 and the turn
    np.testing.assert_array_equal(sign, [[1, 1], [-1, 1]])
    label, _ = orbit_labels([(Monomial.identity(2), Monomial(np.array([0, 1]), np.array([1, -1], dtype=np.int8)))], 2, 2)
    np.testing.assert_array_equal(label, [[0, -1], [1, -1]])


def test_random_permutation_moves_share_exactly() -> None:
    rng = np.random.default_rng(3)
    for _ in range(20):
        rows, columns = rng.integers(1, 30, size=2)
        moves = [tuple(_move(int(d), rng) for d in (rows, columns)) for _ in range(2)]
        label, sign = orbit_labels(moves, int(rows), int(columns))  # type: ignore[arg-type]
        live = label >= 0
        for out, into in moves:
            there = np.ix_(out.image, into.image)
            np.testing.assert_array_equal(label[there], label)
            flip = np.multiply.outer(out.sign, into.sign)
            np.testing.assert_array_equal((sign[there] * flip)[live], np.broadcast_to(sign, label.shape)[live])
        numbers, first = np.unique(label[live], return_index=True)
        np.testing.assert_array_equal(numbers, np.arange(len(numbers)))
        assert (np.diff(first) > 0).all()
        assert (np.broadcast_to(sign, label.shape)[live][first] == 1).all()


def _move(d: int, rng: np.random.Generator) -> Monomial:
    """A product of a few swaps, so that there are many orbits, and a few signs."""
    image = np.arange(d)
    for _ in range(rng.integers(3)):
        i, j = rng.integers(d, size=2)
        image[[i, j]] = image[[j, i]]
    return Monomial(image, np.where(rng.random(d) < 0.1, -1, 1).astype(np.int8))


def test_a_million_entries() -> None:
    """A long cycle: the tree is as deep as there are rows."""
    cycle = Monomial.permutation((np.arange(1000) + 1) % 1000)
    swap = Monomial.permutation([1, 0, *range(2, 1000)])
    label, _ = orbit_labels([(cycle, cycle), (swap, swap)], 1000, 1000)
    np.testing.assert_array_equal(label, 1 - np.eye(1000, dtype=np.int32))


@pytest.mark.parametrize("chunk", [orbits.CHUNK, 7])
@pytest.mark.parametrize("signed", [False, True])
def test_many_generators_by_random_subproducts(signed: bool, chunk: int) -> None:
    """Against what one unites entry by entry; in pieces of a few entries too."""
    rng = np.random.default_rng(5)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(orbits, "CHUNK", chunk)
        for _ in range(10):
            rows, columns = (int(d) for d in rng.integers(1, 24, size=2))
            moves = [(_move(rows, rng), _move(columns, rng)) for _ in range(2 * orbits.FEW)]
            if not signed:
                moves = [(Monomial.permutation(out.image), Monomial.permutation(into.image)) for out, into in moves]
            label, sign = orbit_labels(moves, rows, columns)
            expected, signs = _by_entries(moves, rows, columns)
            np.testing.assert_array_equal(label, expected)
            np.testing.assert_array_equal(np.where(label < 0, 1, sign), signs)


def _by_entries(moves: list[orbits.Move], rows: int, columns: int) -> tuple[np.ndarray, np.ndarray]:
    """Orbit after orbit, from their first entries."""
    label, sign, count = np.full((rows, columns), -2), np.ones((rows, columns), dtype=np.int8), 0
    for start in np.ndindex(rows, columns):
        if label[start] > -2:
            continue
        found, waiting, zero = {start: 1}, [start], False
        for i, j in waiting:  # grows while it is walked
            for out, into in moves:
                there, value = (int(out.image[i]), int(into.image[j])), int(found[i, j] * out.sign[i] * into.sign[j])
                if there not in found:
                    waiting.append(there)
                zero |= found.setdefault(there, value) != value
        for entry, value in found.items():
            label[entry], sign[entry] = -1 if zero else count, 1 if zero else value
        count += not zero
    return label, sign


def test_which_legs_are_on_which_side_does_not_matter() -> None:
    group = Permutations(6, ((1, 2, 3, 4, 5, 0), (0, 5, 4, 3, 2, 1)))
    perm = Perm(group)
    labels = []
    for source, target in [((perm,) * 3, ()), ((perm,) * 2, (perm,)), ((perm,), (perm,) * 2), ((), (perm,) * 3)]:
        basis = solve_product(source, target).factors[0].basis
        assert isinstance(basis, Orbits)
        assert basis.label.shape == (6 ** len(target), 6 ** len(source))
        labels.append(basis.label.ravel())
    assert all((label == labels[0]).all() for label in labels)
