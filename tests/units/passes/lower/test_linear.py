"""Linear maps by structure and densely against the dense matrices of their bases."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from symc.algebra import sizes as sz
from symc.algebra.groups import Cyclic, Dihedral, Matrices, Orthogonal, Permutations, SpecialOrthogonal, Symmetric
from symc.algebra.reps import Perm, Pixels, Rep, Sign, Sum, Tensor, Trivial, Vector
from symc.ir import tensor as t
from symc.ir.graph import Graph
from symc.ir.ops import Linear
from symc.ir.types import Type

X = Perm(Symmetric(sz.free("n")))
Y = Perm(Symmetric(sz.free("m")))
X4 = Perm(Symmetric(4))
V = Vector(Orthogonal(3))
W = Vector(SpecialOrthogonal(3))
U = Vector(SpecialOrthogonal(2))
D = Dihedral(4)
G = Pixels(D, 4, 4)
R = Perm(Permutations(5, ((1, 2, 0, 3, 4), (0, 1, 2, 4, 3))))
Z = Vector(Matrices((((0, -1), (1, -1)), ((0, 1), (1, 0)))))
SIGN = Sign(D)
FEATURES = Sum((Trivial(3), Tensor((Trivial(2), V))))

PAIRS = {
    "deepsets": ((X, 3), (X, 5)),
    "channels first": ((3, X), (5, X)),
    "channels on both sides": ((2, X, 3), (5, X, 2)),
    "no channels": ((X, X), (X, X)),
    "two groups": ((X, Y, 2), (X, Y, 3)),
    "two groups, more legs": ((X, Y, X, 2), (Y, X, 3)),
    "a vector a point": ((X, 2, V), (X, 3, V)),
    "vectors to a sum": ((X, FEATURES), (X, FEATURES)),
    "a product of sums": ((Sum((X, Trivial(2))), Sum((Trivial(3), V))), (Sum((Trivial(2), X)), 2, Sum((V, Trivial(1), V)))),
    "sum in brackets": ((Tensor((X, Sum((Trivial(2), V)))),), (Tensor((Sum((V, Trivial(2))), X)),)),
    "vectors": ((4, V), (2, V)),
    "tensors": ((2, V, V), (3, V, V)),
    "more tensors": ((2, V, V, V), (V, 3)),
    "rotations": ((2, W, W), (3, W)),
    "plane": ((2, U, U), (3, U, U)),
    "points of vectors with a determinant": ((X, 2, W, W), (X, 3, W)),
    "image": ((G, 2), (3, G)),
    "image to numbers": ((2, G), (5,)),
    "signs": ((2, G), (3, SIGN)),
    "images of a set": ((X, G, 2), (X, 3, G)),
    "an orbit of any group": ((R, R, 2), (3, R)),
    "a ring": ((Perm(Cyclic(5)), 2), (Perm(Cyclic(5)), 3)),
    "matrices": ((2, Z, Z), (3, Z)),
    "matrices and a set": ((X, 2, Z), (X, Z, 3)),
    "small set": ((X4, X4, 2), (X4, X4, 3)),
    "numbers": ((3,), (4,)),
    "a number": ((), ()),
    "no channels at all": ((X, 0), (X, 4)),
}


@pytest.mark.parametrize("name", PAIRS)
def test_pairs(name: str, axes: Callable[..., Type], build: Callable, compare: Callable) -> None:
    source, target = (axes(*chosen) for chosen in PAIRS[name])
    compare(build([source], [(Linear("h.0", True), [0], [target])], [1]), {"n": 3, "m": 2})


@pytest.mark.parametrize(("k", "l", "n"), [(k, l, n) for k in range(4) for l in range(4) for n in (0, 1, 2, 4) if k + l <= 5 or n == 2])
def test_sets(k: int, l: int, n: int, axes: Callable[..., Type], build: Callable, compare: Callable) -> None:
    source, target = axes(*[X] * k, 2), axes(*[X] * l, 3)
    compare(build([source], [(Linear("h.0", True), [0], [target])], [1]), {"n": n})


@pytest.mark.parametrize("n", [1, 2, 3])
@pytest.mark.parametrize(("k", "l"), [(1, 1), (2, 1), (2, 2), (3, 1), (0, 3)])
def test_sets_of_a_known_size(k: int, l: int, n: int, axes: Callable[..., Type], build: Callable, compare: Callable) -> None:
    """Where diagrams are cut to those of at most n blocks, the tables have holes."""
    point = Perm(Symmetric(n))
    compare(build([axes(*[point] * k, 2)], [(Linear("h.0", True), [0], [axes(*[point] * l, 3)])], [1]))


def test_free_sizes_never_meet(axes: Callable[..., Type], build: Callable, compare: Callable) -> None:
    """No tensor of a set layer has n twice."""
    simple = compare(build([axes(X, 3)], [(Linear("h.0", True), [0], [axes(X, 5)])], [1]), {"n": 3})
    assert all(value.type.shape.count(sz.free("n")) <= 1 for node in simple.nodes for value in node.outputs)
    assert len([node for node in simple.nodes if not isinstance(node.op, t.Parameter)]) <= 11


def test_contractions_are_shared(axes: Callable[..., Type], build: Callable, compare: Callable) -> None:
    """2 -> 2: rows, columns, diagonal, trace, total, each once; two products of pairs, one for each less strands; one sum of all."""
    simple: Graph[t.TensorOp] = compare(build([axes(X, X, 3)], [(Linear("h.0", True), [0], [axes(X, X, 5)])], [1]), {"n": 3})
    ops = [type(node.op) for node in simple.nodes]
    assert (ops.count(t.Reduce), ops.count(t.Diagonal), ops.count(t.Assemble), ops.count(t.Einsum)) == (4, 1, 1, 4)


def test_many_inputs_and_outputs(axes: Callable[..., Type], build: Callable, compare: Callable) -> None:
    inputs, outputs = [axes(X, 2), axes(3), axes(X, V)], [axes(X, 4), axes(V, X, 2), axes(5)]
    compare(build(inputs, [(Linear("h.0", True), [0, 1, 2], outputs)], [3, 4, 5]), {"n": 3})


def test_invariants_alone(axes: Callable[..., Type], build: Callable, compare: Callable) -> None:
    compare(build([], [(Linear("h.0", True), [], [axes(X4, 4)])], [0]))


def test_a_part_without_maps_is_zero(axes: Callable[..., Type], build: Callable, compare: Callable) -> None:
    compare(build([axes(3)], [(Linear("h.0", False), [0], [axes(X, Sum((Trivial(2), V)))])], [1]), {"n": 3})


EACH: dict[str, tuple[tuple[Rep, ...], list[tuple], list[tuple], list[tuple], list[tuple]]] = {
    # name: each, input axes, places of each in the inputs, output axes, places in the outputs
    "per point": ((X,), [(X, 3)], [(0,)], [(X, 4)], [(0,)]),
    "last axis": ((X,), [(3, X)], [(1,)], [(4, 2, X)], [(2,)]),
    "of a pair": ((X,), [(X, X, 3)], [(0,)], [(X, X, 4)], [(1,)]),
    "depthwise": ((Trivial(3),), [(X, 3)], [(1,)], [(X, 3)], [(1,)]),
    "depthwise per point": ((X, Trivial(3)), [(X, 3)], [(0, 1)], [(X, 2, 3)], [(0, 2)]),
    "broadcast": ((X,), [(X, 3), (2,)], [(0,), (None,)], [(X, 4)], [(0,)]),
    "broadcast own": ((X, Trivial(3)), [(X, 3), (2,)], [(0, 1), (None, None)], [(X, 3, 4)], [(0, 1)]),
    "nothing has it": ((X,), [(2,), (X, 3)], [(None,), (None,)], [(X, 4)], [(0,)]),
    "pixels": ((G,), [(3, G)], [(1,)], [(4, G)], [(1,)]),
    "sums": ((X, Trivial(2)), [(X, FEATURES, 2)], [(0, 2)], [(2, X, FEATURES)], [(1, 0)]),
    "orbits": ((Trivial(2),), [(2, G)], [(0,)], [(2, G)], [(0,)]),
    "two own": ((Trivial(2), Trivial(3)), [(3, X, 2)], [(2, 0)], [(X, 2, 4, 3)], [(1, 3)]),
}


@pytest.mark.parametrize("name", EACH)
def test_each(name: str, axes: Callable[..., Type], build: Callable, compare: Callable) -> None:
    each, inputs, input_each, outputs, output_each = EACH[name]
    op = Linear("h.0", True, each, tuple(input_each), tuple(output_each))
    items = [[axes(*chosen) for chosen in side] for side in (inputs, outputs)]
    compare(build(items[0], [(op, range(len(inputs)), items[1])], range(len(inputs), len(inputs) + len(outputs))), {"n": 3})
