"""Collecting complaints: a statement that fails is recorded and passed over, so that the others are still looked at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from symc.algebra.errors import AlgebraError
from symc.algebra.sizes import SizeError
from symc.diagnostics import Diagnostic, DiagnosticError, Label, Span

UNSUPPORTED = "E0901"


class Poisoned(Exception):
    """What is asked for hangs on something that was already complained about."""


class Exhausted(DiagnosticError):
    """The program is too long to go on with."""


def fault(
    code: str, title: str, at: Span, message: str = "", *, secondary: Iterable[Label] = (), notes: Iterable[str] = (), helps: Iterable[str] = ()
) -> DiagnosticError:
    """One diagnostic, to be raised."""
    return DiagnosticError(Diagnostic(code, title, Label(at, message), tuple(secondary), tuple(notes), tuple(helps)))


def unsupported(what: str, at: Span) -> DiagnosticError:
    """The complaint about a construct of the language that has no meaning yet."""
    return fault(UNSUPPORTED, f"{what} is not supported yet", at, "part of the language, without a meaning so far")


@contextmanager
def explained(at: Span, code: str = "E0323") -> Iterator[None]:
    """Turn what the algebra refuses into a diagnostic at `at`."""
    try:
        yield
    except AlgebraError as error:
        raise fault(code, str(error), at, helps=(error.help,) if error.help else ()) from None
    except SizeError as error:
        raise fault(code, str(error), at) from None


class Reports:
    """What was found wrong so far, each thing once however often its statement is repeated or its model applied.

    `poisoned`: something could not be read for a reason that is not in `found`, such as a declaration that the parser could not read.
    """

    def __init__(self) -> None:
        self.poisoned = False
        self.found: dict[tuple[str, str, Span | None], Diagnostic] = {}

    def add(self, diagnostics: Iterable[Diagnostic]) -> None:
        for diagnostic in diagnostics:
            self.found.setdefault((diagnostic.code, diagnostic.title, diagnostic.primary.span if diagnostic.primary else None), diagnostic)

    @contextmanager
    def recover(self) -> Iterator[None]:
        """Record what goes wrong inside, and go on after it, unless the program is too long."""
        try:
            yield
        except DiagnosticError as error:
            self.add(error.diagnostics)
            if isinstance(error, Exhausted):
                raise
        except Poisoned:
            self.poisoned = True

    def settle(self) -> None:
        """Raise DiagnosticError with everything that was found, if anything was."""
        if self.found:
            raise DiagnosticError(settled(self.found.values()))


def settled(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """In the order of the text; of what is not supported yet only the first, which names the others."""
    ordered = sorted(diagnostics, key=_place)
    missing = [diagnostic for diagnostic in ordered if diagnostic.code == UNSUPPORTED]
    others = dict.fromkeys(diagnostic.title.removesuffix(" is not supported yet") for diagnostic in missing)
    result = []
    for diagnostic in ordered:
        if diagnostic.code != UNSUPPORTED:
            result.append(diagnostic)
        elif diagnostic is missing[0]:
            rest = list(others)[1:]
            notes = (f"not supported yet either: {', '.join(rest)}",) if rest else ()
            result.append(Diagnostic(UNSUPPORTED, diagnostic.title, diagnostic.primary, diagnostic.secondary, notes, diagnostic.helps))
    return result


def _place(diagnostic: Diagnostic) -> tuple[str, int]:
    span = diagnostic.primary.span if diagnostic.primary else None
    return (span.source.name, span.start) if span else ("", 0)
