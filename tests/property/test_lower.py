"""Random linear maps: the emitted module against the dense oracle, and by structure against densely."""

from __future__ import annotations

import hypothesis.strategies as st
import pytest
import torch
from hypothesis import assume, given, settings

from symc.algebra import sizes as sz
from symc.algebra.groups import Cyclic, Dihedral, Orthogonal, SpecialOrthogonal, Symmetric
from symc.algebra.reps import Perm, Pixels, Rep, Sign, Sum, Tensor, Trivial, Vector
from symc.backends import Net
from symc.backends.eager import evaluate
from symc.diagnostics import DiagnosticError
from symc.ir.graph import Graph, Node, Value
from symc.ir.machine import Machine
from symc.ir.ops import EquivariantOp, Linear
from symc.ir.types import Record, Signature, Type
from symc.passes.lower import Lowering, choose
from symc.passes.pipeline import Options, run

FREE = {"n": 3, "m": 2}
LEAVES: tuple[Rep, ...] = (
    Perm(Symmetric(sz.free("n"))), Perm(Symmetric(sz.free("m"))), Perm(Symmetric(3)), Vector(Orthogonal(3)), Vector(SpecialOrthogonal(2)),
    Pixels(Dihedral(4), 2, 2), Sign(Dihedral(4)), Vector(Dihedral(3)), Perm(Cyclic(3)),
)  # fmt: skip


@st.composite
def types(draw: st.DrawFn, leaves: tuple[Rep, ...]) -> Type:
    """Up to three axes, some of them sums or products."""
    plain = st.sampled_from(leaves) | st.integers(1, 3).map(Trivial)
    merged = st.lists(plain, min_size=2, max_size=2).flatmap(lambda parts: st.sampled_from([Sum(tuple(parts)), Tensor(tuple(parts))]))
    return Type(tuple(draw(st.lists(plain | merged, max_size=3))))


def coordinates(item: Type) -> int:
    """The number of coordinates at the largest sizes of the tests."""
    return sz.number(item.at(FREE).rep.dim)


@st.composite
def maps(draw: st.DrawFn) -> Graph[EquivariantOp]:
    leaves = tuple(draw(st.lists(st.sampled_from(LEAVES), min_size=1, max_size=2, unique=True)))
    inputs, outputs = ([draw(types(leaves)) for _ in range(draw(st.integers(1, 2)))] for _ in range(2))
    each: tuple[Rep, ...] = ()
    input_each: list[tuple[int | None, ...]] = []
    output_each: list[tuple[int, ...]] = []
    if draw(st.booleans()):
        each = (draw(st.sampled_from((leaves[0], Trivial(2)))),)
        assume(not isinstance(each[0], Vector | Sign))  # along these a bias would not be equivariant
        for index, item in enumerate(inputs):
            place = draw(st.none() | st.integers(0, len(item.axes)))
            input_each.append((place,))
            inputs[index] = item if place is None else Type((*item.axes[:place], each[0], *item.axes[place:]))
        for index, item in enumerate(outputs):
            place = draw(st.integers(0, len(item.axes)))
            output_each.append((place,))
            outputs[index] = Type((*item.axes[:place], each[0], *item.axes[place:]))
    assume(sum(map(coordinates, inputs)) * sum(map(coordinates, outputs)) <= 40_000)
    values = [Value(i, f"x{i}", item) for i, item in enumerate((*inputs, *outputs))]
    taken, returned = values[: len(inputs)], values[len(inputs) :]
    shown = frozenset(str(size) for item in inputs for size in item.shape)
    assume(all(item.free <= shown for item in (*inputs, *outputs)))  # every free size can be read off an input
    signature = Signature(Record(tuple((v.name, v.type) for v in taken)), Record(tuple((v.name, v.type) for v in returned)))
    op = Linear("h.0", draw(st.booleans()), each, tuple(input_each), tuple(output_each))
    return Graph("M", signature, tuple(taken), (Node(op, tuple(taken), tuple(returned)),), tuple(returned))


def solved(graph: Graph[EquivariantOp]) -> Graph[EquivariantOp]:
    try:
        result = run(graph, after="solve")
    except DiagnosticError as error:
        assume({found.code for found in error.diagnostics} != {"E0406"})  # no map but zero: nothing to compare
        raise
    op = result.nodes[0].op
    assert isinstance(op, Linear)
    assert op.basis is not None
    entries = [sum(coordinates(value.type) for value in values if isinstance(value.type, Type)) for values in (result.inputs, result.outputs)]
    assume(op.basis.dim * entries[0] * entries[1] <= 2_000_000)  # what the oracle holds
    return result


def compare(graph: Graph[EquivariantOp], n: int, m: int, lowering: Lowering = "auto") -> None:
    lowered = run(graph, since="solve", options=Options(lowering=lowering))
    module = Net(graph, lowered, dtype=torch.float64).graph_module
    sizes = {"n": n, "m": m}
    torch.manual_seed(0)
    inputs = [torch.randn(2, *(sz.number(size, sizes) for size in value.type.shape), dtype=torch.float64) for value in graph.inputs]
    found = module(*inputs)
    wanted = evaluate(graph, inputs, dict(module.named_parameters()))
    for one, other in zip(found if isinstance(found, tuple) else (found,), wanted, strict=True):
        assert one.shape == other.shape
        torch.testing.assert_close(one, other, rtol=1e-12, atol=1e-12)


@settings(max_examples=80)
@given(maps(), st.integers(0, 3), st.integers(0, 2))
def test_the_module_is_the_oracle(graph: Graph[EquivariantOp], n: int, m: int) -> None:
    compare(solved(graph), n, m)


@pytest.mark.parametrize("weight", [1e-15, 1e9])
@settings(max_examples=25)
@given(graph=maps())
def test_whatever_is_chosen(weight: float, graph: Graph[EquivariantOp]) -> None:
    """The choice between structure and dense weights changes no number: here calls cost nothing, or everything."""
    graph = solved(graph)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(choose.cost, "machine", lambda: Machine(call=weight, view=weight))
        compare(graph, 3, 2)


@pytest.mark.parametrize("lowering", ["dense", "structured"])
@settings(max_examples=40)
@given(graph=maps())
def test_whatever_is_wished_for(lowering: Lowering, graph: Graph[EquivariantOp]) -> None:
    """As one matrix, or irreducible by irreducible, wherever it can be."""
    compare(solved(graph), 3, 2, lowering)
