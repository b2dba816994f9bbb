"""`gate`, and values with gates beside them: what a map inside a `gate` is asked for.

Such a value is a record of two entries, the value under the empty name, which no entry of a text has, and its gates. So the maps make both, and
operations on records take both along; what is added to it has no gates and goes to the value alone.
"""

from __future__ import annotations

from symc.diagnostics import Span
from symc.ir.coordinates import same_coordinates
from symc.ir.gates import NoProduct, all_moved, gate_axes
from symc.ir.ops import Gate, Pointwise, Reinterpret
from symc.passes.elaborate.build import Builder, Bundle, Operand, Single
from symc.passes.elaborate.real_complex import check_real
from symc.passes.elaborate.report import fault
from symc.passes.elaborate.space import Axes, Fields, Space, axis, each_entry, join, pick

VALUE, GATES = "", "gates"
ANY_GATED = Fields(())  # asked of a map that says itself what it goes to: gates beside that


def gates_of(space: Axes, at: Span) -> Axes | None:
    """The type of the gates; None where all parts are trivial."""
    if not all_moved(space.reps):
        check_real("gate", space, at)
    try:
        found = gate_axes(space.reps)
    except NoProduct as error:
        helps = ("gate the parts of one of the sums, `gate(x.0)`, and `concat` them",)
        raise fault("E0330", "`gate` takes trivial parts along one axis", at, f"`{space}` has them along two: {error}", helps=helps) from None
    result = Axes()
    for position, rep in found or ():
        result = join(result, pick(space, (position,)) if space.reps[position] == rep else axis(rep))
    return None if found is None else result


def gated(space: Space | None, at: Span) -> Space:
    """The type with gates beside every tensor that has copies to be gated."""
    match space:
        case None:
            return ANY_GATED
        case Fields(fields):
            return Fields(tuple((name, gated(inner, at)) for name, inner in fields))
        case Axes():
            gates = gates_of(space, at)
            if gates is not None and space.type.is_complex:
                helps = ("say what gates it: `gate(linear(z), linear(norm(z)))`",)
                raise fault("E0340", "gates are real, and a map inside `gate` is complex", at, f"the type is `{space}`", helps=helps)
            return space if gates is None else Fields(((VALUE, space), (GATES, gates)))


def asks_for_gates(space: Space | None) -> bool:
    """Are gates among what is asked for?"""
    return isinstance(space, Fields) and (space == ANY_GATED or any(name == VALUE or asks_for_gates(inner) for name, inner in space.fields))


def ungated(space: Space | None) -> Space | None:
    """The type without the gates."""
    match space:
        case Fields(((name, value), _)) if name == VALUE:
            return value
        case Fields(fields) if fields:
            return Fields(tuple((name, inner) for name, item in fields if (inner := ungated(item)) is not None))
        case Fields():
            return None
        case _:
            return space


def asked_of_map(own: Space | None, target: Space | None, at: Span) -> Space | None:
    """What a map goes to: the type in its brackets, else the one asked for; with gates where these are."""
    space = own if own is not None else ungated(target)
    return gated(space, at) if space is not None and asks_for_gates(target) else space


def asked_of_gates(space: Space, at: Span) -> Space:
    """The type of the gates of all tensors; where nothing can be gated, which is refused later, that of the tensor."""

    def asked(entry: Axes) -> Axes:
        gates = gates_of(entry, at)
        return entry if gates is None else gates

    return each_entry(space, asked)


def parted(operand: Operand) -> tuple[Single, Single] | None:
    """A value and its gates; None where it has none."""
    match operand:
        case Bundle(((name, Single() as value), (_, Single() as gates))) if name == VALUE:
            return value, gates
        case _:
            return None


def with_gates(value: Operand, gates: Operand) -> Bundle:
    return Bundle(((VALUE, value), (GATES, gates)))


def opened(operand: Operand, builder: Builder, at: Span) -> Operand:
    """`gate(x)`: every value that has gates gated by them, what is trivial through silu."""
    match operand:
        case _ if (both := parted(operand)) is not None:
            return _emit(*both, builder, at)
        case Bundle(fields):
            return Bundle(tuple((name, opened(item, builder, at)) for name, item in fields))
        case Single() if gates_of(operand.space, at) is None:
            return builder.emit(Pointwise("silu"), [operand], [operand.space], at)[0]
        case Single():
            helps = ("put the map inside: `gate(linear(x))`", "or say what gates it: `gate(x, linear(norm(x)))`")
            raise fault("E0331", "nothing makes the gates", at, f"no map in it could, and `{operand.space}` has copies to be gated", helps=helps)


def gated_by(x: Operand, s: Operand, builder: Builder, at: Span) -> Operand:
    """`gate(x, s)`, records entry by entry."""
    match x, s:
        case Single(), Single():
            return _emit(x, s, builder, at)
        case Bundle(fields), Bundle(others) if [name for name, _ in fields] == [name for name, _ in others]:
            pairs = zip(fields, others, strict=True)
            return Bundle(tuple((name, gated_by(item, other, builder, at)) for (name, item), (_, other) in pairs))
        case _:
            raise fault("E0312", "the gates are of another form than the value", at, f"`{x.space}` and `{s.space}`")


def _emit(x: Single, s: Single, builder: Builder, at: Span) -> Single:
    wanted = gates_of(x.space, at)
    if wanted is None:
        raise fault("E0331", "`gate` has nothing to gate", at, f"all parts of `{x.space}` are trivial", helps=("leave the gates out, or use `silu`",))
    if not same_coordinates(s.space.type, wanted.type):
        helps = ("a `linear` without target makes them: `gate(x, linear(norm(x)))`",)
        title = f"the gates of `{x.space}` are `{wanted}`, one number for each nontrivial copy"
        raise fault("E0311", title, at, f"`{s.space}` is given", helps=helps)
    gates = s if s.space.reps == wanted.reps else builder.emit(Reinterpret(), [s], [wanted], at)[0]
    return builder.emit(Gate(), [x, gates], [x.space], at)[0]
