"""What `symc explain FILE` prints, to the letter.

    SYMC_WRITE_GOLDEN=1 pytest tests/golden/test_explain.py      writes the texts anew: read the difference
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from symc.cli import main

ROOT = Path(__file__).parents[2]
FOLDER = Path(__file__).parent / "explain"
CASES = {"deepsets": ("examples/deepsets.sym", "--set", "n=20"), "records": ("tests/golden/show/records.sym",)}


@pytest.mark.parametrize("name", CASES)
def test_explain(name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(ROOT)
    assert main(["explain", *CASES[name]]) == 0
    text, said = capsys.readouterr()
    assert not said
    golden = FOLDER / f"{name}.txt"
    if os.environ.get("SYMC_WRITE_GOLDEN"):
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(text, encoding="utf-8")
    assert text == golden.read_text(encoding="utf-8")


def test_no_text_is_left_over() -> None:
    assert {path.stem for path in FOLDER.glob("*.txt")} == set(CASES)
