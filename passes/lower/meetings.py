"""Diagrams of bilinear maps: what each does to either source, which of their strands meet, and where these end in the target.

A block of a diagram with legs in both sources makes their diagonals meet; where it has no leg in the target, the product is averaged along it. So
the product of both sources is never formed where a diagram contracts them one by one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

from symc.algebra.hom import Diagrams, Factor
from symc.passes.lower.diagrams import Block, Core, Spread


@dataclass(frozen=True, slots=True)
class Meeting:
    """All diagrams that do the same to the sources: for each its spread in the target, and its position in the basis.

    Strands are numbered: first the open ones, which go on to the target in this order, then the `closed` ones, which both sources have.
    `left_strands` are those that go through `left`, in its order; likewise `right_strands`.
    """

    left: Core
    left_strands: tuple[int, ...]
    right: Core
    right_strands: tuple[int, ...]
    closed: tuple[int, ...]
    spreads: tuple[Spread, ...]
    positions: tuple[int, ...]


Cut = tuple[Block, Block, Block]  # the legs of a block in the first source, the second, and the target


def meetings(factors: Sequence[Factor], first: int) -> list[Meeting]:
    """The product of some diagram bases; `first` source legs are those of the first source. The position is row-major over the factors."""
    found: dict[tuple[tuple[Cut, ...], tuple[Cut, ...], tuple[Cut, ...]], dict[Spread, int]] = {}
    for position, parts in enumerate(product(*(_cuts(factor, first) for factor in factors))):
        cuts = sorted(cut for part in parts for cut in part)
        ends = [cut for cut in cuts if cut[2] and (cut[0] or cut[1])]
        met = tuple((x, y, ()) for x, y, out in cuts if x and y and not out)
        averaged = tuple((x, y, ()) for x, y, out in cuts if not out and not (x and y))
        spread = Spread(tuple(out for _, _, out in ends), tuple(out for x, y, out in cuts if not x and not y))
        found.setdefault((tuple((x, y, ()) for x, y, _ in ends), met, averaged), {})[spread] = position
    return [_meeting(ends, met, averaged, spreads) for (ends, met, averaged), spreads in found.items()]


def _meeting(ends: tuple[Cut, ...], met: tuple[Cut, ...], averaged: tuple[Cut, ...], spreads: dict[Spread, int]) -> Meeting:
    strands = (*ends, *met)
    cores = [Core(tuple(cut[side] for cut in strands if cut[side]), tuple(cut[side] for cut in averaged if cut[side])) for side in (0, 1)]
    numbers = [tuple(s for s, cut in enumerate(strands) if cut[side]) for side in (0, 1)]
    closed = tuple(range(len(ends), len(strands)))
    return Meeting(cores[0], numbers[0], cores[1], numbers[1], closed, tuple(spreads), tuple(spreads.values()))


def _cuts(factor: Factor, first: int) -> list[list[Cut]]:
    """Each diagram of a basis, its blocks cut in three."""
    basis = factor.basis
    assert isinstance(basis, Diagrams)
    result = []
    for diagram in basis.diagrams:
        cuts = []
        for block in diagram.blocks:
            into = [factor.source_legs[leg] for leg in block if leg < basis.sources]
            out = tuple(factor.target_legs[leg - basis.sources] for leg in block if leg >= basis.sources)
            cuts.append((tuple(leg for leg in into if leg < first), tuple(leg for leg in into if leg >= first), out))
        result.append(cuts)
    return result
