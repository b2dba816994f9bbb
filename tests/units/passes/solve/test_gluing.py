"""Arithmetic of diagrams against that of their matrices: products, inner products, transposes; and the quadratic forms that are made of it."""

from __future__ import annotations

import numpy as np
import pytest

from symc.algebra.groups import Cyclic, Dihedral, Group, Orthogonal, SpecialOrthogonal, Symmetric
from symc.algebra.hom import Array, AtomBasis, Diagram, diagram_tensor
from symc.algebra.partitions import set_partitions
from symc.algebra.reps import Perm, Sign, Vector
from symc.algebra.summands import Leg
from symc.passes.solve import forms, gluing
from symc.passes.solve.legs import solve_atom

LIMIT = 2**32


def family(m: int) -> list[Diagram]:
    return [Diagram(blocks) for blocks in set_partitions(m, m)]


def operators(diagrams: list[Diagram], sources: int, m: int, n: int) -> Array:
    """Shape (diagrams, n^targets, n^sources)."""
    return np.stack([diagram_tensor(one, sources, m - sources, n).reshape(n ** (m - sources), n**sources) for one in diagrams])


def matrix(partition: np.ndarray, sources: int, n: int) -> Array:
    """Of a partition given as which legs share a block."""
    blocks = {tuple(np.flatnonzero(row).tolist()) for row in partition}
    return operators([Diagram(tuple(sorted(blocks)))], sources, len(partition), n)[0]


@pytest.mark.parametrize("n", [1, 2, 3])
@pytest.mark.parametrize(("u", "middle", "t"), [(1, 1, 1), (2, 1, 1), (1, 2, 1), (0, 2, 1), (1, 0, 2), (0, 3, 0)])
def test_products(u: int, middle: int, t: int, n: int) -> None:
    """D E is a power of n times a diagram: the blocks that lie in the middle alone are summed over."""
    first, after = family(u + middle), family(middle + t)
    glued, powers = gluing.compose(gluing.together(after, middle + t), gluing.together(first, u + middle), middle, n)
    a, b = operators(after, middle, middle + t, n), operators(first, u, u + middle, n)
    assert len(glued) == len(powers) == len(after) * len(first)
    for index, (partition, power) in enumerate(zip(glued, powers, strict=True)):
        i, j = divmod(index, len(first))
        np.testing.assert_array_equal(power * matrix(partition, u, n), a[i] @ b[j])


@pytest.mark.parametrize("n", [1, 2, 5])
@pytest.mark.parametrize("m", range(5))
def test_inner_products(m: int, n: int) -> None:
    together = gluing.together(family(m), m)
    flat = operators(family(m), m, m, n).reshape(len(together), -1)
    np.testing.assert_array_equal(gluing.inner(together, together, n), flat @ flat.T)


@pytest.mark.parametrize(("k", "l"), [(0, 2), (2, 1), (2, 2), (3, 0)])
def test_transposes(k: int, l: int) -> None:
    turned = gluing.transpose(gluing.together(family(k + l), k + l), k)
    for partition, one in zip(turned, operators(family(k + l), k, k + l, 2), strict=True):
        np.testing.assert_array_equal(matrix(partition, l, 2), one.T)


def test_equal_partitions_are_collected() -> None:
    together = gluing.together(family(3), 3)
    kinds, weights = gluing.collect(together[[4, 0, 4, 2, 0]], np.array([1.0, 2.0, 3.0, 4.0, 5.0]))
    found = {tuple(map(tuple, kind.tolist())): weight for kind, weight in zip(kinds, weights, strict=True)}
    assert found == {tuple(map(tuple, together[i].tolist())): weight for i, weight in ((4, 4.0), (0, 7.0), (2, 4.0))}


P, A, O, SO, D = Symmetric(5), Cyclic(4), Orthogonal(4), SpecialOrthogonal(3), Dihedral(4)
FORMS: list[tuple[Group, tuple[Leg, ...], tuple[Leg, ...], tuple[Leg, ...]]] = [  # a -> t, and b -> a that counts
    (P, (Perm(P),), (Perm(P),), (Perm(P), Perm(P))),
    (P, (Perm(P), Perm(P)), (Perm(P),), (Perm(P),)),
    (O, (Vector(O), Vector(O)), (Vector(O), Vector(O)), (Vector(O), Vector(O))),
    (O, (Vector(O),), (Vector(O),), ()),
    (SO, (Vector(SO), Vector(SO)), (Vector(SO),), (Vector(SO),)),
    (A, (Perm(A),), (Perm(A), Perm(A)), (Perm(A),)),
    (D, (Perm(D), Sign(D)), (Perm(D),), (Perm(D),)),
    (A, (Perm(A),), (Vector(A),), (Perm(A), Perm(A))),
]


def by_definition(to: AtomBasis, onto: AtomBasis, n: int) -> Array:
    """K[k, l] = <D_k, D_l T>, T the projector on what the maps b -> a reach, once for each of an orthonormal basis of them."""
    d, e = forms.matrices(to, n), forms.matrices(onto, n)
    rows = e.reshape(len(e), -1)
    _, values, v = np.linalg.svd(rows, full_matrices=False)
    orthonormal = v[values > 1e-9].reshape(-1, *e.shape[1:])
    return np.einsum("kta,lts,xsb,xab->kl", d, d, orthonormal, orthonormal, optimize=True)


@pytest.mark.parametrize(("group", "a", "t", "b"), FORMS, ids=lambda value: str(value) if isinstance(value, Group) else "*".join(map(str, value)))
def test_forms_are_what_they_are_defined_to_be(group: Group, a: tuple[Leg, ...], t: tuple[Leg, ...], b: tuple[Leg, ...]) -> None:
    found = forms.form(group, a, t, b, LIMIT)
    to, onto = solve_atom(group, a, t, LIMIT), solve_atom(group, b, a, LIMIT)
    n = getattr(to, "n", getattr(onto, "n", 0))
    assert found is not None
    if onto.dim:
        np.testing.assert_allclose(found, by_definition(to, onto, n), atol=1e-12)
    else:
        assert not found.any()
    flat = forms.matrices(to, n)
    assert forms.energy(to) == pytest.approx(float((flat**2).sum()), rel=1e-12)
    assert forms.out_dim(to) == flat.shape[1]
