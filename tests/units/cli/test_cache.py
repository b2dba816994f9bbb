"""`symc cache`: where the cache is, what is in it, and how it is emptied."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from symc.passes.solve.store import Store

Run = Callable[..., Any]

OFF = {"ok": True, "on": False, "writable": False, "folder": None, "entries": 0, "bytes": 0, "limit": None, "diagnostics": []}
EMPTY = """\
cache    on
folder   {folder}
entries  0
size     0 bytes
limit    1 GiB
"""
FULL = """\
cache    on
folder   {folder}
entries  3
size     {size} KiB
limit    2 MiB
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    place = tmp_path / "cache"
    monkeypatch.setenv("SYMC_CACHE", str(place))
    return place


def fill(folder: Path, entries: int = 3) -> int:
    """Put some entries; how many bytes they take."""
    kept = Store(folder, 2**30)
    for number in range(entries):
        kept.put(hashlib.sha256(bytes([number])).hexdigest(), {"a": np.zeros(100)}, {})
    return kept.usage().size


def test_nothing_yet(symc: Run, folder: Path) -> None:
    result = symc("cache")
    assert (result.status, result.out, result.err) == (0, EMPTY.format(folder=folder), "")
    assert symc("cache", "clear").out == "removed 0 entries, 0 bytes freed\n"
    assert not folder.exists()


def test_some_entries(symc: Run, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    size = fill(folder)
    monkeypatch.setenv("SYMC_CACHE_LIMIT", "2M")
    result = symc("cache")
    assert (result.status, result.out, result.err) == (0, FULL.format(folder=folder, size=f"{size / 1024:.3g}"), "")
    data = {"folder": str(folder), "entries": 3, "bytes": size, "limit": 2**21}
    assert symc("cache", "--json").json == {"ok": True, "on": True, "writable": True, **data, "diagnostics": []}


def test_clear(symc: Run, folder: Path) -> None:
    size = fill(folder)
    (folder / "notes.txt").write_text("not ours", encoding="utf-8")
    result = symc("cache", "clear")
    assert (result.status, result.out, result.err) == (0, f"removed 3 entries, {size:,} bytes freed\n", "")
    assert [file.name for file in folder.iterdir()] == ["notes.txt"]
    assert symc("cache", "--json").json["entries"] == 0


@pytest.mark.parametrize("arguments", [("clear", "--json"), ("--json", "clear")])
def test_clear_as_json(symc: Run, folder: Path, arguments: tuple[str, str]) -> None:
    size = fill(folder, 1)
    data = {"folder": str(folder), "removed": 1, "freed": size, "left": 0}
    assert symc("cache", *arguments).json == {"ok": True, "on": True, **data, "diagnostics": []}


@pytest.mark.parametrize(("value", "why"), [("", "SYMC_CACHE is empty"), ("0", "SYMC_CACHE=0"), ("off", "SYMC_CACHE=off")])
def test_turned_off(symc: Run, monkeypatch: pytest.MonkeyPatch, value: str, why: str) -> None:
    monkeypatch.setenv("SYMC_CACHE", value)
    for arguments in (("cache",), ("cache", "clear")):
        result = symc(*arguments)
        assert (result.status, result.out, result.err) == (0, f"cache    off: {why}\n", "")
    assert symc("cache", "--json").json == OFF
    cleared = symc("cache", "clear", "--json").json
    assert cleared == {"ok": True, "on": False, "folder": None, "removed": 0, "freed": 0, "left": 0, "diagnostics": []}


def test_without_a_home(symc: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(_: int) -> None:
        raise KeyError

    for name in ("SYMC_CACHE", "HOME", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("pwd.getpwuid", unknown)
    assert symc("cache").out == "cache    off: there is no home folder for it\n"


def test_a_folder_that_is_a_file(symc: Run, folder: Path) -> None:
    folder.write_text("not ours", encoding="utf-8")
    assert symc("cache").out.startswith("cache    on, but nothing can be written there\n")
    assert symc("cache", "--json").json["writable"] is False
    assert symc("cache", "clear").status == 0
    assert folder.read_text(encoding="utf-8") == "not ours"


@pytest.fixture
def stuck(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder whose entries cannot be removed."""

    def refuse(_: str) -> None:
        raise PermissionError

    fill(folder)
    with monkeypatch.context() as patch:
        patch.setattr(os, "unlink", refuse)
        yield folder


def test_entries_that_stay(symc: Run, stuck: Path) -> None:
    result = symc("cache", "clear")
    assert (result.status, result.out) == (1, "removed 0 entries, 0 bytes freed\n")
    assert result.err.startswith(f"error[E0202]: 3 entries of `{stuck}` cannot be removed\n")
    found = symc("cache", "clear", "--json")
    assert (found.status, found.json["ok"], found.json["left"]) == (1, False, 3)
    assert [item["code"] for item in found.json["diagnostics"]] == ["E0202"]


@pytest.mark.parametrize("arguments", [("cache",), ("cache", "clear")])
def test_a_limit_that_is_none(symc: Run, folder: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]) -> None:
    monkeypatch.setenv("SYMC_CACHE_LIMIT", "lots")
    result = symc(*arguments)
    assert (result.status, result.out) == (1, "")
    assert result.err.startswith("error[E0501]: SYMC_CACHE_LIMIT=lots is no number of bytes\n")
    assert [item["code"] for item in symc(*arguments, "--json").json["diagnostics"]] == ["E0501"]


@pytest.mark.parametrize(("words", "says"), [("claer", "did you mean `clear`?"), ("clear all", "unrecognized"), ("--all", "unrecognized")])
def test_wrong_usage(symc: Run, folder: Path, words: str, says: str) -> None:
    arguments = words.split()
    result = symc("cache", *arguments)
    assert (result.status, result.out) == (2, "")
    assert says in result.err
    assert says in symc("cache", *arguments, "--json").json["usage"]
