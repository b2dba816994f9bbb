"""The best stock operation for a contraction: `linear` and `matmul` where no axis moves, `einsum` for everything else."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from symc.ir.contraction import is_product, product, terms


def contract(equation: str, x: Tensor, y: Tensor, batched: tuple[bool, bool], scattered: tuple[bool, bool] = (False, False)) -> Tensor:
    """The contraction `equation` of the axes that show; a batched operand has one more axis in front.

    Of operands that are `scattered` in memory those with several axes in front of their matrices are put together first: else torch may multiply
    matrix after matrix, each copied by itself.
    """
    first, second, out = terms(equation, batched)
    if is_product(equation, batched):
        x = x.contiguous() if scattered[0] and len(first) > 2 else x
        y = y.contiguous() if scattered[1] and len(second) > 2 else y
    for a, b, s, t in ((x, y, first, second), (y, x, second, first)):
        match product(s, t, out):
            case "linear":
                return F.linear(a, b)
            case "matmul":
                return torch.matmul(a, b)
            case "transposed":
                return torch.matmul(a, torch.transpose(b, -1, -2))
    return torch.einsum(f"{first},{second}->{out}", x, y)
