"""Coordinates in which the images of a group are closed under the adjoint, leg by leg.

They are those in which the images of the generators are as small as can be: of a compact group these are unitary there, and the Lie algebra of a
reductive group is closed under the adjoint (Kempf and Ness 1979; Richardson and Slodowy 1990). Minimal vectors exist for completely reducible
representations alone; f(P) = sum |P X P^-1|^2 is convex along geodesics, with gradient sum [X, X^H], and Newton's method finds the minimum.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

import numpy as np

from symc.algebra.actions import matrix
from symc.algebra.elements import from_generator
from symc.algebra.generators import generators
from symc.algebra.groups import Array
from symc.algebra.groups.classical import exponential
from symc.algebra.summands import Leg

UNITARY = 1e-12  # deviation of the generators up to which nothing is done
ACCEPTED = 1e-9  # deviation that is left at a minimum, beyond which there is none
STEPS, INNER = 200, 200  # of Newton's method, of conjugate gradients in each
FLAT = 1e-9  # curvature of f, relative, below which a direction changes nothing
HOPELESS = 1e10  # condition of P at which there is taken to be no minimum


@dataclass(frozen=True, eq=False)
class Coordinates:
    """P rho P^-1 is closed under the adjoint."""

    into: Array  # P
    back: Array  # its inverse


Places: TypeAlias = dict[Leg, Coordinates | None]  # of every leg, None for those given


def coordinates(legs: tuple[Leg, ...]) -> Places | None:
    """For every leg its coordinates, None for those given; None for all where some leg has none, the group being neither compact nor reductive."""
    if all(leg.self_adjoint for leg in legs):
        return dict.fromkeys(legs)
    found: Places = {}
    for leg in legs:
        found[leg] = None if _given_closed(leg) else _closing(leg)
        if found[leg] is None and not _given_closed(leg):
            return None
    return found


@lru_cache(maxsize=128)
def _given_closed(leg: Leg) -> bool:
    """Are the images closed under the adjoint in the coordinates given?"""
    return leg.unitary or _deviation(*_images(leg)) <= UNITARY


@lru_cache(maxsize=128)
def _closing(leg: Leg) -> Coordinates | None:
    """Coordinates in which they are; None where there are none."""
    discrete, tangents = _images(leg)
    found = minimal(discrete, tangents)
    if found is None:
        return None
    discrete, tangents = ([found.into @ x @ found.back for x in images] for images in (discrete, tangents))
    return found if _deviation(discrete, tangents) <= ACCEPTED else None


def _images(leg: Leg) -> tuple[list[Array], list[Array]]:
    """Those of discrete generators, and those of the Lie algebra, made of one size: how long they are says nothing."""
    own = generators(leg.groups)
    discrete = [matrix(leg, from_generator(one)) for one in own if not one.lie]
    tangents = [matrix(leg, one) for one in own if one.lie]
    return discrete, [x / (float(np.abs(x).max()) or 1.0) for x in tangents]


def _deviation(discrete: list[Array], tangents: list[Array]) -> float:
    """How far the discrete images are from unitary, and the span of the others (with their brackets) from being closed under the adjoint."""
    worst = max((float(np.abs(g.conj().T @ g - np.eye(len(g))).max()) for g in discrete), default=0.0)
    if all(np.abs(x + x.conj().T).max() <= UNITARY * np.abs(x).max() for x in tangents):
        return worst
    span = _closure(tangents)
    adjoints = np.stack([_flat(x.conj().T) for x in tangents], axis=1)
    missed = adjoints - span @ (span.T @ adjoints)
    return max(worst, float((np.abs(missed).max(axis=0) / np.maximum(np.abs(adjoints).max(axis=0), 1e-300)).max()))


def _closure(tangents: list[Array]) -> Array:
    """Shape (2 n^2, dim): an orthonormal basis of the real Lie algebra that matrices generate."""
    basis: list[Array] = []
    kept: list[Array] = []
    queue = [x / max(float(np.linalg.norm(x)), 1e-300) for x in tangents]
    while queue:
        x = queue.pop(0)
        size = np.linalg.norm(x)
        if size < 1e-8:  # a bracket of unit matrices that is zero up to rounding
            continue
        flat = _flat(x) / size
        for b in basis * 2:
            flat = flat - b * (b @ flat)
        if np.linalg.norm(flat) > 1e-8:
            basis.append(flat / np.linalg.norm(flat))
            unit = x / size
            queue += [unit @ y - y @ unit for y in kept]
            kept.append(unit)
    return np.stack(basis, axis=1) if basis else np.zeros((2 * tangents[0].size, 0))


def _flat(x: Array) -> Array:
    return np.concatenate([x.real.ravel(), x.imag.ravel()])


def minimal(discrete: list[Array], tangents: list[Array]) -> Coordinates | None:
    """P at which sum |P X P^-1|^2 over the tangents, the discrete images and their inverses is least; None where it has no minimum."""
    first = np.stack([*tangents, *discrete, *(np.linalg.inv(g) for g in discrete)])
    into = back = np.eye(first.shape[1], dtype=first.dtype)
    least = np.inf
    for _ in range(STEPS):
        x = into @ first @ back
        gradient = _moment(x, x)
        size = float(np.abs(x).max()) ** 2
        norm = float(np.linalg.norm(gradient))
        if norm <= 1e-15 * size * len(x) or (norm <= 1e-11 * size and norm > least / 2):  # rounding is reached
            break
        least = min(least, norm)
        step = _newton(x, -gradient)
        if not step.any():
            break
        length, before = 1.0 / max(1.0, float(np.linalg.norm(step, 2))), float(np.sum(np.abs(x) ** 2))
        for _ in range(30):
            forward, backward = exponential(length * step), exponential(-length * step)
            after = float(np.sum(np.abs(forward @ x @ backward) ** 2))
            if after <= before * (1 + 1e-12):  # up to rounding, where the minimum is near
                break
            length /= 2
        else:
            break
        into, back = forward @ into, back @ backward
        if not np.isfinite(into).all() or np.linalg.cond(into) > HOPELESS:
            return None
    return Coordinates(into, back)


def _moment(x: Array, y: Array) -> Array:
    """sum [x, y^H], made Hermitian."""
    adjoint = y.conj().transpose(0, 2, 1)
    result = (x @ adjoint - adjoint @ x).sum(axis=0)
    return np.asarray((result + result.conj().T) / 2)


def _newton(x: Array, target: Array) -> Array:
    """A Hermitian H with sum [[H, X], X^H] + [X, [H, X]^H] = target, by conjugate gradients: the operator is positive on what is not central."""

    def operator(h: Array) -> Array:
        return 2 * _moment(h @ x - x @ h, x)

    h, residual = np.zeros_like(target), target
    direction, size = residual, float(np.sum(np.abs(residual) ** 2))
    goal = 1e-20 * size
    for _ in range(INNER):
        image = operator(direction)
        curvature = float(np.sum(direction.conj() * image).real)
        if curvature <= FLAT * float(np.sum(np.abs(x) ** 2)) * float(np.sum(np.abs(direction) ** 2)) or size <= goal:
            break  # solved, or a direction that commutes with all X: f does not change along it
        h = h + direction * (size / curvature)
        residual = residual - image * (size / curvature)
        direction, size = residual + direction * (float(np.sum(np.abs(residual) ** 2)) / size), float(np.sum(np.abs(residual) ** 2))
    return h
