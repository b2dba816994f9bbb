"""`random()` and `zero()`: what is drawn, how often, in which dtype, and how its symmetry is measured."""

from __future__ import annotations

import pytest
import torch

import symc
from symc.backends import Net
from symc.backends.eager import evaluate
from symc.backends.export import export
from symc.ir.evaluate import evaluate as evaluate_in_numpy
from symc.verification import with_given_noise

HEAD = """group P = S(n)
group R = O(3)
rep   X = perm(P)
rep   v = vector(R)
"""
NOISY = """model Noisy[c = 4](h: X*c, x: X*v) -> (y: X*c, x: X*v):
    z: X*2 = random()
    h: X*c = relu(linear(h, z))
    return h + random(), x - 2 * random()
"""


def noisy(**options: object) -> Net:
    return symc.compile(text=HEAD + NOISY, **options)


def inputs(n: int, batch: tuple[int, ...] = (2,)) -> tuple[torch.Tensor, torch.Tensor]:
    return torch.ones(*batch, n, 4), torch.zeros(*batch, n, 3)


def test_noise_is_that_of_the_global_generator_and_fresh_on_every_call() -> None:
    net = noisy().eval()
    torch.manual_seed(0)
    first, second = net(*inputs(5)), net(*inputs(5))
    torch.manual_seed(0)
    again = net(*inputs(5))
    assert all(torch.equal(a, b) for a, b in zip(first, again, strict=True))
    assert not any(torch.equal(a, b) for a, b in zip(first, second, strict=True))


def test_two_draws_in_one_model_differ_also_where_a_layer_is_shared() -> None:
    net = symc.compile(text=HEAD + "model M(_x: X) -> (a: X, b: X):\n    let z = random[X]\n    return z(), z()\n")
    a, b = net(torch.zeros(6))
    assert not torch.equal(a, b)


def test_what_is_drawn_is_standard_normal() -> None:
    net = symc.compile(text=HEAD + "model M(_x: X*v) -> X*v:\n    return random()\n", dtype=torch.float64)
    torch.manual_seed(0)
    drawn = net(torch.zeros(1000, 10, 3, dtype=torch.float64)).flatten(0, 1)
    assert drawn.mean(0).abs().max() < 0.06  # six standard deviations
    assert (torch.cov(drawn.T) - torch.eye(3)).abs().max() < 0.09


@pytest.mark.parametrize("dtype", [torch.float64, torch.bfloat16])
def test_noise_has_the_dtype_of_the_module(dtype: torch.dtype) -> None:
    net = noisy().to(dtype)
    assert {y.dtype for y in net(*(x.to(dtype) for x in inputs(3)))} == {dtype}


@pytest.mark.parametrize("batch", [(), (0,), (2, 3)])
@pytest.mark.parametrize("n", [0, 1, 4])
def test_the_shape_is_that_of_batch_and_free_sizes(batch: tuple[int, ...], n: int) -> None:
    y, x = noisy()(*inputs(n, batch))
    assert (y.shape, x.shape) == ((*batch, n, 4), (*batch, n, 3))


def test_a_model_without_inputs_draws_one_sample() -> None:
    net = symc.compile(text=HEAD + "model M() -> v:\n    return random()\n")
    assert net().shape == (3,)
    assert symc.verify(net).ok


def test_the_noise_made_an_input() -> None:
    net = noisy(dtype=torch.float64).eval()
    given = with_given_noise(net)
    assert [spec.name for spec in given.inputs] == ["h", "x", "noise0", "noise1", "noise2"]
    assert given.state_dict().keys() == net.state_dict().keys()
    h, x = (value.double() for value in inputs(4))
    torch.manual_seed(0)
    drawn = [torch.randn(2, 4, width, dtype=torch.float64) for width in (2, 4, 3)]
    torch.manual_seed(0)
    ours, theirs = net(h, x), given(h, x, *drawn)
    assert all(torch.equal(a, b) for a, b in zip(ours, theirs, strict=True))
    dense = evaluate(given.program, [h, x, *drawn], dict(net.named_parameters()))
    plain = {name: parameter.detach().numpy() for name, parameter in net.named_parameters()}
    numbers = evaluate_in_numpy(given.program, [value.numpy() for value in (h, x, *drawn)], plain, {"n": 4})
    for result, expected, number in zip(ours, dense, numbers, strict=True):
        torch.testing.assert_close(result, expected, rtol=1e-12, atol=1e-12)
        torch.testing.assert_close(result, torch.from_numpy(number), rtol=1e-12, atol=1e-12)


def test_noise_is_no_function_of_the_inputs() -> None:
    net = noisy()
    with pytest.raises(ValueError, match="with_noise_as_inputs"):
        evaluate(net.program, list(inputs(3)), dict(net.named_parameters()))


def test_verify_says_how_noise_was_measured() -> None:
    report = symc.verify(noisy())
    assert report.ok
    assert report.error <= 1e-12
    assert report.noise == ("noise0", "noise1", "noise2")
    assert "moved with the inputs" in str(report)
    assert report.json()["noise"] == ["noise0", "noise1", "noise2"]


def test_names_of_noise_are_free() -> None:
    net = symc.compile(text=HEAD + "model M(noise0: X) -> X:\n    return noise0 + random()\n")
    assert symc.verify(net).noise == ("noise1",)


def test_noise_compiles_and_is_exported() -> None:
    net = noisy()
    compiled = torch.compile(net, fullgraph=True, dynamic=True, backend="aot_eager")
    torch.manual_seed(0)
    first = compiled(*inputs(5))[0]
    torch.manual_seed(0)
    assert torch.equal(first, compiled(*inputs(5))[0])
    assert compiled(*inputs(7, (3,)))[1].shape == (3, 7, 3)
    module = export(net).module()
    assert not torch.equal(module(*inputs(6))[0], module(*inputs(6))[0])


def test_zero() -> None:
    net = symc.compile(text=HEAD + "model M(x: X*v) -> (a: X*v, b: v):\n    h: (a: X*v, b: v) = zero()\n    return x + h.a + zero(), h.b\n")
    x = torch.randn(2, 4, 3)
    a, b = net(x)
    assert torch.equal(a, x)
    assert torch.equal(b, torch.zeros(2, 3))
