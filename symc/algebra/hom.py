"""Solved spaces of equivariant maps: a closed union of kinds of `Basis`, each with its certificate.

Between two lists of legs (see `summands`) the groups separate: a `Kron` is one solved factor for every group that occurs, and all matrices on
the trivial legs. A `Split` holds one `Kron` for every pair of summands that has any map. Coordinates of a `Kron` are row-major over
(the factors in order, trivial target legs, trivial source legs); those of a `Split` follow each other, target summands outermost.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from symc.algebra import sizes as sz
from symc.algebra.groups import Group
from symc.algebra.reps import Rep
from symc.algebra.summands import Leg, Summand, positions

Sizes: TypeAlias = Mapping[str, int]
Array: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Certificate:
    """What is known about a solution, each part found without trusting the solver.

    residual: max |rho_out(g) W - W rho_in(g)| over generators and basis, relative, float64; 0.0 where checked in integers or true by construction.
    expected: the dimension counted another way, or None where no way is known; `expected_by` names the way.
    independent: how the basis is known to be linearly independent.
    """

    residual: float
    expected: int | None
    expected_by: str | None
    independent: str | None = None


@dataclass(frozen=True, slots=True)
class Diagram:
    """A set partition of the legs 0..k-1 (source) and k..k+l-1 (target), blocks sorted by least leg.

    Its matrix is 1 where all indices of each block agree. Perfect matchings are the diagrams of O(n). With `determinant` (n legs of the target or
    source) the diagram is multiplied by the Levi-Civita tensor on those legs, which stand in no block.
    """

    blocks: tuple[tuple[int, ...], ...]
    determinant: tuple[int, ...] = ()

    def summed(self, sources: int) -> int:
        """The number of blocks with source legs only: an index summed over for each. Divided by n to this power, the diagram takes means instead
        of sums, and its effect does not grow with n."""
        return sum(block[-1] < sources for block in self.blocks)

    def __str__(self) -> str:
        text = "|".join(" ".join(map(str, block)) for block in self.blocks)
        return text + (f" det({' '.join(map(str, self.determinant))})" if self.determinant else "") or "1"


@dataclass(frozen=True, eq=False)
class Diagrams:
    """Closed-form basis for copies of one leaf (S_n: perm; O(n), SO(n): vector). `sources` and `targets` count its legs; `n` may be free."""

    group: Group
    n: sz.Size
    sources: int
    targets: int
    diagrams: tuple[Diagram, ...]
    method: str  # "partition diagrams" | "Brauer diagrams"
    certificate: Certificate

    @property
    def dim(self) -> int:
        return len(self.diagrams)

    def dense(self, sizes: Sizes | None = None) -> Array:
        """Shape (dim, n, ..., n): target legs, then source legs; integers."""
        n = sz.number(self.n, sizes)
        result = np.zeros((self.dim, *[n] * (self.sources + self.targets)))
        for index, diagram in enumerate(self.diagrams):
            result[index] = diagram_tensor(diagram, self.sources, self.targets, n)
        return result


@dataclass(frozen=True, eq=False)
class Orbits:
    """Weight sharing by a (signed) permutation action: entry (i, j) of W is sign[i, j] * weight[label[i, j]], zero where label is -1."""

    group: Group
    target_shape: tuple[int, ...]
    source_shape: tuple[int, ...]
    dim: int
    label: NDArray[np.int32]  # (prod target_shape, prod source_shape)
    sign: NDArray[np.int8] | None
    certificate: Certificate
    method: str = "orbits"

    def dense(self, sizes: Sizes | None = None) -> Array:
        stack: Array = (self.label[None] == np.arange(self.dim, dtype=np.int32)[:, None, None]).astype(np.float64)
        if self.sign is not None:
            stack = stack * self.sign
        return stack.reshape(self.dim, *self.target_shape, *self.source_shape)


@dataclass(frozen=True, eq=False)
class Isotypic:
    """A canonical orthonormal basis found from isotypic decompositions of both sides, held as `tensor` (dim, target legs, source legs)."""

    group: Group
    tensor: Array
    sources: int
    certificate: Certificate
    method: str = "isotypic"

    @property
    def dim(self) -> int:
        return int(self.tensor.shape[0])

    def dense(self, sizes: Sizes | None = None) -> Array:
        return self.tensor


AtomBasis: TypeAlias = Diagrams | Orbits | Isotypic


@dataclass(frozen=True, slots=True, eq=False)
class Factor:
    """The maps of one group between the legs it acts on: which legs of source and target these are, and their basis."""

    basis: AtomBasis
    source_legs: tuple[int, ...]
    target_legs: tuple[int, ...]


@dataclass(frozen=True)
class Kron:
    """All maps between two lists of legs: a tensor product of one basis a group and all matrices on the trivial legs.

    Sign legs of a diagram basis are one wide and stand among the trivial ones: the basis has accounted for them. The legs determine the rest, so they
    alone are compared.
    """

    source: tuple[Leg, ...]
    target: tuple[Leg, ...]
    factors: tuple[Factor, ...] = field(compare=False)
    source_trivial: tuple[int, ...] = field(compare=False)
    target_trivial: tuple[int, ...] = field(compare=False)

    @cached_property
    def diagram_dim(self) -> int:
        """The dimension apart from trivial legs."""
        return int(np.prod([factor.basis.dim for factor in self.factors], dtype=object))

    @cached_property
    def source_channels(self) -> int:
        return int(np.prod([sz.number(self.source[i].dim) for i in self.source_trivial], dtype=object))

    @cached_property
    def target_channels(self) -> int:
        return int(np.prod([sz.number(self.target[i].dim) for i in self.target_trivial], dtype=object))

    @property
    def dim(self) -> int:
        return self.diagram_dim * self.target_channels * self.source_channels

    def dense(self, sizes: Sizes | None = None) -> Array:
        """Shape (dim, target legs..., source legs...)."""
        l, k = len(self.target), len(self.source)
        result: Array = np.ones((1,))
        axes: list[int] = []
        for factor in self.factors:
            result = _outer(result, factor.basis.dense(sizes))
            axes += [*factor.target_legs, *(l + i for i in factor.source_legs)]
        for legs, trivial, offset in ((self.target, self.target_trivial, 0), (self.source, self.source_trivial, l)):
            for i in trivial:
                result = _outer(result, np.eye(sz.number(legs[i].dim, sizes)))
                axes.append(offset + i)
        order = [axes.index(axis) + 1 for axis in range(l + k)]
        return np.ascontiguousarray(result.transpose(0, *order)) + 0.0  # no -0.0 where a zero met a sign


@dataclass(frozen=True, slots=True)
class Entry:
    """The maps from one summand of one source to one summand of one target."""

    target: int
    target_summand: Summand
    source: int
    source_summand: Summand
    basis: Kron


@dataclass(frozen=True, repr=False)
class Split:
    """All equivariant maps from a direct sum of sources to a direct sum of targets. Entries with no map are left out. Compared by the two sums."""

    sources: tuple[Rep, ...]
    targets: tuple[Rep, ...]
    entries: tuple[Entry, ...] = field(compare=False)
    certificate: Certificate = field(compare=False)

    @property
    def dim(self) -> int:
        return sum(entry.basis.dim for entry in self.entries)

    @property
    def method(self) -> str:
        methods = dict.fromkeys(factor.basis.method for entry in self.entries for factor in entry.basis.factors)
        return " + ".join(methods) or ("all matrices" if self.entries else "no map")

    def __repr__(self) -> str:
        sources, targets = (", ".join(map(str, reps)) or "()" for reps in (self.sources, self.targets))
        return f"Split({sources} -> {targets}, dim {self.dim}, {self.method})"

    def dense(self, sizes: Sizes | None = None) -> Array:
        """Shape (dim, d_out, d_in): every basis map as a matrix on the sum of targets and the sum of sources."""
        rows = np.cumsum([0, *(sz.number(rep.dim, sizes) for rep in self.targets)])
        columns = np.cumsum([0, *(sz.number(rep.dim, sizes) for rep in self.sources)])
        result, start = np.zeros((self.dim, rows[-1], columns[-1])), 0
        for entry in self.entries:
            block = entry.basis.dense(sizes)
            row = positions(self.targets[entry.target], entry.target_summand.choice, sizes).ravel() + rows[entry.target]
            column = positions(self.sources[entry.source], entry.source_summand.choice, sizes).ravel() + columns[entry.source]
            result[start : start + len(block), row[:, None], column] = block.reshape(len(block), len(row), len(column))
            start += len(block)
        return result


Basis: TypeAlias = AtomBasis | Kron | Split


def diagram_tensor(diagram: Diagram, sources: int, targets: int, n: int) -> Array:
    """The diagram as an array with target legs first, then source legs, each of size n."""
    legs = sources + targets
    axis = [leg - sources if leg >= sources else leg + targets for leg in range(legs)]  # leg -> axis of the result
    result = np.ones((n,) * legs)
    grid = np.indices((n,) * legs, sparse=True)
    for block in diagram.blocks:
        for other in block[1:]:
            result = result * (grid[axis[block[0]]] == grid[axis[other]])
    if diagram.determinant:
        result = result * levi_civita([grid[axis[leg]] for leg in diagram.determinant])
    return result


def levi_civita(indices: list[NDArray[np.intp]]) -> Array:
    """The sign of the permutation (i_1, ..., i_n), zero where two agree; the index arrays are broadcast."""
    result = np.ones(())
    for a in range(len(indices)):
        for b in range(a + 1, len(indices)):
            result = result * np.sign(indices[b] - indices[a])
    return np.asarray(result, dtype=np.float64)


def _outer(left: Array, right: Array) -> Array:
    """(a, X) and (b, Y) to (a*b, X, Y)."""
    product = np.moveaxis(np.multiply.outer(left, right), left.ndim, 1)
    return product.reshape(left.shape[0] * right.shape[0], *left.shape[1:], *right.shape[1:])


__all__ = [
    "AtomBasis",
    "Basis",
    "Certificate",
    "Diagram",
    "Diagrams",
    "Entry",
    "Factor",
    "Isotypic",
    "Kron",
    "Orbits",
    "Split",
    "diagram_tensor",
    "levi_civita",
]
