"""Graphs read from JSON: as networkx writes them, in the plain form, and what is refused."""

from __future__ import annotations

import json
from itertools import combinations

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from symc.algebra.errors import AlgebraError
from symc.algebra.graphs import graph_automorphisms, graph_text, read_graph


@st.composite
def attributed(draw: st.DrawFn) -> nx.Graph:
    kind = draw(st.sampled_from([nx.Graph, nx.DiGraph, nx.MultiGraph, nx.MultiDiGraph]))
    name = st.one_of(st.text(max_size=3), st.integers(-5, 5), st.tuples(st.integers(0, 2), st.text(max_size=1)))
    names = draw(st.lists(name, max_size=5, unique=True))
    one = kind()
    value = st.one_of(st.integers(0, 1), st.none(), st.booleans(), st.just([1.5, "x"]))
    values = st.dictionaries(st.sampled_from(["colour", "size"]), value, max_size=1)
    for name in names:
        one.add_node(name, **draw(values))
    if names:
        for tail, head in draw(st.lists(st.tuples(st.sampled_from(names), st.sampled_from(names)), max_size=6)):
            one.add_edge(tail, head, **draw(values))
    return one


@given(attributed(), st.sampled_from(["edges", "links"]))
def test_graphs_of_networkx_are_read(one: nx.Graph, word: str) -> None:
    names, colours, edges, directed = read_graph(json.dumps(nx.node_link_data(one, edges=word)))
    nodes = list(one.nodes)
    assert names == tuple(node if isinstance(node, str) else json.dumps(node, ensure_ascii=False) for node in nodes)
    assert directed == one.is_directed()
    for (i, a), (j, b) in combinations(enumerate(nodes), 2):
        assert (colours[i] == colours[j]) == (json.dumps(one.nodes[a]) == json.dumps(one.nodes[b]))
    given = [(nodes.index(tail), nodes.index(head), json.dumps(label)) for tail, head, label in one.edges(data=True)]
    assert [edge[:2] for edge in edges] == [edge[:2] for edge in given]
    for (_, _, label), (_, _, expected) in zip(edges, given, strict=True):
        assert (label is None) == (expected == "{}")
        assert label is None or json.loads(str(label)) == json.loads(expected)


def test_plain_graphs_are_read() -> None:
    assert read_graph('{"nodes": 3, "edges": [[0, 1], [1, 2, "double"], [0, 1, 1], [2.0, 1, 1.0]]}') == (
        ("0", "1", "2"), (None, None, None), ((0, 1, None), (1, 2, '"double"'), (0, 1, "1"), (2, 1, "1")), False,
    )  # fmt: skip
    assert read_graph('{"nodes": ["é", 1, "1"], "edges": [["1", "é"]], "directed": true}') == (("é", "1", "1"), (None,) * 3, ((2, 0, None),), True)
    assert read_graph('{"nodes": [], "edges": []}') == ((), (), (), False)
    assert len(read_graph('{"nodes": 65536, "edges": []}')[0]) == 2**16


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "not JSON"),
        ("graph { a -- b }", "not JSON"),
        ('{"nodes": 2, "edges": [[0, 1]]', "not JSON"),
        ("[[0, 1]]", r"\[\[0, 1\]\] is no graph"),
        ("3", "3 is no graph"),
        ('{"edges": []}', "no nodes"),
        ('{"nodes": 2}', "no edges"),
        ('{"nodes": 2, "edges": [], "links": []}', "both edges and links"),
        ('{"nodes": 2, "egdes": []}', 'no "egdes"'),
        ('{"nodes": 2, "nodes": 3, "edges": []}', '"nodes" is written twice'),
        ('{"nodes": -1, "edges": []}', "a graph of -1 nodes"),
        ('{"nodes": 65537, "edges": []}', "a graph of 65537 nodes"),
        ('{"nodes": 1e300, "edges": []}', "a graph of 1000000"),
        ('{"nodes": ' + "9" * 5000 + ', "edges": []}', "too long"),
        ('{"nodes": 1.5, "edges": []}', "1.5 is neither a number of nodes nor a list"),
        ('{"nodes": true, "edges": []}', "true is neither"),
        ('{"nodes": null, "edges": []}', "null is neither"),
        ('{"nodes": "abc", "edges": []}', '"abc" is neither'),
        ('{"nodes": NaN, "edges": []}', "NaN in the graph is no finite number"),
        ('{"nodes": 2, "edges": [[0, 1, -Infinity]]}', "-Infinity in the graph"),
        ('{"nodes": 2, "edges": [[0, 1, 1e999]]}', "1e999 in the graph"),
        ('{"nodes": ["a", "b", "a"], "edges": []}', 'the node "a" occurs twice'),
        ('{"nodes": [{"id": 1}, {"id": 1.0}], "edges": []}', "the node 1 occurs twice"),
        ('{"nodes": [1, true], "edges": []}', "true is no name"),
        ('{"nodes": [null], "edges": []}', "null is no name"),
        ('{"nodes": [{"id": {}}], "edges": []}', r"\{\} is no name"),
        ('{"nodes": [{"id": 1}, {"name": 2}], "edges": []}', r'\{"name": 2\} has no "id"'),
        ('{"nodes": [{"id": 1}, 2], "edges": []}', 'the node 2 has no "id"'),
        ('{"nodes": 2, "edges": 5}', "5 is no list of edges"),
        ('{"nodes": 2, "edges": {"0": 1}}', r'\{"0": 1\} is no list of edges'),
        ('{"nodes": 2, "edges": [[0]]}', r"\[0\] is no edge"),
        ('{"nodes": 2, "edges": [[0, 1, 2, 3]]}', r"\[0, 1, 2, 3\] is no edge"),
        ('{"nodes": 2, "edges": ["01"]}', '"01" is no edge'),
        ('{"nodes": 2, "edges": [{"source": 0}]}', r'\{"source": 0\} is no edge'),
        ('{"nodes": 2, "edges": [[0, 2]]}', r"the edge \[0, 2\] has an end 2"),
        ('{"nodes": 2, "edges": [[0, "1"]]}', 'has an end "1" that is no node'),
        ('{"nodes": 2, "edges": [[0, -1]]}', "has an end -1"),
        ('{"nodes": 2, "edges": [[0, true]]}', "has an end true"),
        ('{"nodes": 2, "edges": [[0, [1]]]}', r"has an end \[1\]"),
        ('{"nodes": ["left"], "edges": [["left", "lefft"]]}', 'has an end "lefft"'),
        ('{"nodes": 2, "edges": [[0, 1], [1, 0]], "multigraph": false}', "two edges between 1 and 0"),
        ('{"nodes": 2, "edges": [], "directed": 1}', '"directed" is 1'),
        ('{"nodes": 2, "edges": [], "multigraph": "no"}', '"multigraph" is "no"'),
        ("[" * 10_000 + "]" * 10_000, "nested too deeply"),
        ('{"nodes": 2, "edges": [[0, 1, ' + "[" * 10_000 + "]" * 10_000 + "]]}", "nested too deeply"),
        ('{"nodes": ["\\ud800", "\\ud800"], "edges": []}', "occurs twice"),
    ],
    ids=lambda text: text[:40],
)
def test_what_is_no_graph_is_refused(text: str, message: str) -> None:
    with pytest.raises(AlgebraError, match=message) as caught:
        read_graph(text)
    assert caught.value.help
    assert len(caught.value.message.encode()) < 200


def test_there_are_not_too_many_edges(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(graph_text, "EDGES", 3)
    assert len(read_graph('{"nodes": 2, "edges": [[0, 1], [0, 1], [0, 1]]}')[2]) == 3
    with pytest.raises(AlgebraError, match="a graph of 4 edges"):
        read_graph('{"nodes": 2, "edges": [[0, 1], [0, 1], [0, 1], [0, 1]]}')


SCALARS = st.one_of(st.none(), st.booleans(), st.integers(-2, 4), st.floats(), st.text(max_size=2))


@given(st.recursive(SCALARS, lambda part: st.lists(part, max_size=3)))
def test_wrong_values_anywhere_are_refused_or_read(value: object) -> None:
    good = {"nodes": [{"id": 0}, {"id": 1}], "edges": [{"source": 0, "target": 1}], "directed": False}
    plain = {"nodes": 2, "edges": [[0, 1, value]]}
    refused = []
    for one in [{**good, "nodes": value}, {**good, "edges": value}, {**good, "directed": value}, plain, {**plain, "edges": [value]}, value]:
        try:
            _, colours, edges, directed = read_graph(json.dumps(one))
            graph_automorphisms(colours, edges, directed)
        except AlgebraError as error:
            refused.append(error)
    assert all(error.help for error in refused)
    assert refused  # no value is a graph by itself
