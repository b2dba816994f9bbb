"""Products with one-hot coordinates → rows of the other factor: no one-hot matrix is formed, and none multiplied.

Exact: of the sum over the classes one term is not 0. `sum_k [i = k] w[k]` becomes `w[i]`; where one-hot coordinates are averaged or added up first,
their rows are.
"""

from __future__ import annotations

from symc.ir import tensor as t
from symc.ir.graph import Node, Value
from symc.passes.lower.builder import shape_of, tensor_type
from symc.passes.simplify.rewriting import Rewriter, Tensors, TNode, rewritten


def lookups(graph: Tensors) -> Tensors:
    """Every product of one-hot coordinates, or of their sum or mean, with an unbatched tensor."""
    return rewritten(graph, _looked_up, t.Einsum, always=True) if any(isinstance(node.op, t.OneHotOf) for node in graph.nodes) else graph


def _looked_up(b: Rewriter, node: TNode) -> Value | None:
    """The classes first, a row for each index, the rows added up or averaged, axes in the order of the product."""
    if not isinstance(node.op, t.Einsum) or tensor_type(node.inputs[1]).batched:
        return None
    left, out = node.op.equation.split("->")
    x, w = left.split(",")
    k = x[-1:]
    indices, reduced = _encoded(b, node.inputs[0])
    if indices is None or k not in w or k in out or set(x) & set(w) != {k} or set(out) != set(x + w) - {k}:
        return None
    rest = w.replace(k, "")
    table = b.permute(node.inputs[1], [w.index(letter) for letter in k + rest])
    rows = b.emit(t.Lookup(), (table, indices))
    rows = rows if reduced is None else b.emit(reduced, (rows,))
    return b.permute(rows, [(x[:-1] + rest).index(letter) for letter in out])


def _encoded(b: Rewriter, x: Value) -> tuple[Value | None, t.Reduce | None]:
    """The indices whose one-hot coordinates x has, and the sum or mean over other axes that was taken of these; None for what is not there."""
    onehot = b.maker(x, t.OneHotOf)
    if onehot is not None:
        return onehot.inputs[0], None
    match b.maker(x, t.Reduce):
        case Node(t.Reduce("sum" | "mean", axes, False) as op, (inner,)):
            onehot = b.maker(inner, t.OneHotOf)
            if onehot is not None and len(shape_of(inner)) - 1 not in axes:
                return onehot.inputs[0], op
    return None, None
