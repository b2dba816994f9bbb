"""Certificates are checked entry by entry, and without matrices of permutations."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy as np
import pytest
import torch

import symc
from symc.algebra.actions import generators, matrix
from symc.algebra.groups import Dihedral, Matrices, Orthogonal, SpecialOrthogonal, Symmetric
from symc.algebra.hom import Diagram
from symc.algebra.reps import Dual, Perm, Regular, Sign, Tensor, Vector
from symc.algebra.sizes import Size, free
from symc.algebra.summands import Leg
from symc.passes.solve.certify import exact_residual, residual

P, R, D, G = Symmetric(4), Orthogonal(3), Dihedral(4), Matrices((((1, 1), (1, 2)),))
MOST = 32 * 2**20  # bytes; one matrix on the points of S(100000) has 80 GB


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ((Perm(P), Sign(P)), (Perm(P),)),
        ((Perm(D), Regular(D, 8)), (Vector(D),)),
        ((Vector(G),), (Dual(Vector(G)), Vector(G))),
        ((Vector(R), Sign(R)), (Vector(R),)),
    ],
    ids=["signs", "plane", "dual", "lie"],
)
def test_residual_is_that_of_the_matrices(source: tuple[Leg, ...], target: tuple[Leg, ...]) -> None:
    a, b = Tensor(source), Tensor(target)
    stack = np.random.default_rng(0).standard_normal((3, int(b.dim), int(a.dim)))
    worst = 0.0
    for generator in generators(a.groups):
        left, right = matrix(b, generator) @ stack, stack @ matrix(a, generator)
        worst = max(worst, np.abs(left - right).max() / max(np.abs(stack).max(), np.abs(left).max(), np.abs(right).max()))
    legs = stack.reshape(3, *(int(leg.dim) for leg in target + source))
    assert residual(legs, source, target) == pytest.approx(worst)


@pytest.mark.parametrize("n", [2, 5, 1000, free("n")])
def test_diagrams_are_checked_at_every_n(n: Size) -> None:
    joined, apart = Diagram(((0, 1),)), Diagram(((0,), (1,)))
    for family in (Orthogonal, SpecialOrthogonal):
        vector = Vector(family(n))
        assert exact_residual((joined,), n, (vector,), (vector,)) == 0.0
        assert exact_residual((apart,), n, (vector,), (vector,)) > 0.1
    perm = Perm(Symmetric(n))
    assert exact_residual((joined, apart), n, (perm,), (perm,)) == 0.0


def test_determinants_are_checked_at_their_n() -> None:
    diagram = (Diagram((), ((0,), (1,))),)
    for group, ok in ((Orthogonal(2), False), (SpecialOrthogonal(2), True)):
        assert (exact_residual(diagram, 2, (Vector(group),), (Vector(group),)) == 0.0) is ok


@pytest.mark.parametrize("signature", ["perm(P) -> 1", "1 -> perm(P)", "perm(P)*3 -> perm(P)*4", "perm(P)*sign(P) -> perm(P)"])
@pytest.mark.parametrize("n", [60_000, 10**6])
def test_sets_are_solved_without_matrices_on_their_points(signature: str, n: int) -> None:
    with traced() as peak:
        symc.solve(signature, groups={"P": f"S({n})"})
    assert peak() < MOST


def test_sets_are_compiled_run_and_measured_without_matrices_on_their_points() -> None:
    text = "rep X = perm(S({n}))\nmodel M(x: X) -> 1:\n    return linear(relu(linear[X*2](x)))\n"
    symc.verify(symc.compile(text=text.format(n=2)))  # what is imported and made once does not count
    n = 100_000
    with traced() as peak:
        net = symc.compile(text=text.format(n=n))
        assert net(torch.ones(2, n)).shape == (2, 1)
        assert symc.verify(net, trials=1).ok
    assert peak() < MOST


@contextmanager
def traced() -> Iterator[Callable[[], int]]:
    """The most bytes that Python and numpy hold at a time."""
    tracemalloc.start()
    try:
        yield lambda: tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
