"""Graphs written in JSON: as networkx writes them (`node_link_data`), or as a number of nodes and a list of edges.

Values are told apart by their JSON text, with keys sorted and 1.0 written 1; so are names of nodes, which need not be strings.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from math import isfinite
from typing import Any, NoReturn

from symc.algebra.errors import AlgebraError
from symc.algebra.graphs.refinement import VERTICES
from symc.diagnostics.suggest import closest

EDGES = 2**20
_EXAMPLE = 'write {"nodes": 3, "edges": [[0, 1], [1, 2]]}, or what networkx.node_link_data returns, through json.dumps'
_KEYS = ("nodes", "edges", "links", "directed", "multigraph", "graph")

Edge = tuple[int, int, Hashable]


def read_graph(text: str) -> tuple[tuple[str, ...], tuple[Hashable, ...], tuple[Edge, ...], bool]:
    """The names and colours of the nodes, the edges between their numbers with labels, and whether the edges have a direction.

    Attributes of a node are its colour, attributes of an edge (or its third entry) its label. Raises AlgebraError for anything else.
    """
    try:
        return _graph(_parsed(text))
    except RecursionError:
        raise AlgebraError("the graph is nested too deeply", _EXAMPLE) from None


def _parsed(text: str) -> dict[str, Any]:
    try:
        data = json.loads(text, parse_float=_number, parse_constant=_not_finite, object_pairs_hook=_object)
    except AlgebraError:
        raise
    except json.JSONDecodeError as error:
        raise AlgebraError(f"the graph is not JSON: {error}", _EXAMPLE) from None
    except ValueError as error:  # an integer of thousands of digits
        raise AlgebraError(f"the graph has a number that is too long: {error}", _EXAMPLE) from None
    if not isinstance(data, dict):
        _refuse(f"{_shown(data)} is no graph")
    for key in data:
        if key not in _KEYS:
            near = closest(key, _KEYS)
            raise AlgebraError(f"a graph has no {_shown(key)}", f"did you mean `{near}`?" if near else _EXAMPLE)
    return data


def _graph(data: dict[str, Any]) -> tuple[tuple[str, ...], tuple[Hashable, ...], tuple[Edge, ...], bool]:
    if "nodes" not in data:
        _refuse("the graph has no nodes")
    if ("edges" in data) == ("links" in data):
        _refuse("the graph has both edges and links, two names of one list" if "edges" in data else "the graph has no edges")
    directed, several = (_flag(data, key, default) for key, default in (("directed", False), ("multigraph", True)))
    names, colours = _nodes(data["nodes"])
    numbers: dict[str, int] = {}
    for number, name in enumerate(map(_canonical, names)):
        if numbers.setdefault(name, number) != number:
            raise AlgebraError(f"the node {_cut(name)} occurs twice", "give every node a name of its own")
    edges = tuple(_edges(data["edges"] if "edges" in data else data["links"], numbers))
    if not several:
        seen = set[tuple[int, int]]()
        for tail, head, _ in edges:
            ends = (tail, head) if directed else (min(tail, head), max(tail, head))
            if ends in seen:
                message = f"there are two edges between {_shown(names[tail])} and {_shown(names[head])} in a graph that is no multigraph"
                raise AlgebraError(message, 'leave one out, or write "multigraph": true')
            seen.add(ends)
    return tuple(_cut(name) if isinstance(name, str) else _shown(name) for name in names), colours, edges, directed


def _nodes(given: Any) -> tuple[list[Any], tuple[Hashable, ...]]:
    if isinstance(given, int) and not isinstance(given, bool):
        if not 0 <= given <= VERTICES:
            _refuse_many("nodes", given, VERTICES)
        return list(range(given)), (None,) * given
    if not isinstance(given, list):
        _refuse(f"{_shown(given)} is neither a number of nodes nor a list of them")
    if len(given) > VERTICES:
        _refuse_many("nodes", len(given), VERTICES)
    if not any(isinstance(node, dict) for node in given):
        return [_name(name) for name in given], (None,) * len(given)
    for node in given:
        if not isinstance(node, dict) or "id" not in node:
            raise AlgebraError(f'the node {_shown(node)} has no "id", as others have', 'write {"id": "a"} for every node, or no such object')
    return [_name(node["id"]) for node in given], tuple(_attributes(node, ("id",)) for node in given)


def _name(name: Any) -> Any:
    if isinstance(name, dict) or name is None or isinstance(name, bool):
        raise AlgebraError(f"{_shown(name)} is no name of a node", "name nodes by strings or numbers")
    return name


def _edges(given: Any, numbers: dict[str, int]) -> Iterator[Edge]:
    if not isinstance(given, list):
        _refuse(f"{_shown(given)} is no list of edges")
    if len(given) > EDGES:
        _refuse_many("edges", len(given), EDGES)
    for edge in given:
        if isinstance(edge, dict) and "source" in edge and "target" in edge:
            ends, label = (edge["source"], edge["target"]), _attributes(edge, ("source", "target", "key"))
        elif isinstance(edge, list) and len(edge) in (2, 3):
            ends, label = (edge[0], edge[1]), _canonical(edge[2]) if len(edge) == 3 else None
        else:
            raise AlgebraError(f"{_shown(edge)} is no edge", 'write [0, 1], [0, 1, "label"] or {"source": 0, "target": 1}')
        tail, head = (_number_of(end, numbers, edge) for end in ends)
        yield tail, head, label


def _number_of(end: Any, numbers: dict[str, int], edge: Any) -> int:
    name = _canonical(end)
    if name not in numbers:
        near = closest(name, numbers) if len(numbers) <= 1000 else None
        known = f"did you mean {near}?" if near else "name a node of the list, or one from 0 below the number of nodes"
        raise AlgebraError(f"the edge {_shown(edge)} has an end {_cut(name)} that is no node", known)
    return numbers[name]


def _attributes(given: dict[str, Any], besides: Sequence[str]) -> str | None:
    rest = {key: value for key, value in given.items() if key not in besides}
    return _canonical(rest) if rest else None


def _flag(data: dict[str, Any], key: str, default: bool) -> bool:
    value = data.get(key, default)
    if not isinstance(value, bool):
        raise AlgebraError(f'"{key}" is {_shown(value)}', f'write "{key}": true or "{key}": false')
    return value


def _number(text: str) -> int | float:
    value = float(text)
    if not isfinite(value):
        _not_finite(text)
    return int(value) if value.is_integer() else value


def _not_finite(text: str) -> NoReturn:
    raise AlgebraError(f"{_cut(text)} in the graph is no finite number", 'leave it out, or write a string such as "none"')


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) < len(pairs):
        twice = next(key for key, times in Counter(key for key, _ in pairs).items() if times > 1)
        raise AlgebraError(f"{_shown(twice)} is written twice in one object of the graph", "leave one of the two out")
    return result


def _canonical(value: Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False)


def _shown(value: Any) -> str:
    return _cut(_canonical(value))


def _cut(text: str) -> str:
    text = text.encode("utf-8", "backslashreplace").decode("utf-8")  # half a surrogate pair cannot be printed
    return text if len(text) <= 60 else text[:57] + "..."


def _refuse(message: str) -> NoReturn:
    raise AlgebraError(message, _EXAMPLE)


def _refuse_many(what: str, count: int, limit: int) -> NoReturn:
    raise AlgebraError(f"a graph of {_cut(str(count))} {what}", f"there may be 0 to {limit} {what}")
