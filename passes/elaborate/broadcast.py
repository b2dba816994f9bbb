"""Aligning the operands of `+ - * /` by type, not position.

The smaller operand's axes occur in the larger, in order; an axis `1` stretches; operands that each have an axis the other lacks give an outer
result, in the annotation's order where the operands themselves leave it open. Sizes are compared by name first, then by value.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise

from symc.algebra.points import directions
from symc.algebra.reps import Rep, Trivial
from symc.ir.coordinates import counts_copies, moduli
from symc.ir.infer import met_axis, same_axis
from symc.passes.elaborate.space import Axes, pick

Pairs = tuple[tuple[int, int], ...]


class NoAlignment(Exception):
    """The operands do not fit; the message says why. `order` where an annotation would say the order of the axes."""

    def __init__(self, message: str, *, ambiguous: bool = False, order: bool = False):
        super().__init__(message)
        self.ambiguous = ambiguous
        self.order = order


@dataclass(frozen=True, slots=True)
class Alignment:
    """Axis a of the result is axis left[a] of the left operand (None: stretched), likewise right."""

    space: Axes
    left: tuple[int | None, ...]
    right: tuple[int | None, ...]


def align(left: Axes, right: Axes, target: Axes | None, kind: str) -> Alignment:
    """How two operands meet. Raises NoAlignment where they do not, or could in more than one way.

    In a dot product axes that one operand lacks may be channels too, and without an annotation the left operand's come first.
    """
    if kind in ("add", "sub") and any(rep.affine for rep in left.reps + right.reps):
        found = _aligned(_directions(left), _directions(right), None if target is None else _directions(target))
        for a, b in zip(found.left, found.right, strict=True):
            if a is not None and b is not None and met_axis(kind, left.reps[a], right.reps[b]) is None:
                raise NoAlignment(f"points stand in other places in `{left.shown(a)}` than in `{right.shown(b)}`")
        return replace(found, space=_space(left, right, found.left, found.right, kind))
    if kind in ("mul", "div") and left.type.is_complex != right.type.is_complex:
        found = _aligned(_moduli(left), _moduli(right), None if target is None else _moduli(target))
        return replace(found, space=_space(left, right, found.left, found.right, kind))
    return _aligned(left, right, target, loose=kind == "dot")


def _moduli(space: Axes) -> Axes:
    """Real numbers meet complex ones as they would meet their absolute values."""
    return replace(space, reps=tuple(map(moduli, space.reps)))


def _directions(space: Axes) -> Axes:
    """Points meet vectors, and points, as vectors would."""
    return replace(space, reps=tuple(map(directions, space.reps)))


def _aligned(left: Axes, right: Axes, target: Axes | None, *, loose: bool = False) -> Alignment:
    everything = tuple(range(len(left))), tuple(range(len(right)))
    if len(left) == len(right) and all(map(same_axis, left.reps, right.reps)):
        return _result(left, right, tuple(zip(*everything, strict=True)), everything)
    core = _without_ones(left), _without_ones(right)
    for ways in ([everything], [(core[0], everything[1]), (everything[0], core[1])]):
        found = [_result(left, right, pairs, kept) for kept in ways if (pairs := _contained(left, right, kept)) is not None]
        if found and any(other.space != found[0].space for other in found):
            raise NoAlignment("the axes `1` could stand in more than one place", ambiguous=True)
        if found:
            return found[0]
    return _outer(left, right, core, target, loose)


def _contained(left: Axes, right: Axes, kept: tuple[tuple[int, ...], tuple[int, ...]]) -> Pairs | None:
    """The matching in which the smaller operand lies wholly inside the larger; None where there is none."""
    found = _matchings(left, right, *kept)
    return _only(found, right) if len(found[0]) == min(map(len, kept)) else None


def _outer(left: Axes, right: Axes, core: tuple[tuple[int, ...], tuple[int, ...]], target: Axes | None, loose: bool) -> Alignment:
    """Each operand has an axis the other lacks: allowed where those of one operand are sets, or where the annotation asks for it."""
    pairs = _only(_matchings(left, right, *core), right)
    alone = (
        pick(left, tuple(i for i in core[0] if i not in {a for a, _ in pairs})),
        pick(right, tuple(j for j in core[1] if j not in {b for _, b in pairs})),
    )
    wanted = _ordered(left, right, pairs, core, target) if target is not None else None
    if wanted is not None:
        return wanted
    if loose:
        return _result(left, right, pairs, core)
    if not any(_is_set(axes.reps) for axes in alone):
        raise NoAlignment(f"`{alone[0]}` and `{alone[1]}` do not match")
    if any(rows and columns for rows, columns in _segments(pairs, core)):
        raise NoAlignment(f"`{alone[0]}` and `{alone[1]}` may stand in either order", order=True)
    return _result(left, right, pairs, core)


def _is_set(axes: Sequence[Rep]) -> bool:
    return bool(axes) and all(counts_copies(axis) and not isinstance(axis, Trivial) for axis in axes)


def _ordered(left: Axes, right: Axes, pairs: Pairs, core: tuple[tuple[int, ...], tuple[int, ...]], target: Axes) -> Alignment | None:
    """The outer result with its axes in the target's order, where the target has all axes of both operands in one way."""
    rows, columns = core
    try:
        places = _inside(pick(left, rows), target), _inside(pick(right, columns), target)
    except NoAlignment:
        return None
    if places[0] is None or places[1] is None:
        return None
    at_left, at_right = dict(zip(places[0], rows, strict=True)), dict(zip(places[1], columns, strict=True))
    met = tuple((at_left[place], at_right[place]) for place in sorted(at_left.keys() & at_right.keys()))
    if met != pairs:
        return None
    order = sorted(at_left.keys() | at_right.keys())
    to_left, to_right = tuple(at_left.get(p) for p in order), tuple(at_right.get(p) for p in order)
    return Alignment(_space(left, right, to_left, to_right), to_left, to_right)


def _inside(operand: Axes, target: Axes) -> tuple[int, ...] | None:
    """Where the axes of an operand stand in the target, or None."""
    pairs = _only(_matchings(operand, target, tuple(range(len(operand))), tuple(range(len(target)))), target)
    return tuple(place for _, place in pairs) if len(pairs) == len(operand) else None


def _result(left: Axes, right: Axes, pairs: Pairs, kept: tuple[tuple[int, ...], tuple[int, ...]]) -> Alignment:
    """The axes of both in one order: between two shared axes, those of the left, then those of the right."""
    shared = iter((*pairs, None))
    to_left: list[int | None] = []
    to_right: list[int | None] = []
    for rows, columns in _segments(pairs, kept):
        pair = next(shared)
        to_left += [*rows, *[None] * len(columns), *([pair[0]] if pair else [])]
        to_right += [*[None] * len(rows), *columns, *([pair[1]] if pair else [])]
    return Alignment(_space(left, right, tuple(to_left), tuple(to_right)), tuple(to_left), tuple(to_right))


def _segments(pairs: Pairs, kept: tuple[tuple[int, ...], tuple[int, ...]]) -> list[tuple[list[int], list[int]]]:
    """The axes of either operand before the first shared axis, between two of them, and after the last."""
    bounds = [(-1, -1), *pairs, (10**9, 10**9)]
    return [([i for i in kept[0] if a[0] < i < b[0]], [j for j in kept[1] if a[1] < j < b[1]]) for a, b in pairwise(bounds)]


def _space(left: Axes, right: Axes, to_left: Sequence[int | None], to_right: Sequence[int | None], kind: str = "mul") -> Axes:
    reps, labels = [], []
    for a, b in zip(to_left, to_right, strict=True):
        met = met_axis(kind, left.reps[a], right.reps[b]) if a is not None and b is not None else None
        reps.append(met if met is not None else left.reps[a] if a is not None else right.reps[b if b is not None else 0])
        labels.append((left.labels[a] if a is not None else None) or (right.labels[b] if b is not None else None))
    return Axes(tuple(reps), tuple(labels))


def _without_ones(space: Axes) -> tuple[int, ...]:
    return tuple(i for i, rep in enumerate(space.reps) if rep != Trivial(1))


def _matchings(left: Axes, right: Axes, rows: tuple[int, ...], columns: tuple[int, ...]) -> tuple[Pairs, ...]:
    """Up to two longest order-preserving matchings of equal axes; sizes match by name where that matches as much as by value does."""

    def by_value(i: int, j: int) -> bool:
        return same_axis(left.reps[i], right.reps[j])

    def by_name(i: int, j: int) -> bool:
        return by_value(i, j) and (left.labels[i] == right.labels[j] or not isinstance(left.reps[i], Trivial))

    named, values = longest_matchings(rows, columns, by_name), longest_matchings(rows, columns, by_value)
    return named if len(named[0]) == len(values[0]) else values


def _only(found: tuple[Pairs, ...], right: Axes) -> Pairs:
    """The one matching there is."""
    if len(found) > 1:
        axis = next(pair for pair in found[1] if pair not in found[0])
        raise NoAlignment(f"the axis `{right.shown(axis[1])}` matches in more than one way", ambiguous=True)
    return found[0]


def longest_matchings(rows: Sequence[int], columns: Sequence[int], equal: Callable[[int, int], bool]) -> tuple[Pairs, ...]:
    """Up to two of the longest order-preserving matchings of equal items."""

    @cache
    def best(i: int, j: int) -> int:
        if i == len(rows) or j == len(columns):
            return 0
        return max(best(i + 1, j), best(i, j + 1), 1 + best(i + 1, j + 1) if equal(rows[i], columns[j]) else 0)

    def walk(i: int, j: int) -> list[Pairs]:
        """Up to two longest matchings of what is left, told apart by their first pair."""
        if best(i, j) == 0:
            return [()]
        found: list[Pairs] = []
        for a in range(i, len(rows)):
            for b in range(j, len(columns)):
                if equal(rows[a], columns[b]) and 1 + best(a + 1, b + 1) == best(i, j):
                    found += [((rows[a], columns[b]), *rest) for rest in walk(a + 1, b + 1)]
                    if len(found) > 1:
                        return found[:2]
        return found

    return tuple(walk(0, 0))
