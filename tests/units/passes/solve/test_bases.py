"""Every kind of basis: complete, independent and equivariant against random elements; densely and by weights the same maps."""

from __future__ import annotations

from collections.abc import Callable
from math import prod

import numpy as np
import pytest

import symc
from symc.algebra.hom import Array, AtomSpace, Bent, Combined, Diagrams, Isotypic, Nested, Nullspace, OrbitList, Orbits, Split

C3 = "matrices([[-1, -1], [1, 0]])"  # a third of a turn, in coordinates that are not orthogonal
SHEAR = "matrices([[1, 1], [0, 1]])"
M11 = 'permutations("(0 1 2 3 4 5 6 7 8 9 10)", "(2 6 10 7)(3 9 4 5)")'

CASES: dict[str, tuple[type[AtomSpace], str, str, int]] = {
    "partition diagrams": (Diagrams, "perm(G)^2 -> perm(G)^2", "S(3)", 14),
    "jellyfish diagrams": (Diagrams, "perm(G)^2 -> perm(G)", "A(3)", 9),
    "Brauer diagrams": (Diagrams, "vector(G)^2 -> vector(G)^2", "O(3)", 3),
    "determinants": (Diagrams, "vector(G)^2 -> vector(G)", "SO(3)", 1),
    "symplectic diagrams": (Diagrams, "vector(G)^2 -> vector(G)^2", "Sp(4)", 3),
    "walled diagrams": (Diagrams, "vector(G)*dual(vector(G)) -> vector(G)*dual(vector(G))", "GL(2)", 2),
    "even diagrams": (Diagrams, "vector(G)^2 -> vector(G)^2", "wreath(C(2), S(3))", 4),
    "orbits": (Orbits, "perm(G)^2 -> perm(G)", "C(4)", 16),
    "signed orbits": (Orbits, "perm(G)*sign(G) -> perm(G)^2", "D(4)", 6),
    "real type": (Isotypic, "vector(G) -> perm(G)", "D(5)", 1),
    "complex type": (Isotypic, "vector(G)^2 -> vector(G)^2", "C(5)", 6),
    "not orthogonal": (Isotypic, "vector(G)^2 -> vector(G)", C3, 2),
    "over C": (Isotypic, "complex(vector(G)) -> complex(vector(G))", "C(5)", 2),
    "bent": (Bent, "vector(G)^3 -> vector(G)", "C(5)", 6),
    "bent onto nothing": (Bent, "1 -> vector(G)^3", "C(3)", 2),
    "bent, not orthogonal": (Bent, "vector(G)^3 -> vector(G)", C3, 6),
    "bent over C": (Bent, "complex(vector(G))^3 -> complex(vector(G))", C3, 6),
    "combined": (Combined, "vector(G)^2 -> vector(G)^2", "O(2, 0, 1)", 3),
    "null space": (Nullspace, "vector(G)^2 -> vector(G)", SHEAR, 3),
    "null space over C": (Nullspace, "complex(vector(G)) -> complex(vector(G))", SHEAR, 2),
    "nested": (Nested, "perm(G)^2 -> perm(G)", "wreath(S(2), S(2))", 10),
    "nested with determinants": (Nested, "vector(G)^2 -> vector(G)", "wreath(SO(3), S(2))", 1),
    "nested over C": (Nested, "vector(G)*conj(vector(G)) -> vector(G)*conj(vector(G))", "wreath(U(2), S(2))", 4),
}


def solved(signature: str, group: str, limit: int | None = None) -> Split:
    found = symc.solve(signature, groups={"G": group}, memory_limit=limit).basis
    assert isinstance(found, Split)
    return found


def atom(split: Split) -> AtomSpace:
    (entry,) = split.entries
    (factor,) = entry.basis.factors
    return factor.basis


@pytest.mark.parametrize("name", CASES)
def test_complete_independent_and_equivariant(name: str, whole: Callable[[Split], Array]) -> None:
    kind, signature, group, dim = CASES[name]
    split = solved(signature, group)
    assert isinstance(atom(split), kind)
    assert split.dim == dim
    whole(split)


@pytest.mark.parametrize("name", CASES)
def test_weights_combine_as_the_dense_maps_do(name: str) -> None:
    _, signature, group, dim = CASES[name]
    split = solved(signature, group)
    basis = atom(split)
    dense = basis.dense()
    assert dense.shape == (dim, *basis.target_shape, *basis.source_shape)
    assert basis.is_complex == np.iscomplexobj(dense)
    weights = np.random.default_rng(0).standard_normal((2, 3, dim))
    np.testing.assert_allclose(basis.combine(weights), np.tensordot(weights, dense, axes=1), rtol=0, atol=1e-13)
    np.testing.assert_array_equal(split.dense(), dense.reshape(dim, prod(basis.target_shape), prod(basis.source_shape)))  # type: ignore[arg-type]


@pytest.mark.parametrize("name", [name for name, (kind, *_) in CASES.items() if kind in (Isotypic, Bent, Combined, Nullspace)])
def test_what_is_computed_is_orthonormal(name: str) -> None:
    """In other coordinates too: a basis is a property of the space of maps, not of the way to it."""
    _, signature, group, dim = CASES[name]
    flat = solved(signature, group).dense().reshape(dim, -1)
    np.testing.assert_allclose(flat @ flat.conj().T, np.eye(dim), atol=1e-13)


@pytest.mark.parametrize(("signature", "dim"), [("perm(G)^2 -> perm(G)", 5), ("perm(G) -> perm(G)", 2)])
def test_a_list_of_orbits_is_the_labels_it_stands_for(signature: str, dim: int) -> None:
    """M11 is sharply 4-transitive: tuples of at most four points lie in one orbit when they repeat alike."""
    listed, labelled = (atom(solved(signature, M11, limit)) for limit in (2000, None))
    assert isinstance(listed, OrbitList)
    assert isinstance(labelled, Orbits)
    assert listed.dim == labelled.dim == dim
    np.testing.assert_array_equal(listed.dense(), labelled.dense())
    where = labelled.label.reshape(*labelled.target_dims, *labelled.source_dims)[tuple(listed.representatives.T)]
    assert sorted(where.tolist()) == list(range(dim))  # one entry of every orbit
    weights = np.arange(1.0, dim + 1)
    np.testing.assert_array_equal(listed.combine(weights), labelled.combine(weights))


def test_coordinates_of_two_groups_are_row_major(whole: Callable[[Split], Array]) -> None:
    found = symc.solve("perm(G)*2*vector(H) -> 3*vector(H)*perm(G)", groups={"G": "S(3)", "H": "C(5)"}).basis
    assert isinstance(found, Split)
    assert found.dim == 2 * 2 * 2 * 3
    flat = whole(found).reshape(2, 2, 3, 2, -1)
    mean, turn = (factor.basis for factor in found.entries[0].basis.factors)
    one = np.einsum("zx,yw,c,t->cyzxtw", mean.dense()[1], turn.dense()[0], [0, 1, 0], [1, 0])
    np.testing.assert_allclose(flat[1, 0, 1, 0], one.ravel(), atol=1e-15)


@pytest.mark.parametrize("n", range(1, 5))
@pytest.mark.parametrize(
    ("signature", "group"),
    [
        ("perm(G)^2 -> perm(G)^2", "S(n)"),
        ("perm(G) -> perm(G)^2", "wreath(S(2), S(n))"),
        ("vector(G)^2 -> vector(G)^2", "wreath(C(2), S(n))"),
        ("vector(G)^2 -> vector(G)^2", "O(n)"),
        ("vector(G)^2 -> vector(G)^2", "GL(n)"),
    ],
)
def test_at_a_number_the_same_space_is_spanned_without_redundancy(signature: str, group: str, n: int) -> None:
    free = symc.solve(signature, groups={"G": group})
    cut = free.at(n=n)
    assert cut.dim == cut.certificate.expected <= free.dim
    stacks = [basis.reshape(-1, basis[0].size) for basis in (free.dense(n=n), cut.dense())]
    assert np.linalg.matrix_rank(stacks[0]) == np.linalg.matrix_rank(np.concatenate(stacks)) == cut.dim
