"""Joining and cutting that undo each other.

    slice of a concatenation          → the pieces that it covers
    slice of a slice                  → one slice
    concatenation of slices in a row  → one slice of what they are cut from, or all of it
    concatenation in a concatenation  → one concatenation
    concatenation along the first axis of slices in a row, each laid out anew → one slice, laid out anew

Exact: no number is computed in another way.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import accumulate, pairwise

from symc.algebra import sizes as sz
from symc.algebra.sizes import Size
from symc.ir import tensor as t
from symc.ir.graph import Node, Value
from symc.passes.lower.builder import shape_of
from symc.passes.simplify.rewriting import Rewriter, Tensors, TNode, rewritten


def joined_pieces(graph: Tensors) -> Tensors:
    return rewritten(graph, _joined, t.Slice | t.Concatenate)


def _joined(b: Rewriter, node: TNode) -> Value | None:
    match node.op:
        case t.Slice(axis, start, stop):
            return cut(b, node.inputs[0], axis, start, stop)
        case t.Concatenate(axis):
            parts = [piece for x in node.inputs for piece in _pieces(b, x, axis)]
            joined = in_a_row(b, parts, axis)
            joined = _laid_out(b, joined) if axis == 0 else joined
            return b.concatenate(joined, axis) if len(joined) < len(parts) or len(parts) > len(node.inputs) else None
        case _:
            return None


def cut(b: Rewriter, x: Value, axis: int, start: Size, stop: Size) -> Value | None:
    """A slice of what is itself cut, or joined, along that axis."""
    match b.made(x):
        case Node(t.Slice(other, first, _), (inner,)) if other == axis:
            return b.slice(inner, axis, first + start, first + stop)
        case Node(t.Concatenate(other), pieces) if other == axis:
            covered = _covered(b, pieces, axis, start, stop)
            return b.concatenate(covered, axis) if covered else None
        case _:
            return None


def _covered(b: Rewriter, pieces: Sequence[Value], axis: int, start: Size, stop: Size) -> list[Value]:
    """The pieces, or parts of pieces, of a range; nothing where that cannot be told for every size."""
    ends = [sz.normal(end) for end in accumulate((shape_of(piece)[axis] for piece in pieces), initial=0)]
    if start in ends and stop in ends:
        return list(pieces[ends.index(start) : len(ends) - 1 - ends[::-1].index(stop)])
    found = []
    for piece, (first, last) in zip(pieces, pairwise(ends), strict=True):
        if not all(isinstance(size, int) for size in (first, last, start, stop)):
            return []
        low, high = max(first, start), min(last, stop)
        found += [b.slice(piece, axis, low - first, high - first)] if low < high else []
    return found


def _pieces(b: Rewriter, x: Value, axis: int) -> tuple[Value, ...]:
    """What x is joined from along an axis, where nothing else reads it."""
    joined = b.maker(x, t.Concatenate)
    return joined.inputs if joined is not None and joined.op.axis == axis and b.uses[x.id] == 1 else (x,)


def in_a_row(b: Rewriter, parts: Iterable[Value], axis: int) -> list[Value]:
    """Slices that follow one another made one."""
    found: list[Value] = []
    for part in parts:
        one, other = (b.maker(x, t.Slice) for x in (found[-1] if found else part, part))
        if found and one is not None and other is not None and _follows(one, other, axis):
            found[-1] = b.slice(one.inputs[0], axis, one.op.start, other.op.stop)
        else:
            found.append(part)
    return found


def _follows(one: Node[t.Slice], other: Node[t.Slice], axis: int) -> bool:
    return one.inputs == other.inputs and one.op.axis == other.op.axis == axis and one.op.stop == other.op.start


def _laid_out(b: Rewriter, parts: Sequence[Value]) -> list[Value]:
    """Reshapes of slices in a row made one: along the first axis numbers stand in the order in which they stood before."""
    found: list[Value] = []
    for part in parts:
        before, after = (b.maker(x, t.Reshape) for x in (found[-1] if found else part, part))
        if found and before is not None and after is not None:
            one, other = (b.maker(x.inputs[0], t.Slice) for x in (before, after))
            if one is not None and other is not None and _follows(one, other, 0):
                whole = b.slice(one.inputs[0], 0, one.op.start, other.op.stop)
                found[-1] = b.reshape(whole, (shape_of(found[-1])[0] + shape_of(part)[0], *shape_of(part)[1:]))
                continue
        found.append(part)
    return found
