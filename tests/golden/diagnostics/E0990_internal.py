from symc.cli.outcome import internal
from symc.diagnostics import DiagnosticError

raise DiagnosticError(internal(KeyError("rho")))
