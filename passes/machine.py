"""The machine that costs are estimated for: measured once by `symc calibrate`; until then, a plain one."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, fields
from functools import lru_cache
from math import isfinite
from pathlib import Path

from symc.diagnostics import write_atomically
from symc.ir.machine import Machine
from symc.passes.solve.errors import SolveError

FILE = "machine.json"  # in the folder of the cache


@lru_cache(maxsize=1)
def machine() -> Machine:
    """The one that was measured, if there is a cache and it is there, whole and sensible; else `Machine()`."""
    try:
        place = path()
        found = json.loads(place.read_bytes()) if place is not None else {}
        known = {field.name: float(found[field.name]) for field in fields(Machine)}
        return Machine(**known) if all(isfinite(value) and value > 0 for value in known.values()) else Machine()
    except (OSError, ValueError, KeyError, TypeError, SolveError):
        return Machine()


def keep(measured: Machine) -> Path | None:
    """Write it where `machine` finds it, and give the place; None where there is no cache. Raises OSError."""
    place = path()
    if place is not None:
        os.makedirs(place.parent, exist_ok=True)

        def write(temporary: str) -> None:
            Path(temporary).write_text(json.dumps(asdict(measured), indent=1) + "\n", encoding="utf-8")

        write_atomically(place, write)
        machine.cache_clear()
    return place


def path() -> Path | None:
    """Where it is kept. Raises SolveError where the environment's limit of the cache is no number."""
    from symc.passes.solve.store import default_store

    store = default_store()
    return None if store is None else store.folder / FILE
