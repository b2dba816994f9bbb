"""Layers on tensors over n points as one would write them in PyTorch by hand, from what reads off the definition to the fastest form known.

x is (batch, n, ..., n, channels) with k axes of points, the result has l of them. A diagram is a partition of the k + l legs into blocks: the source
legs of a block read a diagonal, which goes through to the target where the block reaches it and is averaged where it does not; the target legs of a
block write a diagonal (Maron et al. 2019, "Invariant and equivariant graph networks"). Biases are the diagrams of the target alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import compress, permutations, product
from typing import TypeAlias

import torch
from torch import Tensor, nn

Block: TypeAlias = tuple[int, ...]
Blocks: TypeAlias = tuple[Block, ...]


def partitions(legs: int) -> list[Blocks]:
    """All set partitions of 0, ..., legs - 1, blocks in the order of their least legs."""
    found: list[Blocks] = [()]
    for leg in range(legs):
        found = [new for blocks in found for new in _with(blocks, leg)]
    return found


def _with(blocks: Blocks, leg: int) -> Iterator[Blocks]:
    for at, block in enumerate(blocks):
        yield (*blocks[:at], (*block, leg), *blocks[at + 1 :])
    yield (*blocks, (leg,))


def diagonal(x: Tensor, blocks: Blocks) -> Tensor:
    """The entries of x whose indices agree within each block, (batch, n, ..., n, c) with an axis a block: a view, to read or to write."""
    axes = ["batch", *sorted(leg for block in blocks for leg in block), "channels"]
    for first, *others in blocks:
        for leg in others:
            x = x.diagonal(0, axes.index(first), axes.index(leg))
            axes = [axis for axis in axes if axis not in (first, leg)] + [first]
    return x.permute([axes.index(axis) for axis in ("batch", *(block[0] for block in blocks), "channels")])


def along(y: Tensor, through: Blocks, blocks: Blocks) -> Tensor:
    """y has an axis for each of `through`, target blocks in any order: an axis for each of `blocks` instead, of size 1 where it is constant."""
    y = y.permute(0, *[1 + through.index(block) for block in blocks if block in through], -1)
    for at, block in enumerate(blocks):
        y = y if block in through else y.unsqueeze(1 + at)
    return y


def spread(y: Tensor, blocks: Blocks, n: int) -> Tensor:
    """An axis a block -> an axis a leg of the target, zero off the diagonals; where there are none it is y, of size 1 where constant."""
    legs = sum(map(len, blocks))
    if len(blocks) == legs:
        return y
    out = y.new_zeros(y.shape[0], *[n] * legs, y.shape[-1])
    diagonal(out, blocks).copy_(y)
    return out


class Diagrams(nn.Module):
    """The weights: a matrix of channels for each diagram, in the order of `partitions(k + l)`, and a bias for each partition of the target."""

    def __init__(self, sources: int, targets: int, inside: int, outside: int) -> None:
        super().__init__()
        self.sources, self.targets = sources, targets
        diagrams = partitions(sources + targets)
        self.cut = [self.cut_of(blocks) for blocks in diagrams]
        self.weight = nn.Parameter(torch.randn(len(diagrams), inside, outside) * (inside * len(diagrams)) ** -0.5)
        self.bias = nn.Parameter(torch.zeros(len(partitions(targets)), outside))

    def cut_of(self, blocks: Blocks) -> tuple[Blocks, Blocks, Blocks, Blocks]:
        """A diagram as source blocks that go through, the target blocks they go to, source blocks averaged, and all target blocks."""
        k = self.sources
        halves = [(tuple(leg for leg in block if leg < k), tuple(leg - k for leg in block if leg >= k)) for block in blocks]
        through = [(inner, outer) for inner, outer in halves if inner and outer]
        averaged, reached = [inner for inner, outer in halves if not outer], [outer for _, outer in halves if outer]
        return tuple(inner for inner, _ in through), tuple(outer for _, outer in through), tuple(averaged), tuple(sorted(reached))

    def strands(self) -> Counter[int]:
        """How many diagrams carry so many axes through."""
        return Counter(len(through) for through, *_ in self.cut)

    def biases(self) -> Iterator[tuple[Blocks, Tensor]]:
        """With an axis a block."""
        for blocks, bias in zip(partitions(self.targets), self.bias, strict=True):
            yield blocks, along(bias[None], (), blocks)


class Each(Diagrams):
    """A diagram at a time: one einsum takes diagonals, averages and mixes channels, and its result is spread and added to the whole."""

    def forward(self, x: Tensor) -> Tensor:
        n = x.shape[1]
        out = x.new_zeros(x.shape[0], *[n] * self.targets, self.weight.shape[-1])
        for (inner, outer, averaged, blocks), weight in zip(self.cut, self.weight, strict=True):
            letter = {leg: "ijklmn"[at] for at, block in enumerate((*inner, *averaged)) for leg in block}
            source, kept = ("".join(letter[leg] for leg in legs) for legs in (range(self.sources), [block[0] for block in inner]))
            mixed = torch.einsum(f"b{source}c,cd->b{kept}d", x, weight) / n ** len(averaged)
            out = out + spread(along(mixed, outer, blocks), blocks, n)
        for blocks, bias in self.biases():
            out = out + spread(bias, blocks, n)
        return out


class Shared(Diagrams):
    """Each diagonal and each mean once, and one product of matrices for all diagrams that carry as many axes through."""

    def __init__(self, sources: int, targets: int, inside: int, outside: int) -> None:
        super().__init__(sources, targets, inside, outside)
        self.stages = []
        for strands in range(min(sources, targets), -1, -1):
            cores = [(kept, averaged) for kept, averaged in _cores(sources) if len(kept) == strands]
            reached = [(kept, tuple(sorted(kept + rest))) for kept, rest in _cores(targets) if len(kept) == strands]
            spreads = [(outer, blocks) for kept, blocks in reached for outer in permutations(kept)]
            at = {(inner, averaged, outer, blocks): number for number, (inner, outer, averaged, blocks) in enumerate(self.cut)}
            table = torch.tensor([[at[inner, averaged, outer, blocks] for outer, blocks in spreads] for inner, averaged in cores])
            self.stages.append((cores, spreads, table))

    def forward(self, x: Tensor) -> Tensor:
        n = x.shape[1]
        parts: dict[Blocks, Tensor] = dict(self.biases())  # what writes the same diagonals is added up there first
        means: dict[tuple[Blocks, Blocks], Tensor] = {}

        def mean(kept: Blocks, averaged: Blocks) -> Tensor:
            if (kept, averaged) not in means:
                if averaged:
                    blocks = tuple(sorted((*kept, averaged[-1])))
                    means[kept, averaged] = mean(blocks, averaged[:-1]).mean(1 + blocks.index(averaged[-1]))
                else:
                    means[kept, averaged] = diagonal(x, kept)
            return means[kept, averaged]

        for cores, spreads, table in self.stages:
            read = torch.cat([mean(*core) for core in cores], -1) if len(cores) > 1 else mean(*cores[0])
            weight = self.weight[table].permute(0, 2, 1, 3).flatten(2).flatten(0, 1)
            for (outer, blocks), y in zip(spreads, (read @ weight).chunk(len(spreads), -1), strict=True):
                parts[blocks] = parts[blocks] + along(y, outer, blocks)
        finest = tuple((leg,) for leg in range(self.targets))
        out = parts.pop(finest).expand(x.shape[0], *[n] * self.targets, -1).contiguous()
        for blocks, part in parts.items():
            diagonal(out, blocks).add_(part)
        return out


def _cores(legs: int) -> Iterator[tuple[Blocks, Blocks]]:
    """Every partition with every choice of the blocks to keep, and the others."""
    for blocks in partitions(legs):
        for chosen in product((False, True), repeat=len(blocks)):
            yield tuple(compress(blocks, chosen)), tuple(block for block, keep in zip(blocks, chosen, strict=True) if not keep)
