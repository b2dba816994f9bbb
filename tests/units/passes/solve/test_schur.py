"""Labelled irreducibles: labels tell apart what characters tell apart, and there is no map between inequivalent ones."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

import symc
from symc.algebra import construct as c
from symc.algebra.construct.irreps import Label
from symc.algebra.counting.counts import hom_dim
from symc.algebra.elements import sample
from symc.algebra.groups import Group
from symc.algebra.groups.base import Array
from symc.algebra.hom import AtomSpace
from symc.algebra.reps import Irrep, Power, Realified, Rep, Rotation, Traceless, Turning
from symc.algebra.reps.powers import Kind, invariant_metric
from symc.passes.solve.certify import residual
from symc.passes.solve.isotypic import isotypic
from symc.passes.solve.legs import solve_product
from symc.passes.solve.schur import schur, simple

FAMILIES: list[tuple[Group, list[Label]]] = [
    (c.cyclic(8), [*range(8)]), (c.cyclic(7), [*range(7)]), (c.dihedral(6), ["0-", 1, 2, "3+", "3-"]), (c.dihedral(7), ["0-", 1, 2, 3]),
    (c.special_orthogonal(2), [*range(-3, 4)]), (c.orthogonal(2), ["0-", 1, 2, 3]), (c.unitary(1), [*range(-3, 4)]),
    (c.special_unitary(2), [0, "1/2", 1, "3/2", 2]), (c.special_orthogonal(3), [1, 2, 3]), (c.orthogonal(3), ["1o", "1e", "2o", "2e", "3o", "3e"]),
    (c.symmetric(4), [[3, 1], [2, 2], [2, 1, 1]]), (c.symmetric(5), [[4, 1], [3, 2], [3, 1, 1], [2, 2, 1], [2, 1, 1, 1]]),
    (c.euclidean(3), ["1e", "2o", "2e"]), (c.special_euclidean(2), [-2, 2, 3]),
]  # fmt: skip


@pytest.mark.parametrize(("group", "labels"), FAMILIES, ids=[str(group) for group, _ in FAMILIES])
def test_labels_tell_apart_what_characters_do(group: Group, labels: list[Label]) -> None:
    irreps = [rep for label in labels if isinstance(rep := c.irrep(group, label), Irrep)]
    assert irreps
    for a, b in product(irreps, repeat=2):
        if type(a) is type(b):
            kron = solve_product((a,), (b,))
            assert (a.isomorphism_class == b.isomorphism_class) == (kron.dim > 0)
            if not isinstance(group.law, type(c.euclidean(3).law)):
                found = hom_dim([a], [b])
                assert found is not None
                assert found[0] == kron.dim


def test_the_other_parity_is_no_other_label_where_nothing_is_inverted() -> None:
    group = c.special_orthogonal(3)
    assert Rotation(group, 2).isomorphism_class == Rotation(group, 2, odd=True).isomorphism_class
    assert Rotation(c.orthogonal(3), 2).isomorphism_class != Rotation(c.orthogonal(3), 2, odd=True).isomorphism_class
    assert Turning(c.cyclic(8), 3).isomorphism_class == Turning(c.cyclic(8), 5).isomorphism_class == Turning(c.cyclic(8), -3).isomorphism_class


def test_no_maps_are_certified_by_characters() -> None:
    basis = symc.solve("irrep(G, 2) -> irrep(G, 3)", groups={"G": "SO(3)"})
    assert (basis.dim, basis.certificate.expected, basis.certificate.expected_by) == (0, 0, "characters of tori (Weyl's integral formula)")


KINDS: tuple[Kind, ...] = ("sym", "alt")


def powers(group: Group) -> list[Rep]:
    """Legs made of vectors, with those for which Schur's lemma has nothing to say."""
    v = c.vector(group)
    legs: list[Rep] = [v, *(Power(v, k, kind) for kind in KINDS for k in (2, 3))]
    return [leg for leg in legs + [Traceless(v, k) for k in (2, 3) if invariant_metric(v)] if leg.dim]


GROUPS = [
    *map(c.orthogonal, (2, 3, 4)), *map(c.special_orthogonal, (2, 3, 4)), *map(c.unitary, (1, 2, 3)), *map(c.special_unitary, (2, 3)),
    c.general_linear(2), c.special_linear(3), c.symplectic(4), c.indefinite(1, 1), c.indefinite(1, 2), c.indefinite(1, 1, special=True),
    c.indefinite(1, 3, special=True),
]  # fmt: skip


@pytest.mark.parametrize("group", GROUPS, ids=str)
def test_what_is_known_to_be_irreducible_is(group: Group) -> None:
    """The general solver, which knows of no theory, finds the same maps."""
    for leg in powers(group):
        for rep in (leg, Realified(leg)) if leg.is_complex else (leg,):
            found = isotypic(group, (rep,), (rep,), 2**30)
            known = schur(group, (rep,), (rep,), 2**30)
            assert found is not None
            assert known is None or known.dim == found.dim, rep
            if known is not None:
                assert residual(known.dense(), (rep,), (rep,)) < 1e-13
                np.testing.assert_allclose(known.combine(found_weights(known, found)), found.dense(), atol=1e-12)
        assert simple(leg) or leg.dim > 1


def found_weights(basis: AtomSpace, other: AtomSpace) -> Array:
    """The maps of one orthonormal basis as combinations of those of another."""
    rows, own = (one.dense().reshape(one.dim, -1) for one in (other, basis))
    return np.asarray(rows @ own.conj().T)


LARGE = [
    ("S(30)", "irrep(G, [28, 2]) -> irrep(G, [28, 2])", 1),
    ("SU(30)", "real(vector(G)) -> real(vector(G))", 2),
    ("U(20)", "sym(vector(G), 2) -> sym(vector(G), 2)", 1),
    ("O(100)", "alt(vector(G), 2) -> alt(vector(G), 2)", 1),
    ("E(100)", "alt(vector(G), 2) -> vector(G)", 0),
    ("O(500, 500)", "vector(G) -> vector(G)", 1),
]


@pytest.mark.parametrize(("group", "signature", "dim"), LARGE)
def test_large_irreducibles_are_not_taken_apart(group: str, signature: str, dim: int) -> None:
    basis = symc.solve(signature, groups={"G": group})
    assert (basis.dim, basis.method, basis.certificate.residual) == (dim, "Schur's lemma" if dim else "no map", 0.0)


def test_what_is_large_and_not_irreducible_is_refused_before_it_is_formed() -> None:
    for group, signature in (("O(100)", "sym(vector(G), 2) -> sym(vector(G), 2)"), ("O(500, 500)", "vector(G)^2 -> vector(G)^2")):
        with pytest.raises(symc.DiagnosticError, match="nothing was allocated"):
            symc.solve(signature, groups={"G": group})


def test_long_sums_of_irreducibles() -> None:
    basis = symc.solve("irreps(G, 0..30) -> irreps(G, 0..30)", groups={"G": "SO(3)"})
    assert (basis.dim, basis.certificate.expected) == (31, 31)
    assert basis.certificate.residual < 1e-13


def test_matrices_of_rotations_are_no_one_elses() -> None:
    """What is kept for the next degree cannot be changed from outside."""
    rep, element = c.irrep(c.special_orthogonal(3), 3), sample((c.special_orthogonal(3),), np.random.default_rng(0))
    first = rep.image(element)
    assert isinstance(first, np.ndarray)
    first[:] = 0
    assert np.linalg.norm(np.asarray(rep.image(element))) > 1
