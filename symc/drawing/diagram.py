"""The graph as a picture: inputs on top, outputs at the bottom, a box for every operation or chain of them, types on the arrows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import prod
from typing import Any

from symc.drawing import svg
from symc.drawing.layout import Edge, Layout, layout
from symc.drawing.steps import Step
from symc.drawing.text import clipped, width
from symc.ir.graph import Graph, Node, Value
from symc.ir.parameters import parameter_shapes
from symc.ir.printer import show_op
from symc.ir.table import row

ROW = 24.0  # height of an operation in its box
SIZE = 12.0  # of its name
LABEL = 10.5  # of types and of numbers of weights
TYPE = 260.0  # width of a type, at most
PAD = 10.0
WEIGHTED, PLAIN, END, FRAME = "#dbeafe", "#f1f5f9", "#dcfce7", "#fafaf9"
BORDERS = {WEIGHTED: "#60a5fa", PLAIN: "#94a3b8", END: "#4ade80", FRAME: "#a8a29e"}


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a box: what is done, what is said about it, and a tooltip."""

    name: str
    note: str = ""
    title: str = ""
    fill: str = PLAIN


@dataclass(slots=True)
class Vertex:
    """A box with lines, or one around a whole picture; below it the types of what it makes."""

    lines: list[Line]
    outputs: list[Value] = field(default_factory=list)
    inner: Diagram | None = None
    end: bool = False

    @property
    def box(self) -> tuple[float, float]:
        inside = max(map(_line_width, self.lines))
        if len(self.outputs) > 1:
            inside = max(inside, self.below - 2 * PAD)
        if self.inner is not None:
            return max(self.inner.width, inside) + 2 * PAD, ROW + self.inner.height + PAD
        return inside + 2 * PAD, ROW * len(self.lines)

    @property
    def labels(self) -> list[tuple[str, str, float]]:
        """The types below: as shown, in full, and the width."""
        full = [str(value.type) for value in self.outputs]
        shown = [clipped(text, LABEL, TYPE) for text in full]
        return [(text, whole, width(text, LABEL) + 8) for text, whole in zip(shown, full, strict=True)]

    @property
    def below(self) -> float:
        """The width of the types together."""
        widths = [w for *_, w in self.labels]
        return sum(widths) + 6 * (len(widths) - 1)

    @property
    def size(self) -> tuple[float, float]:
        wide, high = self.box
        return max(wide, self.below), high + (22.0 if self.outputs else 0.0)

    def offset(self, index: int) -> float:
        """Where the middle of a type is, from the middle of the box."""
        widths = [w for *_, w in self.labels]
        return sum(widths[:index]) + 6 * index + widths[index] / 2 - self.below / 2


@dataclass(frozen=True, slots=True)
class Diagram:
    """Vertices, where they are, and the arrows between them."""

    vertices: tuple[Vertex, ...]
    places: Layout

    @property
    def width(self) -> float:
        return self.places.width

    @property
    def height(self) -> float:
        return self.places.height

    def parts(self) -> list[str]:
        """The picture."""
        parts = [_arrow(route) for route in self.places.routes]
        for vertex, place in zip(self.vertices, self.places.boxes, strict=True):
            parts += _vertex(vertex, place.x, place.y, place.width)
        return parts


def diagram(steps: Sequence[Step], inputs: Sequence[Value], outputs: Sequence[tuple[str, Value]], graph: Graph[Any]) -> Diagram:
    """The picture of steps between inputs and named outputs; `graph` is what they are part of."""
    vertices = [Vertex([Line(value.name or "_", fill=END)], [value], end=True) for value in inputs]
    first = range(len(vertices))
    uses = Counter(value.id for step in steps for value in _inputs(step)) + Counter(value.id for _, value in outputs)
    at: dict[int, tuple[int, int]] = {value.id: (index, 0) for index, value in enumerate(inputs)}
    edges: dict[tuple[int, int, int], None] = {}
    for step in steps:
        given = [at[value.id] for value in dict.fromkeys(_inputs(step))]
        if isinstance(step, Node) and (joined := _joined(step, vertices, at, uses)) is not None:
            vertices[joined].lines.append(_line(step, graph))
            vertices[joined].outputs = list(step.outputs)
            at[step.outputs[0].id] = (joined, 0)
            continue
        vertices.append(_box(step, graph))
        edges |= {(source, port, len(vertices) - 1): None for source, port in given}
        at |= {value.id: (len(vertices) - 1, port) for port, value in enumerate(step.outputs)}
    last = range(len(vertices), len(vertices) + len(outputs))
    for name, value in outputs:
        edges[(*at[value.id], len(vertices))] = None
        vertices.append(Vertex([Line(name, fill=END)], end=True))
    arrows = [Edge(source, target, vertices[source].offset(port)) for source, port, target in edges]
    return Diagram(tuple(vertices), layout([vertex.size for vertex in vertices], arrows, first, last))


def _inputs(step: Step) -> tuple[Value, ...]:
    return step.inputs


def _joined(step: Node[Any], vertices: Sequence[Vertex], at: Mapping[int, tuple[int, int]], uses: Counter[int]) -> int | None:
    """The box that an operation of one tensor to one of the same type is added to: that of what makes it, if nothing else needs it."""
    if len(step.inputs) != 1 or len(step.outputs) != 1 or step.inputs[0].type != step.outputs[0].type or uses[step.inputs[0].id] != 1:
        return None
    index, _ = at[step.inputs[0].id]
    vertex = vertices[index]
    return None if vertex.end or vertex.inner is not None or len(vertex.outputs) != 1 else index


def _box(step: Step, graph: Graph[Any]) -> Vertex:
    if isinstance(step, Node):
        return Vertex([_line(step, graph)], list(step.outputs))
    ends = [(value.name or "_", value) for value in step.outputs]
    said = Line(f"× {step.times}", "alike, one after another", fill=FRAME)
    return Vertex([said], list(step.outputs), diagram(step.steps, step.inputs, ends, graph))


def _line(node: Node[Any], graph: Graph[Any]) -> Line:
    """The name of an operation, how many weights it has, and what the table says of it."""
    one = Graph(graph.name, graph.signature, node.inputs, (node,), node.outputs)
    shapes = parameter_shapes(one)
    biases = sum(prod(shape) for name, shape in shapes.items() if name.endswith(".bias"))
    weights = sum(map(prod, shapes.values())) - biases
    note = f"{weights:,}" + (f" + {biases:,}" if biases else "") if shapes else ""
    sources, targets = (", ".join(str(value.type) for value in values) for values in (node.inputs, node.outputs))
    said = [f"{show_op(node.op, ', '.join(value.name for value in node.inputs))}", f"{sources} -> {targets}", row(node.op).doc]
    said += [f"{name}: {' × '.join(map(str, shape)) or '1'}" for name, shape in shapes.items()]
    said += [f"line {node.span.line}"] if node.span is not None else []
    return Line(clipped(show_op(node.op).partition("(")[0], SIZE, TYPE), note, "\n".join(said), WEIGHTED if shapes else PLAIN)


def _line_width(line: Line) -> float:
    return width(line.name, SIZE, bold=True) + (10 + width(line.note, LABEL) if line.note else 0.0)


def _vertex(vertex: Vertex, x: float, y: float, across: float) -> list[str]:
    """One vertex in a place of this width."""
    (wide, high), middle = vertex.box, x + across / 2
    left = middle - wide / 2
    parts = []
    if vertex.inner is not None:
        line = vertex.lines[0]
        parts.append(svg.rect(left, y, wide, high, fill=line.fill, stroke=BORDERS[line.fill], radius=10, dash="5 3"))
        parts.append(svg.text(left + PAD, y + 16, line.name, bold=True))
        parts.append(svg.text(left + PAD + 10 + width(line.name, SIZE, bold=True), y + 16, line.note, size=LABEL, fill=svg.MUTED))
        parts.append(svg.group(vertex.inner.parts(), x=middle - vertex.inner.width / 2, y=y + ROW))
    else:
        parts += _rows(vertex, left, y, wide)
    at = middle - vertex.below / 2
    for shown, whole, w in vertex.labels:
        parts.append(svg.path(f"M{svg.number(at + w / 2)} {svg.number(y + high)}v5"))
        parts.append(svg.group([svg.text(at + w / 2, y + high + 17, shown, size=LABEL, fill="#0f766e", anchor="middle")], title=whole))
        at += w + 6
    return parts


def _rows(vertex: Vertex, left: float, y: float, wide: float) -> list[str]:
    """The operations of a box, one below the other, in one frame."""
    fills = [line.fill for line in vertex.lines]
    fill = WEIGHTED if WEIGHTED in fills else fills[0]
    high = ROW * len(vertex.lines)
    parts = [svg.rect(left, y, wide, high, fill=fill, stroke=BORDERS[fill], radius=12 if vertex.end else 6)]
    for index, line in enumerate(vertex.lines):
        base = y + ROW * index + 16
        if index:
            parts.append(svg.path(f"M{svg.number(left)} {svg.number(base - 16)}h{svg.number(wide)}", stroke=BORDERS[fill], width=0.7))
        if line.note:
            note = svg.text(left + wide - PAD, base, line.note, size=LABEL, fill=svg.MUTED, anchor="end")
            said = [svg.text(left + PAD, base, line.name, bold=True), note]
        else:
            said = [svg.text(left + wide / 2, base, line.name, bold=True, anchor="middle")]
        parts.append(svg.group(said, title=line.title))
    return parts


def _arrow(route: Sequence[tuple[float, float]]) -> str:
    """A line through the points of a route, straight through layers and bent between them, with a head."""
    (x, y), rest = route[0], route[1:]
    d = f"M{svg.number(x)} {svg.number(y)}"
    for index, (to_x, to_y) in enumerate(rest):
        end = to_y - 6 if index == len(rest) - 1 else to_y
        if (index % 2 == 0 and index < len(rest) - 1) or to_x == x:
            d += f"V{svg.number(end)}" if abs(end - y) >= 0.05 else ""
        else:
            bend = (end - y) * 0.55
            d += f"C{svg.number(x)} {svg.number(y + bend)} {svg.number(to_x)} {svg.number(end - bend)} {svg.number(to_x)} {svg.number(end)}"
        x, y = to_x, end
    head = f"M{svg.number(x - 3.5)} {svg.number(y - 1)}h7l-3.5 7z"
    return svg.path(d) + svg.path(head, stroke="none", fill=svg.LINE)
