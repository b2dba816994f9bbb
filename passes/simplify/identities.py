"""A reshape, expand, slice, permute, take or concatenation that changes nothing → its input.

Exact.
"""

from __future__ import annotations

import numpy as np

from symc.ir import tensor as t
from symc.ir.graph import Value
from symc.passes.lower.builder import shape_of
from symc.passes.simplify.rewriting import Rewriter, Tensors, TNode, rewritten


def without_identities(graph: Tensors) -> Tensors:
    return rewritten(graph, _unchanged, t.Reshape | t.Expand | t.Slice | t.Permute | t.Concatenate | t.Take)


def _unchanged(b: Rewriter, node: TNode) -> Value | None:
    match node.op:
        case t.Reshape() | t.Expand() | t.Slice():
            return node.inputs[0] if node.inputs[0].type == node.outputs[0].type else None
        case t.Permute(order):
            return node.inputs[0] if order == tuple(range(len(order))) else None
        case t.Concatenate():
            return node.inputs[0] if len(node.inputs) == 1 else None
        case t.Take(axis):
            indices, size = b.maker(node.inputs[1], t.Array), shape_of(node.inputs[0])[axis]
            same = indices is not None and isinstance(size, int) and np.array_equal(indices.op.data, np.arange(size))
            return node.inputs[0] if same else None
        case _:
            return None
