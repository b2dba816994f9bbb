"""The numpy evaluator against formulas written out, and against the symmetry of the model."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from symc.algebra import elements
from symc.algebra.actions import act
from symc.diagnostics import Source
from symc.grammar import parse
from symc.ir.evaluate import evaluate
from symc.ir.graph import Graph
from symc.ir.parameters import parameter_shapes
from symc.ir.types import Type
from symc.passes.attach import attach
from symc.passes.elaborate import elaborate

rng = np.random.default_rng(0)
HEADER = """
group P = S(n)
group R = O(3)
group D = D(4)
rep   X = perm(P)
rep   v = vector(R)
"""


def solved(header: str, *statements: str) -> Graph[Any]:
    return attach(elaborated(header, *statements))


def elaborated(header: str, *statements: str) -> Graph[Any]:
    file, errors = parse(Source("model.sym", f"{HEADER}model M{header}:\n" + "".join(f"    {line}\n" for line in statements)))
    assert errors == []
    return elaborate(file, model=None, params={})


def random_parameters(graph: Graph[Any]) -> dict[str, NDArray[np.float64]]:
    return {name: rng.standard_normal(shape) for name, shape in parameter_shapes(graph).items()}


def test_deep_sets_are_the_known_layer() -> None:
    """Zaheer et al. 2017: per-point map plus the mean over the set, and a bias."""
    graph = solved("(x: X*3) -> X*5", "return linear(x)")
    assert parameter_shapes(graph) == {"out.0.weight": (2, 5, 3), "out.0.bias": (1, 5)}
    parameters = random_parameters(graph)
    x = rng.standard_normal((7, 3))
    (y,) = evaluate(graph, [x], parameters, {"n": 7})
    own, mean = sorted(range(2), key=lambda i: graph.nodes[0].op.basis.entries[0].basis.factors[0].basis.diagrams[i].summed(1))
    weight = parameters["out.0.weight"]
    np.testing.assert_allclose(y, x @ weight[own].T + x.mean(0) @ weight[mean].T + parameters["out.0.bias"][0], atol=1e-12)


def test_each_shares_on_a_set_and_not_on_channels() -> None:
    shared = solved("(x: X*3, z: 2) -> X*5", "return linear[each=X](x, z)")
    parameters = random_parameters(shared)
    x, z = rng.standard_normal((7, 3)), rng.standard_normal(2)
    (y,) = evaluate(shared, [x, z], parameters, {"n": 7})
    (alone,) = evaluate(shared, [x[1::-1], z], parameters, {"n": 2})
    np.testing.assert_allclose(alone[::-1], y[:2], atol=1e-12)

    own = solved("(x: 4*X) -> 4*X", "return linear[each=4](x)")
    assert parameter_shapes(own) == {"out.0.weight": (4, 2, 1, 1), "out.0.bias": (4, 1, 1)}
    parameters = random_parameters(own)
    x = rng.standard_normal((4, 6))
    (y,) = evaluate(own, [x], parameters, {"n": 6})
    x[2] = 0
    (changed,) = evaluate(own, [x], parameters, {"n": 6})
    assert (np.abs(changed - y).max(axis=1) > 0).tolist() == [False, False, True, False]


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("norm(x)", lambda x: np.linalg.norm(x, axis=-1)),
        ("norm(x)^2", lambda x: (x**2).sum(-1)),
        ("mean[X](x)", lambda x: x.mean(-3)),
        ("max[X](norm(x))", lambda x: np.linalg.norm(x, axis=-1).max(-2)),
        ("softmax[X](norm(x))", lambda x: np.exp(np.linalg.norm(x, axis=-1)) / np.exp(np.linalg.norm(x, axis=-1)).sum(-2, keepdims=True)),
        ("2 * x - x / 4", lambda x: 1.75 * x),
        ("norm(x) * x", lambda x: x * np.linalg.norm(x, axis=-1, keepdims=True)),
        ("relu(1 - norm(x))", lambda x: np.maximum(1 - np.linalg.norm(x, axis=-1), 0)),
        ("dropout[0.5](x)", lambda x: x),
        ("norm(concat(x, 3 * x))", lambda x: np.concatenate([np.linalg.norm(x, axis=-1), 3 * np.linalg.norm(x, axis=-1)], -1)),
    ],
)
def test_operations(statement: str, expected: Any) -> None:
    whole = elaborated("(x: X*4*v) -> 3", f"y = {statement}", "return linear(y)")
    graph = Graph(whole.name, whole.signature, whole.inputs, whole.nodes[:-1], whole.nodes[-1].inputs, whole.groups)
    x = rng.standard_normal((2, 5, 4, 3))
    (y,) = evaluate(graph, [x], {}, {"n": 5})
    np.testing.assert_allclose(y, expected(x), atol=1e-12)


def test_layernorm_of_channels_is_the_usual_one_and_of_vectors_keeps_directions() -> None:
    graph = solved("(x: X*(6 + 4*v)) -> X*(6 + 4*v)", "return layernorm(x)")
    (name,) = {name.rpartition(".")[0] for name in parameter_shapes(graph)}
    assert parameter_shapes(graph) == {f"{name}.weight": (10,), f"{name}.bias": (6,)}
    weight, bias = rng.standard_normal(10), rng.standard_normal(6)
    x = rng.standard_normal((5, 18))
    (y,) = evaluate(graph, [x], {f"{name}.weight": weight, f"{name}.bias": bias}, {"n": 5})
    channels, vectors = x[:, :6], x[:, 6:].reshape(5, 4, 3)
    usual = (channels - channels.mean(1, keepdims=True)) / np.sqrt(channels.var(1, keepdims=True) + 1e-5)
    np.testing.assert_allclose(y[:, :6], usual * weight[:6] + bias, atol=1e-12)
    size = np.sqrt((vectors**2).mean((1, 2)) + 1e-5)[:, None, None]
    np.testing.assert_allclose(y[:, 6:], (vectors / size * weight[6:, None]).reshape(5, 12), atol=1e-12)


@pytest.mark.parametrize(
    ("header", "statements"),
    [
        ("(x: X*3*v, z: 2) -> (a: X*v, b: 4)", ["h: X*(3 + 2*v) = linear(x, z)", "h = layernorm(h)", "return linear(h)"]),
        ("(x: pixels(D, 4, 4)*2) -> 3", ["h: regular(D)*pixels(D, 4, 4) = relu(linear(x))", "return linear(h)"]),
        ("(x: X*v) -> X*v", ["s = norm(x)", "h: 3*X*v = linear(x, s)", "k: X*3*v = linear[each=X](h)", "return linear(s * k)"]),
        ("(x: X*v) -> v", ["repeat 2:", "    x = x + linear(x)", "return mean[X](x)"]),
    ],
)
def test_models_are_equivariant(header: str, statements: list[str]) -> None:
    graph = solved(header, *statements)
    sizes = dict.fromkeys(graph.free, 4)
    parameters = random_parameters(graph)
    xs = [rng.standard_normal((3, *(int(size) for size in value.type.at(sizes).shape))) for value in graph.inputs]
    ys = evaluate(graph, xs, parameters, sizes)
    assert max(np.abs(y).max() for y in ys) > 0.1
    g = elements.sample([group.at(sizes) for group in graph.groups], rng)
    moved = evaluate(graph, [_move(g, value.type.at(sizes), x) for value, x in zip(graph.inputs, xs, strict=True)], parameters, sizes)
    for value, y, other in zip(graph.outputs, ys, moved, strict=True):
        np.testing.assert_allclose(other, _move(g, value.type.at(sizes), y), atol=1e-9)


def _move(g: elements.Element, item: Type, x: NDArray[np.float64]) -> NDArray[np.float64]:
    return act(item.rep, g, x.reshape(len(x), -1)).reshape(x.shape)


def test_empty_sets_pool_to_zero_and_any_batch_axes_go_through() -> None:
    graph = solved("(x: X*3) -> 3", "return max[X](x) + sum[X](x) + mean[X](x)")
    (y,) = evaluate(graph, [np.zeros((2, 5, 0, 3))], {}, {"n": 0})
    assert y.shape == (2, 5, 3)
    assert not y.any()
    with pytest.raises(ValueError, match="x has shape"):
        evaluate(graph, [np.zeros((4, 2))], {}, {"n": 4})
