"""A diagnostic is data: a code, a title, labelled spans, notes and helps."""

from __future__ import annotations

from dataclasses import dataclass

from symc.diagnostics.codes import CODES
from symc.diagnostics.span import Span

SHOWN = 50  # of the diagnostics of one error


@dataclass(frozen=True, slots=True)
class Label:
    """A span and what there is to say about it."""

    span: Span
    message: str = ""


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One thing to tell the user. `primary` is where it is; `secondary` is why."""

    code: str
    title: str
    primary: Label | None = None
    secondary: tuple[Label, ...] = ()
    notes: tuple[str, ...] = ()
    helps: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.code not in CODES:
            raise ValueError(f"unregistered diagnostic code {self.code!r}")

    @property
    def severity(self) -> str:
        return "warning" if self.code.startswith("W") else "error"
