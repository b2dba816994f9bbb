"""Writing SVG: elements as text, what comes from outside escaped, numbers to a tenth of a pixel, so that equal pictures are equal files."""

from __future__ import annotations

from collections.abc import Iterable
from xml.sax.saxutils import escape, quoteattr

from symc.drawing.text import FAMILY

INK, MUTED, LINE, PAPER = "#1f2937", "#6b7280", "#94a3b8", "#ffffff"


def number(value: float) -> str:
    """To a tenth, without a zero that says nothing."""
    return f"{round(value, 1) + 0.0:.1f}".removesuffix(".0")


def clean(text: str) -> str:
    """Without the control characters that XML has no way to write, and escaped."""
    return escape("".join(letter if letter.isprintable() else " " for letter in text))


def element(name: str, inner: str = "", /, **attributes: float | str) -> str:
    """`_` in the names of attributes is written `-`."""
    said = "".join(
        f" {key.replace('_', '-')}={quoteattr(value if isinstance(value, str) else number(value))}" for key, value in attributes.items()
    )
    return f"<{name}{said}>{inner}</{name}>" if inner else f"<{name}{said}/>"


def group(parts: Iterable[str], *, x: float = 0, y: float = 0, title: str = "") -> str:
    """Parts moved together, with a tooltip."""
    inner = (f"<title>{clean(title)}</title>" if title else "") + "\n".join(parts)
    return element("g", inner, **({"transform": f"translate({number(x)} {number(y)})"} if x or y else {}))


def rect(x: float, y: float, width: float, height: float, *, fill: str = PAPER, stroke: str = "none", radius: float = 0, dash: str = "") -> str:
    extra: dict[str, float | str] = {**({"rx": radius} if radius else {}), **({"stroke_dasharray": dash} if dash else {})}
    return element("rect", x=x, y=y, width=width, height=height, fill=fill, stroke=stroke, **extra)


def text(x: float, y: float, said: str, *, size: float = 12, fill: str = INK, anchor: str = "start", bold: bool = False) -> str:
    """A line of text; y is that of its baseline."""
    weight = {"font_weight": "bold"} if bold else {}
    return element("text", clean(said), x=x, y=y, font_size=size, fill=fill, text_anchor=anchor, **weight)


def path(d: str, *, stroke: str = LINE, fill: str = "none", width: float = 1.4, title: str = "") -> str:
    return element("path", f"<title>{clean(title)}</title>" if title else "", d=d, stroke=stroke, fill=fill, stroke_width=width)


def document(parts: Iterable[str], width: float, height: float, title: str) -> str:
    """A whole file, on paper of its own colour, so that it can be read on any background."""
    inner = "\n".join(["", f"<title>{clean(title)}</title>", rect(0, 0, width, height), *parts, ""])
    box = f"0 0 {number(width)} {number(height)}"
    return element("svg", inner, xmlns="http://www.w3.org/2000/svg", viewBox=box, width=width, height=height, font_family=FAMILY) + "\n"
