"""`scan` and `fold`: a model applied at one index after another of an axis, each time to the state that the last time returned."""

from __future__ import annotations

from dataclasses import dataclass, replace

from symc.algebra.reps import Carried, Trivial
from symc.diagnostics import Label
from symc.grammar import tree
from symc.ir.graph import Graph
from symc.ir.ops import EquivariantOp, Scan
from symc.ir.types import Record, Signature
from symc.passes.elaborate import types
from symc.passes.elaborate.application import Application
from symc.passes.elaborate.build import Builder, Operand, Single, bundled, each_tensor, tensors
from symc.passes.elaborate.coerce import coerced
from symc.passes.elaborate.frame import HeadScope
from symc.passes.elaborate.layers import layer
from symc.passes.elaborate.meanings import Layer, Local, Template, wrong_kind
from symc.passes.elaborate.parameters import matched
from symc.passes.elaborate.report import fault
from symc.passes.elaborate.space import Axes, Space, each_entry, entries, join, pick
from symc.passes.elaborate.stored import computed
from symc.passes.elaborate.targets import needs_target


@dataclass(frozen=True, slots=True)
class _Cell:
    """The model that is applied, its square brackets, and the axis it runs along."""

    layer: Layer
    model: Template
    written: tree.Expr
    time: Axes

    @property
    def name(self) -> str:
        return self.model.declaration.name.id

    @property
    def inputs(self) -> tuple[tree.Field, ...]:
        return self.model.declaration.inputs


def recurrence(a: Application) -> Operand:
    """`fold[Cell, time](h, x)` is the last state, `scan` the states after every step, along the axis in front."""
    cell = _read(a)
    operands = _arguments(a, cell)
    first, *names = operands
    state = operands[first]
    steps = {name: each_tensor(operands[name], lambda item, _: _step(a, item, cell.time)) for name in names}
    body = _body(a, cell, {name: operand.space for name, operand in {first: state, **steps}.items()})
    others = [item for name in names for item in tensors(operands[name])]
    places = [_place(a, item.space, cell.time) for item in others]
    if all(place is None for place in places):
        helps = (f"give it a tensor of every step, such as `x: {cell.time}*...`",)
        raise fault("E0314", f"no argument of `{a.name}` has the axis `{cell.time}`", a.at, "so there is nothing to run along", helps=helps)
    last = a.name == "fold"
    space = state.space if last else each_entry(state.space, lambda item: join(cell.time, item))
    op = Scan(body, len(list(tensors(state))), tuple(places), last)
    results = a.builder.emit(op, [*tensors(state), *others], [item for _, item in entries(space)], a.at)
    return bundled(space, iter([single.value for single in results]))


def _read(a: Application) -> _Cell:
    """`[Cell[...], time]`."""
    if len(a.options) != 2 or any(isinstance(option, tree.Keyword) for option in a.options):
        helps = (f"write `{a.name}[Cell, time](h, x)`",)
        raise fault("E0215", f"`{a.name}` takes a model and an axis in square brackets", a.at, f"{len(a.options)} given", helps=helps)
    written, along = a.options
    found = layer(written, a.scope)
    if not isinstance(found.head, Template):
        raise wrong_kind(written, "an operation", "a model", ("write a model that applies it: `model Cell(h: H, x: X) -> H: ...`",))
    time = types.axes(along, a.scope)
    if len(time) != 1 or not isinstance(time.reps[0], Carried):
        if len(time) == 1 and isinstance(time.reps[0], Trivial):
            message = f"`{time}` is a number, perhaps the size of one"
        else:
            message = f"the points of `{time}` have no order, or belong to one whole"
        helps = ("declare one and name it here: `rep time = axis(t)`",)
        raise fault("E0315", f"`{a.name}` runs along an `axis(...)`", along.span, message, helps=helps)
    return _Cell(found, found.head, written, time)


def _arguments(a: Application, cell: _Cell) -> dict[str, Operand]:
    """What every input of the model is given, the state first."""
    what = f"`{a.name}[{cell.name}, ...]`"
    given = matched(cell.inputs, a.call.args, a.at, what)
    for item in cell.inputs:
        if item.name.id not in given:
            raise fault("E0215", f"{what} needs `{item.name.id}`", a.at, secondary=(Label(item.span, "declared here"),))
    found: dict[str, Operand] = {}
    for position, item in enumerate(cell.inputs):
        arg = given[item.name.id]
        wanted = None if cell.model.home is not a.frame.home and not needs_target(arg, a.frame) else _declared(a, cell, item)
        if position == 0:
            found[item.name.id] = a.value(arg, wanted)
            if wanted is not None:
                because = Label(item.span, f"`{cell.name}` takes the state `{wanted}`")
                found[item.name.id] = coerced(found[item.name.id], wanted, a.builder, arg.span, because)
        else:
            timed = None if wanted is None else each_entry(wanted, lambda space: join(cell.time, space))
            found[item.name.id] = a.value(arg, timed)
    return found


def _declared(a: Application, cell: _Cell, item: tree.Field) -> Space:
    """The type of an input of the model, for its parameters here."""
    declaration, home = cell.model.declaration, cell.model.home
    params = types.bind(declaration.params, cell.layer.options, cell.layer.scope, home, cell.written.span, f"`{cell.name}`")
    return computed(types.space(item.type, HeadScope(declaration, Local(home, params))))


def _place(a: Application, space: Axes, time: Axes) -> int | None:
    found = [place for place, rep in enumerate(space.reps) if rep == time.reps[0]]
    if len(found) > 1:
        helps = ("declare another axis, with a size of its own, for one of them",)
        message = f"`{time}` occurs {len(found)} times in `{space}`"
        raise fault("E0313", f"`{a.name}` could run along more than one axis", a.at, message, helps=helps)
    return found[0] if found else None


def _step(a: Application, item: Single, time: Axes) -> Single:
    """What one step is given of a tensor: one index of the axis, or all where there is no such axis."""
    place = _place(a, item.space, time)
    return replace(item, space=pick(item.space, tuple(i for i in range(len(item.space)) if i != place)))


def _body(a: Application, cell: _Cell, spaces: dict[str, Space]) -> Graph[EquivariantOp]:
    """One step: the model applied to a state and a step of everything else."""
    frame, builder = a.frame, Builder(a.builder)
    places = {item.name.id: item.span for item in cell.inputs}
    names = {name: builder.placeholder(name, space, places[name]) for name, space in spaces.items()}
    inner = replace(frame, session=replace(frame.session, builder=builder), names=dict(names), spans={})
    written = [tree.Name(name, span=a.at) for name in names]
    call = tree.Call(cell.written, tuple(tree.Keyword(name, name, span=a.at) for name in written), span=a.at)
    path = f"{a.path}.{cell.name}" if cell.layer.path is None else cell.layer.path
    found = frame.session.apply(cell.layer, cell.model, call, inner, path, None)
    state = next(iter(spaces.values()))
    because = Label(cell.model.declaration.result.span, f"`{cell.name}` takes the state `{state}`, so that is what it returns")
    returned = coerced(found, state, builder, a.at, because)
    given = [item for operand in names.values() for item in tensors(operand)]
    signature = Signature(Record(tuple((name, space.type) for name, space in spaces.items())), state.type)
    groups = tuple(dict.fromkeys(group for item in (*given, *tensors(returned)) for group in item.space.type.groups))
    inputs, outputs = (tuple(item.value for item in items) for items in (given, tensors(returned)))
    return Graph(cell.name, signature, inputs, tuple(builder.nodes), outputs, groups)
