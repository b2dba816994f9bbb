"""`linear`: where its target comes from, and which axes `each` keeps apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from symc.algebra.reps import Rep, Tensor, Trivial
from symc.diagnostics import Span, did_you_mean
from symc.grammar import show, tree
from symc.ir.coordinates import counts_copies
from symc.ir.infer import same_axis
from symc.ir.ops import Linear
from symc.passes.elaborate import types
from symc.passes.elaborate.along import with_carried
from symc.passes.elaborate.build import Builder, Operand, Single, bundled
from symc.passes.elaborate.gating import asked_of_map
from symc.passes.elaborate.meanings import Scope
from symc.passes.elaborate.real_complex import check_one_field
from symc.passes.elaborate.report import fault, unsupported
from symc.passes.elaborate.space import Axes, Space, entries, pick
from symc.passes.elaborate.stored import tensor_space

FUTURE_OPTIONS = frozenset(("support", "stride", "pad", "modes", "relax"))


@dataclass(frozen=True, slots=True)
class Options:
    """What stands in the square brackets of a `linear`."""

    target: Space | None
    each: Axes
    bias: bool


def options(args: Sequence[tree.Expr], scope: Scope, word: str = "linear") -> Options:
    """Read `linear[T, each=X, bias=false]`, or `bilinear[T, each=X]`."""
    takes = ("each", "bias") if word == "linear" else ("each",)
    target: Space | None = None
    each, bias = Axes(), True
    seen: set[str] = set()
    for arg in args:
        name = arg.name.id if isinstance(arg, tree.Keyword) else ""
        if name in seen:
            raise fault("E0215", f"`{word}` is given {f'`{name}`' if name else 'a target'} twice", arg.span)
        seen.add(name)
        match arg:
            case tree.Keyword(_, value) if name == "each":
                each = types.axes(value, scope)
            case tree.Keyword(_, value) if name == "bias" and name in takes:
                bias = _boolean(value)
            case tree.Keyword() if name in FUTURE_OPTIONS and word == "linear":
                raise unsupported(f"`linear[{name}=...]`", arg.span)
            case tree.Keyword():
                known = " and ".join(f"`{option}=`" for option in takes)
                told = f"it takes a target{',' if len(takes) > 1 else ' and'} {known}"
                raise fault("E0215", f"`{word}` takes no `{name}`", arg.span, told, helps=did_you_mean(name, takes))
            case _:
                target = tensor_space(arg, scope)
    return Options(target, each, bias)


def has_target(args: Sequence[tree.Expr]) -> bool:
    """Do square brackets say what a `linear` maps to?"""
    return any(not isinstance(arg, tree.Keyword) for arg in args)


def linear(inputs: Sequence[Single], target: Space | None, chosen: Options, name: str, builder: Builder, at: Span) -> Operand:
    """The node of one `linear`, and its results."""
    space = target_of(chosen, target, "linear", at)
    if not inputs and not chosen.bias:
        raise fault("E0215", "`linear` without inputs is its bias alone", at, "and `bias=false` leaves nothing")
    outputs = [axes for _, axes in entries(space)]
    check_one_field("linear", [item.space for item in inputs], outputs, at)
    each = with_carried("linear", chosen.each, [item.space for item in inputs], outputs, at)
    op = Linear(name, chosen.bias, each.reps, input_places(each, inputs, at), output_places(each, outputs, at))
    return bundled(space, iter([single.value for single in builder.emit(op, inputs, outputs, at)]))


def target_of(chosen: Options, target: Space | None, word: str, at: Span) -> Space:
    """What a map goes to: its own target, else what the surroundings ask for."""
    space = asked_of_map(chosen.target, target, at)
    if space is None:
        helps = (f"write `{word}[T](...)`, or annotate the statement: `h: T = ...`",)
        raise fault("E0310", f"nothing says what `{word}` maps to", at, "its target is not known here", helps=helps)
    return space


def input_places(each: Axes, inputs: Sequence[Single], at: Span) -> tuple[tuple[int | None, ...], ...]:
    return tuple(places(each, item.space, at) for item in inputs) if len(each) else ()


def output_places(each: Axes, outputs: Sequence[Axes], at: Span) -> tuple[tuple[int, ...], ...]:
    rows = []
    for space in outputs if len(each) else ():
        row = places(each, space, at)
        for position, place in enumerate(row):
            if place is None:
                axis = each.shown(position)
                raise fault("E0314", f"`each={axis}` needs an axis `{axis}` in the target", at, f"the target is `{space}`")
        rows.append(tuple(place for place in row if place is not None))
    return tuple(rows)


def places(each: Axes, space: Axes, at: Span) -> tuple[int | None, ...]:
    """The position of every axis of `each` in a type, None where it is missing."""
    row: list[int | None] = []
    for position, rep in enumerate(each.reps):
        if not _can_be_kept_apart(rep):
            why = "puts several axes into one" if rep.permuted else "is no set: its coordinates are mixed by the group"
            message = f"`{each.shown(position)}` {why}"
            raise fault("E0315", "`each` names axes that are permuted or trivial", at, message)
        row.append(_place(pick(each, (position,)), space, row, at))
    return tuple(row)


def _can_be_kept_apart(rep: Rep) -> bool:
    """Trivial indices have weights of their own, permuted ones share them; an axis of both kinds has neither."""
    parts = rep.factors if isinstance(rep, Tensor) else ()
    return counts_copies(rep) or (bool(parts) and all(counts_copies(factor) and not isinstance(factor, Trivial) for factor in parts))


def _place(wanted: Axes, space: Axes, taken: Sequence[int | None], at: Span) -> int | None:
    (rep,), (label,) = wanted.reps, wanted.labels
    found = [i for i, other in enumerate(space.reps) if same_axis(other, rep) and i not in taken]
    by_name = [i for i in found if isinstance(rep, Trivial) and space.labels[i] == label]
    if len(found) > 1 and len(by_name) != 1:
        raise fault("E0313", f"`each={wanted}` could be more than one axis", at, f"`{wanted}` occurs {len(found)} times in `{space}`")
    return (by_name if len(found) > 1 else found)[0] if found else None


def _boolean(expr: tree.Expr) -> bool:
    match expr:
        case tree.Name("true"):
            return True
        case tree.Name("false"):
            return False
        case _:
            raise fault("E0216", f"`{show(expr)}` is neither `true` nor `false`", expr.span)
