"""The table of operations at both levels: what is legal where, what the user writes, the types it gives, when it is equivariant, what it means."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, TypeAlias

from symc.ir.equivariant_table import EQUIVARIANT
from symc.ir.infer import agree, infer
from symc.ir.infer_tensor import agree_tensor, infer_tensor
from symc.ir.row import Row
from symc.ir.tensor_table import TENSOR
from symc.ir.types import Type

Level: TypeAlias = Literal["equivariant", "tensor"]

TABLES: dict[Level, dict[type[Any], Row]] = {"equivariant": EQUIVARIANT, "tensor": TENSOR}


def row(op: Any) -> Row:
    """The row of an operation of either level; raises KeyError for what is no operation."""
    return {**EQUIVARIANT, **TENSOR}[type(op)]


def check_types(level: Level, op: Any, inputs: Sequence[Any], claimed: Sequence[Any]) -> str | None:
    """The types claimed for the results against the type rule: None where they agree, else the types they should be. Raises IllTyped."""
    if level == "equivariant":
        found: tuple[Any, ...] = infer(op, inputs, claimed)
    else:
        found = (infer_tensor(op, inputs, claimed),)
    same = len(found) == len(claimed) and all((agree if isinstance(a, Type) else agree_tensor)(a, b) for a, b in zip(found, claimed, strict=True))
    return None if same else ", ".join(map(str, found))
