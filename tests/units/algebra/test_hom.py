"""Solved spaces as tensors: diagrams, Kronecker products, blocks of sums, each against its definition."""

from __future__ import annotations

from itertools import permutations, product

import numpy as np
import pytest

from symc.algebra.groups import Named, Orthogonal, Symmetric
from symc.algebra.hom import Certificate, Diagram, Diagrams, Entry, Factor, Kron, Nullspace, Orbits, Split, diagram_tensor, levi_civita
from symc.algebra.reps import Perm, Sum, Tensor, Trivial, Vector
from symc.algebra.summands import positions, summands

SURE = Certificate(0.0, None, None)
S, O = Symmetric(3), Named("R", Orthogonal(2))


def test_a_diagram_is_one_where_indices_of_each_block_agree() -> None:
    diagram = Diagram(((0, 2), (1, 3, 4)))
    tensor = diagram_tensor(diagram, 2, 3, 3)  # targets 2, 3, 4 come first, then sources 0, 1
    for indices in product(range(3), repeat=5):
        two, three, four, zero, one = indices
        assert tensor[indices] == (zero == two and one == three == four)
    assert str(diagram) == "0 2|1 3 4"


def test_levi_civita() -> None:
    tensor = levi_civita([*np.indices((3, 3, 3))])
    expected = np.zeros((3, 3, 3))
    for image in permutations(range(3)):
        expected[image] = np.linalg.det(np.eye(3)[list(image)])
    assert tensor.tolist() == expected.round().tolist()
    assert diagram_tensor(Diagram(((0, 1),), ((2,), (3,))), 2, 2, 2)[:, :, 0, 0].tolist() == [[0, 1], [-1, 0]]
    assert str(Diagram(((0, 1),), ((2,), (3,)))) == "0 1 det(2 3)"


def test_no_diagrams_and_no_legs() -> None:
    assert Diagrams(S, 3, 1, 1, (), "partition diagrams", SURE).dense().shape == (0, 3, 3)
    assert Diagrams(S, 3, 0, 0, (Diagram(()),), "partition diagrams", SURE).dense().tolist() == [1.0]


def test_orbits_share_weights_with_signs() -> None:
    label, sign = np.array([[0, 1], [1, -1]], dtype=np.int32), np.array([[1, -1], [1, 0]], dtype=np.int8)
    assert Orbits(S, (2,), (2,), 2, label, sign, SURE).dense().tolist() == [[[1, 0], [0, 0]], [[0, -1], [1, 0]]]


def kron() -> Kron:
    """Legs perm(S), 2, vector(R) -> 3, vector(R), perm(S)."""
    shared = Diagrams(S, 3, 1, 1, (Diagram(((0, 1),)), Diagram(((0,), (1,)))), "partition diagrams", SURE)
    turned = Nullspace(O, np.array([np.eye(2), [[0.0, -1.0], [1.0, 0.0]]]), 1, SURE)
    source, target = (Perm(S), Trivial(2), Vector(O)), (Trivial(3), Vector(O), Perm(S))
    return Kron(source, target, (Factor(shared, (0,), (2,)), Factor(turned, (2,), (1,))), (1,), (0,))


def test_kron_is_the_product_of_its_factors_row_major() -> None:
    basis = kron()
    dense = basis.dense()
    assert (basis.dim, basis.diagram_dim, basis.target_channels, basis.source_channels) == (24, 4, 3, 2)
    assert dense.shape == (24, 3, 2, 3, 3, 2, 2)
    shared, turned = (factor.basis.dense() for factor in basis.factors)
    for index, (a, b, i, j) in enumerate(product(range(2), range(2), range(3), range(2))):
        expected = np.einsum("zx,yw,c,t->cyzxtw", shared[a], turned[b], np.eye(3)[i], np.eye(2)[j])
        assert np.array_equal(dense[index], expected)


def test_split_lays_blocks_where_the_summands_lie() -> None:
    source, target = Sum((Trivial(1), Tensor((Perm(S), Trivial(2), Vector(O))))), Sum((Tensor((Trivial(3), Vector(O), Perm(S))), Trivial(1)))
    inner, outer = summands(source)[1], summands(target)[0]
    constant = Kron((Trivial(1),), (Trivial(1),), (), (0,), (0,))
    entries = (Entry(0, outer, 0, inner, kron()), Entry(0, summands(target)[1], 0, summands(source)[0], constant))
    basis = Split((source,), (target,), entries, SURE)
    dense = basis.dense()
    assert dense.shape == (basis.dim, 19, 13) == (25, 19, 13)
    assert np.array_equal(dense[:24, :18, 1:], kron().dense().reshape(24, 18, 12))
    assert dense[24].nonzero() == (18, 0)
    assert not dense[:24, 18].any()
    assert basis.method == "partition diagrams + nullspace"


@pytest.mark.parametrize("rep", [Sum((Perm(S), Trivial(2))), Tensor((Sum((Trivial(1), Perm(S))), Sum((Vector(O), Trivial(3))))), Tensor(())])
def test_summands_cover_every_coordinate_once(rep: Sum | Tensor) -> None:
    places = [positions(rep, part.choice) for part in summands(rep)]
    assert sorted(np.concatenate([place.ravel() for place in places]).tolist()) == list(range(int(rep.dim)))
    for part, place in zip(summands(rep), places, strict=True):
        assert place.shape == tuple(leg.dim for leg in part.legs)
