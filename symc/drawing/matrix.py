"""A pattern as a picture: the matrix, its summands, what it is, and what the colours mean."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from symc.drawing import svg
from symc.drawing.colours import diverging, hues
from symc.drawing.patterns import Pattern
from symc.drawing.text import clipped, width

SIDE = 230.0  # of the matrix, about
WIDE = 270.0  # where it is wide
CELL = 22.0  # of an entry, at most
CARD = 330.0
SMALL = 10.0
SHADES = 21  # steps of the scale from negative to positive


@dataclass(frozen=True, slots=True)
class Card:
    """Something with a size that is put somewhere."""

    parts: tuple[str, ...]
    width: float
    height: float


def card(pattern: Pattern) -> Card:
    """The matrix of a pattern with a title above, labels of summands at its sides, and its numbers below."""
    rows, columns = pattern.label.shape
    cell = min(CELL, SIDE / max(rows, 1), WIDE / max(columns, 1))
    labels = [(label, size) for label, size in pattern.target if size * cell >= SMALL]
    left = 8 + min(max((width(label, SMALL) for label, _ in labels), default=0.0), 52.0)
    top = 46.0
    title = ", ".join(pattern.names)
    parts = [svg.text(0, 14, clipped(title, 12, CARD), bold=True)]
    parts.append(svg.text(0, 29, clipped(_types(pattern), SMALL, CARD), size=SMALL, fill=svg.MUTED))
    gap = cell if not pattern.bias else min(8.0, cell)
    parts.append(svg.group(_matrix(pattern, cell, gap), x=left, y=top, title=f"{title}: {_types(pattern)}"))
    parts += _row_labels(pattern, cell, left, top)
    parts += _column_labels(pattern, cell, gap, left, top)
    lines = list(_said(pattern))
    below = top + rows * cell + 16
    parts += [svg.text(0, below + 13 * index, clipped(line, SMALL, CARD), size=SMALL, fill=svg.MUTED) for index, line in enumerate(lines)]
    return Card((svg.group(parts, title=title),), CARD, below + 13 * len(lines))


def _types(pattern: Pattern) -> str:
    source, target = (" + ".join(label for label, _ in side) or "()" for side in (pattern.source, pattern.target))
    return f"{source} → {target}"


def _said(pattern: Pattern) -> Iterator[str]:
    maps, biases = pattern.free
    also = f", {biases} free bias{'es' * (biases != 1)}" if biases else ""
    yield f"{maps} free weight{'s' * (maps != 1)}{also} per pair of channels"
    if pattern.affine:
        yield "weights of points sum to 1"


def _matrix(pattern: Pattern, cell: float, gap: float) -> list[str]:
    rows, columns = pattern.label.shape
    inner = columns - pattern.bias
    parts = [svg.rect(0, 0, inner * cell, rows * cell, fill=svg.PAPER, stroke=svg.LINE)]
    if pattern.bias:
        parts.append(svg.rect(inner * cell + gap, 0, cell, rows * cell, fill=svg.PAPER, stroke=svg.LINE))
    x = [column * cell + (gap if column >= inner else 0.0) for column in range(columns)]
    for index, colour in enumerate(hues(pattern.classes), start=1):
        mask = pattern.label == index
        said = f"class {index} of {pattern.classes}: {mask.sum()} entries"
        parts.append(svg.path(cells(mask, x, cell), stroke=colour, fill=colour, width=0.2, title=said))
        if (minus := mask & (pattern.sign < 0)).any():
            parts.append(svg.path(_minus(minus, x, cell), stroke=svg.PAPER, width=max(cell / 9, 0.4), title=f"minus class {index}"))
    shade = np.where(pattern.label < 0, np.round(pattern.value * (SHADES // 2)).astype(np.int64), 0)
    for step in sorted(set(shade[pattern.label < 0].tolist()) - {0}):
        colour = diverging(step / (SHADES // 2))
        parts.append(svg.path(cells(shade == step, x, cell), stroke=colour, fill=colour, width=0.2))
    thin = min(1.2, cell / 5)
    for offset in np.cumsum([size for _, size in pattern.target])[:-1]:
        parts.append(svg.path(f"M0 {svg.number(offset * cell)}H{svg.number(inner * cell)}", stroke=svg.INK, width=thin))
    for offset in np.cumsum([size for _, size in pattern.source])[:-1]:
        parts.append(svg.path(f"M{svg.number(offset * cell)} 0V{svg.number(rows * cell)}", stroke=svg.INK, width=thin))
    return parts


def cells(mask: NDArray[np.bool_], x: list[float], cell: float) -> str:
    """The outline of some entries, neighbours in a row as one."""
    runs: list[list[int]] = []
    for row, column in zip(*np.nonzero(mask), strict=True):
        if runs and runs[-1][0] == row and runs[-1][1] + runs[-1][2] == column and x[column] == x[column - 1] + cell:
            runs[-1][2] += 1
        else:
            runs.append([int(row), int(column), 1])
    side = svg.number(cell)
    return "".join(f"M{_exact(x[column])} {_exact(row * cell)}h{_exact(count * cell)}v{side}h{_exact(-count * cell)}z" for row, column, count in runs)


def _minus(mask: NDArray[np.bool_], x: list[float], cell: float) -> str:
    places = zip(*np.nonzero(mask), strict=True)
    return "".join(f"M{_exact(x[column] + cell / 4)} {_exact((row + 0.5) * cell)}h{_exact(cell / 2)}" for row, column in places)


def _exact(value: float) -> str:
    return f"{round(float(value), 2) + 0.0:g}"


def _row_labels(pattern: Pattern, cell: float, left: float, top: float) -> Iterator[str]:
    y = top
    for label, size in pattern.target:
        if size * cell >= SMALL:
            yield svg.text(left - 6, y + size * cell / 2 + 3.5, clipped(label, SMALL, left - 6), size=SMALL, fill=svg.MUTED, anchor="end")
        y += size * cell


def _column_labels(pattern: Pattern, cell: float, gap: float, left: float, top: float) -> Iterator[str]:
    x = left
    for label, size in pattern.source:
        if width(label, SMALL) <= size * cell:
            yield svg.text(x + size * cell / 2, top - 5, label, size=SMALL, fill=svg.MUTED, anchor="middle")
        x += size * cell
    if pattern.bias:
        yield svg.text(x + gap, top - 5, "bias", size=SMALL, fill=svg.MUTED)


def legend(found: list[Pattern], sizes: str) -> Card:
    """What the colours mean, for the patterns there are."""
    lines = ["Rows: coordinates of the target; columns: of the source;", "channels are drawn once" + (f", at {sizes}." if sizes else ".")]
    if any(pattern.classes for pattern in found):
        lines += ["One colour: one weight, or the same sum of weights.", "White: zero."]
    if any((pattern.sign < 0).any() for pattern in found):
        lines.append("With a white bar: minus the weight.")
    if any((pattern.label < 0).any() for pattern in found):
        lines += ["Blue to red: entries from negative to positive,", "of one map with random weights."]
    parts = [svg.text(0, 12 + 14 * index, line, size=SMALL, fill=svg.MUTED) for index, line in enumerate(lines)]
    return Card(tuple(parts), max(width(line, SMALL) for line in lines), 14.0 * len(lines) + 4)
