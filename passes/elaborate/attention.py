"""`attention[A, heads=h](q, k, v, bias=b)`: which axes are queries, keys, channels and values, told by their types.

A is the axis of `k` and `v` that the softmax runs over. The other sets of `k` are carried along, so `q` and `v` have them too; what further sets `q`
has are its rows, A again where a set attends to itself. Scores are products summed over all other axes of `q` and `k`; what else `v` has are values.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import gcd

from symc.algebra import sizes as sz
from symc.algebra.reps import Rep, Tensor, Trivial
from symc.algebra.sizes import Size
from symc.diagnostics import DiagnosticError, Span
from symc.grammar import tree
from symc.ir.coordinates import counts_copies
from symc.ir.infer import paired, same_axis
from symc.ir.ops import Attention, Reinterpret
from symc.passes.elaborate import sizes, types
from symc.passes.elaborate.application import Application
from symc.passes.elaborate.arguments import keyword
from symc.passes.elaborate.build import Builder, Operand, Single
from symc.passes.elaborate.operations import find_axis
from symc.passes.elaborate.real_complex import check_real
from symc.passes.elaborate.report import fault
from symc.passes.elaborate.space import Axes, axis, join, pick, trivial


@dataclass(frozen=True, slots=True)
class Roles:
    """The places of the axes: of each carried one in q, k and v, then as in `Attention`."""

    carried: tuple[tuple[int, int, int], ...]
    rows: tuple[int, ...]
    keys: tuple[int, int]
    summed: tuple[tuple[int, int], ...]


def attention(a: Application) -> Operand:
    """The values' axes with the rows in place of A. It has no weights of its own."""
    over, heads = _options(a)
    q, k, v = (a.single(arg) for arg in a.arguments(3, ("bias",)))
    for x in (q, k, v):
        check_real("attention", x.space, a.at)
    written = keyword(a.call, "bias")
    bias = None if written is None else a.single(written)
    plain = _roles(q.space, k.space, v.space, over, a.at)
    result = _with_rows(v.space, plain.keys[1], pick(q.space, plain.rows))
    if heads != 1:
        common = _common([x.space for x in (q, k, v)], over)
        q, k, v = (_in_heads(x, heads, over, common, a.builder, a.at) for x in (q, k, v))
    roles = _roles(q.space, k.space, v.space, over, a.at, heads=heads != 1)
    places = () if bias is None else _bias_places(bias.space, q.space, k.space, roles, a.at)
    op = Attention(roles.carried, roles.rows, roles.keys, roles.summed, places)
    space = _with_rows(v.space, roles.keys[1], pick(q.space, roles.rows))
    found = a.builder.emit(op, [q, k, v, *([] if bias is None else [bias])], [space], a.at)[0]
    return found if space.reps == result.reps else a.builder.emit(Reinterpret(), [found], [result], a.at)[0]


def _options(a: Application) -> tuple[Axes, Size]:
    """The axis that the softmax runs over, and the number of heads."""
    over: Axes | None = None
    heads: Size | None = None
    for option in a.options:
        if isinstance(option, tree.Keyword) and option.name.id == "heads" and heads is None:
            heads = sizes.size(option.value, a.frame.scope, least=1)
        elif isinstance(option, tree.Keyword) or over is not None:
            helps = ("write `attention[X, heads=4](q, k, v)`",)
            raise fault("E0215", "`attention` takes an axis and `heads=` in square brackets", option.span, helps=helps)
        else:
            over = types.axes(option, a.frame.scope)
    if over is None:
        helps = ("write `attention[X](q, k, v)`",)
        raise fault("E0215", "`attention` takes the axis it runs over in square brackets", a.at, helps=helps)
    return over, 1 if heads is None else heads


def _roles(q: Axes, k: Axes, v: Axes, over: Axes, at: Span, *, heads: bool = False) -> Roles:
    """With `heads` the first channels of each are the heads, which are carried along."""
    keys = find_axis(k, over, at, "attention"), find_axis(v, over, at, "attention")
    first = [(_channels(q, over), _channels(k, over), _channels(v, over))] if heads else []
    carried = [(i, j, h) for i, j, h in first if i is not None and j is not None and h is not None]
    taken = [place for _, place, _ in carried]
    for place in range(len(k)):
        if place != keys[0] and place not in taken and is_set(k.reps[place]):
            carried.append((_place(k, place, q, "queries", at), place, _place(k, place, v, "values", at)))
    used = [place for place, _, _ in carried]
    rows = tuple(i for i, rep in enumerate(q.reps) if i not in used and (is_set(rep) or same_axis(rep, over.reps[0])))
    left = [i for i, rep in enumerate(q.reps) if i not in (*used, *rows) and rep != Trivial(1)]
    right = [j for j, rep in enumerate(k.reps) if j not in (keys[0], *(place for _, place, _ in carried)) and rep != Trivial(1)]
    if len(left) != len(right) or not all(paired(q.reps[i], k.reps[j]) for i, j in zip(left, right, strict=True)):
        message = f"beside their sets the queries have `{pick(q, tuple(left))}`, the keys `{pick(k, tuple(right))}`"
        raise fault("E0312", "queries and keys do not match", at, message, helps=("map both to the same channels",))
    return Roles(tuple(carried), rows, keys, tuple(zip(left, right, strict=True)))


def is_set(rep: Rep) -> bool:
    """Is an axis an index over the elements of a set, or over tuples of them?"""
    factors = rep.factors if isinstance(rep, Tensor) else (rep,)
    return all(counts_copies(factor) and not isinstance(factor, Trivial) for factor in factors)


def _place(k: Axes, place: int, other: Axes, what: str, at: Span) -> int:
    """Where a set of the keys stands in another operand."""
    found = [i for i, rep in enumerate(other.reps) if same_axis(rep, k.reps[place])]
    if len(found) == 1:
        return found[0]
    shown = k.shown(place)
    if found:
        raise fault("E0313", f"the set `{shown}` of the keys could be either of two", at, f"the {what} are `{other}`")
    raise fault("E0312", f"the set `{shown}` of the keys is not one of the {what}", at, f"the keys are `{k}`, the {what} `{other}`")


def _channels(space: Axes, over: Axes) -> int | None:
    """The first axis of channels; A may be a trivial one, which is none."""
    return next((i for i, rep in enumerate(space.reps) if isinstance(rep, Trivial) and not same_axis(rep, over.reps[0])), None)


def _with_rows(v: Axes, keys: int, rows: Axes) -> Axes:
    return join(join(pick(v, tuple(range(keys))), rows), pick(v, tuple(range(keys + 1, len(v)))))


def _apart(x: Axes) -> Axes:
    """Merged axes that are no sets are taken apart."""
    space = Axes()
    for place, rep in enumerate(x.reps):
        for factor in rep.factors if isinstance(rep, Tensor) and not is_set(rep) else ():
            space = join(space, axis(factor))
        space = space if isinstance(rep, Tensor) and not is_set(rep) else join(space, pick(x, (place,)))
    return space


def _common(operands: Sequence[Axes], over: Axes) -> int:
    """What the numbers of channels have in common: the heads divide it."""
    spaces = [_apart(x) for x in operands]
    places = [_channels(space, over) for space in spaces]
    return gcd(*(dim for space, i in zip(spaces, places, strict=True) if i is not None and isinstance(dim := space.reps[i].dim, int)))


def _in_heads(x: Single, heads: Size, over: Axes, common: int, builder: Builder, at: Span) -> Single:
    """The first channels as `heads*(c/heads)`. All operands have a multiple of `common` channels."""
    space = _apart(x.space)
    place_of = _channels(space, over)
    if place_of is None:
        helps = ("give it channels: `X*c` instead of `X`",)
        raise fault("E0362", "heads split an axis of channels", at, f"`{x.space}` has none", helps=helps)
    inner = _divided(space.reps[place_of].dim, heads, common, at)
    before, after = pick(space, tuple(range(place_of))), pick(space, tuple(range(place_of + 1, len(space))))
    split = join(join(join(before, trivial(heads)), trivial(inner)), after)
    return builder.emit(Reinterpret(), [x], [split], at)[0]


def _divided(channels: Size, heads: Size, common: int, at: Span) -> Size:
    """Channels of one head; while a model is read symbolically what is not known is taken to divide."""
    if isinstance(channels, int) and isinstance(heads, int) and channels % heads:
        fits = ", ".join(str(number) for number in range(2, common + 1) if common % number == 0)
        helps = (f"the heads may be {fits}" if fits else "map them to as many channels",) if common < 1000 else ()
        raise fault("E0362", f"{heads} heads do not divide {channels} channels", at, "each head takes equally many", helps=helps)
    return channels // heads if isinstance(channels, int) and isinstance(heads, int) else sz.normal(channels / heads)


def _bias_places(bias: Axes, q: Axes, k: Axes, roles: Roles, at: Span) -> tuple[int | None, ...]:
    """Where each carried axis, each row and the keys stand in the bias. Of two equal axes the first are the rows."""
    wanted = [*(q.reps[i] for i, _, _ in roles.carried), *(q.reps[i] for i in roles.rows), k.reps[roles.keys[0]]]
    places: list[int | None] = [None] * len(wanted)
    for place, rep in enumerate(bias.reps):
        role = next((i for i, other in enumerate(wanted) if places[i] is None and same_axis(other, rep)), None)
        if role is not None:
            places[role] = place
        elif rep != Trivial(1):
            raise _no_bias(bias, wanted, at)
    if None in places[len(roles.carried) :]:
        raise _no_bias(bias, wanted, at)
    return tuple(places)


def _no_bias(bias: Axes, wanted: Sequence[Rep], at: Span) -> DiagnosticError:
    message = f"the bias is `{bias}`, scores are `{'*'.join(map(str, wanted))}`"
    helps = ("it has an axis of the queries, then one of the keys, and may have heads",)
    return fault("E0312", "the bias does not match the scores", at, message, helps=helps)
