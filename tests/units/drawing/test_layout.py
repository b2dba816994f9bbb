"""Places of boxes: in layers, apart, edges beside them, the order with few crossings."""

from __future__ import annotations

from itertools import combinations, pairwise

from hypothesis import given
from hypothesis import strategies as st

from symc.drawing.layout import APART, Edge, apart, layout


@st.composite
def graphs(draw: st.DrawFn) -> tuple[list[tuple[float, float]], list[Edge]]:
    sizes = draw(st.lists(st.tuples(st.floats(10, 200), st.floats(10, 80)), min_size=1, max_size=14))
    pairs = draw(st.lists(st.tuples(st.integers(0, len(sizes) - 1), st.integers(0, len(sizes) - 1)), max_size=24))
    return sizes, [Edge(a, b) for a, b in dict.fromkeys(pairs) if a < b]


@given(graphs())
def test_boxes_are_apart_and_edges_pass_beside_them(graph: tuple[list[tuple[float, float]], list[Edge]]) -> None:
    sizes, edges = graph
    found = layout(sizes, edges)
    for a, b in combinations(found.boxes, 2):
        assert a.x + a.width < b.x or b.x + b.width < a.x or a.y + a.height < b.y or b.y + b.height < a.y
    for box in found.boxes:
        assert box.x >= -1e-6
        assert box.x + box.width <= found.width + 1e-6
        assert box.y + box.height <= found.height + 1e-6
    for edge, route in zip(edges, found.routes, strict=True):
        assert route[-1][1] == found.boxes[edge.target].y
        assert all(y <= below + 1e-9 for (_, y), (_, below) in pairwise(route))
        for (x, top), (_, bottom) in zip(route[2::2], route[3::2], strict=False):  # straight through a layer
            others = [box for box in found.boxes if box.y < bottom and box.y + box.height > top]
            assert all(x < box.x or x > box.x + box.width for box in others)


def test_inputs_are_first_and_outputs_last() -> None:
    edges = [Edge(0, 2), Edge(2, 3), Edge(1, 3), Edge(3, 4), Edge(0, 5), Edge(6, 3)]
    found = layout([(20.0, 10.0)] * 7, edges, first=(0, 1), last=(4, 5))
    y = [box.y for box in found.boxes]
    assert y[0] == y[1] == min(y)
    assert y[4] == y[5] == max(y)
    assert y[6] == y[2], "what has no input stands just above what needs it"


def test_crossings_are_undone() -> None:
    found = layout([(20.0, 10.0)] * 6, [Edge(0, 5), Edge(1, 4), Edge(2, 3)], first=(0, 1, 2))
    assert [found.boxes[v].x for v in (3, 4, 5)] == [found.boxes[v].x for v in (2, 1, 0)]


def test_apart_is_the_nearest_arrangement() -> None:
    assert apart([0, 0, 0], [1, 1, 1], [2, 2]) == [-2, 0, 2]
    assert apart([0, 10, 11], [1, 1, 1], [2, 2]) == [0, 9.5, 11.5]
    assert apart([0, 0], [1, 3], [4]) == [-3, 1]
    assert APART > 0
