"""Shape rules of the tensor level, with free sizes."""

from __future__ import annotations

import numpy as np
import pytest

from symc.algebra import sizes as sz
from symc.ir import tensor as t
from symc.ir.infer import IllTyped
from symc.ir.infer_tensor import infer_tensor
from symc.ir.tensor import TensorOp, TensorType

n = sz.free("n")


def B(*shape: sz.Size) -> TensorType:
    return TensorType(shape)


def U(*shape: sz.Size) -> TensorType:
    return TensorType(shape, batched=False)


INDICES = TensorType((5, 6), batched=False, integer=True)
PLACES = t.TensorType((6,), batched=False, integer=True)


@pytest.mark.parametrize(
    ("op", "inputs", "claimed", "expected"),
    [
        (t.Parameter("w", t.Fill(0)), [], [U(2, 3)], U(2, 3)),
        (t.Array(np.zeros((5, 6), dtype=np.int64)), [], [], INDICES),
        (t.Array(np.zeros(3)), [], [], U(3)),
        (t.Einsum("nc,oc->no"), [B(n, 3), U(4, 3)], [], B(n, 4)),
        (t.Einsum("a,b->"), [U(2), U(3)], [], U()),
        (t.Permute((2, 0, 1)), [B(n, 2, 3)], [], B(3, n, 2)),
        (t.Reshape(), [B(n, 2, 3)], [B(6 * n)], B(6 * n)),
        (t.Expand(), [U(1, 3)], [B(n, 3)], B(n, 3)),
        (t.Slice(0, 1, n), [B(n, 2)], [], B(n - 1, 2)),
        (t.Concatenate(1), [B(n, 2), B(n, 3)], [], B(n, 5)),
        (t.Take(1), [B(n, 9, 2), INDICES], [], B(n, 5, 6, 2)),
        (t.BilinearForms(), [B(n, 4, 3), B(n, 1, 2), U(4, 5, 6), PLACES, PLACES], [], B(n, 4, 5)),
        (t.Diagonal((0, 2)), [B(n, 3, n)], [], B(3, n)),
        (t.Assemble((((1,), (0, 2)), ((2,),))), [B(3, n), U(n)], [B(n, 3, n)], B(n, 3, n)),
        (t.Reduce("mean", (0,)), [B(n, 3)], [], B(3)),
        (t.Reduce("max", (0,), keep=True), [B(n, 3)], [], B(1, 3)),
        (t.Map("pow", 3.0), [B(n)], [], B(n)),
        (t.SafeSqrt(), [B(n)], [], B(n)),
        (t.SafeReciprocalSqrt(), [B(n)], [], B(n)),
        (t.Arithmetic("add"), [B(n, 1, 3), U(2, 3)], [], B(n, 2, 3)),
        (t.SoftmaxAlong(0), [B(n, 3)], [], B(n, 3)),
        (t.DropoutMask(0.1, (0,)), [B(n, 3)], [], B(n, 3)),
        (t.LayerNormLast(2), [B(n, 2, 3), U(2, 3), U(2, 3)], [], B(n, 2, 3)),
    ],
    ids=lambda item: type(item).__name__ if not isinstance(item, list | TensorType) else "",
)
def test_shapes(op: TensorOp, inputs: list[TensorType], claimed: list[TensorType], expected: TensorType) -> None:
    assert infer_tensor(op, inputs, claimed) == expected


@pytest.mark.parametrize(
    ("op", "inputs", "claimed", "message"),
    [
        (t.Parameter("w", t.Fill(0)), [], [B(2, 3)], "unbatched, of known size"),
        (t.Parameter("w", t.Fill(0)), [], [U(n)], "of known size"),
        (t.Parameter("w", t.Fill(0)), [], [], "given, not inferred"),
        (t.Einsum("nc,oc->no"), [B(n, 3), U(4, 2)], [], "`c` of `nc,oc->no` is both 3 and 2"),
        (t.Einsum("nn,oc->no"), [B(n, n), U(4, 2)], [], "`nn` does not name the axes"),
        (t.Einsum("n,o->nx"), [B(n), U(4)], [], "letters on its left"),
        (t.Einsum("n->n"), [B(n), U(4)], [], "not for 2 inputs"),
        (t.Permute((0, 0)), [B(2, 3)], [], "does not order the axes"),
        (t.Reshape(), [B(n, 2)], [B(n)], "different numbers of entries"),
        (t.Expand(), [B(2)], [B(3)], "does not stretch"),
        (t.Slice(2, 0, 1), [B(n, 2)], [], "has no axes"),
        (t.Concatenate(0), [B(n, 2), B(n, 3)], [], "differ outside axis 0"),
        (t.Concatenate(0), [B(n), U(n)], [], "differ outside axis 0"),
        (t.Concatenate(0), [], [], "takes some inputs, not 0"),
        (t.Take(0), [B(n), U(2)], [], "not unbatched integers"),
        (t.BilinearForms(), [B(4, 3), B(2, 3), U(4, 5, 6), PLACES, PLACES], [], "differ in their channels"),
        (t.BilinearForms(), [B(4, 3), B(n, 4, 3), U(4, 5, 6), PLACES, PLACES], [], "or before these"),
        (t.BilinearForms(), [B(4, 3), U(4, 3), U(4, 5, 6), PLACES, PLACES], [], "do not multiply"),
        (t.BilinearForms(), [B(4, 3), B(4, 3), B(4, 5, 6), PLACES, PLACES], [], "is no weight"),
        (t.BilinearForms(), [B(4, 3), B(4, 3), U(4, 5, 6), PLACES, INDICES], [], "do not name pairs"),
        (t.Diagonal((0, 1)), [B(2, 3)], [], "not of one size"),
        (t.Diagonal((1, 0)), [B(2, 2)], [], "ascending"),
        (t.Assemble((((0,), (1, 5)),)), [B(2, 2)], [B(2, 2, 2)], "does not lie along"),
        (t.Assemble((((0,), (0, 1)),)), [B(2, 2)], [B(2, 2)], "does not lie along"),
        (t.Assemble((((0,),),)), [B(3)], [B(2, 3)], "does not lie along"),
        (t.Assemble((((0,),), ((1,),))), [B(2)], [B(2, 3)], "takes 2 inputs, not 1"),
        (t.Assemble((((0, 1),),)), [INDICES], [B(5, 6)], "does not lie along"),
        (t.Reduce("sum", (0, 0)), [B(2)], [], "has no axes"),
        (t.Map("nonsense"), [B(2)], [], "no function nonsense"),
        (t.Arithmetic("add"), [B(2), B(3)], [], "do not align"),
        (t.Arithmetic("add"), [B(2), U(3, 2)], [], "too few axes"),
        (t.Arithmetic("add"), [B(5, 6), INDICES], [], "arithmetic is of floats"),
        (t.LayerNormLast(1), [B(n, 2), U(3), U(2)], [], "not shaped as the last 1 axes"),
        (t.SafeSqrt(), [B(2), B(2)], [], "takes 1 inputs, not 2"),
    ],
    ids=lambda item: type(item).__name__ if not isinstance(item, list | str) else "",
)
def test_complaints(op: TensorOp, inputs: list[TensorType], claimed: list[TensorType], message: str) -> None:
    with pytest.raises(IllTyped, match=message):
        infer_tensor(op, inputs, claimed)
