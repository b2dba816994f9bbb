"""Affine maps between points: an origin and directions, all of them, which commute with motions; weights of points sum to 1, of vectors to 0."""

from __future__ import annotations

import numpy as np
import pytest

import symc
from symc.algebra import sizes as sz
from symc.algebra.actions import act, matrix
from symc.algebra.elements import sample
from symc.algebra.hom import Affine, Array
from symc.algebra.reps import Sum
from symc.diagnostics import DiagnosticError

THIRDS = "semidirect(T(2), C(3), by=vector(C(3)))"
LINEAR = "semidirect(T(2), GL(2), by=vector(GL(2)))"
SHUFFLED = "semidirect(T(3), S(3), by=perm(S(3)))"
LORENTZ = "semidirect(T(3), O(1, 2), by=vector(O(1, 2)))"
FINITE = "semidirect(T(2), D(4), by=vector(D(4)))"

CASES: dict[str, tuple[str, dict[str, str], int]] = {
    "one point": ("point(M) -> point(M)", {"M": "E(2)"}, 0),
    "weighted means": ("3*point(M) -> 2*point(M)", {"M": "E(3)"}, 4),
    "turned weights": ("3*point(M) -> point(M)", {"M": "SE(2)"}, 4),
    "any matrix": ("3*point(M) -> point(M)", {"M": "T(2)"}, 8),
    "differences": ("3*point(M) -> vector(M)", {"M": "E(3)"}, 2),
    "coordinates of differences": ("3*point(M) -> 2", {"M": "T(2)"}, 8),
    "moved by vectors": ("2*point(M) + 3*vector(M) -> point(M) + vector(M)", {"M": "E(3)"}, 8),
    "cross products": ("2*point(M) + vector(M)^2 -> point(M)", {"M": "SE(3)"}, 2),
    "a number beside": ("point(M) + 2 -> point(M) + 1", {"M": "T(2)"}, 6),
    "sets": ("perm(P)*point(M) -> perm(P)*point(M)", {"P": "S(3)", "M": "E(2)"}, 1),
    "pairs": ("perm(P)*point(M)*perm(P) -> point(M)*perm(P)", {"P": "S(3)", "M": "E(2)"}, 4),
    "orbits": ("perm(P)*point(M) -> perm(P)*point(M)", {"P": "C(4)", "M": "E(2)"}, 3),
    "two spaces": ("2*point(M) + 2*point(N) -> point(M) + point(N)", {"M": "E(2)", "N": "T(1)"}, 2),
    "thirds of a turn": ("2*point(M) + vector(M) -> point(M)", {"M": THIRDS}, 4),
    "a finite group of turns": ("3*point(M) -> point(M) + vector(M)", {"M": FINITE}, 4),
    "linear maps": ("3*point(M) -> 2*point(M)", {"M": LINEAR}, 4),
    "coordinates are permuted": ("2*point(M) -> point(M)", {"M": SHUFFLED}, 2),
    "space-time": ("2*point(M) -> point(M) + vector(M)", {"M": LORENTZ}, 2),
}


def solved(signature: str, groups: dict[str, str]) -> Affine:
    found = symc.solve(signature, groups=groups).basis
    assert isinstance(found, Affine)
    return found


def conditions(basis: Affine) -> tuple[Array, Array]:
    """(a, b): what random motions x -> R x + t ask of a map W, flattened row-major: a W = b."""
    rng = np.random.default_rng(3)
    source, target = Sum(basis.sources), Sum(basis.targets)
    d_in, d_out = sz.number(source.dim), sz.number(target.dim)
    rows, goals = [], []
    for _ in range(8):
        element = sample(dict.fromkeys(source.groups + target.groups), rng)
        rows.append(np.kron(matrix(target, element), np.eye(d_in)) - np.kron(np.eye(d_out), matrix(source, element).T))
        goals.append(np.zeros(d_in * d_out))
        rows.append(np.kron(np.eye(d_out), act(source, element, np.zeros(d_in))))
        goals.append(act(target, element, np.zeros(d_out)))
    return np.concatenate(rows), np.concatenate(goals)


@pytest.mark.parametrize("name", CASES)
def test_all_affine_maps_and_only_those(name: str) -> None:
    signature, groups, dim = CASES[name]
    basis = solved(signature, groups)
    a, b = conditions(basis)
    values = np.linalg.svd(a, compute_uv=False)
    assert basis.dim == dim == a.shape[1] - int((values > 1e-9 * values.max()).sum())
    assert basis.certificate.expected in (dim, None)
    origin, directions = basis.origin().ravel(), basis.dense().reshape(dim, a.shape[1])
    assert np.abs(a @ origin - b).max() <= 1e-12 * np.abs(a).max()
    assert np.abs(a @ directions.T).max(initial=0.0) <= 1e-12 * np.abs(a).max()
    assert np.linalg.matrix_rank(directions) == dim if dim else directions.size == 0


@pytest.mark.parametrize("name", CASES)
def test_motions_of_the_inputs_are_motions_of_the_outputs(name: str) -> None:
    """With weights and points at random, at random elements."""
    signature, groups, dim = CASES[name]
    basis = solved(signature, groups)
    rng = np.random.default_rng(4)
    source, target = Sum(basis.sources), Sum(basis.targets)
    w = basis.origin() + np.tensordot(rng.standard_normal(dim), basis.dense(), axes=1)
    for _ in range(3):
        x, element = rng.standard_normal(w.shape[1]), sample(dict.fromkeys(source.groups + target.groups), rng)
        one, other = w @ act(source, element, x), act(target, element, w @ x)
        np.testing.assert_allclose(one, other, atol=1e-11 * max(1.0, np.abs(one).max()))


def test_weights_sum_to_one_into_points_and_to_zero_into_vectors() -> None:
    basis = solved("4*point(M) -> point(M) + vector(M)", {"M": "E(3)"})
    theta = np.random.default_rng(5).standard_normal((6, basis.dim))
    weights = basis.linear_weights(theta)
    assert weights.shape == (6, basis.linear.dim)
    np.testing.assert_allclose(weights.reshape(6, 2, 4).sum(axis=2), [[1, 0]] * 6, atol=1e-14)
    np.testing.assert_allclose(basis.linear_weights(np.zeros(basis.dim)), [1 / 4] * 4 + [0] * 4, atol=1e-15)  # the mean


@pytest.mark.parametrize("n", [1, 2, 5, 9])
def test_with_a_free_number_of_points(n: int) -> None:
    """The origin is a point whatever n is: diagrams take means."""
    found = symc.solve("2*perm(P)*point(M) -> perm(P)*point(M)", groups={"P": "S(n)", "M": "T(1)"})
    assert (found.dim, found.free) == (3, {"n"})
    origin, directions = found.origin(n=n), found.dense(n=n)
    assert origin is not None
    np.testing.assert_allclose(origin.sum(axis=1), 1, atol=1e-14)
    np.testing.assert_allclose(directions.sum(axis=2), 0, atol=1e-14)
    assert directions.shape == (3, n, 2 * n)


def test_linear_maps_have_no_origin() -> None:
    found = symc.solve("vector(M) -> vector(M)", groups={"M": "E(3)"})
    assert not isinstance(found.basis, Affine)
    assert found.origin() is None


@pytest.mark.parametrize(
    ("signature", "groups", "code"),
    [
        ("vector(M) -> point(M)", {"M": "E(2)"}, "E0407"),
        ("1 -> point(M)", {"M": "T(2)"}, "E0407"),
        ("point(M) -> point(N)", {"M": "E(2)", "N": "E(2)"}, "E0407"),
        ("point(M) + vector(N) -> point(M) + point(N)", {"M": "E(2)", "N": "E(2)"}, "E0407"),
        ("point(M)*vector(M) -> vector(M)", {"M": "E(2)"}, "E0323"),
        ("point(M)^2 -> point(M)", {"M": "E(2)"}, "E0323"),
        ("sign(P)*point(M) -> point(M)", {"P": "S(3)", "M": "E(2)"}, "E0323"),
        ("point(G) -> point(G)", {"G": "semidirect(C(5), C(2), by=rep(C(2), [[-1]]))"}, "E0323"),
    ],
)
def test_what_is_no_map_between_points(signature: str, groups: dict[str, str], code: str) -> None:
    with pytest.raises(DiagnosticError) as caught:
        symc.solve(signature, groups=groups)
    (found,) = caught.value.diagnostics
    assert found.code == code
    assert found.helps


@pytest.mark.parametrize(
    ("signature", "group", "dim"),
    [
        ("perm(G) -> perm(G)", "semidirect(C(5), C(2), by=rep(C(2), [[-1]]))", 3),  # a dihedral group on the corners of a pentagon
        ("regular(G) -> regular(G)", "semidirect(C(5), C(2), by=rep(C(2), [[-1]]))", 10),
        ("vector(G) -> vector(G)", "semidirect(C(4), C(2), by=rep(C(2), [[-1]]))", 1),
        ("perm(G)^2 -> perm(G)", "semidirect(C(3), C(2), by=rep(C(2), [[-1]]))", 5),  # S(3)
    ],
)
def test_translations_of_a_finite_lattice_permute(signature: str, group: str, dim: int) -> None:
    found = symc.solve(signature, groups={"G": group})
    assert found.dim == found.certificate.expected == dim
