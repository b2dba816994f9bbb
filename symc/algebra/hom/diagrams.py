"""Closed-form bases: diagrams that say which legs are contracted, copied or joined."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from symc.algebra import sizes as sz
from symc.algebra.groups import Group
from symc.algebra.hom.basis import Array, AtomSpace, Certificate, Sizes
from symc.algebra.sizes import Size

Block: TypeAlias = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Diagram:
    """A set partition of the legs 0..k-1 (source) and k..k+l-1 (target), blocks sorted by least leg.

    Its matrix is 1 where all indices of each block agree. Perfect matchings are the diagrams of O(n). With `determinant` (n blocks, or n - 1, in
    which the index that is left out is completed) the diagram is multiplied by the sign of the permutation of their indices: the Levi-Civita tensor.
    """

    blocks: tuple[Block, ...]
    determinant: tuple[Block, ...] = ()

    def summed(self, sources: int) -> int:
        """The number of blocks with source legs only: an index summed over for each. Divided by n to this power, the diagram takes means instead
        of sums, and its effect does not grow with n."""
        return sum(block[-1] < sources for block in self.blocks)

    def __str__(self) -> str:
        text = "|".join(" ".join(map(str, block)) for block in self.blocks)
        between = " " if all(len(block) == 1 for block in self.determinant) else "|"
        joined = between.join(" ".join(map(str, block)) for block in self.determinant)
        return text + (f" det({joined})" if self.determinant else "") or "1"


@dataclass(frozen=True, eq=False)
class Diagrams(AtomSpace):
    """A basis for copies of one leaf of dimension n, which may be free. `sources` and `targets` count its legs, numbered from the source on.

    Partitions stand in lexicographic order of the strings that name for every leg the block it is in, blocks numbered by least leg; matchings in
    that of the partners of the legs 0, 1, ...; those with a determinant come last. With `symplectic`, a pair of two source or two target legs is
    the form J of Sp(n) instead of the identity.
    """

    group: Group
    n: Size
    sources: int
    targets: int
    diagrams: tuple[Diagram, ...]
    method: str
    certificate: Certificate
    symplectic: bool = False

    @property
    def dim(self) -> int:
        return len(self.diagrams)

    @property
    def source_shape(self) -> tuple[Size, ...]:
        return (self.n,) * self.sources

    @property
    def target_shape(self) -> tuple[Size, ...]:
        return (self.n,) * self.targets

    @property
    def plain(self) -> bool:
        """Are all diagrams contractions and copies, without determinants and forms?"""
        return not self.symplectic and not any(diagram.determinant for diagram in self.diagrams)

    def dense(self, sizes: Sizes | None = None) -> Array:
        """Shape (dim, n, ..., n): target legs, then source legs; integers."""
        n = sz.number(self.n, sizes)
        result = np.zeros((self.dim, *[n] * (self.sources + self.targets)))
        for index, diagram in enumerate(self.diagrams):
            result[index] = diagram_tensor(diagram, self.sources, self.targets, n, symplectic=self.symplectic)
        return result


def diagram_tensor(diagram: Diagram, sources: int, targets: int, n: int, *, symplectic: bool = False) -> Array:
    """The diagram as an array with target legs first, then source legs, each of size n."""
    legs = sources + targets
    axis = [leg - sources if leg >= sources else leg + targets for leg in range(legs)]  # leg -> axis of the result
    result = np.ones((n,) * legs)
    grid = np.indices((n,) * legs, sparse=True)
    for block in diagram.blocks + diagram.determinant:
        for other in block[1:]:
            first, second = grid[axis[block[0]]], grid[axis[other]]
            one_side = (block[0] < sources) == (other < sources)
            result = result * ((second - first == n // 2) * 1.0 - (first - second == n // 2) if symplectic and one_side else first == second)
    if diagram.determinant:
        result = result * levi_civita([grid[axis[block[0]]] for block in diagram.determinant], n)
    return result


def levi_civita(indices: list[NDArray[np.intp]], n: int | None = None) -> Array:
    """The sign of the permutation (i_1, ..., i_n), zero where two agree; the index arrays are broadcast. Of n - 1 indices the last is completed."""
    if n is not None and len(indices) == n - 1:
        missing = np.asarray(n * (n - 1) // 2 - sum(indices, np.zeros((), dtype=np.intp)))
        indices = [*indices, missing]
    result = np.ones(())
    for a in range(len(indices)):
        for b in range(a + 1, len(indices)):
            result = result * np.sign(indices[b] - indices[a])
    return np.asarray(result, dtype=np.float64)
