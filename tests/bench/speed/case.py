"""What is compared: a case is a compiled module, its inputs, and the peers that do the same work."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from torch import Tensor, nn

Inputs: TypeAlias = tuple[Tensor, ...]
Agreement: TypeAlias = Literal["values", "maps", "dimensions", "shapes"]


class Absent(Exception):
    """A peer that is not installed, and why."""


def same(inputs: Inputs) -> Inputs:
    return inputs


def as_it_is(output: Tensor) -> Tensor:
    return output


@dataclass(frozen=True)
class Peer:
    """Another way to do the work of a case.

    make:      the module, given ours; raises Absent. Where the two have the same parameters it takes ours.
    wanted:    the least ratio theirs / ours by column, see `COLUMNS`.
    enter:     our inputs in its layout, made once and not timed.
    leave:     its output in our layout, for the test.
    agreement: what a test compares. `values` of the outputs; `maps`, the spaces of functions that the weights of the two reach, both being linear
               in their weights; their `dimensions` alone, where coordinates differ; or the `shapes`, where the other is not equivariant.
    """

    name: str
    make: Callable[[nn.Module], nn.Module]
    wanted: Mapping[str, float] = field(default_factory=dict)
    enter: Callable[[Inputs], Inputs] = same
    agreement: Agreement = "shapes"
    leave: Callable[[Tensor], Tensor] = as_it_is


@dataclass(frozen=True)
class Case:
    """A compiled module and its peers.

    flops: of the best form known of one forward call. Where none is given, the fewest that torch counts among those compared.
    step:  the backward column is a training step: loss, gradients of the weights alone, and an update of the weights.
    """

    name: str
    make: Callable[[], nn.Module]
    inputs: Callable[[], Inputs]
    peers: Sequence[Peer]
    flops: float | None = None
    step: bool = False


def tensors(output: Any) -> list[Tensor]:
    """The tensors of a result, in order."""
    if isinstance(output, Tensor):
        return [output]
    parts = output.values() if isinstance(output, dict) else output
    return [tensor for part in parts for tensor in tensors(part)]
