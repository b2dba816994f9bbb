"""How the entries of a linear map share weights, as numbers to be coloured: summand by summand, at small sizes, each channel once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import prod

import numpy as np
from numpy.typing import NDArray

from symc.algebra import sizes as sz
from symc.algebra.hom import Affine, Array, AtomBasis, Diagrams, Factor, Kron, Nested, OrbitList, Orbits, Split
from symc.algebra.reps import Rep, Trivial
from symc.algebra.summands import Choice, Leg, summands
from symc.ir.graph import Graph
from symc.ir.ops import EquivariantOp
from symc.ir.parameters import spaces

DRAWN = 160**2  # entries that are drawn at most
SMALL = 80  # and at most where sizes may be chosen
ENTRIES = 2**18  # of a basis that are looked at to see whether all are 0, 1 or -1
NOISE = 1e-9  # beside the largest entry, what counts as zero
SIZES = (5, 4, 3, 2)


@dataclass(frozen=True, eq=False)
class Pattern:
    """One kind of map: rows are coordinates of the target, columns of the source; a last column apart is the bias, where there is one.

    names: of the weights. source, target: labels and sizes of the summands. label: the class of every entry, from 1 on: those of one class have one
    weight, or the same sum of weights; 0 is zero, -1 an entry that is no plain sum. sign: of entries with a class. value: of the others, a sample
    with random weights, at most 1. classes: how many. free: the number of maps, and of biases.
    """

    names: tuple[str, ...]
    source: tuple[tuple[str, int], ...]
    target: tuple[tuple[str, int], ...]
    bias: bool
    label: NDArray[np.int64]
    sign: NDArray[np.int8]
    value: NDArray[np.float64]
    classes: int
    free: tuple[int, int]
    affine: bool = False


def small_sizes(graph: Graph[EquivariantOp], given: Mapping[str, int]) -> dict[str, int]:
    """A number for every free size: those given, others the largest of a few at which all maps are small; several differ, where they can."""
    names = sorted(graph.free - given.keys())
    found = dict(given)
    for start in range(len(SIZES)):
        found = {**given, **{name: SIZES[min(start + index % 2, len(SIZES) - 1)] for index, name in enumerate(names)}}
        sides = [_side(reps, found) for space in spaces(graph) for reps in (space.basis.sources, space.basis.targets)]
        if max(sides, default=0) <= SMALL:
            break
    return found


def patterns(graph: Graph[EquivariantOp], sizes: Mapping[str, int]) -> list[Pattern | str]:
    """The pattern of every distinct map of a solved graph, in order; of one that is too large to draw, what to say instead."""
    found: dict[tuple[object, ...], tuple[Split | Affine, Split | None, list[str]]] = {}
    biases = {space.name.rpartition(".")[0]: space.basis for space in spaces(graph) if space.bias}
    for space in spaces(graph):
        name = space.name.rpartition(".")[0]
        if not space.bias:
            bias = biases.get(name)
            plain = bias if isinstance(bias, Split) else None
            key = (_legs(space.basis.sources), _legs(space.basis.targets), bool(plain and plain.entries), isinstance(space.basis, Affine))
            names = found.setdefault(key, (space.basis, plain, []))[2]
            names += [name] if name not in names else []
    return [_pattern(tuple(names), basis, bias, sizes) for basis, bias, names in found.values()]


def _pattern(names: tuple[str, ...], basis: Split | Affine, bias: Split | None, sizes: Mapping[str, int]) -> Pattern | str:
    maps = basis.linear if isinstance(basis, Affine) else basis
    rows, columns = _places(maps.targets, sizes), _places(maps.sources, sizes)
    height, width = (sum(place.size for place in places.values()) for places in (rows, columns))
    biased = bias is not None and bool(bias.entries)
    if height * width > DRAWN:
        return f"{', '.join(names)}: {height:,} × {width:,} entries, too many to draw"
    shape = (height, width + biased)
    code, value = np.zeros(shape), np.zeros(shape)
    rng = np.random.default_rng(0)
    for split, places in ((maps, columns), (bias, None)):
        for entry in split.entries if split is not None else ():
            row = rows[entry.target, entry.target_summand.choice]
            column = places[entry.source, entry.source_summand.choice] if places is not None else _Place("", width, 1)
            into = (slice(row.start, row.start + row.size), slice(column.start, column.start + column.size))
            shared = all(_is_shared(factor.basis) for factor in entry.basis.factors)
            (code if shared else value)[into] = _sample(entry.basis, sizes, rng, shared=shared).reshape(row.size, column.size)
    label, sign, classes = _classes(code)
    free = tuple(sum(entry.basis.diagram_dim for entry in split.entries) if split is not None else 0 for split in (maps, bias))
    largest = float(np.abs(value).max(initial=0.0)) or 1.0
    value[np.abs(value) < NOISE * largest] = 0.0
    label[value != 0] = -1
    said = [tuple((place.label, place.size) for place in places.values() if place.size) for places in (columns, rows)]
    return Pattern(names, said[0], said[1], biased, label, sign, value / largest, classes, (free[0], free[1]), isinstance(basis, Affine))


def _classes(code: NDArray[np.float64]) -> tuple[NDArray[np.int64], NDArray[np.int8], int]:
    """Entries of one absolute value are a class, numbered by their first entries, which count as positive."""
    values, first, inverse = np.unique(np.abs(code).ravel(), return_index=True, return_inverse=True)
    order = sorted((index for index in range(len(values)) if values[index]), key=lambda index: first[index])
    number, positive = np.zeros(len(values), dtype=np.int64), np.ones(len(values))
    for position, index in enumerate(order):
        number[index], positive[index] = position + 1, np.sign(code.ravel()[first[index]])
    inverse = inverse.ravel()
    return number[inverse].reshape(code.shape), np.sign(code * positive[inverse].reshape(code.shape)).astype(np.int8), len(order)


@dataclass(frozen=True, slots=True)
class _Place:
    """Of a summand among the rows or columns: what it is called, where it begins, how large it is."""

    label: str
    start: int
    size: int


def _places(reps: Sequence[Rep], sizes: Mapping[str, int]) -> dict[tuple[int, Choice], _Place]:
    found: dict[tuple[int, Choice], _Place] = {}
    start = 0
    for index, rep in enumerate(reps):
        for summand in summands(rep):
            size = prod(_width(leg, sizes) for leg in summand.legs)
            label = "*".join(str(leg) for leg in summand.legs if not isinstance(leg, Trivial)) or "1"
            found[index, summand.choice] = _Place(label, start, size)
            start += size
    return found


def _width(leg: Leg, sizes: Mapping[str, int]) -> int:
    """The size of a leg with its channels drawn once."""
    size = sz.number(leg.dim, sizes)
    return min(size, 1) if isinstance(leg, Trivial) else size


def _side(reps: Sequence[Rep], sizes: Mapping[str, int]) -> int:
    return sum(prod(_width(leg, sizes) for leg in summand.legs) for rep in reps for summand in summands(rep))


def _legs(reps: Sequence[Rep]) -> tuple[tuple[Leg, ...], ...]:
    """What is drawn of some representations: the legs of their summands that are no channels."""
    return tuple(tuple(leg for leg in summand.legs if not isinstance(leg, Trivial)) for rep in reps for summand in summands(rep))


def _sample(kron: Kron, sizes: Mapping[str, int], rng: np.random.Generator, *, shared: bool) -> Array:
    """A combination of the maps between two summands, target legs, then source legs, channels once.

    Where entries share weights these are large integers, so that different sums of them differ (but for one case in billions).
    """
    dims = [factor.basis.dim for factor in kron.factors]
    result: Array = rng.integers(1, 2**36, size=dims).astype(np.float64) if shared else rng.standard_normal(dims)
    axes: list[int] = []
    for factor in kron.factors:
        result = _combined(factor, np.moveaxis(result, 0, -1), sizes, shared=shared)
        axes += [*factor.target_legs, *(len(kron.target) + leg for leg in factor.source_legs)]
    for leg in (*kron.target_trivial, *(len(kron.target) + leg for leg in kron.source_trivial)):
        result = result[..., None]
        axes.append(leg)
    return np.asarray(result.real.transpose(np.argsort(axes)))


def _combined(factor: Factor, weights: Array, sizes: Mapping[str, int], *, shared: bool) -> Array:
    if not shared or _by_nature(factor.basis):
        return factor.basis.combine(weights, sizes)
    return np.tensordot(weights, _scaled(factor.basis.dense(sizes)), axes=1)


def _is_shared(basis: AtomBasis) -> bool:
    """Are the entries of every map 0, 1 or -1, up to one factor?"""
    if _by_nature(basis):
        return True
    shape = basis.target_shape + basis.source_shape
    if any(sz.free_names(size) for size in shape) or basis.is_complex or basis.dim * prod(map(sz.number, shape)) > ENTRIES:
        return False
    stack = basis.dense()
    largest = np.abs(stack).max(axis=tuple(range(1, stack.ndim)), keepdims=True, initial=0.0)
    return bool((np.abs(stack - largest * _scaled(stack)) <= 1e-9 * largest).all())


def _by_nature(basis: AtomBasis) -> bool:
    match basis:
        case Diagrams() | Orbits() | OrbitList():
            return True
        case Nested(terms=terms):
            return all(_by_nature(factor.basis) for factor in _inner(terms))
        case _:
            return False


def _inner(terms: Sequence[tuple[object, Sequence[Split]]]) -> Iterator[Factor]:
    return (factor for _, inside in terms for split in inside for entry in split.entries for factor in entry.basis.factors)


def _scaled(stack: Array) -> Array:
    """Every map divided by its largest entry, and rounded."""
    largest = np.abs(stack).max(axis=tuple(range(1, stack.ndim)), keepdims=True, initial=0.0)
    return np.round(stack / np.where(largest > 0, largest, 1.0))
