"""Counterexamples by computation: a group element g and numbers x at which f(g x) and g f(x) differ."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product
from math import pi
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from symc.algebra import elements
from symc.algebra import groups as g
from symc.algebra import sizes as sz
from symc.algebra.actions import act
from symc.algebra.elements import Element
from symc.algebra.generators import Generator
from symc.algebra.reps import turning, turning_index
from symc.algebra.summands import Leg

Array: TypeAlias = NDArray[np.float64]
Legs: TypeAlias = tuple[Leg, ...]
UNITS = 48  # unit vectors tried
DIFFERENT, HUGE = 1e-6, 1e6  # beyond the one rounding might be seen, beyond the other a division by what rounding left of 0


@dataclass(frozen=True, slots=True)
class Probe:
    """An operation cut down to the legs that matter: arrays with one axis for each leg go in, one such array comes out.

    `shown` is how to write it, inputs being {0} and {1}; `infix` asks for brackets around what g is applied to. `given` holds inputs already known.
    """

    inputs: tuple[Legs, ...]
    output: Legs
    function: Callable[..., Array]
    shown: str
    infix: bool = False
    given: tuple[float | None, ...] = (None, None)

    def defect(self, element: Element, xs: tuple[Array, ...]) -> float:
        """|f(g x) - g f(x)|: inf where only f(x) is a number, 0 where f(x) is none."""
        with np.errstate(all="ignore"):
            after = move(element, self.output, self.function(*xs))
            before = self.function(*(move(element, legs, x) for legs, x in zip(self.inputs, xs, strict=True)))
        if not np.isfinite(after).all():
            return 0.0
        return float(np.linalg.norm((before - after).ravel())) if np.isfinite(before).all() else np.inf


@dataclass(frozen=True, slots=True)
class Dropped(Probe):
    """Of dropout: f is random, so the question is whether dropping coordinates of g x can leave what g dropout(x) is never near."""

    def defect(self, element: Element, xs: tuple[Array, ...]) -> float:
        """For x a unit vector dropout(x) is 0 or x: the distance to 0 and g x from what is left of g x without its first coordinate."""
        moved = move(element, self.inputs[0], xs[0])
        left = moved.copy()
        left.ravel()[np.flatnonzero(np.abs(moved) > DIFFERENT)[0]] = 0
        return float(min(np.linalg.norm(left), np.linalg.norm(left - moved))) if np.count_nonzero(xs[0]) == 1 else 0.0


@dataclass(frozen=True, slots=True)
class Witness:
    """The element, how it is called, the inputs, and by how much the two sides differ (inf: one of them is no number)."""

    element: Element
    name: str
    xs: tuple[Array, ...]
    error: float


def search(probe: Probe, generator: Generator) -> Witness | None:
    """The first counterexample, simplest inputs first; None where none is found."""
    undefined = None
    for element, name in group_elements(generator):
        for xs in _inputs(probe):
            error = probe.defect(element, xs)
            if DIFFERENT < error < HUGE:
                return Witness(element, name, xs, error)
            if error >= HUGE and undefined is None:
                undefined = Witness(element, name, xs, error)
    return undefined


def move(element: Element, legs: Legs, x: Array) -> Array:
    """The action on an array with one axis for each leg."""
    for axis, leg in enumerate(legs):
        x = act(leg, element, x, axis=axis)
    return x


def group_elements(generator: Generator) -> Iterator[tuple[Element, str]]:
    """The generator, or where it is one of a Lie algebra, rotations by readable angles, translations, exponentials; each with its name."""
    if not generator.lie:
        yield elements.from_generator(generator), _name(generator)
        return
    weights = np.zeros(sz.number(generator.group.lie))
    index = turning_index(generator.group, generator.index)
    law = turning(generator.group)
    if index is None or not isinstance(law, g.Orthogonal | g.SpecialOrthogonal):
        for amount, written in ((1.0, "exp({})"), (0.5, "exp(({})/2)")):
            weights[generator.index] = amount
            name = f"{generator} by {amount:g}" if index is None else written.format(generator)
            yield elements.exp(generator.group, weights), name
        return
    n = sz.number(law.degree)
    i, j = g.lie_pair(n, index)
    sense = 1 if (i, j, n) == (0, 2, 3) else -1  # E_ij - E_ji turns j to i; about y, z is turned to x
    about = {2: "", 3: f" about {'zyx'[index % 3]}"}.get(n, f" in the plane ({i}, {j})")
    for degrees in (45, 30, 100):
        weights[generator.index] = sense * degrees * pi / 180
        yield elements.exp(generator.group, weights), f"rotation by {degrees}°{about}"


def _name(generator: Generator) -> str:
    match generator.group.definition:
        case g.Orthogonal():
            return f"reflection {generator}"
        case g.Symmetric() | g.Permutations():
            return f"permutation {str(generator).strip(chr(34))}"
        case g.Matrices(images) if len(images[0]) <= 4:
            return str([list(row) for row in images[generator.index]])
        case _:
            return str(generator)


def _inputs(probe: Probe) -> Iterator[tuple[Array, ...]]:
    choices = []
    for legs, given in zip(probe.inputs, probe.given, strict=False):
        shape = tuple(sz.number(leg.dim) for leg in legs)
        choices.append([np.full(shape, given)] if given is not None else list(_arrays(shape)))
    return product(*choices)


def _arrays(shape: tuple[int, ...]) -> Iterator[Array]:
    """Simple arrays, simplest first: units, all ones, small integers, then generic ones."""
    size = int(np.prod(shape))
    for index in range(min(size, UNITS)):
        unit = np.zeros(size)
        unit[index] = 1
        yield unit.reshape(shape)
    if size == 1:
        yield from (np.full(shape, value) for value in (2.0, -1.0, 0.5))
        return
    count = np.arange(size, dtype=np.float64)
    yield from (array.reshape(shape) for array in (np.ones(size), count + 1, size - count, (-1) ** count, 1 / (count + 1)))
    rng = np.random.default_rng(0)
    yield from (rng.integers(-3, 4, size=shape).astype(np.float64) for _ in range(8))
