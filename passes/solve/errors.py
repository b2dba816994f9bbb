"""What a solve that cannot go on says; a caller that knows the span turns it into a diagnostic."""

from __future__ import annotations

from symc.algebra.summands import Leg

LONG = 60


class SolveError(Exception):
    """A space of maps that cannot be solved, or must not be at this size: a diagnostic that lacks its place."""

    def __init__(self, code: str, message: str, *, notes: tuple[str, ...] = (), helps: tuple[str, ...] = ()):
        self.code, self.message, self.notes, self.helps = code, message, notes, helps
        super().__init__(code, message)

    def __str__(self) -> str:
        return "\n".join([f"[{self.code}] {self.message}", *(f"note: {note}" for note in self.notes), *(f"help: {help_}" for help_ in self.helps)])


def show(source: tuple[Leg, ...], target: tuple[Leg, ...]) -> str:
    """`perm(S(4))*3 -> perm(S(4))`, long names cut."""
    return " -> ".join("*".join(map(_short, legs)) or "1" for legs in (source, target))


def _short(leg: Leg) -> str:
    text = str(leg)
    return text if len(text) <= LONG else text[: LONG - 2] + "…)"
