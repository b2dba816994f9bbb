"""What is repeated along an axis is worked on before it is repeated, or not repeated at all.

    arithmetic that stretches an operand anyway → of the operand as it was
    function of entries                         → the function, repeated
    entries taken of a repeated tensor          → repeated as often as they are taken, or taken and then repeated
    sum, mean, max along a repeated axis        → of the tensor as it was; a sum times how often it was repeated
    product over a repeated axis                → the other factor summed alone
    entries taken of entries taken              → taken at once

Exact up to rounding. Reductions along axes of free size are left: over no entries they are 0.
"""

from __future__ import annotations

from math import prod

import numpy as np

from symc.algebra.sizes import Size
from symc.ir import tensor as t
from symc.ir.graph import Node, Value
from symc.passes.lower.builder import shape_of, tensor_type
from symc.passes.simplify.rewriting import Rewriter, Tensors, TNode, rewritten


def repeated_last(graph: Tensors) -> Tensors:
    return rewritten(graph, _last)


def _last(b: Rewriter, node: TNode) -> Value | None:
    shape, batched = shape_of(node.outputs[0]), tensor_type(node.outputs[0]).batched
    match node.op, [b.made(x) for x in node.inputs]:
        case t.Arithmetic(), _:
            return _unstretched(b, node)
        case (t.Map() | t.SafeSqrt() | t.SafeReciprocalSqrt() as op), [Node(t.Expand(), (x,))]:
            return b.expand(b.emit(op, (x,)), shape, batched=batched)
        case t.Expand(), [Node(t.Expand(), (x,))]:
            return b.expand(x, shape, batched=batched)
        case t.Take(axis), [Node(t.Expand(), (x,)), _]:
            if shape_of(x)[axis] == shape_of(node.inputs[0])[axis]:
                return b.expand(b.emit(node.op, (x, node.inputs[1])), shape, batched=batched)
            ones = (1,) * len(shape_of(node.inputs[1]))
            return b.expand(b.reshape(x, (*shape_of(x)[:axis], *ones, *shape_of(x)[axis + 1 :])), shape, batched=batched)
        case t.Take(axis), [Node(t.Take(other), (x, first)), _] if axis == other:
            indices = [b.maker(index, t.Array) for index in (first, node.inputs[1])]
            if indices[0] is None or indices[1] is None or indices[0].op.data.ndim != 1:
                return None
            return b.take(x, axis, indices[0].op.data[indices[1].op.data].astype(np.int64))
        case t.Reduce(kind, axes, keep), [Node(t.Expand(), (x,))] if len(node.inputs) == 1:
            return _reduced(b, node, x, kind, axes, keep)
        case t.Einsum(equation), [first, second]:
            return _unrepeated(b, equation, node, (first, second))
        case _:
            return None


def _unstretched(b: Rewriter, node: TNode) -> Value | None:
    """With one operand or both as they were, if the result is the same."""
    first, second = node.inputs
    before = [x if (made := b.maker(x, t.Expand)) is None else made.inputs[0] for x in node.inputs]
    for pair in (before, [before[0], second], [first, before[1]]):
        if pair != [first, second]:
            value = b.emit(node.op, pair) if len({len(shape_of(x)) for x in pair}) == 1 else None
            if value is not None and value.type == node.outputs[0].type:
                return value
    return None


def _reduced(b: Rewriter, node: TNode, x: Value, kind: str, axes: tuple[int, ...], keep: bool) -> Value | None:
    before, after = shape_of(x), shape_of(node.inputs[0])
    repeated: list[Size] = [after[axis] for axis in axes if before[axis] != after[axis]]
    known = [size for size in repeated if isinstance(size, int) and size > 0]
    if not repeated or len(known) < len(repeated):
        return None
    y = b.emit(t.Reduce(kind, axes, keep), (x,))  # type: ignore[arg-type]
    y = b.arithmetic("mul", y, b.constant(float(prod(known)))) if kind == "sum" else y
    return b.expand(y, shape_of(node.outputs[0]), batched=tensor_type(node.outputs[0]).batched)


def _unrepeated(b: Rewriter, equation: str, node: TNode, makers: tuple[TNode | None, TNode | None]) -> Value | None:
    """Without axes along which a factor only repeats, where the other factor has them."""
    left, _, out = equation.partition("->")
    terms, operands = left.split(","), list(node.inputs)
    for place, made in enumerate(makers):
        if made is not None and isinstance(made.op, t.Expand) and tensor_type(made.inputs[0]).batched == tensor_type(operands[place]).batched:
            x, other = made.inputs[0], terms[1 - place]
            kept = [axis for axis, size in enumerate(shape_of(x)) if size == shape_of(operands[place])[axis] or terms[place][axis] not in other]
            if len(kept) < len(terms[place]) and all(shape_of(x)[axis] == shape_of(operands[place])[axis] for axis in kept):
                operands[place] = b.reshape(x, (shape_of(x)[axis] for axis in kept))
                terms[place] = "".join(terms[place][axis] for axis in kept)
    return b.einsum(f"{','.join(terms)}->{out}", *operands) if operands != list(node.inputs) else None
