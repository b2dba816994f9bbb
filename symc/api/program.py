"""From a file or a text to checked graphs; no torch."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from symc.algebra import sizes as sz
from symc.algebra.groups import Named
from symc.diagnostics import Diagnostic, DiagnosticError, Source, read_bytes
from symc.grammar import decode, parse, tree
from symc.ir.graph import Graph
from symc.ir.ops import EquivariantOp
from symc.ir.types import AnyType, Record, Type
from symc.passes.attach import attach
from symc.passes.check import check
from symc.passes.elaborate import elaborate, elaborate_all, warnings
from symc.passes.simplify import dead_code

Program = Graph[EquivariantOp]


@dataclass(frozen=True, slots=True)
class Checked:
    """What `symc check` tells of one model, as text."""

    name: str
    symmetry: str
    signature: str
    shapes: str


@dataclass(frozen=True, slots=True)
class Report:
    """The models of a file that are well, and everything there is to say about the others. `unread` names those that are read only where they are
    applied, since something about them hangs on a parameter without default."""

    models: tuple[Checked, ...]
    unread: tuple[str, ...]
    diagnostics: tuple[Diagnostic, ...]


def source_of(path: str | os.PathLike[str] | None, text: str | None) -> Source:
    """The text of a file, or a text given directly. Raises DiagnosticError where a file cannot be read, TypeError unless exactly one is given."""
    if (path is None) == (text is None):
        raise TypeError("give either a path or text=")
    if path is None:
        if not isinstance(text, str):
            raise TypeError(f"text= is a string, not {type(text).__name__}")
        return Source("<text>", text)
    name = os.fsdecode(path)
    return decode(read_bytes(name), name)


def program(
    source: Source, *, model: str | None = None, params: Mapping[str, object] | None = None, report: Callable[[Diagnostic], object] | None = None
) -> Program:
    """The checked graph of one model. Warnings go to `report`. Raises DiagnosticError with everything that is wrong in the text."""
    file, diagnostics = parse(source)
    graphs = _one(file, model, params or {}, diagnostics)
    for graph in graphs:
        diagnostics += check(graph) or warnings(file, graph)
    if not graphs or _errors(diagnostics):
        raise DiagnosticError(_distinct(diagnostics))
    if report is not None:
        for warning in _distinct(diagnostics):
            report(warning)
    return graphs[0]


def check_file(path: str | os.PathLike[str], *, model: str | None = None, params: Mapping[str, object] | None = None) -> Report:
    """Check every model of a file, parameters at their defaults or standing for any size; with `model` or `params`, that model at these values."""
    try:
        source = source_of(path, None)
    except DiagnosticError as error:
        return Report((), (), error.diagnostics)
    return check_source(source, model=model, params=params)


def check_source(source: Source, *, model: str | None = None, params: Mapping[str, object] | None = None) -> Report:
    """As `check_file`, for a text."""
    file, diagnostics = parse(source)
    symbolic: dict[str, list[str]] = {}  # of each model the parameters that stand for any size
    if model is not None or params:
        graphs = _one(file, model, params or {}, diagnostics)
    else:
        graphs = _all(file, diagnostics)
        models = [item for item in file.declarations if isinstance(item, tree.ModelDecl)]
        symbolic = {item.name.id: [param.name.id for param in item.params if param.default is None] for item in models}
    unread = [] if _errors(diagnostics) else [name for name in symbolic if name not in {graph.name for graph in graphs}]
    well = []
    for graph in graphs:
        found = check(graph) or warnings(file, graph)
        try:
            attach(dead_code(graph), report=found.append, symbolic=symbolic.get(graph.name, ()))  # as `compile` does
        except DiagnosticError as error:
            found += error.diagnostics
        if not _errors(found):
            well.append(described(graph))
        diagnostics += found
    return Report(tuple(well), tuple(unread), _distinct(diagnostics))


def _one(file: tree.File, model: str | None, params: Mapping[str, object], diagnostics: list[Diagnostic]) -> list[Program]:
    """The graph of one model in a list, empty where it is wrong; what is wrong joins the diagnostics of the text."""
    try:
        return [elaborate(file, model=model, params=params)]
    except DiagnosticError as error:
        diagnostics += error.diagnostics
        return []


def _all(file: tree.File, diagnostics: list[Diagnostic]) -> list[Program]:
    """The graphs of all models that are well; what is wrong with the others joins the diagnostics of the text."""
    try:
        graphs, wrong = elaborate_all(file)
    except DiagnosticError as error:
        graphs, wrong = [], list(error.diagnostics)
    diagnostics += wrong
    return graphs


def _errors(diagnostics: Iterable[Diagnostic]) -> bool:
    return any(found.severity == "error" for found in diagnostics)


def described(graph: Program) -> Checked:
    symmetry = " * ".join(f"{group} = {group.definition}" if isinstance(group, Named) else str(group) for group in graph.groups) or "none"
    with graph.named():
        signature = str(graph.signature)
    return Checked(graph.name, symmetry, signature, f"{shapes(graph.signature.inputs)} -> {shapes(graph.signature.result)}")


def shapes(item: AnyType) -> str:
    """A type as the shapes of its tensors."""
    match item:
        case Record(fields):
            return f"({', '.join(f'{name}: {shapes(inner)}' for name, inner in fields)})"
        case Type():
            sizes = [sz.show(size) for size in item.shape]
            return f"({', '.join(sizes)}{',' if len(sizes) == 1 else ''}){' int64' * (item.classes is not None)}"


def _distinct(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Each complaint once, in the order of the text; what has no place comes last."""
    places = {d: (d.primary is None, d.primary.span.start if d.primary else 0) for d in dict.fromkeys(diagnostics)}
    return tuple(sorted(places, key=places.__getitem__))
