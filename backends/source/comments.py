"""What a written file says of itself: the text it comes from, what its parameters are, which lines of it are which of the text."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from symc.backends.modules import state_name
from symc.backends.shell import Net
from symc.backends.source.text import WIDTH
from symc.diagnostics import Source, Span
from symc.ir.bodies import every_node
from symc.ir.graph import Graph
from symc.ir.ops import BatchNorm, EquivariantOp, LayerNorm
from symc.ir.parameters import spaces

MANY = 8  # statements of one line of the text, from which on its parts are told apart


def source_text(net: Net) -> Source | None:
    """The text of the model."""
    program = net.program
    spans = [*(node.span for node in program.nodes), *(value.span for value in program.inputs)]
    named = [span.source for span in spans if span is not None and f"model {program.name}" in span.source.text]
    return next(iter(named or [span.source for span in spans if span is not None]), None)


def spec(source: Source) -> Iterator[str]:
    """A text as comments."""
    for line in source.text.rstrip().splitlines():
        yield from textwrap.wrap(line, WIDTH - 6, subsequent_indent="# " + " " * 8, initial_indent="#     ", drop_whitespace=True) or ["#"]


def parameter_comments(graph: Graph[EquivariantOp]) -> dict[str, str]:
    """Of every parameter what it is: how many maps between which representations, or of what a normalisation."""
    found: dict[str, str] = {}
    with graph.named():
        for node in every_node(graph):
            if isinstance(node.op, LayerNorm | BatchNorm):
                for kind in ("weight", "bias"):
                    found[state_name(f"{node.op.name}.{kind}")] = f"{type(node.op).__name__.lower()} of {node.inputs[0].type}"
        for space in spaces(graph):
            basis = space.basis
            sources = "" if space.bias else f"{_listed(basis.sources)} "
            count = f"{basis.dim:,} {'number' if basis.dim == 1 else 'numbers'}"
            found[state_name(space.name)] = f"{sources}-> {_listed(basis.targets)}: {count}"
    return found


def _listed(items: Sequence[object]) -> str:
    return ", ".join(map(str, items)) or "()"


@dataclass
class Commented:
    """The comments before statements: the line of the text that they come from, and its parts where there are many statements."""

    line: tuple[str, int] | None = None
    part: str = ""

    def before(self, span: Span | None, following: int, together: int) -> Iterator[str]:
        """`following` statements have this span, `together` the line."""
        if span is None:
            return
        line = (span.source.name, span.line)
        if line != self.line:
            self.line, self.part = line, ""
            yield ""
            yield f"# {textwrap.shorten(statement_of(span), WIDTH - 16, placeholder=' ...')}"
        part = " ".join(span.text.split())
        if together >= MANY and following > 1 and part != self.part and part not in statement_of(span).partition("= ")[2:]:
            yield f"# - {textwrap.shorten(part, WIDTH - 16, placeholder=' ...')}"
        self.part = part


def statement_of(span: Span) -> str:
    """The line where a span begins, without its comment."""
    text = span.source.line(span.line).strip()
    return text.split("#")[0].rstrip() if '"' not in text else text
