"""Rows of the plainness matrix: two processes, with the weights replicated or sharded, and state dicts that come from a third."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from plain_models import NAMES, Case, case_of

HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, dict[str, float]]]:
    """What each of the two processes found, by model."""
    folder = tmp_path_factory.mktemp("processes")
    torch.save({name: case_of(name).net.state_dict() for name in NAMES}, folder / "states.pt")
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(HERE), *sys.path])}
    command = [sys.executable, str(HERE / "two_processes.py"), str(folder / "meeting")]
    running = [
        subprocess.Popen([*command, str(rank), str(folder / "states.pt")], env=environment, stdout=subprocess.PIPE, text=True) for rank in range(2)
    ]
    told = [process.communicate(timeout=300)[0] for process in running]
    assert [process.returncode for process in running] == [0, 0]
    return [json.loads(text) for text in told]


@pytest.mark.parametrize("way", ["ddp", "fsdp"])
def test_two_processes_train_as_one(case: Case, way: str, rows: list[dict[str, dict[str, float]]]) -> None:
    for row in rows:
        assert row[case.name]["moved"] > 1e-5
        assert row[case.name][way] <= max(1e-6, 1e-5 * row[case.name]["moved"])


def test_a_state_dict_of_another_process(case: Case, rows: list[dict[str, dict[str, float]]]) -> None:
    for row in rows:
        assert row[case.name]["names"] == 1
        assert row[case.name]["state"] == 0
