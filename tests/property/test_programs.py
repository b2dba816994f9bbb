"""Random programs: each compiles to a module that computes what the oracle computes and keeps its symmetry, or is refused for a reason there is."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable

import torch
from examination import examine, frozen_alike, twice_differentiable
from hypothesis import HealthCheck, event, given, seed, settings
from hypothesis import strategies as st
from padding import padded_like_alone
from programs import programs

import symc
from symc.backends import InputError, Net
from symc.diagnostics import DiagnosticError

PROGRAMS = int(os.environ.get("SYMC_PROGRAMS", "500"))
SEED = int(os.environ.get("SYMC_SEED", "0"))
PARTS = 4

# No map but zero, and axes that meet in more than one way: the only two things a well-typed program can be refused for.
REFUSED = {"E0406", "E0313"}
WILD = {*REFUSED, *(f"E030{number}" for number in range(1, 9)), "E0311", "E0312", "E0314", "E0315", "E0317", "E0330", "E0331"}
SIZES = (
    {"n": 0, "m": 2, "k": 1, "i": 1, "j": 2, "l": 3, "t": 2},
    {"n": 1, "m": 0, "k": 3, "i": 2, "j": 3, "l": 1, "t": 0},
    {"n": 2, "m": 3, "k": 1, "i": 3, "j": 1, "l": 2, "t": 1},
    {"n": 3, "m": 1, "k": 2, "i": 1, "j": 1, "l": 1, "t": 3},
)


def compiled(text: str) -> Net:
    """In float64, with biases that are not 0. Raises DiagnosticError."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", symc.SymcWarning)
        net = symc.compile(text=text, dtype=torch.float64, generator=torch.Generator().manual_seed(0)).eval()
    for parameter in net.parameters():
        if not parameter.any():
            torch.nn.init.normal_(parameter, generator=torch.Generator().manual_seed(1))
    return net


def examined(part: int) -> Callable[[], None]:
    """A test of a quarter of the programs: quarters can run beside each other."""

    @seed(SEED + part)
    @settings(max_examples=PROGRAMS // PARTS, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large])
    @given(programs(), st.integers(0, 9))
    def test(text: str, derivatives: int) -> None:
        try:
            net = compiled(text)
        except DiagnosticError as error:
            event("refused")
            assert {diagnostic.code for diagnostic in error.diagnostics} <= (WILD if "# wild" in text else REFUSED)  # noqa: PT017
            return
        event("compiled")
        examine(net, compiled(text), SIZES)
        if net.program.free:
            try:
                padded_like_alone(net, SIZES)
            except InputError as error:  # heads of vectors of a free dimension
                assert [diagnostic.code for diagnostic in error.diagnostics] == ["E0612"], text  # noqa: PT017
                assert "attention" in text, text
        if derivatives in (1, 2):
            frozen_alike(net, SIZES)
        if derivatives == 0:
            twice_differentiable(net, SIZES[-1])

    return test


test_first_programs, test_second_programs, test_third_programs, test_fourth_programs = map(examined, range(PARTS))
