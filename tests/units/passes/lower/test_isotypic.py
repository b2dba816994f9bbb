"""Linear maps in the coordinates of irreducibles, and as one matrix: against the pairs of summands, and what the coordinates are."""

from __future__ import annotations

import numpy as np
import pytest
import torch

import symc
from symc.api.options import declared
from symc.backends import Net
from symc.ir import tensor as t
from symc.ir.graph import Graph
from symc.ir.ops import EquivariantOp, Linear
from symc.passes.elaborate import layer_graph
from symc.passes.lower import linear, lower, ways
from symc.passes.lower.blocks import blocks, irreducibles
from symc.passes.lower.builder import Builder
from symc.passes.lower.call import Call
from symc.passes.lower.matrix_lookup import distinct
from symc.passes.lower.ways import Way
from symc.passes.pipeline import run
from symc.passes.simplify import simplify
from symc.passes.solve.coordinates import Irreducibles

QUATERNIONS = """group G = generated(2)
rep h = rep(G, [[0,-1,0,0],[1,0,0,0],[0,0,0,1],[0,0,-1,0]], [[0,0,-1,0],[0,0,0,-1],[1,0,0,0],[0,1,0,0]])"""
MAPS = [
    ("group G = D(4)\nrep q = regular(G)\nrep v = vector(G)", "3 + 2*q + v -> 2*(q + v) + 1"),
    ("group G = C(5)\nrep q = regular(G)", "(a: 2*q, b: q) -> (c: 3*q, d: 2)"),  # complex type
    (QUATERNIONS, "2*h -> h + h^2"),
    ("group G = S(4)\nrep q = perm(G)", "2 + 2*q + 2*(q^2) -> (q^2)*3 + 1"),
    ("group G = SO(3)\nrep v = vector(G)", "4*v + v^2 -> irreps(G, 0..2) + 2*v"),
    ('group G = O(3)', 'irreps(G, "3x0e+2x1o+1x2e") -> irreps(G, "2x0e+2x1o+2x2e")'),
    ("group G = D(3)\ngroup H = C(4)\nrep q = regular(G)\nrep r = regular(H)", "2*q*r + q -> q*r*2 + r"),  # two groups
    ("group G = C(8)\nrep q = regular(G)", "4*q -> 3*q"),  # many irreducibles that are alike
    ("group G = S(5)\nrep s = sign(G)\nrep q = perm(G)", "2*q*s + q -> q*s + s"),
]  # fmt: skip


def solved(text: str, signature: str) -> Graph[EquivariantOp]:
    return run(layer_graph(signature, declared(None, text), "linear"), after="solve")


def by(graph: Graph[EquivariantOp], name: str, monkeypatch: pytest.MonkeyPatch) -> Net | None:
    """The module lowered in one way, None where it is not possible."""
    found: list[Way] = []

    def pick(b: Builder, call: Call, inputs: object, setting: ways.Setting) -> Way:
        found.extend(way for way in ways.ways(call, setting) if way.name == name)
        return found[0] if found else ways.ways(call, setting)[-1]

    monkeypatch.setattr(linear, "cheapest", pick)
    lowered = simplify(lower(graph))
    return Net(graph, lowered, dtype=torch.float64, generator=torch.Generator().manual_seed(0)) if found else None


ROUND = [
    ("group G = C(7)\nrep q = regular(G)", "2*q -> 3*q"),
    ("group G = C(6)\ngroup H = C(4)\nrep q = regular(G)\nrep r = perm(H)", "q*2*r -> r*q + 3*r*q"),  # two groups
]
NAMES = ("one dense matrix, looked up", "one dense matrix", "irreducible by irreducible", "irreducible by irreducible, weights looked up")


CASES = [(*case, name) for case in MAPS for name in NAMES] + [(*case, "Fourier transforms") for case in ROUND]


@pytest.mark.parametrize(("text", "signature", "name"), CASES)
def test_every_way_is_the_same_map(text: str, signature: str, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    graph = solved(text, signature)
    pairs, net = by(graph, "pair by pair", monkeypatch), by(graph, name, monkeypatch)
    assert pairs is not None
    assert net is not None
    net.load_state_dict(pairs.state_dict())
    g = torch.Generator().manual_seed(1)
    inputs = [torch.randn(3, *map(int, value.type.shape), dtype=torch.float64, generator=g) for value in graph.inputs]
    for one, other in zip(_several(pairs(*inputs)), _several(net(*inputs)), strict=True):
        torch.testing.assert_close(one, other, rtol=1e-12, atol=1e-12)


def _several(out: torch.Tensor | tuple[torch.Tensor, ...]) -> tuple[torch.Tensor, ...]:
    return out if isinstance(out, tuple) else (out,)


@pytest.mark.parametrize(("text", "signature"), MAPS)
def test_coordinates_are_orthogonal_and_shared(text: str, signature: str) -> None:
    graph = solved(text, signature)
    known = irreducibles(graph)
    for own in known.values():
        for leg in own.legs:
            found = own.coordinates((leg,))
            assert found is not None
            assert sum(part.dim for part in found.parts) == len(found.matrix)
            np.testing.assert_allclose(found.matrix.T @ found.matrix, np.eye(len(found.matrix)), atol=1e-12)


def test_an_irreducible_keeps_its_coordinates() -> None:
    graph = solved("group G = O(3)\nrep v = vector(G)", "4*v + v^2 -> irreps(G, 0..2)")
    (own,) = irreducibles(graph).values()
    for leg in own.legs:
        found = own.coordinates((leg,))
        assert found is not None
        assert found.trivial


def test_irreducibles_that_are_alike_come_together() -> None:
    graph = solved("group G = C(8)\nrep q = regular(G)", "4*q -> 3*q")
    op = graph.nodes[0].op
    assert isinstance(op, Linear)
    found = blocks(op.basis, op.bias_basis, irreducibles(graph))
    assert found is not None
    assert sorted(map(len, found.reached)) == [1, 1, 3]  # two of dimension 1, one of them with the bias; three planes that turn


def test_what_has_no_coordinates_goes_another_way() -> None:
    """Of a group that stretches, and of large representations."""
    graph = solved("group G = GL(2)\nrep v = vector(G)", "2*v -> 3*v")
    op = graph.nodes[0].op
    assert isinstance(op, Linear)
    assert blocks(op.basis, op.bias_basis, irreducibles(graph)) is None
    large = solved("group G = C(2000)\nrep q = regular(G)", "q -> q")
    (own,) = irreducibles(large).values()
    assert isinstance(own, Irreducibles)
    assert own.coordinates(own.legs[:1]) is None


def test_entries_that_no_map_tells_apart_stand_once() -> None:
    graph = solved("group G = S(4)\nrep q = perm(G)", "q^2 -> q^2")
    op = graph.nodes[0].op
    assert isinstance(op, Linear)
    found = distinct(op.basis.entries[0].basis.factors[0].basis)
    assert found is not None
    mix, index = found
    assert mix is not None
    assert len(mix) == index.max() + 1 == 15  # as many orbits as diagrams


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
def test_transforms_of_half_precision_are_done_in_single(dtype: torch.dtype, monkeypatch: pytest.MonkeyPatch) -> None:
    net = by(solved("group G = C(64)\nrep q = regular(G)", "8*q -> 8*q"), "Fourier transforms", monkeypatch)
    assert net is not None
    x = torch.randn(5, 8, 64, generator=torch.Generator().manual_seed(0))
    wanted = net.float()(x)
    with torch.autocast("cpu", dtype):
        torch.testing.assert_close(net(x), wanted, rtol=1e-5, atol=1e-5)
    torch.testing.assert_close(net.to(dtype)(x.to(dtype)).float(), wanted, rtol=0.1, atol=0.05)


def test_transforms_compile_export_and_have_second_derivatives(monkeypatch: pytest.MonkeyPatch) -> None:
    net = by(solved("group G = C(6)\nrep q = regular(G)", "2*q -> q"), "Fourier transforms", monkeypatch)
    assert net is not None
    x = torch.randn(3, 2, 6, dtype=torch.float64)
    exported = torch.export.export(net.graph_module, (x,), dynamic_shapes=({0: torch.export.Dim("batch")},)).module()
    torch.testing.assert_close(exported(x[:2]), net(x[:2]))
    assert torch.autograd.gradgradcheck(lambda y: net(y) ** 2, (x.requires_grad_(),))


def test_between_two_maps_nothing_is_changed_back_and_forth() -> None:
    """Features stay in the coordinates of irreducibles, also through a sum: one change at the beginning, and one at the end."""
    text = """group G = A(5)
rep q = regular(G)
model M(x: 8*q) -> 8*q:
    h: 8*q = linear(x)
    h: 8*q = h + linear(h)
    return linear(h)
"""
    net = symc.compile(text=text)
    constants = {value.id for node in net.lowered.nodes for value in node.outputs if isinstance(node.op, t.Array)}
    changes = [node for node in net.lowered.nodes if isinstance(node.op, t.Einsum) and {value.id for value in node.inputs} & constants]
    assert sum(node.outputs[0].type.batched for node in changes) == 2
    report = symc.verify(net)
    assert report.ok


def test_only_irreducibles_that_maps_read_are_computed() -> None:
    """Numbers that do not turn come from the invariants of an image alone: as many products as there are orbits of pixels."""
    net = symc.compile(text="rep g = pixels(D(4), 8, 8)\nmodel M(x: 16*g) -> 64:\n    return linear(x)\n", lowering="structured")
    changes = [node for node in net.lowered.nodes if isinstance(node.op, t.Array) and node.op.data.ndim == 2 and node.op.data.dtype.kind == "f"]
    assert (10, 64) in [node.op.data.shape for node in changes]
    assert (64, 64) not in [node.op.data.shape for node in changes]
    assert symc.verify(net).ok
