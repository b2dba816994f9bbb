"""What is known while the body of one application of a model is read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from symc.diagnostics import Span
from symc.grammar import tree
from symc.passes.elaborate.build import Builder, Operand
from symc.passes.elaborate.meanings import Home, Local, Meaning, Template, Tensor
from symc.passes.elaborate.report import Reports
from symc.passes.elaborate.space import Space


class Apply(Protocol):
    """Inlining a model: see `models.apply`."""

    def __call__(self, template: Template, options: Sequence[tree.Expr], call: tree.Call, frame: Frame, path: str) -> Operand: ...


@dataclass(frozen=True, slots=True)
class Session:
    """One graph under construction. `stack` has the models being read, outermost first."""

    reports: Reports
    builder: Builder
    apply: Apply
    symbolic: bool
    stack: list[tree.ModelDecl] = field(default_factory=list)


@dataclass(slots=True)
class Layer:
    """What `let` names: an operation or model with its square brackets. `used` is the first application: its types and place."""

    head: tree.Expr
    options: tuple[tree.Expr, ...]
    path: str
    span: Span
    used: tuple[tuple[Space, ...], Space, Span] | None = None


@dataclass(frozen=True, slots=True)
class Broken:
    """A name whose statement went wrong."""


Binding = Operand | Layer | Broken


@dataclass(slots=True)
class Frame:
    """One application of a model: its parameters, its names so far, and where its weights are called what."""

    session: Session
    model: tree.ModelDecl
    home: Home
    params: Mapping[str, Meaning]
    path: str  # what its weights' names begin with: empty, or `h.0.Block.`
    places: Mapping[int, str]  # of statements and returned values, see `naming`
    names: dict[str, Binding] = field(default_factory=dict)
    spans: dict[str, Span] = field(default_factory=dict)  # where each name was last bound
    turns: tuple[int, ...] = ()
    maps: Mapping[int, str] = field(default_factory=dict)  # the weights' name of each call in the statement at hand

    @property
    def scope(self) -> BodyScope:
        return BodyScope(self)

    @property
    def builder(self) -> Builder:
        return self.session.builder

    @property
    def reports(self) -> Reports:
        return self.session.reports


@dataclass(frozen=True, slots=True)
class BodyScope:
    """The names inside a model's body: parameters, tensors, then those of the file."""

    frame: Frame

    def find(self, name: str) -> Meaning | None:
        if name in self.frame.params:
            return self.frame.params[name]
        return Tensor() if name in self.frame.names else self.frame.home.find(name)

    def known(self) -> Iterable[str]:
        return (*self.frame.names, *Local(self.frame.home, self.frame.params).known())


Evaluate = Callable[[tree.Expr, Frame, Space | None], Operand]
