"""What `symc draw` writes for two examples, to the letter: the pictures that stand beside them.

    SYMC_WRITE_GOLDEN=1 pytest tests/golden/test_draw.py      draws them anew: look at them
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from symc.cli import main

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("name", ["deepsets", "graphs"])
def test_draw(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    assert main(["draw", f"examples/{name}.sym", "-o", str(tmp_path / "drawn.svg")]) == 0
    drawn = (tmp_path / "drawn.svg").read_text(encoding="utf-8")
    golden = ROOT / "examples" / "pictures" / f"{name}.svg"
    if os.environ.get("SYMC_WRITE_GOLDEN"):
        golden.write_text(drawn, encoding="utf-8")
    assert drawn == golden.read_text(encoding="utf-8")
