"""What a representation is made of."""

from __future__ import annotations

from collections.abc import Iterator

from symc.algebra.reps.base import Rep, Sum, Tensor


def walk(rep: Rep) -> Iterator[Rep]:
    """The representation itself, then everything it is made of: terms, factors, and what a functor, a point or a subgroup makes something of."""
    yield rep
    match rep:
        case Sum(inner) | Tensor(inner):
            parts = inner
        case _:
            parts = tuple(part for name in ("rep", "vector") if isinstance(part := getattr(rep, name, None), Rep))
    for part in parts:
        yield from walk(part)
