"""Where spaces stand in a line of code.

Sums and arrows have spaces, products have them among tensors (`w * r`) and none among types (`X*c`), so that a type reads as one word.
"""

from __future__ import annotations

from collections.abc import Sequence

from symc.grammar.scan import ASCII, CLOSERS, DECLARATIONS, OPENERS, RESERVED, SUPERSCRIPTS, Token

_SPACED = frozenset({"+", "->", "==", "!=", "<=", ">=", "<", ">"})
_PRODUCTS = frozenset({"*", "/"})
_NO_OPERAND = _SPACED | _PRODUCTS | set(OPENERS) | {",", "=", ":", "-", "..", "^"}
_TIGHT = frozenset({"^", ".", ".."})


def pieces(line: Sequence[Token]) -> list[str]:
    """The text of each token of a logical line with the spaces before it; Unicode operators become ASCII."""
    texts = [_text(token) for token in line]
    wide = _wide(texts)
    return [" " * _gap(line, texts, wide, index) + text for index, text in enumerate(texts)]


def _text(token: Token) -> str:
    if token.kind == "superscript":
        return "^" + token.text.translate(SUPERSCRIPTS)
    return ASCII.get(token.text, token.text)


def _wide(texts: Sequence[str]) -> list[bool]:
    """For each token whether it is an operator with a space on both sides."""
    declares = texts[0] in DECLARATIONS
    header = declares and texts[2:3] == ["["]  # `[c = 32]` after the name: parameters, which have spaces around `=`
    among_tensors = [texts[0] == "return"]
    wide = []
    for index, text in enumerate(texts):
        depth = len(among_tensors) - 1
        if text in CLOSERS:
            among_tensors.pop()
            header = header and depth > 1
        assigns = text == "=" and (depth == 0 or (header and depth == 1))
        subtracts = text == "-" and not _is_sign(texts, index)
        wide.append(text in _SPACED or assigns or subtracts or (text in _PRODUCTS and among_tensors[-1]))
        if text in OPENERS:
            among_tensors.append(among_tensors[-1] and text != "[")
        elif assigns and not declares and depth == 0:
            among_tensors[-1] = True
    return wide


def _is_sign(texts: Sequence[str], index: int) -> bool:
    """Whether the minus at an index has nothing on its left to subtract from."""
    return index == 0 or texts[index - 1] in _NO_OPERAND or _is_keyword(texts, index - 1)


def _is_keyword(texts: Sequence[str], index: int) -> bool:
    return index == 0 and texts[0] in RESERVED


def _gap(line: Sequence[Token], texts: Sequence[str], wide: Sequence[bool], index: int) -> int:
    """How many spaces stand before a token."""
    if index == 0:
        return 0
    before, here = texts[index - 1], texts[index]
    if before == "rep" and index == 1:
        return 3  # names of reps under names of groups
    if here == "." and line[index - 1].kind == "number" and line[index + 1].kind == "number":
        return 1  # `1 .5` is not the float
    if before in OPENERS or here in CLOSERS or here in (",", ":"):
        return 0
    if wide[index] or wide[index - 1] or before in (",", ":"):
        return 1
    if before in _TIGHT or here in _TIGHT or line[index].kind == "superscript":
        return 0
    if here in OPENERS or here == "-":
        return 1 if _is_keyword(texts, index - 1) else 0
    words = ("word", "string", "number")
    return 1 if line[index].kind in words and line[index - 1].kind in words else 0
