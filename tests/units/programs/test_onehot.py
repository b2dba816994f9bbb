"""`onehot(k)`: an input stored as integers, on which `linear` is an embedding table."""

from __future__ import annotations

import pytest
import torch

import symc
from symc.api.program import check_source
from symc.backends import InputError, Net
from symc.backends.eager import evaluate
from symc.backends.export import export
from symc.diagnostics import Source
from symc.ir import tensor as t

HEAD = "group P = S(n)\nrep   X = perm(P)\nrep   Z = onehot(7)\n"


def compiled(model: str, **options: object) -> Net:
    return symc.compile(text=HEAD + model, dtype=torch.float64, **options)


EMBEDDING = "model Embedding[c = 4](z: X*Z) -> X*c:\n    return linear[each=X](z)\n"
CLASSES = torch.tensor([[0, 6, 3], [2, 2, 5]])


def test_linear_is_an_embedding_table() -> None:
    net = compiled(EMBEDDING)
    table, bias = net.get_parameter("out.0.weight"), net.get_parameter("out.0.bias")
    torch.testing.assert_close(net(CLASSES), table.reshape(4, 7).T[CLASSES] + bias.reshape(4))


MODELS = [
    EMBEDDING,
    "model Mixed(z: X*Z, h: X*2) -> X*3:\n    return relu(linear(z, h)) + linear(z)\n",
    "model Invariant(z: X*Z) -> 3:\n    return linear(z) + linear(sum[X](z))\n",
    "model Edges(z: X*Z) -> X*X*2:\n    return linear(z)\n",
    "model One(z: Z) -> 3:\n    return linear(z)\n",
]


@pytest.mark.parametrize("model", MODELS)
def test_no_one_hot_matrix_is_multiplied(model: str) -> None:
    net = compiled(model)
    ops = [type(node.op) for node in net.lowered.nodes]
    assert t.Lookup in ops
    products = [node for node in net.lowered.nodes if isinstance(node.op, t.Einsum)]
    encoded = {node.outputs[0].id for node in net.lowered.nodes if isinstance(node.op, t.OneHotOf)}
    assert not any(value.id in encoded for node in products for value in node.inputs)


OTHERS = [
    "model First(z: Z*X) -> X*2:\n    return linear(z)\n",
    "model Depthwise(z: X*2*Z) -> X*2:\n    return linear[each=2](z)\n",
    "model Channels(z: X*2*Z) -> X*3:\n    return linear(z)\n",
    "model Sums(z: X*Z, y: X*7) -> X*7:\n    return softmax[7](y) - z\n",
    "model Parts(z: X*Z, y: X*2) -> X*3:\n    return linear(concat(z, y))\n",
    "model Sub[c](z: X*Z) -> X*c:\n    return linear(z)\nmodel Inside(z: X*Z) -> X*3:\n    return Sub[3](z)\n",
    "model Record(x: (z: X*Z, y: X)) -> 2:\n    return linear(x)\n",
]


@pytest.mark.parametrize("n", [0, 1, 4])
@pytest.mark.parametrize("model", MODELS + OTHERS)
def test_it_computes_what_one_hot_coordinates_would(model: str, n: int) -> None:
    net = compiled(model)
    for batch in ((), (2,), (0,), (2, 3)):
        given = []
        for spec in net.inputs:
            shape = (*batch, *(size if isinstance(size, int) else n for size in spec.sizes))
            given.append(torch.randint(7, shape) if spec.classes is not None else torch.randn(shape, dtype=torch.float64))
        flat = net({"x": {"z": given[0], "y": given[1]}}) if "Record" in model else net(*given)
        (expected,) = evaluate(net.program, given, dict(net.named_parameters()))
        torch.testing.assert_close(flat, expected, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("model", MODELS + OTHERS)
def test_verify_measures_with_random_indices(model: str) -> None:
    report = symc.verify(compiled(model))
    assert report.ok
    assert report.error <= 1e-12


def test_indices_are_checked() -> None:
    net = compiled(EMBEDDING)
    for wrong in (CLASSES.double(), CLASSES.int(), CLASSES + 2, CLASSES - 1):
        with pytest.raises(InputError):
            net(wrong)
    with pytest.raises(InputError, match="the index -1, they go from 0 to 6"):
        net(CLASSES - 1)


def test_padding_holds_no_index() -> None:
    net = compiled(MODELS[1])
    z, h = torch.tensor([[0, 6, 3], [2, -1, -1]]), torch.randn(2, 3, 2, dtype=torch.float64)
    mask = torch.tensor([[True, True, True], [True, False, False]])
    result = net(z, h, mask=mask)
    torch.testing.assert_close(result[1, :1], net(z[1, :1], h[1, :1]))
    torch.testing.assert_close(result[0], net(z[0], h[0]))
    with pytest.raises(InputError, match="the index -1"):
        net(z, h, mask=torch.ones_like(mask))


def test_the_table_is_twice_differentiable() -> None:
    net = compiled(MODELS[1])
    h = torch.randn(2, 3, 2, dtype=torch.float64, requires_grad=True)
    first = torch.autograd.grad((net(CLASSES, h) ** 3).sum(), [h, *net.parameters()], create_graph=True)
    second = torch.autograd.grad(sum((g**2).sum() for g in first), list(net.parameters()))
    assert all(bool(g.isfinite().all()) for g in second)


def test_dtypes_compilers_and_export() -> None:
    net = symc.compile(text=HEAD + MODELS[1])
    h = torch.randn(2, 3, 2)
    assert net.bfloat16()(CLASSES, h.bfloat16()).dtype == torch.bfloat16
    net.float()
    fast = torch.compile(net, fullgraph=True, dynamic=True, backend="aot_eager")
    torch.testing.assert_close(fast(CLASSES, h), net(CLASSES, h))
    torch.testing.assert_close(export(net).module()(CLASSES, h), net(CLASSES, h))
    with torch.autocast("cpu", torch.bfloat16):
        assert net(CLASSES, h).isfinite().all()
    assert torch.func.vmap(net)(CLASSES, h).shape == (2, 3, 3)


def test_the_shape_says_that_it_holds_integers() -> None:
    assert check_source(Source("<text>", HEAD + EMBEDDING)).models[0].shapes == "(z: (n,) int64) -> (n, 4)"
    assert "(..., n) int64" in repr(compiled(EMBEDDING))


def test_classes_may_be_a_parameter() -> None:
    text = "group P = S(n)\nmodel M[k](z: perm(P)*onehot(k)) -> 2:\n    return linear(z)\n"
    assert not check_source(Source("<text>", text)).diagnostics
    assert symc.compile(text=text, params={"k": 4})(torch.tensor([3, 0])).shape == (2,)


def test_a_layer_without_a_file() -> None:
    layer = symc.linear("perm(P)*onehot(4) -> perm(P)*2", groups={"P": "S(n)"})
    assert layer(torch.tensor([3, 0, 1])).shape == (3, 2)
