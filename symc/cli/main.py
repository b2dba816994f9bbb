"""From arguments to an exit status: run the command, print what it returns, render what it reports."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence

from symc.cli.arguments import parser
from symc.cli.outcome import Outcome
from symc.diagnostics import DiagnosticError, render, to_json


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status; argparse leaves with status 2 on wrong usage."""
    options = parser().parse_args(arguments)
    try:
        outcome = options.run(options)
    except DiagnosticError as error:
        outcome = Outcome(diagnostics=error.diagnostics)
    except KeyboardInterrupt:
        return 130
    try:
        _print(outcome, as_json=options.json)
        sys.stdout.flush()
    except BrokenPipeError:  # the reader, `head` say, has what it wants
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0 if outcome.ok else 1


def _print(outcome: Outcome, *, as_json: bool) -> None:
    if as_json:
        print(json.dumps({"ok": outcome.ok, **outcome.data, "diagnostics": [to_json(d) for d in outcome.diagnostics]}, ensure_ascii=False))
        return
    if outcome.text:
        print(outcome.text)
    for diagnostic in outcome.diagnostics:
        print(render(diagnostic, colour=_colour()), file=sys.stderr)
    errors = sum(d.severity == "error" for d in outcome.diagnostics)
    if errors > 1:
        print(f"{errors} errors", file=sys.stderr)


def _colour() -> bool:
    return sys.stderr.isatty() and "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"



