"""The picture of a model: its graph, and beside it how the entries of each of its maps share weights."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from symc.drawing import svg
from symc.drawing.diagram import diagram
from symc.drawing.matrix import Card, card, legend
from symc.drawing.patterns import Pattern, patterns, small_sizes
from symc.drawing.steps import steps_of
from symc.drawing.text import clipped, width
from symc.ir.graph import Graph
from symc.ir.ops import EquivariantOp
from symc.ir.types import leaves

MARGIN = 28.0
APART = 40.0
BELOW = 26.0  # between patterns
ASIDE = 900.0  # how far down the patterns may go at least before a new column begins


def draw(graph: Graph[EquivariantOp], sizes: Mapping[str, int] | None = None) -> str:
    """A solved graph as an SVG file. Free sizes of patterns are those given, and small ones."""
    with graph.named():
        at = small_sizes(graph, sizes or {})
        steps, outputs = steps_of(graph.nodes, graph.outputs)
        names = [".".join(path) or "result" for path, _ in leaves(graph.signature.result)]
        flow = diagram(steps, graph.inputs, list(zip(names, outputs, strict=True)), graph)
        head = _head(graph, max(flow.width, 620.0))
        shown = ", ".join(f"{name} = {size}" for name, size in sorted(at.items()))
        cards = _cards(patterns(graph, at), shown)
        columns = _columns(cards, max(flow.height, ASIDE))
        parts = [svg.group(head.parts, x=MARGIN, y=MARGIN), svg.group(flow.parts(), x=MARGIN, y=MARGIN + head.height)]
    x, below = MARGIN + flow.width + APART, flow.height
    for column in columns:
        y = MARGIN + head.height
        for one in column:
            parts.append(svg.group(one.parts, x=x, y=y))
            y += one.height + BELOW
        below = max(below, y - BELOW - MARGIN - head.height)
        x += max(one.width for one in column) + APART
    across = max(x - APART if columns else MARGIN + flow.width, MARGIN + head.width)
    return svg.document(parts, across + MARGIN, below + head.height + 2 * MARGIN, graph.name)


def _head(graph: Graph[EquivariantOp], room: float) -> Card:
    symmetry = " * ".join(f"{group} = {group.definition}" if group.definition is not group else str(group) for group in graph.groups)
    lines = [clipped(f"{graph.signature}", 11, room), clipped(f"symmetry {symmetry}" if symmetry else "no symmetry", 11, room)]
    parts = [svg.text(0, 16, graph.name, size=18, bold=True)]
    parts += [svg.text(0, 36 + 16 * index, line, size=11, fill=svg.MUTED) for index, line in enumerate(lines)]
    return Card(tuple(parts), max(width(graph.name, 18, bold=True), *(width(line, 11) for line in lines)), 78.0)


def _cards(found: Sequence[Pattern | str], sizes: str) -> list[Card]:
    """Those of maps that have more than one entry; then what is too large; then what the colours mean."""
    drawn = [pattern for pattern in found if isinstance(pattern, Pattern) and pattern.label.size > 1 + pattern.bias]
    cards = [card(pattern) for pattern in drawn]
    large = [text for text in found if isinstance(text, str)]
    if large:
        parts = [svg.text(0, 12 + 14 * index, clipped(text, 10, 330), size=10, fill=svg.MUTED) for index, text in enumerate(large)]
        cards.append(Card(tuple(parts), 330.0, 14.0 * len(large)))
    return [*cards, legend(drawn, sizes)] if drawn else cards


def _columns(cards: Sequence[Card], height: float) -> list[list[Card]]:
    """One below the other, as many as fit."""
    columns: list[list[Card]] = []
    used = 0.0
    for one in cards:
        if not columns or used + one.height > height:
            columns.append([])
            used = 0.0
        columns[-1].append(one)
        used += one.height + BELOW
    return columns
