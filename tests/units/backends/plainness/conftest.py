"""A test that takes `case` is run on every model of the matrix; one marked `long` where SYMC_PLAIN is set."""

from __future__ import annotations

import os

import pytest
from plain_models import NAMES, Case, case_of


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "case" in metafunc.fixturenames:
        metafunc.parametrize("case", NAMES, indirect=True)


@pytest.fixture
def case(request: pytest.FixtureRequest) -> Case:
    return case_of(request.param)


def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("long") and not os.environ.get("SYMC_PLAIN"):
        pytest.skip("SYMC_PLAIN=all runs it")
