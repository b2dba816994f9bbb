"""What to measure at: values for free sizes, inputs, group elements."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from symc.algebra import sizes as sz
from symc.algebra.actions import act
from symc.algebra.elements import IDENTITY, Element, exp, from_generator, sample
from symc.algebra.generators import Generator, generators
from symc.algebra.groups import Group, Linear
from symc.algebra.reps import OneHot
from symc.algebra.sizes import SizeError
from symc.backends import InputError
from symc.diagnostics import Diagnostic, did_you_mean
from symc.ir.bodies import every_value
from symc.ir.graph import Graph
from symc.ir.ops import EquivariantOp
from symc.ir.types import Type

Array = NDArray[Any]  # float64, or complex128 where the type is complex, or int64 for indices
VALUES = (1, 2, 3, 5)  # small sizes are where a diagram drops out or a group is trivial; several free sizes get different ones
MOST = 30  # generators of a Lie algebra
LETTERS = (2, 3)  # lengths of random words in matrices that stretch: what they do to rounding grows with every letter


@dataclass(frozen=True, slots=True)
class Probe:
    """A group element to measure at: of which group, which of its generators (None: random), how to call it."""

    group: str
    generator: int | None
    name: str
    element: Element


def choose_sizes(graph: Graph[EquivariantOp], wanted: Mapping[str, int] | Sequence[Mapping[str, int]] | None) -> list[dict[str, int]]:
    """Values for all free sizes, several times; where no value is wanted, those of `VALUES` at which every size of the model is a whole number.

    Raises InputError (E0609) for a name that is no free size, and for values that make no shape.
    """
    names = sorted(graph.free)
    asked = [wanted] if isinstance(wanted, Mapping) else list(wanted or [{}])
    for one in asked:
        for name, value in one.items():
            if name not in names:
                known = f"its free sizes are: {', '.join(names) or 'none'}"
                raise _refused(f"`{name}` is no free size of `{graph.name}`", known, *did_you_mean(name, names))
            if not isinstance(value, int) or value < 1:
                raise _refused(f"{name} = {value} is no size to verify at", "a free size is a positive integer")
    tried = [{name: one.get(name, VALUES[(k + j) % len(VALUES)]) for j, name in enumerate(names)} for one in asked for k in range(len(VALUES))]
    distinct = [dict(pairs) for pairs in dict.fromkeys(tuple(sizes.items()) for sizes in tried)]
    fitting = [sizes for sizes in distinct if _fits(graph, sizes)]
    if not fitting:
        raise _refused(f"`{graph.name}` has no shape at these sizes", f"tried: {'; '.join(map(str, distinct))}")
    return fitting


def probes(groups: Sequence[Group], rng: np.random.Generator, *, spelled: bool = False) -> Iterator[Probe]:
    """Every generator of every group, then a random element of each, then one of all.

    Of a Lie algebra, the exponential at a random angle, and of a large one only some: the random elements do not miss what the others would find.
    With `spelled`, all are words in the generators.
    """
    for group in groups:
        own = generators([group])
        continuous = [number for number, generator in enumerate(own) if generator.lie]
        left_out = set(rng.permutation(continuous)[MOST:].tolist())
        for number, generator in enumerate(own):
            if generator.lie and number not in left_out:
                angle = _angle(generator.group, rng)
                yield Probe(str(group), number, f"exp {angle:.2f} ({generator})", _exp(generator, angle))
            elif not generator.lie:
                yield Probe(str(group), number, str(generator), from_generator(generator))
        yield Probe(str(group), None, "random", random_element([group], rng, spelled=spelled))
    if len(groups) > 1:
        yield Probe("all", None, "random", random_element(groups, rng, spelled=spelled))


def random_element(groups: Sequence[Group], rng: np.random.Generator, *, spelled: bool = False) -> Element:
    """A random element of the product, whose matrices are of moderate size."""
    result = IDENTITY
    for atom in (atom for group in groups for atom in group.atoms):
        result = result @ (_short_word(atom, rng) if _stretches(atom) else sample([atom], rng, spelled=spelled))
    return result


def _short_word(atom: Group, rng: np.random.Generator) -> Element:
    """Two or three letters; the generators and inverses of some of them are the alphabet, so that no letter undoes the one before."""
    alphabet = [(generator, rng.integers(2)) for generator in generators([atom])]
    result = IDENTITY
    for choice in rng.integers(len(alphabet), size=int(rng.choice(LETTERS))) if alphabet else ():
        generator, sign = alphabet[choice]
        letter = _exp(generator, _angle(atom, rng)) if generator.lie else from_generator(generator)
        result = result @ (letter if sign else letter.inverse())
    return result


def _exp(generator: Generator, angle: float) -> Element:
    weights = np.zeros(sz.number(generator.group.lie))
    weights[generator.index] = angle
    return exp(generator.group, weights)


def _angle(atom: Group, rng: np.random.Generator) -> float:
    return rng.uniform(0.3, 1.0) if _stretches(atom) else rng.uniform(0.5, 3.0)


def stretches(element: Element) -> bool:
    """Whether the matrices of an element may be far from orthogonal."""
    return any(map(_stretches, element.parts))


def _stretches(atom: Group) -> bool:
    return isinstance(atom.definition, Linear) and not atom.definition.unitary


def random_numbers(type: Type, count: int, rng: np.random.Generator) -> Array:
    """Independent standard normal coordinates, shape (count, *type.shape), sizes concrete; complex ones where the type is complex, or indices."""
    shape = (count, *(sz.number(size) for size in type.shape))
    if type.classes is not None:
        return rng.integers(sz.number(type.classes), size=shape)
    x: Array = rng.standard_normal(shape)
    return x + 1j * rng.standard_normal(shape) if type.is_complex else x


def transform(type: Type, element: Element, x: Array) -> Array:
    """rho(element) x for x of shape (batch, *type.shape), sizes concrete."""
    shown = [axis for axis in type.axes if not isinstance(axis, OneHot)]
    flat = x.reshape(len(x), *(sz.number(axis.dim) for axis in shown))
    for position, axis in enumerate(shown):
        flat = act(axis, element, flat, axis=1 + position)
    return flat.reshape(x.shape).astype(x.dtype, copy=False)


def _fits(graph: Graph[EquivariantOp], sizes: Mapping[str, int]) -> bool:
    try:
        for value in every_value(graph):
            if isinstance(value.type, Type):
                for size in value.type.at(sizes).shape:
                    sz.number(size)
    except SizeError:
        return False
    return True


def _refused(title: str, note: str, *helps: str) -> InputError:
    return InputError(Diagnostic("E0609", title, notes=(note,), helps=helps))
