"""The one renderer of diagnostics, and their JSON form."""

from __future__ import annotations

from symc.diagnostics.record import Diagnostic, Label
from symc.diagnostics.span import Span

_STYLES = {"error": "\x1b[1;31m", "warning": "\x1b[1;33m", "blue": "\x1b[1;34m", "bold": "\x1b[1m", "end": "\x1b[0m"}


def render(diagnostic: Diagnostic, *, colour: bool = False) -> str:
    """The diagnostic as text: title, the lines it points at, then notes and helps."""

    def style(name: str, text: str) -> str:
        return f"{_STYLES[name]}{text}{_STYLES['end']}" if colour else text

    d = diagnostic
    lines = [style(d.severity, f"{d.severity}[{d.code}]") + style("bold", f": {d.title}")]
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


def _snippet(labels: list[tuple[Label, str]], gutter: int, severity: str, style) -> list[str]:  # type: ignore[no-untyped-def]
    """The source lines of some labels of one source, in order, each label under its line."""
    bar = style("blue", f"{' ' * gutter} |")
    lines, last = [bar], None
    for label, mark in sorted(labels, key=lambda pair: (pair[0].span.line, -pair[0].span.column)):
        span = label.span
        if span.line != last:
            if last is not None and span.line > last + 1:
                lines.append(style("blue", f"{'.' * 3}"))
            text, shift = _window(span)
            lines.append(style("blue", f"{span.line:>{gutter}} |") + f" {text}".rstrip())
            last = span.line
        _, shift = _window(span)
        width = max(1, min(span.end - span.start, len(span.source.line(span.line)) - span.column + 1))
        lines.append(f"{bar} {' ' * (span.column - 1 - shift)}" + style(severity if mark == "^" else "blue", f"{mark * min(width, 100)} {label.message}".rstrip()))
    return lines


def _window(span: Span) -> tuple[str, int]:
    """A readable part of a possibly very long line, and how many characters were cut on its left."""
    text = span.source.line(span.line)
    if len(text) <= 160:
        return text, 0
    shift = max(0, span.column - 60)
    return text[shift : shift + 150], shift


def _indented(text: str, width: int) -> str:
    return text.replace("\n", "\n" + " " * width)


def to_json(diagnostic: Diagnostic) -> dict[str, object]:
    """The diagnostic as plain data: lines and columns are 1-based, `end` is exclusive."""

    def label(item: Label) -> dict[str, object]:
        (line, column), (end_line, end_column) = (item.span.source.position(o) for o in (item.span.start, item.span.end))
        return {"file": item.span.source.name, "line": line, "column": column, "end_line": end_line, "end_column": end_column, "message": item.message}

    return {
        "code": diagnostic.code,
        "severity": diagnostic.severity,
        "title": diagnostic.title,
        "primary": label(diagnostic.primary) if diagnostic.primary else None,
        "secondary": [label(item) for item in diagnostic.secondary],
        "notes": list(diagnostic.notes),
        "helps": list(diagnostic.helps),
    }
