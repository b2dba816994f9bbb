"""`axis(t)`: an axis carried along like a batch axis."""

from __future__ import annotations

import pytest
import torch

import symc
from symc.backends import Net
from symc.backends.eager import evaluate
from symc.backends.export import export
from symc.diagnostics import DiagnosticError

HEAD = "group P = S(n)\nrep   X = perm(P)\nrep   time = axis(steps)\n"


def compiled(model: str) -> Net:
    return symc.compile(text=HEAD + model, dtype=torch.float64)


def test_linear_acts_at_every_index_alike() -> None:
    net = compiled("model M(x: time*X*3) -> time*X*2:\n    return linear(x)\n")
    x = torch.randn(2, 5, 4, 3, dtype=torch.float64)
    torch.testing.assert_close(net(x)[:, 3:4], net(x[:, 3:4]), rtol=1e-12, atol=1e-12)
    assert net.get_parameter("out.0.weight").shape == (2, 2, 3)  # those of X*3 -> X*2


def test_what_lacks_the_axis_is_the_same_at_every_index() -> None:
    net = compiled("model M(x: X*3, y: time) -> X*time*2:\n    return linear(x, y)\n")
    x, y = torch.randn(4, 3, dtype=torch.float64), torch.ones(5, dtype=torch.float64)
    result = net(x, y)
    assert result.shape == (4, 5, 2)
    torch.testing.assert_close(result, result[:, :1].expand(4, 5, 2))


MODELS = [
    "model MA(x: time*X*3) -> X*2:\n    return linear(mean[time](relu(linear[time*X*4](x))))\n",
    "model MB(x: X*time*3, y: X*3) -> X*time*3:\n    return dropout[0.1](layernorm(x)) * y + norm(x) + softmax[time](x)\n",
    "model MC(x: time*3) -> (a: 3, b: time*2):\n    h: time*2 = linear[bias=false](x, max[time](x))\n    return sum[time](x), h\n",
    "model MD(x: axis(4)*X, y: time*X*2) -> axis(4)*time*X:\n    return linear(x, y)\n",
    "model ME(x: time*X*2) -> time*X*2:\n    return linear[each=time*2](x) + linear[each=X](x)\n",
    "model MF(x: time*2) -> time*2:\n    return linear(zero[time*3](), x) + linear()\n",
]


@pytest.mark.parametrize("steps", [0, 1, 3])
@pytest.mark.parametrize("model", MODELS)
def test_every_length_and_number_of_batch_axes(model: str, steps: int) -> None:
    net = compiled(model).eval()
    for batch in ((), (2,), (0,), (2, 3)):
        shapes = [[size if isinstance(size, int) else {"n": 3, "steps": steps}[str(size)] for size in spec.sizes] for spec in net.inputs]
        given = [torch.randn(*batch, *shape, dtype=torch.float64) for shape in shapes]
        results = net(*given)
        expected = evaluate(net.program, given, dict(net.named_parameters()))
        for ours, theirs in zip(results if isinstance(results, tuple) else [results], expected, strict=True):
            torch.testing.assert_close(ours, theirs, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("model", MODELS)
def test_it_is_verified(model: str) -> None:
    report = symc.verify(compiled(model))
    assert report.ok
    assert report.error <= 1e-12


def test_one_exported_program_serves_every_length() -> None:
    net = compiled(MODELS[0])
    module = export(net).module()
    for steps in (2, 7):
        x = torch.randn(2, steps, 3, 3, dtype=torch.float64)
        torch.testing.assert_close(module(x), net(x))


def test_padded_steps_do_not_count() -> None:
    net = compiled(MODELS[0])
    x = torch.randn(2, 4, 3, 3, dtype=torch.float64)
    mask = torch.tensor([[True] * 4, [True, True, False, False]])
    torch.testing.assert_close(net(x, mask={"steps": mask})[1], net(x[1, :2]), rtol=1e-12, atol=1e-12)


def test_maps_between_such_types_are_not_solved() -> None:
    with pytest.raises(DiagnosticError, match="carried along"):
        symc.solve("axis(t)*3 -> axis(t)*2")


def test_bilinear_acts_at_every_index_alike() -> None:
    net = compiled("model M(x: time*X*2, y: X*3) -> time*X*2:\n    return bilinear(x, y)\n")
    x, y = torch.randn(5, 4, 2, dtype=torch.float64), torch.randn(4, 3, dtype=torch.float64)
    torch.testing.assert_close(net(x, y)[2:3], net(x[2:3], y), rtol=1e-12, atol=1e-12)
    assert symc.verify(net).ok
