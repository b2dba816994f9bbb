"""What a command has to say: text for people, data for programs, diagnostics for both."""

from __future__ import annotations

import os
import traceback
from dataclasses import dataclass, field

from symc.diagnostics import Diagnostic

DEBUG = "SYMC_DEBUG"


class UsageError(Exception):
    """Arguments that make no sense; the message says why."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """`failed` is for a command that ran and found its answer to be no, such as a verification above its bound."""

    text: str = ""
    data: dict[str, object] = field(default_factory=dict)
    diagnostics: tuple[Diagnostic, ...] = ()
    failed: bool = False

    @property
    def ok(self) -> bool:
        return not self.failed and all(d.severity != "error" for d in self.diagnostics)


def internal(error: Exception) -> Diagnostic:
    """What to say where symc itself went wrong: one line, or with SYMC_DEBUG=1 everything."""
    first = next(iter(str(error).strip().splitlines()), "")
    title = f"{type(error).__name__}: {first}" if first else type(error).__name__
    if os.environ.get(DEBUG):
        return Diagnostic("E0990", f"internal error, {title}", notes=("".join(traceback.format_exception(error)).rstrip(),))
    helps = (f"please report this with the text that leads to it, and with what is printed under {DEBUG}=1",)
    return Diagnostic("E0990", f"internal error, {title}", notes=("the mistake is in symc, not in your text",), helps=helps)
