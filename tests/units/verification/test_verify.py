"""Verification finds what is equivariant, and what is not."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
import torch

import symc
from symc.backends import InputError, Net
from symc.ir.graph import Node
from symc.ir.ops import Linear
from symc.ir.tensor import Array
from symc.verification import Layer, Measurement, Report, verify

TEXT = """\
group P = S(n)
group R = O(3)
rep   X = perm(P)
rep   v = vector(R)
model Points[c = 4](x: X*v, z: X*2) -> (energy: (), forces: X*v):
    h: X*(c + c*v) = layernorm(linear(x, z))
    s: X*c = dropout[0.1](tanh(linear(norm(h))))
    e: 3 = linear(max[X](s) + mean[X](s))
    return linear(e), linear[X*1](s) * linear[X*v](h)
"""


@pytest.fixture(scope="module")
def points() -> Net:
    return symc.compile(text=TEXT, generator=torch.Generator().manual_seed(0))


def test_a_compiled_model_passes(points: Net) -> None:
    assert points.training
    report = verify(points)
    assert report.ok
    assert report.error <= 1e-12
    assert points.training  # a copy was measured
    assert next(points.parameters()).dtype == torch.float32
    groups = {(item.group, item.generator) for item in report.measurements}
    assert groups == {("P", 0), ("P", 1), ("P", None), ("R", 0), ("R", 1), ("R", 2), ("R", 3), ("R", None), ("all", None)}
    assert {item.output for item in report.measurements} == {"energy", "forces"}
    assert {item.sizes for item in report.measurements} == {(("n", n),) for n in (1, 2, 3, 5)}


def test_every_layer_has_a_certificate(points: Net) -> None:
    layers = {layer.parameter: layer for layer in verify(points).layers}
    assert layers.keys() == {name for name, _ in points.named_parameters() if "layernorm" not in name}
    for layer in layers.values():
        assert layer.ok
        assert layer.expected == layer.dim
    assert sum(layer.dim for layer in layers.values()) == sum(points.get_parameter(name).numel() for name in layers)


def test_a_map_that_is_not_equivariant_is_found() -> None:
    """The tables that share weights are shuffled, as by a compiler with a mistake in it."""
    net = symc.compile(text="rep g = pixels(D(4), 4, 4)\nmodel M(x: g) -> g:\n    return linear(tanh(linear[g*3](x)))\n")
    assert verify(net).ok
    rng = np.random.default_rng(0)
    nodes = tuple(
        replace(node, op=Array(rng.permuted(node.op.data, axis=0))) if isinstance(node.op, Array) and node.op.data.ndim == 2 else node
        for node in net.lowered.nodes
    )
    broken = Net(net.program, replace(net.lowered, nodes=nodes))
    report = verify(broken)
    assert not report.ok
    assert report.error > 1e-3
    assert "NOT equivariant" in str(report)
    assert "<- too large" in str(report)


STRETCHING = {
    "hyperbolic": ("[[1, 1], [1, 2]]", "1", "dual(v)*v"),
    "two": ("[[1,0,0,0],[0,2,0,-1],[0,0,1,0],[0,-1,0,1]], [[0,0,0,1],[-1,0,0,0],[0,0,1,0],[0,-1,0,0]]", "dual(v)*v", "dual(v)"),
    "scaling": ("[[1000, 0], [0, 1]], [[0, 1], [1, 0]]", "v*dual(v)", "2"),
    "unipotent": ("[[1, 1], [0, 1]]", "v*dual(v)", "v*dual(v)"),
}


@pytest.mark.parametrize("case", STRETCHING)
def test_groups_that_stretch(case: str) -> None:
    """Rounding grows with the matrices and is told from a mistake, which is found as for other groups."""
    generators, source, target = STRETCHING[case]
    net = symc.compile(text=f"group G = matrices({generators})\nrep v = vector(G)\nmodel M(x: {source}) -> {target}:\n    return linear(x)\n")
    for seed in range(20):
        report = verify(net, seed=seed)
        assert report.ok
        assert report.error < 1e-8
    rng = np.random.default_rng(0)
    nodes = tuple(
        replace(node, op=Array(node.op.data + 1e-4 * rng.standard_normal(node.op.data.shape)))
        if isinstance(node.op, Array) and node.op.data.dtype.kind == "f"
        else node
        for node in net.lowered.nodes
    )
    assert any(a is not b for a, b in zip(nodes, net.lowered.nodes, strict=True))
    reports = [verify(Net(net.program, replace(net.lowered, nodes=nodes)), seed=seed) for seed in range(5)]
    assert not any(report.ok for report in reports)
    assert not all(item.ok for report in reports for item in report.measurements if item.generator is None)  # a short word may be the identity


def test_a_wrong_certificate_is_found(points: Net) -> None:
    def spoil(node):  # type: ignore[no-untyped-def]
        if not isinstance(node.op, Linear):
            return node
        certificate = replace(node.op.basis.certificate, expected=node.op.basis.dim + 1)
        return Node(replace(node.op, basis=replace(node.op.basis, certificate=certificate)), node.inputs, node.outputs)

    report = verify(Net(replace(points.program, nodes=tuple(map(spoil, points.program.nodes))), points.lowered))
    assert all(item.ok for item in report.measurements)
    assert not report.ok


def test_output_that_vanishes_at_one_size_is_no_failure() -> None:
    net = symc.compile(text="rep X = perm(S(n))\nmodel M(x: X*3) -> X*3:\n    return 3.0 * x - 3.0 * mean[X](x)\n")
    report = verify(net)
    assert report.ok
    assert report.error < 1e-14


def test_rounding_is_told_from_a_mistake() -> None:
    """An output that turns rounding into errors of 1e-9 is as exact as it can be."""
    net = symc.compile(text="rep X = perm(S(4))\nmodel M(x: X) -> 1:\n    h: 1 = linear(x)\n    return sin(1000000.0 * h)\n", dtype=torch.float64)
    report = verify(net)
    assert report.ok
    assert max(item.noise for item in report.measurements) > 1e-14


def test_sizes(points: Net) -> None:
    assert {item.sizes for item in verify(points, sizes={"n": 7}).measurements} == {(("n", 7),)}
    assert {item.sizes for item in verify(points, sizes=[{"n": 2}, {"n": 4}]).measurements} == {(("n", 2),), (("n", 4),)}
    for sizes, said in (({"m": 2}, "`m` is no free size"), ({"n": -1}, "n = -1 is no size"), ({"n": "two"}, "n = two is no size")):
        with pytest.raises(InputError, match=said):
            verify(points, sizes=sizes)  # type: ignore[arg-type]
    with pytest.raises(InputError, match="Linear is not a model compiled by symc"):
        verify(torch.nn.Linear(2, 2))  # type: ignore[arg-type]


def test_several_free_sizes_get_different_values() -> None:
    net = symc.linear("perm(P)*perm(Q) -> perm(P)", groups={"P": "S(n)", "Q": "S(m)"})
    assert {item.sizes for item in verify(net).measurements} == {(("m", m), ("n", n)) for m, n in ((1, 2), (2, 3), (3, 5), (5, 1))}


def test_every_kind_of_group_and_representation() -> None:
    groups = {"P": "S(n)", "C": "C(5)", "D": "D(4)", "R": "SO(3)", "T": 'permutations("(0 1 2)", "(3 4)")', "G": "matrices([[0, -1], [1, 0]])"}
    sources = "a: perm(P)*vector(R), b: regular(C) + vector(D), c: perm(T)*pixels(D, 3, 3), d: vector(G)*2"
    targets = "x: pixels(D, 3, 3)*perm(T), y: vector(R) + regular(C), z: vector(G)"
    report = verify(symc.linear(f"({sources}) -> ({targets})", groups=groups))
    assert report.ok
    assert report.error <= 1e-12
    assert {item.group for item in report.measurements} == {*groups, "all"}


IMAGES = """\
group L = lie([[0, 0, 0], [1, 0, 0], [0, 0, 0]])
group G = GL(3)
group Q = O(1, 3)
group S = SO(3)
group Z = generated(1, algebra=1)
rep  r = rep(S, algebra=[[[0,1,0],[-1,0,0],[0,0,0]], [[0,0,1],[0,0,0],[-1,0,0]], [[0,0,0],[0,0,1],[0,-1,0]]])
rep  z = rep(Z, [[1,0],[0,-1]], algebra=[[[0,0],[0,1]]])
rep  g = vector(G)*dual(vector(G))
model Words(y: vector(L)^2, a: g*2, b: vector(Q)^2, c: r*2, d: z*2) -> (q: alt(vector(L), 2), a: g, b: sym(vector(Q), 2), c: vector(S), d: z):
    return linear(y), linear(a), linear(b), linear(c), linear(d)
"""


def test_groups_of_which_elements_are_words() -> None:
    report = verify(symc.compile(text=IMAGES))
    assert report.ok
    assert {m.group for m in report.measurements} >= {"L", "G", "Q", "S", "Z", "all"}


def test_models_without_inputs_or_symmetry() -> None:
    assert verify(symc.linear("3 -> 4")).ok
    report = verify(symc.compile(text="rep X = perm(S(4))\nmodel M() -> X*2:\n    return linear()\n"))
    assert report.ok
    assert report.measurements


def test_the_seed_decides(points: Net) -> None:
    assert verify(points, seed=1) == verify(points, seed=1)
    assert verify(points, seed=1) != verify(points, seed=2)


def test_json_is_plain(points: Net) -> None:
    data = json.loads(json.dumps(verify(points, sizes={"n": 3}).json(), allow_nan=False))
    assert data["ok"] is True
    assert data["model"] == "Points"
    assert data["symmetry"] == "P * R"
    assert data["measurements"][0].keys() == {"output", "group", "generator", "element", "sizes", "error", "noise", "ok"}
    assert data["layers"][0].keys() == {"parameter", "maps", "method", "dim", "expected", "expected_by", "residual", "ok"}


def report(error: float, expected: int | None = 4) -> Report:
    measurement = Measurement("energy", "P", 0, "(0 1)", (("n", 3),), error, 1e-17)
    return Report("M", "P", (measurement,), (Layer("h.0.weight", "3 -> 2", "orbits", 4, expected, "Burnside" if expected else None, 0.0),))


def test_the_table() -> None:
    assert str(report(2e-16)).splitlines() == [
        "M: equivariant under P, largest relative error 2.0e-16",
        "",
        "  output  group  element         error",
        "  energy  P      (0 1) at n = 3  2.0e-16",
        "",
        "  weights     maps    method  dim  counted",
        "  h.0.weight  3 -> 2  orbits  4    4 by Burnside",
    ]
    assert "nothing else counts it" in str(report(0.0, None))


@pytest.mark.parametrize(("error", "ok"), [(0.0, True), (1e-12, True), (1e-9, False), (float("nan"), False), (float("inf"), False)])
def test_what_is_well(error: float, ok: bool) -> None:
    assert report(error).ok is ok
    assert report(0.0, 5).ok is False
    assert json.loads(json.dumps(report(error).json(), allow_nan=False))["ok"] is ok
