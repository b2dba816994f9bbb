"""Which representations ask for elements as words in the generators."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from symc.algebra import groups as g
from symc.algebra.enumeration import enumerate_group
from symc.algebra.errors import GroupTooLarge
from symc.algebra.groups import Group
from symc.algebra.reps import Images, Rep, walk


def needs_words(reps: Iterable[Rep]) -> bool:
    """Is one of them given by images of generators, of a group whose elements are not listed? It can be asked only for elements that are words."""
    return any(isinstance(part, Images) and _without_elements(part.group) for rep in reps for part in walk(rep))


def _without_elements(group: Group) -> bool:
    return isinstance(group.law, g.Generated) or not _is_listed(group)


@lru_cache(maxsize=256)
def _is_listed(group: Group) -> bool:
    try:
        enumerate_group(group)
    except GroupTooLarge:
        return False
    return True
