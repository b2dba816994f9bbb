"""Symmetries of graphs, against all permutations, networkx and known orders."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable
from itertools import permutations, product
from math import factorial

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from networkx.algorithms.isomorphism import GraphMatcher, categorical_node_match

from symc.algebra.errors import AlgebraError
from symc.algebra.graphs.automorphisms import _Search, graph_automorphisms
from symc.algebra.graphs.refinement import graph
from symc.algebra.schreier_sims.chain import stabilizer_chain

Edge = tuple[int, int, Hashable]


def edges_of(one: nx.Graph) -> list[Edge]:
    return [(tail, head, None) for tail, head in one.edges]


def order(one: nx.Graph) -> int:
    """Of the group found, whose generators are checked one by one."""
    one = nx.convert_node_labels_to_integers(one)
    generators = graph_automorphisms([0] * len(one), edges_of(one), one.is_directed())
    assert len(generators) < max(2, len(one))
    arcs = {ends for edge in one.edges for ends in ([edge] if one.is_directed() else [edge, edge[::-1]])}
    assert all({(image[tail], image[head]) for tail, head in arcs} == arcs for image in generators)
    return stabilizer_chain(len(one), generators).order


def shrikhande() -> nx.Graph:
    """Strongly regular with the parameters of the 4 x 4 rook's graph, and not isomorphic to it."""
    steps = [(0, 1), (1, 0), (1, 1)]
    return nx.Graph(((i, j), ((i + a) % 4, (j + b) % 4)) for i, j, (a, b) in product(range(4), range(4), steps))


def rook(n: int) -> nx.Graph:
    return nx.line_graph(nx.complete_bipartite_graph(n, n))


def plane(q: int) -> nx.Graph:
    """Points and lines of the projective plane over F_q, q prime."""
    points = [(1, a, b) for a in range(q) for b in range(q)] + [(0, 1, a) for a in range(q)] + [(0, 0, 1)]
    return nx.Graph((("point", p), ("line", r)) for p in points for r in points if sum(x * y for x, y in zip(p, r, strict=True)) % q == 0)


def copies(one: nx.Graph, k: int) -> nx.Graph:
    return nx.disjoint_union_all([one] * k)


NAMED: dict[str, tuple[nx.Graph, int]] = {
    "nothing": (nx.empty_graph(0), 1),
    "a point": (nx.empty_graph(1), 1),
    "no edges": (nx.empty_graph(200), factorial(200)),
    "path": (nx.path_graph(200), 2),
    "cycle": (nx.cycle_graph(200), 400),
    "directed cycle": (nx.cycle_graph(200, create_using=nx.DiGraph), 200),
    "directed path": (nx.path_graph(50, create_using=nx.DiGraph), 1),
    "K(100)": (nx.complete_graph(100), factorial(100)),
    "K(30, 50)": (nx.complete_bipartite_graph(30, 50), factorial(30) * factorial(50)),
    "K(50, 50)": (nx.complete_bipartite_graph(50, 50), 2 * factorial(50) ** 2),
    "star": (nx.star_graph(99), factorial(99)),
    "Q(10)": (nx.hypercube_graph(10), 2**10 * factorial(10)),
    "Petersen": (nx.petersen_graph(), 120),
    "dodecahedron": (nx.dodecahedral_graph(), 120),
    "Hoffman-Singleton": (nx.hoffman_singleton_graph(), 252000),
    "Paley 13": (nx.Graph(nx.paley_graph(13)), 78),
    "Paley 101": (nx.Graph(nx.paley_graph(101)), 101 * 50),
    "Paley tournament": (nx.paley_graph(59), 59 * 29),
    "rook": (rook(4), 1152),
    "rook 8": (rook(8), 2 * factorial(8) ** 2),
    "Shrikhande": (shrikhande(), 192),
    "Shrikhande and rook, twice": (copies(nx.disjoint_union(shrikhande(), rook(4)), 2), 4 * (192 * 1152) ** 2),
    "50 triangles": (copies(nx.complete_graph(3), 50), 6**50 * factorial(50)),
    "10 Petersen": (copies(nx.petersen_graph(), 10), 120**10 * factorial(10)),
    "40 edges": (copies(nx.path_graph(2), 40), 2**40 * factorial(40)),
    "grid": (nx.grid_2d_graph(20, 30), 4),
    "square grid": (nx.grid_2d_graph(20, 20), 8),
    "torus": (nx.grid_2d_graph(10, 10, periodic=True), 800),
    "binary tree": (nx.balanced_tree(2, 6), 2**63),
    "plane": (plane(7), 2 * 5630688),
    "cubic, at random": (nx.random_regular_graph(3, 200, seed=0), 1),
}


@pytest.mark.parametrize("name", NAMED)
def test_orders(name: str) -> None:
    one, known = NAMED[name]
    assert order(one) == known


@pytest.mark.parametrize("seed", range(3))
def test_trees(seed: int) -> None:
    """The order is that of swaps of equal branches, counted from the centre down."""
    tree = nx.random_labeled_tree(500, seed=seed)
    centre = nx.center(tree)
    if len(centre) == 2:
        tree.remove_edge(*centre)
        tree.add_edges_from((end, 500) for end in centre)

    def shape(node: int, parent: int | None) -> tuple[str, int]:
        below = [shape(child, node) for child in tree[node] if child != parent]
        total = 1
        for (_, own), times in Counter(below).items():
            total *= own**times * factorial(times)
        return f"({''.join(sorted(text for text, _ in below))})", total

    assert order(nx.random_labeled_tree(500, seed=seed)) == shape(500 if len(centre) == 2 else centre[0], None)[1]


def symmetries(colours: list[int], edges: list[Edge], directed: bool) -> int:
    """By trying every permutation of the vertices."""

    def laid(image: tuple[int, ...]) -> Counter[Hashable]:
        return Counter((ends if directed else frozenset(ends), label) for ends, label in (((image[a], image[b]), c) for a, b, c in edges))

    everything = list(permutations(range(len(colours))))
    start = laid(everything[0])
    return sum([colours[i] for i in image] == colours and laid(image) == start for image in everything)


@st.composite
def graphs(draw: st.DrawFn) -> tuple[list[int], list[Edge], bool]:
    n = draw(st.integers(1, 6))
    few = st.sampled_from([0, 0, 0, 1])
    colours = draw(st.lists(few, min_size=n, max_size=n))
    ends = st.integers(0, n - 1)
    return colours, draw(st.lists(st.tuples(ends, ends, few), max_size=12)), draw(st.booleans())


@given(graphs())
def test_groups_are_those_of_all_permutations(case: tuple[list[int], list[Edge], bool]) -> None:
    colours, edges, directed = case
    assert stabilizer_chain(len(colours), graph_automorphisms(colours, edges, directed)).order == symmetries(colours, edges, directed)


@given(graphs())
def test_the_group_does_not_rest_on_refinement(case: tuple[list[int], list[Edge], bool]) -> None:
    """With neighbours out of sight, the search alone finds it."""
    colours, edges, directed = case
    blind = graph(colours, edges, directed, 10**9)
    blind.table[:] = 0
    assert stabilizer_chain(len(colours), _Search(blind).generators).order == symmetries(colours, edges, directed)


@given(st.integers(1, 7), st.floats(0, 1), st.integers(0, 10**6))
def test_groups_are_those_of_networkx(n: int, density: float, seed: int) -> None:
    one = nx.gnp_random_graph(n, density, seed=seed)
    colours = {node: int(colour) for node, colour in enumerate(np.random.default_rng(seed).integers(5, size=n) // 4)}
    nx.set_node_attributes(one, colours, "colour")
    expected = sum(1 for _ in GraphMatcher(one, one, categorical_node_match("colour", None)).isomorphisms_iter())
    assert stabilizer_chain(n, graph_automorphisms([colours[i] for i in range(n)], edges_of(one), False)).order == expected


def test_regular_graphs_with_equal_neighbourhoods() -> None:
    """Two triangles and a hexagon look alike to refinement; so do their complements."""
    mixed = nx.disjoint_union(copies(nx.complete_graph(3), 2), nx.cycle_graph(6))
    assert order(mixed) == order(nx.complement(mixed)) == 72 * 12


def test_labels_and_colours() -> None:
    square = [(0, 1, "a"), (1, 2, "b"), (2, 3, "a"), (3, 0, "b")]
    assert stabilizer_chain(4, graph_automorphisms([0] * 4, square, False)).order == 4
    assert stabilizer_chain(4, graph_automorphisms([0] * 4, square, True)).order == 2
    assert stabilizer_chain(4, graph_automorphisms([0, 0, 1, 0], square, False)).order == 1
    assert graph_automorphisms([0, 0], [(0, 0, None)], False) == ()
    assert graph_automorphisms([0, 0], [(0, 0, None), (1, 1, None)], False) == ((1, 0),)
    assert graph_automorphisms([0] * 3, [(0, 1, 1), (0, 1, 1), (1, 2, 1)], False) == ()
    assert graph_automorphisms([0] * 3, [(0, 1, 1), (0, 1, 2), (2, 1, 2), (1, 2, 1)], False) == ((2, 1, 0),)


def test_the_search_gives_up() -> None:
    with pytest.raises(AlgebraError, match="1024 vertices and 5120 edges are hard"):
        graph_automorphisms([0] * 1024, edges_of(nx.convert_node_labels_to_integers(nx.hypercube_graph(10))), False, work=10**5)


@pytest.mark.parametrize("end", [3, -1, True, "a"])
def test_edges_end_at_vertices(end: int) -> None:
    with pytest.raises(AlgebraError, match="has an end that is none of the 3 vertices"):
        graph_automorphisms([0] * 3, [(0, end, None)], False)
