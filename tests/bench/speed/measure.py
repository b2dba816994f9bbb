"""A case measured: seconds of each contender in each way of running, the bound, and memory."""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from statistics import median

import torch
from torch import nn

import symc

from . import clock
from .case import Absent, Case, Inputs, tensors

OURS = "symc"
WAYS = ("fwd+bwd", "forward", "frozen", "fwd+bwd compiled", "forward compiled")


@dataclass(frozen=True)
class Effort:
    """How long to measure: rounds, and seconds for each way of running a case, at most."""

    rounds: int
    budget: float
    compiled: bool


@dataclass
class Found:
    """What was measured of a contender: seconds by way, theirs / ours by way (empty for ours), and bytes at the peak."""

    name: str
    seconds: dict[str, float] = field(default_factory=dict)
    ratios: dict[str, float] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)
    memory: int | None = None


@dataclass
class Row:
    """A case: ours first, then each peer, those that are absent with the reason; the bound in seconds, and what it rests on."""

    case: Case
    found: list[Found]
    bound: dict[str, float]
    flops: float
    moved: dict[str, float]
    absent: dict[str, str]


@dataclass(frozen=True)
class Contender:
    name: str
    module: nn.Module
    inputs: Inputs


def contenders(case: Case) -> tuple[list[Contender], dict[str, str]]:
    """Ours first, and the peers that are there; why the others are not."""
    torch.manual_seed(0)
    ours, inputs = case.make(), case.inputs()
    found, absent = [Contender(OURS, ours, inputs)], {}
    for peer in case.peers:
        try:
            with warnings.catch_warnings(), redirect_stdout(io.StringIO()):  # peers talk while they are made
                warnings.simplefilter("ignore")
                found.append(Contender(peer.name, peer.make(ours), peer.enter(inputs)))
        except Absent as error:
            absent[peer.name] = str(error)
    return found, absent


def measure(case: Case, machine: clock.Machine, effort: Effort) -> Row:
    several, absent = contenders(case)
    found = {one.name: Found(one.name) for one in several}
    for way in WAYS:
        if (way == "frozen" and not hasattr(symc, "freeze")) or (way.endswith("compiled") and not effort.compiled):
            continue
        run = backward_of(case) if way.startswith("fwd+bwd") else clock.forward
        calls = {}
        for one in several:
            try:
                calls[one.name] = run(prepared(one, way), one.inputs)
                calls[one.name]()
            except Exception as error:  # of a peer, most often in torch.compile
                calls.pop(one.name, None)
                found[one.name].failed[way] = f"{type(error).__name__}: {str(error).strip().partition(chr(10))[0][:160]}"
        times = dict(zip(calls, clock.alternately(list(calls.values()), effort.rounds, effort.budget), strict=True))
        for name, seconds in times.items():
            found[name].seconds[way] = median(seconds)
            if name != OURS and OURS in times:
                found[name].ratios[way] = clock.ratio(seconds, times[OURS])
    for one in several:
        found[one.name].memory = clock.peak(backward_of(case)(one.module, one.inputs))
    return bounded(case, machine, several, list(found.values()), absent)


def backward_of(case: Case) -> Callable[[nn.Module, Inputs], Callable[[], object]]:
    return clock.training_step if case.step else clock.forward_backward


def prepared(one: Contender, way: str) -> nn.Module:
    """The module as it is run: ours frozen, or compiled; the module itself stays as it was."""
    if way == "frozen" and one.name == OURS:
        frozen: nn.Module = symc.freeze(one.module)
        return frozen
    if way.endswith("compiled"):
        torch._dynamo.reset()
        compiled: nn.Module = torch.compile(one.module, fullgraph=one.name == OURS)  # type: ignore[assignment]
        return compiled
    return one.module


def bounded(case: Case, machine: clock.Machine, several: list[Contender], found: list[Found], absent: dict[str, str]) -> Row:
    """The row, with the least time that the work can take on this machine, forward and backward."""
    ours = several[0]
    flops = case.flops or min(clock.flops(clock.forward(one.module, one.inputs)) for one in several)
    with torch.no_grad():
        outputs = tensors(ours.module(*ours.inputs))
    moved = {way: clock.moved(ours.inputs, outputs, list(ours.module.parameters()), way == "fwd+bwd", case.step) for way in ("fwd+bwd", "forward")}
    bound = {way: machine.bound(flops * (3 if way == "fwd+bwd" else 1), size) for way, size in moved.items()}
    return Row(case, found, bound, flops, moved, absent)
