"""Products with one-hot coordinates → rows of the other factor: no one-hot matrix is formed, and none multiplied.

Exact: of the sum over the classes one term is not 0. `sum_k [i = k] w[k]` becomes `w[i]`; where one-hot coordinates are averaged or added up first,
their rows are.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from symc.algebra.sizes import Size
from symc.ir import tensor as t
from symc.ir.graph import Graph, Node, Value
from symc.ir.infer_tensor import infer_tensor

Tensors = Graph[t.TensorOp]
TNode = Node[t.TensorOp]


def lookups(graph: Tensors) -> Tensors:
    """Every product of one-hot coordinates, or of their sum or mean, with an unbatched tensor; the same graph where there is none."""
    if not any(isinstance(node.op, t.OneHotOf) for node in graph.nodes):
        return graph
    made = {value.id: node for node in graph.nodes for value in node.outputs}
    fresh = _Fresh(1 + max(value.id for value in (*graph.inputs, *(value for node in graph.nodes for value in node.outputs))))
    nodes: list[TNode] = []
    for node in graph.nodes:
        nodes += _looked_up(node, made, fresh) or [node]
    return graph if len(nodes) == len(graph.nodes) else replace(graph, nodes=tuple(nodes))


@dataclass(slots=True)
class _Fresh:
    """Numbers for new values."""

    number: int

    def node(self, op: t.TensorOp, inputs: tuple[Value, ...], like: Value, shape: tuple[Size, ...] = ()) -> TNode:
        types = [_type(value) for value in inputs]
        claimed = t.TensorType(shape, any(item.batched for item in types))
        self.number += 1
        return Node(op, inputs, (Value(self.number - 1, like.name, infer_tensor(op, types, (claimed,)), like.span),), like.span)


def _looked_up(node: TNode, made: dict[int, TNode], fresh: _Fresh) -> list[TNode] | None:
    """The nodes that stand for a product; None where it is no such product."""
    if not isinstance(node.op, t.Einsum) or _type(node.inputs[1]).batched:
        return None
    left, out = node.op.equation.split("->")
    x, w = left.split(",")
    k = x[-1:]
    indices, reduced = _encoded(node.inputs[0], made)
    if indices is None or k not in w or k in out or set(x) & set(w) != {k} or set(out) != set(x + w) - {k}:
        return None
    return _rows(node, indices, reduced, (x[:-1], w, k, out), fresh)


def _encoded(x: Value, made: dict[int, TNode]) -> tuple[Value | None, TNode | None]:
    """The indices whose one-hot coordinates x has, and the sum or mean over other axes that was taken of these; None for what is not there."""
    node = made.get(x.id)
    match node:
        case Node(t.OneHotOf(), (indices, _)):
            return indices, None
        case Node(t.Reduce("sum" | "mean", axes, False), (inner,)):
            before = made.get(inner.id)
            if before is not None and isinstance(before.op, t.OneHotOf) and len(_type(inner).shape) - 1 not in axes:
                return before.inputs[0], node
    return None, None


def _rows(node: TNode, indices: Value, reduced: TNode | None, letters: tuple[str, str, str, str], fresh: _Fresh) -> list[TNode]:
    """The classes first, a row for each index, the rows added up or averaged, axes in the order of the product."""
    kept, w, k, out = letters
    result = node.outputs[0]
    rest = w.replace(k, "")
    table = fresh.node(t.Permute(tuple(w.index(letter) for letter in k + rest)), (node.inputs[1],), result)
    nodes = [table, fresh.node(t.Lookup(), (table.outputs[0], indices), result)]
    if reduced is not None:
        nodes.append(fresh.node(reduced.op, nodes[-1].outputs, result))
    order = t.Permute(tuple((kept + rest).index(letter) for letter in out))
    return [*nodes, Node(order, nodes[-1].outputs, node.outputs, node.span)]


def _type(value: Value) -> t.TensorType:
    assert isinstance(value.type, t.TensorType)
    return value.type
