"""Whatever a text says, symc answers with diagnostics or with a program that is well; nothing else escapes, and not after minutes.

    SYMC_FUZZ=5000 SYMC_FUZZ_SEED=7 pytest tests/property/test_fuzz.py       other numbers of other texts
"""

from __future__ import annotations

import io
import os
import signal
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from math import isnan
from pathlib import Path
from random import Random

import numpy as np
import pytest

import symc
from symc.algebra import sizes as sz
from symc.api.program import Program, check_source, program
from symc.cli import main
from symc.diagnostics import DiagnosticError, Source, render
from symc.ir.types import Type

TRIES = int(os.environ.get("SYMC_FUZZ", "400"))
SEED = int(os.environ.get("SYMC_FUZZ_SEED", "0"))
SECONDS = 300  # for one text: only what never ends takes so long
LARGE, LONG = 20_000, 200  # coordinates of a tensor, and operations, above which a program is not run
Mutate = Callable[[Random, Sequence[str]], str]


@pytest.fixture(autouse=True)
def _limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SYMC_MEMORY_LIMIT", "64M")


@contextmanager
def bounded(what: str) -> Iterator[None]:
    """Whatever is no diagnostic is a failure that shows the text."""

    def stop(*_: object) -> None:
        raise TimeoutError(f"still at work after {SECONDS} s")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(SECONDS)
    try:
        yield
    except DiagnosticError as error:
        if not error.diagnostics or any(diagnostic.code == "E0490" for diagnostic in error.diagnostics):
            pytest.fail(f"{error}\n{'-' * 40}\n{what}")
        str(error)
    except Exception:
        pytest.fail(f"{traceback.format_exc()}\n{'-' * 40}\n{what}")
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def checked(text: str) -> list[str]:
    """The names of the models of a text, if there is nothing wrong with it."""
    report = check_source(Source("<fuzz>", text))
    for diagnostic in report.diagnostics:
        assert diagnostic.code != "E0490"
        render(diagnostic)
    return [model.name for model in report.models] if all(d.severity == "warning" for d in report.diagnostics) else []


def test_mutated_texts_are_checked(mutate: Mutate, corpus: list[str]) -> None:
    rng = Random(SEED)
    for _ in range(TRIES):
        text = mutate(rng, corpus)
        with bounded(text):
            checked(text)


@pytest.mark.filterwarnings("ignore::symc.SymcWarning")
def test_mutated_texts_that_are_well_compile_and_verify(mutate: Mutate, supported: list[str]) -> None:
    rng = Random(SEED + 1)
    ran = 0
    for _ in range(TRIES // 4):
        text = mutate(rng, supported)
        with bounded(text):
            for name in checked(text)[-1:]:
                if small(program(Source("<fuzz>", text), model=name)):
                    report = symc.verify(symc.compile(text=text, model=name))
                    assert report.ok or isnan(report.error), report  # the root of a negative number is none
                    ran += 1
    assert ran >= TRIES // 60


def small(graph: Program) -> bool:
    """Can the program be run in a blink?"""
    values = [*graph.inputs, *(value for node in graph.nodes for value in node.outputs)]
    sizes = dict.fromkeys(graph.free, 8)
    most = max((sz.number(sz.product(value.type.shape), sizes) for value in values if isinstance(value.type, Type)), default=0)
    return most <= LARGE and len(graph.nodes) <= LONG


GROUPS = {
    "perm sign vector trivial": ["S(n)", "S(m)", "S(6)"],
    "perm sign regular": ["S(0)", "S(1)", "S(2)", "S(3)", "S(4)", 'permutations("(0 1 2)(3 4)")', 'permutations("(0 1)", [1, 2, 0])'],
    "perm vector regular": ["C(1)", "C(2)", "C(3)", "C(4)", "C(6)", "D(1)", "D(2)", "D(3)", "D(4)", "D(6)"],
    "vector vector sign": ["O(n)", "SO(n)", "O(1)", "SO(1)", "O(2)", "SO(2)", "O(3)", "SO(3)", "SO(4)"],
    "vector sign regular dual": ["matrices([[0, -1], [1, -1]])", "matrices([[0, 1], [1, 0]], [[-1, 0], [0, 1]])"],
    "vector dual": ["matrices([[1, 1], [0, 1]])", "matrices([[2]])", "matrices([[0.6, -0.8], [0.8, 0.6]])", "matrices([[1, 2], [3, 5]])"],
    "regular perm": ["S(3)*C(4)", "S(n)*O(3)", "C(n)", "O(0)", "S(-1)", "A(4)"],
}  # by the representations they have
KINDS = {group: kinds.split() for kinds, groups in GROUPS.items() for group in groups}


def signature(rng: Random, groups: dict[str, str], mutate: Mutate) -> str:
    """Two types over the groups, mostly of what is there for them."""

    def leaf() -> str:
        name = rng.choice("PPQ")
        if rng.random() < 0.2:
            return rng.choice(("1", "2", "3", "n", "()", "pixels(P, 2, 2)", "trivial(Q)", "X"))
        kind = rng.choice(KINDS[groups[name]])
        return f"dual(vector({name}))" if kind == "dual" else f"{kind}({name})"

    def side() -> str:
        terms = ["*".join(leaf() for _ in range(rng.choice((1, 1, 2, 2, 3)))) for _ in range(rng.choice((1, 1, 1, 2)))]
        return rng.choice(("{}", "{}", "{}", "({})^2", "({})^0", "(a: {}, b: 2)")).format(" + ".join(terms))

    text = f"{side()} -> {side()}"
    return text if rng.random() < 0.9 else mutate(rng, [text])


def test_signatures_are_solved_or_refused(mutate: Mutate) -> None:
    rng = Random(SEED + 2)
    solved = 0
    for _ in range(TRIES):
        groups = {name: rng.choice(list(KINDS)) for name in "PQ"}
        text = signature(rng, groups, mutate)
        if rng.random() < 0.1:
            groups["P"] = mutate(rng, list(KINDS))
        with bounded(f"{groups} {text}"):
            check_solution(symc.solve(text, groups=groups))
            solved += 1
    assert solved >= TRIES // 4


def check_solution(solution: symc.Solution) -> None:
    """The maps are as many as they should be, equivariant, and independent; for small numbers in place of the free sizes too."""
    for n in range(4 if solution.free else 1):
        try:
            small = solution.at(**dict.fromkeys(solution.free, n))
        except DiagnosticError:  # C(0) is no group
            continue
        assert small.certificate.residual <= 1e-7
        assert small.certificate.expected in (None, small.dim)
        rows, columns = (sum(sz.number(rep.dim) for rep in reps) for reps in (small.basis.targets, small.basis.sources))
        if small.dim * rows * columns <= 300_000:
            dense = small.dense()
            assert dense.shape == (small.dim, rows, columns)
            assert not small.dim or np.linalg.matrix_rank(dense.reshape(small.dim, -1)) == small.dim


COMMANDS = ["check", "check", "show", "show", "solve", "solve", "fmt", "whatever"]
ARGUMENTS = [
    *("check", "show", "solve", "fmt", "explain", "", "-", "--"),
    *("--json", "--set", "--model", "--after", "-g", "-f", "-o", "--check", "--seed", "-h", "--version", "-x"),
    *("a.sym", "a.sym", "a.sym", "b.sym", ".", "missing.sym", "\x00", "a.sym/b", "é.sym", "x" * 300, "\udcff"),
    *("c=3", "c=", "c=X", "c=1/0", "P=S(4)", "P=S(n", "=", "M", "Images", "solve", "lower", "perm(P)->perm(P)", "1 -> 1", "->"),
]


def test_any_arguments_give_an_exit_status(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], supported: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    rng = Random(SEED + 3)
    with open("a.sym", "w", encoding="utf-8") as a, open("b.sym", "wb") as b:
        a.write(supported[3])
        b.write(bytes(range(256)))
    for _ in range(TRIES):
        arguments = [rng.choice(COMMANDS), *rng.choices(ARGUMENTS, k=rng.randrange(6))]
        with bounded(repr(arguments)):
            monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(supported[0].encode())))
            try:
                status = main(arguments)
            except SystemExit as leaving:  # --help, --version
                status = int(leaving.code or 0)
            out, err = capfd.readouterr()
            assert status in (0, 1, 2)
            assert "Traceback" not in out + err
            assert "E0990" not in out + err
            assert status == 0 or out or err
