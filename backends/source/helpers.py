"""What a written file has besides its model. These functions and classes are its text as they stand here, so they need torch alone."""

from __future__ import annotations

import base64
import json
import math
import zlib
from contextlib import nullcontext
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.attention import SDPBackend, sdpa_kernel


class Part(nn.Module):
    """Holds what has a longer name: `part[0]` is what is called `0` in it."""

    def __getitem__(self, index: int) -> Any:
        return self._modules[str(index)]


def add(module: nn.Module, name: str, item: nn.Module | nn.Parameter) -> None:
    """Put something where its name says: `h.0.weight` becomes `module.h[0].weight`."""
    *path, key = name.split(".")
    for step in path:
        if step not in module._modules:
            module.add_module(step, Part())
        module = module.get_submodule(step)
    setattr(module, key, item)


def parameter(module: nn.Module, name: str, *shape: int) -> None:
    """A new parameter where its name says, without values."""
    add(module, name, nn.Parameter(torch.empty(shape)))


class Constants(nn.Module):
    """Tensors that are not learned and in no state dict. Casts make them anew from float64, so none costs precision."""

    def __init__(self, **originals: Tensor) -> None:
        super().__init__()
        self.originals = originals
        for name, value in originals.items():
            like = torch.empty(0, dtype=torch.get_default_dtype() if value.is_floating_point() else value.dtype)
            self.register_buffer(name, value.to(like), persistent=False)

    def _apply(self, fn: Any, recurse: bool = True) -> Constants:
        super()._apply(fn, recurse)  # type: ignore[no-untyped-call]
        for name, value in self.originals.items():
            self._buffers[name] = value.to(self.get_buffer(name))
        return self


def unpacked(text: str, dtype: torch.dtype, *shape: int) -> Tensor:
    """A tensor that was written as text."""
    return torch.frombuffer(bytearray(zlib.decompress(base64.b85decode(text))), dtype=dtype).reshape(shape)


def joined(pieces: list[Tensor], lead: int = 0) -> Tensor:
    """Pieces of one parameter, each flattened after its first axes."""
    return torch.cat([piece.flatten(lead) for piece in pieces], -1)


def attend(q: Tensor, k: Tensor, v: Tensor, bias: Tensor | None = None, *, exact: bool) -> Tensor:
    """Fused kernels have first derivatives only; the plain one has all."""
    with sdpa_kernel(SDPBackend.MATH) if exact else nullcontext():
        return F.scaled_dot_product_attention(q, k, v, bias)


def pairs(real: Tensor, imaginary: Tensor) -> Tensor:
    """Complex numbers as pairs of real ones, with the variance of one of these."""
    return torch.stack([real, imaginary], -1).div_(math.sqrt(2))


def mixed(factor: Any, old: Tensor, scale: float, axis: int = 0) -> Tensor:
    """Normal numbers that depend on one another: along an axis multiplied by a matrix."""
    mix = torch.as_tensor(factor, dtype=torch.float64, device=old.device)
    return torch.movedim(torch.tensordot(mix, old, ([1], [axis])).mul_(scale), 0, axis)


def mean_of(x: Tensor, dims: int | tuple[int, ...], count: int, keepdim: bool = False) -> Tensor:
    """The mean of so many entries: their sum divided, which has a cheaper backward than `torch.mean`."""
    return (x.sum(dims, keepdim=keepdim, dtype=torch.promote_types(x.dtype, torch.float32)) / count).type_as(x)


def mean_or_0(x: Tensor, dims: int | tuple[int, ...], count: int, keepdim: bool = False) -> Tensor:
    """The mean of so many entries, and of none 0. The count is a tensor for compilers that know no size below 2."""
    total = x.sum(dims, keepdim=keepdim, dtype=torch.promote_types(x.dtype, torch.float32))
    return (total / total.new_full((), count, dtype=torch.int64).clamp(min=1)).type_as(x)


def new_linear(x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    """`F.linear` whose result is no view, so that it is cheap to add to in place."""
    rows = F.linear(x.flatten(0, -2), weight, bias)
    result: Tensor = torch.ops.aten._unsafe_view(rows, (*x.shape[:-1], rows.shape[-1]))
    return result


def check_bases(module: nn.Module, state_dict: dict[str, Any], prefix: str, *_: Any) -> None:
    """Weights are coordinates: those saved with other bases are refused, those without bases taken as they are."""
    saved = state_dict.setdefault(f"{prefix}_extra_state", module.get_extra_state())
    other = json.loads(bytes(saved.detach().cpu().double().round().to(torch.int64).tolist()))
    for name, (exact, rounded) in BASES.items():
        was_exact, was_rounded = other.get(name, (exact, rounded))
        pairs = list(zip(rounded, was_rounded, strict=False))
        if exact != was_exact or not all(math.isclose(a, b, rel_tol=1e-6, abs_tol=1e-6) for a, b in pairs):
            raise RuntimeError(f"{prefix}{name} was saved as coordinates in another basis")


def twice_differentiable(*tensors: Tensor) -> bool:
    """Are gradients by an input itself asked for, as forces are, which a loss may differentiate again?"""
    if torch.compiler.is_compiling() or not torch.is_grad_enabled():
        return False
    return any(x.requires_grad and x.is_leaf for x in tensors)


def check_index(name: str, index: Tensor, classes: int) -> None:
    """Integers that stand for a one-hot axis are less than its size."""
    if not torch.compiler.is_compiling() and index.numel() and not 0 <= int(index.min()) <= int(index.max()) < classes:
        raise IndexError(f"{name} holds integers from 0 to {classes - 1}")


BASES: dict[str, Any] = {}  # in a written file, those of its weights
