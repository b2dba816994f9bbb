"""Arithmetic of two tensors that are laid out anew in one way → the result, laid out anew.

One view in place of two, which then meets what follows it. Exact.
"""

from __future__ import annotations

from symc.ir import tensor as t
from symc.ir.graph import Node, Value
from symc.passes.lower.builder import shape_of, tensor_type
from symc.passes.simplify.rewriting import Rewriter, Tensors, TNode, rewritten


def shared_arrangements(graph: Tensors) -> Tensors:
    return rewritten(graph, _shared, t.Arithmetic)


def _shared(b: Rewriter, node: TNode) -> Value | None:
    if not isinstance(node.op, t.Arithmetic) or tensor_type(node.inputs[0]) != tensor_type(node.inputs[1]):
        return None
    match [b.made(x) for x in node.inputs]:
        case [Node(t.Permute(order), (x,)), Node(t.Permute(other), (y,))] if order == other and tensor_type(x) == tensor_type(y):
            return b.permute(b.arithmetic(node.op.kind, x, y), order)
        case [Node(t.Reshape(), (x,)), Node(t.Reshape(), (y,))] if tensor_type(x) == tensor_type(y):
            return b.reshape(b.arithmetic(node.op.kind, x, y), shape_of(node.outputs[0]))
        case _:
            return None
