"""Points: equivariant affine maps, from the linear ones of what turns them.

A translation by t moves every point of a source by t, that is by 1 x t on its coordinates. So W (1 x t) is 1 x t again on a target of points, and
zero on any other target. These are linear conditions on the weights of the linear maps, the same for every channel of a target.
"""

from __future__ import annotations

import numpy as np

from symc.algebra import sizes as sz
from symc.algebra.canonical import canonical_complement
from symc.algebra.groups import Group
from symc.algebra.hom import Affine, Array, Certificate, Entry, Kron, Split, System
from symc.algebra.hom.affine import means
from symc.algebra.points import translated
from symc.algebra.reps import Point, Rep, Trivial
from symc.algebra.summands import Leg, Summand, summands
from symc.passes.solve import limits
from symc.passes.solve.errors import SolveError
from symc.passes.solve.normal import normal_form
from symc.passes.solve.rank import decide

FREE = 5  # the size at which conditions are read off where a size is free: in means they are the same at every size
ZERO = 1e-9


def affine_maps(linear: Split, limit: int) -> Affine:
    """The affine maps among the linear ones. Raises SolveError E0407 where there is no affine map, E0501 above the limit in bytes."""
    systems, removed, gap = [], 0, linear.certificate.gap or np.inf
    for index, target in enumerate(linear.targets):
        for summand in summands(target):
            chosen = [i for i, entry in enumerate(linear.entries) if (entry.target, entry.target_summand) == (index, summand)]
            if chosen or translated(summand.legs) is not None:
                system, rank, clear = _system(linear, target, summand, chosen, limit)
                systems.append(system)
                removed, gap = removed + rank * system.channels, min(gap, clear)
    known = linear.certificate
    expected = None if known.expected is None else known.expected - removed
    by = None if expected is None else f"{known.expected_by}, less the conditions of translations"
    return Affine(linear, tuple(systems), Certificate(known.residual, expected, by, known.independent, gap if gap < np.inf else None))


def _system(linear: Split, target: Rep, summand: Summand, chosen: list[int], limit: int) -> tuple[System, int, float]:
    """The conditions on the maps into one summand, solved; their number, and the gap that decided it."""
    entries = [linear.entries[i] for i in chosen]
    channels = _channels(summand.legs)
    own = translated(summand.legs)
    columns: list[Array] = []
    wanted: list[Array] = []
    groups = dict.fromkeys([group for entry in entries if (group := translated(entry.source_summand.legs)) is not None] + ([own] if own else []))
    for group in groups:
        blocks, goal = [_condition(entry, summand, group) for entry in entries], _goal(summand, own, group)
        height = max(len(goal), *(len(block) for block in blocks), 0)
        filled = [block if len(block) else np.zeros((height, block.shape[1])) for block in blocks]
        columns.append(np.concatenate([np.zeros((height, 0)), *filled], axis=1))
        wanted.append(goal if len(goal) else np.zeros(height))
    width = sum(entry.basis.diagram_dim * entry.basis.source_channels for entry in entries)
    limits.check_bytes(16 * width**2, limit, f"the affine maps from {width:,} weights")
    a = np.concatenate([np.zeros((0, width)), *columns])
    t = np.concatenate([np.zeros(0), *wanted])
    u, values, v = np.linalg.svd(a, full_matrices=False)
    found = decide(values)
    if found is None:
        raise SolveError("E0403", f"the maps to the points `{target}` are not clear: some conditions of translations nearly hold")
    rank, gap = found
    origin = v[:rank].T @ ((u[:, :rank].T @ t) / values[:rank])
    if np.abs(a @ origin - t).max(initial=0.0) > ZERO:
        raise SolveError(
            "E0407",
            f"no map goes to the points `{target}`: their position must come from points of the same space",
            helps=("give `linear` an input of points, or make the target a vector",),
        )
    origin[np.abs(origin) < 1e-14] = 0.0
    return System(tuple(chosen), channels, origin, canonical_complement(v[:rank])), rank, gap


def _condition(entry: Entry, summand: Summand, group: Group) -> Array:
    """Shape (coordinates, basis * source channels): what every map does to 1 x t; no row where the translations do not move the source."""
    kron = entry.basis
    width = kron.diagram_dim * kron.source_channels
    if translated(entry.source_summand.legs) != group:
        return np.zeros((0, width))
    sizes = dict.fromkeys(frozenset().union(*(leg.free for leg in kron.source + kron.target)), FREE)
    stack = _without_channels(kron, sizes)  # (basis, target legs, source legs)
    cut = stack.ndim - sum(not isinstance(leg, Trivial) for leg in kron.source)
    legs = [leg for leg in entry.source_summand.legs if not isinstance(normal_form(leg), Trivial)]
    axes = [cut + place for place, leg in enumerate(legs) if not isinstance(leg, Point)]
    moved = stack.sum(axis=tuple(axes)).reshape(len(stack), -1)
    return np.repeat(moved.T, kron.source_channels, axis=1)


def _without_channels(kron: Kron, sizes: dict[str, int]) -> Array:
    """The maps of the groups alone, diagrams taking means: shape (basis, moved target legs..., moved source legs...)."""
    ones = tuple(Trivial(1) if isinstance(leg, Trivial) else leg for leg in kron.source), tuple(
        Trivial(1) if isinstance(leg, Trivial) else leg for leg in kron.target
    )
    bare = Kron(ones[0], ones[1], kron.factors, kron.source_trivial, kron.target_trivial)
    stack = bare.dense(sizes)
    kept = [size for leg, size in zip((*ones[1], *ones[0]), stack.shape[1:], strict=True) if not isinstance(leg, Trivial)]
    return np.asarray((stack.reshape(len(stack), -1) * means(kron, sizes)[:, None]).reshape(len(stack), *kept))


def _goal(summand: Summand, own: Group | None, group: Group) -> Array:
    """1 x t on the target, as `_condition` lays it out; nothing where the target is not moved by these translations."""
    if own != group:
        return np.zeros(0)
    legs = [leg for leg in summand.legs if not isinstance(normal_form(leg), Trivial)]
    free = frozenset().union(*(normal_form(leg).free for leg in legs))
    sizes = dict.fromkeys(free, FREE)
    dims = [sz.number(normal_form(leg).dim, sizes) for leg in legs]
    place = next(i for i, leg in enumerate(legs) if isinstance(leg, Point))
    shape = [1] * len(dims)
    shape[place] = dims[place]
    moved = np.eye(dims[place]).reshape(*shape, dims[place])
    return np.ascontiguousarray(np.broadcast_to(moved, (*dims, dims[place]))).ravel()


def _channels(legs: tuple[Leg, ...]) -> int:
    return int(np.prod([sz.number(leg.dim) for leg in map(normal_form, legs) if isinstance(leg, Trivial)], dtype=object))
