"""Constants as text: by a formula, as a literal, or packed at the end of the file. Always to the last bit."""

from __future__ import annotations

import base64
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from symc.backends.source.text import WIDTH, Call, Text, listed

SMALL = 24  # entries of a literal
CHUNK = WIDTH - 6  # characters a line
FLOAT = "dtype=torch.float64"


@dataclass(frozen=True)
class Packed:
    """A name, and what stands under it."""

    name: str
    text: str

    def lines(self) -> Iterator[str]:
        if len(self.name) + len(self.text) + 5 <= WIDTH:
            yield f'{self.name} = "{self.text}"'
            return
        yield f"{self.name} = ("
        for start in range(0, len(self.text), CHUNK):
            yield f'    "{self.text[start : start + CHUNK]}"'
        yield ")"


def written(data: NDArray[Any], name: str) -> tuple[Text, Packed | None]:
    """An expression for an array of float64 or int64, and what it unpacks, if anything."""
    shape = ", ".join(map(str, data.shape))
    whole = data.dtype.kind == "i"
    if data.ndim == 1 and data.size > 2 and whole and np.array_equal(data, np.arange(data.size)):
        return f"torch.arange({data.size})", None
    if data.size and not whole and np.all(data == data.flat[0]) and data.size > 1:
        value = float(data.flat[0])
        made = f"torch.zeros({shape}, {FLOAT})" if value == 0 else f"torch.full(({shape}{',' * (data.ndim == 1)}), {value!r}, {FLOAT})"
        return made, None
    if data.ndim == 2 and not whole and data.shape[0] == data.shape[1] > 1 and np.array_equal(data, np.eye(len(data))):
        return f"torch.eye({len(data)}, {FLOAT})", None
    if data.size <= SMALL:
        return Call("torch.tensor", (literal(data), *([] if whole else [FLOAT]))), None
    kind = "<i8" if whole else "<f8"
    packed = base64.b85encode(zlib.compress(np.ascontiguousarray(data, dtype=kind).tobytes(), 9)).decode()
    return Call("unpacked", (name.upper(), f"torch.{'int64' if whole else 'float64'}", shape)), Packed(name.upper(), packed)


def literal(data: NDArray[Any]) -> Text:
    """As a list of lists."""
    if data.ndim == 0:
        return repr(data.item())
    return listed([literal(row) for row in data])
