"""Adding or subtracting zeros, multiplying with or dividing by ones → the other operand, where that has the shape of the result.

Exact; zeros that were expanded or laid out anew are zeros.
"""

from __future__ import annotations

import numpy as np

from symc.ir import tensor as t
from symc.ir.graph import Node, Value
from symc.passes.simplify.rewriting import Rewriter, Tensors, TNode, rewritten


def without_neutral_operands(graph: Tensors) -> Tensors:
    return rewritten(graph, _other, t.Arithmetic)


def _other(b: Rewriter, node: TNode) -> Value | None:
    match node.op:
        case t.Arithmetic("add" | "mul" as kind):
            pairs = [node.inputs, node.inputs[::-1]]
        case t.Arithmetic("sub" | "div" as kind):
            pairs = [node.inputs]
        case _:
            return None
    neutral = 0.0 if kind in ("add", "sub") else 1.0
    return next((x for x, y in pairs if x.type == node.outputs[0].type and _is_all(b, y, neutral)), None)


def _is_all(b: Rewriter, x: Value, number: float) -> bool:
    """Is every entry of x known to be the number?"""
    match b.made(x):
        case Node(t.Array(data)):
            return bool(np.all(data == number))
        case Node(t.Reshape() | t.Expand() | t.Permute() | t.Slice(), (inner,)):
            return _is_all(b, inner, number)
        case _:
            return False
