"""Times, memory, and what the machine can do."""

from __future__ import annotations

import gc
import time
from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

import torch
from torch import Tensor, nn
from torch.profiler import ProfilerActivity, profile
from torch.utils.flop_counter import FlopCounterMode

from .case import Inputs, tensors

LEAST = 2e-3  # seconds that one measurement lasts at least: short calls are repeated


def alternately(calls: Sequence[Callable[[], object]], rounds: int, budget: float) -> list[list[float]]:
    """Seconds of the processor that each call takes, a number a round, the calls in turn within a round.

    The clock counts this process alone, which on one thread is what passes on an idle machine: other work on it disturbs less. After `budget`
    seconds no further round begins, but for the first three.
    """
    repeats = []
    for call in calls:
        call()
        repeats.append(max(1, round(LEAST / max(_seconds(call, 1), 1e-7))))
    times: list[list[float]] = [[] for _ in calls]
    end = time.monotonic() + budget
    gc.collect()
    gc.disable()
    try:
        for turn in range(rounds):
            for call, repeat, found in zip(calls, repeats, times, strict=True):
                found.append(_seconds(call, repeat))
            if turn >= 2 and time.monotonic() > end:
                break
    finally:
        gc.enable()
    return times


def _seconds(call: Callable[[], object], repeat: int) -> float:
    start = time.process_time()
    for _ in range(repeat):
        call()
    return (time.process_time() - start) / repeat


def ratio(theirs: Sequence[float], ours: Sequence[float]) -> float:
    """The median over the rounds of theirs / ours."""
    return median(a / b for a, b in zip(theirs, ours, strict=True))


def forward(module: nn.Module, inputs: Inputs) -> Callable[[], object]:
    """Inference: eval mode, nothing recorded."""
    module.eval()

    def call() -> object:
        with torch.no_grad():
            return module(*inputs)

    return call


def forward_backward(module: nn.Module, inputs: Inputs) -> Callable[[], object]:
    """A forward in train mode, and the gradients of its weights and inputs for a given gradient of the output."""
    module.train()
    inputs = tuple(x.detach().clone().requires_grad_(x.is_floating_point()) for x in inputs)
    wanted = [x for x in (*inputs, *module.parameters()) if x.requires_grad]
    given = [torch.randn_like(y) for y in tensors(module(*inputs))]

    def call() -> object:
        return torch.autograd.grad(tensors(module(*inputs)), wanted, given, allow_unused=True)

    return call


def training_step(module: nn.Module, inputs: Inputs) -> Callable[[], object]:
    """Mean square of the outputs as loss, its gradients, and a step of plain SGD."""
    module.train()
    optimizer = torch.optim.SGD(module.parameters(), lr=1e-6)

    def call() -> object:
        optimizer.zero_grad()
        loss = sum((y.square().mean() for y in tensors(module(*inputs))), torch.zeros(()))
        loss.backward()
        return optimizer.step()

    return call


def peak(call: Callable[[], object]) -> int:
    """Bytes: the most that torch's allocator holds during a call, above what it holds before. From the memory events of torch's profiler."""
    call()
    with profile(activities=[ProfilerActivity.CPU], profile_memory=True) as found:
        call()
    events = [(event.start_ns(), event.nbytes()) for event in found.profiler.kineto_results.events() if event.name() == "[memory]"]  # type: ignore[union-attr]
    held = most = 0
    for _, size in sorted(events, key=lambda event: event[0]):
        held += size
        most = max(most, held)
    return most


def flops(call: Callable[[], object]) -> int:
    """Floating point operations of matrix products and convolutions, as torch counts them."""
    with FlopCounterMode(display=False) as counter:
        call()
    return int(counter.get_total_flops())


@dataclass(frozen=True)
class Machine:
    """Rates of one thread: of matrix products, and of copies by their size in bytes (read and written)."""

    flops: float
    copies: Sequence[tuple[float, float]]

    def bandwidth(self, size: float) -> float:
        """Bytes a second where so many are moved."""
        at = min(bisect_left([size for size, _ in self.copies], size), len(self.copies) - 1)
        return self.copies[at][1]

    def bound(self, flops: float, size: float) -> float:
        """Seconds that no form of the work can beat: arithmetic at the rate of matrix products, or memory at that of copies, whichever is slower."""
        return max(flops / self.flops, size / self.bandwidth(size))


def measure_machine() -> Machine:
    """A few hundred milliseconds."""
    a, b, out = torch.randn(768, 768), torch.randn(768, 768), torch.empty(768, 768)
    rate = 2 * 768**3 / _least(lambda: torch.mm(a, b, out=out))
    copies = []
    for size in (2**16, 2**19, 2**22, 2**26):
        x = torch.randn(size // 8)
        y = torch.empty_like(x)
        copies.append((float(size), size / _least(lambda x=x, y=y: y.copy_(x))))
    return Machine(rate, copies)


def _least(call: Callable[[], Any], rounds: int = 7) -> float:
    call()
    repeat = max(1, round(LEAST / max(_seconds(call, 1), 1e-7)))
    return min(_seconds(call, repeat) for _ in range(rounds))


def moved(inputs: Inputs, outputs: Sequence[Tensor], weights: Sequence[Tensor], backward: bool, step: bool) -> float:
    """Bytes that must be read or written: each input, output and weight once forward; and backward the gradients of the outputs read, inputs and
    weights read again, and their gradients written. A step leaves the inputs' gradients out and updates the weights."""
    x, y, w = (sum(tensor.numel() * tensor.element_size() for tensor in several) for several in (inputs, outputs, weights))
    if not backward:
        return x + y + w
    return x + y + w + (y + x + 2 * w) + (3 * w if step else x)
