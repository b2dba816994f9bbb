"""`gate`: what it computes, where its gates come from, and what is refused."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor

from symc.backends import Net
from symc.ir.ops import Gate, Linear

BOTH = "(x: {0}, a: {1}) -> {0}:\n    return gate(x, a)\n"


@pytest.mark.parametrize(
    ("written", "gates"),
    [
        ("v", "()"),
        ("v", "1"),
        ("v^2", "()"),
        ("(v^2)", "1"),
        ("v*u", "()"),
        ("c*v", "c"),
        ("(c*v)", "c"),
        ("(2*v*c)", "2*c"),
        ("X*c*v", "X*c"),
        ("X*(c*v)", "X*c"),
        ("X*s", "X"),
        ("c*z", "c"),
        ("(c*q)*v", "(c*q)"),
        ("g*v", "g"),
        ("2*g*s", "2*g"),
        ("X*v*Y", "X*Y"),
        ("c + c*v", "c"),
        ("c + c*v + c*(v^2)", "c + c"),
        ("c + c*v + c*(v^2)", "2*c"),
        ("c*v + c + 3*v", "c + 3"),
        ("X*(16 + 8*v)", "X*8"),
        ("(16 + 8*v)*X", "8*X"),
        ("(2 + 3*v)*v", "2 + 3"),
        ("(2*v + 3*u)*v", "2 + 3"),
        ("(v + u)*(v + s)", "(1 + 1)*(1 + 1)"),
        ("4*(2 + v)", "4*1"),
        ("(4*(2 + 2*v))", "4*2"),
        ("X*(2 + X*v + Y)", "X*X"),
        ("X*v + Y", "X"),
        ("(X*(2 + v))*Y", "X*Y"),
    ],
)
def test_copies_are_multiplied_and_trivial_parts_go_through_silu(examine: Callable[..., Net], written: str, gates: str) -> None:
    net = examine(f"model M[c = 3]{BOTH.format(written, gates)}")
    assert not dict(net.named_parameters())


@pytest.mark.parametrize(
    ("written", "gates", "reference"),
    [
        ("v", "()", lambda x, s: x * torch.sigmoid(s)[..., None]),
        ("5*v", "5", lambda x, s: x * torch.sigmoid(s)[..., None]),
        ("X*(2 + 3*v)", "X*3", lambda x, s: torch.cat([F.silu(x[..., :2]), x[..., 2:] * torch.sigmoid(s).repeat_interleave(3, -1)], -1)),
        ("2*v + 3", "2", lambda x, s: torch.cat([x[..., :6] * torch.sigmoid(s).repeat_interleave(3, -1), F.silu(x[..., 6:])], -1)),
        ("X*v*s", "X", lambda x, s: x * torch.sigmoid(s)[..., None, None]),
        ("(2*q)*v", "(2*q)", lambda x, s: x * torch.sigmoid(s)[..., None]),
        ("X*v + 2", "X", lambda x, s: torch.cat([x[..., :-2] * torch.sigmoid(s).repeat_interleave(3, -1), F.silu(x[..., -2:])], -1)),
    ],
)
def test_against_torch(
    build: Callable[..., Net], inputs: Callable[..., list[Tensor]], written: str, gates: str, reference: Callable[[Tensor, Tensor], Tensor]
) -> None:
    net = build(f"model M{BOTH.format(written, gates)}")
    x, s = inputs(net, {"n": 4}, (2,))
    torch.testing.assert_close(net(x, s), reference(x, s), rtol=0, atol=1e-14)


def test_the_maps_inside_make_the_gates(examine: Callable[..., Net]) -> None:
    net = examine("model M[c = 2](x: X*(c + 3*v)) -> X*(c + c*v):\n    h: X*(c + c*v) = gate(linear(x))\n    return h\n")
    sizes = {name: parameter.numel() for name, parameter in net.named_parameters()}
    assert sizes == {"h.0.weight": 2 * (2 * 2 + 2 * 3 + 2 * 2), "h.0.bias": 2 + 2}  # each to itself and to the mean, trivial parts to the gates too


@pytest.mark.parametrize(
    ("expression", "names"),
    [
        ("gate(linear(h))", ["h.0"]),
        ("gate(linear[c + c*v](h))", ["h.0"]),
        ("h + gate(linear(h))", ["h.0"]),
        ("gate(h + linear(y))", ["h.0"]),
        ("gate(linear(y) - h)", ["h.0"]),
        ("gate(h - (h + linear(y)))", ["h.0"]),
        ("gate(linear(h) + linear(y))", ["h.0.linear", "h.0.linear_1"]),
        ("gate(linear[c + c*v](h) + linear(y))", ["h.0.linear", "h.0.linear_1"]),
        ("gate(linear(y) + linear[c + c*v](h))", ["h.0.linear", "h.0.linear_1"]),
        ("gate(2*(-linear(h)) / 3)", ["h.0"]),
        ("gate(norm(y) * linear(h))", ["h.0"]),
        ("gate(layernorm(linear(h)))", ["h.0.layernorm", "h.0.layernorm.gates", "h.0.linear"]),
        ("gate(dropout[0.5](linear(h)))", ["h.0"]),
        ("gate(h, linear(norm(h)))", ["h.0"]),
        ("gate(linear(h), linear(norm(h)))", ["h.0.linear", "h.0.linear_1"]),
        ("gate(gate(linear(h), linear(norm(h))), norm(h.1))", ["h.0.linear", "h.0.linear_1"]),
        ("gate(mean[X](linear(h)))", ["h.0"]),
        ("gate(Inner(linear(h)), linear(norm(h)))", ["h.0.Inner.out.0", "h.0.linear", "h.0.linear_1"]),
    ],
)
@pytest.mark.parametrize("annotated", [True, False])
def test_what_passes_a_gate_on(examine: Callable[..., Net], expression: str, names: list[str], annotated: bool) -> None:
    """With the type in the annotation, or where the expression itself says it."""
    if not annotated and not any(known in expression for known in ("[c", "h +", "- h", "h -", "(h, ")):
        return  # nothing says the type
    inner = "model Inner(x: 2 + 2*v) -> 2 + 2*v:\n    return linear(x)\n"
    net = examine(f"{inner}model M[c = 2](h: c + c*v, y: v, x: X) -> c + c*v:\n    h{': c + c*v' * annotated} = {expression}\n    return h\n")
    assert sorted({name.rpartition(".")[0] for name, _ in net.named_parameters()}) == names


def test_trivial_values_need_no_gates(build: Callable[..., Net], inputs: Callable[..., list[Tensor]]) -> None:
    net = build("model M(x: X*3, y: (2*q)) -> (a: X*3, b: (2*q)):\n    return gate(x), gate(y)\n")
    x, y = inputs(net, {"n": 3}, (2,))
    a, b = net(x, y)
    assert torch.equal(a, F.silu(x))
    assert torch.equal(b, F.silu(y))


def test_records_are_gated_entry_by_entry(examine: Callable[..., Net]) -> None:
    written = "(a: X*(2 + v), b: 3)"
    net = examine(f"model M(r: {written}) -> {written}:\n    r: {written} = gate(r + linear(r))\n    return gate(linear(r))\n")
    assert {name for name, _ in net.named_parameters()} == {"r.0.weight", "r.0.bias", "out.0.weight", "out.0.bias"}


def test_what_is_added_has_no_gates(build: Callable[..., Net], inputs: Callable[..., list[Tensor]]) -> None:
    """gate(h + linear(y)) is the value h + V(y) gated by what the map alone makes."""
    net = build("model M(h: 2*v, y: 3*v, a: 3) -> 2*v:\n    return gate(h + linear(y, a))\n")
    (gate,) = [node for node in net.program.nodes if isinstance(node.op, Gate)]
    made = next(node for node in net.program.nodes if gate.inputs[1].id in {value.id for value in node.outputs})
    assert isinstance(made.op, Linear)
    assert gate.inputs[0].id not in {value.id for value in made.outputs}


def test_gradients(build: Callable[..., Net], inputs: Callable[..., list[Tensor]]) -> None:
    net = build("model M[c = 2](x: X*(c + c*v), y: X*v) -> X*(c + c*v):\n    x = gate(linear(x, y) + x)\n    return gate(x, norm(x).1)\n")
    x, y = (item.requires_grad_() for item in inputs(net, {"n": 3}, (2,)))
    assert torch.autograd.gradcheck(net, (x, y))
    assert torch.autograd.gradgradcheck(net, (x, y))


def test_compiles_whole(build: Callable[..., Net], inputs: Callable[..., list[Tensor]]) -> None:
    net = build("model M[c = 2](x: X*(c + c*v)) -> X*(c + c*v):\n    x: X*(c + c*v) = gate(linear(x))\n    return gate(linear(x))\n")
    compiled = torch.compile(net, fullgraph=True, dynamic=True, backend="aot_eager")
    for n in (2, 5):
        (x,) = inputs(net, {"n": n}, (3,))
        torch.testing.assert_close(compiled(x), net(x), rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize(
    ("body", "codes"),
    [
        ("return gate(x)", ["E0331"]),
        ("return gate(2 * x)", ["E0331"]),
        ("return gate(gate(linear[2 + 2*v](x)))", ["E0331"]),
        ("return gate(y, y)", ["E0331"]),
        ("return gate(random())", ["E0331"]),
        ("return gate(x, x)", ["E0311"]),
        ("return gate(x, y)", ["E0311"]),
        ("return gate(x, linear[3](y))", ["E0311"]),
        ("return gate(w, linear[2](y))", ["E0330"]),
        ("return gate(linear(x))", []),
        ("h = gate(linear(x))\n    return h", ["E0310"]),
        ("return gate[2](x)", ["E0215"]),
        ("return gate(x, y, y)", ["E0215"]),
        ("return gate()", ["E0215"]),
        ("return gate(r, y)", ["E0312"]),
        ("return gate", ["E0214"]),
        ("h = gate(p, linear[()](y))\n    return x", ["E0309"]),
    ],
)
def test_refused(build: Callable[..., Net], refuse: Callable[..., list[str]], body: str, codes: list[str]) -> None:
    head = "group E = E(3)\nrep p_ = point(E)\n"
    text = f"{head}model M(x: 2 + 2*v, y: 3, w: (2 + v)*(3 + v), r: (a: v, b: v), p: p_) -> 2 + 2*v:\n    {body}\n"
    if codes:
        assert refuse(text) == codes
    else:
        build(text)
