"""`symc draw`: a file, or a diagnostic."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

Run = Callable[..., Any]


def test_draw_writes_a_picture(symc: Run, tmp_path: Path) -> None:
    result = symc("draw", "sets.sym", "-o", "out.svg", "--set", "width=4", "--set", "n=3", "--json")
    drawn = (tmp_path / "out.svg").read_bytes()
    assert result.json["output"] == "out.svg"
    assert result.json["bytes"] == len(drawn)
    titles = [element.text or "" for element in ElementTree.fromstring(drawn).iter() if element.tag.endswith("title")]
    assert titles[0] == "Sets"
    assert "class 1 of 3: 3 entries" in titles, "the diagonal of X -> X at n = 3"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["sets.sym", "-o", "out.png"], "no kind of picture"),
        (["sets.sym", "-o", "nowhere/out.svg"], "E0202"),
        (["relu.sym", "-o", "out.svg"], "E0301"),
        (["sets.sym", "-o", "out.svg", "--set", "m=2"], "has no parameter `m`"),
        (["missing.sym", "-o", "out.svg"], "E0201"),
    ],
)
def test_what_is_wrong_is_a_diagnostic(symc: Run, tmp_path: Path, arguments: list[str], said: str) -> None:
    result = symc("draw", *arguments)
    assert result.status == 1
    assert said in result.err
    assert not (tmp_path / "out.svg").exists()
