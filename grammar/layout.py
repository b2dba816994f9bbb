"""Indentation as tokens: what stands between lark's lexer and its parser."""

from __future__ import annotations

from collections.abc import Iterator

from lark import Token
from lark.exceptions import LarkError

_OPEN = frozenset({"LPAR", "LSQB"})
_CLOSE = frozenset({"RPAR", "RSQB"})
_CONTINUES = frozenset({"PLUS", "MINUS", "TIMES", "SLASH", "CARET", "COMMA", "EQUAL", "ARROW", "COMPARE"})


class LayoutError(LarkError):
    """A line that begins in a column where no open block does."""

    def __init__(self, position: int, width: int, blocks: tuple[int, ...]):
        self.position, self.width, self.blocks = position, width, blocks
        super().__init__(position, width, blocks)


class Layout:
    """Turns line ends into NEWLINE, INDENT and DEDENT; drops those inside brackets and after an operator, `,` or `=`."""

    always_accept = ("NEWLINE",)

    def process(self, stream: Iterator[Token]) -> Iterator[Token]:
        blocks, depth, last = [0], 0, ""
        for token in stream:
            if token.type != "NEWLINE":
                depth += (token.type in _OPEN) - (token.type in _CLOSE)
                last = token.type
                yield token
                continue
            if depth > 0 or last in _CONTINUES:
                continue
            yield token
            width = len(token) - token.rfind("\n") - 1
            end = Token.new_borrow_pos("DEDENT", "", token)
            end.start_pos = end.end_pos = token.end_pos
            if width > blocks[-1]:
                blocks.append(width)
                yield end.update(type="INDENT")
            while width < blocks[-1]:
                blocks.pop()
                if width > blocks[-1]:
                    raise LayoutError(token.end_pos or 0, width, tuple(blocks))
                yield end
        for _ in blocks[1:]:
            yield Token("DEDENT", "")
