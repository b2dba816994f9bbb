"""What a name can mean, and how it is looked up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Protocol, TypeAlias

import sympy

from symc.algebra.groups import Group
from symc.algebra.sizes import Size
from symc.diagnostics import DiagnosticError, Label, Span, did_you_mean
from symc.grammar import HABITS, tree
from symc.passes.elaborate.report import fault
from symc.passes.elaborate.reserved import WORDS, bare
from symc.passes.elaborate.space import Axes, Fields


@dataclass(frozen=True, slots=True)
class Family:
    """A declared `rep` or `group` with parameters, and the file it stands in."""

    declaration: tree.RepDecl | tree.GroupDecl
    home: Home = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Template:
    """A declared model, and the file it stands in."""

    declaration: tree.ModelDecl
    home: Home = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Module:
    """An imported file under its alias."""

    home: Home = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Missing:
    """A declaration of a kind that has no meaning yet."""

    what: str


@dataclass(frozen=True, slots=True)
class Tensor:
    """A tensor of the model at hand: known, and neither a size nor a type."""


@dataclass(frozen=True, slots=True)
class Layer:
    """An operation, by its name, or a model, with its square brackets, which are read in `scope`.

    path: what its weights are called where all applications share them; None where each makes its own.
    """

    head: str | Template
    options: tuple[tree.Expr, ...]
    scope: Scope = field(compare=False, repr=False)
    path: str | None = None


GroupKey: TypeAlias = tuple[str, str]  # the name of a declared group and the file it is of


Meaning: TypeAlias = Group | Axes | Fields | int | float | str | sympy.Expr | Family | Template | Module | Missing | Tensor | Layer


class Scope(Protocol):
    """Where names are looked up. `find` raises Poisoned for a name whose declaration is wrong, and DiagnosticError the first time."""

    def find(self, name: str) -> Meaning | None: ...

    def known(self) -> Iterable[str]: ...


class Home(Scope, Protocol):
    """The scope of a file."""

    @property
    def origin(self) -> str: ...

    def exported(self, name: str) -> Meaning | None:
        """What the file itself declares under a name."""
        ...

    def exports(self) -> Iterable[str]: ...

    def rebound(self, groups: Mapping[GroupKey, Group], sizes: Mapping[str, Size]) -> Home:
        """The same file with other groups for its own, and other sizes for its free ones."""
        ...

    def reading(self, name: str, at: Span) -> AbstractContextManager[None]:
        """While a declaration is read; complains where it is needed for itself."""
        ...

    def span_of(self, name: str) -> Span | None:
        """Where a name is declared."""
        ...


@dataclass(frozen=True, slots=True)
class Local:
    """Parameters over the scope of the file."""

    parent: Scope
    params: Mapping[str, Meaning]

    def find(self, name: str) -> Meaning | None:
        return self.params[name] if name in self.params else self.parent.find(name)

    def known(self) -> Iterable[str]:
        return (*self.params, *self.parent.known())


def look_up(name: tree.Name, scope: Scope, also: Iterable[str] = ()) -> Meaning:
    """The meaning of a name; an unknown one is an error with a suggestion."""
    meaning = scope.find(name.id)
    if meaning is None and name.id in WORDS:
        raise bare(name)
    if meaning is None:
        raise unknown(name.id, name.span, (*scope.known(), *also))
    return meaning


def member(dot: tree.Dot, scope: Scope) -> Meaning | None:
    """What `b.Name` means where b is an imported file; None where it is none."""
    if not isinstance(dot.target, tree.Name) or not isinstance(module := scope.find(dot.target.id), Module):
        return None
    meaning = module.home.exported(str(dot.attribute))
    if meaning is None:
        raise unknown(str(dot.attribute), dot.span, module.home.exports(), f"`{dot.target.id}` declares no such name")
    return meaning


def unknown(name: str, at: Span, known: Iterable[str], message: str = "", otherwise: tuple[str, ...] = ()) -> DiagnosticError:
    """The complaint about a name that means nothing; `otherwise` is the help where no known name is near."""
    helps = (HABITS[name],) if name in HABITS else did_you_mean(name, known) or otherwise
    return fault("E0210", f"unknown name `{name}`", at, message or "not declared, and not a word of the language", helps=helps)


def describe(meaning: Meaning) -> str:
    """What a name is, for a message."""
    match meaning:
        case Group():
            return "a group"
        case Axes():
            return "a representation"
        case Fields():
            return "a record type"
        case int() | sympy.Expr():
            return "a size"
        case float():
            return "a number"
        case Family(tree.GroupDecl()):
            return "a family of groups"
        case Family():
            return "a family of representations"
        case Template():
            return "a model"
        case Module():
            return "an imported file"
        case Missing(what):
            return what
        case Tensor():
            return "a tensor"
        case str():
            return "a string"
        case Layer():
            return "a layer"
    raise TypeError(f"no meaning: {meaning!r}")


def wrong_kind(expr: tree.Expr, found: str, expected: str, helps: Iterable[str] = (), secondary: Iterable[Label] = ()) -> DiagnosticError:
    """The complaint about a name or expression of the wrong kind."""
    return fault("E0214", f"{found} where {expected} is expected", expr.span, f"this is {found}", helps=helps, secondary=secondary)
