"""Which store there is, by the environment."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from symc.passes.solve import SolveError
from symc.passes.solve.store import Store, default_store


@pytest.mark.parametrize(
    ("variables", "folder", "limit"),
    [
        ({}, "/home-of-x/.cache/symc", 2**30),
        ({"XDG_CACHE_HOME": "/caches"}, "/caches/symc", 2**30),
        ({"XDG_CACHE_HOME": "caches"}, "/home-of-x/.cache/symc", 2**30),
        ({"SYMC_CACHE": "/there"}, "/there", 2**30),
        ({"SYMC_CACHE": "~/there"}, "/home-of-x/there", 2**30),
        ({"SYMC_CACHE": "there", "SYMC_CACHE_LIMIT": "1.5k"}, f"{Path.cwd()}/there", 1536),
        ({"SYMC_CACHE_LIMIT": "2G"}, "/home-of-x/.cache/symc", 2**31),
        ({"SYMC_CACHE": ""}, None, 0),
        ({"SYMC_CACHE": " "}, None, 0),
        ({"SYMC_CACHE": "0"}, None, 0),
        ({"SYMC_CACHE": "OFF", "SYMC_CACHE_LIMIT": "lots"}, None, 0),
        ({"SYMC_CACHE": "~nobody-of-this-name/there"}, None, 0),
    ],
)
def test_the_store_of_the_environment(monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], folder: str | None, limit: int) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    for name in ("SYMC_CACHE", "SYMC_CACHE_LIMIT", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    for name, value in {"HOME": "/home-of-x", **variables}.items():
        monkeypatch.setenv(name, value)
    assert default_store() == (None if folder is None else Store(Path(folder), limit))


def test_without_a_home_there_is_no_store(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(_: int) -> None:
        raise KeyError

    for name in ("SYMC_CACHE", "HOME", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("pwd.getpwuid", unknown)
    assert default_store() is None


def test_without_a_current_folder_there_is_no_store(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone() -> str:
        raise FileNotFoundError

    monkeypatch.setattr(os, "getcwd", gone)
    monkeypatch.setenv("SYMC_CACHE", "there")
    assert default_store() is None


@pytest.mark.parametrize("text", ["lots", "0", "-1", "nan", "infG"])
def test_a_limit_that_is_none(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("SYMC_CACHE_LIMIT", text)
    with pytest.raises(SolveError, match=f"SYMC_CACHE_LIMIT={text}") as caught:
        default_store()
    assert caught.value.code == "E0501"


def test_the_tests_have_a_store_of_their_own() -> None:
    found = default_store()
    assert found is not None
    assert found.folder.name.startswith("symc-tests-")
