"""What is given from outside the text: checked once, for every way in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast, get_args

from symc.diagnostics import Diagnostic, DiagnosticError, Source, did_you_mean
from symc.grammar import parse
from symc.passes.elaborate import declarations
from symc.passes.elaborate.scope import FileScope
from symc.passes.lower.setting import Lowering


def check_limit(limit: object) -> int | None:
    """A limit in bytes, None for the default. Raises DiagnosticError."""
    if limit is None or (isinstance(limit, int) and not isinstance(limit, bool) and limit > 0):
        return limit
    helps = ("give a number of bytes: memory_limit=2**30 is 1 GiB",)
    raise DiagnosticError(Diagnostic("E0216", f"memory_limit={_shown(limit)} is no number of bytes", helps=helps))


def check_lowering(lowering: object) -> Lowering:
    """A way to lower. Raises DiagnosticError."""
    for known in get_args(Lowering):
        if lowering == known:
            return cast(Lowering, known)
    ways = ", ".join(f'"{known}"' for known in get_args(Lowering))
    raise DiagnosticError(Diagnostic("E0216", f"lowering={_shown(lowering)} is no way to lower a map", helps=(f"write one of {ways}",)))


def declared(groups: Mapping[str, str] | None = None, source: str | Source | None = None) -> FileScope:
    """The names a signature may use: groups given one by one, and the declarations of a text. Raises DiagnosticError."""
    for name, text in (groups or {}).items():
        if not isinstance(name, str) or not name.isidentifier():
            raise DiagnosticError(Diagnostic("E0216", f"a group cannot be called {_shown(name)}", helps=('write groups={"P": "S(4)"}',)))
        if not isinstance(text, str) or "\n" in text or "\r" in text:
            title = f"the group {name} is given {_shown(text)}, which is no text of one line"
            raise DiagnosticError(Diagnostic("E0216", title, helps=('write groups={"P": "S(4)"}',)))
    file = None
    if source is not None:
        file, wrong = parse(source if isinstance(source, Source) else Source("<source>", source))
        if wrong:
            raise DiagnosticError(wrong)
    return declarations(file, groups)


def check_sizes(sizes: Mapping[str, object], free: frozenset[str]) -> dict[str, int]:
    """Numbers for free sizes, by name. Raises DiagnosticError."""
    for name, value in sizes.items():
        if name not in free:
            notes = (f"its free sizes are {', '.join(sorted(free))}" if free else "it has no free size",)
            raise DiagnosticError(Diagnostic("E0216", f"there is no free size `{name}`", notes=notes, helps=did_you_mean(name, free)))
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 2**53:
            raise DiagnosticError(Diagnostic("E0216", f"{name}={_shown(value)} is no size", helps=("a size is a whole number, at least 0",)))
    return {name: value for name, value in sizes.items() if isinstance(value, int)}


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:60] + "…"
