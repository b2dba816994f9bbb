"""Changes of basis that follow one another → one, or none where the second undoes the first.

A change of basis is a product of one axis with a constant matrix. It is carried down, through what acts on other axes and through sums, to the
changes before it: B (A x + y) → (B A) x + B y. So features stay in coordinates of irreducibles from one layer to the next. Exact up to rounding: a
product within 1e-12 of the identity is one. The other way round, A x + A y → A (x + y).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial, reduce
from itertools import combinations
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from symc.algebra import sizes as sz
from symc.algebra.sizes import Size
from symc.ir import tensor as t
from symc.ir.graph import Node, Value
from symc.ir.infer_tensor import same_shape
from symc.passes.lower.builder import shape_of
from symc.passes.simplify.dead import dead_code
from symc.passes.simplify.pieces import joined_pieces
from symc.passes.simplify.rewriting import Rewriter, Tensors, TNode, cheapest, rewritten

IDENTITY = 1e-12
LETTERS = "abcdefghijklmnpqrstuvwxyz"
DEPTH = 24  # nodes that a change is carried through

Matrix: TypeAlias = NDArray[np.float64]
Kind: TypeAlias = Literal["add", "sub", "mul", "div"]


def merged_bases(graph: Tensors) -> Tensors:
    """Where one gains by itself, or everywhere if that gains in all: along a residual network the first ones alone may not."""
    tried = []
    for always in (False, True):
        followed = rewritten(graph, _followed, t.Einsum, always=always)
        tried.append(dead_code(joined_pieces(rewritten(followed, _factored_out, t.Arithmetic, always=always))))
    return cheapest(graph, *tried)


@dataclass(frozen=True, slots=True)
class Change:
    """Axis `axis` of x multiplied with a matrix (new, old); then axes reordered."""

    x: Value
    axis: int
    matrix: Matrix
    order: tuple[int, ...]


def change_of(b: Rewriter, node: TNode | None) -> Change | None:
    """A node as a change of basis."""
    if node is None or not isinstance(node.op, t.Einsum):
        return None
    left, _, out = node.op.equation.partition("->")
    for place, (x, w) in enumerate((left.split(","), left.split(",")[::-1])):
        array = b.maker(node.inputs[1 - place], t.Array)
        shared = set(x) & set(w)
        if array is None or len(w) != 2 or len(shared) != 1 or set(out) != set(x) ^ set(w):
            continue
        (old,), (new,) = shared, set(w) - shared
        in_place = x.replace(old, new)
        data = array.op.data if w[1] == old else array.op.data.T
        return Change(node.inputs[place], x.index(old), np.asarray(data, np.float64), tuple(map(in_place.index, out)))
    return None


def _followed(b: Rewriter, node: TNode) -> Value | None:
    change = change_of(b, node)
    found = None if change is None else _Carrying(b, change.matrix).down(change.x, change.axis)
    return None if change is None or found is None else b.permute(found, change.order)


@dataclass
class _Carrying:
    """One matrix on its way down."""

    b: Rewriter
    matrix: Matrix
    done: dict[tuple[int, int], Value | None] = field(default_factory=dict)

    def down(self, x: Value, axis: int, depth: int = 0) -> Value | None:
        """An axis of x multiplied with the matrix; None where no change of basis is met on the way."""
        if (x.id, axis) not in self.done:
            self.done[x.id, axis] = self.through(x, axis, depth + 1) if depth < DEPTH else None
        return self.done[x.id, axis]

    def through(self, x: Value, axis: int, depth: int) -> Value | None:
        """The same by way of what x is made from."""
        b, node = self.b, self.b.made(x)
        if (change := change_of(b, node)) is not None and change.order[axis] == change.axis:
            return b.permute(multiplied(b, change.x, change.axis, self.matrix @ change.matrix), change.order)
        match node:
            case Node(t.Einsum(equation), inputs):
                return self.beside(equation, inputs, axis, depth)
            case Node(t.Permute(order), (inner,)):
                found = self.down(inner, order[axis], depth)
                return None if found is None else b.permute(found, order)
            case Node(t.Reshape(), (inner,)):
                place = same_axis(shape_of(inner), shape_of(x), axis)
                found = None if place is None else self.down(inner, place, depth)
                return None if found is None else b.reshape(found, (*shape_of(x)[:axis], len(self.matrix), *shape_of(x)[axis + 1 :]))
            case Node(t.Arithmetic(kind), (first, second)):
                return self.arithmetic(kind, first, second, len(shape_of(x)) - axis, depth)
            case _:
                return None

    def beside(self, equation: str, inputs: Sequence[Value], axis: int, depth: int) -> Value | None:
        """Through a product that only carries the axis along, in one of its operands."""
        left, _, out = equation.partition("->")
        terms = left.split(",")
        holding = [place for place, term in enumerate(terms) if out[axis] in term]
        found = self.down(inputs[holding[0]], terms[holding[0]].index(out[axis]), depth) if len(holding) == 1 else None
        return None if found is None else self.b.einsum(equation, *(found if place in holding else x for place, x in enumerate(inputs)))

    def arithmetic(self, kind: Kind, first: Value, second: Value, from_right: int, depth: int) -> Value | None:
        """Through a sum of two that have the axis, and the product or quotient of one that has it with one that is the same all along it."""
        operands = [(x, len(shape_of(x)) - from_right) for x in (first, second)]
        full = [place >= 0 and shape_of(x)[place] == self.matrix.shape[1] for x, place in operands]
        if not (all(full) if kind in ("add", "sub") else full == [True, False] or (kind == "mul" and full == [False, True])):
            return None
        found = [self.down(x, place, depth) if has else None for (x, place), has in zip(operands, full, strict=True)]
        if not any(found):
            return None
        left, right = (y or (multiplied(self.b, *one, self.matrix) if has else one[0]) for y, one, has in zip(found, operands, full, strict=True))
        return self.b.arithmetic(kind, left, right)


def multiplied(b: Rewriter, x: Value, axis: int, matrix: Matrix) -> Value:
    """An axis multiplied with a matrix (new, old), unless that is the identity."""
    if matrix.shape[0] == matrix.shape[1] and np.abs(matrix - np.eye(len(matrix))).max(initial=0) <= IDENTITY:
        return x
    letters = LETTERS[: len(shape_of(x))]
    return b.einsum(f"{letters},o{letters[axis]}->{letters.replace(letters[axis], 'o')}", x, b.array(np.ascontiguousarray(matrix)))


def same_axis(before: Sequence[Size], after: Sequence[Size], axis: int) -> int | None:
    """Where an axis of the shape after a reshape was before; None where it was not an axis."""
    for place in range(len(before)):
        if same_shape((before[place], sz.product(before[:place])), (after[axis], sz.product(after[:axis]))):
            return place
    return None


def _factored_out(b: Rewriter, node: TNode) -> Value | None:
    """One change of basis of a sum, for two that are the same change of each of its terms, wherever these stand in it."""
    if not isinstance(node.op, t.Arithmetic) or node.op.kind != "add":
        return None
    terms = summands(b, node)
    changes = [(index, change) for index, term in enumerate(terms) if (change := change_of(b, b.made(term))) is not None and b.uses[term.id] == 1]
    for (i, one), (j, other) in combinations(changes, 2):
        if one.axis == other.axis and one.order == other.order and one.x.type == other.x.type and np.array_equal(one.matrix, other.matrix):
            total = b.arithmetic("add", one.x, other.x)
            again = b.permute(multiplied(b, total, one.axis, one.matrix), one.order)
            return reduce(partial(b.arithmetic, "add"), [again, *(term for k, term in enumerate(terms) if k not in (i, j))])
    return None


def summands(b: Rewriter, node: TNode) -> list[Value]:
    """The terms of a sum of sums, of which nothing else is made, all of the type of the result."""
    terms: list[Value] = []
    for x in node.inputs:
        made = b.made(x)
        inner = made is not None and made.op == t.Arithmetic("add") and b.uses[x.id] == 1
        terms += summands(b, made) if inner and made is not None and all(y.type == x.type for y in made.inputs) else [x]
    return terms
