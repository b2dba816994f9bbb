"""Parameters that are strings and layers."""

from __future__ import annotations

import pytest
import torch

import symc
from symc.diagnostics import DiagnosticError

TEXT = """
group P = S(n)
group R = O(3)
rep   X = perm(P)
model Residual[c](x: X*c) -> X*c:
    return x + relu(linear(x))
model MLP[T: rep, f: layer = relu, c = 8](x: X*3) -> T:
    h: X*c = f(linear[X*c, each=X](x))
    return linear(f(h))
model Net[mode: string = "deep", hidden: string = "4x0e + 2x1o", block: layer = Residual[8]](x: X*3, v: vector(R)) -> (a: 5, b: vector(R)):
    let own = linear[X*8]
    y: X*8 = MLP[X*8, block](x) + MLP[X*8, own](x)
    if mode == "deep":
        y = block(y)
    w: irreps(R, hidden) = linear(norm(v), v)
    return linear(y), linear(w)
"""


def names(**params: object) -> list[str]:
    return [name for name, _ in symc.compile(text=TEXT, params=params).named_parameters()]


def test_a_model_as_an_argument_makes_new_weights_wherever_it_is_applied() -> None:
    found = names()
    assert {"y.0.MLP.h.0.f.out.0.weight", "y.0.MLP.out.0.f.out.0.weight", "y.1.block.out.0.weight"} <= set(found)
    assert symc.verify(symc.compile(text=TEXT)).ok


def test_a_named_layer_shares_them() -> None:
    assert [name for name in names() if name.startswith("own")] == ["own.weight", "own.bias"]


def test_an_operation_as_an_argument() -> None:
    assert not any(".f." in name or ".block." in name for name in names(block="gelu"))


def test_strings_choose_and_label() -> None:
    deep, flat = symc.compile(text=TEXT), symc.compile(text=TEXT, params={"mode": "flat", "hidden": "1x1o"})
    assert len(list(flat.parameters())) < len(list(deep.parameters()))
    a, b = flat(torch.randn(4, 3), torch.randn(3))
    assert (a.shape, b.shape) == ((5,), (3,))


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({"block": 3}, "E0216"),
        ({"mode": 4}, "E0216"),
        ({"block": "nope"}, "E0210"),
        ({"block": "X"}, "E0214"),
        ({"hidden": "1x1z"}, "E0323"),
    ],
)
def test_refused(params: dict[str, object], code: str) -> None:
    with pytest.raises(DiagnosticError) as caught:
        symc.compile(text=TEXT, params=params)
    assert [found.code for found in caught.value.diagnostics] == [code]


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ('mode == "deep"', 'mode < "deep"', "E0223"),
        ('mode == "deep"', 'block == "deep"', "E0214"),
        ("block(y)", "block[3](y)", "E0224"),
        ("f: layer", "relu: layer", "E0212"),
        ("mode: string", "mode: bool", "E0210"),
    ],
)
def test_misused(old: str, new: str, code: str) -> None:
    with pytest.raises(DiagnosticError) as caught:
        symc.compile(text=TEXT.replace(old, new))
    assert code in [found.code for found in caught.value.diagnostics]
