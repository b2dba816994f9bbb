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
    "E0108": Code("too large", "A text has at most 250,000 characters, a number at most 18 digits."),
    "E0109": Code("not a text", "A `.sym` file is a text in UTF-8."),
    # E02: names and files
    "E0201": Code("a file cannot be read", "The file is missing, is a folder, may not be read, or is too large for a spec."),
    "E0202": Code("a file cannot be written", "The result could not be put in place; what stood there before is untouched."),
    # E04: solving
    "E0401": Code(
        "the maps depend on a free size",
        "A size may stay free where the equivariant maps are the same for every size: perm(S(n)), vector of O(n) and SO(n). Elsewhere their number "
        "changes with n, and the weights with it, so n needs a number.",
    ),
    "E0402": Code(
        "the number of channels is free",
        "Every trivial copy has weights of its own, so their number must be known. Only axes that a group moves can have a free size.",
    ),
    "E0403": Code(
        "the space of maps is not clear",
        "Whether some maps commute with the group hangs on the last digits of the matrices given: a rank, or a gap between eigenvalues, is neither "
        "clearly zero nor clearly not. Give the matrices exactly (integers, or all digits), or a named group.",
    ),
    "E0404": Code(
        "a group too wild for this size",
        "The matrices generate a group that no change of coordinates makes orthogonal. Such maps are found from the constraints written out, which is "
        "done for small representations only.",
    ),
    "E0405": Code("a group or representation out of reach", "The elements of the group, or a matrix of the representation, cannot be computed."),
    "E0490": Code(
        "a solution contradicts its count",
        "Every space of maps is solved, and its dimension counted in another way. Here the two differ, so one of them is wrong, and no answer is given.",
    ),
    # E05: limits
    "E0501": Code(
        "more memory than allowed",
        "The weights, or what is needed to find them, would take more memory than the limit. Nothing was allocated. The limit is 4 GiB, or what "
        "SYMC_MEMORY_LIMIT says, e.g. 8G.",
    ),
    "E0502": Code("too many diagrams", "The space of maps has a closed form with one weight per diagram, and more diagrams than any network needs."),
}
