"""Every diagnostic as a user meets it: `<CODE>_<what>.sym` is checked, `.py` is run, and what is said must be the text beside it, to the letter.

    SYMC_WRITE_GOLDEN=1 pytest tests/golden/test_diagnostics.py      writes the texts anew: read the difference
"""

from __future__ import annotations

import os
import runpy
from pathlib import Path

import pytest

from symc.api.program import check_file
from symc.diagnostics import CODES, Diagnostic, DiagnosticError, render

FOLDER = Path(__file__).parent / "diagnostics"
CASES = sorted(path for path in FOLDER.iterdir() if path.suffix in (".sym", ".py"))


def reported(path: Path) -> tuple[Diagnostic, ...]:
    """What a case says; the current folder is that of the cases, so that names show without a path."""
    if path.suffix == ".sym":
        return check_file(path.name).diagnostics
    with pytest.raises(DiagnosticError) as caught:
        runpy.run_path(str(path))
    return caught.value.diagnostics


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.name)
def test_says_what_it_should(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(FOLDER)
    diagnostics = reported(path)
    assert path.name.partition("_")[0] in {diagnostic.code for diagnostic in diagnostics}
    text = "\n".join(render(diagnostic) for diagnostic in diagnostics)
    golden = path.with_suffix(".txt")
    if os.environ.get("SYMC_WRITE_GOLDEN"):
        golden.write_text(text, encoding="utf-8")
    assert text == golden.read_text(encoding="utf-8")


def test_every_code_has_a_case() -> None:
    assert {path.name.partition("_")[0] for path in CASES} == set(CODES)
