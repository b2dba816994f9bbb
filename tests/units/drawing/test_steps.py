"""Turns of `repeat` that are alike become one step, and only those."""

from __future__ import annotations

import pytest

from symc.api.program import program
from symc.diagnostics import Source
from symc.drawing.steps import Repeat, Step, steps_of
from symc.ir.graph import Node

START = "group P = S(n)\nrep X = perm(P)\nmodel M[c = 2](x: X*c, y: X*c) -> X*c:\n    h = x\n"


def steps(body: str) -> tuple[Step, ...]:
    graph = program(Source("test.sym", START + body))
    found, outputs = steps_of(graph.nodes, graph.outputs)
    known = {value.id for value in graph.inputs}
    for step in found:
        assert {value.id for value in step.inputs} <= known
        known |= {value.id for value in step.outputs}
    assert {value.id for value in outputs} <= known
    return found


def shape(found: tuple[Step, ...]) -> list[object]:
    return [1 if isinstance(step, Node) else (step.times, shape(step.steps)) for step in found]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("    repeat 3:\n        h = h + relu(linear(h))\n    return h\n", [(3, [1, 1, 1])]),
        ("    repeat 3:\n        h: X*c = relu(linear(h, y))\n    return linear(h)\n", [(3, [1, 1]), 1]),
        ("    repeat 2:\n        repeat 3:\n            h: X*c = relu(linear(h))\n        h = h + y\n    return h\n", [(2, [(3, [1, 1]), 1])]),
        ("    h: X*c = relu(linear(h))\n    h: X*c = relu(linear(h))\n    return h\n", [1, 1, 1, 1]),
        ("    repeat 1:\n        h: X*c = relu(linear(h))\n    return h\n", [1, 1]),
    ],
)
def test_turns_are_folded(body: str, expected: list[object]) -> None:
    assert shape(steps(body)) == expected


def test_a_value_of_an_early_turn_is_no_value_of_the_last() -> None:
    """What a turn hands over two turns later, and two roles of one value, are not what one box can show."""
    body = "    k = x\n    repeat 3:\n        a = k\n        k = h\n        h: X*c = relu(linear(a, h))\n    return h\n"
    assert not any(isinstance(step, Repeat) and step.times == 3 for step in steps(body))


def test_a_repeat_names_what_it_takes_and_gives() -> None:
    (repeat, _) = steps("    repeat 3:\n        h: X*c = relu(linear(h, y))\n    return linear(h)\n")
    assert isinstance(repeat, Repeat)
    assert [value.name for value in repeat.inputs] == ["x", "y"]
    assert [value.name for value in repeat.outputs] == ["h"]
