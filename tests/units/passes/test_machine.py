"""The machine that costs are estimated for."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, fields
from pathlib import Path

import pytest

from symc.backends.calibrate import measure
from symc.ir.machine import Machine
from symc.passes.machine import FILE, keep, machine, path


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("SYMC_CACHE", str(tmp_path / "cache"))
    machine.cache_clear()
    yield tmp_path / "cache"
    machine.cache_clear()


def test_what_was_measured_is_used(folder: Path) -> None:
    assert machine() == Machine()
    faster = Machine(flops=1e12)
    assert keep(faster) == path() == folder / FILE
    assert machine() == faster


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", json.dumps({**asdict(Machine()), "call": -1}), json.dumps({**asdict(Machine()), "view": "x"})])
def test_what_is_damaged_is_as_if_it_were_not_there(folder: Path, text: str) -> None:
    folder.mkdir()
    (folder / FILE).write_text(text)
    assert machine() == Machine()


def test_without_a_cache_nothing_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SYMC_CACHE", "off")
    assert keep(Machine(flops=1.0)) is None
    assert machine() == Machine()


def test_every_measurement_is_a_rate_or_a_time() -> None:
    found = measure()
    assert all(0 < getattr(found, field.name) < float("inf") for field in fields(found))
    assert found.view < 1e-3
    assert found.flops > found.gathered  # a machine computes faster than it looks things up
