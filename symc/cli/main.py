"""From arguments to an exit status: run the command, print what it returns, render what it reports."""

from __future__ import annotations

import gc
import json
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import TextIO

from symc.cli.arguments import parser
from symc.cli.outcome import Outcome, UsageError, internal
from symc.diagnostics import DiagnosticError, render, to_json

SHOWN = 50  # diagnostics; more would hide the first
RARELY = 200_000  # new objects after which to look for garbage: while modules are loaded there is none, and looking takes a tenth of the time


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status; `--help` and `--version` leave with SystemExit(0)."""
    arguments = sys.argv[1:] if arguments is None else arguments
    as_json = "--json" in arguments
    _safe_streams()
    often = gc.get_threshold()
    gc.set_threshold(RARELY)
    try:
        status, out, err = _run(arguments, as_json=as_json)
    except KeyboardInterrupt:
        status, out, err = 130, "", "interrupted"
    finally:
        gc.set_threshold(*often)
    _write(err, sys.stderr)
    if not _write(out, sys.stdout):
        _write("symc: the output cannot be written", sys.stderr)
        status = status or 1
    return status


def _run(arguments: Sequence[str], *, as_json: bool) -> tuple[int, str, str]:
    """Exit status, and what goes to standard output and to standard error."""
    try:
        options = parser().parse_args(arguments)
        outcome: Outcome = options.run(options)
    except DiagnosticError as error:
        outcome = Outcome(diagnostics=error.diagnostics)
    except UsageError as error:
        data = json.dumps({"ok": False, "usage": str(error), "diagnostics": []}) if as_json else ""
        return 2, data, str(error)
    except Exception as error:
        outcome = Outcome(diagnostics=(internal(error),))
    status = 0 if outcome.ok else 1
    if as_json:
        return status, json.dumps({"ok": outcome.ok, **outcome.data, "diagnostics": [to_json(d) for d in outcome.diagnostics]}), ""
    said = [render(diagnostic, colour=_colour()) for diagnostic in outcome.diagnostics[:SHOWN]]
    errors = sum(d.severity == "error" for d in outcome.diagnostics)
    if errors > 1 or len(outcome.diagnostics) > SHOWN:
        said.append(f"{errors} error{'s' * (errors != 1)}" + f", the first {SHOWN} shown" * (len(outcome.diagnostics) > SHOWN))
    return status, outcome.text, "\n".join(said)


def _write(text: str, stream: TextIO | None) -> bool:
    """Write a text and a line end. False where that fails, on a full disk say, but not where the reader, `head` say, has what it wants."""
    if not text or stream is None:  # it is None where it was closed before the start
        return True
    try:
        print(text, file=stream, flush=True)
    except OSError as error:
        with suppress(OSError), open(os.devnull, "wb") as nowhere:  # Python flushes once more at its end
            os.dup2(nowhere.fileno(), stream.fileno())
        return isinstance(error, BrokenPipeError)
    return True


def _safe_streams() -> None:
    """What an encoding lacks is written as `?`: a message about a text must not fail over a letter of it."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


def _colour() -> bool:
    return sys.stderr is not None and sys.stderr.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
