"""Ways out that compile: what may stand in the place of an operation that is not equivariant."""

from __future__ import annotations

from symc.ir.types import Type
from symc.passes.check.action import all_scales
from symc.passes.check.cases import cases


def norms_are_invariant(item: Type) -> bool:
    """Does every generator act by an orthogonal matrix, so that `norm` may be taken?"""
    return all(all_scales(case.all, case.generator) == 1 for case in cases(item))


def instead(item: Type, x: str) -> str:
    """The invariants of a value where its norms are some, else the value alone."""
    return f"take invariants: `norm({x})`" if norms_are_invariant(item) else f"leave it linear: `{x}`"
