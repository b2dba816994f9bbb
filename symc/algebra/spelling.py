"""Which representations ask for elements as words in the generators."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from symc.algebra import groups as g
from symc.algebra.enumeration import enumerate_group
from symc.algebra.errors import GroupTooLarge
from symc.algebra.groups import Group
from symc.algebra.reps import Functor, Images, Induced, Rep, Restricted


def needs_words(reps: Iterable[Rep]) -> bool:
    """Is one of them given by images of generators, of a group whose elements are not listed? It can be asked only for elements that are words."""
    return any(map(_needs_words, reps))


def _needs_words(rep: Rep) -> bool:
    match rep:
        case Images(group):
            return isinstance(group.law, g.Generated) or not _is_listed(group)
        case Functor(inner) | Restricted(_, inner) | Induced(_, inner):
            return _needs_words(inner)
        case _:
            return any(_needs_words(part) for name in ("terms", "factors") for part in getattr(rep, name, ()))


@lru_cache(maxsize=256)
def _is_listed(group: Group) -> bool:
    try:
        enumerate_group(group)
    except GroupTooLarge:
        return False
    return True
