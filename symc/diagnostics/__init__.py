"""What symc says when something is wrong: diagnostics as data, one renderer, one JSON form."""

from symc.diagnostics.codes import CODES, Code
from symc.diagnostics.error import DiagnosticError
from symc.diagnostics.files import read_bytes, write_atomically
from symc.diagnostics.record import Diagnostic, Label
from symc.diagnostics.render import render, to_json
from symc.diagnostics.span import Source, Span
from symc.diagnostics.suggest import closest, did_you_mean

__all__ = [
    "CODES", "Code", "Diagnostic", "DiagnosticError", "Label", "Source", "Span",
    "closest", "did_you_mean", "read_bytes", "render", "to_json", "write_atomically",
]  # fmt: skip
