"""What the algebra refuses: a message that names the value, and a way out."""

from __future__ import annotations


class AlgebraError(ValueError):
    """A group or representation that does not exist, or not in reach. `help` says what to write instead, where something is known."""

    def __init__(self, message: str, help: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.help = help


class GroupTooLarge(AlgebraError):
    """The elements of a group cannot be listed: it is infinite, or larger than a stated limit."""
