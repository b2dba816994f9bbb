"""`symc fmt`: one way to write a text. It moves spaces and blank lines; tokens, comments and line breaks stay.

Four spaces for each level, at most one blank line. Comments behind code are aligned over neighbouring lines, and stay in their column where they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from symc.diagnostics import DiagnosticError, Source
from symc.grammar.parser import parse
from symc.grammar.scan import CLOSERS, OPENERS, Token, logical_lines, readable, scan
from symc.grammar.spacing import pieces

_STEP = 4


@dataclass(slots=True)
class _Line:
    """A line of the result; without code and comment it is blank. `column` is where the comment stood in the text."""

    level: int = 0
    code: str = ""
    comment: str = ""
    column: int = 0


@dataclass(slots=True)
class _Layout:
    """What is known while the lines of a text go by.

    blocks: the column of each open block; opened: for each open bracket of the current statement, in which line it was opened.
    """

    text: str
    starts: dict[int, list[Token]]
    lines: list[_Line] = field(default_factory=list)
    blocks: list[int] = field(default_factory=lambda: [0])
    statement: list[Token] = field(default_factory=list)
    spaced: list[str] = field(default_factory=list)
    opened: list[int] = field(default_factory=list)
    waiting: list[tuple[_Line, int]] = field(default_factory=list)  # comments, with their columns, whose block the next statement decides

    def row(self, row: Sequence[Token], column: int) -> None:
        """One line of the text: the column where it begins, and its tokens."""
        code = [token for token in row if token.kind != "comment"]
        comment = row[-1].text.rstrip() if len(code) < len(row) else ""
        if not row:
            self._blank()
        elif code:
            if not self.spaced:
                self._begin(code[0], column)
            self._code(code, comment, column + row[-1].start - row[0].start)
        else:
            line = _Line(self._continued(None) if self.spaced else 0, "", comment)
            self.lines.append(line)
            if not self.spaced:
                self.waiting.append((line, column))

    def _blank(self) -> None:
        """Keeps one blank line between statements, none at the beginning of a block."""
        above = self.lines[-1] if self.lines else _Line()
        if not self.spaced and above != _Line() and not above.code.endswith(":"):
            self.lines.append(_Line())

    def _begin(self, first: Token, column: int) -> None:
        """A statement begins: it settles which blocks are open."""
        self.statement = self.starts[first.start]
        self.spaced = pieces(self.statement)
        blocks = [*(block for block in self.blocks if block < column), column]
        self.settle(blocks)
        self.blocks = blocks

    def settle(self, blocks: Sequence[int]) -> None:
        """A comment belongs to the statement after it, or to the deepest block ending there that it is indented for."""
        for line, column in self.waiting:
            line.level = max(len(blocks), sum(block <= column for block in self.blocks)) - 1
        self.waiting.clear()

    def _code(self, code: Sequence[Token], comment: str, column: int) -> None:
        level = len(self.blocks) - 1 if code[0] is self.statement[0] else self._continued(code)
        text = "".join(self.spaced[: len(code)]).lstrip()
        self.spaced = self.spaced[len(code) :]
        for token in code:
            if token.text in OPENERS:
                self.opened.append(len(self.lines))
            elif token.text in CLOSERS:
                self.opened.pop()
        self.lines.append(_Line(level, text, comment, column))

    def _continued(self, code: Sequence[Token] | None) -> int:
        """The level of a line within a statement: one more for each line that has open brackets."""
        base = len(self.blocks) - 1
        closers = 0
        while code is not None and closers < len(code) and code[closers].text in CLOSERS:
            closers += 1
        held = len(set(self.opened[: len(self.opened) - closers]))
        if closers:
            return base + held
        return base + max(held, 1) + self._runs_into_block()

    def _runs_into_block(self) -> bool:
        """Whether the last line of a header is no closing bracket, so that only more indentation tells it from the block below."""
        last_line = self.text.rfind("\n", 0, self.statement[-1].start)
        first = next(token for token in self.statement if token.start > last_line)
        return self.statement[-1].text == ":" and first.text not in CLOSERS


def format_source(text: str, name: str = "<text>") -> str:
    """The text as `symc fmt` writes it. Raises DiagnosticError, with everything that is wrong, where it does not parse."""
    _, found = parse(Source(name, text))
    if found:
        raise DiagnosticError(found)
    text = readable(text)
    tokens = scan(text)
    layout = _Layout(text, {line[0].start: line for line in logical_lines(tokens)})
    for row, column in _rows(tokens):
        layout.row(row, column)
    layout.settle([0])
    lines = layout.lines
    while lines and lines[-1] == _Line():
        lines.pop()
    return "".join(line + "\n" for line in _aligned(lines))


def _rows(tokens: Sequence[Token]) -> Iterator[tuple[list[Token], int]]:
    """The tokens of each line of a text, and the column where they begin."""
    row: list[Token] = []
    begin = 0
    for token in tokens:
        if token.kind == "newline":
            yield row, (row[0].start - begin if row else 0)
            row, begin = [], token.end
        else:
            row.append(token)


def _aligned(lines: Sequence[_Line]) -> Iterator[str]:
    """The text of each line; comments behind code begin in one column as long as line follows line, in that of the text if it was one."""
    codes = [" " * (_STEP * line.level) + line.code if line.code else "" for line in lines]
    beside = [bool(line.code and line.comment) for line in lines]
    width = 0
    for index, (line, code) in enumerate(zip(lines, codes, strict=True)):
        if not beside[index]:
            yield code or (" " * (_STEP * line.level) + line.comment if line.comment else "")
            continue
        if index == 0 or not beside[index - 1]:
            end = next((i for i in range(index, len(lines)) if not beside[i]), len(lines))
            width = max(len(code) for code in codes[index:end]) + 2
            columns = {other.column for other in lines[index:end]}
            width = max(width, *columns) if len(columns) == 1 else width
        yield f"{code:<{width}}{line.comment}"
