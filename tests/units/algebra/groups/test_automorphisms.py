"""automorphisms(graph) is the group of all permutations of the vertices that keep the edges."""

from __future__ import annotations

import json

import numpy as np
import pytest

from symc.algebra import construct as c
from symc.algebra.actions import generators, matrix
from symc.algebra.enumeration import group_order


@pytest.mark.parametrize(
    ("edges", "vertices", "order"),
    [
        ([(i, (i + 1) % 5) for i in range(5)], 5, 10),
        ([(i, j) for i in range(5) for j in range(i)], 5, 120),
        ([(0, 1), (1, 2), (2, 3)], 4, 2),
        ([], 4, 24),
        ([(i, j) for i in range(3) for j in range(3, 6)], 6, 72),  # K(3, 3): S(3) wr S(2)
        ([(i, i ^ 1 << bit) for i in range(8) for bit in range(3) if i < i ^ 1 << bit], 8, 48),  # the cube
        ([(0, 1), (1, 2), (2, 3), (3, 0), (0, 4)], 5, 2),
    ],
    ids=["pentagon", "complete", "path", "empty", "bipartite", "cube", "kite"],
)
def test_automorphisms_of_graphs(edges: list[tuple[int, int]], vertices: int, order: int) -> None:
    text = json.dumps({"nodes": [{"id": i} for i in range(vertices)], "links": [{"source": a, "target": b} for a, b in edges]})
    group = c.automorphisms(text)
    assert group_order(group) == order
    adjacency = np.zeros((vertices, vertices))
    for a, b in edges:
        adjacency[a, b] = adjacency[b, a] = 1
    for one in generators([group]):
        image = matrix(c.perm(group), one)
        np.testing.assert_array_equal(image @ adjacency, adjacency @ image)
