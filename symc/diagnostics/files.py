"""Reading and writing files: nothing half-written, every failure a diagnostic."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from symc.diagnostics.error import DiagnosticError
from symc.diagnostics.record import Diagnostic, Label
from symc.diagnostics.span import Span
from symc.diagnostics.suggest import closest

LIMIT = 4_000_000  # bytes; a spec is a page or two, so more is a mistake


def read_bytes(path: str | os.PathLike[str], *, at: Span | None = None) -> bytes:
    """The bytes of a spec. Raises DiagnosticError where it is missing, a folder, unreadable or too large; `at` is what asked for it."""
    name = os.fspath(path)

    def refuse(title: str, *helps: str) -> DiagnosticError:
        return DiagnosticError(Diagnostic("E0201", title, Label(at, "asked for here") if at else None, helps=helps))

    try:
        if os.path.isdir(name):
            raise refuse(f"`{name}` is a folder", "name a `.sym` file in it")
        with open(name, "rb") as file:
            data = file.read(LIMIT + 1)
    except FileNotFoundError:
        raise refuse(f"there is no file `{name}`", *_nearby(name)) from None
    except (OSError, ValueError) as error:
        raise refuse(f"`{name}` cannot be read: {getattr(error, 'strerror', None) or error}") from None
    if len(data) > LIMIT:
        raise refuse(f"`{name}` has more than {LIMIT:,} bytes, too many for a spec", "is this the right file?")
    return data


def write_atomically(path: str | os.PathLike[str], write: Callable[[str], None]) -> None:
    """Let `write` fill a temporary file beside `path`, then put it in place in one step; on failure the old file stands.

    Raises DiagnosticError where the folder cannot be written to.
    """
    target = Path(os.path.realpath(path))
    try:
        handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.", suffix=target.suffix)
    except OSError as error:
        title = f"`{os.fspath(path)}` cannot be written: {error.strerror}"
        raise DiagnosticError(Diagnostic("E0202", title, helps=("choose a folder that exists and that you may write to",))) from None
    os.close(handle)
    try:
        write(temporary)
        os.chmod(temporary, target.stat().st_mode & 0o777 if target.exists() else 0o666 & ~_umask())
        os.replace(temporary, target)
    except BaseException:
        os.unlink(temporary)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _nearby(name: str) -> tuple[str, ...]:
    folder = os.path.dirname(name) or "."
    known = os.listdir(folder)[:10_000] if os.path.isdir(folder) else []
    stem = os.path.basename(name).removesuffix(".sym")
    near = closest(stem, (entry.removesuffix(".sym") for entry in known if entry.endswith(".sym") and os.path.exists(os.path.join(folder, entry))))
    return (f"did you mean `{near}.sym`?",) if near else ()
