"""What the text at hand calls its representations, so that types are shown as their author wrote them: `X*3`, not `perm(P)*3`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from types import MappingProxyType

_NAMES: ContextVar[Mapping[object, str]] = ContextVar("names", default=MappingProxyType({}))


@contextmanager
def named(names: Iterable[tuple[object, str]]) -> Iterator[None]:
    """Within, `str` of a representation that has a name is that name."""
    token = _NAMES.set(dict(names))
    try:
        yield
    finally:
        _NAMES.reset(token)


def name_of(rep: object) -> str | None:
    """The name of a representation in the text at hand, if it has one."""
    return _NAMES.get().get(rep)
