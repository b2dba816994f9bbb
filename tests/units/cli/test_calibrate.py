"""`symc calibrate`, and `--lowering`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from symc.passes.machine import machine

Run = Callable[..., Any]
REGULAR = "group G = A(5)\nrep q = regular(G)\nmodel M(x: 4*q) -> 4*q:\n    return linear(x)\n"


@pytest.fixture(autouse=True)
def _forgotten() -> Iterator[None]:
    yield
    machine.cache_clear()


def test_what_is_measured_is_kept(symc: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SYMC_CACHE", str(tmp_path / "cache"))
    found = symc("calibrate", "--json").json
    assert found["kept"] == str(tmp_path / "cache" / "machine.json")
    assert found["flops"] > 0
    assert symc("calibrate").out.endswith(f"kept in {tmp_path / 'cache' / 'machine.json'}\n")


def test_without_a_cache_it_says_so(symc: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SYMC_CACHE", "off")
    result = symc("calibrate")
    assert (result.status, result.err) == (0, "")
    assert "not kept, the cache is off" in result.out


def test_a_folder_that_cannot_be_written_is_named(symc: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("SYMC_CACHE", str(tmp_path / "file" / "cache"))
    result = symc("calibrate")
    assert result.status == 1
    assert result.err.startswith("error[E0202]")


@pytest.mark.parametrize(("lowering", "said"), [("dense", "one dense matrix"), ("structured", "irreducible by irreducible")])
def test_a_way_that_is_asked_for(symc: Run, tmp_path: Path, lowering: str, said: str) -> None:
    (tmp_path / "regular.sym").write_text(REGULAR)
    (layer,) = symc("explain", "regular.sym", "--lowering", lowering, "--json").json["layers"]
    assert layer["algorithm"][0].startswith(said)
    assert all(name.startswith((said, "pair by pair")) for name in layer["others"])
    shown = symc("show", "regular.sym", "--after", "simplify", "--lowering", lowering).out
    assert ("take" in shown) or ("einsum" in shown)
    assert symc("verify", "regular.sym", "--lowering", lowering).status == 0
    assert symc("compile", "regular.sym", "--lowering", "sparse").status == 2
