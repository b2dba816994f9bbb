"""What no group moves: an index for one of k trivial copies, and an axis that is carried along."""

from __future__ import annotations

from symc.algebra import reps
from symc.algebra.errors import AlgebraError
from symc.algebra.reps import Rep
from symc.algebra.sizes import Size


def onehot(k: Size) -> Rep:
    """k trivial copies stored as an index."""
    return reps.OneHot(_positive(k, "onehot"))


def axis(size: Size) -> Rep:
    """An axis that is carried along like a batch axis."""
    return reps.Carried(_positive(size, "axis"))


def _positive(size: Size, word: str) -> Size:
    if isinstance(size, int) and size < 1:
        raise AlgebraError(f"{word}({size}): an axis has at least 1 coordinate")
    return size
