"""The commands: each a function from its arguments to an Outcome."""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from collections.abc import Callable
from dataclasses import asdict
from textwrap import fill
from typing import TYPE_CHECKING, TypeAlias

from symc.cli.outcome import Outcome, UsageError
from symc.diagnostics import CODES, Diagnostic, DiagnosticError, did_you_mean, read_bytes, write_atomically

if TYPE_CHECKING:
    from symc.backends import Net
    from symc.ir.row import Row
    from symc.passes.solve.store import Store

Command: TypeAlias = Callable[[Namespace], Outcome]

WIDTH = 100  # of prose
NAMES = ("check", "show", "solve", "compile", "verify", "explain", "draw", "cache", "calibrate", "fmt")


def check(options: Namespace) -> Outcome:
    from symc.api.program import check_file

    checked = check_file(options.file, model=options.model, params=_once(options.set, "--set"))
    lines = [f"{c.name}: {c.symmetry}\n    {c.signature}\n    {c.shapes}" for c in checked.models]
    lines += [f"{name}: read where it is applied" for name in checked.unread]
    models = [{"name": c.name, "symmetry": c.symmetry, "signature": c.signature, "shapes": c.shapes} for c in checked.models]
    data: dict[str, object] = {"file": options.file, "models": models, "unread": list(checked.unread)}
    if not lines and not checked.diagnostics:
        lines = [f"{options.file}: well, and without a model"]
    return Outcome("\n".join(lines), data, checked.diagnostics)


def show(options: Namespace) -> Outcome:
    from symc.api.program import program, source_of
    from symc.ir.printer import show as show_graph
    from symc.passes.pipeline import PASSES, Options, run

    stages = ("elaborate", *(name for name, _ in PASSES))
    if options.after not in stages:
        raise UsageError("\n".join([f"symc: there is no pass `{options.after}`: {', '.join(stages)}", *did_you_mean(options.after, stages)]))
    found: list[Diagnostic] = []
    graph = program(source_of(options.file, None), model=options.model, params=_once(options.set, "--set"), report=found.append)
    if options.after != "elaborate":
        graph = run(graph, after=options.after, options=Options(lowering=options.lowering))
    text = show_graph(graph).rstrip("\n")
    return Outcome(text, {"model": graph.name, "after": options.after, "text": text}, tuple(found))


def solve(options: Namespace) -> Outcome:
    from symc.api.solving import solve as solve_signature
    from symc.grammar import decode

    declarations = decode(read_bytes(options.file), options.file) if options.file else None
    solution = solve_signature(options.signature, groups=_once(options.group, "-g"), source=declarations)
    certificate = solution.certificate
    data: dict[str, object] = {
        "source": str(solution.source), "target": str(solution.target), "dim": solution.dim, "method": solution.method,
        "residual": certificate.residual, "expected_dim": certificate.expected, "expected_by": certificate.expected_by,
        "independent": certificate.independent, "gap": certificate.gap, "seconds": solution.seconds,
    }  # fmt: skip
    return Outcome(str(solution), data)


def compile_(options: Namespace) -> Outcome:
    output = options.output
    if output and not output.endswith((".py", ".pt2", ".onnx")):
        helps = ("write plain PyTorch, `-o out.py`, an exported program, `-o out.pt2`, or ONNX, `-o out.onnx`",)
        raise DiagnosticError(Diagnostic("E0901", f"`{output}` is no kind of file that symc writes", helps=helps))
    net, found = _compiled(options)
    data: dict[str, object] = {"model": net.name, "parameters": sum(p.numel() for p in net.parameters()), "output": output}
    text = repr(net)
    if output:
        from symc.backends.export import save_pt2
        from symc.backends.onnx import save_onnx
        from symc.backends.source import save_py

        save = save_py if output.endswith(".py") else save_onnx if output.endswith(".onnx") else save_pt2
        takes = save(net, output)
        data["takes"] = list(takes)
        text += f"\nwritten to {output}, which takes {', '.join(takes) or 'nothing'}"
    return Outcome(text, data, found)


def draw(options: Namespace) -> Outcome:
    from symc.api.drawing import picture
    from symc.api.program import source_of

    output: str = options.output
    if not output.endswith(".svg"):
        raise DiagnosticError(Diagnostic("E0901", f"`{output}` is no kind of picture that symc draws", helps=("write an SVG file: `-o out.svg`",)))
    found: list[Diagnostic] = []
    drawn = picture(source_of(options.file, None), model=options.model, given=_once(options.set, "--set"), report=found.append)
    _replace(output, drawn)
    return Outcome(f"drawn in {output}", {"output": output, "bytes": len(drawn.encode())}, tuple(found))


def verify(options: Namespace) -> Outcome:
    from symc.verification import verify as measure

    net, found = _compiled(options)
    report = measure(net, seed=options.seed)
    return Outcome(str(report), {"model": net.name, **report.json()}, found, failed=not report.ok)


def explain(options: Namespace) -> Outcome:
    from symc.ir.equivariant_table import EQUIVARIANT, rows_of

    topic: str = options.topic
    if topic == "conventions":
        from symc.api.conventions import conventions

        text = conventions()
        return Outcome(text.rstrip("\n"), {"topic": topic, "text": text})
    name = topic.upper()
    if (code := CODES.get(name)) is not None:
        text = f"{name}: {code.title}\n\n{fill(code.explanation, WIDTH)}"
        return Outcome(text, {"topic": name, "title": code.title, "text": code.explanation})
    if topic.endswith(".sym") or os.path.exists(topic):
        return _explained(options)
    if rows := rows_of(topic):
        return Outcome("\n\n".join(map(_operation, rows)), {"topic": topic, "operations": [asdict(row) for row in rows]})
    message = f"`symc explain` tells about a file, an operation, `conventions` or a code such as E0301, not about `{topic}`"
    raise UsageError("\n".join([f"symc: {message}", *did_you_mean(topic, ("conventions", *CODES, *(row.name for row in EQUIVARIANT.values())))]))


def _explained(options: Namespace) -> Outcome:
    from symc.api.explaining import explain as explain_model
    from symc.api.program import source_of
    from symc.cli import explained

    found: list[Diagnostic] = []
    given = _once(options.set, "--set")
    layers = explain_model(source_of(options.topic, None), model=options.model, given=given, lowering=options.lowering, report=found.append)
    return Outcome(explained.text(layers), explained.data(layers), tuple(found))


def _operation(row: Row) -> str:
    said = {"written": row.syntax, "types": row.types, "equivariant": row.equivariant, "means": row.doc}
    lines = [fill(text, WIDTH, initial_indent=f"{name:<13}", subsequent_indent=" " * 13) for name, text in said.items() if text]
    return "\n".join([row.name, *lines])


def _compiled(options: Namespace) -> tuple[Net, tuple[Diagnostic, ...]]:
    from symc.api.layers import build
    from symc.api.program import program, source_of

    found: list[Diagnostic] = []
    graph = program(source_of(options.file, None), model=options.model, params=_once(options.set, "--set"), report=found.append)
    return build(graph, lowering=options.lowering, report=found.append), tuple(found)


def cache(options: Namespace) -> Outcome:
    if options.action not in (None, "clear"):
        message = f"`symc cache` shows what is kept, `symc cache clear` removes it: there is no `symc cache {options.action}`"
        raise UsageError("\n".join([f"symc: {message}", *did_you_mean(options.action, ("clear",))]))
    store = _store()
    return _cleared(store) if options.action else _shown(store)


def _store() -> Store | None:
    from symc.passes.solve import SolveError
    from symc.passes.solve.store import default_store

    try:
        return default_store()
    except SolveError as error:
        raise DiagnosticError(Diagnostic(error.code, error.message, notes=error.notes, helps=error.helps)) from None


def _shown(store: Store | None) -> Outcome:
    from symc.passes.solve.limits import show_bytes

    if store is None:
        return Outcome(_off(), {"on": False, "writable": False, "folder": None, "entries": 0, "bytes": 0, "limit": None})
    usage, writable = store.usage(), store.writable
    state = "on" if writable else "on, but nothing can be written there"
    lines = [f"cache    {state}", f"folder   {store.folder}", f"entries  {usage.entries:,}", f"size     {show_bytes(usage.size)}"]
    data: dict[str, object] = {"on": True, "writable": writable, "folder": str(store.folder), "entries": usage.entries, "bytes": usage.size}
    return Outcome("\n".join([*lines, f"limit    {show_bytes(store.limit_bytes)}"]), {**data, "limit": store.limit_bytes})


def _cleared(store: Store | None) -> Outcome:
    if store is None:
        return Outcome(_off(), {"on": False, "folder": None, "removed": 0, "freed": 0, "left": 0})
    gone = store.clear()
    data: dict[str, object] = {"on": True, "folder": str(store.folder), "removed": gone.entries, "freed": gone.size, "left": gone.left}
    found: tuple[Diagnostic, ...] = ()
    if gone.left:
        title = f"{_count(gone.left, 'entry', 'entries')} of `{store.folder}` cannot be removed"
        found = (Diagnostic("E0202", title, helps=("ask whom the folder belongs to, or name another one in SYMC_CACHE",)),)
    return Outcome(f"removed {_count(gone.entries, 'entry', 'entries')}, {_count(gone.size, 'byte', 'bytes')} freed", data, found)


def _off() -> str:
    from symc.passes.solve.store import FOLDER

    given = os.environ.get(FOLDER)
    return "cache    off: " + ("there is no home folder for it" if given is None else f"{FOLDER}={given}" if given else f"{FOLDER} is empty")


def calibrate(options: Namespace) -> Outcome:
    from symc.backends.calibrate import measure
    from symc.cli.explained import count, seconds
    from symc.passes.machine import keep

    del options
    measured = measure()
    try:
        place = keep(measured)
    except OSError as error:
        title = f"the measurements cannot be kept: {error.strerror}"
        raise DiagnosticError(Diagnostic("E0202", title, helps=("name a folder that you may write to in SYMC_CACHE",))) from None
    rows = {
        "matrix products": f"{count(measured.flops)} operations a second", "in the cache": f"{count(measured.bytes)} bytes a second",
        "new memory": f"{count(measured.fresh)} bytes a second", "looked up": f"{count(measured.gathered)} entries a second",
        "a call": seconds(measured.call), "a view": seconds(measured.view),
    }  # fmt: skip
    lines = [f"{name:<17}{value}" for name, value in rows.items()]
    lines.append(f"kept in {place}" if place is not None else f"not kept, the cache is off\n{_off()}")
    return Outcome("\n".join(lines), {**asdict(measured), "kept": None if place is None else str(place)})


def _count(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"


def fmt(options: Namespace) -> Outcome:
    from symc.grammar import decode, format_source

    if "-" in options.files:
        if len(options.files) > 1:
            raise UsageError("symc: `-`, standard input, is formatted alone")
        text = decode(_standard_input(), "<stdin>").text
        formatted = format_source(text, "<stdin>")
        shown = "" if options.check else formatted.rstrip("\n")
        return Outcome(shown, {"changed": ["-"] if formatted != text else [], "text": formatted}, failed=options.check and formatted != text)
    changed: list[str] = []
    diagnostics: list[Diagnostic] = []
    for name in options.files:
        try:
            source = decode(read_bytes(name), name)
            formatted = format_source(source.text, name)
            if formatted != source.text:
                if not options.check:
                    _replace(name, formatted)
                changed.append(name)
        except DiagnosticError as error:
            diagnostics += error.diagnostics
    lines = [f"{'would format' if options.check else 'formatted'} {name}" for name in changed]
    return Outcome("\n".join(lines), {"changed": changed}, tuple(diagnostics), failed=options.check and bool(changed))


def _standard_input() -> bytes:
    try:
        return sys.stdin.buffer.read() if sys.stdin is not None else b""
    except OSError as error:
        raise DiagnosticError(Diagnostic("E0201", f"standard input cannot be read: {error.strerror}")) from None


def _replace(name: str, text: str) -> None:
    def write(path: str) -> None:
        with open(path, "w", encoding="utf-8", newline="") as file:
            file.write(text)

    write_atomically(name, write)


def _once(pairs: list[tuple[str, str]], option: str) -> dict[str, str]:
    """Values by name; wrong usage where a name is given two."""
    names = [name for name, _ in pairs]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise UsageError(f"symc: {option} {twice[0]}=... is given more than once")
    return dict(pairs)
