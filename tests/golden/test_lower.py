"""Lowered graphs as text: what the passes make of small models, to the letter.

    SYMC_WRITE_GOLDEN=1 pytest tests/golden/test_lower.py      writes the texts anew: read the difference
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from symc.api.program import program, source_of
from symc.ir.printer import show
from symc.passes.pipeline import run

FOLDER = Path(__file__).parent / "lower"


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.sym")), ids=lambda path: path.stem)
def test_lowers_to(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(FOLDER)
    text = show(run(program(source_of(path.name, None))))
    golden = path.with_suffix(".txt")
    if os.environ.get("SYMC_WRITE_GOLDEN"):
        golden.write_text(text, encoding="utf-8")
    assert text == golden.read_text(encoding="utf-8")
