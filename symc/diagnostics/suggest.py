"""Did you mean: the nearest known name."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

CUTOFF = 0.7  # of difflib's ratio: one letter wrong in a word of four, two in one of seven


def closest(name: str, known: Iterable[str]) -> str | None:
    """The known name nearest to a misspelt one, or None when nothing is near."""
    known = sorted(set(known) - {name})
    folded = {k.lower(): k for k in reversed(known)}
    if name.lower() in folded:
        return folded[name.lower()]
    return next(iter(get_close_matches(name, known, n=1, cutoff=CUTOFF)), None)


def did_you_mean(name: str, known: Iterable[str]) -> tuple[str, ...]:
    """The help line for a misspelt name, as a tuple of zero or one lines."""
    near = closest(name, known)
    return (f"did you mean `{near}`?",) if near else ()
