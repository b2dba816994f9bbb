"""A row of the table of operations."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One operation.

    syntax: how the user writes it; empty where only passes make it. types: its type rule in words (the rule itself is `ir.infer`).
    equivariant: when it commutes with the groups (decided in `passes.check`).
    """

    name: str
    syntax: str
    types: str
    equivariant: str
    doc: str
