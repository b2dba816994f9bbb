"""A slice of a sum of concatenations → the sum of the pieces that it covers; of any arithmetic or function, and with axes moved between.

Where all of it is cut in the end nothing is joined at all: irreducibles of a residual network stay apart. Exact. Whether it gains is seen only once
all slices of one tensor are rewritten, so this is tried tensor by tensor.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from symc.algebra.sizes import Size
from symc.ir import tensor as t
from symc.ir.graph import Node, Value
from symc.passes.lower.builder import shape_of
from symc.passes.simplify.bases import same_axis
from symc.passes.simplify.dead import dead_code
from symc.passes.simplify.merged import merged_layouts
from symc.passes.simplify.pieces import cut, joined_pieces
from symc.passes.simplify.rewriting import Rewriter, Tensors, TNode, cheapest, rewritten

TRIED = 32  # tensors that are cut
DEPTH = 6  # operations between a slice and what it cuts
THROUGH = t.Arithmetic | t.Map | t.Permute | t.Reshape


def summed_pieces(graph: Tensors) -> Tensors:
    makers = {node.outputs[0].id: node for node in graph.nodes}
    wholes = dict.fromkeys(node.inputs[0].id for node in graph.nodes if isinstance(node.op, t.Slice))
    for whole in [number for number in wholes if _is_joined(makers, number, DEPTH)][:TRIED]:
        after = rewritten(graph, partial(_cut_in_parts, whole), t.Slice, always=True)
        if after is not graph:
            graph = cheapest(graph, dead_code(merged_layouts(joined_pieces(after))))
    return graph


def _is_joined(makers: Mapping[int, TNode], number: int, depth: int) -> bool:
    """Is a tensor, as far as can be seen at once, made of what was joined?"""
    node = makers.get(number)
    if node is None or depth == 0 or not isinstance(node.op, t.Concatenate | THROUGH):
        return False
    return isinstance(node.op, t.Concatenate) or any(_is_joined(makers, value.id, depth - 1) for value in node.inputs)


def _cut_in_parts(whole: int, b: Rewriter, node: TNode) -> Value | None:
    if not isinstance(node.op, t.Slice) or node.inputs[0].id != whole:
        return None
    return _cut(b, node.inputs[0], node.op.axis, node.op.start, node.op.stop, DEPTH)


def _cut(b: Rewriter, x: Value, axis: int, start: Size, stop: Size, depth: int) -> Value | None:
    """A range of x along an axis, by way of what x is made from; None where that is not joined along it."""
    found = cut(b, x, axis, start, stop)
    if found is not None or depth == 0:
        return found
    match b.made(x):
        case Node(t.Map() as op, (inner,)):
            found = _cut(b, inner, axis, start, stop, depth - 1)
            return None if found is None else b.emit(op, (found,))
        case Node(t.Permute(order), (inner,)):
            found = _cut(b, inner, order[axis], start, stop, depth - 1)
            return None if found is None else b.permute(found, order)
        case Node(t.Reshape(), (inner,)):
            place = same_axis(shape_of(inner), shape_of(x), axis)
            found = None if place is None else _cut(b, inner, place, start, stop, depth - 1)
            return None if found is None else b.reshape(found, (*shape_of(x)[:axis], stop - start, *shape_of(x)[axis + 1 :]))
        case Node(t.Arithmetic(kind), operands):
            places = [len(shape_of(y)) - len(shape_of(x)) + axis for y in operands]
            full = [place >= 0 and shape_of(y)[place] != 1 for y, place in zip(operands, places, strict=True)]
            parts = [_cut(b, y, place, start, stop, depth - 1) if has else None for y, place, has in zip(operands, places, full, strict=True)]
            if not any(parts):
                return None
            known = zip(parts, operands, places, full, strict=True)
            left, right = (part or (b.slice(y, place, start, stop) if has else y) for part, y, place, has in known)
            return b.arithmetic(kind, left, right)
        case _:
            return None
