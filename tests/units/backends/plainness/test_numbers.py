"""Rows of the plainness matrix: precisions, autocast, derivatives of every order, empty batches and sets, checkpoints."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
import torch
from plain_models import COMPLEX_CASES, Case, case_of, close
from torch import Tensor
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.utils.checkpoint import checkpoint

from symc.backends import InputError
from symc.backends.eager import evaluate


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
def test_autocast(case: Case, dtype: torch.dtype) -> None:
    inputs = case.inputs()
    with torch.autocast("cpu", dtype=dtype):
        found = case.call(case.net, inputs)
    assert all(y.isfinite().all() for y in found)
    assert close(found, case.call(case.net, inputs), 0.05)


def test_double_is_exact(case: Case) -> None:
    """Also after stays in other precisions, where the weights are set anew: constants have lost nothing."""
    own, inputs = case.own().double(), case.inputs(dtype=torch.float64)
    weights = {name: value.clone() for name, value in own.state_dict().items()}
    expected = evaluate(own.program, inputs, dict(own.named_parameters()))
    if own._state.batchnorms:  # the oracle has no running statistics: fresh ones change nothing but by eps
        expected = case.call(own, inputs)
    assert close(case.call(own, inputs), expected, 1e-12)
    own.bfloat16().half().float().double().load_state_dict(weights)
    assert close(case.call(own, inputs), expected, 1e-12)


def test_low_precision(case: Case) -> None:
    low = case.own().bfloat16()
    if case.name in COMPLEX_CASES:  # torch has no complex numbers of two bfloat16
        with pytest.raises(InputError, match=r"E0603(.|\n)*net\.float\(\)"):
            case.call(low, case.inputs())
        return
    found = case.call(low, case.inputs(dtype=torch.bfloat16))
    assert all(y.dtype == torch.bfloat16 for y in found)
    assert close([y.float() for y in found], case.call(case.net, case.inputs()), 0.1)


def test_second_derivatives(case: Case) -> None:
    net = case.own().double()
    inputs = case.inputs(1, torch.float64, **dict.fromkeys(case.free, 2))
    wanted = [x.requires_grad_() for x in inputs if x.dtype != torch.int64]
    if not wanted:  # by the weights, then
        name, parameter = next(iter(net.named_parameters()))
        assert torch.autograd.gradgradcheck(lambda p: torch.func.functional_call(net, {name: p}, inputs).square(), parameter)
        return
    assert torch.autograd.gradgradcheck(lambda *_: case.call(net, inputs), wanted, atol=1e-6)


def test_transforms(case: Case) -> None:
    net, inputs = case.own().double(), case.inputs(2, torch.float64)
    expected = case.call(net, inputs)
    assert close(torch.vmap(lambda *x: case.call(net, x))(*inputs), expected, 1e-12)
    weights = dict(net.named_parameters())
    ones = {name: torch.ones_like(value) for name, value in weights.items()}

    def loss(values: dict[str, Tensor]) -> Tensor:
        return case.loss(lambda **given: torch.func.functional_call(net, values, (), given), inputs)

    value, slope = torch.func.jvp(loss, (weights,), (ones,))
    gradients = torch.func.grad(loss)(weights)
    torch.testing.assert_close(value, case.loss(net, inputs))
    torch.testing.assert_close(slope, torch.stack([gradient.sum() for gradient in gradients.values()]).sum())


@pytest.mark.parametrize(("batch", "size"), [(0, 4), (2, 0), (0, 0)])
@pytest.mark.parametrize("training", [True, False])
def test_nothing_at_all(case: Case, batch: int, size: int, training: bool) -> None:
    own = case.own().train(training)
    results = case.call(own, case.inputs(batch, **dict.fromkeys(case.free, size)))
    assert all(y.isfinite().all() for y in results)
    torch.stack([y.abs().sum() for y in results]).sum().backward()
    assert all(parameter.grad is not None and parameter.grad.isfinite().all() for parameter in own.parameters())


def test_nothing_at_all_compiled() -> None:
    case = case_of("DeepSets")
    compiled = torch.compile(case.net, backend="aot_eager", fullgraph=True, dynamic=True)
    for batch, size in ((0, 4), (2, 0)):
        inputs = case.inputs(batch, **dict.fromkeys(case.free, size))
        assert close(case.call(compiled, inputs), case.call(case.net, inputs), 1e-5)


def test_checkpoints(case: Case) -> None:
    one, other, inputs = case.own(), case.own(), case.inputs()
    checkpoint(lambda *x: case.loss(one, x), *inputs, use_reentrant=False).backward()
    case.loss(other, inputs).backward()
    for a, b in zip(one.parameters(), other.parameters(), strict=True):
        assert a.grad is not None
        assert torch.equal(a.grad, b.grad)


def forces_of(case: Case, inputs: Sequence[Tensor], backend: str) -> None:
    """The documented pattern: the gradient is taken inside what is compiled, and a loss of it trains the weights."""
    own, plain = case.own(), case.own()

    def training(x: Tensor, *others: Tensor) -> Tensor:
        forces = torch.func.grad(lambda position: own(position, *others).sum())(x)
        return (forces - 1).square().mean()

    torch.compile(training, backend=backend, fullgraph=True, dynamic=True)(*inputs).backward()
    x, *others = inputs
    x.requires_grad_()
    (gradient,) = torch.autograd.grad(plain(x, *others).sum(), x, create_graph=True)
    (gradient - 1).square().mean().backward()
    for one, other in zip(own.parameters(), plain.parameters(), strict=True):
        assert (one.grad is None) == (other.grad is None)
        if one.grad is not None:
            torch.testing.assert_close(one.grad, other.grad, rtol=1e-3, atol=1e-5)


@pytest.mark.slow
def test_forces_under_compile() -> None:
    case = case_of("energy")
    forces_of(case, case.inputs(11), "aot_eager")


@pytest.mark.long
def test_forces_under_inductor() -> None:
    case = case_of("energy")
    forces_of(case, case.inputs(11), "inductor")


def test_forces_through_attention_under_compile() -> None:
    """Fused attention has one derivative: compiled, a second takes the plain kernel, which the user asks for."""
    net, (x,) = case_of("sets").own(), case_of("sets").inputs(11)

    def training(x: Tensor) -> Tensor:
        return torch.func.grad(lambda given: net(given).square().sum())(x).square().mean()

    def plainly(x: Tensor) -> Tensor:
        with sdpa_kernel(SDPBackend.MATH):
            return training(x)

    compiled = torch.compile(plainly, backend="aot_eager", fullgraph=True, dynamic=True)
    compiled(x).backward()
    found = [parameter.grad for parameter in net.parameters()]
    net.zero_grad()
    x.requires_grad_()
    (gradient,) = torch.autograd.grad(net(x).square().sum(), x, create_graph=True)
    gradient.square().mean().backward()
    torch.testing.assert_close(found, [parameter.grad for parameter in net.parameters()], rtol=1e-3, atol=1e-5)
    x.requires_grad_(False)
    with pytest.raises(RuntimeError, match="scaled_dot_product"):
        torch.compile(training, backend="aot_eager", fullgraph=True, dynamic=True)(x).backward()
