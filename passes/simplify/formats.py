"""A product over axes that were moved to be merged → over the axes where they are: the weights' axes are moved instead.

    reshape (permute x) w^T → reshape x (reshape (permute w))^T

Exact: the same terms in another order. A tensor with its axes moved is copied to be merged, for every sample; the weights, once.
"""

from __future__ import annotations

from symc.algebra import sizes as sz
from symc.ir import tensor as t
from symc.ir.graph import Value
from symc.ir.infer_tensor import same_shape
from symc.passes.lower.builder import shape_of, tensor_type
from symc.passes.simplify.rewriting import Rewriter, Tensors, TNode, rewritten


def weights_turned(graph: Tensors) -> Tensors:
    return rewritten(graph, _turned, t.Einsum)


def _turned(b: Rewriter, node: TNode) -> Value | None:
    if not isinstance(node.op, t.Einsum):
        return None
    x, w = node.inputs
    left, _, out = node.op.equation.partition("->")
    terms = left.split(",")
    contracted = set(terms[0]) & set(terms[1]) - set(out)
    merged = b.maker(x, t.Reshape)
    moved = None if merged is None else b.maker(merged.inputs[0], t.Permute)
    if moved is None or tensor_type(w).batched or len(contracted) != 1:
        return None
    (letter,) = contracted
    axis, place = terms[0].index(letter), terms[1].index(letter)
    order, sizes = moved.op.order, shape_of(moved.outputs[0])
    count = len(sizes) - len(shape_of(x)) + 1
    within, rest = order[axis : axis + count], (*order[:axis], *order[axis + count :])
    known = tuple(size for size in sizes[axis : axis + count] if isinstance(size, int))
    fits = sorted(within) == list(range(axis, axis + count)) and list(rest) == [i for i in range(len(sizes)) if i not in within]
    if count < 2 or not fits or len(known) < count or not same_shape((*sizes[:axis], sz.product(known), *sizes[axis + count :]), shape_of(x)):
        return None
    shape = shape_of(w)
    w = b.reshape(w, (*shape[:place], *known, *shape[place + 1 :]))
    back = [place + within.index(axis + index) for index in range(count)]
    w = b.reshape(b.permute(w, (*range(place), *back, *range(place + count, len(shape) + count - 1))), shape)
    return b.einsum(node.op.equation, b.reshape(moved.inputs[0], shape_of(x)), w)
