"""A key for what something is: `content_key`, a sha256 that equal descriptions share and different ones do not.

Nothing is hashed by its repr, in which two groups can look alike. What is hashed says for every part its kind, its type and its length, so no two
descriptions come to the same bytes; and what has no such form is refused. A part that holds others is hashed apart and enters as its digest. That
walk keeps its own stack, so nothing is nested too deeply, and meets a part that is shared only once.
"""

from __future__ import annotations

import dataclasses
import hashlib
import struct
import sys
from collections.abc import Callable
from functools import reduce
from typing import Any

import numpy as np
import sympy
from numpy.typing import NDArray
from sympy.core.singleton import Singleton

SALT = b"symc content 1"
PIECE = 2**16  # parts of one item that are handled together


def content_key(*parts: object) -> str:
    """64 hexadecimal digits for nested frozen dataclasses, tuples, str, int, float, bool, None, numpy arrays of numbers and sympy expressions.

    Types count, and so does every bit: 1, 1.0, True and (1,) differ, and 0.0 differs from -0.0. A dataclass is its class, by name, and the fields
    that are compared. Raises TypeError for anything else, subclasses of these types among it, and for a class that its name does not identify.
    """
    return hashlib.sha256(SALT + _encoded(parts)).hexdigest()


def _encoded(root: object) -> bytes:
    known: dict[int, bytes] = {}
    opened: dict[int, tuple[bytes, tuple[object, ...]]] = {}
    held: list[tuple[object, ...]] = []  # so that nothing new is met under the id of something gone
    stack = [root]
    while stack:
        item = stack[-1]
        if id(item) in known:
            stack.pop()
        elif id(item) not in opened:
            head, children = opened[id(item)] = _parts(item)
            held.append(children)
            missing = [child for child in children if type(child) not in LEAVES and id(child) not in known]
            if any(id(child) in opened for child in missing):
                raise TypeError(f"a {type(item).__name__} that contains itself has no key")
            stack.extend(missing)
        else:
            head, children = opened.pop(id(item))
            known[id(item)] = b"#" + _digest(head, children, known)
            stack.pop()
    return known[id(root)]


def _digest(head: bytes, children: tuple[object, ...], known: dict[int, bytes]) -> bytes:
    """Of an item, whose parts that are no leaves are known; millions of numbers are gone through in pieces."""
    found = hashlib.sha256(head + struct.pack(">Q", len(children)))
    for start in range(0, len(children), PIECE):
        piece = children[start : start + PIECE]
        if len(piece) == PIECE and set(map(type, piece)) == {int} and min(piece) >= 0 and max(piece) < 2**31:  # type: ignore[type-var, operator]
            found.update(_wholes(np.array(piece, dtype=np.int64)))
        else:
            found.update(b"".join(LEAVES[type(child)](child) if type(child) in LEAVES else known[id(child)] for child in piece))
    return found.digest()


def _wholes(numbers: NDArray[np.int64]) -> bytes:
    """What `_whole` says of natural numbers below 2^31, one after another."""
    lengths = 1 + sum((numbers >> bits > 0).astype(np.int64) for bits in (7, 15, 23))
    ends = np.cumsum(9 + lengths)
    result = np.zeros(int(ends[-1]), dtype=np.uint8)
    result[ends - lengths - 9] = ord("i")
    result[ends - lengths - 1] = lengths
    for place in range(4):
        some = lengths > place
        result[ends[some] - 1 - place] = numbers[some] >> 8 * place & 255
    return result.tobytes()


def _framed(kind: bytes, payload: bytes) -> bytes:
    return kind + struct.pack(">Q", len(payload)) + payload


def _whole(number: int) -> bytes:
    return _framed(b"i", number.to_bytes(number.bit_length() // 8 + 1, "big", signed=True))


LEAVES: dict[type, Callable[..., bytes]] = {
    type(None): lambda _: _framed(b"n", b""),
    bool: lambda truth: _framed(b"b", b"1" if truth else b"0"),
    int: _whole,
    float: lambda number: _framed(b"f", struct.pack(">d", number)),
    str: lambda text: _framed(b"s", text.encode("utf-8", "surrogatepass")),
}


def _parts(item: object) -> tuple[bytes, tuple[object, ...]]:
    """What an item that is no leaf is by itself, and what it holds."""
    kind: type[object] = type(item)
    if isinstance(item, tuple) and kind is tuple:
        return _framed(b"t", b""), item
    if isinstance(item, np.ndarray) and kind is np.ndarray:
        return _array(item), ()
    if isinstance(item, sympy.Expr):
        return _expression(item)
    if "__dataclass_fields__" in kind.__dict__:  # of its own: a plain subclass of a dataclass may hold more
        name, fields = _fields(kind)
        return name, tuple(getattr(item, field) for field in fields)
    raise TypeError(f"a {kind.__module__}.{kind.__qualname__} has no key: {_short(item)}")


def _array(array: NDArray[Any]) -> bytes:
    """Its dtype without the byte order, its shape, its numbers row-major."""
    if array.dtype.kind not in "biufc" or array.dtype.char in "gG":
        raise TypeError(f"an array of {array.dtype} has no key")
    little = array.astype(array.dtype.newbyteorder("<"), order="C", copy=False)
    shape = struct.pack(f">{array.ndim}Q", *array.shape)
    return _framed(b"a", _framed(b"d", array.dtype.name.encode()) + _framed(b"h", shape) + little.tobytes())


def _expression(item: sympy.Expr) -> tuple[bytes, tuple[object, ...]]:
    """A sympy expression by its class and arguments, an atom by what it consists of."""
    kind = type(item)
    head = _framed(b"e", _name(kind))
    if isinstance(item, sympy.Add | sympy.Mul | sympy.Pow | sympy.Function):
        return head, item.args
    if isinstance(item, sympy.Rational):  # integers too, and the classes of their own that some have
        return _framed(b"r", b""), (int(item.p), int(item.q))
    if kind is sympy.Symbol:
        return head, (item.name, *(part for pair in sorted(item.assumptions0.items()) for part in pair))
    if kind is sympy.Float:
        return head, (int(item._prec), *map(int, item._mpf_))
    if type(kind) is Singleton:
        return head, ()
    raise TypeError(f"a sympy {kind.__name__} has no key: {_short(item)}")


def _fields(kind: type[Any]) -> tuple[bytes, tuple[str, ...]]:
    """A frozen dataclass by its name and those of its fields that are compared; and the latter."""
    if not kind.__dataclass_params__.frozen:
        raise TypeError(f"{kind.__qualname__} is not frozen, so it has no key")
    fields = tuple(field.name for field in dataclasses.fields(kind) if field.compare)
    return _framed(b"c", _name(kind) + "".join(f" {field}" for field in fields).encode()), fields


def _name(kind: type[Any]) -> bytes:
    """Module and name of a class, from which it can be found again; another script's `__main__` has other classes of the same name."""
    module, name = kind.__module__, kind.__qualname__
    try:
        found: object = reduce(getattr, name.split("."), sys.modules[module])
    except (AttributeError, KeyError):
        found = None
    if found is not kind or module == "__main__":
        raise TypeError(f"the class {name} is not known by its name, so it has no key")
    return f"{module} {name}".encode()


def _short(item: object) -> str:
    text = repr(item)
    return text if len(text) <= 60 else text[:60] + "…"
