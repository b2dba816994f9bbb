"""Coordinates in which a compact group acts by orthogonal matrices, leaf by leaf, and random elements of the group algebra in them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from symc.algebra import groups as g
from symc.algebra import sizes as sz
from symc.algebra.actions import matrix
from symc.algebra.elements import sample
from symc.algebra.generators import generators
from symc.algebra.groups import Group
from symc.algebra.hom import Array
from symc.algebra.monomial import Monomial
from symc.algebra.reps import Dual, Vector
from symc.algebra.summands import Leg

ORTHOGONAL = 1e-12  # deviation of the generators up to which nothing is done
CONVERGED, ACCEPTED = 1e-13, 1e-9  # of an invariant form on the generators: where to stop, what will do
STEPS, PATIENCE = 600, 40  # averaging steps at most, and without getting twice as good
HOPELESS = 1e12  # condition of the form at which the group is taken to be not compact


@dataclass(frozen=True, eq=False)
class Side:
    """The legs of source or target, each with P such that P rho P^-1 is orthogonal; None for the identity."""

    legs: tuple[Leg, ...]
    forms: tuple[Array | None, ...]

    @property
    def dim(self) -> int:
        return sz.number(sz.product(leg.dim for leg in self.legs))

    def draw(self, group: Group, seeds: list[int], coefficients: Array) -> Array:
        """Shape (d, d): coefficients[0] * 1 + the sum of coefficients[1 + i] * (orthogonal) rho(g_i), g_i the random element of a seed."""
        result: Array = coefficients[0] * np.eye(self.dim)
        for seed, coefficient in zip(seeds, coefficients[1:], strict=True):
            element = sample((group,), np.random.default_rng(seed))
            term: Array = np.full((1, 1), coefficient)
            for leg, form in zip(self.legs, self.forms, strict=True):
                image = leg.image(element)
                exact = isinstance(image, Monomial) and form is None
                dense = image.dense() if isinstance(image, Monomial) else image
                term = np.asarray(np.kron(term, dense if exact else _orthogonal(dense, form)))
            result = result + term
        return result


def side(legs: tuple[Leg, ...]) -> Side | None:
    """The legs in orthogonal coordinates; None where the group has none, being not compact."""
    forms: list[Array | None] = []
    for leg in legs:
        inner = leg.rep if isinstance(leg, Dual) else leg
        form = unitarizer(inner.group.definition) if isinstance(inner, Vector) and isinstance(inner.group.definition, g.Matrices) else None
        if form is not None and not len(form):
            return None
        forms.append(inverse(form).T if form is not None and isinstance(leg, Dual) else form)
    return Side(legs, tuple(forms))


@lru_cache(maxsize=64)
def unitarizer(group: g.Matrices) -> Array | None:
    """P with P g P^-1 orthogonal for all g; None where P = 1 will do; an empty array where there is none.

    P^T P is a form that the group leaves alone, found by averaging: H <- (H + g^T H g) / 2 with a fresh random word g each time.
    """
    images = [matrix(Vector(group), generator) for generator in generators((group,))]
    form: Array = np.eye(group.degree)
    if _deviation(form, images) < ORTHOGONAL:
        return None
    rng = np.random.default_rng(0)
    best, kept = np.inf, form
    waited = 0
    for _ in range(STEPS):
        word = np.asarray(sample((group,), rng).parts[group][0])
        with np.errstate(over="ignore", invalid="ignore"):  # what grows without bound is found out below
            form = (form + word.T @ form @ word) / 2
            form = (form + form.T) * (group.degree / np.trace(form) / 2)
        if not np.isfinite(form).all() or np.linalg.cond(form) > HOPELESS:
            break
        deviation = _deviation(form, images)
        waited = 0 if deviation < best / 2 else waited + 1
        if deviation < best:
            best, kept = deviation, form
        if deviation < CONVERGED or waited > PATIENCE:
            break
    return np.asarray(np.linalg.cholesky(kept).T) if best < ACCEPTED else np.zeros((0, 0))


def inverse(form: Array) -> Array:
    return np.asarray(np.linalg.inv(form))


def _deviation(form: Array, images: list[Array]) -> float:
    return max((float(np.abs(image.T @ form @ image - form).max() / np.abs(form).max()) for image in images), default=0.0)


def _orthogonal(image: Array, form: Array | None) -> Array:
    """P rho(g) P^-1, brought to the nearest orthogonal matrix by two Newton-Schulz steps."""
    if form is not None:
        image = form @ image @ inverse(form)
    for _ in range(2):
        image = image @ (3 * np.eye(len(image)) - image.T @ image) / 2
    return image
