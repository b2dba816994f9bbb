"""Layers whose results are written in place: autograd, torch.func and casts must not notice."""

from __future__ import annotations

import pytest
import torch

import symc
from symc.algebra import sizes as sz
from symc.backends.shell import Net

TEXTS = {
    "pairs": "group P = S(n)\nrep X = perm(P)\nmodel M(x: X^2*3) -> X^2*3:\n    return linear(x)\n",
    "points": "group P = S(n)\nrep X = perm(P)\nmodel M(x: X*3) -> X*4:\n    return relu(linear(x))\n",
    "channels first": "group P = S(n)\nrep X = perm(P)\nmodel M(x: 3*X^2) -> 2*X^2:\n    return linear(x)\n",
    "tables": "group P = S(n)\ngroup Q = S(m)\nrep X = perm(P)\nrep Y = perm(Q)\nmodel M(x: X*Y*2) -> X^2*Y*3:\n    return linear(x)\n",
    "two inputs": "group P = S(n)\nrep X = perm(P)\nmodel M(x: X^2*3, y: X*2) -> X^2*3:\n    return linear(x, y) + linear(y)\n",
    "triples": "group P = S(n)\nrep X = perm(P)\nmodel M(x: X^2) -> X^3*2:\n    return linear(x)\n",
}


@pytest.fixture(params=TEXTS)
def net(request: pytest.FixtureRequest) -> Net:
    return symc.compile(text=TEXTS[request.param], dtype=torch.float64, generator=torch.Generator().manual_seed(0)).eval()


def inputs(net: Net, *lead: int) -> tuple[torch.Tensor, ...]:
    sizes = {"n": 3, "m": 2}
    generator = torch.Generator().manual_seed(1)
    shapes = [[sz.number(size, sizes) for size in spec.sizes] for spec in net.inputs]
    return tuple(torch.randn(*lead, *shape, dtype=torch.float64, generator=generator) for shape in shapes)


def test_gradients(net: Net) -> None:
    xs = [x.requires_grad_() for x in inputs(net, 2)]
    assert torch.autograd.gradcheck(net, xs)
    assert torch.autograd.gradgradcheck(net, xs)
    parameters = list(net.parameters())
    torch.autograd.gradcheck(lambda *_: net(*xs), parameters)


def test_inputs_are_not_written_into(net: Net) -> None:
    xs = inputs(net, 2)
    before = [x.clone() for x in xs]
    state = {name: parameter.clone() for name, parameter in net.named_parameters()}
    net(*xs)
    assert all(map(torch.equal, xs, before))
    assert all(torch.equal(state[name], parameter) for name, parameter in net.named_parameters())


def test_vmap_over_each_of_what_it_depends_on(net: Net) -> None:
    """Alone: what is batched is added into nothing that is not."""
    xs, parameters = inputs(net, 2), dict(net.named_parameters())
    result = net(*xs)
    for index, x in enumerate(xs):
        mapped = torch.vmap(lambda one, index=index: net(*xs[:index], one, *xs[index + 1 :]))(torch.stack([x, x]))
        torch.testing.assert_close(mapped, torch.stack([result, result]))
    for name, parameter in parameters.items():
        mapped = torch.vmap(lambda one, name=name: torch.func.functional_call(net, {**parameters, name: one}, xs))(torch.stack([parameter] * 2))
        torch.testing.assert_close(mapped, torch.stack([result, result]))


def test_tangents_of_each_of_what_it_depends_on(net: Net) -> None:
    xs, parameters = inputs(net, 2), {name: parameter.detach() for name, parameter in net.named_parameters()}
    functions = [(x, lambda one, index=index: net(*xs[:index], one, *xs[index + 1 :])) for index, x in enumerate(xs)]
    for name, parameter in parameters.items():
        functions.append((parameter, lambda one, name=name: torch.func.functional_call(net, {**parameters, name: one}, xs)))
    for at, function in functions:
        direction = torch.ones_like(at)
        _, tangent = torch.func.jvp(function, (at,), (direction,))
        torch.testing.assert_close(tangent, (function(at + 1e-6 * direction) - function(at - 1e-6 * direction)) / 2e-6, rtol=1e-6, atol=1e-7)
        gradient = torch.func.grad(lambda one, function=function: function(one).sum())(at)
        assert gradient.sum().item() == pytest.approx(tangent.sum().item())


def test_half_precision(net: Net) -> None:
    xs = [x.float() for x in inputs(net, 2)]
    expected = net(*inputs(net, 2))
    single = net.float()
    with torch.autocast("cpu", dtype=torch.bfloat16):
        torch.testing.assert_close(single(*xs).double(), expected, rtol=0.1, atol=0.1)
    torch.testing.assert_close(single.bfloat16()(*(x.bfloat16() for x in xs)).double(), expected, rtol=0.1, atol=0.1)


def test_compiled_and_exported(net: Net) -> None:
    xs = inputs(net, 4)
    torch._dynamo.reset()
    compiled = torch.compile(net, backend="aot_eager", fullgraph=True, dynamic=True)
    torch.testing.assert_close(compiled(*xs), net(*xs))
    assert torch.equal(torch.fx.symbolic_trace(net.graph_module)(*xs), net(*xs))


@pytest.mark.parametrize(
    ("name", "expected"),
    [("points", {"add_"}), ("pairs", {"together"}), ("tables", {"index_put_"}), ("two inputs", {"together", "index_put_"})],
)
def test_large_terms_are_added_where_they_are(name: str, expected: set[str]) -> None:
    net = symc.compile(text=TEXTS[name], dtype=torch.float64)
    assert net(*inputs(net, 2)).is_contiguous()
    targets = {getattr(node.target, "__name__", node.target) for node in net.graph_module.graph.nodes}
    assert targets & {"add_", "together", "index_put_"} == expected
