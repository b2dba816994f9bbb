"""What `symc show --after PASS` prints, to the letter: one program at every stage, another where its maps are known.

    SYMC_WRITE_GOLDEN=1 pytest tests/golden/test_show.py      writes the texts anew: read the difference
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from symc.cli import main
from symc.passes.pipeline import PASSES

ROOT = Path(__file__).parents[2]
FOLDER = Path(__file__).parent / "show"
STAGES = ["elaborate", *(name for name, _ in PASSES)]
CASES = [*(("tests/golden/show/records.sym", stage) for stage in STAGES), ("tests/golden/lower/deepsets.sym", "solve")]


@pytest.mark.parametrize(("file", "stage"), CASES, ids=lambda part: Path(part).stem)
def test_show(file: str, stage: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(ROOT)
    assert main(["show", file, "--after", stage]) == 0
    text, said = capsys.readouterr()
    assert not said
    golden = FOLDER / f"{Path(file).stem}_{stage}.txt"
    if os.environ.get("SYMC_WRITE_GOLDEN"):
        golden.write_text(text, encoding="utf-8")
    assert text == golden.read_text(encoding="utf-8")


def test_no_text_is_left_over() -> None:
    assert {path.name for path in FOLDER.glob("*.txt")} == {f"{Path(file).stem}_{stage}.txt" for file, stage in CASES}
