"""Files of plain PyTorch as a reader gets them: to the letter, but for packed numbers and digits that other processors round otherwise.

SYMC_WRITE_GOLDEN=1 pytest tests/golden/test_source.py      writes the files anew: read the difference
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

import symc

FOLDER = Path(__file__).parent / "source"

FLOAT = re.compile(r"-?\b\d+\.\d+(?:e[+-]?\d+)?\b")
PACKED = re.compile(r'^(\w+ = )(?:\(\n(?:    "[^"]+"\n)+\)|"[^"]+")$', re.MULTILINE)


def stable(text: str) -> str:
    return FLOAT.sub(lambda found: f"{round(float(found[0]), 9):.6g}", PACKED.sub(r'\1"..."', text))


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.sym")), ids=lambda path: path.stem)
def test_written_as(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(FOLDER)
    text = stable(symc.source(symc.compile(path.name)))
    golden = path.with_suffix(".txt")
    if os.environ.get("SYMC_WRITE_GOLDEN"):
        golden.write_text(text, encoding="utf-8")
    assert text == golden.read_text(encoding="utf-8")
