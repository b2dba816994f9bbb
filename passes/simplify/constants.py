"""An operation on constants alone → its result, a constant.

Exact: computed in float64, as constants are kept. What is larger than its operands, and large, stays an operation: a module is no place for it.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from symc.ir import tensor as t
from symc.ir.graph import Value
from symc.ir.pointwise import function
from symc.passes.lower.builder import shape_of, tensor_type
from symc.passes.simplify.rewriting import Rewriter, Tensors, TNode, rewritten

ENTRIES = 2**12  # which a constant may have though its operands have fewer


def folded_constants(graph: Tensors) -> Tensors:
    return rewritten(graph, _folded)


def _folded(b: Rewriter, node: TNode) -> Value | None:
    type_ = tensor_type(node.outputs[0])
    if not node.inputs or type_.batched or type_.complex or type_.boolean or type_.free:
        return None
    operands = [made.op.data for value in node.inputs if (made := b.maker(value, t.Array)) is not None]
    known = tuple(size for size in type_.shape if isinstance(size, int))
    if len(operands) < len(node.inputs) or np.prod(known, dtype=float) > max(ENTRIES, *(x.size for x in operands)):
        return None
    found = _computed(node, operands, known)
    return b.array(found) if found is not None and found.shape == shape_of(node.outputs[0]) and np.isfinite(found).all() else None


def _computed(node: TNode, operands: list[NDArray[Any]], shape: tuple[int, ...]) -> NDArray[Any] | None:
    """The result in numpy; None for operations that are not done to constants."""
    x = operands[0]
    with np.errstate(all="ignore"):
        match node.op:
            case t.Reshape():
                return x.reshape(shape)
            case t.Permute(order):
                return x.transpose(order)
            case t.Expand():
                return np.broadcast_to(x, shape).copy()
            case t.Slice(axis, int(start), int(stop)):
                return x[(slice(None),) * axis + (slice(start, stop),)]
            case t.Concatenate(axis):
                return np.concatenate(operands, axis)
            case t.Take(axis):
                return np.take(x, operands[1].astype(np.int64), axis)
            case t.Reduce("sum", axes, keep):
                return np.asarray(x.sum(axes, keepdims=keep))
            case t.Einsum(equation):
                return np.asarray(np.einsum(equation, *operands, optimize=True))
            case t.Map(name, argument):
                return np.asarray(function(name, argument).numpy(x))
            case t.Arithmetic(kind):
                return np.asarray({"add": np.add, "sub": np.subtract, "mul": np.multiply, "div": np.divide}[kind](*operands))
            case _:
                return None
