"""Solved bases on disk, for other processes and other days: one file an entry, named by a key that says what was solved.

Nothing here is needed for a right answer, so nothing here fails: what is damaged, foreign or out of reach is a miss, and what cannot be written is
not kept. Entries are written beside their place and put there in one step, so readers meet whole files. They are not forced to the disk: what a
crash leaves half-written has another digest.

The folder is bounded. A hit makes an entry young again, and when there is more than the limit the oldest ones go. Looking at every file would cost
more than writing one, so the total is estimated: the file LEDGER grows by a byte for every 4 KiB written, by every process, and is set right by
whoever looks. It says too much rather than too little, but for what is written in the instant in which it is set.
"""

from __future__ import annotations

import os
import re
import stat
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from symc.passes.solve.entry import JSON, Stored, pack, unpack
from symc.passes.solve.limits import bytes_from_environment

FOLDER, LIMIT = "SYMC_CACHE", "SYMC_CACHE_LIMIT"  # in the environment
OFF = {"", "0", "off"}
DEFAULT_BYTES = 2**30
LEDGER = "symc-cache.ledger"
UNIT = 2**12  # bytes for each of the ledger
NO_LINK = getattr(os, "O_NOFOLLOW", 0)
STALE = 3600  # seconds after which nobody is still writing a temporary file

KEY = re.compile(r"[0-9a-f]{64}")
OURS = re.compile(r"([0-9a-f]{64})\.safetensors(\.[0-9a-f]{16}\.tmp)?")


@dataclass(frozen=True, slots=True)
class Usage:
    """How many entries, and how many bytes they take, unfinished ones among them."""

    entries: int
    size: int


@dataclass(frozen=True, slots=True)
class Cleared:
    """How many entries and bytes are gone, and how many entries could not be removed."""

    entries: int
    size: int
    left: int


@dataclass(frozen=True, slots=True)
class _File:
    path: str
    size: int
    used: int  # ns
    temporary: bool


@dataclass(frozen=True, slots=True)
class Store:
    """The entries in one folder, which may be missing. Any number of processes and threads may use it at once."""

    folder: Path
    limit_bytes: int

    def get(self, key: str) -> Stored | None:
        """The entry of that key, None where there is none or it is not what was put; what is damaged is removed. Raises ValueError where `key` is
        no key."""
        path = self._path(key)
        try:
            status = os.lstat(path)
            if not stat.S_ISREG(status.st_mode) or status.st_size > self.limit_bytes:
                return None
            with open(path, "rb") as file:
                found = unpack(key, file.read())
        except FileNotFoundError:
            return None
        except (OSError, MemoryError) as error:
            if isinstance(error, PermissionError):
                _remove(path)
            return None
        if found is None:
            _remove(path)
            return None
        _touch(path)
        return found

    def put(self, key: str, arrays: Mapping[str, NDArray[Any]], facts: Mapping[str, JSON]) -> None:
        """Keep these arrays and facts under that key, if they can be written and are not larger than the limit; the last to put a key wins.

        Arrays are of bool, integers, floats or complex numbers in single or double precision, facts are JSON. Raises TypeError or ValueError where
        they are anything else, or where `key` is no key.
        """
        path = self._path(key)
        if sum(getattr(array, "nbytes", 0) for array in arrays.values()) > self.limit_bytes:
            return
        try:
            data = pack(key, arrays, facts)
        except MemoryError:
            return
        if len(data) > self.limit_bytes:
            return
        temporary = f"{path}.{os.urandom(8).hex()}.tmp"
        try:
            _write(temporary, data)
            _touch(temporary)
            crowded = self._charge(len(data))
            os.replace(temporary, path)
        except OSError:
            _remove(temporary)
            return
        except BaseException:
            _remove(temporary)
            raise
        if crowded:
            self._trim()

    def usage(self) -> Usage:
        """What is in the folder now."""
        files = list(self._files())
        return Usage(sum(not file.temporary for file in files), sum(file.size for file in files))

    def clear(self) -> Cleared:
        """Remove all entries, and nothing else that is in the folder."""
        gone: list[_File] = []
        left = 0
        for file in self._files():
            if _remove(file.path):
                gone.append(file)
            else:
                left += not file.temporary
        for shelf in {os.path.dirname(file.path) for file in gone}:
            with suppress(OSError):
                os.rmdir(shelf)
        _remove(self._ledger)
        return Cleared(sum(not file.temporary for file in gone), sum(file.size for file in gone), left)

    @property
    def writable(self) -> bool:
        """Whether entries can be kept: the folder may be written to, or made."""
        place = self.folder
        while not os.path.lexists(place) and place != place.parent:
            place = place.parent
        return place.is_dir() and os.access(place, os.W_OK | os.X_OK, effective_ids=os.access in os.supports_effective_ids)

    @property
    def _ledger(self) -> str:
        return os.path.join(self.folder, LEDGER)

    def _path(self, key: str) -> str:
        if not KEY.fullmatch(key):
            raise ValueError(f"{key!r} is no sha256 in hexadecimal")
        return os.path.join(self.folder, key[:2], f"{key}.safetensors")

    def _files(self) -> Iterator[_File]:
        """Every file of ours, as far as it can be seen; links are not followed."""
        for shelf in _entries(self.folder):
            if not re.fullmatch(r"[0-9a-f]{2}", shelf.name) or shelf.is_symlink():
                continue
            for entry in _entries(shelf.path):
                name = OURS.fullmatch(entry.name)
                if not name or name[1][:2] != shelf.name:
                    continue
                with suppress(OSError):
                    status = entry.stat(follow_symlinks=False)
                    if stat.S_ISREG(status.st_mode):
                        yield _File(entry.path, status.st_size, status.st_mtime_ns, bool(name[2]))

    def _charge(self, size: int) -> bool:
        """Add to the ledger. True where there may now be more than the limit, or it is not known."""
        try:
            handle = os.open(self._ledger, os.O_WRONLY | os.O_APPEND | NO_LINK)
        except OSError:
            return True
        try:
            os.write(handle, bytes(-(-size // UNIT)))
            return os.fstat(handle).st_size * UNIT > self.limit_bytes
        finally:
            os.close(handle)

    def _trim(self) -> None:
        """Look at every file; where there is more than the limit, remove the oldest until nine tenths of it are left; and set the ledger right."""
        before = self._charged()
        files = sorted(self._files(), key=lambda file: (file.used, file.path))
        total = sum(file.size for file in files)
        enough = self.limit_bytes if total <= self.limit_bytes else self.limit_bytes * 9 // 10
        newest = next((file for file in reversed(files) if not file.temporary), None)
        long_ago = time.time_ns() - STALE * 10**9
        for file in files:
            unwanted = file.used < long_ago if file.temporary else total > (self.limit_bytes if file is newest else enough)
            if unwanted and _remove(file.path):
                total -= file.size
        with suppress(OSError):
            handle = os.open(self._ledger, os.O_WRONLY | os.O_CREAT | NO_LINK, 0o666)
            try:
                os.ftruncate(handle, -(-total // UNIT) + max(0, self._charged() - before))
            finally:
                os.close(handle)

    def _charged(self) -> int:
        try:
            return os.stat(self._ledger).st_size
        except OSError:
            return 0


def default_store() -> Store | None:
    """The store that the environment asks for: in the folder SYMC_CACHE, or where the user's caches are, of at most SYMC_CACHE_LIMIT bytes or 1 GiB.

    None where it is turned off, by SYMC_CACHE empty, `0` or `off`, or where there is no home. Raises SolveError E0501 where the limit is no number.
    """
    folder = _folder(os.environ.get(FOLDER))
    return Store(folder, bytes_from_environment(LIMIT, DEFAULT_BYTES)) if folder else None


def _folder(given: str | None) -> Path | None:
    if given is not None and given.strip().lower() in OFF:
        return None
    try:
        folder = _users() if given is None else os.path.expanduser(given)
        return None if folder.startswith("~") else Path(os.path.abspath(folder))
    except (RuntimeError, OSError):  # there is no home, or the current folder is gone
        return None


def _users() -> str:
    import platformdirs

    return platformdirs.user_cache_dir("symc", appauthor=False)


def _entries(folder: str | Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as found:
            return list(found)
    except OSError:
        return []


def _write(path: str, data: bytes) -> None:
    """A new file; its folder is made, again where somebody who clears takes it away meanwhile. Raises OSError."""
    for attempt in (1, 2, 3):
        try:
            with open(path, "xb") as file:
                file.write(data)
            return
        except FileNotFoundError:
            if attempt == 3:
                raise
            os.makedirs(os.path.dirname(path), exist_ok=True)


def _remove(path: str) -> bool:
    """True where it is gone, if only because somebody else was faster."""
    try:
        os.unlink(path)
    except FileNotFoundError:
        return True
    except OSError:
        return False
    return True


def _touch(path: str) -> None:
    """Used now, by the clock of the processes: that of the file system is coarser."""
    now = time.time_ns()
    with suppress(OSError):
        os.utime(path, ns=(now, now))
