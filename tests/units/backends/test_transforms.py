"""Compiled models under torch.compile, torch.export, autograd, torch.func and autocast."""

from __future__ import annotations

import pytest
import torch
from torch._dynamo.testing import CompileCounter

import symc
from symc.backends import Net

TEXT = """\
group P = S(n)
group R = O(3)
rep   X = perm(P)
rep   v = vector(R)
model Points[c = 4](x: X*v, z: X*2) -> (energy: (), forces: X*v):
    h: X*(c + c*v) = layernorm(linear(x, z))
    s: X*c = dropout[0.1](tanh(linear(norm(h))))
    e: 3 = linear(max[X](s) + mean[X](s))
    return linear(e), linear[X*1](s) * linear[X*v](h)
"""
SIZES = [(2, 5), (3, 7), (4, 2), (1, 1), (2, 0), (0, 3)]


@pytest.fixture(scope="module")
def points() -> Net:
    return symc.compile(text=TEXT, dtype=torch.float64, generator=torch.Generator().manual_seed(0)).eval()


def inputs(batch: int, n: int) -> tuple[torch.Tensor, torch.Tensor]:
    generator = torch.Generator().manual_seed(n)
    return torch.randn(batch, n, 3, dtype=torch.float64, generator=generator), torch.randn(batch, n, 2, dtype=torch.float64, generator=generator)


def test_compiles_in_one_graph_for_all_sizes(points: Net) -> None:
    torch._dynamo.reset()
    counter = CompileCounter()
    compiled = torch.compile(points, backend=counter, fullgraph=True, dynamic=True)
    for size in [(6, 5), (4, 7), (2, 3), (6, 30)]:  # first a batch that no channel has: dynamo takes equal sizes for one
        torch.testing.assert_close(compiled(*inputs(*size)), points(*inputs(*size)))
    assert counter.frame_count == 1
    for size in ((1, 1), (2, 0)):  # sizes 0 and 1 are graphs of their own to dynamo
        torch.testing.assert_close(compiled(*inputs(*size)), points(*inputs(*size)))
    x, z = inputs(2, 5)
    torch.testing.assert_close(compiled(z=z[0], x=x[0]), points(x[0], z[0]))


@pytest.mark.slow
def test_compiles_with_inductor(net: Net) -> None:
    torch._dynamo.reset()
    compiled = torch.compile(net, fullgraph=True, dynamic=True)
    for batch, n in SIZES[:3]:
        x, y = torch.randn(batch, n, 3), torch.randn(batch, n)
        with torch.no_grad():
            torch.testing.assert_close(compiled(x, y), net(x, y))


@pytest.mark.slow
def test_gradients_of_a_compiled_model(points: Net) -> None:
    torch._dynamo.reset()
    compiled = torch.compile(points, backend="aot_eager", fullgraph=True, dynamic=True)
    for size in ((6, 5), (4, 7)):
        x, z = inputs(*size)
        x.requires_grad_()
        (expected,) = torch.autograd.grad(points(x, z)[0].sum(), x)
        (gradient,) = torch.autograd.grad(compiled(x, z)[0].sum(), x)
        torch.testing.assert_close(gradient, expected)


def test_the_shell_can_be_exported(points: Net) -> None:
    axes = {0: torch.export.Dim.DYNAMIC, 1: torch.export.Dim.DYNAMIC}
    program = torch.export.export(points, inputs(2, 5), dynamic_shapes={"args": (axes, axes)})
    for size in SIZES:
        torch.testing.assert_close(program.module()(*inputs(*size)), points(*inputs(*size)))


@pytest.mark.parametrize("n", [0, 1, 4])
def test_gradients_of_gradients(points: Net, n: int) -> None:
    x, z = (tensor.requires_grad_() for tensor in inputs(2, n))
    assert torch.autograd.gradcheck(points, (x, z))
    assert torch.autograd.gradgradcheck(points, (x, z))


def test_gradients_reach_every_parameter(points: Net) -> None:
    energy, forces = points(*inputs(2, 4))
    gradients = torch.autograd.grad(energy.sum() + forces.square().sum(), list(points.parameters()))
    assert all(gradient.isfinite().all() and gradient.abs().max() > 0 for gradient in gradients)


def test_points_at_the_origin_have_finite_gradients(points: Net) -> None:
    x, z = torch.zeros(1, 3, 3, dtype=torch.float64, requires_grad=True), torch.zeros(1, 3, 2, dtype=torch.float64)
    (gradient,) = torch.autograd.grad(points(x, z)[0].sum(), x, create_graph=True)
    (second,) = torch.autograd.grad(gradient.sum(), x, allow_unused=True, materialize_grads=True)
    assert gradient.isfinite().all()
    assert second.isfinite().all()


def test_vmap_and_jvp(points: Net) -> None:
    x, z = inputs(3, 4)
    torch.testing.assert_close(torch.vmap(points)(x, z), points(x, z))
    twice = torch.vmap(points, in_dims=1, out_dims=1)(torch.stack([x, x], 1), torch.stack([z, z], 1))
    torch.testing.assert_close(twice[0][:, 1], points(x, z)[0])
    energy, slope = torch.func.jvp(lambda x: points(x, z)[0], (x,), (torch.ones_like(x),))
    step = 1e-6
    torch.testing.assert_close(slope, (points(x + step, z)[0] - points(x - step, z)[0]) / (2 * step), rtol=1e-6, atol=1e-8)
    torch.testing.assert_close(energy, points(x, z)[0])


def test_other_parameters_for_one_call(points: Net) -> None:
    x, z = inputs(2, 3)
    zero = {name: torch.zeros_like(parameter) for name, parameter in points.named_parameters()}
    energy, _ = torch.func.functional_call(points, zero, (x, z))
    assert (energy == 0).all()
    many = {name: torch.stack([parameter, parameter]) for name, parameter in points.named_parameters()}
    ensemble = torch.vmap(lambda parameters: torch.func.functional_call(points, parameters, (x, z))[0])(many)
    torch.testing.assert_close(ensemble, points(x, z)[0].expand(2, -1))


def test_autocast(points: Net) -> None:
    net = symc.compile(text=TEXT, generator=torch.Generator().manual_seed(0)).eval()
    x, z = (tensor.float() for tensor in inputs(2, 6))
    with torch.autocast("cpu", dtype=torch.bfloat16):
        energy, forces = net(x, z)
    expected = points(x.double(), z.double())
    torch.testing.assert_close(energy.double(), expected[0], rtol=0.1, atol=0.1)
    torch.testing.assert_close(forces.double(), expected[1], rtol=0.1, atol=0.1)


def test_half_precision(points: Net) -> None:
    import copy

    half = copy.deepcopy(points).bfloat16()
    x, z = inputs(2, 6)
    assert half(x.bfloat16(), z.bfloat16())[0].dtype == torch.bfloat16
    torch.testing.assert_close(half(x.bfloat16(), z.bfloat16())[0].double(), points(x, z)[0], rtol=0.1, atol=0.1)


@pytest.mark.gpu
def test_on_a_gpu(points: Net) -> None:
    import copy

    moved = copy.deepcopy(points).cuda()
    x, z = inputs(2, 6)
    torch.testing.assert_close([out.cpu() for out in moved(x.cuda(), z.cuda())], list(points(x, z)))
    with pytest.raises(symc.InputError, match="the module is on cuda"):
        moved(x, z)
