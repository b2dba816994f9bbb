"""`scan` and `fold`: models applied step by step."""

from __future__ import annotations

import copy
import pickle

import pytest
import torch
from torch import Tensor

import symc
from symc.backends import Net
from symc.backends.eager import evaluate
from symc.backends.export import export
from symc.diagnostics import DiagnosticError
from symc.ir import tensor as t
from symc.ir.evaluate import evaluate as evaluate_in_numpy
from symc.verification import with_given_noise

HEAD = """group P = S(n)
group R = O(3)
rep   X = perm(P)
rep   v = vector(R)
rep   time = axis(steps)
model Cell[c](h: X*c, x: X*2) -> X*c:
    return tanh(linear(h, x)) + h / 2
model Memory(s: (h: 4, u: 3*v), x: v, scale: ()) -> (h: 4, u: 3*v):
    z: 4 = sigmoid(linear(s.h, norm(x)))
    u: 3*v = linear(s.u, x)
    return z * s.h + linear(norm(u)), scale * u
model Noisy(h: X*3, x: X*2) -> X*3:
    return dropout[0.5](linear(h, x, random[X*2]()))
model Slow(h: X*3, xs: axis(3)*X*2) -> X*3:
    return fold[Cell[3], axis(3)](h, xs)
"""
RESET = "model Reset(_h: X, x: X) -> X:\n    return linear(x)\n"
MODELS = {
    "last": "model M(x: time*X*2) -> X*3:\n    return fold[Cell[3], time](zero(), x)\n",
    "every": "model M(h: X*3, x: X*time*2) -> time*X*3:\n    return scan[Cell[3], time](h, x)\n",
    "record": "model M(x: time*v, a: ()) -> (h: 4, u: 3*v):\n    s: (h: 4, u: 3*v) = zero()\n    return fold[Memory, time](s, x, a)\n",
    "states": (
        "model M(h: 4, u: 3*v, x: time*v) -> (h: time*4, u: time*3*v):\n    s: (h: 4, u: 3*v) = linear(h, u)\n"
        "    return scan[Memory, time](s, x, scale=norm(mean[time](x)))\n"
    ),
    "nested": "model M(x: time*axis(3)*X*2) -> X*3:\n    return fold[Slow, time](zero(), x)\n",
    "shared": "model M(x: time*X*2) -> X*3:\n    let run = fold[Cell[3], time]\n    return run(run(zero(), x), x)\n",
    "constant": RESET + "model M(h: X, x: time, y: time*X) -> X:\n    return fold[Reset, time](h, y + x)\n",
}


def compiled(model: str) -> Net:
    return symc.compile(text=HEAD + MODELS.get(model, model), dtype=torch.float64)


def given(net: Net, batch: tuple[int, ...] = (2,), **sizes: int) -> list[Tensor]:
    sizes = {"n": 3, "steps": 4} | sizes
    shapes = [[size if isinstance(size, int) else sizes[str(size)] for size in spec.sizes] for spec in net.inputs]
    return [torch.randn((*batch, *shape), dtype=torch.float64) for shape in shapes]


def flat(out: Tensor | tuple[Tensor, ...]) -> tuple[Tensor, ...]:
    return (out,) if isinstance(out, Tensor) else out


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("steps", [0, 1, 4])
@pytest.mark.parametrize("n", [0, 1, 3])
def test_the_loop_computes_what_the_definition_says(model: str, steps: int, n: int) -> None:
    net = compiled(model)
    for batch in ((), (2,), (0,), (2, 3)):
        inputs = given(net, batch, n=n, steps=steps)
        expected = evaluate(net.program, inputs, dict(net.named_parameters()))
        parameters = {name: parameter.detach().numpy() for name, parameter in net.named_parameters()}
        numbers = evaluate_in_numpy(net.program, [x.numpy() for x in inputs], parameters, {"n": n, "steps": steps})
        for ours, theirs, number in zip(flat(net(*inputs)), expected, numbers, strict=True):
            torch.testing.assert_close(ours, theirs, rtol=1e-12, atol=1e-12)
            torch.testing.assert_close(ours, torch.from_numpy(number), rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("model", MODELS)
def test_recurrences_are_equivariant(model: str) -> None:
    net = compiled(model)
    report = symc.verify(net)
    assert report.ok
    assert report.error <= 1e-12
    assert {layer.parameter for layer in report.layers} == {name for name, _ in net.named_parameters()}


def test_steps_one_by_one() -> None:
    net = compiled("every")
    h, x = given(net)
    states = net(h, x)
    for step in range(4):
        h = net(h, x[:, :, step : step + 1])[:, 0]
        torch.testing.assert_close(states[:, step], h)


def test_of_no_steps() -> None:
    net = compiled("every")
    h, x = given(net, steps=0)
    assert net(h, x).shape == (2, 0, 3, 3)
    last = compiled("model M(h: X*3, x: time*X*2) -> X*3:\n    return fold[Cell[3], time](h, x)\n")
    assert torch.equal(last(h, torch.zeros(2, 0, 3, 2, dtype=torch.float64)), h)


def test_weights_are_called_after_the_place_and_the_model() -> None:
    assert [name for name, _ in compiled("last").named_parameters()] == ["out.0.Cell.out.0.weight", "out.0.Cell.out.0.bias"]
    assert [name for name, _ in compiled("shared").named_parameters()] == ["run.Cell.out.0.weight", "run.Cell.out.0.bias"]


def test_what_is_the_same_at_every_step_is_done_once() -> None:
    (loop,) = [node.op for node in compiled("record").lowered.nodes if isinstance(node.op, t.Loop)]
    assert not any(isinstance(node.op, t.Parameter | t.Array) for node in loop.body.nodes)


@pytest.mark.parametrize("model", ["last", "states"])
def test_gradients_through_time(model: str) -> None:
    net = compiled(model)
    inputs = [x.requires_grad_() for x in given(net)]
    wanted = [*inputs, *net.parameters()]

    def gradients(results: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
        return torch.autograd.grad(sum((y**3).sum() for y in results), wanted, create_graph=True)

    ours, theirs = gradients(flat(net(*inputs))), gradients(evaluate(net.program, inputs, dict(net.named_parameters())))
    for a, b in zip(ours, theirs, strict=True):
        torch.testing.assert_close(a, b, rtol=1e-10, atol=1e-12)
    second = torch.autograd.grad(sum((g**2).sum() for g in ours), wanted)
    assert all(bool(g.isfinite().all()) for g in second)


def test_every_step_draws_anew() -> None:
    net = compiled("model M(x: time*X*2) -> time*X*3:\n    return scan[Noisy, time](zero(), x)\n")
    (x,) = given(net)
    torch.manual_seed(0)
    first = net(x)
    torch.manual_seed(0)
    assert torch.equal(first, net(x))
    assert not torch.equal(first, net(x))
    dropped = (first == 0).flatten(2)
    assert not torch.equal(dropped[:, 0], dropped[:, 1])
    assert (net.eval()(x) != 0).all()
    report = symc.verify(net)
    assert report.ok
    assert report.noise == ("noise0",)
    fixed = with_given_noise(net)
    noise = torch.randn(2, 4, 3, 2, dtype=torch.float64)
    (expected,) = evaluate(fixed.program, [x, noise], dict(net.named_parameters()))
    torch.testing.assert_close(fixed(x, noise), expected, rtol=1e-12, atol=1e-12)


def test_two_recurrences_draw_apart() -> None:
    net = compiled("model M(x: time*X*2) -> (a: X*3, b: X*3):\n    let run = fold[Noisy, time]\n    return run(zero(), x), run(zero(), x)\n").eval()
    a, b = net(*given(net))
    assert not torch.equal(a, b)


def test_copies_and_dtypes() -> None:
    net = compiled("record")
    inputs = given(net)
    for other in (copy.deepcopy(net), pickle.loads(pickle.dumps(net))):
        assert all(torch.equal(a, b) for a, b in zip(net(*inputs), other(*inputs), strict=True))
    assert {y.dtype for y in net.bfloat16()(*(x.bfloat16() for x in inputs))} == {torch.bfloat16}


def test_it_compiles_and_is_exported_at_a_number_of_steps() -> None:
    net = compiled("every")
    fast = torch.compile(net, fullgraph=True, dynamic=True, backend="aot_eager")
    for steps in (2, 3):
        inputs = given(net, steps=steps)
        torch.testing.assert_close(fast(*inputs), net(*inputs))
    fixed = compiled("rep short = axis(3)\nmodel M(x: short*X*2) -> X*3:\n    return fold[Cell[3], short](zero(), x)\n")
    x = torch.randn(2, 3, 5, 2, dtype=torch.float64)
    torch.testing.assert_close(export(fixed).module()(x), fixed(x))
    with pytest.raises(DiagnosticError, match="exporting `M` is not supported yet"):
        export(net)


def test_it_can_be_traced() -> None:
    net = compiled("every")
    inputs = given(net)
    assert torch.equal(torch.fx.symbolic_trace(net.graph_module)(*inputs), net(*inputs))


def test_batchnorm_in_a_step_is_refused() -> None:
    with pytest.raises(DiagnosticError, match="`batchnorm` inside"):
        compiled("model B(h: X*3, x: X*3) -> X*3:\n    return batchnorm(h + x)\nmodel M(x: time*X*3) -> X*3:\n    return fold[B, time](zero(), x)\n")


def test_a_layer_is_shared_at_one_type() -> None:
    text = "model M(x: time*X*2) -> (a: X*3, b: X*2):\n    let run = fold[Cell[3], time]\n    y: X*3 = run(zero(), x)\n    return y, linear(y)\n"
    assert compiled(text)(*given(compiled(text)))[0].shape == (2, 3, 3)
