"""`random` and `zero`: tensors that are made of nothing, of the type asked for."""

from __future__ import annotations

from symc.grammar import tree
from symc.ir.ops import Noise, Zero
from symc.passes.elaborate.application import Application
from symc.passes.elaborate.build import Operand, bundled
from symc.passes.elaborate.report import fault
from symc.passes.elaborate.space import Space, entries
from symc.passes.elaborate.stored import tensor_space


def random(a: Application) -> Operand:
    """Standard normal numbers, drawn anew on every call."""
    return _of_nothing(Noise(), a)


def zero(a: Application) -> Operand:
    return _of_nothing(Zero(), a)


def _of_nothing(op: Noise | Zero, a: Application) -> Operand:
    """One node for each tensor of the type in square brackets, else of the one that the surroundings ask for."""
    a.arguments(0)
    space = _written(a) if a.options else a.target
    if space is None:
        helps = (f"write `{a.name}[T]()`, or annotate the statement: `h: T = {a.name}()`",)
        raise fault("E0310", f"nothing says what type `{a.name}` is to have", a.at, "its type is not known here", helps=helps)
    made = [a.builder.emit(op, [], [item], a.at)[0] for _, item in entries(space)]
    return bundled(space, (single.value for single in made))


def _written(a: Application) -> Space:
    if len(a.options) > 1 or isinstance(a.options[0], tree.Keyword):
        raise fault("E0215", f"`{a.name}` takes a type in square brackets", a.options[-1].span, helps=(f"write `{a.name}[T]()`",))
    return tensor_space(a.options[0], a.scope)
