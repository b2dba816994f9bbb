"""Representations in the coordinates of their irreducibles, in which every equivariant map is a few small matrices.

In these coordinates a representation is a sum of V (x) K^m over irreducibles V, coordinates in the order (V over K, K, copies), and a map is, for
each irreducible, the identity of V over K times a real matrix from K^m to K^m' (Schur 1905). All representations of one `Irreducibles` share
the coordinates of each V, so that the change back after one map and the change before the next are inverse to each other.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from symc.algebra.groups import Group
from symc.algebra.hom import Array
from symc.algebra.spelling import needs_words
from symc.algebra.summands import Leg, dimension
from symc.passes.solve import limits
from symc.passes.solve.errors import SolveError
from symc.passes.solve.isotypic.decompose import Catalogue, Piece, catalogue
from symc.passes.solve.isotypic.sample import lengths_of, sample_of
from symc.passes.solve.isotypic.spectrum import Unclear

MOST = 1024  # coordinates of a representation that is taken apart
EXACT = 1e-13  # deviation from the identity up to which coordinates are those given


@dataclass(frozen=True, slots=True)
class Part:
    """One irreducible in a representation: its number, its dimension over K, and the real dimension of K^m."""

    irreducible: int
    size: int
    width: int

    @property
    def dim(self) -> int:
        return self.size * self.width


@dataclass(frozen=True, eq=False)
class Coordinates:
    """x = matrix @ y for coordinates y, shape (d, d), orthogonal; those of a part follow each other, in the order (size, width).

    Of some parts only, the columns of these: then y = matrix^T x.
    """

    parts: tuple[Part, ...]
    matrix: Array

    @property
    def trivial(self) -> bool:
        """Is nothing changed?"""
        return self.matrix.shape[0] == self.matrix.shape[1] and bool((self.matrix == np.eye(len(self.matrix))).all())

    def only(self, irreducibles: Collection[int]) -> Coordinates:
        """Those of some irreducibles; all, where nothing is changed."""
        kept = [part.irreducible in irreducibles for part in self.parts]
        if all(kept) or self.trivial:
            return self
        columns = np.repeat(kept, [part.dim for part in self.parts])
        parts = tuple(part for part, own in zip(self.parts, kept, strict=True) if own)
        return Coordinates(parts, np.ascontiguousarray(self.matrix[:, columns]))


@dataclass(eq=False)
class Irreducibles:
    """The irreducibles of a group in products of `legs`, all the representations that are to share coordinates.

    A leg that is an irreducible of real type has the coordinates that it has anyway.
    """

    group: Group
    legs: tuple[Leg, ...]
    _known: dict[tuple[Leg, ...], Coordinates | None] = field(default_factory=dict)
    _turned: dict[int, Array] | None = None

    def coordinates(self, legs: tuple[Leg, ...]) -> Coordinates | None:
        """Those of a tensor product of legs; None where it is too large, not real and orthogonal, or rounding hides its irreducibles."""
        if legs not in self._known:
            self._known[legs] = self._find(legs)
        return self._known[legs]

    def _find(self, legs: tuple[Leg, ...]) -> Coordinates | None:
        if any(leg.free or leg.is_complex or not leg.unitary for leg in self.legs) or dimension(legs) > MOST:
            return None
        pieces = self._pieces(legs)
        if pieces is None:
            return None
        turned = self._turns()
        columns = [_turned(piece, turned.get(piece.irreducible.number)) for piece in pieces]
        parts = tuple(_part(piece) for piece in pieces)
        matrix = np.concatenate([array.reshape(len(array), -1) for array in columns], axis=1) if columns else np.zeros((0, 0))
        if matrix.shape[0] != matrix.shape[1]:
            return None
        eye = np.eye(len(matrix))
        return Coordinates(parts, eye if np.abs(matrix - eye).max(initial=0.0) < EXACT else np.ascontiguousarray(matrix))

    def _pieces(self, legs: tuple[Leg, ...]) -> tuple[Piece, ...] | None:
        try:
            return self._catalogue.decompose(legs, (None,) * len(legs), limits.memory_limit())
        except (Unclear, SolveError):
            return None

    @cached_property
    def _catalogue(self) -> Catalogue:
        """One for all legs: the numbers of irreducibles are its own."""
        return catalogue(sample_of((self.group,), 0, False, needs_words(self.legs), lengths_of(self.legs)))

    def _turns(self) -> Mapping[int, Array]:
        """For irreducibles that are a leg of their own, how their coordinates there stand in those of the catalogue."""
        if self._turned is None:
            self._turned = {}
            for leg in self.legs:
                if dimension((leg,)) <= MOST and (pieces := self._pieces((leg,))) and len(pieces) == 1:
                    (piece,) = pieces
                    if piece.copies == piece.irreducible.kind == 1:
                        self._turned.setdefault(piece.irreducible.number, piece.columns.array[:, :, 0])
        return self._turned


def _part(piece: Piece) -> Part:
    kind = piece.irreducible.kind
    return Part(piece.irreducible.number, piece.irreducible.size // kind, kind * piece.copies)


def _turned(piece: Piece, turn: Array | None) -> Array:
    """The columns (d, size, copies) in the coordinates of the leg that is this irreducible, where there is one."""
    columns = piece.columns.array
    return columns if turn is None else np.asarray(np.einsum("dsm,es->dem", columns, turn))
