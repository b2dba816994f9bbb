"""The type rule of recurrences, and what one step is given."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from symc.algebra.reps import Carried, Rep
from symc.ir.ops import Scan
from symc.ir.types import Type

Tensor = TypeVar("Tensor")


def time_of(op: Scan, inputs: Sequence[Type]) -> Rep:
    """The axis that the steps run along. Raises ValueError where there is none, or several."""
    found = {item.axes[place] for item, place in zip(inputs[op.states :], op.along, strict=True) if place is not None}
    if len(found) != 1 or not all(isinstance(rep, Carried) for rep in found):
        raise ValueError(f"steps run along one axis, not {len(found)}")
    return found.pop()


def step_types(op: Scan, inputs: Sequence[Type]) -> tuple[Type, ...]:
    """What the body takes."""
    rest = (item if place is None else item.without(place) for item, place in zip(inputs[op.states :], op.along, strict=True))
    return (*inputs[: op.states], *rest)


def result_types(op: Scan, inputs: Sequence[Type]) -> tuple[Type, ...]:
    """The states, after all steps or after each."""
    states = inputs[: op.states]
    return tuple(states) if op.last else tuple(Type((time_of(op, inputs), *item.axes)) for item in states)


def unrolled(
    op: Scan,
    inputs: Sequence[Tensor],
    steps: int,
    run: Callable[[list[Tensor]], list[Tensor]],
    at: Callable[[Tensor, int, int], Tensor],
    stacked: Callable[[Tensor, list[Tensor]], Tensor],
) -> list[Tensor]:
    """Step by step: `run` is the body, `at` takes an index of an axis, `stacked` puts states, shaped like the first argument, along one in front."""
    first = list(inputs[: op.states])
    state, every = first, list[list[Tensor]]()
    for step in range(steps):
        given = (x if place is None else at(x, place, step) for x, place in zip(inputs[op.states :], op.along, strict=True))
        state = run([*state, *given])
        every.append(state)
    return state if op.last else [stacked(one, [states[i] for states in every]) for i, one in enumerate(first)]
