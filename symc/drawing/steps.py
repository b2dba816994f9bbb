"""A graph as it is told: turns of a `repeat` that are alike are one step."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from symc.ir.graph import Node, Value
from symc.ir.printer import show_op


@dataclass(frozen=True, slots=True)
class Repeat:
    """Steps that are done `times` times. `inputs` are those of the first turn; `outputs`, values of it too, stand for those of the last turn."""

    times: int
    inputs: tuple[Value, ...]
    steps: tuple[Step, ...]
    outputs: tuple[Value, ...]


Step: TypeAlias = Node[Any] | Repeat


def steps_of(nodes: Sequence[Node[Any]], outputs: Sequence[Value]) -> tuple[tuple[Step, ...], tuple[Value, ...]]:
    """The steps, and the outputs as values of them."""
    steps: list[Step] = []
    same: dict[int, Value] = {}  # values of last turns, to those of the first that stand for them
    runs = _runs(nodes, outputs)
    start = 0
    while start < len(nodes):
        period, times = runs.get(start, (1, 1))
        turn = [replace(node, inputs=tuple(same.get(value.id, value) for value in node.inputs)) for node in nodes[start : start + period]]
        if times > 1:
            steps.append(_repeat(nodes, start, period, times, turn, outputs))
            last = nodes[start + (times - 1) * period : start + times * period]
            same |= {b.id: a for x, y in zip(turn, last, strict=True) for a, b in zip(x.outputs, y.outputs, strict=True)}
        else:
            steps += turn
        start += period * times
    return tuple(steps), tuple(same.get(value.id, value) for value in outputs)


def _repeat(nodes: Sequence[Node[Any]], start: int, period: int, times: int, turn: Sequence[Node[Any]], outputs: Sequence[Value]) -> Repeat:
    end = start + times * period
    used = {value.id for node in nodes[end:] for value in node.inputs} | {value.id for value in outputs}
    carried = {value.id for node in nodes[start + period : start + 2 * period] for value in node.inputs}
    made = [value for node in turn for value in node.outputs]
    final = [value for node in nodes[end - period : end] for value in node.outputs]
    results = tuple(a for a, b in zip(made, final, strict=True) if b.id in used or a.id in carried)
    inside = {value.id for value in made}
    inputs = tuple(dict.fromkeys(value for node in turn for value in node.inputs if value.id not in inside))
    steps, results = steps_of(turn, results)
    return Repeat(times, inputs, steps, results)


def _key(node: Node[Any]) -> Hashable:
    """What turns of a loop have in common: where the node was written, its operation, its types."""
    types = tuple(value.type for value in (*node.inputs, *node.outputs))
    return (node.span, show_op(node.op).partition("(")[0], types) if node.span is not None else node.outputs[0].id


def _runs(nodes: Sequence[Node[Any]], outputs: Sequence[Value]) -> dict[int, tuple[int, int]]:
    """Where runs of equal turns begin, their periods and numbers of turns: the longest first, then those on either side of it."""
    numbers: dict[Hashable, int] = {}
    keys = [numbers.setdefault(_key(node), len(numbers)) for node in nodes]
    found: list[tuple[int, int, int]] = []
    for start in range(len(nodes)):
        periods: list[int] = []  # multiples of which make no longer runs
        for period in range(1, (len(nodes) - start) // 2 + 1):
            if keys[start] != keys[start + period] or any(period % shorter == 0 for shorter in periods):
                continue
            if (times := _turns(nodes, keys, start, period)) > 1:
                found.append((start, period, times))
                periods.append(period)
    taken: dict[int, tuple[int, int]] = {}
    free = [True] * len(nodes)
    for start, period, times in sorted(found, key=lambda run: (-run[1] * run[2], run[0], run[1])):
        end = start + period * times
        if all(free[start:end]) and not _seen(nodes, start, period, times, outputs):
            taken[start] = (period, times)
            free[start:end] = [False] * (end - start)
    return taken


def _turns(nodes: Sequence[Node[Any]], keys: Sequence[Hashable], start: int, period: int) -> int:
    """How many turns follow each other that are wired alike."""
    times, carried = 1, dict[int, tuple[int, int]]()
    while (begin := start + times * period) + period <= len(nodes):
        if keys[begin : begin + period] != keys[start : start + period] or not _alike(nodes, begin, period, carried, first=times == 1):
            break
        times += 1
    return times


def _alike(nodes: Sequence[Node[Any]], begin: int, period: int, carried: dict[int, tuple[int, int]], *, first: bool) -> bool:
    """Does a turn use its own values, those of the turn before and those from outside as the turn before did?

    `carried` has the values that the first turn takes from outside where later ones take what the turn before them made.
    """
    earlier, before, own = (_made(nodes[at : at + period]) if at >= 0 else {} for at in (begin - 2 * period, begin - period, begin))
    outside: set[int] = set()
    for a, b in zip(nodes[begin - period : begin], nodes[begin : begin + period], strict=True):
        for x, y in zip(a.inputs, b.inputs, strict=True):
            if y.id in own:
                same = before.get(x.id) == own[y.id]
            elif y.id in before and first:
                same = x.id not in before and carried.setdefault(x.id, before[y.id]) == before[y.id]
            elif y.id in before:
                same = earlier.get(x.id) == before[y.id]
            else:
                same = x.id == y.id
                outside.add(x.id)
            if not same:
                return False
    return not (first and outside & set(carried))


def _made(turn: Sequence[Node[Any]]) -> dict[int, tuple[int, int]]:
    return {value.id: (i, j) for i, node in enumerate(turn) for j, value in enumerate(node.outputs)}


def _seen(nodes: Sequence[Node[Any]], start: int, period: int, times: int, outputs: Sequence[Value]) -> bool:
    """Is a value of a turn other than the last used after the run?"""
    inner = {value.id for node in nodes[start : start + (times - 1) * period] for value in node.outputs}
    after = [value for node in nodes[start + times * period :] for value in node.inputs]
    return any(value.id in inner for value in (*after, *outputs))
