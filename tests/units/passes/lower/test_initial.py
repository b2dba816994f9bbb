"""Initial values: inputs of variance 1 leave a linear map with variance 1/3 in every part, as they do from `nn.Linear`."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from symc.algebra import sizes as sz
from symc.algebra.groups import Dihedral, Orthogonal, Symmetric
from symc.algebra.reps import Perm, Pixels, Sum, Tensor, Trivial, Vector
from symc.ir import tensor as t
from symc.ir.ops import Linear
from symc.ir.types import Type
from symc.passes.attach import attach
from symc.passes.lower import lower

X = Perm(Symmetric(sz.free("n")))
V = Vector(Orthogonal(3))
G = Pixels(Dihedral(4), 4, 4)
N = {"n": 8}  # what a free size stands for where weights are drawn


def draw(rule: t.Initial, shape: tuple[int, ...], rng: np.random.Generator) -> NDArray[np.float64]:
    match rule:
        case t.Normal(scale, None):
            return scale * rng.normal(size=shape)
        case t.Normal(scale, factor, axis):
            assert factor is not None
            plain = rng.normal(size=(*shape[:axis], factor.shape[1], *shape[axis + 1 :]))
            return scale * np.moveaxis(np.tensordot(factor, plain, axes=(1, axis)), 0, axis)
        case t.Fill(value):
            return np.full(shape, value)
        case t.Pieces(pieces, lead):
            return np.concatenate([draw(inner, piece, rng).reshape(*piece[:lead], -1) for piece, inner in pieces], axis=-1)


@pytest.mark.parametrize(
    ("source", "target", "each"),
    [
        ((X, 40), (X, 50), None),
        ((X, X, 30), (X, X, 30), None),
        ((X, Sum((Trivial(20), Tensor((Trivial(20), V))))), (X, Sum((Trivial(30), Tensor((Trivial(30), V))))), None),
        ((20, G), (20, G), None),
        ((4, X, 20), (4, X, 50), 0),
        ((4, X, Sum((Trivial(20), X))), (4, X, Sum((Trivial(50), X))), 0),
    ],
)
def test_variance(source: tuple, target: tuple, each: int | None, axes: Callable[..., Type], build: Callable, interpreter: Callable) -> None:
    op = Linear("h.0", False) if each is None else Linear("h.0", False, (Trivial(4),), ((0,),), ((0,),))
    lowered = lower(attach(build([axes(*source)], [(op, [0], [axes(*target)])], [1])))
    (parameter,) = (node for node in lowered.nodes if isinstance(node.op, t.Parameter))
    rng = np.random.default_rng(0)
    weight = draw(parameter.op.initial, parameter.outputs[0].type.shape, rng)
    shape = [sz.number(size, N) for size in axes(*source).shape]
    (y,) = interpreter(lowered, [rng.normal(size=(40, *shape))], {"h.0.weight": weight}, N)
    assert weight.shape == parameter.outputs[0].type.shape
    assert np.mean(y**2) == pytest.approx(1 / 3, rel=0.15)


def test_bias_begins_as_in_a_plain_layer(axes: Callable[..., Type], build: Callable) -> None:
    solved = attach(build([axes(X, 12)], [(Linear("h.0", True), [0], [axes(X, 5)])], [1]))
    rules = {node.op.name: node.op.initial for node in lower(solved).nodes if isinstance(node.op, t.Parameter)}
    assert rules["h.0.bias"].scale == pytest.approx(1 / 6)
