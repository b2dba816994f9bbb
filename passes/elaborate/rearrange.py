"""`rearrange`: the same coordinates with the axes taken apart, put in another order and merged, as a type says.

Axes are compared by type, sizes of channels by their names before their values. Where two axes could be either of two, nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from symc.algebra import sizes as sz
from symc.algebra.reps import Tensor, Trivial
from symc.algebra.sizes import Size
from symc.grammar import tree
from symc.ir.infer import same_axis
from symc.ir.ops import Reinterpret
from symc.passes.elaborate import types
from symc.passes.elaborate.application import Application
from symc.passes.elaborate.build import Operand
from symc.passes.elaborate.report import fault
from symc.passes.elaborate.space import Axes, Fields, Space, axis, join, pick


class NoArrangement(Exception):
    """The coordinates cannot be brought into the order asked for; the message says why."""

    def __init__(self, message: str, *, ambiguous: bool = False):
        super().__init__(message)
        self.ambiguous = ambiguous


Places: TypeAlias = tuple[int, ...]
Block: TypeAlias = tuple[Places, Places]  # neighbouring axes of the source, and those of the target that lay out the same coordinates


@dataclass(frozen=True, slots=True)
class Arrangement:
    """The source with its merged axes taken apart, and the order in which the target has those."""

    apart: Axes
    order: tuple[int, ...]


def rearrange(a: Application) -> Operand:
    """The argument in the layout of the target. Raises DiagnosticError where no way, or more than one, leads there."""
    target = _target(a)
    (argument,) = a.arguments(1)
    x = a.single(argument)
    try:
        found = arrangement(x.space, target)
    except NoArrangement as error:
        shown = f"`{x.space}` to `{target}`: {error}"
        if error.ambiguous:
            helps = ("give the sizes names: they are compared before values", "merge equal axes first, to move them as one: `(X*X)`")
            raise fault("E0313", "`rearrange` could be done in more than one way", a.at, shown, helps=helps) from None
        help = "it takes merged axes apart, orders axes, and merges neighbours: for more write two, `rearrange[T](rearrange[S](x))`"
        raise fault("E0311", f"nothing rearranges `{x.space}` to `{target}`", a.at, str(error), helps=(help,)) from None
    if found.apart.reps != x.space.reps:
        (x,) = a.builder.emit(Reinterpret(), [x], [found.apart], a.at)
    order = found.order if found.order != tuple(range(len(found.order))) else None
    return a.builder.emit(Reinterpret(order), [x], [target], a.at)[0]


def _target(a: Application) -> Axes:
    if len(a.options) > 1 or any(isinstance(option, tree.Keyword) for option in a.options):
        raise fault("E0215", "`rearrange` takes a type in square brackets", a.options[-1].span, helps=("write `rearrange[T](x)`",))
    space: Space | None = types.axes(a.options[0], a.scope) if a.options else a.target
    if space is None:
        helps = ("write `rearrange[T](x)`, or annotate the statement: `h: T = rearrange(x)`",)
        raise fault("E0310", "nothing says what `rearrange` leads to", a.at, "its target is not known here", helps=helps)
    if isinstance(space, Fields):
        raise fault("E0311", f"`rearrange` gives one tensor, not `{space}`", a.at, helps=("rearrange the entries one by one",))
    return space


def arrangement(source: Axes, target: Axes) -> Arrangement:
    """How to lay the source out as the target. Raises NoArrangement."""
    names = {**_named_sizes(source), **_named_sizes(target)}
    before, after = _apart(source, names), _apart(target, names)
    if len(before) == len(after) and all(_same_name(before, i, after, i) is not False and _same(before, i, after, i) for i in range(len(before))):
        return Arrangement(before, tuple(range(len(before))))  # nothing moves, so that equal axes cannot be mistaken either
    blocks = list(_matched(before, after))
    return Arrangement(before, tuple(place for places, _ in sorted(blocks, key=lambda block: block[1]) for place in places))


def _named_sizes(space: Axes) -> dict[str, Size]:
    return {label: rep.k for rep, label in zip(space.reps, space.labels, strict=True) if isinstance(rep, Trivial) and label is not None}


def _apart(space: Axes, names: Mapping[str, Size]) -> Axes:
    """One axis for each factor, none for 1; channels written as `(heads*c)` are two where the sizes of all the names are known."""
    result = Axes()
    for position, rep in enumerate(space.reps):
        label = space.labels[position]
        if isinstance(rep, Tensor):
            for factor in rep.factors:
                result = join(result, _apart(axis(factor), names))
        elif isinstance(rep, Trivial) and label is not None and "*" in label:
            result = join(result, _by_name(rep, label, names) or pick(space, (position,)))
        elif rep != Trivial(1):
            result = join(result, pick(space, (position,)))
    return result


def _by_name(rep: Trivial, label: str, names: Mapping[str, Size]) -> Axes | None:
    """The channels as the product that their label says, where its factors are known and have that product."""
    parts = [part.strip() for part in label.split("*")]
    sizes = [int(part) if part.isdigit() else names.get(part) for part in parts]
    known = [size for size in sizes if size is not None]
    if len(known) < len(sizes) or not _equal(sz.product(known), rep.k):
        return None
    return Axes(tuple(map(Trivial, known)), tuple(None if part.isdigit() else part for part in parts))


def _matched(before: Axes, after: Axes) -> Iterator[Block]:
    """Axis by axis by name, then by type alone; what is left are channels to be split or merged."""
    rows, columns = list(range(len(before))), list(range(len(after)))
    for named in (True, False):
        for j in tuple(columns):
            found = [i for i in rows if _alike(before, i, after, j, named)]
            rivals = [k for k in columns if _alike(after, k, after, j, named)]
            if len(found) == len(rivals) == 1:
                rows.remove(found[0])
                columns.remove(j)
                yield (found[0],), (j,)
            elif found and not named:
                raise NoArrangement(f"nothing says which axis `{after.shown(j)}` is which", ambiguous=True)
    for space, left, message in ((after, columns, "there is no axis `{}`"), (before, rows, "the axis `{}` has no place")):
        lost = [place for place in left if not isinstance(space.reps[place], Trivial)]
        if lost:
            raise NoArrangement(message.format(space.shown(lost[0])))
    yield from _regrouped(before, rows, after, columns)


def _alike(left: Axes, i: int, right: Axes, j: int, named: bool) -> bool:
    return _same(left, i, right, j) and (not named or _same_name(left, i, right, j) is True)


def _same(left: Axes, i: int, right: Axes, j: int) -> bool:
    return same_axis(left.reps[i], right.reps[j])


def _same_name(left: Axes, i: int, right: Axes, j: int) -> bool | None:
    """Are channels called alike? None where one has no name, or they are none."""
    names = left.labels[i], right.labels[j]
    return None if None in names or not isinstance(left.reps[i], Trivial) else names[0] == names[1]


def _regrouped(before: Axes, rows: Sequence[int], after: Axes, columns: Sequence[int]) -> Iterator[Block]:
    """Channels beside each other on one side that are channels beside each other on the other, row-major."""
    if not rows and not columns:
        return
    for run, left, among, right, flip in (
        *((run, after, rows, before, True) for run in _runs(columns)),
        *((run, before, columns, after, False) for run in _runs(rows)),
    ):
        size = _size(left, run)
        found = [other for other in _segments(among) if _equal(_size(right, other), size)]
        if len(found) > 1:
            raise NoArrangement(f"the channels `{_shown(left, run)}` could be those of more than one place", ambiguous=True)
        if found:
            block = (found[0], run) if flip else (run, found[0])
            yield block
            yield from _regrouped(before, _without(rows, block[0]), after, _without(columns, block[1]))
            return
    missing = f"no channels beside each other make up `{_shown(after, _runs(columns)[0])}`" if columns else ""
    raise NoArrangement(missing or f"the channels `{_shown(before, _runs(rows)[0])}` have no place")


def _runs(places: Sequence[int]) -> list[Places]:
    """Longest stretches of neighbours."""
    runs: list[Places] = []
    for place in places:
        if runs and runs[-1][-1] + 1 == place:
            runs[-1] = (*runs[-1], place)
        else:
            runs.append((place,))
    return runs


def _segments(places: Sequence[int]) -> list[Places]:
    """All stretches of neighbours."""
    return [run[start:stop] for run in _runs(places) for start in range(len(run)) for stop in range(start + 1, len(run) + 1)]


def _without(places: Sequence[int], gone: Places) -> list[int]:
    return [place for place in places if place not in gone]


def _size(space: Axes, places: Places) -> Size:
    return sz.product(space.reps[place].dim for place in places)


def _equal(left: Size, right: Size) -> bool:
    return left == right or sz.normal(left - right) == 0


def _shown(space: Axes, places: Places) -> str:
    return "*".join(map(space.shown, places))
