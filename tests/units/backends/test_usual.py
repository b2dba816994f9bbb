"""Calls that a few comparisons recognize, and those that they leave to the full check."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from torch import Tensor

import symc
from symc.backends import InputError, Net
from symc.backends.usual import fits, usual

TEXT = "group G = D(4)\nrep q = regular(G)\nmodel M(x: 2*q, y: 3*q) -> 2*q:\n    return linear(x, y)\n"
SHAPES = ((2, 8), (3, 8))
LIKE = torch.zeros(())


@pytest.fixture(scope="module")
def fixed() -> Net:
    return symc.compile(text=TEXT)


def test_shapes_are_those_after_the_batch_axis(fixed: Net) -> None:
    assert usual(fixed._interface) == SHAPES


@pytest.mark.parametrize(
    "model",
    [
        "group G = S(n)\nmodel M(x: perm(G)*3) -> 3:\n    return linear(x)\n",
        "group G = D(4)\nmodel M(x: 3*onehot(5)) -> 3:\n    return linear(x)\n",
        "group G = U(1)\nmodel M(x: irrep(G, 1)) -> irrep(G, 1):\n    return linear(x)\n",
        "group G = D(4)\nmodel M(r: (x: 3, y: 4)) -> 3:\n    return linear(r)\n",
        "group G = D(4)\nmodel M(x: 3*regular(G)) -> 3*regular(G):\n    return batchnorm(x)\n",
    ],
    ids=["free size", "indices", "complex", "record", "batch normalisation"],
)
def test_models_with_more_to_look_at(model: str) -> None:
    assert usual(symc.compile(text=model)._interface) is None


@pytest.mark.parametrize(
    ("tensors", "fit"),
    [
        ((torch.zeros(4, 2, 8), torch.zeros(4, 3, 8)), True),
        ((torch.zeros(0, 2, 8), torch.zeros(0, 3, 8)), True),
        ((torch.zeros(4, 2, 8),), False),
        ((torch.zeros(4, 2, 8), torch.zeros(5, 3, 8)), False),
        ((torch.zeros(4, 2, 8), torch.zeros(4, 3, 7)), False),
        ((torch.zeros(2, 8), torch.zeros(3, 8)), False),
        ((torch.zeros(2, 8), torch.zeros(4, 3, 8)), False),
        ((torch.zeros(1, 4, 2, 8), torch.zeros(1, 4, 3, 8)), False),
        ((torch.zeros(4, 2, 8), torch.zeros(4, 3, 8).double()), False),
        ((torch.zeros(4, 2, 8), torch.zeros(4, 3, 8, device="meta")), False),
        ((torch.zeros(4, 2, 8), torch.zeros(4, 3, 8).to_sparse()), False),
        ((torch.zeros(4, 2, 8), torch.nested.nested_tensor([torch.zeros(3, 8)] * 4)), False),
        ((torch.zeros(4, 2, 8), "y"), False),
    ],
)
def test_which_calls_fit(tensors: tuple[object, ...], fit: bool) -> None:
    assert fits(SHAPES, tensors, LIKE) is fit


def test_the_numbers_are_those_of_the_full_check(fixed: Net) -> None:
    x, y = torch.randn(4, 2, 8), torch.randn(4, 3, 8)
    assert torch.equal(fixed(x, y), fixed(x, y=y))


@pytest.mark.parametrize("wrong", [lambda x: x.double(), lambda x: x[:3], lambda x: x[..., :7], lambda x: x.tolist()])
def test_what_does_not_fit_is_refused_as_ever(fixed: Net, wrong: Callable[[Tensor], object]) -> None:
    with pytest.raises(InputError):
        fixed(torch.randn(4, 2, 8), wrong(torch.randn(4, 3, 8)))
