"""The solve pass: bases set, and what is said where there is nothing to set, or too much."""

from __future__ import annotations

import pytest

from symc.algebra import sizes as sz
from symc.algebra.groups import Dihedral, Named, Orthogonal, SpecialOrthogonal, Symmetric
from symc.algebra.reps import Perm, Pixels, Rep, Sign, Sum, Tensor, Trivial, Vector
from symc.diagnostics import Diagnostic, DiagnosticError, Source, Span
from symc.ir.graph import Graph, Node, Value
from symc.ir.ops import EquivariantOp, Linear
from symc.ir.types import Record, Signature, Type
from symc.passes.attach import attach

X = Perm(Symmetric(sz.free("n")))
V = Vector(Named("R", Orthogonal(3)))
SPAN = Span(Source("a.sym", "linear(x)\n"), 0, 9)


UP, DOWN = (f"under R = O(3) nothing goes from `{a}` to `{b}`" for a, b in (("1", "vector(R)"), ("vector(R)", "1")))
CONSTANT = "a bias alone would be left, which depends on no input"


def typ(*axes: Rep | int) -> Type:
    return Type(tuple(Trivial(axis) if isinstance(axis, int) else axis for axis in axes))


def graph(*maps: tuple[Linear, list[Type], list[Type]]) -> Graph[EquivariantOp]:
    inputs, nodes, count = [], [], 0
    for op, sources, targets in maps:
        values = [Value(count + i, "", item) for i, item in enumerate((*sources, *targets))]
        count += len(values)
        inputs += values[: len(sources)]
        nodes.append(Node(op, tuple(values[: len(sources)]), tuple(values[len(sources) :]), SPAN))
    return Graph("M", Signature(Record(()), Record(())), tuple(inputs), tuple(nodes), ())


def complaints(*maps: tuple[Linear, list[Type], list[Type]], **options: object) -> tuple[Diagnostic, ...]:
    with pytest.raises(DiagnosticError) as caught:
        attach(graph(*maps), **options)  # type: ignore[arg-type]
    return caught.value.diagnostics


def test_bases_are_set() -> None:
    solved = attach(graph((Linear("a", True), [typ(X, 3)], [typ(X, 4)]), (Linear("b", False), [typ(X, 3)], [typ(X, 4)])))
    a, b = (node.op for node in solved.nodes)
    assert isinstance(a, Linear)
    assert isinstance(b, Linear)
    assert a.basis is not None
    assert a.basis.dim == 24
    assert a.bias_basis is not None
    assert a.bias_basis.dim == 4
    assert b.bias_basis is None
    assert a.basis.entries[0].basis is not None


def test_each_is_left_out() -> None:
    op = Linear("a", True, (X,), ((0,),), ((0,),))
    solved = attach(graph((op, [typ(X, 3)], [typ(X, 4)]))).nodes[0].op
    assert isinstance(solved, Linear)
    assert solved.basis is not None
    assert solved.basis.dim == 12


@pytest.mark.parametrize(
    ("sources", "targets", "bias", "notes", "helps"),
    [
        ([typ(4, V)], [typ(8)], False, [DOWN], ["take an invariant of the input first: `linear(norm(x))`"]),
        ([typ(4, V)], [typ(8)], True, [DOWN, CONSTANT], None),
        ([typ(4)], [typ(8, V)], True, [UP], ["add an input that has a part `vector(R)`: `linear(x, y)`"]),
        ([typ(3, Sign(Dihedral(3)))], [typ(2)], False, None, ["take a function of the input first that forgets the sign: `linear(abs(x))`"]),
        ([typ(4)], [typ(8), typ(V)], True, [UP], None),
        ([], [typ(V)], True, [], ["give `linear` an input"]),
        ([], [typ(3)], False, [], ["give `linear` an input"]),
    ],
)
def test_no_map_but_zero(sources: list[Type], targets: list[Type], bias: bool, notes: list[str] | None, helps: list[str] | None) -> None:
    (found,) = complaints((Linear("a", bias), sources, targets))
    assert found.code == "E0406"
    assert found.primary is not None
    assert found.primary.span is SPAN
    assert notes is None or list(found.notes) == notes
    assert helps is None or list(found.helps) == helps


def test_parts_that_nothing_reaches_are_warned_of() -> None:
    target = typ(X, Sum((Trivial(2), Tensor((Trivial(8), V)))))
    warnings: list[Diagnostic] = []
    attach(graph((Linear("a", True), [typ(3)], [target])), report=warnings.append)
    assert [(w.code, w.title) for w in warnings] == [("W0401", f"the part `perm(S(n))*8*vector(R)` of `{target.rep}` is always zero")]
    warnings.clear()
    attach(graph((Linear("a", True), [typ(V)], [typ(Sum((Trivial(2), V)))])), report=warnings.append)
    assert [w.code for w in warnings] == ["W0402"]
    warnings.clear()
    attach(graph((Linear("a", True), [typ(X, 3)], [typ(X, 4)])), report=warnings.append)
    assert warnings == []


def test_nothing_at_all_is_no_mistake() -> None:
    attach(graph((Linear("a", True), [typ(X, 0)], [typ(X, 4)]), (Linear("b", True), [typ(V)], [typ(0)])))


def test_several_complaints_at_once() -> None:
    found = complaints((Linear("a", True), [typ(4)], [typ(V)]), (Linear("b", True), [typ(X, 3)], [typ(5)]), (Linear("c", True), [typ(V)], [typ(4)]))
    assert [one.code for one in found] == ["E0406", "E0406"]


def test_weights_larger_than_the_limit() -> None:
    (found,) = complaints((Linear("a", True), [typ(1000)], [typ(1000)]), limit_bytes=3_000_000)
    assert found.code == "E0501"
    assert "3.81 MiB" in found.title
    attach(graph((Linear("a", True), [typ(1000)], [typ(1000)])), limit_bytes=5_000_000)


def test_dense_weights_made_of_few_parameters_count(monkeypatch: pytest.MonkeyPatch) -> None:
    """64 x 64 labels are 136 orbits or so; a weight of 1000 x 1000 channels expands each."""
    grid = Pixels(Dihedral(4), 8, 8)
    monkeypatch.setenv("SYMC_MEMORY_LIMIT", "1G")
    (found,) = complaints((Linear("a", True), [typ(1000, grid)], [typ(1000, grid)]))
    assert found.code == "E0501"


def test_the_maps_of_one_model_are_added_up() -> None:
    maps = [(Linear(name, True), [typ(1000)], [typ(1000)]) for name in "ab"]
    assert [one.code for one in complaints(*maps, limit_bytes=5_000_000)] == ["E0501"]


def test_what_the_solver_refuses_has_a_place() -> None:
    (found,) = complaints((Linear("a", True), [typ(X, Trivial(sz.free("n")))], [typ(4)]))
    assert (found.code, found.primary and found.primary.span) == ("E0402", SPAN)


def test_parameters_without_a_value_are_asked_for_and_left_unset() -> None:
    c = Trivial(sz.free("c"))
    solved = attach(graph((Linear("a", True), [typ(X, c)], [typ(X, c)])), symbolic=["c"])
    assert isinstance(solved.nodes[0].op, Linear)
    assert solved.nodes[0].op.basis is None
    (found,) = complaints((Linear("a", True), [typ(c, Vector(SpecialOrthogonal(3)))], [typ(c)]), symbolic=["c"])
    assert found.code == "E0406"
