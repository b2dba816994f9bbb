"""How fast this machine is: the few numbers that costs are estimated with, measured in a second."""

from __future__ import annotations

from collections.abc import Callable
from statistics import median
from time import perf_counter

import torch
import torch.nn.functional as F

from symc.ir.machine import LARGE, Machine

ROUNDS = 5  # over all numbers, so that a moment in which the machine was busy spoils none of them
SECONDS = 0.02  # of repetitions of one thing in a round


def measure() -> Machine:
    """Medians over some rounds, on one thread, float32."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        with torch.inference_mode():
            return _measure()
    finally:
        torch.set_num_threads(threads)


def _measure() -> Machine:
    matrix, weight, small = torch.ones(512, 256), torch.ones(256, 256), torch.ones(8, 8)
    entries, large = torch.ones(2**16), torch.ones(LARGE // 4)
    index = torch.arange(2**16).flip(0)
    found: list[tuple[float, ...]] = []
    for _ in range(ROUNDS):
        view = seconds(lambda: small.view(64))
        call = seconds(lambda: torch.relu(small))
        product = seconds(lambda: F.linear(matrix, weight)) - call
        moved = seconds(lambda: torch.relu(entries)) - call
        fresh = seconds(lambda: torch.relu(large))
        gathered = seconds(lambda: torch.index_select(entries, 0, index)) - call
        found.append((2 * 512 * 256 * 256 / product, 8 * len(entries) / moved, LARGE / fresh, len(index) / gathered, call, view))
    return Machine(*(median(column) for column in zip(*found, strict=True)))


def seconds(run: Callable[[], object]) -> float:
    """The median time of a call, over as many as take a moment."""
    run()
    times: list[float] = []
    end = perf_counter() + SECONDS
    while not times or perf_counter() < end:
        start = perf_counter()
        run()
        times.append(perf_counter() - start)
    return median(times)
