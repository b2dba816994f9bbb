"""The one renderer of diagnostics, and their JSON form."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from symc.diagnostics.record import Diagnostic, Label
from symc.diagnostics.span import Span

_STYLES = {"error": "\x1b[1;31m", "warning": "\x1b[1;33m", "blue": "\x1b[1;34m", "bold": "\x1b[1m", "end": "\x1b[0m"}
_WIDTH = 160  # of a line of source; a longer one is cut


def render(diagnostic: Diagnostic, *, colour: bool = False) -> str:
    """The diagnostic as text: title, the lines it points at, then notes and helps."""

    def style(name: str, text: str) -> str:
        return f"{_STYLES[name]}{text}{_STYLES['end']}" if colour else text

    d = diagnostic
    lines = [style(d.severity, f"{d.severity}[{d.code}]") + style("bold", f": {_printable(d.title)}")]
    gutter = 1
    if d.primary is not None:
        labels = [(d.primary, "^"), *((label, "-") for label in d.secondary)]
        here = [(label, mark) for label, mark in labels if label.span.source is d.primary.span.source]
        elsewhere = [(label, mark) for label, mark in labels if label.span.source is not d.primary.span.source]
        gutter = max(len(str(label.span.line)) for label, _ in labels)
        lines += [style("blue", f"{' ' * gutter}--> ") + str(d.primary.span), *_snippet(here, gutter, d.severity, style)]
        for label, mark in elsewhere:
            lines += [style("blue", f"{' ' * gutter}::: ") + str(label.span), *_snippet([(label, mark)], gutter, d.severity, style)]
    lines += [style("blue", f"{' ' * gutter} = ") + f"note: {_indented(note, gutter + 9)}" for note in d.notes]
    lines += [style("blue", f"{' ' * gutter} = ") + f"help: {_indented(text, gutter + 9)}" for text in d.helps]
    return "\n".join(lines) + "\n"


def _snippet(labels: list[tuple[Label, str]], gutter: int, severity: str, style: Callable[[str, str], str]) -> list[str]:
    """The source lines of some labels of one source, in order, each label under its line."""
    bar = style("blue", f"{' ' * gutter} |")
    lines, last, shift = [bar], 0, 0
    for label, mark in sorted(labels, key=lambda pair: (pair[0].span.line, -pair[0].span.column)):
        span = label.span
        if span.line != last:
            if last and span.line > last + 1:
                lines.append(style("blue", "..."))
            last, shift = span.line, _cut([other.span for other, _ in labels if other.span.line == span.line])
            text = _printable(span.source.line(span.line)[shift : shift + _WIDTH])
            lines.append(style("blue", f"{span.line:>{gutter}} |") + f" {text}".rstrip())
        before = min(max(0, span.column - 1 - shift), _WIDTH)
        here = len(span.source.line(span.line)) - span.column + 1
        marks = mark * max(1, min(span.end - span.start, here, _WIDTH - before))
        lines.append(f"{bar} {' ' * before}" + style(severity if mark == "^" else "blue", f"{marks} {label.message}".rstrip()))
    return lines


def _cut(spans: Sequence[Span]) -> int:
    """How many characters of a line to leave out on the left, so that the first of the spans, its primary one if it has one, can be seen."""
    length = len(spans[0].source.line(spans[0].line))
    return 0 if length <= _WIDTH else max(0, min(spans[0].column - 60, length - _WIDTH))


def _printable(text: str) -> str:
    """The text with a sign of the same width for each character that would not be seen, or would do something to a terminal."""
    return "".join(letter if letter.isprintable() else "\N{MIDDLE DOT}" for letter in text)


def _indented(text: str, width: int) -> str:
    return text.replace("\n", "\n" + " " * width)


def to_json(diagnostic: Diagnostic) -> dict[str, object]:
    """The diagnostic as plain data: lines and columns are 1-based, `end` is exclusive."""

    def label(item: Label) -> dict[str, object]:
        (line, column), (end_line, end_column) = (item.span.source.position(o) for o in (item.span.start, item.span.end))
        place = {"line": line, "column": column, "end_line": end_line, "end_column": end_column}
        return {"file": item.span.source.name, **place, "message": item.message}

    return {
        "code": diagnostic.code,
        "severity": diagnostic.severity,
        "title": diagnostic.title,
        "primary": label(diagnostic.primary) if diagnostic.primary else None,
        "secondary": [label(item) for item in diagnostic.secondary],
        "notes": list(diagnostic.notes),
        "helps": list(diagnostic.helps),
    }
