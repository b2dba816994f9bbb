"""The names and sizes of the weights of whole programs: what is shared, what is new, where a `linear` gets its type from."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from textwrap import indent

import pytest
import torch

import symc
from symc.backends import Net

BLOCKS = """\
model Block[c, d = c](x: X*c, y: v) -> (a: X*d, b: v):
    h: X*d = relu(linear(x, y))
    return linear(h), linear(h, y)
model Gen[A: rep, B: rep = A, c = 3](x: A*c) -> B*c:
    return linear(x)
model linear_1(x: X) -> X:
    weight: X = linear(x)
    return weight
model Deep[c](x: X*c) -> X*c:
    repeat 2:
        x = Gen[X, c=c](x) + layernorm(linear(x))
    return x
"""


@pytest.mark.parametrize(
    ("inputs", "body", "result", "expected"),
    [
        # the place of a statement names its weights
        ("x: X*3", "h: X*4 = relu(linear(x))\nh: X*5 = relu(linear(h))\nreturn linear(h)", "2", {"h.0": 24, "h.1": 40, "out.0": 10}),
        ("x: X*3", "h: X*4 = linear(x)\nk = linear[5](h)\nreturn k, k", "(a: 5, b: 5)", {"h.0": 24, "k.0": 20}),
        ("x: X*3", "return linear(x), linear(x)", "(a: 5, b: X)", {"out.0": 15, "out.1": 6}),
        ("x: X*3", "return linear(x)", "(a: 5, b: X)", {"out.0": 21}),
        ("x: X*3", "out: X*3 = linear(x)\nreturn linear(out)", "5", {"out.0": 18, "out.1": 15}),
        ("x: X*3", "x = x + linear(x) + linear(x)\nreturn x", "X*3", {"x.0.linear": 18, "x.0.linear_1": 18}),
        ("x: X*3", "x: X*2 = linear(relu(linear[X](x)))\nreturn x", "X*2", {"x.0.linear": 4, "x.0.linear_1": 6}),
        ("x: X*3", "x: X*2 = layernorm(linear(x))\nreturn layernorm(x)", "X*2", {"x.0.layernorm": 2, "x.0.linear": 12, "out.0": 2}),
        ("x: X*3", "a, b = linear[(p: X, q: 2)](x)\nreturn a, b", "(a: X, b: 2)", {"a.0": 12}),
        (
            "x: (w: X*2, b: 3)",
            "x = layernorm(x + linear(x))\nreturn x",
            "(w: X*2, b: 3)",
            {"x.0.linear": 29, "x.0.layernorm.w": 2, "x.0.layernorm.b": 3},
        ),
        # a layer with a name has one set of weights
        ("x: X*3", "let f = linear[X*3]\nx = f(relu(f(x)))\nreturn f(x)", "X*3", {"f": 18}),
        ("x: X*3, y: X*3", "let enc = linear[4, bias=false]\nreturn enc(x) - enc(y)", "4", {"enc": 12}),
        ("x: X*3", "let n_ = layernorm\nreturn n_(n_(x))", "X*3", {"n_": 3}),
        ("x: X*3, y: v", "let f = Block[3]\na, b = f(x, y)\nreturn f(a, b)", "(a: X*3, b: v)", {"f.h.0": 18, "f.out.0": 18, "f.out.1": 1}),
        ("x: X*3", "repeat 2:\n    let f = linear[X*3]\n    x = f(f(x))\nreturn x", "X*3", {"f.0": 18, "f.1": 18}),
        # `repeat` and models make new weights each time
        ("x: X*3", "repeat 3:\n    x = x + relu(linear(x))\nreturn x", "X*3", {f"x.0.{i}": 18 for i in range(3)}),
        (
            "x: X*3",
            "repeat 2:\n    h: X = linear(x)\n    repeat 2:\n        x = x + h\n        h = linear(h) - h\nreturn x",
            "X*3",
            {"h.0.0": 6, "h.0.1": 6, "h.1.0.0": 2, "h.1.1.0": 2},  # what reaches no result has no weights
        ),
        ("x: X*3", "repeat 0:\n    x = linear(x) + x\nreturn x", "X*3", {}),
        (
            "x: X*3, y: v",
            "a, b = Block[3, d=2](x, y)\nreturn Block[2](a, b)",
            "(a: X*2, b: v)",
            {"a.0.Block.h.0": 12, "a.0.Block.out.0": 8, "a.0.Block.out.1": 1, "out.0.Block.h.0": 8, "out.0.Block.out.0": 8, "out.0.Block.out.1": 1},
        ),
        ("x: X*3", "return Gen[X](Gen[A=X](x))", "X*3", {"out.0.Gen.out.0": 18, "out.0.Gen_1.out.0": 18}),
        ("x: X*3", "y = Gen[X, 2*v^2](x)\nreturn y", "2*v^2*3", {"y.0.Gen.out.0": 2 * 3 * 3}),
        ("x: X*3", "y: 4*3 = Gen[X*4, 4](linear(x))\nreturn y", "4*3", {"y.0.linear": 2 * 36, "y.0.Gen.out.0": 144}),
        ("x: X*3", "if c == 2:\n    h: X*c = linear(x)\nelse:\n    h: X*4 = linear(x)\nreturn linear(h)", "1", {"h.0": 12, "out.0": 2}),
        ("x: X*3", "if c != 2:\n    h: X*c = linear(x)\nelse:\n    h: X*4 = linear(x)\nreturn linear(h)", "1", {"h.1": 24, "out.0": 4}),
        (
            "x: X",
            "h: X = linear(x) + linear(x) + linear_1(x) + linear(x)\nreturn h",
            "X",
            {"h.0.linear": 2, "h.0.linear_1": 2, "h.0.linear_1_1.weight.0": 2, "h.0.linear_2": 2},
        ),
        ("x: X", "weight: X = linear(x)\nlet bias = linear[X]\nreturn bias(weight)", "X", {"weight.0": 2, "bias": 2}),
        # where the type of a `linear` comes from
        ("x: X*3", "y: X*5 = -linear(x)\nreturn y", "X*5", {"y.0": 30}),
        ("x: X*3", "y: X*5 = dropout[0.1](layernorm(gelu(linear(x))))\nreturn y", "X*5", {"y.0.layernorm": 5, "y.0.linear": 30}),
        ("x: X*3", "y: 5 = sum[X](linear(x))\nreturn y", "5", {"y.0": 30}),
        ("x: X*3", "y: 5 = max[X](relu(linear[each=X](x)))\nreturn y", "5", {"y.0": 15}),
        ("x: X*3", "y: X*5 = softmax[X](linear(x))\nreturn y", "X*5", {"y.0": 30}),
        ("x: X*Y*3", "return mean[X*Y](linear[each=X*Y](x))", "5", {"out.0": 15}),
        ("x: X*Y*3", "return mean[X](max[Y](linear(x)))", "5", {"out.0": 60}),
        ("x: X*3, y: X", "h: X*5 = y * linear(x)\nreturn h", "X*5", {"h.0": 30}),
        ("x: X*3, y: X", "h: X*5 = 2 * relu(linear(x)) / 3\nreturn h", "X*5", {"h.0": 30}),
        ("x: X*3, y: X", "h = y + linear(x)\nreturn h", "X", {"h.0": 6}),
        ("x: X*3, y: X", "h = 0.5*tanh(linear(x)) - y\nreturn h", "X", {"h.0": 6}),
        ("x: X*3, y: X", "return x * linear[X](y) + linear(y)", "X*3", {"out.0.linear": 2, "out.0.linear_1": 6}),
        (  # no map leads from `linear(y)` to the result; which weights there are does not hang on that
            "x: X*3, y: v",
            "a, b = Block[4](linear(x), linear(y))\nreturn a",
            "X*4",
            {"a.0.linear": 24, "a.0.linear_1": 1, "a.0.Block.h.0": 32, "a.0.Block.out.0": 32},
        ),
        ("x: X*3", "return Gen[X, c=1](linear(x))", "X*1", {"out.0.linear": 6, "out.0.Gen.out.0": 2}),
        ("x: X*3", "let f = linear\nreturn relu(f(x))", "X*2", {"f": 12}),
        ("x: (w: X, b: 3)", "return relu(linear(x))", "(w: X*2, b: 3*2)", {"out.0": 2 * 2 + 6 + 2 * 3 + 18}),
        ("x: X*3, y: Y*2", "return linear(x, y, norm(x))", "X*Y", {"out.0": 2 * 3 + 2 * 2 + 2 * 3}),
        ("x: X*3", "e: 4 = linear()\nreturn e * linear(x)", "X*4", {"e.0": 0, "out.0": 24}),
        ("", "return linear()", "(a: 4, b: v^2)", {"out.0": 0}),
        ("x: X*3, t: 2*v", "a: X*(3 + v) = linear(x, t)\nreturn a.0 + norm(a.1)", "X*3", {"a.0": 18 + 2}),
    ],
)
def test_weights(examine: Callable[..., Net], inputs: str, body: str, result: str, expected: dict[str, int]) -> None:
    net = examine(f"{BLOCKS}model M[c = 2]({inputs}) -> {result}:\n{indent(body, '    ')}\n")
    found = {name.rpartition(".")[0]: parameter.numel() for name, parameter in net.named_parameters() if name.endswith("weight")}
    assert found == {name: count for name, count in expected.items() if count}
    assert {name.rpartition(".")[0] for name, _ in net.named_parameters()} == expected.keys()


def test_a_let_layer_is_one_layer(build: Callable[..., Net]) -> None:
    """A gradient step on the shared weights moves every use."""
    net = build("model M(x: X*3, y: X*3) -> (a: X*4, b: X*4):\n    let f = linear[X*4]\n    return f(x), f(y)\n")
    x = torch.randn(2, 5, 3, dtype=torch.float64)
    a, b = net(x, x)
    assert torch.equal(a, b)
    torch.nn.init.zeros_(net.get_parameter("f.weight"))
    a, b = net(x, 2 * x)
    assert torch.equal(a, b)


@pytest.mark.parametrize("name", ["torch", "getattr", "sum_", "inf", "device", "batch_", "n_", "print", "weight", "x_1", "é"])
def test_inputs_may_be_called_like_what_the_code_calls(examine: Callable[..., Net], name: str) -> None:
    net = examine(f"model M({name}: X*3, {name}_: (a: X, b_a: X), y: (b: (a: X))) -> X*2:\n    return linear({name}, {name}_, y)\n")
    x, y = torch.randn(5, 3).double(), torch.randn(5).double()
    first, second = {"a": y, "b_a": 2 * y}, {"b": {"a": y}}
    torch.testing.assert_close(net(x, first, second), net(**{name: x, f"{name}_": first, "y": second}))


def test_models_of_another_file(examine: Callable[..., Net], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Imports are found beside the importing file, and take the groups of their arguments."""
    (tmp_path / "blocks.sym").write_text(f"group P = S(k)\ngroup R = O(3)\nrep X = perm(P)\nrep v = vector(R)\nrep Twice[r] = r*X\n{BLOCKS}")
    main = tmp_path / "main.sym"
    main.write_text(
        'import "blocks.sym" as lib\nimport "blocks.sym"\ngroup Sets = S(n)\nrep Y = perm(Sets)\n'
        "model M(x: Y*3, y: lib.v, w: Twice[2]) -> (a: Y*3, b: lib.v, c: 4):\n"
        "    a, b = lib.Block[3](x, y)\n    return lib.Deep[3](a), b, linear(w)\n"
    )
    net = symc.compile(main, dtype=torch.float64)
    assert symc.verify(net).error <= 1e-12
    n, k = 5, 2
    a, b, c = net(torch.randn(n, 3).double(), torch.randn(3).double(), torch.randn(2, k).double())
    assert (a.shape, b.shape, c.shape) == ((n, 3), (3,), (4,))
    assert {name for name, _ in net.named_parameters() if name.startswith("out.0") and name.endswith("weight")} == {
        f"out.0.Deep.x.0.{turn}.{layer}.weight" for turn in range(2) for layer in ("Gen.out.0", "layernorm", "linear")
    }
