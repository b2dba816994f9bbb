"""Set partitions, one after another."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache


def set_partitions(m: int, most: int) -> Iterator[tuple[tuple[int, ...], ...]]:
    """The set partitions of 0..m-1 into at most `most` blocks, in lexicographic order of their restricted growth strings.

    A string names for every leg the block it is in, blocks numbered by least leg: 00, 01 for two legs; a coarser partition comes before a finer one.
    """

    def grow(string: list[int], used: int) -> Iterator[tuple[tuple[int, ...], ...]]:
        if len(string) == m:
            blocks: list[list[int]] = [[] for _ in range(used)]
            for leg, block in enumerate(string):
                blocks[block].append(leg)
            yield tuple(map(tuple, blocks))
            return
        for block in range(min(used + 1, most)):
            string.append(block)
            yield from grow(string, max(used, block + 1))
            string.pop()

    return grow([], 0)


def count_partitions(m: int, most: int) -> int:
    """The number of set partitions of m things into at most `most` blocks."""
    return sum(stirling(m, t) for t in range(min(m, most) + 1))


@cache
def stirling(m: int, t: int) -> int:
    """The number of partitions of m things into t non-empty blocks (Stirling numbers of the second kind)."""
    if t <= 0 or t > m:
        return int(m == t)
    return t * stirling(m - 1, t) + stirling(m - 1, t - 1)
