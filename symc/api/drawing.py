"""A model as a picture. No torch."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from symc.api.explaining import program_at
from symc.diagnostics import Diagnostic, Source
from symc.drawing import draw
from symc.passes.pipeline import Options, run


def picture(
    source: Source, *, model: str | None = None, given: Mapping[str, str] | None = None, report: Callable[[Diagnostic], object] | None = None
) -> str:
    """The SVG of one model. `given` has values for its parameters, and for free sizes numbers at which maps are drawn.

    Warnings go to `report`. Raises DiagnosticError with everything that is wrong.
    """
    graph, sizes = program_at(source, model=model, given=given or {}, report=report)
    return draw(run(graph, after="solve", options=Options(report=report)), sizes)
