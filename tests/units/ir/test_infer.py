"""Type rules: what an operation gives, and what it refuses and why."""

from __future__ import annotations

from typing import Any

import pytest

from symc.algebra import construct as c
from symc.algebra import sizes as sz
from symc.algebra.reps import Rep, Sum, Tensor, Trivial
from symc.ir.coordinates import canonical, copies, same_coordinates
from symc.ir.infer import IllTyped, agree, infer
from symc.ir.ops import Binary, Concat, Constant, Dropout, LayerNorm, Linear, Norm, Pool, Project, Reinterpret, Softmax
from symc.ir.types import Type

n = sz.free("n")
X, v = c.perm(c.name("P", c.symmetric(n))), c.vector(c.name("R", c.orthogonal(3)))


def T(*axes: Rep | int) -> Type:
    return Type(tuple(Trivial(axis) if isinstance(axis, int) else axis for axis in axes))


def plus(*terms: Rep | int) -> Sum:
    return Sum(T(*terms).axes)


def times(*factors: Rep | int) -> Tensor:
    return Tensor(T(*factors).axes)


@pytest.mark.parametrize(
    ("op", "inputs", "claimed", "expected"),
    [
        (Linear("h", True), [T(X, 3), T(v)], [T(v), T(X, 4)], [T(v), T(X, 4)]),
        (Linear("h", True, (X,), ((1,), (None,)), ((0,),)), [T(3, X), T(v)], [T(X, 4)], [T(X, 4)]),
        (Binary("add", (0, 1), (0, 1)), [T(X, 3), T(X, 3)], [], [T(X, 3)]),
        (Binary("mul", (0, None), (0, 1)), [T(X, 1), T(X, v)], [], [T(X, v)]),
        (Binary("mul", (1, 0, None), (None, 0, 1)), [T(X, 5), T(X, v)], [], [T(5, X, v)]),
        (Binary("sub", (0,), (0,)), [T(plus(3, 4)), T(7)], [], [T(plus(3, 4))]),
        (Constant(1.0), [], [], [T()]),
        (Norm(False, (1,)), [T(X, v, 8)], [], [T(X, 8)]),
        (Norm(False, (), (1,)), [T(X, plus(16, times(8, v)))], [], [T(X, plus(16, 8))]),
        (Norm(False, (), (0,)), [T(plus(v, times(2, v, v), times(X, 3, v)))], [], [T(plus(1, 2, times(X, 3)))]),
        (Pool("sum", 0), [T(X, 8)], [], [T(8)]),
        (Softmax(1), [T(8, X)], [], [T(8, X)]),
        (Concat(1), [T(X, 3), T(X, plus(4, v)), T(X, times(2, v))], [], [T(X, plus(3, 4, v, times(2, v)))]),
        (Project(1, 1), [T(X, plus(16, times(8, v)))], [], [T(X, 8, v)]),
        (Project(0, 0), [T(plus(16, v), 2)], [], [T(16, 2)]),
        (Reinterpret(), [T(X, times(2, v))], [T(X, 2, v)], [T(X, 2, v)]),
        (Reinterpret((1, 0)), [T(X, 2)], [T(times(2, X))], [T(times(2, X))]),
        (LayerNorm("l", (1, 2)), [T(X, 8, v)], [], [T(X, 8, v)]),
        (Dropout(0.1, (1,)), [T(8, v)], [], [T(8, v)]),
    ],
    ids=lambda item: type(item).__name__ if not isinstance(item, list) else "",
)
def test_types(op: Any, inputs: list[Type], claimed: list[Type], expected: list[Type]) -> None:
    assert list(infer(op, inputs, claimed)) == expected


@pytest.mark.parametrize(
    ("op", "inputs", "claimed", "message"),
    [
        (Linear("h", True), [T(3)], [], "given, not inferred"),
        (Linear("h", True, (X,), ((0,),), ((1,),)), [T(X, 3)], [T(X, 4)], r"axis 1 of perm\(P\)\*4 is not perm\(P\)"),
        (Linear("h", True, (X,), (), ((0,),)), [T(X, 3)], [T(X, 4)], "does not place its axes in every input"),
        (Binary("add", (0,), (0,)), [T(3), T(4)], [], "are met, and differ"),
        (Binary("add", (0,), (0,)), [T(3), T(3, X)], [], r"axes \[1\] of 3\*perm\(P\) do not occur"),
        (Binary("add", (None,), (None,)), [T(), T()], [], "comes from neither"),
        (Binary("add", (0, 0), (0, 1)), [T(X), T(X, X)], [], "name an axis twice"),
        (Norm(False, (3,)), [T(X, v)], [], "no axis 3"),
        (Norm(False, (0,), (0,)), [T(v)], [], "twice"),
        (Pool("sum", 1), [T(X)], [], "no axis 1"),
        (Softmax(0), [T(X), T(X)], [], "one operand is taken, 2 are given"),
        (Concat(1), [T(X, 3), T(v, 3)], [], "differ outside axis 1"),
        (Project(0, 2), [T(plus(3, v))], [], "none is number 2"),
        (Reinterpret(), [T(X, v)], [T(v, X)], "do not lay out the same coordinates"),
        (Reinterpret((0, 0)), [T(X, v)], [T(v, X)], "does not order the 2 axes"),
    ],
    ids=lambda item: type(item).__name__ if not isinstance(item, list | str) else "",
)
def test_complaints(op: Any, inputs: list[Type], claimed: list[Type], message: str) -> None:
    with pytest.raises(IllTyped, match=message):
        infer(op, inputs, claimed)


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        (T(X, times(2, v)), T(X, 2, v), True),
        (T(X, 1), T(X), True),
        (T(plus(3, 4)), T(7), True),
        (T(plus(3, plus(v, 2), 4)), T(plus(3, v, 6)), True),
        (T(plus(X, v), 3), T(plus(times(X, 3), times(v, 3))), True),
        (T(2, 3, X), T(6, X), True),
        (T(Trivial(n), 3), T(Trivial(3 * n)), True),
        (T(), T(1), True),
        (T(plus(0, v)), T(v), True),
        (T(X, v), T(v, X), False),
        (T(X, v), T(plus(X, v)), False),
        (T(3, plus(X, v)), T(plus(times(3, X), times(3, v))), False),  # interleaved
        (T(X, 2), T(X, 3), False),
        (T(plus(3, 2), v), T(5, v), True),
        (T(X, plus(3, 2), v), T(X, 5, v), True),
        (T(plus(v, v, times(2, v))), T(4, v), True),
        (T(plus(v, 3, v)), T(plus(3, times(2, v))), False),
        (T(plus(times(v, 2), times(v, 2))), T(v, 4), False),
    ],
)
def test_coordinates(left: Type, right: Type, same: bool) -> None:
    assert same_coordinates(left, right) == same_coordinates(right, left) == same
    assert canonical(canonical(left.rep)) == canonical(left.rep)
    assert canonical(left.rep).dim == left.rep.dim


def test_axes_agree_one_by_one() -> None:
    assert agree(T(X, plus(3, 4)), T(X, 7))
    assert not agree(T(X, 2, v), T(X, times(2, v)))


def test_copies_keep_sets_and_channels() -> None:
    assert copies(plus(16, times(8, v), X)) == plus(16, 8, X)
    assert copies(v) == Trivial(1)
