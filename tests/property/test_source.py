"""Random programs as files of plain PyTorch: the same state, the same numbers and gradients to the last bit, drawn alike."""

from __future__ import annotations

import os
import warnings

import torch
from hypothesis import HealthCheck, given, seed, settings
from programs import programs
from written import loaded, same_to_the_last_bit, written

import symc
from symc.backends.source import source
from symc.diagnostics import DiagnosticError

PROGRAMS = int(os.environ.get("SYMC_PROGRAMS", "500")) // 5
SEED = int(os.environ.get("SYMC_SEED", "0"))
SIZES = (
    {"n": 2, "m": 3, "k": 1, "i": 3, "j": 1, "l": 2, "t": 2},
    {"n": 0, "m": 1, "k": 2, "i": 1, "j": 2, "l": 1, "t": 0},
)


@seed(SEED)
@settings(max_examples=PROGRAMS, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large])
@given(programs())
def test_random_programs(text: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", symc.SymcWarning)
        try:
            net = symc.compile(text=text, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
        except DiagnosticError:
            return
    file = source(net)
    other = written(net, file)
    drawn = getattr(loaded(file), net.name)(torch.Generator().manual_seed(0)).double().state_dict()
    assert drawn.keys() == net.state_dict().keys()
    assert all(torch.allclose(value, drawn[name], rtol=1e-6, atol=1e-7) for name, value in net.state_dict().items())
    for training in (True, False):
        net.train(training)
        other.train(training)
        for sizes in SIZES:
            same_to_the_last_bit(net, other, sizes)
    assert all(torch.equal(value, other.state_dict()[name]) for name, value in net.state_dict().items())
