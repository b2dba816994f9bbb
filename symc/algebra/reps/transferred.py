"""Representations of one group that are made from one of another."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from symc.algebra.groups import Group
from symc.algebra.reps.base import Leaf, Rep
from symc.algebra.sizes import Size


@dataclass(frozen=True, slots=True)
class Transferred(Leaf):
    """`rep`, of another group, as one of this: pulled back, restricted, induced or in blocks. What it is, orthogonal say, this is too."""

    rep: Rep

    @property
    def dim(self) -> Size:
        return self.rep.dim

    def mapped(self, group: Callable[[Group], Group], size: Callable[[Size], Size]) -> Leaf:
        return replace(self, group=group(self.group), rep=self.rep.mapped(group, size))

    @property
    def is_complex(self) -> bool:
        return self.rep.is_complex

    @property
    def permuted(self) -> bool:
        return self.rep.permuted

    @property
    def unitary(self) -> bool:
        return self.rep.unitary

    @property
    def self_adjoint(self) -> bool:
        return self.rep.self_adjoint

    def dual(self) -> Rep:
        return replace(self, rep=self.rep.dual())

    def conj(self) -> Rep:
        return replace(self, rep=self.rep.conj())
