"""Every diagnostic code: what it means in general. The record at hand says what it means here.

E01 text and syntax, E02 names and files, E03 types and equivariance, E04 solving, E05 limits, E06 call time, E09 not supported yet; W warnings.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Code:
    """A code's general title and its explanation, as printed by `symc explain CODE`."""

    title: str
    explanation: str


CODES: dict[str, Code] = {
    # E01: text and syntax
    "E0101": Code("unexpected text", "The parser met something that cannot stand here. The label says what could."),
    "E0102": Code(
        "refused character",
        "Tabs, NUL, non-breaking spaces and other invisible characters are refused, since two files that look the same would mean different things. "
        "Indent with spaces.",
    ),
    "E0103": Code(
        "bad indentation",
        "A declaration begins in the first column. The line after a header that ends in `:` is indented further than the header, and every statement "
        "of a block begins in the same column.",
    ),
    "E0104": Code(
        "nested too deeply",
        "Brackets, blocks and operators may be nested a hundred deep. A sum of n terms is n deep. Give a part a name, with `rep` or in a statement, "
        "and use the name.",
    ),
    "E0105": Code(
        "something from another language",
        "The text uses a habit from Python, PyTorch, e3nn or einops that `.sym` says in another way; the help shows how.",
    ),
    "E0106": Code("brackets do not match", "Every `(` needs its `)` and every `[` its `]`, within one declaration and in the right order."),
    "E0107": Code(
        "a word of the language as a name",
        "`import as group rep weights extern model let return repeat if else` are words of the language and name nothing else.",
    ),
    "E0108": Code("too large", "A text has at most a million characters, a number at most 18 digits."),
    "E0109": Code("not a text", "A `.sym` file is a text in UTF-8."),
}
