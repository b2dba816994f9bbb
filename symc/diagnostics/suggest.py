"""Did you mean: the nearest known name."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


def closest(name: str, known: Iterable[str]) -> str | None:
    """The known name nearest to a misspelt one, or None when nothing is near."""
    known = sorted(set(known))
    folded = {k.lower(): k for k in reversed(known)}
    if name.lower() in folded and folded[name.lower()] != name:
        return folded[name.lower()]
    return next(iter(get_close_matches(name, known, n=1, cutoff=0.6)), None)


def did_you_mean(name: str, known: Iterable[str]) -> tuple[str, ...]:
    """The help line for a misspelt name, as a tuple of zero or one lines."""
    near = closest(name, known)
    return (f"did you mean `{near}`?",) if near else ()
