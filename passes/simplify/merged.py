"""A reshape of a reshape → one reshape; a permute of a permute → one, their orders composed.

Exact.
"""

from __future__ import annotations

from symc.ir import tensor as t
from symc.ir.graph import Value
from symc.passes.lower.builder import shape_of
from symc.passes.simplify.rewriting import Rewriter, Tensors, TNode, rewritten


def merged_layouts(graph: Tensors) -> Tensors:
    return rewritten(graph, _merged, t.Reshape | t.Permute)


def _merged(b: Rewriter, node: TNode) -> Value | None:
    match node.op:
        case t.Reshape():
            before = b.maker(node.inputs[0], t.Reshape)
            return None if before is None else b.reshape(before.inputs[0], shape_of(node.outputs[0]))
        case t.Permute(order):
            first = b.maker(node.inputs[0], t.Permute)
            return None if first is None else b.permute(first.inputs[0], [first.op.order[axis] for axis in order])
        case _:
            return None
