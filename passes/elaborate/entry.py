"""The way in: a whole file, its declarations alone, or one layer."""

from __future__ import annotations

from collections.abc import Mapping

from symc.algebra import sizes as sz
from symc.diagnostics import Diagnostic, DiagnosticError, Label, Source, did_you_mean
from symc.grammar import parse, parse_signature, tree
from symc.ir.graph import Graph
from symc.ir.ops import EquivariantOp, Linear
from symc.ir.types import AnyType, Record, Signature
from symc.passes.elaborate import types
from symc.passes.elaborate.build import Builder, Operand, tensors
from symc.passes.elaborate.imports import Library, Load, read_beside
from symc.passes.elaborate.meanings import Local, Scope, Template
from symc.passes.elaborate.models import compiled
from symc.passes.elaborate.report import Poisoned, Reports, fault, settled
from symc.passes.elaborate.scope import FileScope, free_sizes, open_file
from symc.passes.elaborate.space import Fields, entries
from symc.passes.elaborate.statements import Undecided


def elaborate(
    file: tree.File,
    *,
    model: str | None = None,
    params: Mapping[str, object] | None = None,
    load: Load = read_beside,
    symbolic: bool = False,
) -> Graph[EquivariantOp]:
    """The graph of one model of a parsed file, the last one unless `model` names another.

    `params` gives values to the model's parameters: numbers, or text that is read as an expression. `load(path, importer)` reads imports.
    With `symbolic`, integer parameters without a value stand for any size, and a `repeat` over one is read once.
    Raises DiagnosticError with everything that is wrong.
    """
    reports = Reports()
    with _stack_guard(file):
        scope = open_file(file, "", Library(file.source, load), reports)
        scope.check(reports, everything=False)
        graph = None
        with reports.recover():
            graph = compiled(_chosen(scope, file, model), params or {}, reports, symbolic)
    reports.settle()
    if graph is None:
        raise DiagnosticError(Diagnostic("E0219", "the model could not be read", notes=("its text, or what it uses, has errors of syntax",)))
    return graph
