"""Constants that meet: a product with a constant after another, a sum after another, or one after the other, become one of each.

Exact up to rounding, and for inference alone: of two weights that are multiplied each can be learned, of their product only that. Nothing is done
that costs more by `passes.cost`: a product of two narrow matrices stays two.
"""

from __future__ import annotations

from dataclasses import dataclass
from string import ascii_lowercase
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from symc.ir import tensor as t
from symc.ir.graph import Graph, Node, Value
from symc.passes.cost import DENSE_ENTRIES
from symc.passes.lower.builder import shape_of, tensor_type
from symc.passes.simplify.rewriting import Rewriter, TNode, rewritten

Numbers: TypeAlias = NDArray[Any]


def merged_constants(graph: Graph[t.TensorOp]) -> Graph[t.TensorOp]:
    """x A + a, times B, plus b → x (A B) + (a B + b), where A, B, a, b are constants; `times` is any contraction, or entry by entry."""
    while True:
        after = graph
        for rule in (_contracted, _scaled, _shifted):
            after = rewritten(after, rule)
        if after is graph:
            return graph
        graph = after


@dataclass(frozen=True, slots=True)
class _Product:
    """The contraction of a value with a constant: the letters of one, of the other and of the result. Perhaps another constant is added to it."""

    x: Value
    matrix: Numbers
    source: str
    letters: str
    out: str
    shift: Numbers | None = None

    def written(self, b: Rewriter) -> Value:
        result = b.einsum(f"{self.source},{self.letters}->{self.out}", self.x, b.array(self.matrix))
        return result if self.shift is None else b.arithmetic("add", result, b.array(self.shift))


def _contracted(b: Rewriter, node: TNode) -> Value | None:
    """(x A + a) B → x (A B) + a B"""
    outer = _product(b, node)
    inner = None if outer is None else _affine(b, outer.x)
    if outer is None or inner is None or (inner := _renamed(inner, outer)) is None:
        return None
    sizes = dict(zip(inner.letters + outer.letters, inner.matrix.shape + outer.matrix.shape, strict=True))
    letters = "".join(dict.fromkeys(letter for letter in outer.out + inner.source if letter in sizes))
    if np.prod([sizes[letter] for letter in letters], dtype=float) > max(DENSE_ENTRIES, inner.matrix.size, outer.matrix.size):
        return None
    shift = None
    if inner.shift is not None:
        if not set(outer.source) <= set(outer.letters + outer.out):
            return None  # a sum over an axis that may be free
        whole = _of_rank(inner.shift, len(outer.source))
        repeated = [sizes[letter] if letter in outer.letters else size for letter, size in zip(outer.source, whole.shape, strict=True)]
        shift = np.einsum(f"{outer.source},{outer.letters}->{outer.out}", np.broadcast_to(whole, repeated), outer.matrix, optimize=True)
    matrix = np.einsum(f"{inner.letters},{outer.letters}->{letters}", inner.matrix, outer.matrix, optimize=True)
    return _Product(inner.x, matrix, inner.source, letters, outer.out, shift).written(b)


def _scaled(b: Rewriter, node: TNode) -> Value | None:
    """(x A + a) times b, entry by entry → x (A b) + a b"""
    if not isinstance(node.op, t.Arithmetic) or node.op.kind not in ("mul", "div") or (found := _with_constant(b, node)) is None:
        return None
    x, constant = found
    inner = _affine(b, x)
    if inner is None or (node.op.kind == "div" and node.inputs[0] is not x) or len(constant.shape) > len(inner.out):
        return None
    factor = _of_rank(1 / constant if node.op.kind == "div" else constant, len(inner.out))
    letters = "".join(letter for letter, size in zip(inner.out, factor.shape, strict=True) if size != 1)
    if not set(letters) <= set(inner.letters) or shape_of(x) != shape_of(node.outputs[0]):
        return None
    matrix = np.einsum(f"{inner.letters},{letters}->{inner.letters}", inner.matrix, factor.squeeze())
    shift = None if inner.shift is None else inner.shift * factor
    return _Product(inner.x, matrix, inner.source, inner.letters, inner.out, shift).written(b)


def _shifted(b: Rewriter, node: TNode) -> Value | None:
    """x + a + b → x + (a + b), also where one is subtracted"""
    if not isinstance(node.op, t.Arithmetic) or node.op.kind not in ("add", "sub") or (outer := _with_constant(b, node)) is None:
        return None
    inner_node = b.maker(outer[0], t.Arithmetic)
    if inner_node is None or inner_node.op.kind != "add" or node.inputs[0] is not outer[0]:
        return None
    inner = _with_constant(b, inner_node)
    if inner is None:
        return None
    sum_ = inner[1] + (outer[1] if node.op.kind == "add" else -outer[1])
    return b.arithmetic("add", inner[0], b.array(sum_))


def _affine(b: Rewriter, value: Value) -> _Product | None:
    """How a value is made by a product with a constant and perhaps a sum with another."""
    sum_ = b.maker(value, t.Arithmetic)
    if sum_ is None:
        return _product(b, b.maker(value, t.Einsum))
    found = _with_constant(b, sum_) if sum_.op.kind == "add" else None
    product = None if found is None else _product(b, b.maker(found[0], t.Einsum))
    if found is None or product is None or shape_of(found[0]) != shape_of(value):
        return None
    return _Product(product.x, product.matrix, product.source, product.letters, product.out, found[1])


def _product(b: Rewriter, node: Node[Any] | None) -> _Product | None:
    """A node that contracts a value with a constant."""
    found = _with_constant(b, node) if node is not None and isinstance(node.op, t.Einsum) else None
    if node is None or found is None:
        return None
    terms, _, out = node.op.equation.partition("->")
    first, _, second = terms.partition(",")
    return _Product(*found, first, second, out) if node.inputs[0] is found[0] else _Product(*found, second, first, out)


def _with_constant(b: Rewriter, node: Node[Any]) -> tuple[Value, Numbers] | None:
    """The operands of a node where the one is a constant and the other, of floats, is not."""
    made = [b.maker(value, t.Array) for value in node.inputs]
    if [one is None for one in made] not in ([True, False], [False, True]):
        return None
    constant = next(one.op.data for one in made if one is not None)
    x = node.inputs[0] if made[0] is None else node.inputs[1]
    return None if tensor_type(x).integer or constant.dtype.kind != "f" else (x, constant)


def _renamed(inner: _Product, outer: _Product) -> _Product | None:
    """The letters of the inner product, as the outer one names those of its result; others get names that the outer has not. None without enough."""
    names = dict(zip(inner.out, outer.source, strict=True))
    free = iter(sorted(set(ascii_lowercase) - set(outer.source + outer.letters + outer.out)))
    for letter in dict.fromkeys(inner.source + inner.letters):
        if letter not in names:
            if (new := next(free, None)) is None:
                return None
            names[letter] = new
    table = str.maketrans(names)
    source, letters, out = (term.translate(table) for term in (inner.source, inner.letters, inner.out))
    return _Product(inner.x, inner.matrix, source, letters, out, inner.shift)


def _of_rank(x: Numbers, rank: int) -> Numbers:
    """With axes of size 1 in front, so that it has so many."""
    return x.reshape((1,) * (rank - x.ndim) + x.shape)
