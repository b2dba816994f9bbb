"""The IR: a graph of nodes in SSA form. Both levels use it; what is legal at each is in `ir.table`."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Generic, TypeVar

from symc.algebra.groups import Group
from symc.algebra.names import named
from symc.algebra.reps import Rep
from symc.diagnostics import Span
from symc.ir.types import Signature, Type

if TYPE_CHECKING:
    from symc.ir.tensor import TensorType

OpT = TypeVar("OpT")


@dataclass(frozen=True, slots=True)
class Value:
    """A tensor in a graph: a number of its own, the name it has in the user's text, its type, and where it was written."""

    id: int
    name: str = field(compare=False)
    type: Type | TensorType = field(compare=False)
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Node(Generic[OpT]):
    """One operation. Every input is defined by the graph's inputs or by an earlier node."""

    op: OpT
    inputs: tuple[Value, ...]
    outputs: tuple[Value, ...]
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Graph(Generic[OpT]):
    """A model: its flat inputs and outputs (the leaves of `signature`, in order) and the nodes between, in order of execution."""

    name: str
    signature: Signature
    inputs: tuple[Value, ...]
    nodes: tuple[Node[OpT], ...]
    outputs: tuple[Value, ...]
    groups: tuple[Group, ...] = ()  # the model's symmetry: the product of these
    names: tuple[tuple[Rep, str], ...] = field(default=(), compare=False, repr=False)  # what its text calls representations

    def named(self) -> AbstractContextManager[None]:
        """Within, representations are shown by the names its text gives them."""
        return named(self.names)

    @property
    def free(self) -> frozenset[str]:
        """The free sizes, each read off an input at call time."""
        return frozenset().union(*(value.type.free for value in self.inputs))
