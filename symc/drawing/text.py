"""How wide text is, without fonts: by letters, as wide as in the widest of the common sans-serif faces, so that nothing that is drawn overlaps."""

from __future__ import annotations

from itertools import accumulate

FAMILY = "Helvetica, Arial, 'DejaVu Sans', sans-serif"
BOLD = 1.12  # of the width of plain letters

_WIDTHS = {**dict.fromkeys("fijlrt.,:;|!'`()[]{}- ", 0.42), **dict.fromkeys("mMwW@%", 1.0), **dict.fromkeys("+=<>^~×→−…", 0.84)}


def width(text: str, size: float, *, bold: bool = False) -> float:
    """An upper estimate of the width of a line at a font size."""
    return sum(map(_em, text)) * size * (BOLD if bold else 1.0)


def _em(letter: str) -> float:
    if letter in _WIDTHS:
        return _WIDTHS[letter]
    if letter > "\u2e80":  # scripts whose letters are square
        return 1.0
    return 0.8 if letter.isupper() or not letter.isascii() else 0.64


def clipped(text: str, size: float, limit: float) -> str:
    """The text, or as much of it as fits, and an ellipsis."""
    if width(text, size) <= limit:
        return text
    ends = accumulate((_em(letter) * size for letter in text), initial=width("…", size))
    return text[: sum(end <= limit for end in ends) - 1] + "…"
