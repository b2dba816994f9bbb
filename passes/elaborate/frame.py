"""What is known while the body of one application of a model is read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol, TypeAlias

from symc.diagnostics import Span
from symc.grammar import tree
from symc.passes.elaborate.build import Builder, Operand
from symc.passes.elaborate.meanings import Home, Layer, Local, Meaning, Template, Tensor
from symc.passes.elaborate.report import Poisoned, Reports, unsupported
from symc.passes.elaborate.space import Space

RELATIONS = ("edges", "hyperedges")


class Apply(Protocol):
    """Inlining a model: see `models.apply`."""

    def __call__(self, layer: Layer, template: Template, call: tree.Call, frame: Frame, path: str, target: Space | None) -> Operand: ...


class Read(Protocol):
    """The tensors that an expression stands for: see `values.value`."""

    def __call__(self, expr: tree.Expr, frame: Frame, target: Space | None) -> Operand: ...


@dataclass(frozen=True, slots=True)
class Session:
    """One graph under construction. `symbolic` are the parameters that stand for any size; `stack` has the models being read, outermost first."""

    reports: Reports
    builder: Builder
    apply: Apply
    value: Read
    symbolic: frozenset[str]
    stack: list[tree.ModelDecl] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Broken:
    """A name whose statement went wrong."""


Binding: TypeAlias = Operand | Layer | Broken


@dataclass(slots=True)
class Frame:
    """One application of a model: its parameters, its names so far, and where its weights are called what."""

    session: Session
    model: tree.ModelDecl
    home: Home
    params: Mapping[str, Meaning]
    path: str  # what its weights' names begin with: empty, or `h.0.Block.`
    places: Mapping[int, str]  # of statements and returned values, see `naming`
    result: Space | None = None  # None where it is wrong
    names: dict[str, Binding] = field(default_factory=dict)
    spans: dict[str, Span] = field(default_factory=dict)  # where each name was last bound
    turns: tuple[int, ...] = ()
    layers: dict[str, tree.Let] = field(default_factory=dict)  # the statement behind each layer's weights
    maps: Mapping[int, str] = field(default_factory=dict)  # the weights' name of each call in the statement at hand

    @property
    def scope(self) -> BodyScope:
        return BodyScope(self)

    @property
    def head(self) -> HeadScope:
        return HeadScope(self.model, Local(self.home, self.params))

    @property
    def builder(self) -> Builder:
        return self.session.builder

    @property
    def reports(self) -> Reports:
        return self.session.reports


@dataclass(frozen=True, slots=True)
class HeadScope:
    """The names in the types of a model's inputs and result: parameters and those of the file. A relation among the inputs can be an axis."""

    model: tree.ModelDecl
    local: Local

    def find(self, name: str) -> Meaning | None:
        """What a parameter or a name of the file means. Raises DiagnosticError for a relation, which is not supported yet."""
        meaning = self.local.find(name)
        relation = next((item.type for item in self.model.inputs if item.name.id == name), None) if meaning is None else None
        if relation is None:
            return meaning
        if isinstance(relation, tree.Call) and isinstance(relation.function, tree.Name) and relation.function.id in RELATIONS:
            raise unsupported(f"`{relation.function.id}(...)`", relation.span)
        return Tensor()

    def known(self) -> Iterable[str]:
        return self.local.known()


@dataclass(frozen=True, slots=True)
class BodyScope:
    """The names inside a model's body: parameters, those of the file, then tensors, which take none of theirs."""

    frame: Frame

    def find(self, name: str) -> Meaning | None:
        """As in the head, then a layer or Tensor() for what is bound so far. Raises Poisoned for a name whose statement went wrong."""
        meaning = Local(self.frame.home, self.frame.params).find(name)
        if meaning is None and isinstance(self.frame.names.get(name), Broken):
            raise Poisoned
        bound = self.frame.names.get(name) if meaning is None else None
        return meaning if bound is None else bound if isinstance(bound, Layer) else Tensor()

    def known(self) -> Iterable[str]:
        return (*self.frame.names, *Local(self.frame.home, self.frame.params).known())
