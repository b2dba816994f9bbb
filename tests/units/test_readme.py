"""What the README says is so: its specs compile, its diagnostic is the one that is printed, its Python and its commands run."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import torch

import symc
from symc.api.program import check_source
from symc.diagnostics import Source, render

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```", README, re.S | re.M)
SPECS = [text for language, text in BLOCKS if not language and re.match(r"(# .*\n)?group ", text)]
WELL, WRONG = SPECS[:2], SPECS[2]


@pytest.mark.parametrize("text", WELL, ids=["digits", "deepsets"])
def test_specs_compile_and_are_equivariant(text: str) -> None:
    assert symc.verify(symc.compile(text=text)).ok


def test_the_first_spec_is_the_example() -> None:
    example = (ROOT / "examples" / "digits.sym").read_text(encoding="utf-8")
    assert [line.split("#")[0].rstrip() for line in WELL[0].splitlines()] == [line.split("#")[0].rstrip() for line in example.splitlines()[1:]]


def test_the_diagnostic_is_what_is_printed() -> None:
    (diagnostic,) = check_source(Source("inertia.sym", WRONG)).diagnostics
    assert render(diagnostic) in [text for language, text in BLOCKS if not language]


def test_the_python_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "deepsets.sym").write_text(WELL[1], encoding="utf-8")
    code = next(text for language, text in BLOCKS if language == "python")
    names: dict[str, object] = {}
    exec(code, names)
    assert "(32, 40)" in code
    basis = names["basis"]
    assert isinstance(basis, symc.Solution)
    assert (basis.dim, basis.method, basis.certificate.expected) == (15, "partition diagrams", 15)


def test_the_forces_are_those_of_the_energy() -> None:
    (code,) = [text for language, text in BLOCKS if language == "python" and "def forces" in text]
    text = "group P = S(n)\ngroup R = O(3)\nrep X = perm(P)\nrep v = vector(R)\nmodel M(x: X*v, z: X) -> ():\n    return linear(norm(x), z)\n"
    net = symc.compile(text=text)
    names: dict[str, object] = {"torch": torch, "net": net}
    exec(code, names)
    x, z = torch.randn(2, 5, 3, requires_grad=True), torch.randn(2, 5)
    (gradient,) = torch.autograd.grad(net(x, z).sum(), x)
    assert callable(names["forces"])
    torch.testing.assert_close(names["forces"](x.detach(), z), -gradient)


@pytest.mark.parametrize("command", re.findall(r"`(symc solve [^`]*)`", README) + re.findall(r"^(symc solve .*)$", README, re.M))
def test_commands_run(command: str) -> None:
    done = subprocess.run([sys.executable, "-m", *shlex.split(command)], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_every_file_named_is_there() -> None:
    for target in re.findall(r"\]\((\w+[/.][\w./]+)\)", README):
        assert (ROOT / target).exists(), target
