"""Bases of wreath products: partitions of the legs, with a map of the inner group on every part."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from math import prod
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from symc.algebra import sizes as sz
from symc.algebra.groups import Group
from symc.algebra.hom.basis import Array, AtomSpace, Certificate, Sizes
from symc.algebra.hom.diagrams import Block
from symc.algebra.sizes import Size

if TYPE_CHECKING:
    from symc.algebra.hom.sums import Split

Term: TypeAlias = "tuple[tuple[Block, ...], tuple[Split, ...]]"  # the parts of a partition of the legs, and the inner maps on each


@dataclass(frozen=True, eq=False)
class Nested(AtomSpace):
    """A map for every partition and every choice of inner maps, in that order; n, the number of blocks, may be free.

    A leg has n * inner coordinates; `target_inner` and `source_inner` say how many each leg has in a block.
    """

    group: Group
    n: Size
    target_inner: tuple[Size, ...]
    source_inner: tuple[Size, ...]
    terms: tuple[Term, ...]
    certificate: Certificate
    method: str = "nested diagrams"

    @property
    def dim(self) -> int:
        return sum(prod(split.dim for split in inside) for _, inside in self.terms)

    @property
    def target_shape(self) -> tuple[Size, ...]:
        return tuple(sz.product((self.n, inner)) for inner in self.target_inner)

    @property
    def source_shape(self) -> tuple[Size, ...]:
        return tuple(sz.product((self.n, inner)) for inner in self.source_inner)

    @property
    def is_complex(self) -> bool:
        entries = (entry for _, inside in self.terms for split in inside for entry in split.entries)
        return any(factor.basis.is_complex for entry in entries for factor in entry.basis.factors)

    @property
    def free(self) -> frozenset[str]:
        """The names of the free sizes."""
        return frozenset().union(*(sz.free_names(size) for size in self.target_shape + self.source_shape))

    @property
    def entries(self) -> int:
        """Of one map, at known sizes."""
        return sz.number(sz.product(self.target_shape + self.source_shape))

    def dense(self, sizes: Sizes | None = None) -> Array:
        n = sz.number(self.n, sizes)
        inner = [sz.number(size, sizes) for size in (*self.source_inner, *self.target_inner)]  # by leg
        result = [np.zeros((0, *(size for one in inner for size in (n, one))))]
        for partition, inside in self.terms:
            shapes = [_legs_shape(part, inner, len(self.source_inner)) for part in partition]
            bases = [split.dense(sizes).reshape(split.dim, *shape) for split, shape in zip(inside, shapes, strict=True)]
            for chosen in product(*bases):
                result.append(_placed(partition, chosen, n, inner, len(self.source_inner))[None])
        k = len(self.source_inner)
        stack = np.concatenate(result)
        axes = [axis for leg in (*range(k, len(inner)), *range(k)) for axis in (1 + 2 * leg, 2 + 2 * leg)]
        shape = [n * inner[leg] for leg in (*range(k, len(inner)), *range(k))]
        return np.ascontiguousarray(stack.transpose(0, *axes)).reshape(len(stack), *shape)


def _legs_shape(part: Block, inner: list[int], sources: int) -> list[int]:
    """The axes of an inner map: target legs of the part, then its source legs."""
    return [inner[leg] for leg in part if leg >= sources] + [inner[leg] for leg in part if leg < sources]


def _placed(partition: tuple[Block, ...], chosen: tuple[Array, ...], n: int, inner: list[int], sources: int) -> Array:
    """Shape (n, inner) for every leg: the product of inner maps where the blocks of the legs of each part are one."""
    result = np.ones((1,) * (2 * len(inner)))
    for part, basis in zip(partition, chosen, strict=True):
        order = [leg for leg in part if leg >= sources] + [leg for leg in part if leg < sources]
        shape = [1] * (2 * len(inner))
        for leg in part:
            shape[2 * leg + 1] = inner[leg]
        result = result * basis.transpose(np.argsort(order)).reshape(shape)
        for leg in part:
            index = [1] * (2 * len(inner))
            index[2 * leg] = n
            other = [1] * (2 * len(inner))
            other[2 * part[0]] = n
            if leg != part[0]:
                result = result * (np.arange(n).reshape(index) == np.arange(n).reshape(other))
    return np.broadcast_to(result, [size for one in inner for size in (n, one)])
