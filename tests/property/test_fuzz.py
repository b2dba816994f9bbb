"""Whatever a text says, symc answers with diagnostics or with a program that is well; nothing else escapes, and not after minutes.

    SYMC_FUZZ=5000 SYMC_FUZZ_SEED=7 pytest tests/property/test_fuzz.py       other numbers of other texts
"""

from __future__ import annotations

import os
import signal
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from random import Random

import pytest

import symc
from symc.algebra import sizes as sz
from symc.api.program import Program, check_source, program
from symc.cli import main
from symc.diagnostics import DiagnosticError, Source, render
from symc.ir.types import Type

TRIES = int(os.environ.get("SYMC_FUZZ", "400"))
SEED = int(os.environ.get("SYMC_FUZZ_SEED", "0"))
SECONDS = 20  # for one text, on a slow and busy machine; a mistake that loops takes longer
LARGE = 20_000  # coordinates of a tensor above which a program is not run
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
        assert error.diagnostics, what
        for diagnostic in error.diagnostics:
            assert diagnostic.code != "E0490", what
            render(diagnostic)
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
                if largest(program(Source("<fuzz>", text), model=name)) <= LARGE:
                    report = symc.verify(symc.compile(text=text, model=name))
                    assert report.ok, report
                    ran += 1
    assert ran >= TRIES // 60


def largest(graph: Program) -> int:
    """The most coordinates that a value has at small sizes."""
    values = [*graph.inputs, *(value for node in graph.nodes for value in node.outputs)]
    sizes = dict.fromkeys(graph.free, 8)
    return max((sz.number(sz.product(value.type.shape), sizes) for value in values if isinstance(value.type, Type)), default=0)


GROUPS = "S(n) S(3) S(0) S(1) C(n) C(6) C(1) D(n) D(3) D(0) O(n) O(3) O(1) O(0) SO(n) SO(2) SO(4) S(m)*O(3) S(2)*S(2) S(3)*C(4)".split()
GROUPS += ['permutations("(0 1)", "(0 1 2)")', "matrices([[1, 1], [0, 1]])", "matrices([[0, -1], [1, -1]])", "matrices([[2]])", "A(4)", "S", "S(-1)", "1"]
REPS = "perm(P) vector(P) sign(P) regular(P) trivial(P) dual(vector(P)) pixels(P,3,3) pixels(P,2,k) perm(Q) vector(Q) 1 2 3 0 n () X (a:perm(P),b:2)".split()


def signature(rng: Random, mutate: Mutate) -> str:
    def side() -> str:
        terms = ["*".join(rng.choices(REPS, k=rng.choice((1, 1, 2, 3)))) for _ in range(rng.choice((1, 1, 1, 2)))]
        return " + ".join(terms) + rng.choice(("", "", "", "^2", "^0", "*c", "^k"))

    text = f"{side()} -> {side()}"
    return text if rng.random() < 0.8 else mutate(rng, [text])


def test_signatures_are_solved_or_refused(mutate: Mutate) -> None:
    rng = Random(SEED + 2)
    for _ in range(TRIES):
        groups = {"P": rng.choice(GROUPS), "Q": rng.choice(GROUPS)}
        if rng.random() < 0.2:
            groups["P"] = mutate(rng, GROUPS)
        text = signature(rng, mutate)
        with bounded(f"{groups} {text}"):
            solution = symc.solve(text, groups=groups)
            certificate = solution.certificate
            assert certificate.residual <= 1e-7
            assert certificate.expected in (None, solution.dim)
            for n in range(4):
                check_numbers(solution, n)


def check_numbers(solution: symc.Solution, n: int) -> None:
    """With numbers for the free sizes there are as many maps as arrays, and they are independent where n is small too."""
    try:
        small = solution.at(**dict.fromkeys(solution.free, n))
    except DiagnosticError:
        return
    cells = small.dim * sz.number(sz.product([sum_of(small, side) for side in ("source", "target")]))
    assert small.dim <= solution.dim or not solution.free or n < 4
    if cells <= 10**6:
        import numpy as np

        dense = small.dense()
        assert len(dense) == small.dim
        assert small.dim == 0 or np.linalg.matrix_rank(dense.reshape(small.dim, -1)) == small.dim


def sum_of(solution: symc.Solution, side: str) -> sz.Size:
    return sz.total(rep.dim for rep in (solution.basis.sources if side == "source" else solution.basis.targets))


ARGUMENTS: tuple[Callable[[Random], str], ...] = (
    lambda rng: rng.choice(("check", "show", "solve", "fmt", "explain", "", "-", "--")),
    lambda rng: rng.choice(("--json", "--set", "--model", "--after", "-g", "-f", "-o", "--check", "--seed", "-h", "--version", "-x")),
    lambda rng: rng.choice(("a.sym", "b.sym", ".", "missing.sym", "\x00", "a.sym/b", "é.sym", "x" * 300)),
    lambda rng: rng.choice(("c=3", "c=", "c=X", "c=1/0", "P=S(4)", "P=S(n", "=", "M", "Images", "solve", "lower", "perm(P)->perm(P)", "1 -> 1", "->", "\udcff")),
)


def test_any_arguments_give_an_exit_status(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], supported: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    rng = Random(SEED + 3)
    with open("a.sym", "w", encoding="utf-8") as a, open("b.sym", "wb") as b:
        a.write(supported[3])
        b.write(bytes(range(256)))
    for _ in range(TRIES // 4):
        command = rng.choice(("check", "show", "solve", "fmt", "check", "show", "solve", "whatever"))
        arguments = [command, *(rng.choice(ARGUMENTS)(rng) for _ in range(rng.randrange(5)))]
        with bounded(repr(arguments)):
            try:
                status = main(arguments)
            except SystemExit as leaving:  # --help, --version
                status = int(leaving.code or 0)
            out, err = capfd.readouterr()
            assert status in (0, 1, 2)
            assert "Traceback" not in out + err
            assert "E0990" not in out + err
            assert status == 0 or out or err
