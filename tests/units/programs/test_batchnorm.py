"""`batchnorm` in training and in eval: its statistics, its state, and what it is where `nn.BatchNorm1d` would do."""

from __future__ import annotations

import copy
from collections.abc import Callable

import pytest
import torch
from torch import Tensor, nn

from symc.backends import InputError, Net
from symc.backends.batchnorm import BatchNorm
from symc.backends.eager import evaluate
from symc.backends.export import export


def normal(net: Net) -> BatchNorm:
    (found,) = [module for module in net.modules() if isinstance(module, BatchNorm)]
    return found


@pytest.fixture
def made(build: Callable[..., Net], inputs: Callable[..., list[Tensor]]) -> Callable[[str], tuple[Net, Tensor]]:
    """A batch normalisation of a type in training mode, with numbers that are not of unit scale."""

    def make(written: str) -> tuple[Net, Tensor]:
        net = build(f"model M[c = 3](x: {written}) -> {written}:\n    return batchnorm(x)\n").train()
        (x,) = inputs(net, {"n": 4, "m": 2}, (5,))
        return net, 3 * x + 2

    return make


TYPES = ["3", "()", "c*2", "X*c", "c*X", "1*X", "X", "X*Y*c", "X*c*Y", "X*2*Y*c", "c*g", "(c*q)*g", "(c*q)", "2*g*3"]
MIXED = ["v", "2*v", "X*2*v", "X*(2 + 3*v)", "c + c*v + c*(v^2)", "(2*v)*X", "Y*(X*3 + Y)", "2*s", "2*z", "(2 + v)*(3 + X)"]


@pytest.mark.parametrize("written", [*TYPES, *MIXED])
def test_in_eval(examine: Callable[..., Net], written: str) -> None:
    examine(f"model M[c = 3](x: {written}) -> {written}:\n    return batchnorm(x)\n")


@pytest.mark.parametrize("written", TYPES)
def test_channels_are_those_of_the_usual_one(made: Callable[[str], tuple[Net, Tensor]], written: str) -> None:
    net, x = made(written)
    usual = nn.BatchNorm1d(normal(net).num_features).double()
    channels = {"3": (1,), "()": (), "c*2": (1, 2), "X*c": (2,), "c*X": (1,), "1*X": (1,), "X": (), "X*Y*c": (3,), "X*c*Y": (2,), "X*2*Y*c": (2, 4)}
    channels |= {"c*g": (1,), "(c*q)*g": (1,), "(c*q)": (1,), "2*g*3": (1, 4)}
    kept = channels[written]
    flat = x.unflatten(1, (3, 8)) if "q" in written else x
    moved = flat.movedim(kept, tuple(range(-len(kept), 0))) if kept else flat.unsqueeze(-1)
    for step in range(3):
        expected = usual(moved.reshape(-1, usual.num_features) * (1 + step)).reshape(moved.shape)
        found = net(x * (1 + step)).reshape(flat.shape)
        back = expected.movedim(tuple(range(-len(kept), 0)), kept) if kept else expected.squeeze(-1)
        torch.testing.assert_close(found, back, rtol=1e-12, atol=1e-12)
    state = normal(net).state_dict()
    assert list(state) == list(usual.state_dict())
    for name, value in usual.state_dict().items():
        torch.testing.assert_close(state[name], value, rtol=1e-12, atol=1e-12)
    back = usual.eval()(moved.reshape(-1, usual.num_features)).reshape(moved.shape)
    torch.testing.assert_close(net.eval()(x).reshape(flat.shape), back.movedim(tuple(range(-len(kept), 0)), kept) if kept else back.squeeze(-1))


def test_copies_have_a_mean_square_and_nothing_else(made: Callable[[str], tuple[Net, Tensor]]) -> None:
    net, x = made("X*(2 + 3*v)")
    shapes = {name: tuple(value.shape) for name, value in normal(net).state_dict().items()}
    assert shapes == {"weight": (5,), "bias": (2,), "running_mean": (2,), "running_var": (5,), "num_batches_tracked": ()}
    channels, vectors = x[..., :2], x[..., 2:].unflatten(-1, (3, 3))
    square = vectors.square().mean((0, 1, 3))
    out = net(x)
    torch.testing.assert_close(out[..., 2:], (vectors / torch.sqrt(square + 1e-5)[:, None]).flatten(-2))
    torch.testing.assert_close(normal(net).running_var[2:], 0.9 + 0.1 * square)
    torch.testing.assert_close(normal(net).running_var[:2], 0.9 + 0.1 * channels.flatten(0, 1).var(0))
    torch.testing.assert_close(normal(net).running_mean, 0.1 * channels.mean((0, 1)))
    assert int(normal(net).num_batches_tracked) == 1


@pytest.mark.parametrize("written", ["X*c", "X*(2 + 3*v)", "X*2*v"])
def test_what_was_learned_is_used_in_eval(made: Callable[[str], tuple[Net, Tensor]], written: str) -> None:
    net, x = made(written)
    net(x)
    net.eval()
    (expected,) = evaluate(net.program, [x], net.state_dict())
    torch.testing.assert_close(net(x), expected, rtol=1e-12, atol=1e-12)
    before = copy.deepcopy(net.state_dict())
    net(2 * x)
    assert all(torch.equal(value, before[name]) for name, value in net.state_dict().items())
    net.reset_parameters()
    assert normal(net).running_var.tolist() == [1.0] * normal(net).num_features


@pytest.mark.parametrize("written", ["X*c", "c*X", "X*c*Y", "X*(2 + 3*v)"])
def test_no_values_teach_nothing(made: Callable[[str], tuple[Net, Tensor]], written: str) -> None:
    net, x = made(written)
    net(x)
    before = copy.deepcopy(normal(net).state_dict())
    empty = x[:, :0] if written.startswith("X") else x[..., :0]
    for nothing in (x[:0], empty):
        assert net(nothing).shape == nothing.shape
    after = normal(net).state_dict()
    assert all(torch.equal(after[name], before[name]) for name in ("running_mean", "running_var"))


def test_one_sample(made: Callable[[str], tuple[Net, Tensor]]) -> None:
    net, x = made("X*c")
    assert net(x[0]).shape == x.shape[1:]  # over the set
    with pytest.raises(InputError, match="expects more than 1 value per channel"):
        net(x[0, :1])
    assert net.eval()(x[0, :1]).shape == (1, 3)
    net, x = made("3*v")
    torch.testing.assert_close(net(x[0]).square().mean(-1), torch.ones(3, dtype=torch.float64), rtol=1e-4, atol=0)


@pytest.mark.parametrize("written", ["X*c", "c*X", "X*c*Y", "X*(2 + 3*v)", "X*Y*v"])
def test_padding_does_not_count(made: Callable[[str], tuple[Net, Tensor]], written: str) -> None:
    """Padded samples have the results, statistics and gradients of the samples in one batch without padding."""
    net, x = made(written)
    other = copy.deepcopy(net)
    axis = 2 if written == "c*X" else 1
    padded = torch.cat([x, torch.full_like(x.narrow(axis, 0, 2), 1e6)], axis).requires_grad_()
    mask = torch.tensor([True] * 4 + [False] * 2).expand(5, 6)
    x = x.requires_grad_()
    expected, found = other(x), net(padded, mask={"n": mask})
    torch.testing.assert_close(found.narrow(axis, 0, 4), expected, rtol=1e-10, atol=1e-10)
    for name, value in normal(other).state_dict().items():
        torch.testing.assert_close(normal(net).state_dict()[name], value, rtol=1e-10, atol=1e-10)
    weight = torch.randn_like(expected)
    (ours,) = torch.autograd.grad((found.narrow(axis, 0, 4) * weight).sum(), padded)
    (theirs,) = torch.autograd.grad((expected * weight).sum(), x)
    torch.testing.assert_close(ours.narrow(axis, 0, 4), theirs, rtol=1e-8, atol=1e-8)
    assert not ours.narrow(axis, 4, 2).any()


@pytest.mark.parametrize("written", ["X*c", "X*(2 + 3*v)"])
def test_gradients(made: Callable[[str], tuple[Net, Tensor]], written: str) -> None:
    net, x = made(written)
    x = x[:2, :2].detach().requires_grad_()
    assert torch.autograd.gradcheck(net, (x,))
    assert torch.autograd.gradgradcheck(net, (x,))


@pytest.mark.parametrize("written", ["X*c", "c*X", "X*(2 + 3*v)"])
def test_compiles_whole_and_exports(made: Callable[[str], tuple[Net, Tensor]], written: str) -> None:
    net, x = made(written)
    other = copy.deepcopy(net)
    compiled = torch.compile(net, fullgraph=True, dynamic=True, backend="aot_eager")
    for given in (x, 2 * x[:3], x[:2]):
        torch.testing.assert_close(compiled(given), other(given), rtol=1e-10, atol=1e-10)
    for name, value in normal(other).state_dict().items():
        torch.testing.assert_close(normal(net).state_dict()[name], value, rtol=1e-10, atol=1e-10)
    torch.testing.assert_close(compiled.eval()(x), other.eval()(x), rtol=1e-10, atol=1e-10)
    torch.testing.assert_close(export(net).module()(x), net(x), rtol=1e-10, atol=1e-10)


@pytest.mark.parametrize("written", ["X*c", "X*(2 + 3*v)"])
def test_low_precision(made: Callable[[str], tuple[Net, Tensor]], written: str) -> None:
    net, x = made(written)
    expected = copy.deepcopy(net)(x)
    single = copy.deepcopy(net).float()
    with torch.autocast("cpu", dtype=torch.bfloat16):
        out = single(x.bfloat16())
    assert out.dtype == torch.bfloat16
    torch.testing.assert_close(out.double(), expected, rtol=0.05, atol=0.05)
    assert normal(single).running_var.dtype == torch.float32
    torch.testing.assert_close(net.bfloat16()(x.bfloat16()).double(), expected, rtol=0.1, atol=0.1)


def test_names_and_sharing(build: Callable[..., Net]) -> None:
    net = build("model M(x: X*3) -> X*3:\n    x: X*3 = relu(batchnorm(linear(x)))\n    let b = batchnorm\n    return b(b(x))\n")
    assert [name for name in net.state_dict() if "num_batches" in name] == ["x.0.batchnorm.num_batches_tracked", "b.num_batches_tracked"]
    assert {name for name, _ in net.named_parameters()} == {f"{m}.{k}" for m in ("x.0.linear", "x.0.batchnorm", "b") for k in ("weight", "bias")}
