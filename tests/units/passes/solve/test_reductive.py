"""Reductive groups and more: duals that differ, determinants, types R, C and H, images that are neither orthogonal nor faithful, all maps of each."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

import symc
from symc.algebra.hom import Array, Bent, Combined, Isotypic, Split
from symc.diagnostics import DiagnosticError

Q8 = "matrices([[0,-1,0,0],[1,0,0,0],[0,0,0,-1],[0,0,1,0]], [[0,0,-1,0],[0,0,0,1],[1,0,0,0],[0,-1,0,0]])"
SL2 = "lie([[1, 0], [0, -1]], [[0, 1], [0, 0]], [[0, 0], [1, 0]])"

REDUCTIVE = [
    ("GL(2)", "vector(G)^2", "vector(G)^2", 2),
    ("GL(2)", "vector(G)", "dual(vector(G))", 0),
    ("GL(2)", "det(G)*vector(G)", "vector(G)", 0),
    ("GL(2)", "dual(vector(G))*det(G)", "vector(G)", 1),  # the form of the plane, up to the determinant
    ("GL(2)", "vector(G)*det(G)", "dual(vector(G))*det(G)^2", 1),
    ("SL(2)", "vector(G)", "dual(vector(G))", 1),
    ("SL(2)", "sym(vector(G), 2)^2", "sym(vector(G), 2)", 1),
    ("SL(2)", "sym(vector(G), 3)*vector(G)", "sym(vector(G), 2)", 1),
    ("SL(3)", "vector(G)", "dual(vector(G))", 0),
    ("SL(3)", "vector(G)^2", "dual(vector(G))", 1),
    ("SL(3)", "alt(vector(G), 2)", "dual(vector(G))", 1),
    ("SL(3)", "sym(vector(G), 2)", "dual(vector(G))", 0),
    ("O(1, 2)", "vector(G)", "dual(vector(G))", 1),
    ("O(1, 2)", "vector(G)^3", "1", 0),
    ("O(1, 2)", "vector(G)^3", "det(G)", 1),
    ("O(1, 2)", "alt(vector(G), 2)", "vector(G)", 0),
    ("O(1, 2)", "alt(vector(G), 2)", "vector(G)*det(G)", 1),
    ("SO(1, 2)", "alt(vector(G), 2)", "vector(G)", 1),
    ("SO(2, 2)", "alt(vector(G), 2)", "alt(vector(G), 2)", 2),  # self-dual and anti-self-dual
    ("SO(1, 3)", "alt(vector(G), 2)", "alt(vector(G), 2)", 2),  # one of type C
    ("O(1, 3)", "vector(G)^2", "vector(G)^2", 3),
    ("Sp(4)", "alt(vector(G), 2)", "alt(vector(G), 2)", 2),
    (SL2, "vector(G)^2", "vector(G)^2", 2),
    (SL2, "vector(G)", "dual(vector(G))", 1),
    ("lie([[0, -1], [1, 0]])", "vector(G)^2", "vector(G)^2", 6),
    ("lie([[0, 1], [1, 0]])", "vector(G)", "vector(G)", 2),  # a boost: two lines
    ("lie([[1, 0], [0, 2]])", "vector(G)^2", "vector(G)", 1),  # weights 2, 3, 3, 4 and 1, 2
]
WITH_A_RADICAL = [  # the radical is fixed: a vector is invariant, and no covector
    ("O(2, 1, 1)", "1", "vector(G)", 1),
    ("O(2, 1, 1)", "vector(G)", "1", 0),
    ("O(2, 1, 1)", "vector(G)", "vector(G)", 1),
    ("O(2, 1, 1)", "vector(G)", "dual(vector(G))", 1),  # the degenerate form
    ("O(2, 1, 1)", "dual(vector(G))", "vector(G)", 1),  # the radical twice
    ("O(1, 1, 2)", "dual(vector(G))^2", "1", 4),
    ("O(3, 0, 1)", "vector(G)^2", "vector(G)^2", 3),
    ("O(3, 0, 1)", "vector(G)*dual(vector(G))", "vector(G)*dual(vector(G))", 3),
]


def solved(group: str, source: str, target: str) -> Split:
    found = symc.solve(f"{source} -> {target}", groups={"G": group}).basis
    assert isinstance(found, Split)
    return found


def checked(found: Split, dim: int, whole: Callable[[Split], Array]) -> None:
    assert found.dim == dim
    assert found.certificate.expected in (dim, None)
    assert found.certificate.residual <= 1e-12
    whole(found)


@pytest.mark.parametrize(("group", "source", "target", "dim"), REDUCTIVE)
def test_reductive(group: str, source: str, target: str, dim: int, whole: Callable[[Split], Array]) -> None:
    checked(solved(group, source, target), dim, whole)


@pytest.mark.parametrize(("group", "source", "target", "dim"), WITH_A_RADICAL)
def test_more_than_reductive(group: str, source: str, target: str, dim: int, whole: Callable[[Split], Array]) -> None:
    found = solved(group, source, target)
    assert all(isinstance(factor.basis, Combined) for entry in found.entries for factor in entry.basis.factors)
    checked(found, dim, whole)


TYPES: list[tuple[str, str, list[tuple[int, int]]]] = [  # group, representation, (K, dimension) of each block of its endomorphisms
    ("SU(2)", "real(vector(G))", [(4, 4)]),
    ("SU(2)", "real(irrep(G, 1))", [(1, 4)]),  # of type R: twice itself
    ("SU(3)", "real(vector(G))", [(2, 2)]),
    ("U(1)", "real(irrep(G, 3))", [(2, 2)]),
    ("C(5)", "vector(G)", [(2, 2)]),
    ("D(5)", "vector(G)", [(1, 1)]),
]


@pytest.mark.parametrize(("group", "rep", "kinds"), TYPES)
def test_types_of_irreducibles(group: str, rep: str, kinds: list[tuple[int, int]], whole: Callable[[Split], Array]) -> None:
    found = solved(group, rep, rep)
    ((basis,),) = [[factor.basis for factor in entry.basis.factors] for entry in found.entries]
    inner = basis.base if isinstance(basis, Bent) else basis
    assert isinstance(inner, Isotypic)
    assert [(block.kind, block.dim) for block in inner.blocks] == kinds
    whole(found)


@pytest.mark.parametrize(("k", "dim"), [(1, 4), (2, 4 * 4**2), (3, 4 * 16**2)])
def test_powers_of_the_quaternions(k: int, dim: int) -> None:
    """H (x) H is four times each of four characters; with a third factor it is sixteen times H."""
    assert solved(Q8, *[f"vector(G)^{k}"] * 2).dim == dim


IMAGES = [
    ("S(3)", "rep(G, [[0, 1], [1, 0]], [[0, -1], [1, -1]])", "perm(G)", 1),  # the plane of S(3), in a basis of roots
    ("S(4)", "rep(G, [[-1]], [[-1]])", "sign(G)", 1),
    ("S(4)", "rep(G, [[1, 0], [0, -1]], [[1, 0], [0, -1]])", "perm(G)*sign(G)", 1),  # two characters
    ("generated(2)", "rep(G, [[0, 1], [1, 0]], [1, 0])", "1", 1),
    ("generated(1)", "rep(G, [[1, 1], [0, 1]])", "rep(G, [[1, 0], [1, 1]])", 2),  # duals of each other, and conjugate
    ("generated(1)", "rep(G, [[2]])", "rep(G, [[2, 1], [0, 3]])", 1),
    ("generated(1)", "rep(G, [[2, 1], [0, 2]])", "rep(G, [[0.5, 0], [1, 0.5]])", 0),
    ("generated(1)", "rep(G, complex([[0]], [[1]]))", "rep(G, complex([[0, 0], [0, 0]], [[1, 0], [0, -1]]))", 1),
    ("SO(2)", "rep(G, algebra=[[[1, -2], [1, -1]]])", "vector(G)", 2),
    ("SO(2)", "rep(G, algebra=[[[0, -2], [2, 0]]])", "irrep(G, 2)", 2),
]


@pytest.mark.parametrize(("group", "source", "target", "dim"), IMAGES)
def test_images_that_are_neither_orthogonal_nor_faithful(group: str, source: str, target: str, dim: int, whole: Callable[[Split], Array]) -> None:
    checked(solved(group, source, target), dim, whole)


@pytest.mark.parametrize(
    ("group", "rep"),
    [
        ("GL(2)", "vector(G)"),
        ("SL(3)", "vector(G)"),
        ("O(2, 0, 1)", "vector(G)"),
        ("generated(1)", "rep(G, [[1, 1], [0, 1]])"),
        ("U(2)", "vector(G)"),
    ],
)
def test_maps_between_duals_are_transposes(group: str, rep: str) -> None:
    """Hom(V, W) and Hom(W*, V*), which is found in its own way."""
    forth, back = solved(group, f"{rep}^2", f"{rep}^2"), solved(group, f"dual({rep})^2", f"dual({rep})^2")
    assert forth.dim == back.dim > 0
    both = np.concatenate([forth.dense(), back.dense().transpose(0, 2, 1)])
    assert np.linalg.matrix_rank(both.reshape(2 * forth.dim, -1), tol=1e-9) == forth.dim


@pytest.mark.parametrize("image", ["[[1, 1], [0, 1]]", "[[2, 0], [0, 1]]"])
def test_images_that_break_a_relation_are_refused(image: str) -> None:
    with pytest.raises(DiagnosticError, match="is no representation") as caught:
        symc.solve(f"rep(G, {image}) -> 1", groups={"G": "C(3)"})
    assert caught.value.diagnostics[0].code == "E0323"
