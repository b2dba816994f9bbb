"""The examples run, short, as a user would run them; what they learn in full is in the README."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from symc.api.program import check_file

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"


def run(*arguments: str, cwd: Path) -> str:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, *arguments], cwd=cwd, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.sym")), ids=lambda path: path.name)
def test_every_spec_checks_without_a_word(path: Path) -> None:
    assert check_file(path).diagnostics == ()


def test_digits(tmp_path: Path) -> None:
    out = run(str(EXAMPLES / "digits.py"), "--seeds", "1", "--epochs", "3", "--picture", str(tmp_path / "digits.png"), cwd=tmp_path)
    upright, everywhere = re.search(r"^symc +[\d,]+ +([\d.]+) ± 0.0 +([\d.]+) ± 0.0", out, re.M).groups()  # type: ignore[union-attr]
    assert upright == everywhere
    assert float(upright) > 20  # better than chance after three epochs
    assert "Digits: equivariant under D" in out
    assert (tmp_path / "digits.png").stat().st_size > 10_000


def test_deepsets(tmp_path: Path) -> None:
    out = run(str(EXAMPLES / "deepsets.py"), "--steps", "200", cwd=tmp_path)
    errors = {int(n.replace(",", "")): float(error) for n, error in re.findall(r"^ *([\d,]+) +(0\.\d+) +0\.\d+", out, re.M)}
    assert {3, 10_000} <= errors.keys()
    assert errors[30] < 0.5  # the correlations alone deviate by 0.55
    assert "equivariant under P" in out


def test_the_benchmark_of_starting_up_runs() -> None:
    out = run(str(ROOT / "tests" / "bench" / "startup.py"), "--runs", "1", cwd=ROOT)
    assert re.search(r"ratio .* \d+\.\d+", out)
