"""Everything but linear maps against the evaluator, at sizes 0, 1 and more."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from symc.algebra import sizes as sz
from symc.algebra.groups import Dihedral, Orthogonal, Symmetric
from symc.algebra.reps import Perm, Pixels, Sum, Tensor, Trivial, Vector
from symc.ir import tensor as t
from symc.ir.graph import Graph
from symc.ir.ops import Attention, Binary, Concat, Constant, Dot, Dropout, LayerNorm, Linear, Norm, Pointwise, Pool, Project, Reinterpret, Softmax
from symc.ir.types import Type
from symc.passes.lower import lower

X = Perm(Symmetric(sz.free("n")))
Y = Perm(Symmetric(sz.free("m")))
V = Vector(Orthogonal(3))
G = Pixels(Dihedral(4), 2, 2)
FEATURES = Sum((Trivial(4), Tensor((Trivial(2), V)), V))
NORMS = Sum((Trivial(4), Trivial(2), Trivial(1)))

STEPS: dict[str, tuple[list[tuple], list[tuple]]] = {
    # inputs, then steps: operation, its inputs, the axes of its result
    "pointwise": ([(X, 3)], [(Pointwise("silu"), [0], (X, 3)), (Pointwise("pow", 2.0), [1], (X, 3))]),
    "sum": ([(X, 3), (X, 3)], [(Binary("add", (0, 1), (0, 1)), [0, 1], (X, 3))]),
    "stretched": ([(X, 3), (3,)], [(Binary("sub", (0, 1), (None, 0)), [0, 1], (X, 3))]),
    "scalar": ([(X, 3), ()], [(Binary("mul", (0, 1), (None, None)), [0, 1], (X, 3))]),
    "outer": ([(X,), (Y,)], [(Binary("mul", (0, None), (None, 0)), [0, 1], (X, Y))]),
    "dot": ([(X, 4), (Y, 4)], [(Dot((0, None), (None, 0), ((1, 1),)), [0, 1], (X, Y))]),
    "dot along a set": ([(X, 2, V), (V, X, 3)], [(Dot((0, 1, None), (1, None, 2), ((2, 0),)), [0, 1], (X, 2, 3))]),
    "dot over two axes": ([(X, 4, V), (4, V)], [(Dot((0,), (None,), ((1, 0), (2, 1))), [0, 1], (X,))]),
    "dot to a number": ([(FEATURES,), (FEATURES,)], [(Dot((), (), ((0, 0),)), [0, 1], ())]),
    "dot of pixels": ([(2, G), (G, 3)], [(Dot((0, None), (None, 1), ((1, 0),)), [0, 1], (2, 3))]),
    "dot without an axis 1": ([(1, X), (X, 3)], [(Dot((1, None), (0, 1), ()), [0, 1], (X, 3))]),
    "attention": ([(X, 4), (Y, 4), (Y, 3)], [(Attention((), (0,), (0, 0), ((1, 1),)), [0, 1, 2], (X, 3))]),
    "attention of a set to itself": ([(X, 4)], [(Attention((), (0,), (0, 0), ((1, 1),)), [0, 0, 0], (X, 4))]),
    "attention without a set of queries": ([(4,), (X, 4)], [(Attention((), (), (0, 0), ((0, 1),)), [0, 1, 1], (4,))]),
    "attention with heads and vectors": (
        [(X, 2, 3), (2, Y, 3), (V, Y, 2), (Y, X, 2)],
        [(Attention(((1, 0, 2),), (0,), (1, 1), ((2, 2),), (2, 1, 0)), [0, 1, 2, 3], (V, X, 2))],
    ),
    "attention with one bias": (
        [(X, Y, 3), (X, X)],
        [(Attention(((1, 1, 1),), (0,), (0, 0), ((2, 2),), (None, 0, 1)), [0, 0, 0, 1], (X, Y, 3))],
    ),
    "attention without channels": ([(X, Y), (Y,), (Y, FEATURES)], [(Attention((), (0, 1), (0, 0), ()), [0, 1, 2], (X, Y, FEATURES))]),
    "placed anew": ([(X, 3), (3, Y)], [(Binary("mul", (1, 0, None), (0, None, 1)), [0, 1], (3, X, Y))]),
    "one coordinate": ([(X, 1), (X, V)], [(Binary("mul", (0, None), (0, 1)), [0, 1], (X, V))]),
    "pixels times channels": ([(G,), (2, G)], [(Binary("mul", (None, 0), (0, 1)), [0, 1], (2, G))]),
    "channels times pixels": ([(2,), (2, G)], [(Binary("mul", (0, None), (0, 1)), [0, 1], (2, G))]),
    "number": ([(X, 3)], [(Constant(0.5), [], ()), (Binary("mul", (None, None), (0, 1)), [1, 0], (X, 3))]),
    "number over": ([(X, 3)], [(Constant(0.5), [], ()), (Binary("div", (0, 1), (None, None)), [0, 1], (X, 3))]),
    "norm": ([(X, 2, V)], [(Norm(False, (2,)), [0], (X, 2))]),
    "square": ([(X, 2, V, V)], [(Norm(True, (2, 3)), [0], (X, 2))]),
    "norms of a sum": ([(X, FEATURES)], [(Norm(False, (), (1,)), [0], (X, NORMS))]),
    "norm of all": ([(V,)], [(Norm(False, (0,)), [0], ())]),
    "sum over": ([(3, X)], [(Pool("sum", 1), [0], (3,))]),
    "mean over": ([(X, Y, 2)], [(Pool("mean", 0), [0], (Y, 2))]),
    "max over": ([(X, 2)], [(Pool("max", 0), [0], (2,))]),
    "over pixels": ([(2, G, X)], [(Pool("mean", 1), [0], (2, X))]),
    "softmax": ([(X, 2)], [(Softmax(0), [0], (X, 2))]),
    "softmax over pixels": ([(G, 2)], [(Softmax(0), [0], (G, 2))]),
    "concat": ([(X, 3), (X, FEATURES)], [(Concat(1), [0, 1], (X, Sum((Trivial(3), *FEATURES.terms))))]),
    "concat sets": ([(X, 2), (Y, 2)], [(Concat(0), [0, 1], (Sum((X, Y)), 2))]),
    "concat pixels": ([(2, G), (2, X)], [(Concat(1), [0, 1], (2, Sum((G, X))))]),
    "concat a number": ([(X, 3), (1,)], [(Constant(2.0), [], ()), (Reinterpret(), [2], (1,)), (Concat(0), [1, 3], (Sum((Trivial(1),) * 2),))]),
    "project": ([(X, FEATURES)], [(Project(1, 1), [0], (X, 2, V))]),
    "project a set": ([(2, Sum((X, G)))], [(Project(1, 0), [0], (2, X)), (Project(1, 1), [0], (2, G))]),
    "order": ([(X, 3, V)], [(Reinterpret((1, 0, 2)), [0], (3, X, V))]),
    "flat": ([(X, 3, V)], [(Reinterpret(), [0], (X, Tensor((Trivial(3), V))))]),
    "order pixels": ([(2, G, X)], [(Reinterpret((1, 0, 2)), [0], (G, 2, X))]),
    "layernorm": ([(X, 4)], [(LayerNorm("a", (1,)), [0], (X, 4))]),
    "layernorm of two axes": ([(X, 4, 3)], [(LayerNorm("a", (1, 2)), [0], (X, 4, 3))]),
    "layernorm first": ([(4, X)], [(LayerNorm("a", (0,)), [0], (4, X))]),
    "layernorm of vectors": ([(X, 4, V)], [(LayerNorm("a", (1, 2)), [0], (X, 4, V))]),
    "layernorm of a sum": ([(X, FEATURES)], [(LayerNorm("a", (1,)), [0], (X, FEATURES))]),
    "layernorm in the middle": ([(2, FEATURES, X)], [(LayerNorm("a", (1,)), [0], (2, FEATURES, X))]),
    "dropout": ([(X, FEATURES)], [(Dropout(0.5, (1,)), [0], (X, FEATURES))]),
}


@pytest.mark.parametrize("n", [0, 1, 3])
@pytest.mark.parametrize("name", STEPS)
def test_operations(name: str, n: int, axes: Callable[..., Type], build: Callable, compare: Callable) -> None:
    inputs, steps = STEPS[name]
    graph = build([axes(*item) for item in inputs], [(op, used, [axes(*result)]) for op, used, result in steps], [len(inputs) + len(steps) - 1])
    compare(graph, {"n": n, "m": 2})


def masks(graph: Graph[t.TensorOp]) -> list[tuple[tuple, tuple[int, ...]]]:
    return [(node.outputs[0].type.shape, node.op.shared) for node in graph.nodes if isinstance(node.op, t.DropoutMask)]


def test_dropout_keeps_copies_whole(axes: Callable[..., Type], build: Callable) -> None:
    """A sum is cut, and the coordinates of a vector share one decision."""
    n = sz.free("n")
    graph = build([axes(X, FEATURES)], [(Dropout(0.5, (1,)), [0], [axes(X, FEATURES)])], [1])
    assert masks(lower(graph)) == [((n, 4), ()), ((n, 2, 3), (2,)), ((n, 3), (1,))]
    graph = build([axes(V, X, FEATURES)], [(Dropout(0.5, (0, 2)), [0], [axes(V, X, FEATURES)])], [1])
    assert masks(lower(graph)) == [((3, n, 4), (0,)), ((3, n, 2, 3), (0, 3)), ((3, n, 3), (0, 2))]
    graph = build([axes(X, 2, V)], [(Dropout(0.5, (2,)), [0], [axes(X, 2, V)])], [1])
    assert masks(lower(graph)) == [((n, 2, 3), (2,))]


def test_outputs_are_batched(axes: Callable[..., Type], build: Callable) -> None:
    lowered = lower(build([axes(3)], [(Constant(1.0), [], [axes()])], [1]))
    assert [value.type.batched for value in lowered.outputs] == [True]


def test_an_unsolved_map_is_named(axes: Callable[..., Type], build: Callable) -> None:
    with pytest.raises(ValueError, match=r"h\.0 is not solved"):
        lower(build([axes(3)], [(Linear("h.0", True), [0], [axes(3)])], [1]))


def test_names_and_spans_are_kept(axes: Callable[..., Type], build: Callable) -> None:
    lowered = lower(build([axes(X, 3)], [(Pool("mean", 0), [0], [axes(3)]), (Pointwise("relu"), [1], [axes(3)])], [2]))
    assert [value.name for value in lowered.inputs] == ["x0"]
    assert [node.outputs[0].name for node in lowered.nodes] == ["y1", "y2"]
