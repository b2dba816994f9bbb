"""One entry of the store as bytes: a safetensors file of the arrays, with a record in its metadata.

The record is JSON: a digest, the version of this format, the key, which arrays are complex, and the facts. The digest is that of the whole file with
zeros in its own place, so no byte can change unseen. Complex arrays are pairs of reals, for safetensors has no complex128. Equal entries are equal
bytes, for the metadata has a single item (safetensors writes several in any order).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

JSON: TypeAlias = "bool | int | float | str | Sequence[JSON] | Mapping[str, JSON] | None"

FORMAT = 1
REALS = {"float32": "complex64", "float64": "complex128"}
COMPLEX = {name: real for real, name in REALS.items()}
DTYPES = {"bool", "float16", *(f"{sign}int{bits}" for sign in ("", "u") for bits in (8, 16, 32, 64)), *REALS, *COMPLEX}
RESERVED = "__metadata__"
BLANK = b"0" * 64
MARK = b'"symc":"{\\"sha256\\":\\"'  # before the digest; in a text from outside, the quotes would be escaped once more


@dataclass(frozen=True, slots=True)
class Stored:
    """What an entry holds. The arrays are fresh and read-only, in the byte order of the machine; tuples among the facts have become lists."""

    arrays: Mapping[str, NDArray[Any]]
    facts: Mapping[str, Any]


def pack(key: str, arrays: Mapping[str, NDArray[Any]], facts: Mapping[str, JSON]) -> bytes:
    """The entry as bytes. Raises TypeError for an array of another kind than `DTYPES` and for facts that are no JSON, ValueError for a name that
    safetensors keeps for itself."""
    from safetensors.numpy import save

    if RESERVED in arrays:
        raise ValueError(f"no array can be called {RESERVED}")
    plain = {name: _plain(name, array) for name, array in arrays.items()}
    paired = sorted(name for name, array in arrays.items() if array.dtype.name in COMPLEX)
    record = json.dumps({"sha256": BLANK.decode(), "format": FORMAT, "key": key, "complex": paired, "facts": facts}, separators=(",", ":"))
    data = bytearray(save(plain, {"symc": record}))
    at = _place(data)
    data[at : at + len(BLANK)] = _digest(data, at)
    return bytes(data)


def unpack(key: str, data: bytes) -> Stored | None:
    """The entry again, None where these are not the bytes that were packed under this key."""
    from safetensors.numpy import load

    at = _place(data)
    if at < 0 or data[at : at + len(BLANK)] != _digest(data, at):
        return None
    try:
        record = json.loads(json.loads(_header(data))[RESERVED]["symc"])
        if record["format"] != FORMAT or record["key"] != key:
            return None
        arrays = load(data)
        for name in record["complex"]:
            arrays[name] = arrays[name].view(REALS[arrays[name].dtype.name])[..., 0]
        facts = dict(record["facts"])
    except Exception:  # another program may sign anything: whatever is wrong with it, it is not ours
        return None
    for array in arrays.values():
        array.flags.writeable = False
    return Stored(arrays, facts)


def _plain(name: str, array: NDArray[Any]) -> NDArray[Any]:
    """The array as safetensors takes it: its bytes row-major, in the order of the machine, complex numbers as pairs."""
    if type(array) is not np.ndarray or array.dtype.name not in DTYPES:
        raise TypeError(f"{name} is no plain array of numbers but {getattr(array, 'dtype', type(array))}")
    native = array.astype(array.dtype.newbyteorder("="), order="C", copy=False)
    return native[..., None].view(COMPLEX[native.dtype.name]) if native.dtype.name in COMPLEX else native


def _header(data: bytes | bytearray) -> bytes | bytearray:
    return data[8 : 8 + int.from_bytes(data[:8], "little")]


def _place(data: bytes | bytearray) -> int:
    """Where the digest begins, -1 where there is none."""
    at = _header(data).find(MARK)
    return -1 if at < 0 else at + 8 + len(MARK)


def _digest(data: bytes | bytearray, at: int) -> bytes:
    view = memoryview(data)
    found = hashlib.sha256(view[:at])
    found.update(BLANK)
    found.update(view[at + len(BLANK) :])
    return found.hexdigest().encode()
