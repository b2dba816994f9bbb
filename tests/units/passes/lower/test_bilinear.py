"""`bilinear`: the emitted module, the dense oracle and the solved basis are one map, for every kind of basis, `each`, and weights that are given."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import Any

import examination
import numpy as np
import pytest
import torch
from torch._dynamo.testing import CompileCounter

import symc
from symc.algebra.hom import Bent, Combined, Diagrams, Isotypic, Nested, Nullspace, Orbits, Split, normalisation
from symc.backends import Net
from symc.backends.eager import evaluate
from symc.backends.export import export
from symc.diagnostics import DiagnosticError
from symc.ir import tensor as t
from symc.ir.ops import Bilinear
from symc.passes import cost
from symc.passes.lower.builder import tensor_type

C3 = "matrices([[-1, -1], [1, 0]])"  # not orthogonal
SHEAR = "matrices([[1, 1], [0, 1]])"
LAYERS: dict[str, tuple[type, str, dict[str, str]]] = {
    "partition diagrams": (Diagrams, "(x: perm(P)*2, y: perm(P)^2*3) -> 2*perm(P)^2", {"P": "S(n)"}),
    "many diagrams": (Diagrams, "(x: perm(P)^2, y: perm(P)^2) -> perm(P)^2", {"P": "S(n)"}),
    "few points": (Diagrams, "(x: perm(P)^2*2, y: perm(P)) -> perm(P)*3", {"P": "S(3)"}),
    "Brauer diagrams": (Diagrams, "(x: 2*vector(P)^2, y: vector(P)^2*3) -> 2*vector(P)^2", {"P": "O(3)"}),
    "Brauer diagrams, n free": (Diagrams, "(x: 2*vector(P)^2, y: vector(P)*3) -> 2*vector(P)", {"P": "O(n)"}),
    "determinants": (Diagrams, "(x: 2*vector(P), y: vector(P)*3) -> vector(P)*4", {"P": "SO(3)"}),
    "symplectic diagrams": (Diagrams, "(x: 2*vector(P), y: vector(P)^2) -> vector(P)*3", {"P": "Sp(4)"}),
    "walled diagrams": (Diagrams, "(x: 2*vector(P), y: dual(vector(P))) -> vector(P)*dual(vector(P))*3", {"P": "GL(3)"}),
    "even diagrams": (Diagrams, "(x: vector(P)^2*2, y: vector(P)) -> vector(P)", {"P": "wreath(C(2), S(n))"}),
    "orbits": (Orbits, "(x: 2*perm(P), y: perm(P)*3) -> perm(P)*2", {"P": "C(5)"}),
    "signed orbits": (Orbits, "(x: 2*perm(P), y: perm(P)*sign(P)) -> perm(P)*3", {"P": "D(4)"}),
    "real type": (Isotypic, "(x: 2*vector(P), y: vector(P)) -> vector(P)*3", {"P": "D(3)"}),
    "irreducibles": (Isotypic, "(x: 2*irreps(P, 0..2), y: irreps(P, 0..2)) -> irreps(P, 0..2)*3", {"P": "O(3)"}),
    "not orthogonal": (Isotypic, "(x: 2*vector(P), y: vector(P)) -> vector(P)*3", {"P": C3}),
    "bent": (Bent, "(x: 2*vector(P), y: vector(P)^2) -> vector(P)*3", {"P": "C(5)"}),
    "combined": (Combined, "(x: 2*vector(P), y: vector(P)) -> vector(P)^2", {"P": "O(2, 0, 1)"}),
    "null space": (Nullspace, "(x: 2*vector(P), y: vector(P)) -> vector(P)*3", {"P": SHEAR}),
    "nested": (Nested, "(x: 2*perm(P), y: perm(P)) -> perm(P)*3", {"P": "wreath(S(2), S(3))"}),
    "two groups": (Diagrams, "(x: perm(P)*2*vector(R), y: vector(R)*perm(P)) -> perm(P)*3", {"P": "S(n)", "R": "O(3)"}),
    "sums": (Diagrams, "(x: 2*(3 + 2*vector(R)), y: 2 + vector(R)) -> (vector(R) + 2 + vector(R)^2)*2", {"R": "SO(3)"}),
    "records": (Diagrams, "(x: (a: perm(P)*2, b: 3), y: (c: perm(P), d: perm(P)^2)) -> (e: perm(P)*2, f: 3)", {"P": "S(n)"}),
    "no axes": (Diagrams, "(x: (), y: perm(P)) -> perm(P)", {"P": "S(n)"}),
}  # fmt: skip
HEAD = "group P = S(n)\ngroup R = O(3)\nrep X = perm(P)\nrep v = vector(R)\nrep H[c, L = 1] = c*irreps(R, 0..L)\n"


def layer(signature: str, groups: Mapping[str, str]) -> Net:
    return symc.bilinear(signature, groups=groups, dtype=torch.float64, generator=torch.Generator().manual_seed(0)).eval()


def model(head: str, body: str, **options: Any) -> Net:
    text = f"{HEAD}model M{head}:\n    {body}\n"
    return symc.compile(text=text, dtype=torch.float64, generator=torch.Generator().manual_seed(0), **options).eval()


def operation(net: Net) -> Bilinear:
    return next(node.op for node in net.program.nodes if isinstance(node.op, Bilinear))


def basis_of(net: Net) -> Split:
    basis = operation(net).basis
    assert basis is not None
    return basis


@pytest.mark.parametrize("name", LAYERS)
def test_passes_the_examination(name: str) -> None:
    kind, signature, groups = LAYERS[name]
    net = layer(signature, groups)
    assert any(isinstance(factor.basis, kind) for entry in basis_of(net).entries for factor in entry.basis.factors)
    assert basis_of(net).certificate.expected in (basis_of(net).dim, None)
    least = 0 if groups.get("P") == "S(n)" else 1
    examination.examine(net, layer(signature, groups), [{"n": n} for n in (least, 1, 2, 4)])


@pytest.mark.parametrize("name", ["Brauer diagrams", "orbits", "signed orbits", "irreducibles", "many diagrams"])
@pytest.mark.parametrize("dense", [0, 2**40])
def test_every_way_to_use_a_basis_is_the_same_map(name: str, dense: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """With no dense basis at all, and with as many as there can be."""
    _, signature, groups = LAYERS[name]
    usual = layer(signature, groups)
    monkeypatch.setattr(cost, "DENSE_ENTRIES", dense)
    other = layer(signature, groups)
    other.load_state_dict(usual.state_dict())
    given = examination.random_inputs(usual, {"n": 3}, (2,))
    torch.testing.assert_close(other(*given), usual(*given), rtol=1e-12, atol=1e-12)


def test_is_the_combination_of_its_basis() -> None:
    net = layer("(x: vector(R)*2 + 1, y: vector(R)) -> vector(R) + 3", {"R": "SO(3)"})
    basis, (x, y) = basis_of(net), examination.random_inputs(net, {}, (5,))
    theta = dict(net.named_parameters())["weight"].detach().numpy().ravel()
    w = np.tensordot(theta, basis.dense() * normalisation(basis, {})[:, None, None], axes=1)
    wanted = torch.einsum("oij,bi,bj->bo", torch.from_numpy(w.reshape(-1, 7, 3)), x, y)
    torch.testing.assert_close(net(x, y), wanted, rtol=1e-12, atol=1e-12)


def test_the_product_of_two_vectors_is_the_cross_product() -> None:
    net = layer("(x: vector(R), y: vector(R)) -> vector(R)", {"R": "SO(3)"})
    (x, y), (weight,) = examination.random_inputs(net, {}, (5,)), net.parameters()
    assert tuple(weight.shape) == (1, 1, 1)
    torch.testing.assert_close(net(x, y), weight.ravel() * torch.linalg.cross(x, y))


def test_the_geometric_product_is_among_the_products() -> None:
    """Blades e_S, S a subset of four axes, with e_0^2 = 1, e_i^2 = -1: e_S e_T is e of the symmetric difference, up to sign."""
    algebra = "(1 + vector(L) + alt(vector(L), 2) + alt(vector(L), 3) + alt(vector(L), 4))"
    basis = symc.solve(f"{algebra}*{algebra} -> {algebra}", groups={"L": "O(1, 3)"})
    assert basis.dim == basis.certificate.expected == 35
    blades = sorted((tuple(i for i in range(4) if s >> i & 1) for s in range(16)), key=lambda blade: (len(blade), blade))
    product = np.zeros((16, 16, 16))
    for i, s in enumerate(blades):
        for j, u in enumerate(blades):
            swaps = sum(a > b for a in s for b in u) + sum(a > 0 for a in set(s) & set(u))
            product[blades.index(tuple(sorted(set(s) ^ set(u)))), i, j] = (-1) ** swaps
    rows = basis.dense().reshape(35, -1).T
    found = rows @ np.linalg.lstsq(rows, product.ravel(), rcond=None)[0]
    np.testing.assert_allclose(found, product.ravel(), atol=1e-12)


@pytest.mark.parametrize("chosen", range(4))
@pytest.mark.parametrize("body", ["return bilinear[each=c](x, y)", "return bilinear[each=c](y, x)", "return bilinear[each=c](y, y)"])
def test_every_way_to_mix_no_channels_is_the_same_map(chosen: int, body: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Path by path, all at once, and by rows of either input."""
    head = "[c = 3](x: irreps(R, 0..2), y: H[c, 2]) -> H[c, 2]"
    usual, turn = model(head, body), itertools.count()
    monkeypatch.setattr("symc.passes.lower.bilinear._Product.seconds", lambda *_: abs(next(turn) % 4 - chosen))
    other = model(head, body)
    other.load_state_dict(usual.state_dict())
    given = examination.random_inputs(usual, {}, (2,))
    torch.testing.assert_close(other(*given), usual(*given), rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("forms", [True, False])
@pytest.mark.parametrize(
    ("head", "body"),
    [
        ("[c = 3](x: irreps(R, 0..2), y: H[c, 2]) -> H[c, 2]", "return bilinear[each=c](x, y)"),
        ("[c = 3](x: c*(1 + v + v^2)) -> c*(v^2 + 1)", "return bilinear[each=c](x, x)"),
        ("[c = 2, d = 3](x: X*c*d*v, y: d*X*v) -> X*c*d*(1 + v)", "return bilinear[each=X*c*d](x, y)"),
        ("[c = 3](x: X*c*v, y: c*v) -> X*c*(1 + v^2)", "return bilinear[each=X*c](x, y)"),
        ("[c = 3](x: c*(v + 1), y: c*v) -> c*(v + 1)", "return bilinear[each=c](x, y) + bilinear[each=c](y, y)"),
        ("(x: v + 1, y: 1 + v^2) -> v + 1", "return bilinear(x, y)"),
    ],
)
def test_products_of_pairs_are_the_same_map(forms: bool, head: str, body: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each pair of coordinates multiplied once for all targets, whatever it costs; and never."""
    usual = model(head, body)
    monkeypatch.setattr("symc.passes.lower.bilinear._Product.cheapest_way", lambda product, ways: ways[-1] if forms else product.by_target)
    other, again = model(head, body), model(head, body)
    assert any(isinstance(node.op, t.BilinearForms) for node in other.lowered.nodes) == forms
    other.load_state_dict(usual.state_dict())
    for n in (0, 1, 3):
        given = examination.random_inputs(usual, {"n": n}, (2,))
        torch.testing.assert_close(other(*given), usual(*given), rtol=1e-12, atol=1e-12)
    examination.examine(other, again, [{"n": n} for n in (0, 1, 3)])
    examination.twice_differentiable(other, {"n": 2})


def test_a_square_multiplies_each_pair_once() -> None:
    net = model("[c = 32](x: c*(1 + v + v^2)) -> c*(1 + v + v^2)", "return bilinear[each=c](x, x)")
    forms = [node for node in net.lowered.nodes if isinstance(node.op, t.BilinearForms)]
    # odd ones are s v (3) and v T without the products of three different axes (27 - 6); even ones are s s, v v, s T and T T (1 + 6 + 9 + 45)
    assert sorted(tensor_type(node.inputs[3]).shape for node in forms) == [(24,), (61,)]


def test_paths_that_mix_no_channels_share_their_products() -> None:
    net = model("[c = 32](x: irreps(R, 0..2), y: H[c, 2], d: c*11) -> H[c, 2]", "return bilinear[each=c](x, y, weights=d)")
    assert basis_of(net).dim == 11
    assert sum(isinstance(node.op, t.Einsum) for node in net.lowered.nodes) <= 9


EACH = {
    "depthwise": ("[c = 3](x: H[c], y: H[c]) -> H[c]", "return bilinear[each=c](x, y)"),
    "depthwise, one operand": ("[c = 3](x: irreps(R, 0..2), y: H[c, 2]) -> H[c, 2]", "return bilinear[each=c](x, y)"),
    "points": ("[c = 3](x: X*H[c], y: X*v) -> 2*X*v", "return bilinear[each=X](x, y)"),
    "points, one operand": ("(x: X*v, y: 4) -> X*v*2", "return bilinear[each=X](x, y)"),
    "both": ("[c = 3](x: X*H[c], y: c*X*v) -> X*c*(v + 1)", "return bilinear[each=X*c](x, y)"),
    "same": ("[c = 3](x: X*H[c]) -> X*H[c]", "return bilinear[each=X*c](x, x)"),
    "neither": ("[c = 3](x: v, y: v) -> c*1", "return bilinear[each=c](x, y)"),
    "relations between": ("[c = 2](x: X*c, y: X*c) -> X*c", "return bilinear[each=c](x, y)"),
    "given": ("[c = 3](x: X*H[c], y: X*H[1], d: X*5) -> X*H[c]", "return bilinear[each=X*c](x, y, weights=linear(d))"),
    "given for a set": ("[c = 3](x: X*H[c], y: X*H[1], d: 5) -> X*H[c]", "return bilinear[each=X*c](x, y, weights=tanh(linear[c*4](d)))"),
    "given flat": ("[c = 3](x: X*H[c], y: X*H[1], d: X*12) -> X*H[c]", "return bilinear[each=X*c](x, y, weights=d)"),
    "given without each": ("(x: v, y: 2*v, d: 5) -> 1 + v^2", "return bilinear(x, y, weights=linear(d))"),
    "given at each point": ("(x: X, y: X*2, d: X*5) -> X*3", "return bilinear[each=X](x, y, weights=linear[each=X](d))"),
    "one given weight": ("(x: v, y: v, d: 1) -> 1", "return bilinear(x, y, weights=d)"),
    "in a sum": ("[c = 4](m: 5, x: 5*v) -> c + c*v + c*(v^2)", "return linear(m, x) + bilinear(x, x)"),
}


@pytest.mark.parametrize("name", EACH)
def test_each_and_given_weights(name: str) -> None:
    net = model(*EACH[name])
    examination.examine(net, model(*EACH[name]), [{"n": n} for n in (0, 1, 3)])
    examination.twice_differentiable(net, {"n": 2})


def test_each_has_weights_of_its_own_and_mixes_nothing() -> None:
    net = model("[c = 3](x: c*(1 + v), y: 1 + v) -> c*(1 + v)", "return bilinear[each=c](x, y)")
    assert {name: tuple(p.shape) for name, p in net.named_parameters()} == {"out.0.weight": (3, 4)}
    x, y = examination.random_inputs(net, {})
    moved = net(x + torch.tensor([[0.0], [0.0], [1.0]]), y) != net(x, y)
    assert moved.any(1).tolist() == [False, False, True]


@pytest.mark.parametrize(
    ("head", "body"),
    [
        ("[c = 32](x: H[c, 2], y: H[c, 2]) -> H[c, 2]", "return bilinear(x, y)"),
        ("[c = 64](x: H[c, 2], y: irreps(R, 0..2)) -> H[c, 2]", "return bilinear[each=c](x, y)"),
        ("[c = 32](x: X*c, y: X*c) -> X*c", "return bilinear(x, y)"),
    ],
)
def test_outputs_begin_with_the_variance_of_a_linear_layer(head: str, body: str) -> None:
    net = model(head, body)
    x, y = examination.random_inputs(net, {"n": 8}, (400,))
    assert float(net(x, y).detach().var()) == pytest.approx(1 / 3, rel=0.25)


def test_given_weights_of_variance_one_keep_the_variance() -> None:
    net = model("[c = 32](x: H[c, 2], y: irreps(R, 0..2), d: c*11) -> H[c, 2]", "return bilinear[each=c](x, y, weights=d)")
    out = net(*examination.random_inputs(net, {}, (1000,))).detach()
    np.testing.assert_allclose([float(out[..., part].var()) for part in (slice(0, 1), slice(1, 4), slice(4, 9))], 1, rtol=0.1)


def test_given_weights_have_a_certificate_and_a_fingerprint() -> None:
    net = model("(x: v, y: v, d: 3) -> 1 + v^2", "return bilinear(x, y, weights=linear(d))")
    assert {layer.parameter: layer.dim for layer in symc.verify(net).layers} == {"out.0.linear.weight": 12, "out.0.linear.bias": 4, "given": 4}
    assert set(net.fingerprint) == {"out.0.linear.weight", "out.0.linear.bias", "out.0.bilinear.weight"}


def test_no_weight_is_made_for_every_sample() -> None:
    """Nothing between the inputs and the output is as large as a matrix over the channels for every sample."""
    net = model("[c = 16](x: c + c*v, y: c + c*v) -> c + c*v", "return bilinear(x, y)")
    sizes: list[int] = []

    class Sizes(torch.fx.Interpreter):
        def run_node(self, n: torch.fx.Node) -> Any:
            result = super().run_node(n)
            sizes.append(result.numel() if isinstance(result, torch.Tensor) else 0)
            return result

    given = examination.random_inputs(net, {}, (64,))
    Sizes(net.graph_module).run(*given)
    assert max(sizes) <= 64 * 3 * 16 * 16 < 64 * (16 + 48) ** 2 / 4


def test_compiles_and_exports_for_all_sizes() -> None:
    net = model("[c = 3](x: X*H[c], y: X^2*2, d: X*5) -> X*H[c]", "return bilinear[each=X*c](x, x, weights=linear(d)) + bilinear(x, y)")
    torch._dynamo.reset()
    counter = CompileCounter()
    compiled = torch.compile(net, backend=counter, fullgraph=True, dynamic=True)
    exported = export(net).module()
    for batch, n in [(7, 11), (8, 6), (9, 17)]:
        given = examination.random_inputs(net, {"n": n}, (batch,))
        torch.testing.assert_close(compiled(*given), net(*given))
        torch.testing.assert_close(exported(*given), net(*given))
    assert counter.frame_count == 1


def test_too_many_diagrams_are_refused() -> None:
    with pytest.raises(DiagnosticError, match="a bilinear map of 21,147 diagrams"):
        model("(x: X^3, y: X^3) -> X^3", "return bilinear(x, y)")


def test_too_many_weights_are_refused_before_they_are_made() -> None:
    with pytest.raises(DiagnosticError, match="E0501"):
        model("(x: 4000*v, y: 4000*v) -> 4000", "return bilinear(x, y)")


LITERATURE = {
    "tensor network": "rep cart = 1 + v + v^2 + v^3\nrep sph = irreps(R, \"2x0e + 1x1o + 1x2e + 1x3o\")\n"
    "model M[c = 1](x: c*cart, y: sph) -> sph:\n    h: c*cart = linear(y)\n    return bilinear(x, h) + linear(x)\n",
    "Clifford": "group L = O(1, 3)\nrep u = vector(L)\nrep Cl = 1 + u + alt(u, 2) + alt(u, 3) + alt(u, 4)\n"
    "model M[c = 2](x: 4*u) -> 1:\n    h: c*Cl = linear(x)\n    repeat 2:\n        h = h + bilinear(h, h)\n    return linear(h)\n",
}


@pytest.mark.filterwarnings("ignore::symc.SymcWarning")
@pytest.mark.parametrize("name", LITERATURE)
def test_models_of_the_literature(name: str) -> None:
    net = symc.compile(text=HEAD + LITERATURE[name], dtype=torch.float64, generator=torch.Generator().manual_seed(0)).eval()
    assert symc.verify(net).ok
    given = examination.random_inputs(net, {}, (2,))
    (wanted,) = evaluate(net.program, given, dict(net.named_parameters()))
    torch.testing.assert_close(net(*given), wanted, rtol=1e-11, atol=1e-11)
