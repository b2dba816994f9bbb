"""Frozen modules: a model for inference, whose weights have become constants."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from typing import Any, cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from symc.backends.batchnorm import BatchNorm
from symc.backends.kernels import Computed, Operand, Sizes, compute
from symc.backends.modules import state_name
from symc.backends.shell import Net
from symc.ir.graph import Node
from symc.ir.tensor import BatchNormPart, TensorOp, TensorType


class Frozen(Net):
    """A model as `symc.freeze` makes it: called as the model it comes from, always in eval mode, and without parameters.

    Its numbers are constants, kept in float64 beside what is computed with: `.to()` and `.double()` make them anew from these. They are no part of
    a state dict, which has nothing to load: pickle the module, export it, or freeze the model again.
    """

    def train(self, mode: bool = True) -> Frozen:
        """A frozen module stays in eval mode."""
        super().train(False)
        return self


class LiveValues:
    """The numbers that a module holds at this moment, in float64: see `passes.freeze.Known`."""

    def __init__(self, net: Net) -> None:
        self.net = net
        tensors = [*net.parameters(), *net.buffers()]
        self.missing = any(x.is_meta for x in tensors)
        like = next((x for x in tensors if x.is_floating_point()), None)
        self.dtype = None if like is None else like.dtype
        self.device = None if like is None else like.device

    def parameter(self, name: str) -> NDArray[Any]:
        return _numbers(reduce(getattr, state_name(name).split("."), self.net))

    def normalisation(self, op: BatchNormPart) -> tuple[NDArray[Any], NDArray[Any] | None]:
        module = self.net.get_submodule(op.name)
        assert isinstance(module, BatchNorm)
        weight, variance = map(_numbers, module.scaling(op.part))
        scale = (weight / np.sqrt(variance + module.eps)).reshape(op.shape)
        mean, bias = module.centring(op.part)
        return scale, None if mean is None or bias is None else _numbers(bias).reshape(op.shape) - _numbers(mean).reshape(op.shape) * scale

    @torch.no_grad()
    def compute(self, node: Node[TensorOp], operands: Sequence[NDArray[Any]]) -> NDArray[Any]:
        types = [cast(TensorType, value.type) for value in (*node.inputs, *node.outputs)]
        given = [Operand(torch.from_numpy(np.asarray(x, order="C")), type) for x, type in zip(operands, types[:-1], strict=True)]
        return _numbers(compute(cast(Computed, node.op), given, types[-1], Sizes(1, {})))


def _numbers(x: Any) -> NDArray[Any]:
    """As numpy has them, floats in float64."""
    x = cast(Tensor, x).detach().cpu()
    wide = x.to(torch.complex128) if x.is_complex() else x.double() if x.is_floating_point() else x
    found: NDArray[Any] = wide.resolve_conj().resolve_neg().numpy()
    return found
