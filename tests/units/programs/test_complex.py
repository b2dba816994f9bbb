"""Complex representations in modules: dtypes, weights as pairs, casts, messages."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch

import symc
from symc.backends import InputError, Net
from symc.diagnostics import DiagnosticError

TURNED = """
group U = U(1)
rep   z = irrep(U, 1)
model Turned[c = 4](x: 3*z) -> (y: 2*z, n: 5):
    h: c*z = linear(x)
    h = tanh(norm(h) + linear()) * h
    return linear(h), linear(norm(h))
"""


def test_weights_are_pairs_of_real_numbers() -> None:
    net = symc.compile(text=TURNED)
    assert {name: tuple(p.shape) for name, p in net.named_parameters()}["h.0.weight"] == (1, 4, 3, 2)
    assert all(p.dtype == torch.float32 for p in net.parameters())
    y, n = net(torch.randn(7, 3, 1, dtype=torch.complex64))
    assert (y.dtype, n.dtype) == (torch.complex64, torch.float32)


def test_casts_lose_nothing() -> None:
    text = 'group S = SU(2)\nrep s = irrep(S, "3/2")\nmodel M(x: s*irrep(S, "1")) -> 2*s:\n    return linear(x)\n'
    net = symc.compile(text=text).double()
    assert symc.verify(net).error < 1e-14
    x = torch.randn(2, 4, 3, dtype=torch.complex128)
    assert net(x).dtype == torch.complex128
    torch.testing.assert_close(net.float()(x.to(torch.complex64)), net.double()(x).to(torch.complex64), rtol=1e-5, atol=1e-5)


def test_maps_of_real_representations_have_complex_weights() -> None:
    """Hom over C of complexified representations is Hom over R, complexified."""
    net = symc.linear("complex(perm(P))*3 -> complex(perm(P))*2", groups={"P": "S(n)"}, dtype=torch.float64)
    x = torch.randn(5, 3, dtype=torch.complex128)
    weight, bias = torch.view_as_complex(net.weight.data), torch.view_as_complex(net.bias.data)
    together, alone = x.mean(0) @ weight[1].T, x @ weight[0].T
    candidates = [alone + together, x @ weight[1].T + x.mean(0) @ weight[0].T]
    assert min(float((net(x) - y - bias).detach().abs().max()) for y in candidates) < 1e-14


def test_twice_differentiable() -> None:
    net = symc.compile(text=TURNED, dtype=torch.float64)
    x = torch.randn(2, 3, 1, dtype=torch.complex128, requires_grad=True)
    assert torch.autograd.gradcheck(lambda x: net(x)[1], (x,))
    assert torch.autograd.gradgradcheck(lambda x: net(x)[1], (x,))
    zero = torch.zeros(1, 3, 1, dtype=torch.complex128, requires_grad=True)
    (gradient,) = torch.autograd.grad(net(zero)[1].sum(), zero)
    assert gradient.isfinite().all()


def test_dropout_drops_whole_numbers() -> None:
    net = symc.compile(text="model M(x: 50*complex(4)) -> 50*complex(4):\n    return dropout[0.5](x)\n").train()
    x = torch.randn(50, 4, dtype=torch.complex64)
    y = net(x)
    assert set((y / x).real.round(decimals=4).flatten().tolist()) == {0.0, 2.0}
    torch.testing.assert_close(y[y != 0], 2 * x[y != 0])


@pytest.mark.parametrize("dtype", [torch.float32, torch.complex128])
def test_inputs_of_the_wrong_numbers(dtype: torch.dtype) -> None:
    net = symc.compile(text=TURNED)
    with pytest.raises(InputError, match="its type is complex: the module takes complex64"):
        net(torch.zeros(3, 1, dtype=dtype))


def test_precisions_without_complex_numbers() -> None:
    net = symc.compile(text=TURNED, dtype=torch.bfloat16)
    with pytest.raises(InputError, match="torch has no complex numbers of bfloat16"):
        net(torch.zeros(3, 1, dtype=torch.complex64))


def test_real_numbers_are_real_already() -> None:
    with pytest.raises(DiagnosticError, match="is real already"):
        symc.compile(text="model M(x: 3) -> 3:\n    return real(x)\n")


def test_complex_copies_are_gated_and_divided_by_their_norms(examine: Callable[..., Net]) -> None:
    head = "group C1 = U(1)\nrep w = irrep(C1, 1)\n"
    net = examine(f"{head}model M(x: X*(2*w + 3*w), s_: X*5) -> (a: X*(2*w + 3*w), b: X*(2*w + 3*w)):\n    return gate(x, s_), normalize(x)\n")
    z, gates = torch.randn(4, 5, dtype=torch.complex128), torch.randn(4, 5, dtype=torch.float64)
    a, b = net(z, gates)
    torch.testing.assert_close(a, z * torch.sigmoid(gates))
    torch.testing.assert_close(b, z / z.abs())


def test_complex_numbers_without_a_group_are_not_gated(refuse: Callable[..., list[str]]) -> None:
    assert refuse("model M(x: complex(3)) -> complex(3):\n    return gate(x)\n") == ["E0340"]


def test_rmsnorm_of_complex_copies() -> None:
    net = symc.compile(text='group U = U(2)\nmodel M(x: 3*vector(U)) -> 3*vector(U):\n    return rmsnorm(x)\n', dtype=torch.float64)
    x = torch.randn(4, 3, 2, dtype=torch.complex128)
    torch.testing.assert_close(net(x), x / (x.abs() ** 2).mean((-2, -1), keepdim=True).add(1e-5).sqrt())


@pytest.mark.parametrize("written", ["3*complex(v)", "complex(3)*v", "complex(3*v)"])
def test_it_does_not_matter_which_axis_is_said_to_be_complex(written: str) -> None:
    text = f"group R = SO(3)\nrep v = vector(R)\nmodel M(x: 3*v) -> {written}:\n    h: {written} = complex(x)\n    return linear(h)\n"
    net = symc.compile(text=text)
    assert symc.verify(net).ok
    assert "complex" in repr(net)


def test_complex_weights_given_by_the_model() -> None:
    text = """
group U = U(1)
rep   z = irrep(U, 1)
model M(x: 3*z, a: complex(4)) -> 3*z:
    return bilinear(linear[2*complex(1)](complex(norm(x))), x, weights=linear(a))
"""
    net = symc.compile(text=text)
    report = symc.verify(net)
    assert report.ok, report


def test_gates_of_complex_copies_are_given() -> None:
    with pytest.raises(DiagnosticError, match="gates are real") as caught:
        symc.compile(text="group U = U(2)\nmodel M(x: 3*vector(U)) -> 3*vector(U):\n    return gate(linear(x))\n")
    assert caught.value.diagnostics[0].helps
