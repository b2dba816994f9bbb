"""The best stock operation for a contraction: `linear` and `matmul` where no axis moves, `einsum` for everything else."""

from __future__ import annotations

from typing import Literal

import torch
import torch.nn.functional as F
from torch import Tensor

LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"


def contract(equation: str, x: Tensor, y: Tensor, batched: tuple[bool, bool]) -> Tensor:
    """The contraction `equation` of the axes that show; a batched operand has one more axis in front."""
    left, _, out = equation.partition("->")
    batch = next(letter for letter in LETTERS if letter not in equation)
    first, second = (batch * is_batched + term for term, is_batched in zip(left.split(","), batched, strict=True))
    out = batch * any(batched) + out
    for a, b, s, t in ((x, y, first, second), (y, x, second, first)):
        match _product(s, t, out):
            case "linear":
                return F.linear(a, b)
            case "matmul":
                return torch.matmul(a, b)
            case "transposed":
                return torch.matmul(a, torch.transpose(b, -1, -2))
    return torch.einsum(f"{first},{second}->{out}", x, y)


def _product(a: str, b: str, out: str) -> Literal["linear", "matmul", "transposed"] | None:
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
