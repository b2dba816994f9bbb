"""Representations of wreath products: a copy of a representation in every block."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from symc.algebra import sizes as sz
from symc.algebra.groups import Array, Form, Wreath
from symc.algebra.monomial import Monomial
from symc.algebra.names import name_of
from symc.algebra.reps.base import Image, Leaf
from symc.algebra.reps.functors import Conj, Dual
from symc.algebra.reps.subgroups import placed
from symc.algebra.reps.transferred import Transferred
from symc.algebra.sizes import Size


@dataclass(frozen=True, slots=True)
class Blocks(Transferred):
    """n copies of a representation of G, block after block, under G wr S(n). `word` is what the language calls it: perm, vector or blocks."""

    word: str = "blocks"

    @property
    def wreath(self) -> Wreath:
        """The group as what it is."""
        law = self.group.law
        assert isinstance(law, Wreath)
        return law

    @property
    def dim(self) -> Size:
        return sz.product((self.wreath.n, self.rep.dim))

    def of(self, form: Form) -> Image:
        from symc.algebra.elements import Element

        inside, goals = form
        atoms = self.wreath.inner.atoms
        blocks = [self.rep.image(Element(dict(zip(atoms, inside[goal], strict=True)))) for goal in goals.tolist()]
        return placed(goals.tolist(), blocks, sz.number(self.rep.dim))

    def lie_of(self, index: int) -> Array | None:
        from symc.algebra.generators import Generator

        atom, inner = self.wreath.place(index)
        image = self.rep.lie_image(Generator(atom, inner, lie=True))
        if image is None:
            return None
        result = np.zeros((sz.number(self.dim),) * 2, dtype=image.dtype)
        result[: len(image), : len(image)] = image
        return result

    def __str__(self) -> str:
        if name := name_of(self):
            return name
        if self.word == "blocks":
            return f"blocks({self.group}, {self.rep})"
        if isinstance(self.rep, Conj | Dual):  # of what the word stands for
            return str(type(self.rep)(replace(self, rep=self.rep.rep)))
        return f"{self.word}({self.group})"


@dataclass(frozen=True, slots=True)
class Signs(Leaf):
    """C(2) as {1, -1}: what `vector` of C(2) wr S(n), the signed permutations, has in each block."""

    @property
    def dim(self) -> Size:
        return 1

    @property
    def unitary(self) -> bool:
        return True

    def of(self, form: Form) -> Image:
        return Monomial(np.zeros(1, dtype=np.intp), np.array([-1 if form[0] else 1], dtype=np.int8))
