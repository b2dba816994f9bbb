"""What every operation without weights computes, against the same written in torch; and operands that meet by type."""

from __future__ import annotations

import re
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from torch import Tensor
from torch.nn import functional as F

from symc.backends import Net

INPUTS = {
    "x": "X*3",
    "y": "X*3",
    "w": "X",
    "o": "X*1",
    "k": "Y",
    "b": "3",
    "t": "()",
    "l": "1",
    "V": "X*2*v",
    "a": "2*v",
    "f": "v",
    "S": "X*(2 + 2*v)",
    "Z": "X*Y*3",
    "e": "X^2",
    "E": "X*X*3",
    "d": "2*3",
    "h": "X*2",
    "i": "2*g",
    "j": "z",
    "p": "s",
    "C": "X*c*d_",
    "cc": "c",
    "dd": "d_",
    "row": "3*X",
    "B": "X*v",
    "QQ": "(2*q)*g",
    "XX": "(X*X)*2",
    "W": "X*(2*v)",
    "N": "2*(v^2)",
    "L": "(X + 2)*3",
}
EPS = 1e-5


def centred(x: Tensor, axes: Any = -1) -> Tensor:
    x = x - x.mean(axes, keepdim=True)
    return x / torch.sqrt((x**2).mean(axes, keepdim=True) + EPS)


def scaled(x: Tensor, axes: Any = (-2, -1)) -> Tensor:
    """Divided by the root mean square over copies and coordinates."""
    return x / torch.sqrt((x**2).mean(axes, keepdim=True) + EPS)


def unit(x: Tensor, axes: Any = -1) -> Tensor:
    return x / torch.linalg.vector_norm(x, dim=axes, keepdim=True)


def empty_max(x: Tensor, axis: int) -> Tensor:
    return x.amax(axis) if x.shape[axis] else x.sum(axis)


def empty_mean(x: Tensor, axis: int) -> Tensor:
    return x.mean(axis) if x.shape[axis] else x.sum(axis)


@pytest.mark.parametrize(
    ("expression", "result", "reference"),
    [
        # pointwise functions and powers
        ("relu(x)", "X*3", lambda i: F.relu(i.x)),
        ("gelu(x)", "X*3", lambda i: F.gelu(i.x)),
        ("silu(x)", "X*3", lambda i: F.silu(i.x)),
        ("tanh(p)", "s", lambda i: torch.tanh(i.p)),
        ("sigmoid(i)", "2*g", lambda i: torch.sigmoid(i.i)),
        ("softplus(x)", "X*3", lambda i: F.softplus(i.x)),
        ("elu(x)", "X*3", lambda i: F.elu(i.x)),
        ("leaky_relu(x)", "X*3", lambda i: F.leaky_relu(i.x)),
        ("abs(norm(a))", "2", lambda i: i.a.norm(dim=-1)),
        ("log(exp(x))", "X*3", lambda i: i.x),
        ("sqrt(x^2)", "X*3", lambda i: i.x.abs()),
        ("sin(x)^2 + cos(x)^2", "X*3", lambda i: torch.ones_like(i.x)),
        ("atan(j)", "z", lambda i: torch.atan(i.j)),
        ("-V", "X*2*v", lambda i: -i.V),
        ("x^3", "X*3", lambda i: i.x**3),
        ("x^1", "X*3", lambda i: i.x),
        ("j^3", "z", lambda i: i.j**3),
        # numbers
        ("2*x", "X*3", lambda i: 2 * i.x),
        ("x*2", "X*3", lambda i: 2 * i.x),
        ("x/3", "X*3", lambda i: i.x / 3),
        ("V/3", "X*2*v", lambda i: i.V / 3),
        ("1/(1 + x^2)", "X*3", lambda i: 1 / (1 + i.x**2)),
        ("1 - x", "X*3", lambda i: 1 - i.x),
        ("x + 0.5", "X*3", lambda i: i.x + 0.5),
        ("(1/2)*x", "X*3", lambda i: 0.5 * i.x),
        ("c*x/d_", "X*3", lambda i: i.x),
        ("-(2*x) - -x", "X*3", lambda i: -i.x),
        ("2^3*x", "X*3", lambda i: 8 * i.x),
        ("t + 1", "()", lambda i: i.t + 1),
        ("-x^2", "X*3", lambda i: -(i.x**2)),
        ("2*x^2/4", "X*3", lambda i: i.x**2 / 2),
        ("x/2*y", "X*3", lambda i: i.x / 2 * i.y),
        ("x - y - x", "X*3", lambda i: -i.y),
        ("x - (y - x)", "X*3", lambda i: 2 * i.x - i.y),
        ("6/3/2*x - -y", "X*3", lambda i: i.x + i.y),
        ("x^(1 + 1)", "X*3", lambda i: i.x**2),
        ("(1 + x^2)^(1/2)", "X*3", lambda i: torch.sqrt(1 + i.x**2)),
        ("(1 + x^2)^(-1.5)", "X*3", lambda i: (1 + i.x**2) ** -1.5),
        ("sign(x) * abs(x)", "X*3", lambda i: i.x),
        # operands met by type
        ("x + y", "X*3", lambda i: i.x + i.y),
        ("x * y", "X*3", lambda i: i.x * i.y),
        ("x + b", "X*3", lambda i: i.x + i.b[:, None, :]),
        ("b + x", "X*3", lambda i: i.x + i.b[:, None, :]),
        ("x * w", "X*3", lambda i: i.x * i.w[..., None]),
        ("w * x", "X*3", lambda i: i.x * i.w[..., None]),
        ("x + w", "X*3", lambda i: i.x + i.w[..., None]),
        ("o * x", "X*3", lambda i: i.x * i.o),
        ("x - t", "X*3", lambda i: i.x - i.t[:, None, None]),
        ("l * x", "X*3", lambda i: i.x * i.l[:, None, :]),
        ("l + t", "1", lambda i: i.l + i.t[:, None]),
        ("t * V", "X*2*v", lambda i: i.V * i.t[:, None, None, None]),
        ("w * V", "X*2*v", lambda i: i.V * i.w[..., None, None]),
        ("h * V", "X*2*v", lambda i: i.V * i.h[..., None]),
        ("V * h", "X*2*v", lambda i: i.V * i.h[..., None]),
        ("V / (1 + norm(V))", "X*2*v", lambda i: i.V / (1 + i.V.norm(dim=-1, keepdim=True))),
        ("a + V", "X*2*v", lambda i: i.V + i.a[:, None]),
        ("V - f", "X*2*v", lambda i: i.V - i.f[:, None, None]),
        ("V - B", "X*2*v", lambda i: i.V - i.B[:, :, None]),
        ("w * f", "X*v", lambda i: i.w[..., None] * i.f[:, None]),
        ("o * f", "X*v", lambda i: i.o * i.f[:, None]),
        ("x + Z", "X*Y*3", lambda i: i.Z + i.x[:, :, None]),
        ("Z * k", "X*Y*3", lambda i: i.Z * i.k[:, None, :, None]),
        ("w + b", "X*3", lambda i: i.w[..., None] + i.b[:, None]),
        ("b + w", "X*3", lambda i: i.w[..., None] + i.b[:, None]),
        ("w + k", "X*Y", lambda i: i.w[:, :, None] + i.k[:, None]),
        ("w + k", "Y*X", lambda i: i.w[:, None] + i.k[:, :, None]),
        ("w * k * b", "X*Y*3", lambda i: i.w[:, :, None, None] * i.k[:, None, :, None] * i.b[:, None, None]),
        ("b / (9 + w * k / 2)", "X*Y*3", lambda i: i.b[:, None, None] / (9 + (i.w[:, :, None] * i.k[:, None])[..., None] / 2)),
        ("(w - k) * (k + w)", "Y*X", lambda i: i.w[:, None] ** 2 - i.k[:, :, None] ** 2),
        ("x - k", "X*Y*3", lambda i: i.x[:, :, None] - i.k[:, None, :, None]),
        ("C + cc", "X*c*d_", lambda i: i.C + i.cc[:, None, :, None]),
        ("C + dd", "X*c*d_", lambda i: i.C + i.dd[:, None, None, :]),
        ("E + e", "X*X*3", lambda i: i.E + i.e[..., None]),
        ("E + b", "X*X*3", lambda i: i.E + i.b[:, None, None]),
        ("row + b", "3*X", lambda i: i.row + i.b[:, :, None]),
        ("row + w", "3*X", lambda i: i.row + i.w[:, None]),
        # norms
        ("norm(f)", "()", lambda i: i.f.norm(dim=-1)),
        ("norm(V)", "X*2", lambda i: i.V.norm(dim=-1)),
        ("norm(V)^2", "X*2", lambda i: (i.V**2).sum(-1)),
        ("norm(S)", "X*4", lambda i: torch.cat([i.S[..., :2].abs(), i.S[..., 2:].reshape(*i.S.shape[:2], 2, 3).norm(dim=-1)], -1)),
        ("norm(x)", "X*3", lambda i: i.x.abs()),
        ("norm(j)", "()", lambda i: i.j.norm(dim=-1)),
        ("norm(p)", "()", lambda i: i.p.abs().squeeze(-1)),
        ("norm(QQ)", "(2*q)*g", lambda i: i.QQ.abs()),
        ("norm(XX)", "(X*X)*2", lambda i: i.XX.abs()),
        ("norm(W)", "X*2", lambda i: i.W.unflatten(-1, (2, 3)).norm(dim=-1)),
        ("norm(N)", "2", lambda i: i.N.norm(dim=-1)),
        ("norm(concat(W, x))", "X*(2 + 3)", lambda i: torch.cat([i.W.unflatten(-1, (2, 3)).norm(dim=-1), i.x.abs()], -1)),
        # pooling and softmax
        ("sum[(X*X)](XX)", "2", lambda i: i.XX.sum(1)),
        ("softmax[(X*X)](XX)", "(X*X)*2", lambda i: torch.softmax(i.XX, 1)),
        ("max[(2*q)](QQ)", "g", lambda i: i.QQ.amax(1)),
        ("mean[X + 2](L)", "3", lambda i: i.L.mean(1)),
        ("sum[X](x)", "3", lambda i: i.x.sum(1)),
        ("mean[X](x)", "3", lambda i: empty_mean(i.x, 1)),
        ("max[X](x)", "3", lambda i: empty_max(i.x, 1)),
        ("sum[X](V)", "2*v", lambda i: i.V.sum(1)),
        ("mean[X](S).1", "2*v", lambda i: empty_mean(i.S[..., 2:], 1).reshape(-1, 2, 3)),
        ("max[Y](Z)", "X*3", lambda i: empty_max(i.Z, 2)),
        ("sum[X*Y](Z)", "3", lambda i: i.Z.sum((1, 2))),
        ("sum[Y*X](Z)", "3", lambda i: i.Z.sum((1, 2))),
        ("mean[3](x)", "X", lambda i: i.x.mean(-1)),
        ("max[g](i)", "2", lambda i: i.i.amax((-2, -1))),
        ("mean[c](C)", "X*d_", lambda i: i.C.mean(2)),
        ("sum[d_](C)", "X*c", lambda i: i.C.sum(3)),
        ("softmax[X](x)", "X*3", lambda i: torch.softmax(i.x, 1)),
        ("softmax[3](x)", "X*3", lambda i: torch.softmax(i.x, 2)),
        ("softmax[Y](Z)", "X*Y*3", lambda i: torch.softmax(i.Z, 2)),
        ("sum[X](softmax[X](x) * y)", "3", lambda i: (torch.softmax(i.x, 1) * i.y).sum(1)),
        ("softmax[g](i)", "2*g", lambda i: torch.softmax(i.i.flatten(-2), -1).reshape(i.i.shape)),
        # sums and projections
        ("concat(x, y)", "X*6", lambda i: torch.cat([i.x, i.y], -1)),
        ("concat(x, h, o)", "X*(3 + 2 + 1)", lambda i: torch.cat([i.x, i.h, i.o], -1)),
        ("concat(h, S)", "X*(2 + 2 + 2*v)", lambda i: torch.cat([i.h, i.S], -1)),
        ("concat(S, h).2", "X*2", lambda i: i.h),
        ("concat(V, V)", "X*4*v", lambda i: torch.cat([i.V, i.V], 2)),
        ("concat(row, row)", "6*X", lambda i: torch.cat([i.row, i.row], 1)),
        ("S.0", "X*2", lambda i: i.S[..., :2]),
        ("S.1", "X*2*v", lambda i: i.S[..., 2:].reshape(*i.S.shape[:2], 2, 3)),
        ("concat(b, l)", "4", lambda i: torch.cat([i.b, i.l], -1)),
        ("concat(f, b).0", "v", lambda i: i.f),
        # dot products
        ("dot[3](x, b)", "X", lambda i: (i.x * i.b[:, None]).sum(-1)),
        ("dot[3](x, y)", "X", lambda i: (i.x * i.y).sum(-1)),
        ("dot[X](x, h)", "3*2", lambda i: i.x.mT @ i.h),
        ("dot[X](h, x)", "3*2", lambda i: i.x.mT @ i.h),
        ("dot[X*3](x, y)", "()", lambda i: (i.x * i.y).sum((1, 2))),
        ("dot[v](V, a)", "X*2", lambda i: (i.V * i.a[:, None]).sum(-1)),
        ("dot[v](B, V)", "X*2", lambda i: (i.V * i.B[:, :, None]).sum(-1)),
        ("dot[2*v](V, a)", "X", lambda i: (i.V * i.a[:, None]).sum((-1, -2))),
        ("dot[v](f, f)", "()", lambda i: (i.f**2).sum(-1)),
        ("dot[2 + 2*v](S, S)", "X", lambda i: (i.S**2).sum(-1)),
        ("dot[g](i, i)", "2", lambda i: (i.i**2).sum((-1, -2))),
        ("dot[3](x, Z)", "X*Y", lambda i: (i.x[:, :, None] * i.Z).sum(-1)),
        ("dot[X*3](x, Z)", "Y", lambda i: (i.x[:, :, None] * i.Z).sum((1, 3))),
        ("dot[1](o, l)", "X", lambda i: i.o[..., 0] * i.l),
        ("dot[c](C, cc)", "X*d_", lambda i: (i.C * i.cc[:, None, :, None]).sum(2)),
        ("dot[d_](C, cc)", "X*c", lambda i: (i.C * i.cc[:, None, None]).sum(3)),
        ("dot[3](outer(w, b), outer(k, b))", "X*Y", lambda i: i.w[:, :, None] * i.k[:, None] * (i.b**2).sum(-1)[:, None, None]),
        ("dot[3](outer(w, b), outer(k, b))", "Y*X", lambda i: i.k[:, :, None] * i.w[:, None] * (i.b**2).sum(-1)[:, None, None]),
        ("dot[z](outer(b, j), outer(cc, j))", "3*c", lambda i: i.b[:, :, None] * i.cc[:, None] * (i.j**2).sum(-1)[:, None, None]),
        # weights
        ("mean[X](x, weights=softmax[X](w))", "3", lambda i: (torch.softmax(i.w, 1)[..., None] * i.x).sum(1)),
        ("mean[X](V, weights=w^2)", "2*v", lambda i: torch.einsum("bn,bncv->bcv", i.w**2 / (i.w**2).sum(1, keepdim=True), i.V)),
        ("mean[X](x, weights=0*w)", "3", lambda i: 0 * i.x.sum(1)),
        ("mean[X](x, weights=exp(h))", "2*3", lambda i: torch.softmax(i.h, 1).mT @ i.x),
        ("mean[X](x, weights=exp(x))", "3", lambda i: (torch.softmax(i.x, 1) * i.x).sum(1)),
        ("mean[3](x, weights=exp(b))", "X", lambda i: (i.x * torch.softmax(i.b, -1)[:, None]).sum(-1)),
        ("mean[X](x, weights=exp(sum[3](Z)))", "Y*3", lambda i: torch.softmax(i.Z.sum(-1), 1).mT @ i.x),
        ("sum[X](V, weights=w)", "2*v", lambda i: (i.w[..., None, None] * i.V).sum(1)),
        # layouts
        ("outer(b, f)", "3*v", lambda i: i.b[:, :, None] * i.f[:, None]),
        ("outer(f, f)", "v*v", lambda i: i.f[:, :, None] * i.f[:, None]),
        ("outer(w, t, l, f)", "X*1*v", lambda i: i.w[..., None, None] * i.f[:, None, None] * (i.t[:, None] * i.l)[:, None, :, None]),
        ("outer(S, k)", "X*(2 + 2*v)*Y", lambda i: i.S[..., None] * i.k[:, None, None]),
        ("outer(i, w)", "2*g*X", lambda i: i.i[..., None] * i.w[:, None, None, None]),
        ("flat(V)", "(X*2*v)", lambda i: i.V.flatten(1)),
        ("flat(t)", "1", lambda i: i.t[:, None]),
        ("flat(i)", "(2*g)", lambda i: i.i.flatten(1)),
        ("flat(linear[(p: 2, q: v)](d, f)).1", "v", lambda i: i.f),
        ("rearrange(x)", "3*X", lambda i: i.x.mT),
        ("rearrange(C)", "d_*X*c", lambda i: i.C.permute(0, 3, 1, 2)),
        ("rearrange(C)", "X*d_*c", lambda i: i.C.mT),
        ("rearrange(C)", "X*(c*d_)", lambda i: i.C.flatten(2)),
        ("rearrange(C)", "X*(d_*c)", lambda i: i.C.mT.flatten(2)),
        ("rearrange[c*X*d_](rearrange[X*(c*d_)](C))", "c*X*d_", lambda i: i.C.transpose(1, 2)),
        ("rearrange(Z)", "(Y*3)*X", lambda i: i.Z.permute(0, 2, 3, 1).flatten(1, 2)),
        ("rearrange(E)", "(X*X)*3", lambda i: i.E.flatten(1, 2)),
        ("rearrange(S)", "(2 + 2*v)*X", lambda i: i.S.mT),
        ("rearrange(i)", "g*2", lambda i: i.i.permute(0, 2, 3, 1)),
        ("rearrange(QQ)", "g*q*2", lambda i: i.QQ.unflatten(1, (2, 8)).permute(0, 3, 4, 2, 1)),
        ("rearrange(o)", "X", lambda i: i.o[..., 0]),
        ("rearrange(t)", "1*1", lambda i: i.t[:, None, None]),
        ("x + rearrange(row)", "X*3", lambda i: i.x + i.row.mT),
        ("sum[X](rearrange(row))", "3", lambda i: i.row.sum(-1)),
        # division by norms
        ("normalize(f)", "v", lambda i: unit(i.f)),
        ("normalize(V)", "X*2*v", lambda i: unit(i.V)),
        ("normalize(W)", "X*(2*v)", lambda i: unit(i.W.unflatten(-1, (2, 3))).flatten(-2)),
        ("normalize(N)", "2*(v^2)", lambda i: unit(i.N)),
        ("normalize(S)", "X*(2 + 2*v)", lambda i: torch.cat([torch.sign(i.S[..., :2]), unit(i.S[..., 2:].unflatten(-1, (2, 3))).flatten(-2)], -1)),
        ("normalize(x)", "X*3", lambda i: torch.sign(i.x)),
        ("normalize(j)", "z", lambda i: unit(i.j)),
        ("normalize(p)", "s", lambda i: torch.sign(i.p)),
        ("normalize(0 * f)", "v", lambda i: 0 * i.f),
        ("normalize(outer(f, p))", "v*s", lambda i: unit(i.f[:, :, None] * i.p[:, None], (-2, -1))),
        ("norm(V) * normalize(V)", "X*2*v", lambda i: i.V),
        # normalisation, with weights 1 and biases 0
        ("layernorm(x)", "X*3", lambda i: centred(i.x)),
        ("layernorm(b)", "3", lambda i: centred(i.b)),
        ("layernorm(V)", "X*2*v", lambda i: scaled(i.V)),
        ("layernorm(d)", "2*3", lambda i: centred(i.d, (-2, -1))),
        (
            "layernorm(S)",
            "X*(2 + 2*v)",
            lambda i: torch.cat([centred(i.S[..., :2]), scaled(i.S[..., 2:].reshape(*i.S.shape[:2], 2, 3)).flatten(-2)], -1),
        ),
        ("rmsnorm(x)", "X*3", lambda i: scaled(i.x, -1)),
        ("rmsnorm(b)", "3", lambda i: scaled(i.b, -1)),
        ("rmsnorm(V)", "X*2*v", lambda i: scaled(i.V)),
        ("rmsnorm(row)", "3*X", lambda i: scaled(i.row, 1)),
        ("rmsnorm(S)", "X*(2 + 2*v)", lambda i: torch.cat([scaled(i.S[..., :2], -1), scaled(i.S[..., 2:], -1)], -1)),
        ("layernorm(Z)", "X*Y*3", lambda i: centred(i.Z)),
        ("layernorm(row)", "3*X", lambda i: centred(i.row, 1)),
        ("layernorm(i)", "2*g", lambda i: centred(i.i, 1)),
        ("dropout[0.5](S)", "X*(2 + 2*v)", lambda i: i.S),
    ],
)
def test_values(
    examine: Callable[..., Net], inputs: Callable[..., list[Tensor]], expression: str, result: str, reference: Callable[..., Tensor]
) -> None:
    used = [name for name in INPUTS if re.search(rf"\b{name}\b(?![(\[])", expression)]
    taken = ", ".join(f"{name}: {INPUTS[name]}" for name in used)
    net = examine(f"model M[c = 2, d_ = 2]({taken}) -> {result}:\n    r: {result} = {expression}\n    return r\n")
    for name, parameter in net.named_parameters():
        torch.nn.init.constant_(parameter, float(name.endswith("weight")))
    for sizes in ({"n": 5, "m": 2}, {"n": 1, "m": 3}, {"n": 0, "m": 4}):
        given = inputs(net, sizes, (2,))
        torch.testing.assert_close(net(*given), reference(SimpleNamespace(**dict(zip(used, given, strict=True)))), rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize(("expression", "second"), [("norm(f)", 0.0), ("norm(f)^2", 2.0), ("norm(concat(f, b))", 0.0), ("norm(concat(f, b))^2", 2.0)])
def test_norms_at_zero(build: Callable[..., Net], expression: str, second: float) -> None:
    """0 there, with zero first and second derivatives; a square takes no root, so its second derivative is that of a square."""
    net = build(f"model M(f: v, b: 3) -> ():\n    r = {expression}\n    return {'r' if 'b' not in expression else 'sum[1 + 3](r)'}\n")
    f, b = torch.zeros(3, dtype=torch.float64, requires_grad=True), torch.zeros(3, dtype=torch.float64)
    y = net(f, b)
    (gradient,) = torch.autograd.grad(y, f, create_graph=True)
    rows = [torch.autograd.grad(component, f, retain_graph=True)[0] for component in gradient]
    assert y == 0
    assert not gradient.any()
    assert torch.equal(torch.stack(rows), second * torch.eye(3, dtype=torch.float64))


def test_normalize_is_flat_at_zero(build: Callable[..., Net]) -> None:
    """0 at 0, with zero first and second derivatives; beside it the usual ones."""
    net = build("model M(a: 2*v) -> 2*v:\n    return normalize(a)\n")
    a = torch.tensor([[[0.0, 0.0, 0.0], [3.0, 0.0, 4.0]]], dtype=torch.float64, requires_grad=True)
    out = net(a)
    (first,) = torch.autograd.grad(out.sum(), a, create_graph=True)
    (second,) = torch.autograd.grad(first.square().sum() + first.sum(), a)
    torch.testing.assert_close(out, torch.tensor([[[0, 0, 0], [0.6, 0, 0.8]]], dtype=torch.float64), rtol=0, atol=1e-15)
    assert not first[:, 0].any()
    assert not second[:, 0].any()
    expected = torch.autograd.functional.jacobian(lambda x: (x / x.norm()).sum(), a[0, 1].detach())
    torch.testing.assert_close(first[0, 1], expected)
