"""A folder with a few texts, and the command line run in it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from symc.cli import main

SETS = """\
group P = S(n)
rep   X = perm(P)
model Block[T: rep](x: T*2) -> T*2:
    return relu(linear(x))
model Sets[width = 8, classes = 10](x: X*3) -> classes:
    h: X*width = relu(linear(x))
    return linear(h)
"""
TEXTS = {
    "sets.sym": SETS,
    "relu.sym": "group R = O(3)\nrep   v = vector(R)\nmodel Wrong(x: v) -> v:\n    return relu(x)\n",
    "odd.sym": "group P = S(n)\ngroup Q = S(n)\nmodel Odd(x: perm(P), y: perm(Q)) -> 1:\n    return linear(x, y)\n",
    "ugly.sym": "group P=S( n )\n",
    "names.sym": "group P = S(n)\nrep   X = perm(P)\n",
    "broken.sym": "rep X = (\nrep Y = nothing\n",
}


@dataclass(frozen=True)
class Result:
    """What a command left behind."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        """The one object on standard output."""
        assert self.out.count("\n") == 1
        found = json.loads(self.out)
        assert isinstance(found, dict)
        return found


@pytest.fixture
def symc(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Result]:
    monkeypatch.chdir(tmp_path)
    for name, text in TEXTS.items():
        (tmp_path / name).write_text(text, encoding="utf-8")

    def run(*arguments: str) -> Result:
        status = main(arguments)
        return Result(status, *capsys.readouterr())

    return run
