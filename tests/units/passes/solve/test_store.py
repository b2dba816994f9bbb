"""The store on disk: what is put comes back to the bit, and whatever is wrong with a file or a folder is a miss."""

from __future__ import annotations

import errno
import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from store_entries import FOREIGN, SMALL, key

from symc.passes.solve import store
from symc.passes.solve.entry import pack
from symc.passes.solve.store import LEDGER, Cleared, Store, Usage

MANY = 2**30


def path(folder: Path, name: object) -> Path:
    return folder / key(name)[:2] / f"{key(name)}.safetensors"


def filled(size: int) -> dict[str, Any]:
    """Arrays whose entry has about this size."""
    return {"a": np.zeros(size, np.uint8)}


def names(kept: Store) -> set[str]:
    return {file.name for file in kept.folder.glob("*/*")}


@pytest.mark.parametrize("dtype", ["float64", "complex64", "complex128", "int16"])
def test_arrays_that_do_not_lie_in_order(tmp_path: Path, dtype: str) -> None:
    kept = Store(tmp_path, MANY)
    whole = np.arange(24).reshape(2, 3, 4).astype(dtype)
    views = {"turned": whole.T, "parts": whole[:, ::2, 1:3], "back": whole[::-1], "swapped": whole.astype(whole.dtype.newbyteorder(">"))}
    kept.put(key(0), views, {})
    found = kept.get(key(0))
    assert found is not None
    for name, view in views.items():
        assert np.array_equal(found.arrays[name], view)
        assert found.arrays[name].dtype == dtype


def test_the_last_to_put_wins(tmp_path: Path) -> None:
    for number in (1, 2):
        Store(tmp_path, MANY).put(key(0), {}, {"number": number})
    found = Store(tmp_path, MANY).get(key(0))
    assert found is not None
    assert found.facts == {"number": 2}
    assert Store(tmp_path, MANY).get(key(1)) is None


def test_other_programs_can_read_it(tmp_path: Path) -> None:
    from safetensors import safe_open

    Store(tmp_path, MANY).put(key(0), {"a": np.arange(3), "c": np.array(1 + 2j)}, {"dim": 3})
    with safe_open(path(tmp_path, 0), framework="numpy") as file:
        assert file.get_tensor("a").tolist() == [0, 1, 2]
        assert file.get_tensor("c").tolist() == [1, 2]
        assert json.loads(file.metadata()["symc"])["facts"] == {"dim": 3}


@pytest.mark.parametrize("what", sorted(FOREIGN))
def test_a_foreign_file_is_a_miss_and_removed(tmp_path: Path, what: str) -> None:
    file = path(tmp_path, 0)
    file.parent.mkdir()
    file.write_bytes(FOREIGN[what])
    kept = Store(tmp_path, MANY)
    assert kept.get(key(0)) is None
    assert not file.exists()
    kept.put(key(0), {}, {})
    assert kept.get(key(0)) is not None


def test_a_file_under_the_key_of_another_is_a_miss(tmp_path: Path) -> None:
    kept = Store(tmp_path, MANY)
    kept.put(key(0), {}, {})
    path(tmp_path, 1).parent.mkdir(exist_ok=True)
    shutil.copy(path(tmp_path, 0), path(tmp_path, 1))
    assert kept.get(key(1)) is None
    assert kept.get(key(0)) is not None


@pytest.mark.parametrize("make", [Path.mkdir, os.mkfifo, lambda place: place.symlink_to("elsewhere")], ids=["folder", "pipe", "link"])
def test_what_is_no_file_is_a_miss(tmp_path: Path, make: Callable[[Path], None]) -> None:
    place = path(tmp_path, 0)
    place.parent.mkdir()
    (place.parent / "elsewhere").write_bytes(SMALL)
    make(place)
    kept = Store(tmp_path, MANY)
    assert kept.get(key(0)) is None
    assert kept.usage() == Usage(0, 0)
    kept.put(key(0), {}, {})
    kept.clear()
    assert (place.parent / "elsewhere").read_bytes() == SMALL


@pytest.mark.parametrize("wrong", ["", "abc", key(0).upper(), key(0) + "\n", "../" + key(0), "g" * 64])
def test_a_key_is_a_sha256(tmp_path: Path, wrong: str) -> None:
    with pytest.raises(ValueError, match="no sha256"):
        Store(tmp_path, MANY).get(wrong)
    with pytest.raises(ValueError, match="no sha256"):
        Store(tmp_path, MANY).put(wrong, {}, {})


@pytest.mark.parametrize(
    ("arrays", "facts"),
    [
        ({"a": [1, 2]}, {}),
        ({"a": np.array(["x"])}, {}),
        ({"a": np.array([None])}, {}),
        ({"a": np.array([1], "M8[s]")}, {}),
        ({"a": np.array([1], np.longdouble)}, {}),
        ({"a": np.ma.masked_array([1.0])}, {}),
        ({"a": np.float64(1)}, {}),
        ({"__metadata__": np.zeros(1)}, {}),
        ({}, {"a": 1j}),
        ({}, {"a": np.float32(1)}),
        ({}, {"a": b""}),
    ],
)
def test_what_cannot_be_kept_is_refused(tmp_path: Path, arrays: Any, facts: Any) -> None:
    with pytest.raises((TypeError, ValueError)):
        Store(tmp_path, MANY).put(key(0), arrays, facts)
    assert list(tmp_path.iterdir()) == []


def test_the_oldest_go_first(tmp_path: Path) -> None:
    one = len(pack(key(0), filled(1000), {}))
    kept = Store(tmp_path, 10 * one)
    for number in range(10):
        kept.put(key(number), filled(1000), {})
    assert kept.usage() == Usage(10, 10 * one)
    assert kept.get(key(0)) is not None
    assert kept.get(key(2)) is not None
    kept.put(key(10), filled(1000), {})
    assert {number for number in range(11) if path(tmp_path, number).exists()} == {0, 2, 4, 5, 6, 7, 8, 9, 10}
    kept.put(key(11), filled(9 * one - 500), {})
    assert {number for number in range(12) if path(tmp_path, number).exists()} == {11}


def test_an_entry_may_take_all_there_is_and_no_more(tmp_path: Path) -> None:
    one = len(pack(key(0), filled(1000), {}))
    kept = Store(tmp_path, one)
    kept.put(key(0), filled(1000), {})
    kept.put(key(1), filled(1000), {})
    assert names(kept) == {path(tmp_path, 1).name}
    for size in (1008, 10**6):
        kept.put(key(2), filled(size), {})
        assert names(kept) == {path(tmp_path, 1).name}
    smaller = Store(tmp_path, one - 1)
    assert smaller.get(key(1)) is None
    smaller.put(key(2), {}, {})
    assert names(kept) == {path(tmp_path, 2).name}


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 9000), st.booleans()), max_size=40), st.sampled_from([600, 5000, 20_000, 10**5]))
def test_there_is_never_more_than_the_limit(steps: list[tuple[int, int, bool]], limit: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for number, size, hit in steps:
            kept = Store(Path(folder), limit)  # as a process of its own would
            if hit:
                kept.get(key(number))
            else:
                kept.put(key(number), filled(size), {})
                assert path(kept.folder, number).exists() == (len(pack(key(number), filled(size), {})) <= limit)
            assert kept.usage().size <= limit


def test_the_folder_is_not_looked_at_while_there_is_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    looked = []
    scandir = os.scandir
    monkeypatch.setattr(os, "scandir", lambda place: looked.append(place) or scandir(place))
    for number in range(200):
        Store(tmp_path, 10**6).put(key(number), filled(2000), {})
    assert looked.count(tmp_path) == 1
    for number in range(200, 500):
        Store(tmp_path, 10**6).put(key(number), filled(2000), {})
    assert Store(tmp_path, 10**6).usage().size <= 10**6
    assert 2 <= looked.count(tmp_path) < 100


def test_every_byte_is_on_the_ledger(tmp_path: Path) -> None:
    for number in range(100):
        Store(tmp_path, 10**6).put(key(number), filled(50_000), {})
        assert Store(tmp_path, 10**6).usage().size <= 10**6
    assert Store(tmp_path, 10**6).usage().entries >= 17


def test_what_is_written_while_somebody_looks_stays_on_the_ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = Store(tmp_path, 10**6)
    kept.put(key(0), filled(50_000), {})
    scandir = os.scandir

    def late(place: str | Path) -> Any:
        found = list(scandir(place))
        if place == tmp_path:
            monkeypatch.setattr(os, "scandir", scandir)
            kept.put(key(1), filled(200_000), {})  # onto a shelf that was not there yet
        return nullcontext(found)

    assert not path(tmp_path, 1).parent.exists()
    os.truncate(tmp_path / LEDGER, 10**6)
    monkeypatch.setattr(os, "scandir", late)
    monkeypatch.setattr(Store, "_trim", lambda self, trim=Store._trim: trim(self) if os.scandir is late else None)
    kept.put(key(2), {}, {})
    assert path(tmp_path, 1).exists()
    assert (tmp_path / LEDGER).stat().st_size * store.UNIT >= kept.usage().size


@pytest.mark.parametrize("damage", ["missing", "long", "folder", "link"])
def test_the_ledger_is_set_right(tmp_path: Path, damage: str) -> None:
    kept = Store(tmp_path, 10**5)
    kept.put(key(0), filled(5000), {})
    ledger = tmp_path / LEDGER
    right = ledger.stat().st_size
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_bytes(b"not ours")
    ledger.unlink()
    if damage == "long":
        ledger.write_bytes(bytes(10**6))
    elif damage == "folder":
        ledger.mkdir()
    elif damage == "link":
        ledger.symlink_to(elsewhere)
    kept.put(key(1), filled(5000), {})
    assert kept.get(key(1)) is not None
    assert elsewhere.read_bytes() == b"not ours"
    if damage in ("missing", "long"):
        assert right <= ledger.stat().st_size <= 2 * right


def test_what_a_crash_left_goes_after_a_while(tmp_path: Path) -> None:
    kept = Store(tmp_path, 10**4)
    kept.put(key(0), {}, {})
    old, young = (Path(f"{path(tmp_path, 0)}.{digit * 16}.tmp") for digit in "ab")
    for file in (old, young):
        file.write_bytes(bytes(1000))
    os.utime(old, (0, time.time() - store.STALE - 60))
    (tmp_path / LEDGER).unlink()
    assert kept.usage().entries == 1
    assert kept.usage().size > 2000
    kept.put(key(1), {}, {})
    assert not old.exists()
    assert young.exists()
    assert kept.clear().entries == 2
    assert not young.exists()


def test_clear_removes_what_is_ours(tmp_path: Path) -> None:
    kept = Store(tmp_path, MANY)
    for number in range(5):
        kept.put(key(number), filled(100), {})
    shelf = path(tmp_path, 0).parent
    (tmp_path / "zz").mkdir()
    foreign = [
        tmp_path / "notes.txt", tmp_path / f"{key(0)}.safetensors", shelf / "weights.safetensors", shelf / f"{key(0)}.safetensors.bak",
        shelf / f"{key(0)}.safetensors.tmp", shelf / f"{'0' * 64}.safetensors", tmp_path / "zz" / f"{key(0)}.safetensors",
    ]  # fmt: skip
    assert shelf.name != "00"
    away = tmp_path.parent / f"{tmp_path.name}.away"
    away.mkdir()
    linked = next(f"{number:02x}" for number in range(256) if not (tmp_path / f"{number:02x}").exists())
    (tmp_path / linked).symlink_to(away)
    foreign.append(away / f"{linked}{'0' * 62}.safetensors")
    for file in foreign:
        file.write_bytes(b"not ours")
    size = sum(file.stat().st_size for file in tmp_path.glob("*/*") if file not in foreign and file.parent.name not in ("zz", linked))
    assert kept.usage() == Usage(5, size)
    assert kept.clear() == Cleared(5, size, 0)
    assert kept.clear() == Cleared(0, 0, 0)
    assert all(file.read_bytes() == b"not ours" for file in foreign)
    assert {file for file in tmp_path.rglob("*") if file.is_file()} == {file for file in foreign if file.parent != away}
    kept.put(key(0), {}, {})
    assert kept.get(key(0)) is not None


@pytest.fixture
def readable() -> Iterator[Path]:
    """A folder that everybody can read, and that is gone afterwards."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def test_a_folder_that_is_only_read(readable: Path) -> None:
    kept = Store(readable, MANY)
    for number in range(2):
        kept.put(key(number), {}, {})
    path(readable, 1).write_bytes(b"damaged")
    secret = path(readable, 2)
    secret.parent.mkdir(exist_ok=True)
    secret.write_bytes(SMALL)
    secret.chmod(0)
    folders = [readable, *(place for place in readable.iterdir() if place.is_dir())]
    for place in folders:
        place.chmod(0o555)
    before = {file: file.stat().st_mtime_ns for file in readable.rglob("*")}
    user = os.geteuid()
    try:
        if user == 0:  # whom no mode stops
            os.seteuid(65534)
        assert kept.get(key(0)) is not None
        assert [kept.get(key(number)) for number in (1, 2, 3)] == [None] * 3
        kept.put(key(3), {}, {})
        kept.put(key(0), {}, {})
        assert not kept.writable
        assert kept.usage().entries == 3
        assert kept.clear() == Cleared(0, 0, 3)
    finally:
        os.seteuid(user)
    after = {file: file.stat().st_mtime_ns for file in readable.rglob("*")}
    assert {file for file in before if before[file] != after.get(file)} <= {path(readable, 0)}
    for place in folders:
        place.chmod(0o755)
    assert kept.get(key(2)) is None


def test_a_folder_that_is_none(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("not ours", encoding="utf-8")
    for folder in (file, file / "below", tmp_path / "missing"):
        kept = Store(folder, MANY)
        assert kept.get(key(0)) is None
        assert kept.usage() == Usage(0, 0)
        assert kept.clear() == Cleared(0, 0, 0)
        assert kept.writable == (folder.name == "missing")
        kept.put(key(0), {}, {})
        assert (kept.get(key(0)) is not None) == kept.writable
    assert file.read_text(encoding="utf-8") == "not ours"


@pytest.mark.parametrize("call", ["open", "replace", "utime", "scandir", "fstat", "unlink", "lstat", "makedirs", "ftruncate"])
@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EACCES, errno.ENOENT, errno.EIO, errno.EMFILE, errno.EROFS])
def test_no_failure_of_the_system_is_one_of_the_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str, code: int) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError(code, os.strerror(code))

    kept = Store(tmp_path, 3000)
    kept.put(key(0), filled(1000), {})
    kept.put(key(1), {}, {})
    with monkeypatch.context() as patch:
        patch.setattr(os, call, fail)
        for number in range(4):
            kept.put(key(number), filled(1000), {})
            kept.get(key(number))
        kept.usage()
        kept.clear()
    kept.clear()
    assert kept.usage() == Usage(0, 0)
    kept.put(key(0), filled(1000), {})
    assert kept.get(key(0)) is not None


def test_a_full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def half(place: str, data: bytes) -> None:
        Path(place).parent.mkdir(exist_ok=True)
        Path(place).write_bytes(data[: len(data) // 2])
        raise OSError(errno.ENOSPC, "full")

    kept = Store(tmp_path, MANY)
    monkeypatch.setattr(store, "_write", half)
    kept.put(key(0), {}, {})
    assert names(kept) == set()
    assert kept.get(key(0)) is None


def test_an_interruption_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    kept = Store(tmp_path, MANY)
    monkeypatch.setattr(os, "replace", interrupt)
    with pytest.raises(KeyboardInterrupt):
        kept.put(key(0), {}, {})
    assert names(kept) == set()


def test_somebody_clears_meanwhile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = Store(tmp_path / "cache", MANY)
    kept.folder.mkdir()
    replace, makedirs = os.replace, os.makedirs
    monkeypatch.setattr(os, "replace", lambda *places: (shutil.rmtree(path(kept.folder, 0).parent), replace(*places)))
    kept.put(key(0), {}, {})
    assert kept.get(key(0)) is None
    monkeypatch.setattr(os, "replace", replace)
    made: list[str] = []

    def unlucky(place: str, **options: Any) -> None:
        makedirs(place, **options)
        made.append(place)
        if len(made) == 1:
            shutil.rmtree(place)

    monkeypatch.setattr(os, "makedirs", unlucky)
    kept.put(key(0), {}, {})
    assert kept.get(key(0)) is not None
    assert len(made) == 2
