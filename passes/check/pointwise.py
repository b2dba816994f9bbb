"""Pointwise functions: each coordinate may be permuted, and scaled by what the function lets through.

Source: Pacini, Dong, Lepri, Santin, A Characterization Theorem for Equivariant Networks with Point-wise Activations (2024); for permutations
and signs Wood and Shawe-Taylor, Representation theory and invariant neural networks (1996).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from symc.ir.ops import Pointwise
from symc.ir.pointwise import FUNCTIONS, Function, function
from symc.ir.types import Type
from symc.passes.check.action import PERMUTED, Factors, all_multipliers, multipliers, positive
from symc.passes.check.cases import cases
from symc.passes.check.finding import Finding, moved_how, reduced
from symc.passes.check.helps import gated, norms_are_invariant
from symc.passes.check.witness import Probe

NOTE = (
    "a pointwise function commutes with a group only where each element permutes the coordinates (odd functions: up to sign; "
    "positively homogeneous ones: up to positive factors)"
)
WAYS = (("tanh", "an odd"), ("relu", "a positively homogeneous"))


def pointwise(op: Pointwise, item: Type, x: str) -> Iterator[Finding]:
    """What is wrong with a function of each coordinate of a value of this type, which is written as `x`."""
    row = function(op.function, op.argument)
    for case in cases(item):
        found = all_multipliers(case.all, case.generator)
        if not tolerates(row, found):
            moved = [one for one in case.legs if multipliers(one.leg, case.generator) != PERMUTED]
            legs = reduced(moved, case)
            inner = tuple(one.leg for one in legs)
            probe = Probe((inner,), inner, lambda x: np.asarray(row.numpy(x)), applied(op, "{0}"), infix=exponent(op) is not None)
            how = f"acts coordinate by coordinate on {moved_how(legs, case)}"
            yield Finding("E0301", f"`{called(op)}`", how, NOTE, case, legs, probe, _helps(op, item, x))


def tolerates(f: Function, found: Factors | None) -> bool:
    """Does f commute with every matrix of one entry a row, the entries being these? With any matrix at all (None), where it is linear."""
    if f.odd and f.homogeneous:
        return True
    return found is not None and all(m == 1 or (f.odd and m == -1) or (f.homogeneous and positive(m)) for m in found)


def legal(row: Function, item: Type) -> bool:
    return all(tolerates(row, all_multipliers(case.all, case.generator)) for case in cases(item))


def _helps(op: Pointwise, item: Type, x: str) -> tuple[str, ...]:
    helps = [f"use {kind} function such as `{name}({x})`" for name, kind in WAYS if legal(FUNCTIONS[name], item)]
    helps += gated(item, x)
    if norms_are_invariant(item):
        helps.append(f"take invariants first: `{applied(op, f'norm({x})')}`")
    return tuple(helps) or (f"leave it linear: `{x}`",)


def applied(op: Pointwise, x: str) -> str:
    """f(x) as it is written."""
    power = exponent(op)
    if op.function == "neg":
        return f"-{x}"
    return f"{op.function}({x})" if power is None else f"{x}^{power:g}"


def called(op: Pointwise) -> str:
    """The function, or the power, as it is written."""
    power = exponent(op)
    return ("-" if op.function == "neg" else op.function) if power is None else f"^{power:g}"


def exponent(op: Pointwise) -> float | None:
    """Of a power."""
    return 2 if op.function == "square" else op.argument
