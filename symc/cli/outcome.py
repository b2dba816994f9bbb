"""What a command has to say: text for people, data for programs, diagnostics for both."""

from __future__ import annotations

from dataclasses import dataclass, field

from symc.diagnostics import Diagnostic


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
