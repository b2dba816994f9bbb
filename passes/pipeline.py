"""The passes from the equivariant level to the tensor level, in order, with the graph verified before the first and after each."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeAlias

from symc.diagnostics import Diagnostic
from symc.ir.graph import Graph
from symc.ir.printer import show
from symc.ir.table import Level
from symc.ir.tensor import TensorOp, TensorType
from symc.ir.verify import verify
from symc.passes.attach import attach
from symc.passes.lower import Lowering
from symc.passes.lowering import cheapest_lowering
from symc.passes.masks import masked
from symc.passes.simplify import dead_code, simplify


@dataclass(frozen=True, slots=True)
class Options:
    """What passes may be told: the most memory weights may take, how linear maps are lowered, and who is told of warnings."""

    limit_bytes: int | None = None
    report: Callable[[Diagnostic], object] | None = None
    lowering: Lowering = "auto"


Pass: TypeAlias = Callable[[Graph[Any], Options], Graph[Any]]

PASSES: tuple[tuple[str, Pass], ...] = (
    ("prune", lambda graph, _: dead_code(graph)),
    ("solve", lambda graph, options: attach(graph, limit_bytes=options.limit_bytes, report=options.report)),
    ("lower", lambda graph, options: cheapest_lowering(graph, options.lowering)),
    ("simplify", lambda graph, _: simplify(graph)),
)


class InternalError(Exception):
    """A pass made a graph that is not well formed: the compiler's mistake, never that of the user's text. Names the pass and shows both texts."""

    def __init__(self, name: str, complaints: list[str], before: str, after: str):
        self.name, self.complaints = name, complaints
        text = "\n".join(f"  {complaint}" for complaint in complaints)
        super().__init__(f"internal error: `{name}` made a graph that is not well formed\n{text}\n\nbefore {name}:\n{before}\nafter {name}:\n{after}")


def run(graph: Graph[Any], *, since: str | None = None, after: str | None = None, options: Options | None = None) -> Graph[Any]:
    """The tensor-level graph of an equivariant one, or the graph after the pass named `after`; the passes up to `since` were run before.

    Raises DiagnosticError for what is wrong with the model, InternalError for what is wrong with a pass, ValueError for a pass that does not exist.
    """
    names = [name for name, _ in PASSES]
    for given in (since, after):
        if given is not None and given not in names:
            raise ValueError(f"no pass is called {given}: {', '.join(names)}")
    _verify(since or "elaborate", graph, graph)
    for name, function in PASSES[names.index(since) + 1 if since else 0 :]:
        result = function(graph, options or Options())
        if result is not graph:
            _verify(name, graph, result)
        graph = result
        if name == after:
            break
    return graph


def with_masks(graph: Graph[TensorOp], names: Iterable[str]) -> Graph[TensorOp]:
    """A tensor-level graph for samples padded along some free sizes: see `passes.masks`. Raises DiagnosticError, InternalError."""
    result = simplify(masked(graph, names))
    _verify("masks", graph, result)
    return result


def _verify(name: str, before: Graph[Any], after: Graph[Any]) -> None:
    complaints = verify(after, level_of(after))
    if complaints:
        raise InternalError(name, complaints, "" if before is after else show(before), show(after))


def level_of(graph: Graph[Any]) -> Level:
    """The level of a graph, told by its types."""
    values = (*graph.outputs, *graph.inputs)
    return "tensor" if any(isinstance(value.type, TensorType) for value in values) else "equivariant"
