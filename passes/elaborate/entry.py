"""The way in: a whole file, its declarations alone, or one layer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace

from symc.algebra import sizes as sz
from symc.algebra.groups import Named
from symc.algebra.names import named
from symc.algebra.reps import Carried
from symc.diagnostics import Diagnostic, DiagnosticError, Label, Source, Span, did_you_mean
from symc.grammar import parse, parse_signature, tree
from symc.ir.graph import Graph
from symc.ir.ops import EquivariantOp
from symc.ir.types import AnyType, Record, Signature
from symc.passes.elaborate import maps
from symc.passes.elaborate.bilinear import bilinear, product_of
from symc.passes.elaborate.build import Builder, tensors
from symc.passes.elaborate.imports import Library, Load, read_beside
from symc.passes.elaborate.meanings import Local, Scope, Template
from symc.passes.elaborate.models import compiled
from symc.passes.elaborate.report import Exhausted, Poisoned, Reports, fault, settled
from symc.passes.elaborate.scope import FileScope, free_sizes, open_file
from symc.passes.elaborate.space import Axes, Fields, Space, entries
from symc.passes.elaborate.statements import Undecided
from symc.passes.elaborate.stored import computed, input_space, read, tensor_space
from symc.passes.elaborate.unused import unused


def elaborate(
    file: tree.File,
    *,
    model: str | None = None,
    params: Mapping[str, object] | None = None,
    load: Load = read_beside,
) -> Graph[EquivariantOp]:
    """The graph of one model of a parsed file: the last one unless `model` names another.

    `params` gives values to the model's parameters: numbers, or text that is read as an expression. `load(path, importer)` reads imports.
    Raises DiagnosticError with everything that is wrong with what the model uses, and with the groups and reps of the file. It is empty where the
    model hangs on a declaration that could not be parsed, which the parser has reported.
    """
    reports = Reports()
    graph = None
    with _shallow(file):
        scope = open_file(file, "", Library(file.source, load), reports)
        scope.check(reports, everything=False)
        with named(names := scope.rep_names()), suppress(Exhausted), reports.recover():
            graph = replace(compiled(_chosen(scope, file, model), params or {}, reports, symbolic=False), names=names)
    reports.settle()
    if graph is None:
        raise DiagnosticError(())
    return graph


def elaborate_all(file: tree.File, *, load: Load = read_beside) -> tuple[list[Graph[EquivariantOp]], list[Diagnostic]]:
    """The graphs of every model that can stand alone, and everything that is wrong with the file.

    Parameters have their defaults; an integer without one stands for any size, and a `repeat` over it is read once. Models with other parameters
    without default, or with a test that hangs on one, are read where they are applied.
    """
    reports, graphs = Reports(), []
    with _shallow(file):
        scope = open_file(file, "", Library(file.source, load), reports)
        scope.check(reports, everything=True)
        for declaration in scope.contents.declared.values():
            if isinstance(declaration, tree.ModelDecl) and stands_alone(declaration):
                own = Reports()
                try:
                    with named(names := scope.rep_names()), suppress(Exhausted), own.recover():
                        graphs.append(replace(compiled(Template(declaration, scope), {}, own, symbolic=True), names=names))
                except Undecided:
                    continue
                reports.add(own.found.values())
    return graphs, settled(reports.found.values())


def stands_alone(model: tree.ModelDecl) -> bool:
    """Can the model be read without being applied?"""
    return all(param.default is not None or param.kind == "int" for param in model.params)


def declarations(file: tree.File | None = None, groups: Mapping[str, str] | None = None, *, load: Load = read_beside) -> FileScope:
    """What a signature may use: the declarations of a file, and groups given as text, `{"P": "S(5)"}`, which come before those of the file.

    Raises DiagnosticError.
    """
    found: list[Diagnostic] = []
    given: list[tree.Declaration] = []
    for name, text in (groups or {}).items():
        parsed, wrong = parse(Source("<groups>", f"group {name} = {text}\n"))
        given += parsed.declarations
        found += wrong
    names = {item.name.id for item in given if not isinstance(item, tree.Import)}
    own = file.declarations if file is not None else ()
    source = file.source if file is not None else Source("<groups>", "")
    kept = tuple(item for item in own if isinstance(item, tree.Import) or item.name.id not in names)
    reports = Reports()
    reports.add(found)
    both = tree.File((*given, *kept), source, file.failed if file is not None else ())
    scope = open_file(both, "", Library(source, load), reports)
    scope.check(reports, everything=False)
    reports.settle()
    return scope


def signature(written: str | tree.Signature, environment: FileScope) -> tuple[AnyType, AnyType]:
    """The source and target of `A -> B` over the names of the environment. Raises DiagnosticError."""
    source, target = _spaces(written, environment)
    for _, item in (*entries(source), *entries(target)):
        if any(isinstance(rep, Carried) for rep in item.reps):
            at, helps = _parsed(written).span, ("leave it out",)
            raise fault("E0327", "maps between these types are those without the axis, which is carried along", at, f"`{item}`", helps=helps)
    return computed(source).type, target.type


def layer_graph(written: str | tree.Signature, environment: FileScope, operation: str = "linear", name: str = "Layer") -> Graph[EquivariantOp]:
    """A model of one `linear`: its input is called `x`, or has the names of a record; its parameters are `weight` and `bias`.

    Of one `bilinear`, the record has two entries. Raises DiagnosticError.
    """
    source, target = _spaces(written, environment)
    parsed = _parsed(written)
    builder = Builder()
    fields = source.fields if isinstance(source, Fields) else (("x", source),)
    at = parsed.source.span
    given = [builder.placeholder(field, space, at) for field, space in fields]
    inputs = [item for operand in given for item in tensors(operand)]
    parts = [tuple(tensors(read(operand, builder, at))) for operand in given]
    if operation == "linear":
        result = maps.linear([item for part in parts for item in part], target, maps.Options(None, Axes(), True), "", builder, parsed.span)
    elif len(parts) == 2:
        result = bilinear(product_of(parts[0], parts[1], target, Axes(), parsed.span), None, "", builder)
    else:
        helps = ("write `(x: A, y: B) -> C`",)
        raise fault("E0215", "`bilinear` takes two tensors", at, f"{len(parts)} given", helps=helps)
    record = source.type if isinstance(source, Fields) else Record((("x", source.type),))
    values = (*inputs, *tensors(result))
    groups = tuple(dict.fromkeys(group for item in values for group in item.space.type.groups))
    outputs = tuple(item.value for item in tensors(result))
    return Graph(name, Signature(record, target.type), tuple(item.value for item in inputs), tuple(builder.nodes), outputs, groups)


def warnings(file: tree.File, graph: Graph[EquivariantOp]) -> list[Diagnostic]:
    """What reads well and yet seems not to be meant: groups that look alike (W0201), inputs (W0202) and values (W0203) without effect."""
    models = [item for item in file.declarations if isinstance(item, tree.ModelDecl) and item.name.id == graph.name]
    return [*_alike(file, graph), *(found for model in models[:1] for found in unused(model))]


def _alike(file: tree.File, graph: Graph[EquivariantOp]) -> list[Diagnostic]:
    """Two groups of a model that look like one, declared with the same size under two names."""
    spans = {item.name.id: item.name.span for item in file.declarations if isinstance(item, tree.GroupDecl)}
    found = []
    named = [group for group in graph.groups if isinstance(group, Named) and not group.origin and group.name in spans]
    for index, second in enumerate(named):
        for first in named[:index]:
            if first.definition == second.definition:
                title = f"`{first.name}` and `{second.name}` look like one group: both are `{first.definition}`"
                label, other = Label(spans[second.name], "acts on its own"), Label(spans[first.name], "as this does")
                notes = ("two named groups act independently of each other, however they are defined",)
                helps = (f"write `{first.name}` in both places if one group acts on both; else give one another size",)
                found.append(Diagnostic("W0201", title, label, (other,), notes, helps))
    return found


def _parsed(written: str | tree.Signature) -> tree.Signature:
    return parse_signature(Source("<signature>", written)) if isinstance(written, str) else written


def _spaces(written: str | tree.Signature, environment: FileScope) -> tuple[Space, Space]:
    parsed = _parsed(written)
    try:
        scope: Scope = Local(environment, {name: sz.free(name) for name in free_sizes(parsed) if environment.find(name) is None})
        return input_space(parsed.source, scope, ()), tensor_space(parsed.target, scope)
    except Poisoned:
        raise fault("E0219", "a name could not be read", parsed.span, "its declaration has errors") from None


def _chosen(scope: FileScope, file: tree.File, name: str | None) -> Template:
    models = {key: item for key, item in scope.contents.declared.items() if isinstance(item, tree.ModelDecl)}
    if name is None and models:
        last = list(models.values())[-1]
        if file.failed and not stands_alone(last):
            raise Poisoned  # the model meant is the one that could not be read
        return Template(last, scope)
    if name is None:
        if file.failed:
            raise Poisoned
        helps: tuple[str, ...] = ("write `model Name(x: X) -> Y:`",)
        raise DiagnosticError(Diagnostic("E0219", f"`{file.source.name}` declares no model", helps=helps))
    if name in models:
        return Template(models[name], scope)
    meaning = scope.find(name)
    if isinstance(meaning, Template):
        return meaning
    if file.failed:
        raise Poisoned
    notes = (f"its models are {', '.join(f'`{key}`' for key in models)}" if models else "it declares no model",)
    raise DiagnosticError(Diagnostic("E0219", f"there is no model `{name}` in `{file.source.name}`", notes=notes, helps=did_you_mean(name, models)))


@contextmanager
def _shallow(file: tree.File) -> Iterator[None]:
    """A program too deep to be read is refused; texts are at most a hundred deep, so this takes many models inside models."""
    try:
        yield
    except RecursionError:
        at = Span(file.source, 0, min(1, len(file.source.text)))
        raise fault("E0523", "declarations nested too deeply", at, "in this file", helps=("give parts of expressions names of their own",)) from None
