"""Products of one tensor with several weights → one product with all of them side by side, cut into the results; biases are added before the cut.

    x A^T + a, x B^T + b → x (A, B)^T + (a, b), cut

Exact: the same sums. The tensor is read once, and its gradient written once; weights that stand in a row in one parameter need not be joined. Tried
product by product, and kept where that costs less.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from symc.algebra import sizes as sz
from symc.ir import tensor as t
from symc.ir.graph import Value
from symc.passes.lower.builder import shape_of, tensor_type
from symc.passes.simplify.dead import dead_code
from symc.passes.simplify.pieces import joined_pieces
from symc.passes.simplify.rewriting import Rewriter, Tensors, TNode, cheapest, in_order, rewritten

TRIED = 64  # tensors that are multiplied


@dataclass(frozen=True, slots=True)
class Member:
    """A product x w: `axis` of the result, and `row` of w, are those that x lacks; `bias`, where nothing else reads the product, is added to it."""

    result: Value
    x: Value
    w: Value
    equation: str
    axis: int
    row: int
    bias: Value | None = None


def shared_products(graph: Tensors) -> Tensors:
    for members in [members for members in _groups(graph) if len(members) > 1][:TRIED]:
        after = rewritten(_weights_first(graph, members), partial(_together, members), t.Einsum | t.Arithmetic, always=True)
        graph = cheapest(graph, dead_code(joined_pieces(after)))
    return graph


def _groups(graph: Tensors) -> list[list[Member]]:
    """Products that can be one: not those that only a sum reads, which makes its products itself (see `t.Assemble`)."""
    readers = defaultdict[int, list[TNode]](list)
    for node in graph.nodes:
        for value in node.inputs:
            readers[value.id].append(node)
    fixed = _fixed(graph)
    returned = {value.id for value in graph.outputs}
    groups = defaultdict[tuple[int, str, bool], list[Member]](list)
    for node in graph.nodes:
        member = _member(node)
        if member is not None and member.w.id in fixed and [type(reader.op) for reader in readers[member.result.id]] != [t.Assemble]:
            member = member if member.result.id in returned else _with_bias(member, readers[member.result.id], fixed)
            groups[member.x.id, member.equation, member.bias is not None].append(member)
    return list(groups.values())


def _fixed(graph: Tensors) -> set[int]:
    """The values that are the same for every sample, and nothing drawn."""
    fixed = {value.id for value in graph.inputs if not tensor_type(value).batched}
    for node in graph.nodes:
        drawn = isinstance(node.op, t.DropoutMask | t.Normals)
        if not drawn and not tensor_type(node.outputs[0]).batched and all(value.id in fixed for value in node.inputs):
            fixed.add(node.outputs[0].id)
    return fixed


def _weights_first(graph: Tensors, members: Sequence[Member]) -> Tensors:
    """With all that the weights are made of in front, and the parameters before those, whose order is kept."""
    needed = {value.id for member in members for value in (member.w, member.bias) if value is not None}
    for node in reversed(graph.nodes):
        needed |= {value.id for value in node.inputs} if node.outputs[0].id in needed else set()
    last = max((index for index, node in enumerate(graph.nodes) if isinstance(node.op, t.Parameter) and node.outputs[0].id in needed), default=-1)
    needed |= {node.outputs[0].id for node in graph.nodes[: last + 1] if isinstance(node.op, t.Parameter)}
    return replace(graph, nodes=tuple(sorted(graph.nodes, key=lambda node: node.outputs[0].id not in needed)))


def _member(node: TNode) -> Member | None:
    """A product of matrices: of one axis of x with one of w, whose other axis is new."""
    if not isinstance(node.op, t.Einsum) or not tensor_type(node.inputs[0]).batched or tensor_type(node.inputs[0]).complex:
        return None
    left, _, out = node.op.equation.partition("->")
    x, w = left.split(",")
    new = set(w) - set(x)
    if len(w) != 2 or len(new) != 1 or set(out) != set(x) ^ set(w):
        return None
    (letter,) = new
    return Member(node.outputs[0], node.inputs[0], node.inputs[1], in_order(node.op.equation), out.index(letter), w.index(letter))


def _with_bias(member: Member, readers: Sequence[TNode], fixed: set[int]) -> Member:
    """With the vector along the last axis that is added to it, if that is all that is done with it."""
    if len(readers) != 1 or readers[0].op != t.Arithmetic("add") or member.axis != len(shape_of(member.result)) - 1:
        return member
    biases = [x for x in readers[0].inputs if x.id in fixed and shape_of(x) == shape_of(member.result)[-1:]]
    return replace(member, result=readers[0].outputs[0], bias=biases[0]) if biases else member


def _together(members: Sequence[Member], b: Rewriter, node: TNode) -> Value | None:
    """The piece of one product that is the result of a node."""
    index = next((index for index, member in enumerate(members) if member.result.id == node.outputs[0].id), None)
    if index is None:
        return None
    first = members[0]
    whole = b.einsum(first.equation, first.x, b.concatenate([member.w for member in members], first.row))
    if first.bias is not None:
        whole = b.arithmetic("add", whole, b.concatenate([member.bias for member in members if member.bias is not None], 0))
    start = sz.total(shape_of(member.w)[member.row] for member in members[:index])
    return b.slice(whole, first.axis, start, start + shape_of(members[index].w)[members[index].row])
