"""An operation as it is applied: its name, its brackets, and the type that is asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from symc.diagnostics import Span
from symc.grammar import tree
from symc.passes.elaborate.arguments import no_options, positional
from symc.passes.elaborate.build import Builder, Bundle, Operand, Single, each_tensor
from symc.passes.elaborate.frame import Frame
from symc.passes.elaborate.meanings import Scope, wrong_kind
from symc.passes.elaborate.report import fault
from symc.passes.elaborate.space import Space


@dataclass(frozen=True, slots=True)
class Application:
    """`name[options](arguments)`; weights are called `path`, and `target` is the type that the surroundings ask for."""

    name: str
    options: tuple[tree.Expr, ...]
    call: tree.Call
    path: str
    frame: Frame
    target: Space | None
    scope: Scope  # of what stands in square brackets

    @property
    def builder(self) -> Builder:
        return self.frame.builder

    @property
    def at(self) -> Span:
        return self.call.span

    def value(self, expr: tree.Expr, target: Space | None = None) -> Operand:
        """What an argument stands for."""
        return self.frame.session.value(expr, self.frame, target)

    def single(self, expr: tree.Expr, target: Space | None = None) -> Single:
        """As `value`, for what must be one tensor."""
        operand = self.value(expr, target)
        if isinstance(operand, Bundle):
            raise wrong_kind(expr, "a record", "one tensor", ("take an entry, `x.name`",))
        return operand

    def arguments(self, count: int | None = None, keywords: Sequence[str] = ()) -> tuple[tree.Expr, ...]:
        """What stands in round brackets, without the keywords that are taken; so many, where that is said."""
        args = positional(self.call, keywords)
        if count is not None and len(args) != count:
            wanted = {0: "nothing in round brackets", 1: "one tensor", 2: "two tensors"}.get(count, f"{count} tensors")
            raise fault("E0215", f"`{self.name}` takes {wanted}", self.at, f"{len(args)} given")
        return args

    def one(self, target: Space | None) -> Operand:
        """The only argument."""
        (arg,) = self.arguments(1)
        return self.value(arg, target)

    def entrywise(self, target: Space | None, function: Callable[[Single, str], Single]) -> Operand:
        """A function of every tensor of the only argument; the string is what weights are called there."""
        return each_tensor(self.one(target), lambda item, entry: function(item, ".".join(filter(None, (self.path, *entry)))))

    def plain(self) -> Application:
        """Itself, where nothing stands in square brackets."""
        no_options(self.name, self.options)
        return self
