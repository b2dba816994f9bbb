"""Entries of a store, whole and damaged, for its tests."""

from __future__ import annotations

import hashlib
import json

import numpy as np
from safetensors.numpy import save

from symc.passes.solve import entry
from symc.passes.solve.entry import BLANK, MARK, pack


def key(name: object) -> str:
    return hashlib.sha256(str(name).encode()).hexdigest()


SMALL = pack(key(0), {"a": np.arange(3.0), "c": np.array([1j])}, {"dim": 1})


def signed(data: bytes) -> bytes:
    at = data.find(BLANK)
    return data.replace(BLANK, hashlib.sha256(data).hexdigest().encode(), 1) if at >= 0 else data


def blank(**changes: object) -> bytes:
    record = {"sha256": BLANK.decode(), "format": entry.FORMAT, "key": key(0), "complex": [], "facts": {}, **changes}
    record = {name: value for name, value in record.items() if value is not ...}
    return signed(save({"a": np.zeros(2)}, {"symc": json.dumps(record, separators=(",", ":"))}))


FOREIGN = {
    "empty": b"",
    "text": b"no entry at all",
    "huge": b"\xff" * 100,
    "unsigned": save({"a": np.zeros(2)}, {"symc": "1"}),
    "mark alone": MARK,
    "signed text": signed(b"\x00\x10\0\0\0\0\0\0" + MARK + BLANK + b"and nothing else"),
    "version": blank(format=entry.FORMAT + 1),
    "key": blank(key=key(1)),
    "no facts": blank(facts=...),
    "facts": blank(facts=[1]),
    "complex": blank(complex=["b"]),
    "no pairs": blank(complex=["a", "a"]),
    "too deep": signed(save({}, {"symc": MARK.decode()[8:].replace("\\", "") + BLANK.decode() + '","facts":' + "[" * 10**5 + "]" * 10**5 + "}"})),
}
