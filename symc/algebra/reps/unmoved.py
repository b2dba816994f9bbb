"""Axes that no group moves, but for trivial copies: what they are beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, is_dataclass, replace

from symc.algebra import sizes as sz
from symc.algebra.groups import Group
from symc.algebra.monomial import Monomial
from symc.algebra.reps.base import Image, Rep, Trivial
from symc.algebra.sizes import Size


@dataclass(frozen=True, slots=True)
class OneHot(Trivial):
    """k trivial copies, one of which is 1 and the others 0: stored as its index."""

    def __str__(self) -> str:
        return f"onehot({sz.show(self.k)})"


@dataclass(frozen=True, slots=True)
class Carried(Rep):
    """An axis carried along like a batch axis: nothing moves it, and no linear map mixes along it."""

    size: Size

    @property
    def dim(self) -> Size:
        return self.size

    @property
    def groups(self) -> tuple[Group, ...]:
        return ()

    def mapped(self, group: Callable[[Group], Group], size: Callable[[Size], Size]) -> Carried:
        return replace(self, size=size(self.size))

    @property
    def permuted(self) -> bool:
        return True

    def image(self, element: object) -> Image:
        return Monomial.identity(sz.number(self.size))

    def dual(self) -> Carried:
        return self

    def __str__(self) -> str:
        return f"axis({sz.show(self.size)})"


def within(rep: Rep) -> Iterator[Rep]:
    """The representations that one is made of, at any depth, without itself."""
    held: list[object] = [getattr(rep, field.name) for field in fields(rep)] if is_dataclass(rep) else []
    for part in held:
        for inner in part if isinstance(part, tuple) else (part,):
            if isinstance(inner, Rep):
                yield inner
                yield from within(inner)
