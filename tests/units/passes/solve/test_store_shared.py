"""Several processes in one folder: each finds whole entries or none, and the folder stays within its limit."""

from __future__ import annotations

import hashlib
import multiprocessing
import random
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from symc.passes.solve.store import LEDGER, Store

KEYS = [hashlib.sha256(bytes([number])).hexdigest() for number in range(12)]
LIMIT = 60_000


def hammer(folder: Path, seed: int, seconds: float, clears: bool) -> int:
    """Put, get, look and clear at random; the number of hits, each checked against what some process put."""
    rng = random.Random(seed)
    kept = Store(folder, LIMIT)
    hits = 0
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        number = rng.randrange(len(KEYS))
        match rng.choices(("put", "get", "usage", "clear"), (10, 20, 1, 0.2 * clears))[0]:
            case "put":
                mark = rng.randrange(10**6)
                arrays = {"a": np.full(1000 * (1 + mark % 2), mark), "b": np.array([mark + 1j * number])}
                kept.put(KEYS[number], arrays, {"mark": mark, "key": number})
            case "get":
                if found := kept.get(KEYS[number]):
                    mark = found.facts["mark"]
                    assert found.facts["key"] == number
                    assert found.arrays["a"].shape == (1000 * (1 + mark % 2),)
                    assert (found.arrays["a"] == mark).all()
                    assert found.arrays["b"] == [mark + 1j * number]
                    hits += 1
            case "usage":
                kept.usage()
            case _:
                kept.clear()
    return hits


def test_processes_and_threads(tmp_path: Path) -> None:
    with multiprocessing.get_context("spawn").Pool(3) as processes, ThreadPoolExecutor(2) as threads:
        away = [processes.apply_async(hammer, (tmp_path, seed, 1.5, seed == 1)) for seed in range(3)]
        here = [threads.submit(hammer, tmp_path, seed, 3, False) for seed in (3, 4)]
        assert all(result.get(timeout=60) for result in away)
        assert all(result.result() for result in here)
    assert not list(tmp_path.glob("*/*.tmp"))
    kept = Store(tmp_path, LIMIT)
    (tmp_path / LEDGER).unlink(missing_ok=True)  # so that nothing is left out that was written while it was set
    for number in range(len(KEYS)):
        kept.put(KEYS[number], {"a": np.zeros(2000)}, {})
        assert kept.usage().size <= LIMIT
