"""The cost model, and the choice between structure and dense weights."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from symc.algebra import sizes as sz
from symc.algebra.groups import Orthogonal, SpecialOrthogonal, Symmetric
from symc.algebra.hom import Kron
from symc.algebra.reps import Perm, Trivial, Vector
from symc.algebra.summands import Leg
from symc.ir import tensor as t
from symc.ir.machine import Machine
from symc.passes import cost
from symc.passes.lower.axes import Labelled
from symc.passes.lower.builder import Builder
from symc.passes.lower.choose import structured
from symc.passes.solve.legs import solve_product

X = Perm(Symmetric(sz.free("n")))
V = Vector(Orthogonal(3))
W = Vector(SpecialOrthogonal(3))


def chosen(source: tuple[Leg, ...], target: tuple[Leg, ...]) -> tuple[int, ...]:
    kron = solve_product(source, target)
    assert isinstance(kron, Kron)
    b = Builder()
    x = Labelled(b.value(t.TensorType(tuple(leg.dim for leg in source))), tuple(("in", i) for i in range(len(source))))
    sizes = [("basis", i, factor.basis.dim) for i, factor in enumerate(kron.factors)]
    sizes += [("out", i, kron.target[i].dim) for i in kron.target_trivial] + [("in", i, kron.source[i].dim) for i in kron.source_trivial]
    theta = Labelled(b.value(t.TensorType(tuple(size for *_, size in sizes), batched=False)), tuple((role, i) for role, i, _ in sizes))
    return structured(kron, x, theta)


@pytest.mark.parametrize(
    ("source", "target", "expected"),
    [
        ((X, Trivial(64)), (X, Trivial(64)), (0,)),  # free
        ((X, Trivial(8), V), (X, Trivial(8), V), (0, 1)),
        ((X, Trivial(8), W, W), (X, Trivial(8), W), (0,)),  # the determinant
        ((Trivial(256), V), (Trivial(256), V), (0,)),  # nine times the work densely
        ((Perm(Symmetric(3)),) * 2, (Perm(Symmetric(3)),) * 2, ()),  # fifteen diagrams of 81 entries: one small product
    ],
)
def test_choice(source: tuple[Leg, ...], target: tuple[Leg, ...], expected: tuple[int, ...]) -> None:
    assert chosen(source, target) == expected


def test_the_dearer_calls_are_the_denser_the_weights(monkeypatch: pytest.MonkeyPatch) -> None:
    point = Perm(Symmetric(8))
    source = (point, point, Trivial(16))
    monkeypatch.setattr(cost, "machine", lambda: Machine(call=1e-12, view=1e-12))
    assert chosen(source, source) == (0,)
    monkeypatch.setattr(cost, "machine", lambda: Machine(call=1.0, view=1.0))
    assert chosen(source, source) == ()


@pytest.mark.parametrize(
    ("write", "flops", "entries", "views"),
    [
        (lambda b, x, w: b.einsum("nc,oc->no", x, w), 2 * 10 * 7 * 3 * 5, 10 * 7 * 3 + 3 * 5 + 10 * 7 * 5, 0),
        (lambda b, x, w: b.einsum("oc,pc->op", w, w), 2 * 5 * 5 * 3, 3 * 5 + 3 * 5 + 5 * 5, 0),  # once, whatever the batch
        (lambda b, x, w: b.permute(x, (1, 0)), 0, 0, 1),
        (lambda b, x, w: b.reduce("sum", x, [0]), 10 * 7 * 3 + 10 * 3, 10 * 7 * 3 + 10 * 3, 0),
        (lambda b, x, w: b.concatenate([x, x], 0), 0, 2 * 10 * 14 * 3, 0),
    ],
)
def test_cost(write: Callable, flops: int, entries: int, views: int) -> None:
    b = Builder()
    x, w = b.value(t.TensorType((sz.free("n"), 3))), b.value(t.TensorType((5, 3), batched=False))
    write(b, x, w)
    found = cost.estimate(b.nodes, batch=10, free=7)
    assert (found.flops, found.bytes, found.calls, found.views) == (flops, cost.WIDTH * entries, 1 - views, views)
    m = Machine()
    taken = flops / m.flops + cost.WIDTH * entries / m.bytes + found.calls * m.call + views * m.view + found.gathered / m.gathered
    assert found.seconds == pytest.approx(taken)


def test_many_matrices_of_few_columns_cost_what_they_read() -> None:
    """A weight is read again for every sample; rows that stand in order are multiplied at once."""
    b = Builder()
    weight, copies, rows = (b.value(t.TensorType(shape, batched)) for shape, batched in (((64, 64), False), ((64, 3), True), ((3, 64), True)))
    b.einsum("oc,cn->on", weight, copies)
    b.einsum("nc,oc->no", rows, weight)
    narrow, at_once = (cost.node_cost(node) for node in b.nodes)
    assert (narrow.flops, narrow.bytes) == (at_once.flops, at_once.bytes)
    assert (narrow.gathered, at_once.gathered) == (cost.BATCH * 64 * 64, 0)
