"""Every tensor operation as plain torch code. It runs on tensors, and on `fx.Proxy`: tracing it is how modules are emitted.

A batched value has its batch axis in front; `lead` is 1 for those and 0 for the others.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any, assert_never

import torch
import torch.nn.functional as F
from torch import Tensor

from symc.algebra import sizes as sz
from symc.algebra.sizes import Size
from symc.backends import forms, masks
from symc.backends.einsum import contract
from symc.backends.free_sizes import evaluate, polynomial
from symc.ir import tensor as ir
from symc.ir.pointwise import FUNCTIONS
from symc.ir.tensor import TensorType

ARITHMETIC: dict[str, Callable[[Any, Any], Any]] = {"add": operator.add, "sub": operator.sub, "mul": operator.mul, "div": operator.truediv}


@dataclass(frozen=True, slots=True)
class Operand:
    """An input of an operation: a tensor, or a Python number for a literal of shape ()."""

    value: Any
    type: TensorType
    scattered: bool = False  # in memory, as views can be

    @property
    def lead(self) -> int:
        return int(self.type.batched)


class Sizes:
    """What a kernel asks about sizes. Numbers, or proxies for them: each expression is made once."""

    def __init__(self, batch: Any, free: Mapping[str, Any]):
        self.batch, self._free, self._known = batch, free, dict[tuple[str, Size], Any]()

    def value(self, size: Size) -> Any:
        return self._once("value", size, lambda: evaluate(polynomial(size), self._free))

    def missing(self, size: Size) -> Any:
        """max(1 - size, 0)"""
        return self._once("missing", size, lambda: torch.sym_max(1 - self.value(size), 0))  # type: ignore[no-untyped-call]

    def entries(self, sizes: Sequence[Size], like: Tensor) -> int | Tensor:
        """The product of sizes, and 1 for 0. As a tensor where it is free: a compiler that knows only sizes of 2 and more cannot decide that."""
        size = sz.product(sizes)
        if isinstance(size, int):
            return size
        found: Tensor = self._once("entries", size, lambda: torch.clamp(like.new_full((), self.value(size), dtype=torch.int64), min=1))
        return found

    def range(self, size: Any, like: Tensor, after: int) -> Tensor:
        """The indices along an axis, before so many others of size 1."""
        indices: Tensor = self._once("range", size, lambda: torch.arange(size, device=like.device))
        shaped: Tensor = self._once(f"range before {after}", size, lambda: torch.reshape(indices, (-1, *[1] * after))) if after else indices
        return shaped

    def shape(self, type: TensorType) -> tuple[Any, ...]:
        """The whole shape, with the batch."""
        return (*([self.batch] if type.batched else []), *map(self.value, type.shape))

    def _once(self, what: str, size: Size, make: Callable[[], Any]) -> Any:
        if (what, size) not in self._known:
            self._known[what, size] = make()
        return self._known[what, size]


Computed = (
    ir.Einsum
    | ir.BilinearForms
    | ir.Permute
    | ir.Reshape
    | ir.Expand
    | ir.AsComplex
    | ir.AsReal
    | ir.Slice
    | ir.Concatenate
    | ir.Take
    | ir.Diagonal
    | ir.Reduce
    | ir.Map
    | ir.SafeSqrt
    | ir.SafeReciprocalSqrt
    | ir.Arithmetic
    | ir.FusedAttention
    | ir.Fourier
    | ir.InverseFourier
    | ir.SoftmaxAlong
    | ir.LayerNormLast
    | ir.OneHotOf
    | ir.Lookup
    | ir.Normals
    | ir.Mask
    | ir.Where
)  # the operations that need nothing but their inputs


def compute(op: Computed, operands: Sequence[Operand], result: TensorType, sizes: Sizes) -> Tensor:
    """The value of one operation."""
    x, lead = operands[0].value, operands[0].lead
    match op:
        case ir.Einsum(equation):
            (left, right) = operands
            return contract(equation, x, right.value, (left.type.batched, right.type.batched), (left.scattered, right.scattered))
        case ir.BilinearForms():
            return forms.bilinear_forms([operand.value for operand in operands], sizes.shape(result))
        case ir.Permute(order):
            return torch.permute(x, (*range(lead), *(axis + lead for axis in order)))
        case ir.Reshape():
            return torch.reshape(x, sizes.shape(result))
        case ir.Expand():
            return torch.broadcast_to(x, sizes.shape(result))
        case ir.AsComplex():
            return torch.view_as_complex(x)
        case ir.AsReal():
            return torch.view_as_real(x)
        case ir.Slice(axis, start, stop):
            return torch.narrow(x, axis + lead, sizes.value(start), sizes.value(stop - start))
        case ir.Concatenate(axis):
            return torch.cat([operand.value for operand in operands], axis + lead)
        case ir.Take(axis):
            return take(operands[0], operands[1], axis, result, sizes)
        case ir.Diagonal(axes):
            return diagonal(x, [axis + lead for axis in axes])
        case ir.Reduce(kind, axes, keep):
            mask = operands[1].value if len(operands) > 1 else None
            return reduce_axes(kind, operands[0], axes, keep, sizes, mask)
        case ir.Map(function, argument):
            return pointwise(function, argument)(x)
        case ir.SafeSqrt():
            return safe_sqrt(x)
        case ir.SafeReciprocalSqrt():
            return safe_reciprocal_sqrt(x)
        case ir.Arithmetic(kind):
            return ARITHMETIC[kind](x, operands[1].value)  # type: ignore[no-any-return]
        case ir.FusedAttention():
            return attention(operands)
        case ir.Fourier(axes):
            return transform(x, [axis + lead for axis in axes])
        case ir.InverseFourier(axes, lengths):
            return inverse_transform(x, lengths, [axis + lead for axis in axes], operands[1].value)
        case ir.SoftmaxAlong(axis):
            return torch.softmax(x if len(operands) == 1 else masks.nothing_else(x, operands[1].value, (axis + lead,)), axis + lead)
        case ir.LayerNormLast(axes, eps):
            weight, bias = (operand.value for operand in operands[1:])
            return F.layer_norm(x, tuple(map(sizes.value, result.shape[-axes:])), weight, bias, eps)
        case ir.OneHotOf(classes):
            return torch.eq(torch.unsqueeze(x, -1), torch.arange(classes, device=x.device)).to(operands[1].value.dtype)
        case ir.Lookup():
            rows = x if len(operands[0].type.shape) == 2 else torch.reshape(x, (operands[0].type.shape[0], -1))
            found = F.embedding(operands[1].value, rows)
            return found if rows is x else torch.reshape(found, sizes.shape(result))
        case ir.Normals():
            return torch.randn_like(torch.broadcast_to(x, sizes.shape(result)))
        case ir.Mask(axes=layouts):
            return masks.mask_of(layouts, dict(zip(op.names, (operand.value for operand in operands), strict=True)), sizes.batch, sizes.value)
        case ir.Where(otherwise):
            other = operands[2].value if otherwise is None else int(otherwise) if result.integer else otherwise
            return torch.where(operands[1].value, x, other)
        case _:
            assert_never(op)


def attention(operands: Sequence[Operand]) -> Tensor:
    """Fused where torch can. Of keys that do not count the scores are -inf; without a key that counts torch gives 0."""
    q, k, v, *others = (operand.value for operand in operands)
    if len(others) == 2:
        bias, mask = others
        others = [torch.where(mask, bias, -torch.inf)]
    return F.scaled_dot_product_attention(q, k, v, *others)


def pointwise(function: str, argument: float | None) -> Callable[[Tensor], Tensor]:
    """The torch function of a row of `ir.pointwise`."""
    if function == "pow":
        assert argument is not None
        exponent = int(argument) if float(argument).is_integer() else argument
        return lambda x: x**exponent
    found: Any = reduce(getattr, FUNCTIONS[function].torch.split(".")[1:], torch)
    return found  # type: ignore[no-any-return]


def safe_sqrt(x: Tensor) -> Tensor:
    """The square root; at 0 the value and all derivatives are 0. A NaN stays one."""
    zero = x <= 0
    return torch.where(zero, 0.0, torch.sqrt(torch.where(zero, 1.0, x)))


def safe_reciprocal_sqrt(x: Tensor) -> Tensor:
    """One over the square root; at 0 the value and all derivatives are 0. A NaN stays one."""
    zero = x <= 0
    return torch.where(zero, 0.0, torch.rsqrt(torch.where(zero, 1.0, x)))


def transform(x: Tensor, axes: list[int]) -> Tensor:
    """The Fourier transform of real numbers; those of half precision, for which there is none, in single precision."""
    found: Tensor = torch.fft.rfftn(torch.add(x, torch.zeros(1, dtype=torch.float32, device=x.device)), dim=axes)
    return found


def inverse_transform(x: Tensor, sizes: Sequence[int], axes: list[int], like: Tensor) -> Tensor:
    """The real numbers with this transform, in the dtype of `like`."""
    found: Tensor = torch.fft.irfftn(x, s=list(sizes), dim=axes)
    return found.to(like.dtype)


def take(x: Operand, index: Operand, axis: int, result: TensorType, sizes: Sizes) -> Tensor:
    """index_select: of all ways to gather the one with the cheapest backward."""
    if len(index.type.shape) == 1:
        return torch.index_select(x.value, axis + x.lead, index.value)
    return torch.reshape(torch.index_select(x.value, axis + x.lead, torch.reshape(index.value, (-1,))), sizes.shape(result))


def diagonal(x: Tensor, axes: Sequence[int]) -> Tensor:
    """The diagonal of two or more ascending axes, put last."""
    first, second, *others = axes
    x = torch.diagonal(x, 0, first, second)
    for done, axis in enumerate(others, start=2):  # of the axes before this one, those met so far are gone
        x = torch.diagonal(x, 0, axis - done, -1)
    return x


def diagonal_embed(x: Tensor, axes: Sequence[int]) -> Tensor:
    """The last axis repeated into two or more ascending axes of the result."""
    if len(axes) == 2:
        return torch.diag_embed(x, 0, *axes)
    for _ in axes[1:]:  # repeats the last axis; what was diagonal stays so
        x = torch.diag_embed(x)
    return torch.movedim(x, tuple(range(-len(axes), 0)), tuple(axes))


def reduce_axes(kind: str, operand: Operand, axes: Sequence[int], keep: bool, sizes: Sizes, mask: Tensor | None = None) -> Tensor:
    """sum, mean, max, each 0 over no entries: with sizes that may be 0 that takes a form without a branch.

    The mean is the sum divided, in float32 at least: the backward of `torch.mean` divides a tensor of the size of x. The max has no value over no
    entries, so the axis is padded by max(1 - n, 0) zeros.
    What a mask leaves out is 0: the mean over all is divided by the share that counts, the max leaves out what does not.
    """
    x, lead, shape = operand.value, operand.lead, operand.type.shape
    dims = tuple(axis + lead for axis in axes)
    if kind == "sum" or not axes or 0 in (shape[axis] for axis in axes):
        return torch.sum(x, dims, keepdim=keep) if axes else x
    free = [axis for axis in axes if not isinstance(shape[axis], int)]
    if kind == "mean" and mask is None:
        total = torch.sum(x, dims, keepdim=keep, dtype=torch.promote_types(x.dtype, torch.float32))
        return (total / sizes.entries([shape[axis] for axis in axes], total)).type_as(x)
    if kind == "mean" and mask is not None:
        x = torch.mean(torch.view_as_real(x) if operand.type.complex else x, dims, keepdim=keep)  # a complex mean would fix the size in an export
        share = torch.mean(mask, dims, keepdim=keep, dtype=x.dtype)
        x = masks.divided(x, share[..., None] if operand.type.complex else share)
        return torch.view_as_complex(x) if operand.type.complex else x
    if mask is not None:
        x = masks.nothing_else(x, mask, dims)
    if free:
        padding: list[Any] = [0] * (2 * len(shape[min(free) :]))
        for axis in free:  # F.pad counts from the last axis
            padding[2 * (len(shape) - axis) - 1] = sizes.missing(shape[axis])
        x = F.pad(x, padding)
    return torch.amax(x, dims, keepdim=keep)
