"""symc: a compiler from symmetry to fast PyTorch.

    net = symc.compile("deepsets.sym")                    # an nn.Module
    layer = symc.linear("perm(P)*3 -> perm(P)*64", groups={"P": "S(n)"})
    basis = symc.solve("perm(P)^2 -> perm(P)^2", groups={"P": "S(4)"})
    report = symc.verify(net)

Names are loaded when first used, so that what needs no torch does not wait for it.
"""

from __future__ import annotations

import os as _os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from symc.api.freezing import freeze
    from symc.api.layers import SymcWarning, bilinear, compile, linear, verify
    from symc.api.solving import Solution, solve
    from symc.backends import Frozen, InputError, Net
    from symc.backends.source import source
    from symc.diagnostics import Diagnostic, DiagnosticError

_root = _os.path.dirname(_os.path.dirname(_os.path.abspath(__file__)))
if not _os.path.isdir(_os.path.join(__path__[0], "passes")) and _os.path.isdir(_os.path.join(_root, "passes")):
    __path__.append(_root)  # a checkout on a file system without symbolic links

__version__ = "0.1.0"
__all__ = [
    "Diagnostic", "DiagnosticError", "Frozen", "InputError", "Net", "Solution", "SymcWarning",
    "bilinear", "compile", "freeze", "linear", "solve", "source", "verify",
]  # fmt: skip

_HOMES = {
    "compile": "symc.api.layers", "linear": "symc.api.layers", "bilinear": "symc.api.layers", "verify": "symc.api.layers",
    "SymcWarning": "symc.api.layers",
    "freeze": "symc.api.freezing", "source": "symc.backends.source",
    "solve": "symc.api.solving", "Solution": "symc.api.solving",
    "Net": "symc.backends", "Frozen": "symc.backends", "InputError": "symc.backends",
    "Diagnostic": "symc.diagnostics", "DiagnosticError": "symc.diagnostics",
}  # fmt: skip


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'symc' has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
