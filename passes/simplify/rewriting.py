"""Rewriting a graph node by node: what every rewrite of the tensor level needs.

A rule is told of one node, and of those before it as they are by then. It gives a value to use in place of the node's, for which it may write
nodes, or None where it has nothing to say. What costs more than before, by `passes.cost`, is not done.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from hashlib import blake2b
from types import UnionType
from typing import TypeAlias, TypeVar
from weakref import WeakKeyDictionary

import numpy as np

from symc.algebra.sizes import Size
from symc.ir import tensor as t
from symc.ir.graph import Graph, Node, Value
from symc.passes.cost import estimate, training
from symc.passes.lower.builder import Builder

Tensors: TypeAlias = Graph[t.TensorOp]
TNode: TypeAlias = Node[t.TensorOp]
OpT = TypeVar("OpT")

Rule: TypeAlias = "Callable[[Rewriter, TNode], Value | None]"
Kinds: TypeAlias = type | UnionType  # of operations

ROUNDING = 1e-9  # of a cost, what is no gain or loss


def rewritten(graph: Tensors, rule: Rule, kinds: Kinds = object, *, always: bool = False) -> Tensors:
    """The graph with a rule applied to every node whose operation is of these kinds, in order, without what nothing uses after that; the same object
    where nothing changed.

    With `always` costs are not compared: for a rule that gains only once it is applied to all that read a value.
    """
    if not any(isinstance(node.op, kinds) for node in graph.nodes):
        return graph
    b = Rewriter(graph, always)
    for node in graph.nodes:
        b.step(node, rule if isinstance(node.op, kinds) else None)
    return b.graph


def no_more(nodes: Sequence[TNode], others: Sequence[TNode]) -> bool:
    """Do these cost no more than the others, in a forward pass and in training?"""
    pairs = ((estimate(nodes), estimate(others)), (training(nodes), training(others)))
    return all(one.seconds <= other.seconds * (1 + ROUNDING) for one, other in pairs)


def cheapest(*graphs: Tensors) -> Tensors:
    """The first of the graphs that cost least; nodes that two have in common cost the same in both."""
    best = graphs[0]
    for graph in graphs[1:]:
        kept, given = {id(node) for node in best.nodes}, {id(node) for node in graph.nodes}
        old = [node for node in best.nodes if id(node) not in given]
        new = [node for node in graph.nodes if id(node) not in kept]
        best = graph if no_more(new, old) and not no_more(old, new) else best
    return best


class Rewriter(Builder):
    """A builder that goes on from a graph. What was written before is not written again: it gives the value there is."""

    def __init__(self, graph: Tensors, always: bool = False) -> None:
        super().__init__()
        numbers = [value.id for value in (*graph.inputs, *(value for node in graph.nodes for value in node.outputs))]
        self._next = 1 + max(numbers, default=-1)
        self.uses = Counter(value.id for node in graph.nodes for value in node.inputs) + Counter(value.id for value in graph.outputs)
        self._before, self._always, self._changed = graph, always, False
        self._made: dict[int, TNode] = {}  # by the number of the result, all nodes that are used
        self._known: dict[Hashable, Value] | None = None  # by what makes nodes equal; looked through once it is asked for
        self._instead: dict[int, Value] = {}

    @property
    def graph(self) -> Tensors:
        if not self._changed:
            return self._before
        nodes = tuple(node for node in self.nodes if node.outputs[0].id in self._made)
        return replace(self._before, nodes=nodes, outputs=self._now(self._before.outputs))

    def step(self, node: TNode, rule: Rule | None) -> None:
        """A node kept, or given up for what the rule says where that costs no more."""
        if self._instead and any(value.id in self._instead for value in node.inputs):
            node = replace(node, inputs=self._now(node.inputs))
        if rule is None:
            self.nodes.append(node)
            self._remember(node)
            return
        start, number = len(self.nodes), self._next
        self.name, self.span = node.outputs[0].name, node.span
        other = rule(self, node)
        self._drop_unused(start, [] if other is None else [other])
        if other is not None and self._replace(node, other, self.nodes[start:]):
            return
        self._drop_unused(start, [])
        self._next = number
        self.nodes.append(node)
        self._remember(node)

    def emit(self, op: t.TensorOp, inputs: Sequence[Value] = (), shape: Iterable[Size] = (), *, batched: bool = False) -> Value:
        result = super().emit(op, inputs, shape, batched=batched)
        known = self.known(self.nodes[-1])
        if known is None:
            self._remember(self.nodes[-1])
            return result
        self.nodes.pop()
        return known

    def known(self, node: TNode) -> Value | None:
        """The result of an earlier node that is the same."""
        if self._known is None:
            self._known = {}
            for made in self._made.values():
                self._keep(self._known, made)
        return self._known.get(key) if (key := _key(node)) is not None else None

    def made(self, value: Value) -> TNode | None:
        """The node that makes a value; None for an input."""
        return self._made.get(value.id)

    def maker(self, value: Value, kind: type[OpT]) -> Node[OpT] | None:
        """The node that makes a value, where it is of a kind."""
        node = self.made(value)
        return node if node is not None and isinstance(node.op, kind) else None  # type: ignore[return-value]

    def _drop_unused(self, start: int, values: Iterable[Value]) -> None:
        """Of the nodes written last those that no value needs."""
        if len(self.nodes) == start:
            return
        needed, kept = {value.id for value in values}, list[TNode]()
        for node in reversed(self.nodes[start:]):
            if node.outputs[0].id in needed:
                needed |= {value.id for value in node.inputs}
                kept.append(node)
            else:
                self._forget(node)
        self.nodes[start:] = reversed(kept)

    def _replace(self, node: TNode, other: Value, written: Sequence[TNode]) -> bool:
        """Uses counted anew, and nodes without any forgotten; False, and nothing done, where that costs more."""
        old, uses = node.outputs[0].id, None if self._always else Counter(self.uses)
        self.uses.update(value.id for one in written for value in one.inputs)
        self.uses[other.id] += self.uses.pop(old, 0)
        dead, lost = list[TNode](), [node]
        while lost:
            dead.append(lost.pop())
            self.uses.subtract(value.id for value in dead[-1].inputs)
            unused = {value.id: self._made[value.id] for value in dead[-1].inputs if value.id in self._made and not self.uses[value.id]}
            lost += [one for one in unused.values() if not isinstance(one.op, t.Parameter)]
        if uses is not None and self._is_dearer(written, dead):
            self.uses = uses
            return False
        for one in dead[1:]:
            self._forget(one)
        if written and written[-1].outputs[0] is other:  # the value keeps its number
            self._forget(written[-1])
            self.nodes[-1] = replace(written[-1], outputs=node.outputs)
            self._remember(self.nodes[-1])
            self.uses[old] = self.uses.pop(other.id)
        else:
            self._instead[old] = other
        self._changed = True
        return True

    def _is_dearer(self, written: Sequence[TNode], dead: Sequence[TNode]) -> bool:
        """Do nodes cost more than those they replace? What these read goes along, for there are costs that hang on it."""
        own = {id(one) for one in (*written, *dead)}
        read = [made for one in (*written, *dead) for value in one.inputs if (made := self.made(value)) is not None]
        beside = {id(one): one for one in read if id(one) not in own}.values()
        return not no_more([*beside, *written], [*beside, *reversed(dead)])

    def _now(self, values: Iterable[Value]) -> tuple[Value, ...]:
        return tuple(self._instead.get(value.id, value) for value in values)

    def _remember(self, node: TNode) -> None:
        self._made[node.outputs[0].id] = node
        if self._known is not None:
            self._keep(self._known, node)

    def _keep(self, known: dict[Hashable, Value], node: TNode) -> None:
        if (key := _key(node)) is not None:
            known.setdefault(key, node.outputs[0])

    def _forget(self, node: TNode) -> None:
        result = node.outputs[0]
        del self._made[result.id]
        if self._known is not None and (key := _key(node)) is not None and self._known.get(key) == result:
            del self._known[key]


def _key(node: TNode) -> Hashable | None:
    """What makes nodes equal. None for those that draw or keep something on every call."""
    match node.op:
        case t.DropoutMask() | t.BatchNormPart():
            return None
        case t.Array(data):
            return (t.Array, data.dtype.str, data.shape, _digest(node.op))
        case t.Einsum(equation):
            return (t.Einsum, in_order(equation), tuple(value.id for value in node.inputs))
        case op:
            return (type(op), op, tuple(value.id for value in node.inputs), node.outputs[0].type)


@lru_cache(maxsize=4096)
def in_order(equation: str) -> str:
    """The equation with its letters in the order of the alphabet: one for all that say the same."""
    letters = dict.fromkeys(letter for letter in equation if letter.isalpha())
    return equation.translate({ord(letter): chr(ord("a") + index) for index, letter in enumerate(letters)})


def _digest(array: t.Array) -> bytes:
    """Of the entries of an array, which are read once."""
    if array not in _DIGESTS:
        _DIGESTS[array] = blake2b(np.ascontiguousarray(array.data).data).digest()
    return _DIGESTS[array]


_DIGESTS = WeakKeyDictionary[t.Array, bytes]()
