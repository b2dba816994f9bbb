"""How the user wrote a value, for a help that can be pasted."""

from __future__ import annotations

import re

from symc.ir.graph import Value

NAME = re.compile(r"[^\W\d]\w*(\.\w+)*")
LONGEST = 60


def written(value: Value) -> str:
    """Its name, or the expression, with the target of a `linear` that what surrounds it has said; `...` where neither can be told."""
    if NAME.fullmatch(value.name):
        return value.name
    text = value.span.text if value.span is not None else ""
    if not text or len(text) > LONGEST or "\n" in text or ("linear" in text and re.search(r"\b(sum|mean|max)\[", text)):
        return "..."
    text = re.sub(r"\blinear\(", f"linear[{value.type}](", text)
    return re.sub(r"\blinear\[(?=\w+=)", f"linear[{value.type}, ", text)


def factor(text: str) -> str:
    """An expression as a factor: in brackets where an operator stands outside all brackets."""
    depth = 0
    for character in text:
        depth += (character in "([") - (character in ")]")
        if depth == 0 and character in "+-*/^":
            return f"({text})"
    return text
