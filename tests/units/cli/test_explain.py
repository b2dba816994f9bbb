"""`symc explain`: of a file, its numbers against those of the compiled module; of an operation, its row of the table."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import symc as front
from symc.cli.explained import count, seconds
from symc.ir.equivariant_table import EQUIVARIANT, rows_of
from symc.ir.pointwise import FUNCTIONS

Run = Callable[..., Any]
MODELS = """\
group P = S(n)
rep   X = perm(P)
model M[c](x: X*3, y: X^2*c) -> c:
    let f = linear[X*c]
    h = relu(f(x)) + f(x)
    h: X*c = layernorm(linear[each=c](h))
    repeat 2:
        h = h + relu(linear(h, y))
    return linear(h)
"""


def test_weights_are_those_of_the_module(symc: Run, tmp_path: Path) -> None:
    (tmp_path / "models.sym").write_text(MODELS)
    found = symc("explain", "models.sym", "--set", "c=4", "--set", "n=7", "--json").json
    net = front.compile(tmp_path / "models.sym", params={"c": 4})
    assert found["weights"] == sum(parameter.numel() for parameter in net.parameters())
    assert found["sizes"] == {"n": 7}
    first, relu, second = found["layers"][:3]
    assert (first["repeated"], relu["operation"], second["repeated"]) == (False, "relu", True)
    assert first["maps"][0]["dim"] == first["maps"][0]["expected_dim"] == 2 * 3 * 4
    assert first["unconstrained"]["weights"] == (3 * 7) * (4 * 7)
    assert first["unconstrained"]["cost"]["flops"] == 2 * found["batch"] * (3 * 7) * (4 * 7)
    assert first["algorithm"] == ["diagrams by structure"]


def test_costs_grow_with_the_free_size(symc: Run) -> None:
    small, large = (symc("explain", "sets.sym", "--set", f"n={n}", "--json").json for n in (10, 1000))
    assert small["cost"]["flops"] < large["cost"]["flops"] / 50
    assert small["weights"] == large["weights"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["sets.sym", "--set", "m=3"], "has no parameter `m`"),
        (["sets.sym", "--set", "n=-3"], "n='-3' is no size"),
        (["relu.sym"], "E0301"),
        (["missing.sym"], "E0201"),
        (["sets.sym", "--model", "Block"], "--set T=..."),
    ],
)
def test_what_is_wrong_is_a_diagnostic(symc: Run, arguments: list[str], said: str) -> None:
    result = symc("explain", *arguments)
    assert result.status == 1
    assert said in result.err


def test_every_operation_is_explained(symc: Run) -> None:
    for word in [*(row.name for row in EQUIVARIANT.values()), *FUNCTIONS, "mean", "random"]:
        assert rows_of(word), word
    assert "silu" in symc("explain", "gate").out
    assert "pool" in [row["name"] for row in symc("explain", "mean", "--json").json["operations"]]


def test_numbers_are_short() -> None:
    assert [count(x) for x in (0, 7, 999, 999.6, 12_345, 8.39e6, 1e18)] == ["0", "7", "999", "1 k", "12.3 k", "8.39 M", "1e+03 P"]
    assert [seconds(x) for x in (0.0, 4e-6, 0.00125, 0.9996, 2.5, 5140.0)] == ["0 µs", "4 µs", "1.25 ms", "1 s", "2.5 s", "5140 s"]
