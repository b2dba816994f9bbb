"""Devices, dtypes and generators that no module can take."""

from __future__ import annotations

import pytest
import torch

from symc.backends import check_place
from symc.diagnostics import DiagnosticError


@pytest.mark.parametrize(
    ("device", "dtype", "generator", "title"),
    [
        ("gpu", None, None, "device='gpu' cannot be used"),
        (None, torch.int64, None, "dtype=torch.int64 is no real floating point"),
        (None, torch.complex64, None, "dtype=torch.complex64 is no real floating point"),
        (None, "float32", None, "dtype='float32' is no real floating point"),
        (None, None, 1, "generator=1 is no torch.Generator"),
    ],
)
def test_refused(device: object, dtype: object, generator: object, title: str) -> None:
    with pytest.raises(DiagnosticError) as caught:
        check_place(device, dtype, generator)
    assert [found.title for found in caught.value.diagnostics] == [title]


@pytest.mark.parametrize("device", [None, "cpu", "meta", torch.device("cpu")])
def test_taken(device: object) -> None:
    check_place(device, torch.bfloat16, torch.Generator())
