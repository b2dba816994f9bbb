"""The learned tensors of an equivariant graph: their names and shapes. Complex weights are pairs of real ones along a last axis."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from symc.algebra import sizes as sz
from symc.algebra.hom import Affine, Split
from symc.algebra.reps import Tensor, Trivial
from symc.algebra.summands import Summand, summands
from symc.ir.bodies import every_node
from symc.ir.graph import Graph, Node
from symc.ir.ops import BatchNorm, Bilinear, EquivariantOp, LayerNorm, Linear, Scan
from symc.ir.types import Type


def parameter_shapes(graph: Graph[EquivariantOp]) -> dict[str, tuple[int, ...]]:
    """Name to shape, in order of first use; the maps must be solved. Raises ValueError where two nodes share a name and not a shape."""
    shapes: dict[str, tuple[int, ...]] = {}
    for node in graph.nodes:
        for name, shape in _shapes(node):
            if shapes.setdefault(name, shape) != shape:
                raise ValueError(f"{name} is {shapes[name]} and {shape}")
    return shapes


def _shapes(node: Node[EquivariantOp]) -> list[tuple[str, tuple[int, ...]]]:
    match node.op:
        case Scan(body):
            return list(parameter_shapes(body).items())
        case Linear(name) as op:
            own = own_weights(op)
            spaces = [("weight", op.basis, 3), ("bias", op.bias_basis if op.bias else None, 2)]
            known = [(kind, basis, rank) for kind, basis, rank in spaces if basis is not None and basis.dim]
            return [(f"{name}.{kind}", (*own, *_layout(basis, rank))) for kind, basis, rank in known]
        case Bilinear(name, given=None, basis=basis) as op:
            return [(f"{name}.weight", (*own_weights(op), *_layout(basis, 3)))] if basis is not None and basis.dim else []
        case LayerNorm(name, axes, centred):
            (item,) = (value.type for value in node.inputs)
            assert isinstance(item, Type)
            parts = normalised_parts(item, axes)
            counts = [("weight", parts), ("bias", [part for part in parts if centred and is_trivial(part)])]
            return [(f"{name}.{kind}", (sum(map(copies_of, chosen)),)) for kind, chosen in counts if chosen]
        case BatchNorm(name):
            (item,) = (value.type for value in node.inputs)
            assert isinstance(item, Type)
            kept = batch_parts(item)
            sizes = {"weight": sum(copies for copies, _ in kept), "bias": sum(copies for copies, centred in kept if centred)}
            return [(f"{name}.{kind}", (size,)) for kind, size in sizes.items() if size]
        case _:
            return []


@dataclass(frozen=True, slots=True)
class Space:
    """A solved space, and the parameter that is coordinates in it; `given` where these are values of the graph instead, and so have no parameter."""

    name: str
    basis: Split | Affine
    bias: bool = False
    given: bool = False


def spaces(graph: Graph[EquivariantOp]) -> Iterator[Space]:
    """The spaces of a solved graph in order."""
    for node in every_node(graph):
        match node.op:
            case Linear(name, basis=basis, bias_basis=bias_basis):
                if basis is not None:
                    yield Space(f"{name}.weight", basis)
                if bias_basis is not None:
                    yield Space(f"{name}.bias", bias_basis, bias=True)
            case Bilinear(name, given=given, basis=Split() as basis):
                yield Space(f"{name}.weight", basis, given=given is not None)
            case _:
                pass


def own_weights(op: Linear | Bilinear) -> tuple[int, ...]:
    """The sizes of the axes of `each` that have weights of their own for every index: the trivial ones."""
    return tuple(sz.number(axis.k) for axis in op.each if isinstance(axis, Trivial))


def _layout(basis: Split | Affine, rank: int) -> tuple[int, ...]:
    """(B, c_out, c_in) or, for a bias, (B, c_out) where there is one entry; flat where there are several, and for maps of points."""
    pair = (2,) if basis.is_complex else ()
    if isinstance(basis, Affine) or len(basis.entries) > 1:
        return (basis.dim, *pair)
    kron = basis.entries[0].basis
    return (*(kron.diagram_dim, kron.target_channels, kron.source_channels)[:rank], *pair)


def normalised_parts(item: Type, axes: Sequence[int]) -> tuple[Summand, ...]:
    """The parts that a layer normalisation over `axes` treats one by one: the summands of those axes."""
    return summands(Type(tuple(item.axes[axis] for axis in axes)).rep)


def batch_parts(item: Type) -> tuple[tuple[int, bool], ...]:
    """The summands of the product of a type's axes as batch normalisation has them: the copies that count, and whether these are centred."""
    return tuple((copies_of(part), all(leg.permuted for leg in part.legs)) for part in summands(Tensor(item.axes)))


def is_trivial(part: Summand) -> bool:
    return all(isinstance(leg, Trivial) for leg in part.legs)


def copies_of(part: Summand) -> int:
    """How many copies of a representation a summand holds: the product of its trivial legs."""
    return int(np.prod([sz.number(leg.dim) for leg in part.legs if isinstance(leg, Trivial)], dtype=np.int64))
