"""Ways out that compile: what may stand in the place of an operation that is not equivariant."""

from __future__ import annotations

from symc.algebra.reps import Sum
from symc.ir.gates import NoProduct, gate_type
from symc.ir.types import Type
from symc.passes.check.action import all_scales
from symc.passes.check.cases import cases
from symc.passes.check.written import factor


def norms_are_invariant(item: Type) -> bool:
    """Does every generator act by an orthogonal matrix, and nothing be translated, so that `norm` may be taken?"""
    return not any(axis.affine for axis in item.axes) and all(all_scales(case.all, case.generator) == 1 for case in cases(item))


def gated(item: Type, x: str) -> tuple[str, ...]:
    """The value with each copy scaled by an invariant: a map makes its gates itself. Nothing where `gate` cannot take it."""
    try:
        possible = gate_type(item) is not None and norms_are_invariant(item)
    except NoProduct:
        return ()
    return (f"gate the copies: `gate({x})`" if x.startswith("linear[") else f"gate the copies: `gate({x}, linear(norm({x})))`",) if possible else ()


def scaled(item: Type, by: str, x: str) -> tuple[str, ...]:
    """The value times `by`, an invariant for each of its copies: what keeps the type. Nothing where the parts of a sum would each need their own."""
    whole = not any(isinstance(axis, Sum) and axis.groups for axis in item.axes)
    return (f"scale by an invariant: `{by} * {factor(x)}`",) if whole and norms_are_invariant(item) else ()


def instead(item: Type, x: str) -> str:
    """The invariants of a value where its norms are some, else the value alone."""
    return f"take invariants: `norm({x})`" if norms_are_invariant(item) else f"leave it linear: `{x}`"
