"""Did you mean: near names only, and never the one that was written."""

from __future__ import annotations

from pathlib import Path

import pytest

from symc.diagnostics import DiagnosticError, closest, read_bytes


@pytest.mark.parametrize(("name", "known", "near"), [
    ("rleu", ["relu", "elu"], "relu"),
    ("Relu", ["relu"], "relu"),
    ("relu", ["relu"], None),
    ("fc", ["c", "f"], None),
    ("missing", ["bin", "min"], None),
])  # fmt: skip
def test_closest(name: str, known: list[str], near: str | None) -> None:
    assert closest(name, known) == near


def test_files(tmp_path: Path) -> None:
    (tmp_path / "dangling.sym").symlink_to(tmp_path / "nowhere")
    for name in ("bin.sym", "sets.sym"):
        (tmp_path / name).touch()
    helps = {}
    for name in ("dangling.sym", "danglin.sym", "missing.sym", "set.sym"):
        with pytest.raises(DiagnosticError) as caught:
            read_bytes(tmp_path / name)
        helps[name] = caught.value.diagnostics[0].helps
    assert helps == {"dangling.sym": (), "danglin.sym": (), "missing.sym": (), "set.sym": ("did you mean `sets.sym`?",)}
