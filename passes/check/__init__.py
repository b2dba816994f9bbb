"""Is every operation equivariant? Decided from what the generators do to coordinates; what is not comes with a computed counterexample.

Before -> after: the graph unchanged, and a list of diagnostics. Legality is exact for the actions of the language: discrete generators and
one-parameter groups generate, so what commutes with each of them commutes with the group.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import assert_never

from symc.diagnostics import Diagnostic
from symc.ir import ops
from symc.ir.graph import Graph, Node
from symc.ir.types import Type
from symc.passes.check import normalisation, reductions, stretch
from symc.passes.check.contractions import attention, dot, weights
from symc.passes.check.finding import Finding, diagnose
from symc.passes.check.points import points
from symc.passes.check.pointwise import pointwise
from symc.passes.check.products import products
from symc.passes.check.sources import made_of_nothing
from symc.passes.check.written import written


def check(graph: Graph[ops.EquivariantOp]) -> list[Diagnostic]:
    """One diagnostic for every operation in the text that does not commute with the model's groups, in order of the nodes."""
    numbers = {node.outputs[0].id: node.op.value for node in graph.nodes if isinstance(node.op, ops.Constant)}
    seen: set[object] = set()
    result = []
    for index, node in enumerate(graph.nodes):
        written_here = (node.span or index, type(node.op), *(value.type for value in node.inputs))
        if written_here not in seen:  # an unrolled `repeat` says the same once
            seen.add(written_here)
            with graph.named():
                result += [diagnose(graph, node, finding) for finding in islice(findings(node, numbers), 1)]
            if isinstance(node.op, ops.Scan):
                result += check(replace(node.op.body, names=graph.names))
    return result


def findings(node: Node[ops.EquivariantOp], numbers: Mapping[int, float]) -> Iterator[Finding]:
    """What is wrong with a node, at the smallest sizes first; `numbers` are the values of constants."""
    types = [value.type for value in node.inputs if isinstance(value.type, Type)]
    if isinstance(node.op, ops.Noise | ops.Zero):
        yield from made_of_nothing(node.op, [value.type for value in node.outputs if isinstance(value.type, Type)])
        return
    names = [f"{numbers[value.id]:g}" if value.id in numbers else written(value) for value in node.inputs]
    yield from points(node.op, types, names)
    yield from _linear_findings(node, numbers, types, names)


def _linear_findings(node: Node[ops.EquivariantOp], numbers: Mapping[int, float], types: Sequence[Type], names: Sequence[str]) -> Iterator[Finding]:
    """What is wrong apart from translations."""
    op = node.op
    match op:
        case ops.Pointwise():
            return pointwise(op, types[0], names[0])
        case ops.Binary("add" | "sub"):
            values = (numbers.get(node.inputs[0].id), numbers.get(node.inputs[1].id))
            return stretch.sums(op, (types[0], types[1]), (names[0], names[1]), values)
        case ops.Binary():
            return products(op, (types[0], types[1]), names[0], names[1], same=node.inputs[0].id == node.inputs[1].id)
        case ops.Attention():
            return attention(op, (types[0], types[1]), names[1])
        case ops.Dot(weighted=True):
            return weights(types[0], names[0])
        case ops.Dot():
            return dot(op, (types[0], types[1]), names[0], names[1], same=node.inputs[0].id == node.inputs[1].id)
        case ops.Norm():
            return reductions.norm(op, types[0], names[0])
        case ops.Normalize():
            return reductions.normalize(types[0], names[0])
        case ops.Pool():
            return reductions.pool(op, types[0], names[0])
        case ops.Softmax():
            return reductions.softmax(op, types[0], names[0])
        case ops.LayerNorm():
            return normalisation.layernorm(op, types[0], names[0])
        case ops.BatchNorm():
            return normalisation.batchnorm(types[0], names[0])
        case ops.Dropout():
            return normalisation.dropout(op, types[0], names[0])
        case ops.Linear() | ops.Bilinear() | ops.Gate() | ops.Scan() | ops.Constant() | ops.Noise() | ops.Zero():
            return iter(())
        case ops.Concat() | ops.Project() | ops.Recast() | ops.Reinterpret() | ops.Encode():
            return iter(())
        case _:
            assert_never(op)
