"""A layer for every kind of basis: the emitted module, the dense oracle and the solved basis itself are one map, and equivariant."""

from __future__ import annotations

import numpy as np
import pytest
import torch

import symc
from symc.algebra import sizes as sz
from symc.algebra.elements import sample
from symc.algebra.hom import Affine, Bent, Combined, Diagrams, Isotypic, Nested, Nullspace, Orbits, normalisation
from symc.backends import Net
from symc.backends.eager import evaluate
from symc.diagnostics import DiagnosticError
from symc.ir.ops import Linear
from symc.ir.types import Type
from symc.passes import cost
from symc.passes.lower import dense
from symc.verification.sample import transform

C3 = "matrices([[-1, -1], [1, 0]])"  # not orthogonal
SHEAR = "matrices([[1, 1], [0, 1]])"
FREE = {"S(n)", "wreath(C(2), S(n))"}
THIRDS = "semidirect(T(2), C(3), by=vector(C(3)))"

LAYERS: dict[str, tuple[type, str, dict[str, str]]] = {
    "partition diagrams": (Diagrams, "perm(P)^2*3 -> 2*perm(P)^2", {"P": "S(n)"}),
    "few points": (Diagrams, "perm(P)^2*3 -> perm(P)^2*2", {"P": "S(3)"}),
    "jellyfish diagrams": (Diagrams, "perm(P)^2*2 -> perm(P)*3", {"P": "A(3)"}),
    "Brauer diagrams": (Diagrams, "2*vector(P)^3 -> 3*vector(P)", {"P": "O(3)"}),
    "determinants": (Diagrams, "2*vector(P)^2 -> vector(P)*3", {"P": "SO(3)"}),
    "symplectic diagrams": (Diagrams, "2*vector(P)^3 -> vector(P)*3", {"P": "Sp(4)"}),
    "walled diagrams": (Diagrams, "2*vector(P)*dual(vector(P)) -> vector(P)*dual(vector(P))*3", {"P": "GL(3)"}),
    "even diagrams": (Diagrams, "vector(P)^2*2 -> vector(P)^2", {"P": "wreath(C(2), S(n))"}),
    "orbits": (Orbits, "2*perm(P)^2 -> perm(P)*3", {"P": "C(5)"}),
    "signed orbits": (Orbits, "2*perm(P)*sign(P) -> perm(P)^2*3", {"P": "D(4)"}),
    "real type": (Isotypic, "2*vector(P) -> perm(P)*3", {"P": "D(5)"}),
    "complex type": (Isotypic, "2*vector(P)^2 -> vector(P)^2*3", {"P": "C(5)"}),
    "not orthogonal": (Isotypic, "2*vector(P)^2 -> vector(P)*3", {"P": C3}),
    "quaternionic type": (Isotypic, "2*real(vector(P)) -> real(vector(P))*2", {"P": "SU(2)"}),
    "bent": (Bent, "2*vector(P)^3 -> vector(P)*3", {"P": "C(5)"}),
    "bent from nothing": (Bent, "2 -> vector(P)^3*3", {"P": "C(3)"}),
    "bent, not orthogonal": (Bent, "2*vector(P)^3 -> vector(P)*3", {"P": C3}),
    "combined": (Combined, "2*vector(P)^2 -> vector(P)^2*3", {"P": "O(2, 0, 1)"}),
    "null space": (Nullspace, "2*vector(P)^2 -> vector(P)*3", {"P": SHEAR}),
    "nested": (Nested, "2*perm(P)^2 -> perm(P)*3", {"P": "wreath(S(2), S(3))"}),
    "nested with determinants": (Nested, "2*vector(P)^2 -> vector(P)*3", {"P": "wreath(SO(3), S(2))"}),
    "two groups": (Isotypic, "perm(P)*2*vector(R) -> vector(R)*3*perm(P)", {"P": "S(n)", "R": "C(5)"}),
    "sums": (Isotypic, "2*(3 + 2*vector(R)) -> (vector(R) + 2 + vector(R)^2)*2", {"R": "C(3)"}),
    "records": (Diagrams, "(a: perm(P)*2, b: 3*perm(P)^2, c: 2) -> (d: perm(P)^2, e: 3)", {"P": "S(n)"}),
    "points": (Diagrams, "3*point(M) -> 2*point(M)", {"M": "E(3)"}),
    "one point": (Diagrams, "point(M) -> point(M)", {"M": "E(3)"}),
    "points and vectors": (Diagrams, "(x: 2*point(M), v: 3*vector(M)) -> (y: point(M)*1, w: 2*vector(M))", {"M": "SE(3)"}),
    "sets of points": (Diagrams, "(x: perm(P)*point(M), h: perm(P)*2) -> (y: perm(P)*point(M), k: 3)", {"P": "S(n)", "M": "E(2)"}),
    "points of a finite group": (Isotypic, "2*point(M) -> point(M)*3", {"M": THIRDS}),
}  # fmt: skip


def layer(signature: str, groups: dict[str, str], **options: object) -> Net:
    return symc.linear(signature, groups=groups, dtype=torch.float64, generator=torch.Generator().manual_seed(0), **options).eval()  # type: ignore[arg-type]


def operation(net: Net) -> Linear:
    (node,) = net.program.nodes
    assert isinstance(node.op, Linear)
    return node.op


def run(net: Net, n: int) -> tuple[list[torch.Tensor], list[torch.Tensor]]:
    """Random inputs with two batch axes, and the outputs."""
    generator = torch.Generator().manual_seed(1)
    shapes = [[sz.number(size, {"n": n}) for size in spec.sizes] for spec in net.inputs]
    given = [torch.randn(2, 3, *shape, dtype=torch.float64, generator=generator) for shape in shapes]
    with torch.no_grad():
        out = net(*given)
    return given, outputs(out)


def outputs(out: object) -> list[torch.Tensor]:
    return list(out) if isinstance(out, tuple) else [out]  # type: ignore[list-item]


SIZES = [(name, n) for name, (_, _, groups) in LAYERS.items() for n in ((1, 2, 4) if FREE & {*groups.values()} else (1,))]


@pytest.mark.parametrize(("name", "n"), SIZES)
def test_module_oracle_and_basis_are_one_map(name: str, n: int) -> None:
    kind, signature, groups = LAYERS[name]
    net = layer(signature, groups)
    basis = operation(net).basis
    assert basis is not None
    linear = basis.linear if isinstance(basis, Affine) else basis
    assert any(isinstance(factor.basis, kind) for entry in linear.entries for factor in entry.basis.factors)
    given, found = run(net, n)
    parameters = dict(net.named_parameters())
    for one, other in zip(found, evaluate(net.program, given, parameters), strict=True):
        torch.testing.assert_close(one, other, rtol=1e-12, atol=1e-12)
    # the basis: coordinates row-major, diagrams as means
    theta = parameters["weight"].detach().numpy().reshape(basis.dim) if "weight" in parameters else np.zeros(0)
    scale = 1.0 if isinstance(basis, Affine) else normalisation(linear, {"n": n})[:, None, None]
    w = np.tensordot(theta, basis.dense({"n": n}) * scale, axes=1) + (basis.origin({"n": n}) if isinstance(basis, Affine) else 0)
    flat = np.concatenate([x.numpy().reshape(6, -1) for x in given], axis=1) @ w.T
    if (bias := operation(net).bias_basis) is not None and bias.dim:
        flat = flat + np.tensordot(parameters["bias"].detach().numpy().ravel(), bias.dense({"n": n})[..., 0], axes=1)
    ours = np.concatenate([y.numpy().reshape(6, -1) for y in found], axis=1)
    np.testing.assert_allclose(ours, flat, rtol=0, atol=1e-12 * max(1.0, np.abs(flat).max()))


@pytest.mark.parametrize("name", LAYERS)
def test_layers_are_equivariant(name: str) -> None:
    _, signature, groups = LAYERS[name]
    net, n = layer(signature, groups), 3
    given, found = run(net, n)
    types = [[value.type.at({"n": n}) for value in values if isinstance(value.type, Type)] for values in (net.program.inputs, net.program.outputs)]
    rng = np.random.default_rng(2)
    for _ in range(3):
        element = sample([group.at({"n": n}) for group in net.program.groups], rng)
        moved, wanted = (
            [transform(item, element, x.flatten(0, 1).numpy()).reshape(2, 3, *item.shape) for item, x in zip(side, values, strict=True)]
            for side, values in zip(types, (given, found), strict=True)
        )
        with torch.no_grad():
            ours = outputs(net(*map(torch.as_tensor, moved)))
        for one, other in zip(ours, wanted, strict=True):
            scale = max(1.0, *(float(np.abs(x).max()) for x in (*moved, other)))
            np.testing.assert_allclose(one.numpy(), other, rtol=0, atol=1e-11 * scale)


@pytest.mark.parametrize("name", ["complex type", "not orthogonal", "quaternionic type", "bent", "bent, not orthogonal", "sums"])
def test_blocks_and_basis_tensors_are_one_map(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a basis is too large to be written out its blocks are multiplied instead."""
    _, signature, groups = LAYERS[name]
    _, whole = run(layer(signature, groups), 1)
    monkeypatch.setattr(dense, "DENSE_ENTRIES", 0)
    _, blocks = run(layer(signature, groups), 1)
    for one, other in zip(whole, blocks, strict=True):
        torch.testing.assert_close(one, other, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("channels", ["", "*2"])
def test_a_large_basis_is_not_written_out(channels: str) -> None:
    """924 maps of 64 x 64, with channels and without: what is held is small, and the map is that of the basis."""
    net = layer(f"vector(P)^6 -> vector(P)^6{channels}", {"P": "C(7)"})
    entries = symc.solve("vector(P)^6 -> vector(P)^6", groups={"P": "C(7)"}).dim * 64 * 64
    assert entries > cost.DENSE_ENTRIES
    assert sum(buffer.numel() for buffer in net.graph_module.buffers()) < entries / 50
    x = torch.randn(3, *(2,) * 6, dtype=torch.float64)
    (wanted,) = evaluate(net.program, [x], dict(net.named_parameters()), limit_bytes=2**32)
    torch.testing.assert_close(net(x), wanted, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize(
    ("signature", "group", "code"),
    [
        ("perm(P) -> perm(P)", "wreath(S(2), S(n))", "E0401"),  # nested diagrams, and determinants or forms, need a number
        ("vector(P)^2 -> vector(P)^2", "Sp(n)", "E0401"),
    ],
)
def test_what_needs_a_number_in_a_module(signature: str, group: str, code: str) -> None:
    assert symc.solve(signature, groups={"P": group}).dim
    with pytest.raises(DiagnosticError) as caught:
        symc.linear(signature, groups={"P": group})
    assert [found.code for found in caught.value.diagnostics] == [code]
    assert caught.value.diagnostics[0].helps


def test_too_many_entries_for_a_module() -> None:
    """Listed orbits can be counted and shown, and not applied."""
    group = {"P": 'permutations("(0 1 2 3 4 5 6 7 8 9 10)", "(2 6 10 7)(3 9 4 5)")'}
    signature = "perm(P)^2 -> perm(P)^2"
    assert symc.solve(signature, groups=group, memory_limit=10**5).method == "orbits by point stabilizers"
    with pytest.raises(DiagnosticError, match="a map of 14,641 entries is too large for a module") as caught:
        symc.linear(signature, groups=group, memory_limit=10**5)
    assert caught.value.diagnostics[0].code == "E0501"
    assert layer(signature, group)(torch.randn(11, 11, dtype=torch.float64)).shape == (11, 11)
