"""The exception that carries diagnostics to whoever called."""

from __future__ import annotations

from collections.abc import Sequence

from symc.diagnostics.record import Diagnostic
from symc.diagnostics.render import render


class DiagnosticError(Exception):
    """Raised at the front door with everything that was found wrong; `str()` renders it all."""

    def __init__(self, diagnostics: Sequence[Diagnostic] | Diagnostic):
        self.diagnostics = (diagnostics,) if isinstance(diagnostics, Diagnostic) else tuple(diagnostics)
        super().__init__(self.diagnostics)

    def __str__(self) -> str:
        return "\n" + "\n".join(render(d) for d in self.diagnostics)
