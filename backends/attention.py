"""Which kernel of torch attention runs on."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from symc.ir.graph import Graph
from symc.ir.tensor import FusedAttention, TensorOp


def attends(graph: Graph[TensorOp]) -> bool:
    return any(isinstance(node.op, FusedAttention) for node in graph.nodes)


def needs_all_derivatives(tensors: Sequence[Tensor]) -> bool:
    """Are gradients by an input itself asked for, as forces are, which a loss may differentiate again, or derivatives forward?

    The fused kernels have first derivatives backward only, the plain one has all, and needs memory for every score.
    """
    if torch.compiler.is_compiling():
        return False
    forward: int = torch.autograd.forward_ad._current_level  # of nested dual numbers, counted from 0
    return forward >= 0 or (torch.is_grad_enabled() and any(x.requires_grad and x.is_leaf for x in tensors))
