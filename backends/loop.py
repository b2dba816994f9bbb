"""Recurrences as torch runs them: a loop over the steps, whose body is a graph module without state."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, fx


class Recurrence:
    """A function of the state, the sequences, what is the same at every step, and the free sizes that the body needs, in this order.

    A Python loop, which torch.compile unrolls anew for every number of steps, and torch.export for the number that the axis has: free, it is refused.
    """

    __name__ = "loop"

    def __init__(self, body: fx.GraphModule, sequences: int, last: bool):
        self.body, self.sequences, self.last = body, sequences, last

    def __call__(self, state: Tensor, *others: Any) -> Tensor:
        if isinstance(state, fx.Proxy):  # traced by others it stays one call
            return state.tracer.create_proxy("call_function", self, (state, *others), {})
        sequences, constants = others[: self.sequences], others[self.sequences :]
        every: list[Tensor] = []
        for step in zip(*(x.unbind(1) for x in sequences), strict=True):
            state = self.body.forward(state, *step, *constants)
            every.append(state)
        if self.last:
            return state
        return torch.stack(every, 1) if every else state.new_zeros((state.shape[0], 0, *state.shape[1:]))
