"""A linear map as it is applied: what every way to lower it takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from symc.algebra.hom import Affine, Entry, Split
from symc.ir.graph import Value
from symc.ir.infer import remaining
from symc.ir.ops import Linear
from symc.ir.types import Type
from symc.passes.lower.axes import Labelled
from symc.passes.lower.builder import Builder
from symc.passes.lower.parts import source


@dataclass(frozen=True)
class Call:
    """The types that a map is applied to, and the weights and biases that belong to the entries of its bases.

    all_weights, all_biases: those of the parameters, where they are that (see `parts.parameter`).
    """

    op: Linear
    types: tuple[Type, ...]
    results: tuple[Type, ...]
    weights: tuple[Labelled, ...]
    biases: tuple[Labelled, ...]
    all_weights: Labelled | None = None
    all_biases: Labelled | None = None

    @property
    def maps(self) -> Split | None:
        return self.op.basis.linear if isinstance(self.op.basis, Affine) else self.op.basis

    @property
    def entries(self) -> tuple[Entry, ...]:
        return self.maps.entries if self.maps is not None else ()

    @property
    def sources(self) -> tuple[Type, ...]:
        """The types of the inputs, without the axes of `each`."""
        return remaining(self.op, self.types)

    @property
    def targets(self) -> tuple[Type, ...]:
        """The types of the results, without the axes of `each`."""
        return remaining(self.op, self.results, out=True)

    def source(self, b: Builder, inputs: Sequence[Value], entry: Entry) -> Labelled:
        """The summand that an entry starts from."""
        index = entry.source
        places = self.op.input_each[index] if self.op.each else ()
        return source(b, inputs[index], self.types[index], places, self.sources[index].axes, entry.source_summand)
