"""Batch normalisation over parts of a representation, as a module that needs nothing but torch."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, fx, nn


class BatchNorm(nn.BatchNorm1d):
    """`nn.BatchNorm1d` where there is one part, of trivial channels; else every part by itself, with one state for all.

    parts: how many copies each has, and whether it is centred. A part that is not has a mean square for its variance,
    no mean and no bias, so that `running_mean` and `bias` have an entry for each copy in centred parts only,
    `running_var` and `weight` for all. Of no values at all nothing is learned.
    """

    def __init__(self, parts: tuple[tuple[int, bool], ...]) -> None:
        super().__init__(sum(copies for copies, _ in parts))
        self.parts = parts
        centred = sum(copies for copies, moves in parts if moves)
        if centred < self.num_features:
            self.register_parameter("bias", nn.Parameter(torch.zeros(centred)) if centred else None)
            self.register_buffer("running_mean", torch.zeros(centred) if centred else None)

    def reset_running_stats(self) -> None:
        """As in every batch normalisation: mean 0, variance 1."""
        for buffer, value in ((self.running_mean, 0), (self.running_var, 1), (self.num_batches_tracked, 0)):
            if buffer is not None:
                buffer.fill_(value)

    def forward(self, x: Tensor, part: int = 0, shape: tuple[int, ...] = (), mask: Tensor | None = None) -> Tensor:
        """x: (batch, ...), as many axes as `shape` after the first, which has 1 but along the copies of the part.

        mask: which entries are real, of size 1 along axes without padding and along those of the copies.
        """
        if self.parts != ((self.num_features, True),) or mask is not None or len(shape) > 2:
            return self._normalised(x, part, shape, mask)
        last = len(shape) > 1 and (shape[-1] > 1 or self.num_features == 1)
        result: Tensor = super().forward(x.flatten(0, -2) if last else x)
        return result.reshape(x.shape) if last else result

    def _check_input_dim(self, input: Tensor) -> None:
        """Any number of axes will do."""

    def _normalised(self, x: Tensor, part: int, shape: tuple[int, ...], mask: Tensor | None) -> Tensor:
        assert self.num_batches_tracked is not None
        weight, var = (values.view(1, *shape) for values in self.scaling(part))
        mean, bias = (None if values is None else values.view(1, *shape) for values in self.centring(part))
        low = self.weight.dtype in (torch.float16, torch.bfloat16)
        wide = x.to(torch.float32 if low else self.weight.dtype)  # under autocast x may be of less precision
        if self.training:
            if part == 0:
                self.num_batches_tracked.add_(1)
            mean, var = self._measured(wide, mean, var, shape, mask)
        deviation = wide if mean is None else wide - mean
        scaled = deviation * torch.rsqrt(var + self.eps) * weight
        return (scaled if bias is None else scaled + bias).to(x.dtype)

    def scaling(self, part: int) -> tuple[Tensor, Tensor]:
        """The weight and the running variance of every copy in a part."""
        assert self.running_var is not None
        start, copies = sum(count for count, _ in self.parts[:part]), self.parts[part][0]
        return self.weight[start : start + copies], self.running_var[start : start + copies]

    def centring(self, part: int) -> tuple[Tensor | None, Tensor | None]:
        """The running mean and the bias of every copy in a part; None where it is not centred."""
        copies, centred = self.parts[part]
        if not centred or self.running_mean is None:
            return None, None
        start = sum(count for count, moves in self.parts[:part] if moves)
        return self.running_mean[start : start + copies], self.bias[start : start + copies]

    def _measured(
        self, x: Tensor, running_mean: Tensor | None, running_var: Tensor, shape: tuple[int, ...], mask: Tensor | None
    ) -> tuple[Tensor | None, Tensor]:
        """The mean and variance of a batch, with which the running ones are moved."""
        axes = [axis for axis, size in enumerate((1, *shape)) if size == 1]
        count = x.new_ones((), dtype=torch.int64) * x.numel() // max(1, running_var.numel())
        if mask is not None:
            count = count * mask.sum() // torch.clamp(count.new_ones(()) * mask.numel(), min=1)
        some = torch.clamp(count, min=1)
        mean = None
        if running_mean is not None:
            mean = x.sum(axes, keepdim=True) / some
            x = x - mean if mask is None else torch.where(mask, x - mean, 0.0)
        var = x.square().sum(axes, keepdim=True) / some
        with torch.no_grad():
            rate = (self.momentum or 0.0) * torch.clamp(count, max=1).to(var.dtype)
            if mean is not None and running_mean is not None:
                running_mean.add_((mean - running_mean) * rate)
            unbiased = var if mean is None else var * (some.to(var.dtype) / torch.clamp(count - 1, min=1))
            running_var.add_((unbiased - running_var) * rate)
        return mean, var


class TracedBatchNorm(BatchNorm):
    """The same, where others trace through a model: what it learns is state of its own, so that it stays one call."""

    def forward(self, x: Tensor, *others: Any) -> Tensor:
        if not isinstance(x, fx.Proxy):
            return super().forward(x, *others)
        tracer = x.tracer
        assert isinstance(tracer, fx.Tracer)
        call: Tensor = tracer.create_proxy("call_module", tracer.path_of_module(self), (x, *others), {})
        return call
