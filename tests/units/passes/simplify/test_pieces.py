"""Pieces cut from what was joined, and joins of what was cut."""

from __future__ import annotations

from collections.abc import Callable

from symc.algebra import sizes as sz
from symc.ir import tensor as t
from symc.ir.graph import Graph, Value
from symc.passes.lower.builder import Builder
from symc.passes.simplify import joined_pieces, shared_arrangements, simplify, summed_pieces

Tensors = Graph[t.TensorOp]
Make = Callable[..., Tensors]
Show = Callable[[Tensors], list[str]]

N = sz.free("n")


def start(*shapes: tuple[sz.Size, ...]) -> tuple[Builder, list[Value]]:
    b = Builder()
    return b, [b.value(t.TensorType(shape)) for shape in shapes]


def test_slices_of_a_concatenation(graph: Make, steps: Show) -> None:
    b, xs = start((N, 2), (N, 3), (N, 4))
    x = b.concatenate(xs, 1)
    assert steps(joined_pieces(graph(b, [b.slice(x, 1, 2, 5), b.slice(x, 1, 3, 4)]))) == ["slice(%1) axis 1 from 1 to 2", "return %1, %3"]


def test_a_part_of_a_concatenation(graph: Make, steps: Show) -> None:
    b, xs = start((N, 2), (N, 3), (N, 4))
    after = joined_pieces(graph(b, [b.slice(b.concatenate(xs, 1), 1, 1, 6)]))
    assert steps(after) == ["slice(%0) axis 1 from 1 to 2", "slice(%2) axis 1 from 0 to 1", "concatenate(%3, %1, %4) axis 1", "return %5"]


def test_what_is_joined_anyway_is_not_joined_in_parts_too(graph: Make) -> None:
    b, xs = start((N, 2), (N, 3), (N, 4))
    x = b.concatenate(xs, 1)
    g = graph(b, [x, b.slice(x, 1, 0, 5)])
    assert joined_pieces(g) is g


def test_of_free_sizes(graph: Make, steps: Show) -> None:
    b, xs = start((N, 2), (3, 2))
    x = b.concatenate(xs, 0)
    assert steps(joined_pieces(graph(b, [b.slice(x, 0, N, N + 3)]))) == ["return %1"]
    b, xs = start((N, 2), (3, 2))
    within = graph(b, [b.slice(b.concatenate(xs, 0), 0, 1, N)])
    assert joined_pieces(within) is within


def test_concatenations_of_slices(graph: Make, steps: Show) -> None:
    def joined(*order: int) -> Tensors:
        b, (x,) = start((N, 6))
        ends = ((0, 2), (2, 3), (3, 6))
        return simplify(graph(b, [b.concatenate([b.slice(x, 1, *ends[index]) for index in order], 1)]))

    assert steps(joined(0, 1, 2)) == ["return %0"]
    assert steps(joined(1, 2)) == ["slice(%0) axis 1 from 2 to 6", "return %1"]
    assert steps(joined(2, 1)) == ["slice(%0) axis 1 from 3 to 6", "slice(%0) axis 1 from 2 to 3", "concatenate(%1, %2) axis 1", "return %3"]


def test_concatenations_in_another(graph: Make, steps: Show) -> None:
    b, xs = start((N, 2), (N, 3), (N, 4))
    x = b.concatenate([b.concatenate(xs[:2], 1), xs[2]], 1)
    assert steps(joined_pieces(graph(b, [x]))) == ["concatenate(%0, %1, %2) axis 1", "return %3"]


def test_matrices_from_one_parameter(graph: Make, steps: Show) -> None:
    b = Builder()
    p = b.parameter("p", (24,), t.Normal(1.0))
    matrices = [b.reshape(b.slice(p, 0, first, last), (-1 * (first - last) // 4, 4)) for first, last in ((0, 8), (8, 12), (16, 24))]
    x = b.value(t.TensorType((4,)))
    y = b.einsum("c,oc->o", x, b.concatenate(matrices, 0))
    after = simplify(graph(b, [y]))
    assert steps(after) == [
        "slice(%1) axis 0 from 16 to 24",
        "reshape(%2)",
        "slice(%1) axis 0 from 0 to 12",
        "reshape(%4)",
        "concatenate(%5, %3) axis 0",
        "einsum[c,oc->o](%0, %6)",
        "return %7",
    ]


def test_sums_of_what_is_cut_again(graph: Make, steps: Show) -> None:
    """Nothing is joined, where all of it is cut."""
    b, xs = start((N, 2), (N, 3), (N, 2), (N, 3))
    y = b.permute(b.arithmetic("add", b.concatenate(xs[:2], 1), b.concatenate(xs[2:], 1)), (1, 0))
    after = summed_pieces(graph(b, [b.map("tanh", b.slice(y, 0, 0, 2)), b.map("relu", b.slice(y, 0, 2, 5))]))
    assert steps(after) == [
        "add(%0, %2)",
        "permute(%4) order (1, 0)",
        "tanh(%5)",
        "add(%1, %3)",
        "permute(%7) order (1, 0)",
        "relu(%8)",
        "return %6, %9",
    ]


def test_a_sum_that_is_needed_whole_is_left(graph: Make) -> None:
    b, xs = start((N, 20), (N, 30), (N, 20), (N, 30))
    y = b.arithmetic("add", b.concatenate(xs[:2], 1), b.concatenate(xs[2:], 1))
    g = graph(b, [b.map("exp", b.slice(y, 1, 0, 20)), b.map("exp", y)])
    assert summed_pieces(g) is g


def test_arithmetic_of_what_is_laid_out_alike(graph: Make, steps: Show) -> None:
    b, (x, y) = start((N, 3), (N, 3))
    turned = b.arithmetic("sub", b.permute(x, (1, 0)), b.permute(y, (1, 0)))
    flat = b.arithmetic("mul", b.reshape(x, (3 * N,)), b.reshape(y, (3 * N,)))
    after = shared_arrangements(graph(b, [turned, flat]))
    assert steps(after) == ["sub(%0, %1)", "permute(%2) order (1, 0)", "mul(%0, %1)", "reshape(%4)", "return %3, %5"]


def test_outer_products_are_laid_out_in_two_ways(graph: Make) -> None:
    b, (x, y) = start((3,), (3,))
    g = graph(b, [b.arithmetic("mul", b.reshape(x, (3, 1)), b.reshape(y, (1, 3)))])
    assert shared_arrangements(g) is g
