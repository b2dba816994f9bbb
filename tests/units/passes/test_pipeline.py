"""The pipeline: order, names, verification."""

from __future__ import annotations

import cProfile

import pytest

from symc.algebra import sizes as sz
from symc.algebra.groups import Symmetric
from symc.algebra.reps import Perm, Trivial
from symc.diagnostics import DiagnosticError
from symc.ir.graph import Graph, Node, Value
from symc.ir.ops import EquivariantOp, Linear, Pointwise
from symc.ir.types import Record, Signature, Type
from symc.ir.verify import verify
from symc.passes import pipeline
from symc.passes.pipeline import InternalError, Options, run

ITEM = Type((Perm(Symmetric(sz.free("n"))), Trivial(3)))


def model() -> Graph[EquivariantOp]:
    x, y, z, unused = (Value(i, name, ITEM) for i, name in enumerate(("x", "y", "z", "unused")))
    nodes = (Node(Linear("y.0", True), (x,), (y,)), Node(Pointwise("exp"), (y,), (unused,)), Node(Pointwise("relu"), (y,), (z,)))
    return Graph("M", Signature(Record((("x", ITEM),)), ITEM), (x,), nodes, (z,))


def test_each_pass_by_name() -> None:
    assert [name for name, _ in pipeline.PASSES] == ["prune", "solve", "lower", "simplify"]
    assert len(run(model(), after="prune").nodes) == 2
    solved = run(model(), after="solve")
    assert solved.nodes[0].op.basis is not None
    assert verify(run(model(), after="lower"), "tensor") == []
    assert len(run(model()).nodes) <= len(run(model(), after="lower").nodes)


def test_a_solved_graph_may_be_run_again() -> None:
    assert len(run(run(model(), after="solve")).nodes) == len(run(model()).nodes)


def test_an_unknown_pass() -> None:
    with pytest.raises(ValueError, match="no pass is called fuse: prune, solve, lower, simplify"):
        run(model(), after="fuse")


def test_the_limit_reaches_the_solve_pass() -> None:
    with pytest.raises(DiagnosticError, match="E0501"):
        run(model(), options=Options(limit_bytes=50))


def test_a_pass_that_breaks_the_graph_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(graph: Graph, _: Options) -> Graph:
        return Graph(graph.name, graph.signature, graph.inputs, graph.nodes[1:], graph.outputs)

    monkeypatch.setattr(pipeline, "PASSES", (pipeline.PASSES[0], ("cut", broken), *pipeline.PASSES[1:]))
    with pytest.raises(InternalError) as caught:
        run(model())
    assert caught.value.name == "cut"
    assert "before cut:" in str(caught.value)
    assert "after cut:" in str(caught.value)
    assert "y.0" in str(caught.value)


def test_a_graph_that_comes_in_broken_is_the_elaborators() -> None:
    graph = model()
    with pytest.raises(InternalError, match="elaborate"):
        run(Graph(graph.name, graph.signature, graph.inputs, graph.nodes[1:], graph.outputs))


def test_the_work_grows_with_the_number_of_layers_and_no_faster() -> None:
    def work(layers: int) -> int:
        """How many functions the passes call."""
        values = [Value(i, f"h{i}", ITEM) for i in range(2 * layers + 1)]
        ops: list[EquivariantOp] = [op for i in range(layers) for op in (Linear(f"h.{i}", True), Pointwise("relu"))]
        nodes = tuple(Node(op, (into,), (out,)) for op, into, out in zip(ops, values, values[1:], strict=False))
        graph = Graph("M", Signature(Record((("x", ITEM),)), ITEM), (values[0],), nodes, (values[-1],))
        profile = cProfile.Profile()
        profile.runcall(run, graph)
        return sum(row.callcount for row in profile.getstats())

    work(1)  # fills caches
    assert work(80) < 2.2 * work(40)
