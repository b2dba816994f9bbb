"""What every test runs under: one thread a process, a cache on disk of its own, and a hypothesis that draws the same examples on every machine."""

from __future__ import annotations

import functools
import os
import sys
import tempfile
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


def pytest_configure(config: pytest.Config) -> None:
    """Nothing is read from the user's cache, and nothing written to it, not even while tests are collected or by the processes they start."""
    folder = tempfile.TemporaryDirectory(prefix="symc-tests-", ignore_cleanup_errors=True)
    os.environ["SYMC_CACHE"] = folder.name
    os.environ.pop("SYMC_CACHE_LIMIT", None)
    config.add_cleanup(folder.cleanup)


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
