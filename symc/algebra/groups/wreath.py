"""Wreath products G wr S(n): n copies of a group, and the permutations of the copies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from symc.algebra import sizes as sz
from symc.algebra.groups.base import Atom, Form, Group, Rng
from symc.algebra.groups.symmetric import Symmetric
from symc.algebra.sizes import Size


@dataclass(frozen=True, slots=True)
class Wreath(Atom):
    """wreath(G, S(n)): an element is (g, p): p permutes the n blocks, then g[j], a tuple with a form for every atom of G, acts on block j.

    Generators: those of G on block 0, then (0 1) and (0 1 ... n-1) of the blocks.
    """

    inner: Group
    n: Size

    @property
    def blocks(self) -> Symmetric:
        """The group that permutes the blocks."""
        return Symmetric(self.n)

    @property
    def discrete(self) -> int:
        return self.inner.discrete + 2

    @property
    def lie(self) -> Size:
        return self.inner.lie

    @property
    def order(self) -> Size | None:
        inner = self.inner.order
        if inner is None:
            return None
        return sz.normal(inner**self.n * self.blocks.order) if isinstance(self.n, int) else inner**self.n * self.blocks.order

    @property
    def free(self) -> frozenset[str]:
        return sz.free_names(self.n) | self.inner.free

    def at(self, sizes: Mapping[str, int]) -> Group:
        n = sz.at(self.n, sizes)
        if n == 0:
            raise sz.SizeError(f"{self} has no meaning where {sz.show(self.n)} = 0")
        return replace(self, inner=self.inner.at(sizes), n=n)

    def _one(self) -> tuple[Form, ...]:
        return tuple(atom.law.identity() for atom in self.inner.atoms)

    def identity(self) -> Form:
        return (self._one(),) * sz.number(self.n), self.blocks.identity()

    def generator(self, index: int) -> Form:
        for position, atom in enumerate(self.inner.atoms):
            if index < atom.discrete:
                return self._on_first_block(position, atom.law.generator(index))
            index -= atom.discrete
        return self.identity()[0], self.blocks.generator(index)

    def exponential(self, coefficients: ArrayLike) -> Form:
        weights, result = np.asarray(coefficients, dtype=np.float64), self.identity()
        for position, atom in enumerate(self.inner.atoms):
            count = sz.number(atom.lie)
            if count:
                result = self.product(self._on_first_block(position, atom.law.exponential(weights[:count])), result)
            weights = weights[count:]
        return result

    def _on_first_block(self, position: int, form: Form) -> Form:
        one = self._one()
        return ((*one[:position], form, *one[position + 1 :]), *(one for _ in range(sz.number(self.n) - 1))), self.blocks.identity()

    def product(self, left: Form, right: Form) -> Form:
        (g, p), (h, q) = left, right
        back = np.argsort(p)
        return tuple(self._multiply(g[j], h[back[j]]) for j in range(len(g))), p[q]

    def _multiply(self, left: Form, right: Form) -> Form:
        return tuple(atom.law.product(a, b) for atom, a, b in zip(self.inner.atoms, left, right, strict=True))

    def inverse(self, form: Form) -> Form:
        g, p = form
        return tuple(tuple(atom.law.inverse(a) for atom, a in zip(self.inner.atoms, g[j], strict=True)) for j in p), np.argsort(p)

    def random(self, rng: Rng) -> Form:
        blocks = tuple(tuple(atom.law.random(rng) for atom in self.inner.atoms) for _ in range(sz.number(self.n)))
        return blocks, self.blocks.random(rng)

    def key(self, form: Form) -> bytes:
        g, p = form
        return bytes(p.tobytes()) + b"".join(atom.law.key(a) for block in g for atom, a in zip(self.inner.atoms, block, strict=True))

    def place(self, index: int) -> tuple[Group, int]:
        """The atom of G to which a Lie algebra generator belongs, and its index there."""
        for atom in self.inner.atoms:
            if index < (count := sz.number(atom.lie)):
                return atom, index
            index -= count
        raise IndexError(index)

    def generator_name(self, index: int) -> str:
        for atom in self.inner.atoms:
            if index < atom.discrete:
                return f"{atom.law.generator_name(index)} on block 0"
            index -= atom.discrete
        return f"{self.blocks.generator_name(index)} of the blocks"

    def lie_name(self, index: int) -> str:
        atom, inside = self.place(index)
        return f"{atom.law.lie_name(inside)} on block 0"

    def show(self, form: Form) -> str:
        g, p = form
        inside = "; ".join(", ".join(atom.law.show(a) for atom, a in zip(self.inner.atoms, block, strict=True)) for block in g)
        return f"({inside}) after {self.blocks.show(p)} of the blocks"

    def __str__(self) -> str:
        return f"wreath({self.inner}, S({sz.show(self.n)}))"
