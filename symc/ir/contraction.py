"""Which contractions are products of matrices with no axis moved."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"


def is_product(equation: str, batched: Sequence[bool]) -> bool:
    """Is the contraction a product of matrices, whose result is not scattered?"""
    first, second, out = terms(equation, batched)
    return any(product(s, t, out) for s, t in ((first, second), (second, first)))


def terms(equation: str, batched: Sequence[bool]) -> tuple[str, str, str]:
    """The letters of both operands and of the result, with one for the batch."""
    left, _, out = equation.partition("->")
    batch = next(letter for letter in LETTERS if letter not in equation)
    first, second = (batch * is_batched + term for term, is_batched in zip(left.split(","), batched, strict=True))
    return first, second, batch * any(batched) + out


def product(a: str, b: str, out: str) -> Literal["linear", "matmul", "transposed"] | None:
    """The matrix product that is a, b -> out with no axis moved, if there is one."""
    if not a or not b:
        return None
    rows, k = a[:-1], a[-1]
    if k in out:
        return None
    if len(b) == 2 and b[1] == k and out == rows + b[0] and b[0] not in a:
        return "linear"
    if len(b) <= 2 and b[0] == k and out == rows + b[1:] and not set(b[1:]) & set(a):
        return "matmul"
    if len(b) < 3 or len(a) < 2:
        return None
    shared, p, q = b[:-2], b[-2], b[-1]  # matrices along shared leading axes, or one matrix a for all of them
    if a[:-2] in (shared, "") and not set(a[-2:]) & set(shared):
        i = a[-2]
        if p == k and q not in a and out == shared + i + q:
            return "matmul"
        if q == k and p not in a and out == shared + i + p:
            return "transposed"
    return None
