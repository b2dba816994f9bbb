"""A sum or mean of a product over an axis of one factor → the product with the sum or mean of that factor; of both, a sum is a contraction.

    mean over n of sum over c of x[n, c] w[o, c] → sum over c of (mean over n of x[n, c]) w[o, c]

Exact up to rounding: products are linear; over no entries both are 0.
"""

from __future__ import annotations

from symc.ir import tensor as t
from symc.ir.graph import Value
from symc.passes.simplify.rewriting import Rewriter, Tensors, TNode, rewritten


def reduced_first(graph: Tensors) -> Tensors:
    return rewritten(graph, _first, t.Reduce)


def _first(b: Rewriter, node: TNode) -> Value | None:
    if not isinstance(node.op, t.Reduce) or node.op.kind == "max" or node.op.keep or len(node.inputs) > 1:
        return None
    product = b.maker(node.inputs[0], t.Einsum)
    if product is None:
        return None
    left, _, out = product.op.equation.partition("->")
    terms, operands = left.split(","), list(product.inputs)
    for letter in [out[axis] for axis in node.op.axes]:
        holding = [place for place, term in enumerate(terms) if letter in term]
        if len(holding) == 1:
            (place,) = holding
            operands[place] = b.reduce(node.op.kind, operands[place], (terms[place].index(letter),))
            terms[place] = terms[place].replace(letter, "")
        elif node.op.kind == "mean":
            return None
        out = out.replace(letter, "")
    return b.einsum(f"{','.join(terms)}->{out}", operands[0], operands[1])
