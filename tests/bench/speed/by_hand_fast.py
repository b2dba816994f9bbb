"""The fastest forms known of two layers of by_hand.py, and PELICAN's form of one (Bogatskiy et al. 2022)."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from .by_hand import Diagrams, diagonal


class OneToOne(nn.Module):
    """All maps from n points to n points: each point's own channels and the mean, whose share and bias a batched product starts from."""

    def __init__(self, inside: int, outside: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(2, inside, outside) * (2 * inside) ** -0.5)
        self.bias = nn.Parameter(torch.zeros(1, outside))

    def forward(self, x: Tensor) -> Tensor:
        own, shared = self.weight
        return torch.baddbmm((x.mean(1) @ shared + self.bias)[:, None], x, own.expand(x.shape[0], -1, -1))


class Pelican(Diagrams):
    """2 -> 2: fifteen tensors of full size, side by side along a new axis, mixed by one einsum. Channels stand first, as there."""

    def __init__(self, inside: int, outside: int) -> None:
        super().__init__(2, 2, inside, outside)

    def forward(self, x: Tensor) -> Tensor:
        n, x = x.shape[1], x.movedim(-1, 1)
        diag = x.diagonal(0, 2, 3)
        total, trace = x.mean((2, 3))[..., None], diag.mean(2, keepdim=True)
        rows, columns = x.mean(3), x.mean(2)
        terms = [x, x.transpose(2, 3)]
        for vector in (rows, columns, diag):
            terms += [vector[..., None].expand_as(x), vector[:, :, None].expand_as(x), torch.diag_embed(vector)]
        for number in (total, trace):
            terms += [number[..., None].expand_as(x), torch.diag_embed(number.expand(-1, -1, n))]
        mixed = torch.einsum("dct,bctij->bdij", self.weight.permute(2, 1, 0), torch.stack(terms, 2))
        bias, on_diagonal = self.bias.unsqueeze(-1)
        return (mixed + bias[..., None] + torch.diag_embed(on_diagonal.expand(-1, n))).movedim(1, -1)


class TwoToTwo(nn.Module):
    """2 -> 2, a sample at a time: what a sample needs stays in the cache.

    The result starts as what varies along rows and columns; a product of matrices on x beside its transpose is added to it; the diagonal last.
    Backward is the same plan turned round, and keeps nothing but x and the small tensors. Second derivatives are not to be had.
    """

    def __init__(self, inside: int, outside: int) -> None:
        super().__init__()
        self.pair = nn.Parameter(torch.randn(2 * inside, outside) * (30 * inside) ** -0.5)  # x, transposed x
        self.line = nn.Parameter(torch.randn(3 * inside, 3 * outside) * (30 * inside) ** -0.5)  # rows, columns, diagonal to the same
        self.point = nn.Parameter(torch.randn(2 * inside, 2 * outside) * (30 * inside) ** -0.5)  # total, trace to everywhere, diagonal
        self.bias = nn.Parameter(torch.zeros(2 * outside))

    def forward(self, x: Tensor) -> Tensor:
        diag = diagonal(x, ((0, 1),))
        lines = torch.cat([*_Means.apply(x), diag], -1)
        c = x.shape[-1]
        points = torch.cat([lines[..., :c].mean(1), diag.mean(1)], -1)
        spread = lines @ self.line
        row, column, on_diagonal = spread.chunk(3, -1)
        everywhere, at_diagonal = torch.addmm(self.bias, points, self.point).chunk(2, -1)
        return _Pairs.apply(x, self.pair, row + everywhere[:, None], column, on_diagonal + at_diagonal[:, None])


class _Means(torch.autograd.Function):
    """Means over columns and over rows, in one reading of each sample."""

    @staticmethod
    def forward(ctx: Any, x: Tensor) -> tuple[Tensor, Tensor]:
        ctx.n = x.shape[1]
        rows, columns = torch.empty_like(x[:, 0]), torch.empty_like(x[:, 0])
        for one, row, column in zip(x, rows, columns, strict=True):
            torch.mean(one, 1, out=row)
            torch.mean(one, 0, out=column)
        return rows, columns

    @staticmethod
    def backward(ctx: Any, rows: Tensor, columns: Tensor) -> Tensor:
        return (rows / ctx.n)[:, :, None] + (columns / ctx.n)[:, None]


class _Pairs(torch.autograd.Function):
    """x and its transpose times `weight`, plus rows, columns and diagonal."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, weight: Tensor, row: Tensor, column: Tensor, diag: Tensor) -> Tensor:
        ctx.save_for_backward(x, weight)
        b, n, _, c = x.shape
        out = x.new_empty(b, n, n, weight.shape[1])
        both = x.new_empty(n, n, 2 * c)
        for s in range(b):
            both[..., :c] = x[s]
            both[..., c:] = x[s].transpose(0, 1)
            torch.add(row[s][:, None], column[s][None], out=out[s])
            out[s].view(n * n, -1).addmm_(both.view(n * n, 2 * c), weight)
        diagonal(out, ((0, 1),)).add_(diag)
        return out

    @staticmethod
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor, ...]:
        x, weight = ctx.saved_tensors
        b, n, _, c = x.shape
        d = weight.shape[1]
        turned = weight.view(2, c, d).transpose(1, 2).reshape(2 * d, c)
        out, of_weight = torch.empty_like(x), torch.zeros_like(weight).view(2, c, d)
        rows, columns = grad.new_empty(b, n, d), grad.new_empty(b, n, d)
        both, product = grad.new_empty(n, n, 2 * d), weight.new_zeros(c, 2 * d)
        for s in range(b):
            both[..., :d] = grad[s]
            both[..., d:] = grad[s].transpose(0, 1)
            torch.mm(both.view(n * n, 2 * d), turned, out=out[s].view(n * n, c))
            product.addmm_(x[s].reshape(n * n, c).T, both.view(n * n, 2 * d))
            torch.sum(grad[s], 1, out=rows[s])
            torch.sum(grad[s], 0, out=columns[s])
        of_weight[0], of_weight[1] = product[:, :d], product[:, d:]
        return out, of_weight.view(2 * c, d), rows, columns, diagonal(grad, ((0, 1),))
