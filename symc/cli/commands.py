"""The commands: each a function from its arguments to an Outcome."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Callable
from typing import TypeAlias

from symc.cli.outcome import Outcome
from symc.diagnostics import Diagnostic, DiagnosticError, read_bytes, write_atomically

Command: TypeAlias = Callable[[Namespace], Outcome]


def stages() -> tuple[str, ...]:
    from symc.passes.pipeline import PASSES

    return ("elaborate", *(name for name, _ in PASSES))


def check(options: Namespace) -> Outcome:
    from symc.api.program import check_file

    checked = check_file(options.file, model=options.model, params=dict(options.set))
    lines = [f"{c.name}: {c.symmetry}\n    {c.signature}\n    {c.shapes}" for c in checked.models]
    models = [{"name": c.name, "symmetry": c.symmetry, "signature": c.signature, "shapes": c.shapes} for c in checked.models]
    return Outcome("\n".join(lines), {"file": options.file, "models": models}, checked.diagnostics)


def show(options: Namespace) -> Outcome:
    from symc.api.program import program, source_of
    from symc.ir.printer import show as show_graph
    from symc.passes.pipeline import run

    graph = program(source_of(options.file, None), model=options.model, params=dict(options.set))
    text = show_graph(graph if options.after == "elaborate" else run(graph, after=options.after))
    return Outcome(text, {"after": options.after, "text": text})


def solve(options: Namespace) -> Outcome:
    from symc.api.solving import solve as solve_signature
    from symc.grammar import decode

    declarations = decode(read_bytes(options.file), options.file) if options.file else None
    solution = solve_signature(options.signature, groups=dict(options.group), source=declarations)
    certificate = solution.certificate
    data: dict[str, object] = {
        "source": str(solution.source), "target": str(solution.target), "dim": solution.dim, "method": solution.method,
        "residual": certificate.residual, "expected_dim": certificate.expected, "expected_by": certificate.expected_by, "seconds": solution.seconds,
    }  # fmt: skip
    return Outcome(str(solution), data)


def compile_(options: Namespace) -> Outcome:
    from symc.api import compile

    if options.output and not options.output.endswith(".pt2"):
        title = f"writing `{options.output}` is not supported yet" if options.output.endswith((".py", ".onnx")) else f"unknown kind of output `{options.output}`"
        raise DiagnosticError(Diagnostic("E0901", title, helps=("write an exported program: `-o out.pt2`",)))
    net = compile(options.file, model=options.model, params=dict(options.set))
    data: dict[str, object] = {"model": net.name, "parameters": sum(p.numel() for p in net.parameters()), "output": options.output}
    if options.output:
        from symc.backends.export import save_pt2

        save_pt2(net, options.output)
        return Outcome(f"{net!r}\nwritten to {options.output}", data)
    return Outcome(repr(net), data)


def verify(options: Namespace) -> Outcome:
    from symc.api import compile
    from symc.api import verify as verify_net

    report = verify_net(compile(options.file, model=options.model, params=dict(options.set)), seed=options.seed)
    return Outcome(str(report), report.json(), failed=not report.ok)


def fmt(options: Namespace) -> Outcome:
    from symc.grammar import decode, format_source

    changed, diagnostics, texts = [], [], []
    for name in options.files:
        try:
            if name == "-":
                texts.append(format_source(decode(sys.stdin.buffer.read(), "<stdin>").text).rstrip("\n"))
                continue
            source = decode(read_bytes(name), name)
            formatted = format_source(source.text, name)
            if formatted != source.text:
                changed.append(name)
                if not options.check:
                    write_atomically(name, lambda path, text=formatted: _write(path, text))  # type: ignore[misc]
        except DiagnosticError as error:
            diagnostics += error.diagnostics
    texts += [f"{'would format' if options.check else 'formatted'} {name}" for name in changed]
    return Outcome("\n".join(texts), {"changed": changed}, tuple(diagnostics), failed=options.check and bool(changed))


def _write(path: str, text: str) -> None:
    with open(path, "w", encoding="utf-8", newline="") as file:
        file.write(text)
