"""Texts that are wrong, absurd or hostile: refused with the right code, and before anything large is allocated."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from symc.api.program import check_file, check_source
from symc.diagnostics import Diagnostic, Source, render

ROOT = Path(__file__).parents[3]
SETS = "group P = S(n)\nrep X = perm(P)\n"
MAP = ":\n    return linear(x)\n"


def doubled(count: int, operator: str) -> str:
    return "rep X0 = perm(S(4))\n" + "".join(f"rep X{i + 1} = (X{i} {operator} X{i})\n" for i in range(count))


def turns(body: str, count: str) -> str:
    return f"{SETS}model M(x: X) -> X:\n    repeat {count}:\n        {body}\n    return x\n"


CASES = {
    "unknown name": (SETS + f"model M(x: Y) -> X{MAP}", "E0210"),
    "unknown operation": (SETS + "model M(x: X) -> X:\n    return lineer(x)\n", "E0210"),
    "wrong arity of an operation": (SETS + "model M(x: X) -> X:\n    return relu(x, x)\n", "E0215"),
    "wrong arity of a group": ("group P = S(3, 4)\n", "E0215"),
    "types that differ": (SETS + "model M(x: X*3) -> X*4:\n    return x\n", "E0311"),
    "illegal activation": ("rep v = vector(O(3))\nmodel M(x: v) -> v:\n    return relu(x)\n", "E0301"),
    "no map but zero": (f"model M(x: vector(SO(3))) -> 1{MAP}", "E0406"),
    "no map but a constant": (f"model M(x: 3) -> vector(SO(3)){MAP}", "E0406"),
    "no such size": ("group P = S(0 - 1)\n", "E0223"),
    "contradictory sizes": (SETS + "model M(x: X*4, y: X*5) -> X*4:\n    return x + y\n", "E0312"),
    "images that are no square": (f"model M(x: pixels(D(4), 4, 5)) -> 1{MAP}", "E0323"),
    "applies itself": (SETS + "model M(x: X) -> X:\n    return N(x)\nmodel N(x: X) -> X:\n    return M(x)\n", "E0222"),
    "brackets": (f"model M(x: {'(' * 10_000}3{')' * 10_000}) -> 3{MAP}", "E0104"),
    "brackets never closed": ("rep X = " + "[" * 10_000 + "\n", "E0104"),
    "calls": ("rep X = " + "dual(" * 10_000 + "\n", "E0104"),
    "a long sum": (f"rep X = {'+'.join('1' * 10_000)}\n", "E0104"),
    "minus signs": (f"rep X = {'-' * 10_000}1\n", "E0104"),
    "reps upon reps": ("rep X0 = 1\n" + "".join(f"rep X{i + 1} = X{i} + 1\n" for i in range(3000)) + f"model M(x: X3000) -> 1{MAP}", "E0523"),
    "a sum doubled again and again": (doubled(40, "+") + f"model M(x: X40) -> 1{MAP}", "E0524"),
    "a product doubled again and again": (doubled(40, "*") + f"model M(x: X40) -> 1{MAP}", "E0520"),
    "many channels": (SETS + f"model M(x: X*1000000000) -> X*1000000000{MAP}", "E0501"),
    "a number of 19 digits": (SETS + f"model M(x: X*{10**18}) -> X{MAP}", "E0108"),
    "a number of 5000 digits": (f"rep X = 1{'0' * 5000}\n", "E0108"),
    "a power without end": ("rep X = 2^1000000000\n", "E0521"),
    "a number beyond 2^53": ("model M[c = 10^18](x: c) -> 1" + MAP, "E0520"),
    "many points": ("group P = S(10^9)\n", "E0323"),
    "many points named": ('group P = permutations("(0 999999999)")\n', "E0323"),
    "a large regular representation": ("rep X = regular(S(12))\n", "E0323"),
    "a group too large to list": ('rep X = regular(permutations("(0 1)", "(0 1 2 3 4 5 6 7 8 9)"))\n', "E0323"),
    "a group without end": ("rep X = regular(matrices([[1, 1], [0, 1]]))\n", "E0323"),
    "large images": ("rep g = pixels(D(4), 100000, 100000)\n", "E0323"),
    "high powers of sets": (SETS + f"model M(x: X^6) -> X^6{MAP}", "E0502"),
    "high powers of vectors": (f"model M(x: vector(SO(3))^8) -> vector(SO(3))^8{MAP}", "E0502"),
    "a determinant of ten legs": (f"rep v = vector(SO(10))\nmodel M(x: v^5) -> v^5{MAP}", "E0501"),
    "weight sharing of large images": (f"rep g = pixels(D(4), 1000, 1000)\nmodel M(x: g) -> g{MAP}", "E0501"),
    "weight sharing of a regular representation": (f"rep g = regular(S(8))\nmodel M(x: g) -> g{MAP}", "E0501"),
    "weight sharing of a long ring": (f"rep g = perm(C(100000))\nmodel M(x: g) -> g{MAP}", "E0501"),
    "wide layers": (f"model M(x: 100000) -> 100000{MAP}", "E0501"),
    "many wide layers": ("model M(x: 20000) -> 20000:\n    repeat 9:\n        x: 20000 = linear(x)\n    return x\n", "E0501"),
    "a billion turns": (turns("x = relu(x)", "1000000000"), "E0522"),
    "turns of turns": (SETS + "model M(x: X) -> X:\n    repeat 1000:\n        repeat 1000:\n            x = relu(x)\n    return x\n", "E0522"),
    "models of models": (
        SETS + "model M0(x: X) -> X:\n    return relu(x)\n" + "".join(f"model M{i + 1}(x: X) -> X:\n    return M{i}(M{i}(x))\n" for i in range(17)),
        "E0523",
    ),
    "a singular generator": ("group G = matrices([[1, 1], [1, 1]])\n", "E0323"),
    "a singular generator with digits": ("group G = matrices([[0.1, 0.2], [0.2, 0.4]])\n", "E0323"),
    "a generator that is no square": ("group G = matrices([[1, 1]])\n", "E0323"),
    "generators of different sizes": ("group G = matrices([[1]], [[1, 0], [0, 1]])\n", "E0323"),
    "a generator of eight digits": (
        f"rep v = vector(matrices([[-0.5, -0.8660254], [0.8660254, -0.5]]))\nmodel M(x: v^2) -> v^2{MAP}",
        "E0403",
    ),
    "a group too wild": (f"rep v = vector(matrices([[1, 1], [0, 1]]))\nmodel M(x: v^8) -> v^8{MAP}", "E0404"),
    "a size that nobody knows": (SETS + f"model M(x: X) -> n{MAP}", "E0402"),
    "a ring of any size": (f"group C = C(n)\nmodel M(x: perm(C)) -> perm(C){MAP}", "E0401"),
    "a NUL": ("rep X = 1\0\n", "E0102"),
    "a byte order mark": ("\ufeffrep X = 1\n", "E0102"),
    "a text too long": ("#" * 1_000_000, "E0108"),
}


@pytest.mark.parametrize(("text", "code"), CASES.values(), ids=list(CASES))
def test_refused(text: str, code: str) -> None:
    report = check_source(Source("main.sym", text))
    assert code in [diagnostic.code for diagnostic in report.diagnostics]
    for diagnostic in report.diagnostics:
        render(diagnostic)


FILES = {
    "binary": (bytes(range(256)) * 1000, "E0109"),
    "in UTF-16": ("rep X = 1\n".encode("utf-16"), "E0109"),
    "huge": (b"#" * 10_000_000, "E0201"),
}


@pytest.mark.parametrize(("data", "code"), FILES.values(), ids=list(FILES))
def test_files_that_are_no_texts(tmp_path: Path, data: bytes, code: str) -> None:
    (tmp_path / "a.sym").write_bytes(data)
    assert codes(check_file(tmp_path / "a.sym").diagnostics) == [code]
    (tmp_path / "b.sym").write_text('import "a.sym"\n', encoding="utf-8")
    assert codes(check_file(tmp_path / "b.sym").diagnostics) == [code]


def test_files_that_are_not_there(tmp_path: Path) -> None:
    for path in ("none.sym", ".", "", "a\0b", "a.sym/b"):
        assert codes(check_file(tmp_path / path if path else path).diagnostics) == ["E0201"]


def test_a_circle_of_three(tmp_path: Path) -> None:
    for name, other in ("ab", "bc", "ca"):
        (tmp_path / f"{name}.sym").write_text(f'import "{other}.sym" as {other}\n', encoding="utf-8")
    (found,) = check_file(tmp_path / "a.sym").diagnostics
    assert found.code == "E0217"
    assert found.primary is not None
    assert found.primary.message == "a.sym -> b.sym -> c.sym -> a.sym"


def codes(diagnostics: tuple[Diagnostic, ...]) -> list[str]:
    return [diagnostic.code for diagnostic in diagnostics]


MEMORY = """
import resource, sys
import symc, torch
from symc.diagnostics import DiagnosticError
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    symc.compile(text=sys.stdin.read())
except DiagnosticError as error:
    print(error.diagnostics[0].code, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="ru_maxrss is in KiB on Linux")
@pytest.mark.parametrize("name", ["many channels", "a determinant of ten legs", "weight sharing of a regular representation", "many wide layers"])
def test_nothing_is_allocated_for_what_is_refused(name: str) -> None:
    text, code = CASES[name]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", MEMORY], input=text, env=environment, capture_output=True, text=True, check=True)
    found, grown = done.stdout.split()
    assert found == code
    assert int(grown) < 200  # MiB
