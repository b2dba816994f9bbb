"""Every operation has a row, a type rule, a way to be printed, and (at the equivariant level) a way to be evaluated and checked."""

from __future__ import annotations

import typing
from typing import Any

import numpy as np
import pytest

from symc.algebra.groups import Orthogonal
from symc.algebra.hom import Certificate, Split
from symc.algebra.reps import Carried, Complexified, OneHot, Sum, Trivial, Vector
from symc.algebra.sizes import free
from symc.ir import ops
from symc.ir import tensor as t
from symc.ir.evaluate import apply, axis_sizes
from symc.ir.graph import Graph, Node, Value
from symc.ir.infer import IllTyped, infer
from symc.ir.infer_tensor import infer_tensor
from symc.ir.layout import Elements, Plain
from symc.ir.printer import show_op
from symc.ir.table import TABLES, check_types, row
from symc.ir.tensor import TensorOp, TensorType
from symc.ir.types import Record, Signature, Type
from symc.passes.check import findings

PLAIN = Type((Trivial(2), Trivial(3)))
NO_MAP = Split((), (Trivial(3),), (), Certificate(0.0, None, None))
NO_PRODUCT = Split((Trivial(6),), (Trivial(3),), (), Certificate(0.0, None, None))
STATE, GIVEN, AFTER = Value(0, "h", PLAIN), Value(1, "x", Type((Trivial(3),))), Value(2, "y", PLAIN)
STEP = Graph("Step", Signature(Record(()), PLAIN), (STATE, GIVEN), (Node(ops.Binary("add", (0, 1), (None, 0)), (STATE, GIVEN), (AFTER,)),), (AFTER,))
H, X, Y = Value(0, "h", TensorType((2,))), Value(1, "x", TensorType((3,))), Value(2, "y", TensorType((2,)))
LOOP: Graph[Any] = Graph("Loop", Signature(Record(()), Record(())), (H, X), (Node(t.Map("relu"), (H,), (Y,)),), (Y,))
EXAMPLES: list[tuple[Any, list[Type], list[Type]]] = [
    (ops.Linear("h", False, basis=NO_MAP), [], [Type((Trivial(3),))]),
    (ops.Bilinear("h", 1, 1, basis=NO_PRODUCT), [Type((Trivial(3),)), Type((Trivial(2),))], [Type((Trivial(3),))]),
    (ops.Pointwise("relu"), [PLAIN], []),
    (ops.Pointwise("pow", 3.0), [PLAIN], []),
    (ops.Binary("add", (0, 1), (None, 0)), [PLAIN, Type((Trivial(3),))], []),
    (ops.Dot((0,), (None,), ((1, 0),)), [PLAIN, Type((Trivial(3),))], []),
    (ops.Attention((), (0,), (0, 0), ((1, 1),), (0, 1)), [PLAIN, PLAIN, PLAIN, Type((Trivial(2), Trivial(2)))], []),
    (ops.Constant(2.0), [], []),
    (ops.Norm(True, (1,)), [PLAIN], []),
    (ops.Normalize(), [PLAIN], []),
    (ops.Pool("max", 0), [PLAIN], []),
    (ops.Softmax(1), [PLAIN], []),
    (ops.Concat(1), [PLAIN, PLAIN], []),
    (ops.Project(0, 1), [Type((Sum((Trivial(2), Trivial(1))),))], []),
    (ops.Reinterpret((1, 0)), [PLAIN], [Type((Trivial(6),))]),
    (ops.Recast("complex"), [PLAIN], []),
    (ops.Recast("real"), [Type((Trivial(2), Complexified(Trivial(3))))], []),
    (ops.LayerNorm("l", (1,)), [PLAIN], []),
    (ops.Gate(), [Type((Trivial(2), Vector(Orthogonal(3)))), Type((Trivial(2),))], []),
    (ops.LayerNorm("l", (1,), centred=False), [PLAIN], []),
    (ops.BatchNorm("b"), [PLAIN], []),
    (ops.Dropout(0.5), [PLAIN], []),
    (ops.Encode(), [Type((Trivial(2), OneHot(3)))], []),
    (ops.Noise(), [], [PLAIN]),
    (ops.Zero(), [], [PLAIN]),
    (ops.Scan(STEP, 1, (0,), False), [PLAIN, Type((Carried(4), Trivial(3)))], []),
]
MATRIX = TensorType((2, 3))
TENSOR_EXAMPLES: list[tuple[TensorOp, list[TensorType], list[TensorType]]] = [
    (t.Parameter("h.weight", t.Fill(1.0)), [], [TensorType((2, 3), batched=False)]),
    (t.Array(np.zeros((2, 3))), [], []),
    (t.Einsum("ab,bc->ac"), [MATRIX, TensorType((3, 4), batched=False)], []),
    (t.Permute((1, 0)), [MATRIX], []),
    (t.Reshape(), [MATRIX], [TensorType((6,))]),
    (t.Expand(), [TensorType((2, 1))], [MATRIX]),
    (t.AsComplex(), [TensorType((3, 2))], []),
    (t.AsReal(), [TensorType((3,), complex=True)], []),
    (t.Slice(1, 1, 3), [MATRIX], []),
    (t.Concatenate(0), [MATRIX, MATRIX], []),
    (t.BilinearForms(), [MATRIX, MATRIX, TensorType((2, 4, 5), batched=False), *[TensorType((5,), batched=False, integer=True)] * 2], []),
    (t.Take(0), [MATRIX, TensorType((5,), batched=False, integer=True)], []),
    (t.Diagonal((0, 1)), [TensorType((3, 3))], []),
    (t.Assemble((((0, 1),), ((1,), (0,)))), [TensorType((3,)), TensorType((3, 3))], [TensorType((3, 3))]),
    (t.Reduce("sum", (0,)), [MATRIX], []),
    (t.Map("relu"), [MATRIX], []),
    (t.SafeSqrt(), [MATRIX], []),
    (t.SafeReciprocalSqrt(), [MATRIX], []),
    (t.Arithmetic("mul"), [MATRIX, TensorType((3,), batched=False)], []),
    (t.FusedAttention(), [TensorType((1, 2, 3))] * 3, []),
    (t.Fourier((0, 1)), [MATRIX], []),
    (t.InverseFourier((1,), (5,)), [TensorType((2, 3), complex=True), TensorType((), batched=False)], []),
    (t.SoftmaxAlong(0), [MATRIX], []),
    (t.DropoutMask(0.5), [MATRIX], []),
    (t.BatchNormPart("b", 0, ((3, True),), (1, 3)), [MATRIX], []),
    (t.LayerNormLast(1), [MATRIX, TensorType((3,), batched=False), TensorType((3,), batched=False)], []),
    (t.OneHotOf(4), [TensorType((2,), integer=True), TensorType((), batched=False)], []),
    (t.Lookup(), [TensorType((4, 3), batched=False), TensorType((2,), integer=True)], []),
    (t.Loop(LOOP, 1, True), [TensorType((2,)), TensorType((5, 3))], []),
    (t.Normals(0), [TensorType((), batched=False)], [MATRIX]),
    (t.Mask((Elements("n"), Plain(1))), [TensorType((free("n"),), boolean=True)], []),
    (t.Where(1.0), [MATRIX, TensorType((2, 1), boolean=True)], []),
    (t.Where(None), [MATRIX, TensorType((2, 1), boolean=True), MATRIX], []),
]


@pytest.mark.parametrize("op", typing.get_args(ops.EquivariantOp))
def test_every_equivariant_operation_has_a_row_and_an_example(op: type[Any]) -> None:
    assert op in TABLES["equivariant"]
    assert op in {type(example) for example, _, _ in EXAMPLES}


@pytest.mark.parametrize("op", typing.get_args(TensorOp))
def test_every_tensor_operation_has_a_row_and_an_example(op: type[Any]) -> None:
    assert op in TABLES["tensor"]
    assert op in {type(example) for example, _, _ in TENSOR_EXAMPLES}


def test_no_row_is_left_over() -> None:
    assert set(TABLES["equivariant"]) == set(typing.get_args(ops.EquivariantOp))
    assert set(TABLES["tensor"]) == set(typing.get_args(TensorOp))


@pytest.mark.parametrize("op", [*typing.get_args(ops.EquivariantOp), *typing.get_args(TensorOp)])
def test_rows_say_something(op: type[Any]) -> None:
    found = next(rows[op] for rows in TABLES.values() if op in rows)
    assert all((found.name, found.types, found.equivariant, found.doc))
    assert bool(found.syntax) == (op in TABLES["equivariant"])


@pytest.mark.parametrize(("op", "inputs", "claimed"), EXAMPLES, ids=lambda item: type(item).__name__ if not isinstance(item, list) else "")
def test_equivariant_operations_are_inferred_printed_evaluated_checked(op: Any, inputs: list[Type], claimed: list[Type]) -> None:
    (target,) = infer(op, inputs, claimed)
    assert check_types("equivariant", op, inputs, [target]) is None
    assert row(op).name
    assert show_op(op, "%0")
    if not isinstance(op, ops.Noise):  # which is no function of its inputs
        parameters = {"l.weight": np.ones(3), "l.bias": np.zeros(3)}
        (result,) = apply(op, [np.ones((4, *axis_sizes(item))) for item in inputs], inputs, [target], parameters, {}, 4)
        assert result.shape == (4, *axis_sizes(target))
    node = Node(op, tuple(Value(i, "x", item) for i, item in enumerate(inputs)), (Value(9, "y", target),))
    assert list(findings(node, {})) == []


@pytest.mark.parametrize(("op", "inputs", "claimed"), TENSOR_EXAMPLES, ids=lambda item: type(item).__name__ if not isinstance(item, list) else "")
def test_tensor_operations_are_inferred_and_printed(op: TensorOp, inputs: list[TensorType], claimed: list[TensorType]) -> None:
    found = infer_tensor(op, inputs, claimed)
    assert check_types("tensor", op, inputs, [found]) is None
    assert show_op(op, "%0")


def test_an_unknown_function_is_ill_typed() -> None:
    with pytest.raises(IllTyped, match="no function nonsense"):
        infer(ops.Pointwise("nonsense"), [PLAIN])
    with pytest.raises(IllTyped, match="takes no exponent"):
        infer(ops.Pointwise("relu", 2.0), [PLAIN])
