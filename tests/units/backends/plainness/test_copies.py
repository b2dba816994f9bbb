"""Rows of the plainness matrix: copies, state dicts, devices, memory, threads."""

from __future__ import annotations

import copy
import io
import pickle
from concurrent.futures import ThreadPoolExecutor

import pytest
import torch
from plain_models import Case, close
from torch import Tensor

from symc.backends import Net


def through_a_file(net: Net) -> Net:
    file = io.BytesIO()
    torch.save(net, file)
    file.seek(0)
    return torch.load(file, weights_only=False)  # type: ignore[no-any-return]


COPIES = {"deepcopy": copy.deepcopy, "pickle": lambda net: pickle.loads(pickle.dumps(net)), "torch.save": through_a_file}


@pytest.mark.parametrize("way", COPIES)
def test_copies(case: Case, way: str) -> None:
    other = COPIES[way](case.net)
    inputs = case.inputs()
    assert close(case.call(other, inputs), case.call(case.net, inputs), 0.0)
    assert {*map(id, other.parameters())}.isdisjoint(map(id, case.net.parameters()))


def test_one_state_dict(case: Case) -> None:
    own, file = case.own(), io.BytesIO()
    names = list(own.state_dict())
    assert list(own.train().state_dict()) == names
    assert list(own.double().eval().state_dict()) == names
    torch.save(case.net.state_dict(), file)
    file.seek(0)
    other = case.own()
    other.reset_parameters(torch.Generator().manual_seed(1))
    other.load_state_dict(torch.load(file, weights_only=True))
    inputs = case.inputs()
    assert close(case.call(other, inputs), case.call(case.net, inputs), 0.0)


def test_no_parameter_without_an_axis(case: Case) -> None:
    assert all(parameter.ndim > 0 for parameter in case.net.parameters())


def test_meta_device(case: Case) -> None:
    inputs, expected = case.inputs(), case.call(case.net, case.inputs())
    own = case.own().to("meta")
    shapes = case.call(own, [x.to("meta") for x in inputs])
    assert [(y.shape, y.dtype) for y in shapes] == [(y.shape, y.dtype) for y in expected]
    own.to_empty(device="cpu").reset_parameters(torch.Generator().manual_seed(0))
    assert close(case.call(own, inputs), expected, 0.0)
    assigned = case.own().to("meta")
    assigned.load_state_dict(case.net.state_dict(), assign=True)
    assert close(case.call(assigned, inputs), expected, 0.0)


@pytest.mark.gpu
def test_on_a_gpu(case: Case) -> None:
    inputs = case.inputs()
    moved = case.call(case.own().cuda(), [x.cuda() for x in inputs])
    assert close([y.cpu() for y in moved], case.call(case.net, inputs), 1e-4)


def strided(x: Tensor) -> Tensor:
    """The same numbers, in memory every second one, in the reverse order of axes."""
    axes = tuple(reversed(range(x.ndim)))
    return torch.stack([x.permute(axes), x.permute(axes)], -1)[..., 0].permute(axes)


def test_any_strides(case: Case) -> None:
    inputs = case.inputs()
    apart = [strided(x) for x in inputs]
    assert all(torch.equal(x, y) and not x.is_contiguous() for x, y in zip(apart, inputs, strict=True))
    assert close(case.call(case.net, apart), case.call(case.net, inputs), 1e-5)


def test_without_gradients(case: Case) -> None:
    inputs, expected = case.inputs(), case.call(case.net, case.inputs())
    with torch.inference_mode():
        assert close(case.call(case.net, case.inputs()), [y.detach() for y in expected], 0.0)
    with torch.no_grad():
        found = case.call(case.net, inputs)
    assert not any(y.requires_grad for y in found)
    assert close(found, [y.detach() for y in expected], 1e-5)


def test_threads(case: Case) -> None:
    given = [case.inputs(batch) for batch in range(1, 7)]
    expected = [case.call(case.net, inputs) for inputs in given]
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda inputs: case.call(case.net, inputs), given))
    assert all(close(one, other, 0.0) for one, other in zip(found, expected, strict=True))
