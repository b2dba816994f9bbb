"""Patterns: classes of entries are those of the basis, signs and samples too, whatever kind of basis it is."""

from __future__ import annotations

import numpy as np
import pytest

from symc.algebra.hom import Affine
from symc.diagnostics import Source
from symc.drawing.colours import diverging, hues
from symc.drawing.patterns import Pattern, patterns, small_sizes
from symc.ir.graph import Graph
from symc.ir.ops import EquivariantOp
from symc.passes.pipeline import run

GROUPS = """\
group P = S(n)
group A = A(4)
group R = O(3)
group T = SO(3)
group C = C(5)
group D = D(4)
group W = wreath(C(2), S(3))
group Q = Sp(4)
rep X = perm(P)
rep v = vector(R)
rep w = vector(T)
rep s = vector(W)
rep g = pixels(D, 4, 4)
rep q = vector(Q)
"""
SHARED = [
    ("X", "X", 2), ("X^2", "X^2", 15), ("X + 1", "X*(1 + 1)", 6), ("perm(A)^2", "perm(A)", 6), ("v^2", "v^2", 3), ("w^2", "w", 1), ("s^2", "s^2", 4),
    ("g", "g + 1", 39), ("X*v", "X*v", 2), ("q^2", "q^2", 3), ("v + v", "v", 2), ("regular(D)", "regular(D)", 8), ("vector(C)", "vector(C)", 2),
]  # fmt: skip
SAMPLED = [("v^2", 'irrep(R, "2e")', 1), ("irreps(R, 0..2)", "v^2", 2)]


def solved(source: str, target: str) -> Graph[EquivariantOp]:
    from symc.api.program import program

    text = f"{GROUPS}model M[c = 3](x: c*({source})) -> c*({target}):\n    return linear(x)\n"
    return run(program(Source("test.sym", text)), after="solve")


def pattern_of(graph: Graph[EquivariantOp]) -> Pattern:
    (found,) = patterns(graph, small_sizes(graph, {}))
    assert isinstance(found, Pattern)
    return found


@pytest.mark.parametrize(("source", "target", "dim"), SHARED)
def test_classes_are_those_of_the_basis(source: str, target: str, dim: int) -> None:
    """Entries are in one class exactly where all basis maps, at one channel, agree on them up to one sign."""
    found = pattern_of(solved(source, target))
    assert found.free[0] == dim
    single = run_at_one_channel(source, target)
    stack = single.reshape(len(single), -1).T  # entries, maps
    scale = np.abs(stack).max(axis=0)
    label = (found.label[:, : found.label.shape[1] - found.bias] * found.sign[:, : found.label.shape[1] - found.bias]).ravel()
    assert (label == 0).tolist() == (np.abs(stack) < 1e-9 * scale).all(axis=1).tolist()
    kinds: dict[int, tuple[float, ...]] = {}
    for number, row in zip(label.tolist(), np.round(stack / scale).tolist(), strict=True):
        assert kinds.setdefault(number, tuple(row)) == tuple(row)
        assert -np.array(kinds.get(-number, tuple(-np.array(row)))) == pytest.approx(row)
    assert len(set(kinds.values())) == len(kinds)


def run_at_one_channel(source: str, target: str) -> np.ndarray:
    """All maps, rows and columns in the order of the summands."""
    from symc.algebra.summands import positions, summands
    from symc.api.solving import solve

    solution = solve(f"{source} -> {target}", source=GROUPS)
    sizes = dict.fromkeys(solution.free, 5)
    stack = solution.dense(**sizes)
    assert not isinstance(solution.basis, Affine)
    order = [
        np.concatenate([positions(reps[0], summand.choice, sizes).ravel() for summand in summands(reps[0])])
        for reps in (solution.basis.targets, solution.basis.sources)
    ]
    return stack[:, order[0]][:, :, order[1]]


@pytest.mark.parametrize(("source", "target", "dim"), SAMPLED)
def test_other_maps_are_sampled(source: str, target: str, dim: int) -> None:
    found = pattern_of(solved(source, target))
    assert found.free[0] == dim
    mask = found.label[:, : found.label.shape[1] - found.bias] == -1
    values = np.where(mask, found.value[:, : mask.shape[1]], 0.0)
    single = run_at_one_channel(source, target)
    support = (np.abs(single) > 1e-9).any(axis=0)
    assert np.abs(found.value).max() == 1.0
    assert not values[~support].any()


def test_sizes_are_small_and_given_ones_are_kept() -> None:
    graph = solved("X", "X")
    assert small_sizes(graph, {}) == {"n": 5}
    assert small_sizes(graph, {"n": 3}) == {"n": 3}
    assert small_sizes(solved("X^3", "X^3"), {}) == {"n": 4}
    large = patterns(graph, {"n": 300})
    assert large == ["out.0: 300 × 300 entries, too many to draw"]


def test_colours_differ() -> None:
    for count in (1, 2, 5, 15, 40):
        assert len(set(hues(count))) == count
    assert diverging(0.0) == "#ffffff"
    assert len({diverging(step / 10) for step in range(-10, 11)}) == 21
