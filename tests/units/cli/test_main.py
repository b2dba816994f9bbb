"""Around the commands: usage, streams, encodings, interruptions, and mistakes of symc itself."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from symc.cli import commands, main

ROOT = Path(__file__).parents[3]
Run = Callable[..., Any]


def process(*arguments: str, environment: Mapping[str, str] | None = None, **options: Any) -> subprocess.CompletedProcess[bytes]:
    """`symc` as users run it."""
    variables = {**os.environ, "PYTHONPATH": str(ROOT), **(environment or {})}
    return subprocess.run([sys.executable, "-m", "symc", *arguments], env=variables, capture_output=not options, check=False, **options)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([], "required: COMMAND"),
        (["chekc", "sets.sym"], "did you mean `check`?"),
        (["draw", "sets.sym"], "-o"),
        (["explain", "E9999"], "not about `E9999`"),
        (["explain", "convention"], "did you mean `conventions`?"),
        (["check"], "required: FILE"),
        (["check", "sets.sym", "--sett", "a=1"], "--sett"),
        (["check", "sets.sym", "--set", "classes"], "is not NAME=VALUE"),
        (["check", "sets.sym", "--set", "=4"], "is not NAME=VALUE"),
        (["check", "sets.sym", "--set", "c=1", "--set", "c=2"], "more than once"),
        (["solve", "-g", "P=S(3)", "-g", "P=S(4)", "1 -> 1"], "more than once"),
        (["verify", "sets.sym", "--seed", "x"], "no whole number"),
        (["verify", "sets.sym", "--seed", "-1"], "no whole number"),
        (["--json"], "required: COMMAND"),
    ],
)
def test_wrong_usage(symc: Run, arguments: list[str], says: str) -> None:
    result = symc(*arguments)
    assert result.status == 2
    assert says in result.err
    assert bool(result.out) == ("--json" in arguments)
    result = symc(*arguments, "--json")
    assert result.status == 2
    assert result.json["ok"] is False
    assert says in result.json["usage"]


@pytest.mark.parametrize("option", ["--help", "--version"])
def test_help_and_version(option: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main([option])
    assert left.value.code == 0
    assert capsys.readouterr().out.startswith(("usage: symc", "symc "))


@pytest.mark.parametrize("error", [KeyError("rho"), RecursionError("deep"), MemoryError(), AssertionError()])
def test_a_mistake_of_symc_is_said_without_a_traceback(symc: Run, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def fail(_: object) -> None:
        raise error

    monkeypatch.delenv("SYMC_DEBUG", raising=False)
    monkeypatch.setattr(commands, "check", fail)
    result = symc("check", "sets.sym")
    assert (result.status, result.out) == (1, "")
    assert result.err.startswith(f"error[E0990]: internal error, {type(error).__name__}")
    assert "Traceback" not in result.err
    assert "please report" in result.err
    assert [found["code"] for found in symc("check", "sets.sym", "--json").json["diagnostics"]] == ["E0990"]
    monkeypatch.setenv("SYMC_DEBUG", "1")
    assert "Traceback" in symc("check", "sets.sym").err


def test_an_interruption(symc: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(commands, "check", interrupt)
    result = symc("check", "sets.sym")
    assert (result.status, result.out, result.err) == (130, "", "interrupted\n")


def test_no_more_than_fifty_diagnostics_are_printed(symc: Run) -> None:
    Path("many.sym").write_text("rep X = 1\n" * 200, encoding="utf-8")
    result = symc("check", "many.sym")
    assert result.err.count("error[E0211]") == 50
    assert result.err.endswith("199 errors, the first 50 shown\n")
    assert len(symc("check", "many.sym", "--json").json["diagnostics"]) == 199


@pytest.mark.parametrize("environment", [{"PYTHONIOENCODING": "ascii"}, {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}])
def test_letters_that_the_encoding_lacks(tmp_path: Path, environment: dict[str, str]) -> None:
    path = tmp_path / "turn.sym"
    path.write_text("group R = O(3)\nrep ρ = vector(R)\nmodel Turn(x: ρ) -> ρ:\n    return relu(x)\n", encoding="utf-8")
    done = process("check", str(path), environment=environment)
    assert done.returncode == 1
    assert b"error[E0301]" in done.stderr
    assert b"Traceback" not in done.stderr


@pytest.mark.skipif(os.name != "posix", reason="names files by bytes")
def test_a_file_whose_name_is_no_text(tmp_path: Path) -> None:
    name = os.path.join(os.fsencode(tmp_path), b"\xff.sym")
    with open(name, "wb") as file:
        file.write(b"group P = S(n)\n")
    done = process("check", os.fsdecode(name), "--json")
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
def test_output_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "names.sym").write_text("group P = S(n)\n", encoding="utf-8")
    with open("/dev/full", "wb") as full:
        done = process("check", "names.sym", cwd=tmp_path, stdout=full, stderr=subprocess.PIPE)
    assert (done.returncode, done.stderr) == (1, b"symc: the output cannot be written\n")


@pytest.mark.skipif(os.name != "posix", reason="runs a shell")
def test_a_reader_that_leaves(tmp_path: Path) -> None:
    (tmp_path / "many.sym").write_text("rep X = 1\n" * 3000, encoding="utf-8")
    command = f"{sys.executable} -m symc check many.sym --json | head -c 10"
    done = subprocess.run(command, shell=True, cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, check=False)
    assert (done.stdout, done.stderr) == (b'{"ok": fal', b"")


def test_checking_and_solving_never_import_torch(tmp_path: Path) -> None:
    (tmp_path / "sets.sym").write_text("group P = S(n)\nrep X = perm(P)\nmodel M(x: X) -> 1:\n    return linear(x)\n", encoding="utf-8")
    program = "import sys\nfrom symc.cli import main\nassert main(sys.argv[1:]) == 0\nassert not {'torch', 'scipy'} & sys.modules.keys()\n"
    for arguments in (["check", "sets.sym"], ["show", "sets.sym", "--after", "simplify"], ["fmt", "sets.sym"], ["solve", "-f", "sets.sym", "X -> X"]):
        done = subprocess.run([sys.executable, "-c", program, *arguments], cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=False)
        assert done.returncode == 0


def test_colours_only_on_a_terminal(symc: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "\x1b" not in symc("check", "relu.sym").err
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert "\x1b[1;31m" in symc("check", "relu.sym").err
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b" not in symc("check", "relu.sym").err
