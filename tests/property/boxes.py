"""What stands where in an SVG: its rectangles and texts, moved by the groups around them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from xml.etree import ElementTree

from symc.drawing.text import width

NAMESPACE = "{http://www.w3.org/2000/svg}"


@dataclass(frozen=True)
class Box:
    kind: str
    said: str
    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Box) -> bool:
        apart = self.right <= other.left or other.right <= self.left or self.bottom <= other.top or other.bottom <= self.top
        return not apart

    def holds(self, other: Box) -> bool:
        return self.left <= other.left and self.top <= other.top and other.right <= self.right and other.bottom <= self.bottom


def boxes(svg: str) -> list[Box]:
    """Every rectangle and every text, the latter as wide as is estimated. Raises ParseError for what is no XML."""
    return list(_boxes(ElementTree.fromstring(svg), 0.0, 0.0))


def _boxes(element: ElementTree.Element, x: float, y: float) -> Iterator[Box]:
    if (moved := re.fullmatch(r"translate\((\S+) (\S+)\)", element.get("transform", ""))) is not None:
        x, y = x + float(moved[1]), y + float(moved[2])
    if element.tag == f"{NAMESPACE}rect":
        left, top, wide, high = (float(element.get(name, "nan")) for name in ("x", "y", "width", "height"))
        yield Box("rect", "", x + left, y + top, x + left + wide, y + top + high)
    if element.tag == f"{NAMESPACE}text":
        size = float(element.get("font-size", "nan"))
        wide = width(element.text or "", size, bold=element.get("font-weight") == "bold")
        left = x + float(element.get("x", "nan")) - wide * {"start": 0.0, "middle": 0.5, "end": 1.0}[element.get("text-anchor", "start")]
        base = y + float(element.get("y", "nan"))
        yield Box("text", element.text or "", left, base - 0.75 * size, left + wide, base + 0.2 * size)
    for child in element:
        yield from _boxes(child, x, y)


def overlaps(found: list[Box]) -> list[tuple[Box, Box]]:
    """Pairs that are in each other's way: of one kind, or a text that is partly in a box; a box around others is none."""
    return [(a, b) for a, b in combinations(found, 2) if a.meets(b) and ("text" == a.kind == b.kind or not (a.holds(b) or b.holds(a)))]
