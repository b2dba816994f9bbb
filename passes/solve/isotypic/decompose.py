"""Representations taken apart leg by leg: a catalogue of the irreducibles of a group, and tensor products by fusion.

Each irreducible keeps the coordinates in which it was first met; all copies found later come out in the same ones, since these are made from the
fixed elements of the group alone. A tensor product of legs is put together from small products irreducible x irreducible, each taken apart once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TypeAlias

import numpy as np

from symc.algebra.groups import Array
from symc.algebra.hom import Frames
from symc.algebra.monomial import dense
from symc.algebra.reps import Image
from symc.algebra.summands import Leg
from symc.passes.solve import limits
from symc.passes.solve.isotypic import images, spectrum
from symc.passes.solve.isotypic.images import SampleImages
from symc.passes.solve.isotypic.sample import Sample
from symc.passes.solve.isotypic.spectrum import Recipe, Unclear
from symc.passes.solve.isotypic.unitary import Coordinates

Legs: TypeAlias = tuple[Leg, ...]
Places: TypeAlias = tuple[Coordinates | None, ...]

KEPT = 64  # tensor products of one catalogue
POLISHED = 1e-14  # error above which frames are worth polishing
ROUNDS = 12  # of conjugate gradients: about three digits
WORTH = 5 * 10**7  # multiplications of a matrix with frames
SAME = 1e-8  # relative difference up to which eigenvalues, and images, are those of one irreducible
NEAR = 1e-7  # from which on eigenvalues are clearly those of another one


@dataclass(eq=False)
class Irreducible:
    """An irreducible where it was first met: `frame` (d, size) is a copy in a representation with these images.

    size: its dimension over the field; kind: that of K; corners: those of A, A2, B, B2 and one more generic element, by which copies are compared.
    """

    number: int
    recipe: Recipe
    source: SampleImages
    frame: Array
    corners: tuple[Array, ...]
    known: dict[int, Array] = field(default_factory=dict)

    def image(self, number: int) -> Array:
        """Shape (size, size): the image of an element of the sample."""
        if number not in self.known:
            self.known[number] = self.source.corner(number, self.frame)
        return self.known[number]

    @property
    def size(self) -> int:
        return int(self.frame.shape[1])

    @property
    def kind(self) -> int:
        return self.recipe.kind

    @property
    def order(self) -> tuple[int, float]:
        """What irreducibles are sorted by: a property of theirs, not of the order in which they were met."""
        return self.size, min(self.recipe.values)


@dataclass(frozen=True, eq=False)
class Piece:
    """All copies of an irreducible in a representation: as columns, and as what reads their coordinates off. `error` is how far it is from one."""

    irreducible: Irreducible
    columns: Frames
    duals: Frames
    error: float

    @property
    def copies(self) -> int:
        return self.columns.shape[2]


@dataclass(eq=False)
class Catalogue:
    """The irreducibles of a group that were met with one sample, and what was taken apart into them: that makes sense beside its catalogue only."""

    sample: Sample
    known: list[Irreducible] = field(default_factory=list)
    fused: dict[tuple[int, int], list[tuple[Irreducible, Array, float]]] = field(default_factory=dict)
    taken: dict[tuple[Legs, Places], tuple[Piece, ...]] = field(default_factory=dict)

    def decompose(self, legs: Legs, places: Places, limit: int) -> tuple[Piece, ...]:
        """The pieces of a tensor product of legs in these coordinates, in the order of the irreducibles.

        Raises Unclear, and SolveError E0501 where the product of two irreducibles would take more than `limit` bytes.
        """
        key = legs, places
        if key not in self.taken:
            if len(self.taken) >= KEPT:
                del self.taken[next(iter(self.taken))]
            self.taken[key] = self._pieces(legs, places, limit)
        return self.taken[key]

    def _pieces(self, legs: Legs, places: Places, limit: int) -> tuple[Piece, ...]:
        if not legs:
            return _single(self, [np.ones((1, 1))] * len(self.sample.elements), None)
        *_, last = legs
        right = _single(self, [last.image(element) for element in self.sample.elements], places[-1])
        return _fuse(self, self.decompose(legs[:-1], places[:-1], limit), right, limit) if len(legs) > 1 else right

    def take_apart(self, images: SampleImages) -> list[tuple[Irreducible, Array, float]]:
        """Every irreducible in a representation, with frames (d, size, copies), and how far these are from carrying it. Raises Unclear."""
        a, a2, b, b2, check = (images.combined(weights) for weights in self.sample.weights)
        a, a2 = a + a.conj().T, a2 + a2.conj().T
        drawn = (a, a2, b, b2, check)
        result = []
        for values, spaces in spectrum.components(a, a2, b):
            irreducible = self._look_up(values)
            way = irreducible.recipe if irreducible else spectrum.recipe(values, spaces, b, b2)
            order = np.argsort(np.argsort(way.values))
            own = spectrum.frames(way, [spaces[i] for i in order], b, b2)
            first = np.ascontiguousarray(own[:, :, 0])
            corners = tuple(first.conj().T @ (m @ first) for m in drawn)
            error = _missed(check, own, corners[-1])
            if POLISHED < error < SAME and own.size * len(own) < WORTH:
                own = polished(own, drawn[:-1], corners[:-1])
                first = np.ascontiguousarray(own[:, :, 0])
                corners = tuple(first.conj().T @ (m @ first) for m in drawn)
            if irreducible is None:
                irreducible = Irreducible(len(self.known), way, images, first, corners)
                self.known.append(irreducible)
            error = _missed(check, own, irreducible.corners[-1])
            if error > SAME:
                raise Unclear(f"copies of one irreducible differ by {error:.1e}")
            result.append((irreducible, own, error))
        return sorted(result, key=lambda found: found[0].order)

    def product(self, left: Irreducible, right: Irreducible, limit: int) -> list[tuple[Irreducible, Array, float]]:
        """Every irreducible in the tensor product of two, with frames (left size * right size, size, copies)."""
        key = left.number, right.number
        if key not in self.fused:
            what = f"the product of two irreducibles of dimensions {left.size} and {right.size}"
            limits.check_matrices(left.size * right.size, limit, what, over_c=np.iscomplexobj(self.sample.coefficients))
            self.fused[key] = self.take_apart(images.Product(left, right))
        return self.fused[key]

    def _look_up(self, values: Array) -> Irreducible | None:
        """The irreducible with these eigenvalues. Raises Unclear where they are nearly those of one: is that rounding?"""
        scale = float(np.abs(self.sample.coefficients).sum())
        for irreducible in self.known:
            own = irreducible.recipe.values
            if len(own) != len(values):
                continue
            off = float(np.abs(np.sort(own) - values).max())
            if off <= SAME * scale:
                return irreducible
            if off <= NEAR * max(scale, float(np.abs(values).max())):
                raise Unclear(f"two irreducible representations differ by only {off / scale:.1e}")
        return None


def _missed(m: Array, own: Array, corner: Array) -> float:
    """How far frames are from carrying one generic element to its corner."""
    d, size, copies = own.shape
    moved = (m @ own.reshape(d, size * copies)).reshape(d, size, copies)
    return float(np.abs(moved - _within(own, corner)).max() / max(1.0, np.abs(moved).max()))


def _within(own: Array, corner: Array) -> Array:
    """Shape (d, size, copies): every copy times a matrix of the irreducible."""
    return np.asarray(corner.T @ own)


def polished(own: Array, drawn: Sequence[Array], corners: Sequence[Array]) -> Array:
    """Frames F brought nearer to M F = F U for generic M with corners U, by conjugate gradients on the sum of |M F - F U|^2.

    What eigenvectors of A lack, where two of its eigenvalues are close, lies in other irreducibles; it leaves the corners right to second order.
    """
    shape, flat = own.shape, own.reshape(len(own), -1)

    def missed(x: Array) -> list[Array]:
        return [(m @ x).reshape(shape) - _within(x.reshape(shape), u) for m, u in zip(drawn, corners, strict=True)]

    def back(parts: list[Array]) -> Array:
        total = np.zeros_like(flat)
        for m, u, part in zip(drawn, corners, parts, strict=True):
            total = total + m.conj().T @ part.reshape(flat.shape) - _within(part, u.conj().T).reshape(flat.shape)
        return total

    residual = -back(missed(flat))
    direction, size = residual, float(np.sum(np.abs(residual) ** 2))
    rounding = 1e-15 * sum(spectrum.size(m) ** 2 for m in drawn) * float(np.linalg.norm(flat))
    for _ in range(ROUNDS):
        if size <= rounding**2:
            break
        moved = missed(direction)
        curvature = float(sum(np.sum(np.abs(part) ** 2) for part in moved))
        flat = flat + direction * (size / curvature)
        residual = residual - back(moved) * (size / curvature)
        before, size = size, float(np.sum(np.abs(residual) ** 2))
        direction = residual + direction * (size / before)
    return flat.reshape(shape)


@lru_cache(maxsize=64)
def catalogue(sample: Sample) -> Catalogue:
    """A catalogue for a sample, the same as long as it is kept."""
    return Catalogue(sample)


def _single(own: Catalogue, given: Sequence[Image], place: Coordinates | None) -> tuple[Piece, ...]:
    """The pieces of one leg."""
    if place is None:
        found = own.take_apart(images.Leg(given))
        return tuple(Piece(irreducible, _held(array), _held(array.conj()), error) for irreducible, array, error in found)
    found = own.take_apart(images.Leg([place.into @ dense(image) @ place.back for image in given]))
    condition = float(np.linalg.cond(place.into))
    return tuple(
        Piece(
            irreducible,
            _held(np.tensordot(place.back, array, axes=1)),
            _held(np.tensordot(place.into.T, array.conj(), axes=1)),
            error * condition**2,
        )
        for irreducible, array, error in found
    )


def _held(array: Array) -> Frames:
    d, size, copies = array.shape
    return Frames((d, size, copies), lambda: array)


def _fuse(own: Catalogue, left: Sequence[Piece], right: Sequence[Piece], limit: int) -> tuple[Piece, ...]:
    """The pieces of a tensor product; copies in the order of (left piece, right piece, left copy, right copy, copy in the product)."""
    parts: dict[int, list[tuple[Piece, Piece, Array, float]]] = {}
    for a in left:
        for b in right:
            for irreducible, frame, error in own.product(a.irreducible, b.irreducible, limit):
                parts.setdefault(irreducible.number, []).append((a, b, frame, error))
    pieces = []
    for number, found in parts.items():
        irreducible = own.known[number]
        copies = sum(a.copies * b.copies * frame.shape[2] for a, b, frame, _ in found)
        shape = found[0][0].columns.shape[0] * found[0][1].columns.shape[0], irreducible.size, copies
        error = max(a.error + b.error + error for a, b, _, error in found)
        columns = Frames(shape, _Joined([(a.columns, b.columns, frame) for a, b, frame, _ in found], shape))
        duals = Frames(shape, _Joined([(a.duals, b.duals, frame.conj()) for a, b, frame, _ in found], shape))
        pieces.append(Piece(irreducible, columns, duals, error))
    return tuple(sorted(pieces, key=lambda piece: piece.irreducible.order))


class _Joined:
    """The frames of a product, put together when they are asked for."""

    def __init__(self, parts: list[tuple[Frames, Frames, Array]], shape: tuple[int, int, int]):
        self.parts, self.shape = parts, shape

    def __call__(self) -> Array:
        blocks = []
        for left, right, frame in self.parts:
            (d1, n1, m1), (d2, n2, m2) = left.shape, right.shape
            c = frame.reshape(n1, n2, *frame.shape[1:])
            inner = np.einsum("uvtc,evb->uetbc", c, right.array, optimize=True)  # (n1, d2, t, m2, c)
            outer = np.tensordot(left.array, inner, axes=(1, 0))  # (d1, m1, d2, t, m2, c)
            blocks.append(outer.transpose(0, 2, 3, 1, 4, 5).reshape(d1 * d2, frame.shape[1], m1 * m2 * frame.shape[2]))
        return np.concatenate(blocks, axis=2)
