"""What a finite group does to (Z/m)^n by integer matrices modulo m."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from symc.algebra.groups.base import Array, Form, Group

if TYPE_CHECKING:
    from collections.abc import Mapping

    from symc.algebra.enumeration import Enumeration


@dataclass(frozen=True, slots=True)
class Residues:
    """One matrix for every generator. They keep the relations of the group modulo m, though over the integers they need not: 2^3 = 1 modulo 7."""

    group: Group
    images: tuple[tuple[tuple[int, ...], ...], ...]
    modulus: int

    def matrix(self, form: Form) -> Array:
        """Shape (n, n): integers from 0 to m - 1."""
        listed, images = _table(self)
        return images[listed.index(form)]

    def letters(self) -> list[Array]:
        """The matrices of the generators."""
        return [np.array(image, dtype=np.intp) for image in self.images]

    def at(self, sizes: Mapping[str, int]) -> Residues:
        """Of a finite group of known size, so that no size is free."""
        return self

    def __str__(self) -> str:
        return f"rep({', '.join([str(self.group), *(str([list(row) for row in image]) for image in self.images)])})"


@lru_cache(maxsize=32)
def _table(residues: Residues) -> tuple[Enumeration, list[Array]]:
    """The elements of the group and their matrices."""
    from symc.algebra.enumeration import enumerate_group

    listed = enumerate_group(residues.group)
    return listed, listed.images(residues.letters(), residues.modulus)
