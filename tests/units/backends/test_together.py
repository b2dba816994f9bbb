"""Sums of products made some samples at a time: the same numbers and derivatives as all at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor
from torch.func import grad, hessian, jvp, vmap

import symc
from symc.backends.together import _sum, together

SAMPLES, N, C, D = 5, 3, 2, 4
Case = tuple[Callable[..., Tensor], tuple[Tensor, ...]]


def normal(*shape: int) -> Tensor:
    return torch.randn(*shape, dtype=torch.float64, generator=torch.Generator().manual_seed(sum(shape))).requires_grad_()


def pairs(function: Callable[..., Tensor]) -> Case:
    """x and its transpose, which share a factor, rows, columns (channels first), a diagonal, and a bias without samples."""

    def sum_of(x: Tensor, v: Tensor, w: Tensor, row: Tensor, column: Tensor, diagonal: Tensor, bias: Tensor) -> Tensor:
        terms = [(row, ((0,), (1,), (3,))), (column, ((0,), (3,), (2,))), (diagonal, ((0,), (1, 2), (3,))), (bias, ((3,),))]
        return function((SAMPLES, N, N, D), [(x, v, (0, 1, 2)), (x, w, (0, 2, 1))], terms)

    shapes = ((SAMPLES, N, N, C), (D, C), (D, C), (SAMPLES, N, D), (SAMPLES, D, N), (SAMPLES, N, D), (D,))
    return sum_of, tuple(normal(*shape) for shape in shapes)


def triples(function: Callable[..., Tensor]) -> Case:
    """Two factors, one turned by a cycle, and the diagonal of three axes."""

    def sum_of(x: Tensor, y: Tensor, v: Tensor, w: Tensor, diagonal: Tensor) -> Tensor:
        return function((SAMPLES, N, N, N, D), [(x, v, (0, 3, 1, 2)), (y, w, (0, 1, 2, 3))], [(diagonal, ((0,), (1, 2, 3), (4,)))])

    shapes = ((SAMPLES, N, N, N, C), (SAMPLES, N, N, N, C), (D, C), (D, C), (SAMPLES, N, D))
    return sum_of, tuple(normal(*shape) for shape in shapes)


def alone(function: Callable[..., Tensor]) -> Case:
    """No term at all."""
    return lambda x, v, w: function((SAMPLES, N, D), [(x, v, (0, 1)), (x, w, (0, 1))], []), (normal(SAMPLES, N, C), normal(D, C), normal(D, C))


def at_once(shape: tuple[int, ...], products: Any, terms: Any) -> Tensor:
    return _sum(len(shape), products, terms)


@pytest.fixture(autouse=True)
def two_samples_a_block(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("symc.backends.together._SMALL", 0)
    monkeypatch.setattr("symc.backends.together._BLOCK", 2 * N * N * D)


@pytest.mark.parametrize("case", [pairs, triples, alone])
def test_numbers_and_derivatives(case: Callable[..., Case]) -> None:
    function, tensors = case(together)
    plain, _ = case(at_once)
    assert function(*tensors).is_contiguous()
    torch.testing.assert_close(function(*tensors), plain(*tensors))
    assert torch.autograd.gradcheck(function, tensors, check_forward_ad=True)
    assert torch.autograd.gradgradcheck(function, tensors)


@pytest.mark.parametrize("case", [pairs, triples])
def test_transforms(case: Callable[..., Case]) -> None:
    function, tensors = case(together)
    plain, _ = case(at_once)
    tensors = tuple(x.detach() for x in tensors)
    for index, x in enumerate(tensors):

        def of_one(y: Tensor, chosen: Callable[..., Tensor] = function, index: int = index) -> Tensor:
            return chosen(*tensors[:index], y, *tensors[index + 1 :])

        torch.testing.assert_close(vmap(of_one)(torch.stack([x, 2 * x])), torch.stack([of_one(x), of_one(2 * x)]))
        torch.testing.assert_close(jvp(of_one, (x,), (x,))[1], jvp(lambda y, f=of_one: f(y, plain), (x,), (x,))[1])
        torch.testing.assert_close(grad(lambda y, f=of_one: f(y).square().sum())(x), grad(lambda y, f=of_one: f(y, plain).square().sum())(x))
    second, expected = (hessian(lambda v, f=f: f(*tensors[:-1], v).square().sum())(tensors[-1]) for f in (function, plain))
    torch.testing.assert_close(second, expected)


@pytest.mark.parametrize("wanted", range(7))
def test_gradients_of_some(wanted: int) -> None:
    function, tensors = pairs(together)
    plain, _ = pairs(at_once)
    tensors = tuple(x.detach().requires_grad_(index == wanted) for index, x in enumerate(tensors))
    found, expected = (torch.autograd.grad(f(*tensors).square().sum(), tensors[wanted])[0] for f in (function, plain))
    torch.testing.assert_close(found, expected)


def test_a_layer_keeps_its_factor_alone() -> None:
    """Of what is as large as the input, nothing is saved for backward but the input."""
    net = symc.compile(text="group P = S(n)\nrep X = perm(P)\nmodel M(x: X^2*8) -> X^2*8:\n    return linear(x)\n")
    x = torch.randn(4, 9, 9, 8, requires_grad=True)
    saved: list[Tensor] = []
    with torch.autograd.graph.saved_tensors_hooks(lambda tensor: saved.append(tensor) or tensor, lambda tensor: tensor):
        net(x)
    assert {tensor.data_ptr() for tensor in saved if tensor.numel() >= x.numel()} == {x.data_ptr()}


@pytest.mark.parametrize(("dtype", "bound"), [(torch.float32, 1e-5), (torch.bfloat16, 0.1)])
def test_other_precisions(dtype: torch.dtype, bound: float) -> None:
    function, tensors = pairs(together)
    single = function(*(x.to(dtype) for x in tensors))
    assert single.dtype == dtype
    torch.testing.assert_close(single.double(), function(*tensors), rtol=bound, atol=bound)
