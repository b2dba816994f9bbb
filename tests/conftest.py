"""What every test runs under: one thread a process, and a hypothesis that draws the same examples on every machine."""

from __future__ import annotations

import functools
import os
import sys
from pathlib import Path

import hypothesis
import pytest

BENCH = Path(__file__).parent / "bench"

# Read when numpy and torch are first imported, which is in the test modules: later than this.
for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(variable, "1")

# `--hypothesis-profile=explore` looks for new counterexamples; the default must give everybody the same answer.
hypothesis.settings.register_profile("ci", derandomize=True, deadline=None, database=None)
hypothesis.settings.register_profile("explore", max_examples=2000, deadline=None)
hypothesis.settings.load_profile("ci")


@functools.cache
def cuda() -> bool:
    import torch

    return torch.cuda.is_available()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if BENCH in item.path.parents:
            item.add_marker(pytest.mark.bench)


@pytest.fixture(autouse=True)
def _same_draws() -> None:
    """Random numbers are the same in every run, in whatever order and company a test runs."""
    if "torch" in sys.modules:
        sys.modules["torch"].manual_seed(0)
    if "sympy" in sys.modules:
        sys.modules["sympy"].core.random.seed(0)


def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("gpu") and not cuda():
        pytest.skip("no CUDA device")
