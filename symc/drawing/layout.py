"""Where the boxes of a graph go: in layers by longest path, in each in an order with few crossings, as straight below each other as they fit.

The method of Sugiyama, Tagawa and Toda (1981); places in a layer by isotonic regression. Edges that pass a layer go through a point of it that
is kept free, so that no edge crosses a box.
"""

from __future__ import annotations

from bisect import bisect, insort
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

APART = 22.0  # between boxes of a layer
GAP = 28.0  # between layers
SWEEPS = 12
STRAIGHT = 4.0  # what keeping a long edge straight weighs beside keeping a box near its neighbours


@dataclass(frozen=True, slots=True)
class Edge:
    """From a box, `start` right of its middle, to another one that comes later."""

    source: int
    target: int
    start: float = 0.0


@dataclass(frozen=True, slots=True)
class Rectangle:
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Layout:
    """The boxes, and for every edge the points it goes through: vertically through pairs 1 and 2, 3 and 4, ..., and bending between pairs."""

    boxes: tuple[Rectangle, ...]
    routes: tuple[tuple[tuple[float, float], ...], ...]
    width: float
    height: float


@dataclass
class _Layers:
    """Vertices by layer, in order: boxes first, then a point for every layer that edges from one place pass."""

    boxes: int
    widths: list[float]
    layers: list[list[int]]
    above: list[list[int]]
    below: list[list[int]]


def layout(sizes: Sequence[tuple[float, float]], edges: Sequence[Edge], first: Sequence[int] = (), last: Sequence[int] = ()) -> Layout:
    """Boxes of these widths and heights; those in `first` are in the first layer, those in `last` in the last one."""
    ranks = _ranks(len(sizes), edges, set(first), set(last))
    graph, chains = _with_points(sizes, edges, ranks)
    _order(graph)
    middles = _places(graph)
    left = min((middles[v] - graph.widths[v] / 2 for v in range(len(middles))), default=0.0)
    middles = [middle - left for middle in middles]
    heights = [max((sizes[v][1] for v in layer if v < len(sizes)), default=0.0) for layer in graph.layers]
    tops = [sum(heights[:rank]) + GAP * rank for rank in range(len(heights))]
    boxes = tuple(Rectangle(middles[v] - w / 2, tops[ranks[v]], w, h) for v, (w, h) in enumerate(sizes))
    ends = _ends(edges, chains, middles, sizes)
    routes = []
    for edge, chain, end in zip(edges, chains, ends, strict=True):
        x, rank = middles[edge.source] + edge.start, ranks[edge.source]
        points = [(x, boxes[edge.source].y + boxes[edge.source].height), (x, tops[rank] + heights[rank])]
        for step, point in enumerate(chain, start=rank + 1):
            points += [(middles[point], tops[step]), (middles[point], tops[step] + heights[step])]
        routes.append((*points, (end, boxes[edge.target].y)))
    width = max((middles[v] + graph.widths[v] / 2 for v in range(len(middles))), default=0.0)
    return Layout(boxes, tuple(routes), width, (tops[-1] + heights[-1]) if tops else 0.0)


def _ranks(count: int, edges: Sequence[Edge], first: set[int], last: set[int]) -> list[int]:
    """Longest paths from the sources; a source that is no input stands just above what it goes to."""
    ranks = [0] * count
    for edge in sorted(edges, key=lambda edge: edge.target):
        ranks[edge.target] = max(ranks[edge.target], ranks[edge.source] + 1)
    fed = {edge.target for edge in edges}
    for v in range(count):
        if v not in fed and v not in first:
            ranks[v] = max(min((ranks[edge.target] for edge in edges if edge.source == v), default=1) - 1, 0)
    bottom = max((rank + (v not in last and bool(last)) for v, rank in enumerate(ranks)), default=0)
    return [bottom if v in last else rank for v, rank in enumerate(ranks)]


def _with_points(sizes: Sequence[tuple[float, float]], edges: Sequence[Edge], ranks: list[int]) -> tuple[_Layers, list[list[int]]]:
    """The layers, and for every edge the points that it passes; edges from one place share them."""
    layers: list[list[int]] = [[] for _ in range(max(ranks, default=-1) + 1)]
    for v, rank in enumerate(ranks):
        layers[rank].append(v)
    graph = _Layers(len(sizes), [width for width, _ in sizes], layers, [[] for _ in sizes], [[] for _ in sizes])
    shared: dict[tuple[int, float], list[int]] = {}
    chains = []
    for edge in edges:
        points = shared.setdefault((edge.source, edge.start), [])
        for rank in range(ranks[edge.source] + 1 + len(points), ranks[edge.target]):
            points.append(len(graph.widths))
            layers[rank].append(points[-1])
            graph.widths.append(2.0)
            graph.above.append([])
            graph.below.append([])
            _join(graph, points[-2] if len(points) > 1 else edge.source, points[-1])
        chains.append(points[: ranks[edge.target] - ranks[edge.source] - 1])
        _join(graph, chains[-1][-1] if chains[-1] else edge.source, edge.target)
    return graph, chains


def _join(graph: _Layers, upper: int, lower: int) -> None:
    graph.below[upper].append(lower)
    graph.above[lower].append(upper)


def _order(graph: _Layers) -> None:
    """Each layer by the mean place of the neighbours in the layer before, down and up, and the order with least crossings is kept."""
    best, least = [list(layer) for layer in graph.layers], _crossings(graph)
    for sweep in range(SWEEPS):
        if least == 0:
            break
        down = sweep % 2 == 0
        neighbours = graph.above if down else graph.below
        for layer in graph.layers if down else reversed(graph.layers):
            place = {v: index for other in graph.layers for index, v in enumerate(other)}
            keys = {v: sum(place[u] for u in neighbours[v]) / len(neighbours[v]) if neighbours[v] else place[v] for v in layer}
            layer.sort(key=keys.__getitem__)
        if (crossings := _crossings(graph)) < least:
            best, least = [list(layer) for layer in graph.layers], crossings
    graph.layers[:] = best


def _crossings(graph: _Layers) -> int:
    found = 0
    for upper, lower in pairwise(graph.layers):
        place = {v: index for index, v in enumerate(lower)}
        seen: list[int] = []
        for v in upper:
            ends = sorted(place[u] for u in graph.below[v])
            found += sum(len(seen) - bisect(seen, end) for end in ends)
            for end in ends:
                insort(seen, end)
    return found


def _places(graph: _Layers) -> list[float]:
    """The middle of every vertex: near the mean of its neighbours, and boxes of a layer apart."""
    middles = [0.0] * len(graph.widths)
    for sweep in range(SWEEPS):
        for layer in graph.layers if sweep % 2 == 0 else reversed(graph.layers):
            wanted, weights = [], []
            for v in layer:
                near = graph.above[v] if sweep % 2 == 0 else graph.below[v]
                near = near or graph.above[v] + graph.below[v]
                wanted.append(sum(middles[u] for u in near) / len(near) if near else middles[v])
                weights.append(1.0 if v < graph.boxes else STRAIGHT)
            steps = [(graph.widths[a] + graph.widths[b]) / 2 + APART for a, b in pairwise(layer)]
            for v, middle in zip(layer, apart(wanted, weights, steps), strict=True):
                middles[v] = middle
    return middles


def apart(wanted: Sequence[float], weights: Sequence[float], steps: Sequence[float]) -> list[float]:
    """The places nearest to those wanted, in least squares, each at least a step after the one before: isotonic regression, pooling violators."""
    offsets = [sum(steps[:index]) for index in range(len(wanted))]
    pools: list[tuple[float, float, int]] = []  # mean, weight, how many
    for place, weight, offset in zip(wanted, weights, offsets, strict=True):
        pools.append((place - offset, weight, 1))
        while len(pools) > 1 and pools[-2][0] > pools[-1][0]:
            (a, u, m), (b, w, k) = pools[-2:]
            pools[-2:] = [((a * u + b * w) / (u + w), u + w, m + k)]
    means = [mean for mean, _, count in pools for _ in range(count)]
    return [mean + offset for mean, offset in zip(means, offsets, strict=True)]


def _ends(edges: Sequence[Edge], chains: Sequence[Sequence[int]], middles: Sequence[float], sizes: Sequence[tuple[float, float]]) -> list[float]:
    """Where each edge arrives: side by side along the box, in the order in which they come."""
    ends = [0.0] * len(edges)
    come = [middles[chain[-1]] if chain else middles[edge.source] + edge.start for edge, chain in zip(edges, chains, strict=True)]
    for v, (width, _) in enumerate(sizes):
        arriving = sorted((index for index, edge in enumerate(edges) if edge.target == v), key=lambda index: come[index])
        step = min(26.0, (width - 16) / max(len(arriving), 1))
        for position, index in enumerate(arriving):
            ends[index] = middles[v] + (position - (len(arriving) - 1) / 2) * step
    return ends
