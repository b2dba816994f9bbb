"""What a model is made of, layer by layer: spaces of maps, weights, how each is lowered, and what it costs beside no symmetry. No torch."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import prod

from symc.api.options import check_sizes
from symc.api.program import Program, described, program
from symc.diagnostics import Diagnostic, Source
from symc.grammar import parse, tree
from symc.ir.graph import Node, Value
from symc.ir.ops import Bilinear, EquivariantOp, Linear
from symc.ir.parameters import parameter_shapes, spaces
from symc.ir.printer import show_op
from symc.ir.types import Type
from symc.passes.cost import BATCH, FREE, WIDTH, Cost, estimate, number
from symc.passes.lower import Lowering, lower
from symc.passes.lower.builder import Builder
from symc.passes.pipeline import Options, run
from symc.passes.simplify import simplify


@dataclass(frozen=True, slots=True)
class Maps:
    """A solved space: its dimension, how it was found, and its dimension counted another way, where one is known. `of` is "maps" or "biases"."""

    of: str
    dim: int
    method: str
    expected: int | None
    expected_by: str | None


@dataclass(frozen=True, slots=True)
class Unconstrained:
    """The same layer without symmetry: its numbers of weights and of biases, and its cost."""

    weights: int
    biases: int
    cost: Cost


@dataclass(frozen=True, slots=True)
class Layer:
    """One operation. `place` is what its weights are called, or the tensor it makes; `unconstrained` is None where there is nothing to constrain.

    `repeated`: an earlier layer has the same weights. `others`: the ways to lower it beside `algorithm`, and their costs.
    """

    place: str
    line: int | None
    operation: str
    sources: tuple[str, ...]
    target: str
    maps: tuple[Maps, ...]
    weights: int
    biases: int
    repeated: bool
    algorithm: tuple[str, ...]
    others: Mapping[str, Cost]
    cost: Cost
    unconstrained: Unconstrained | None


@dataclass(frozen=True, slots=True)
class Explanation:
    """A model, its layers, and the assumptions of the estimates: how many samples, and a number for every free size."""

    model: str
    symmetry: str
    signature: str
    batch: int
    sizes: Mapping[str, int]
    layers: tuple[Layer, ...]

    @property
    def cost(self) -> Cost:
        return sum((layer.cost for layer in self.layers), Cost())

    @property
    def weights(self) -> int:
        """Weights and biases, those of several layers once."""
        return sum(layer.weights + layer.biases for layer in self.layers if not layer.repeated)

    @property
    def unconstrained_cost(self) -> Cost:
        return sum((layer.unconstrained.cost if layer.unconstrained else layer.cost for layer in self.layers), Cost())

    @property
    def unconstrained_weights(self) -> int:
        """Weights and biases where every map is any matrix; what is no map keeps its own."""
        without = [layer.unconstrained or layer for layer in self.layers if not layer.repeated]
        return sum(layer.weights + layer.biases for layer in without)


def explain(
    source: Source,
    *,
    model: str | None = None,
    given: Mapping[str, str] | None = None,
    lowering: Lowering = "auto",
    report: Callable[[Diagnostic], object] | None = None,
) -> Explanation:
    """The layers of one model. `given` has values for its parameters, and numbers for its free sizes, at which costs are estimated.

    Warnings go to `report`. Raises DiagnosticError with everything that is wrong.
    """
    graph, sizes = program_at(source, model=model, given=given or {}, report=report)
    known = {**dict.fromkeys(sorted(graph.free), FREE), **sizes}
    solved = run(graph, after="solve", options=Options(report=report))
    checked = described(graph)
    with solved.named():
        return Explanation(graph.name, checked.symmetry, checked.signature, BATCH, known, tuple(_layers(solved, known, lowering)))


def program_at(
    source: Source, *, model: str | None, given: Mapping[str, str], report: Callable[[Diagnostic], object] | None = None
) -> tuple[Program, dict[str, int]]:
    """A checked graph, and numbers for its free sizes, where one list of values has those of parameters and of free sizes. Raises DiagnosticError."""
    file, _ = parse(source)
    known = {param.name.id for item in file.declarations if isinstance(item, tree.ModelDecl) for param in item.params}
    params = {name: value for name, value in given.items() if name in known}
    graph = program(source, model=model, params=params, report=report)
    sizes = {name: value for name, value in given.items() if name in graph.free}
    if len(params) + len(sizes) < len(given):  # an unknown name, or a parameter of a model that is imported
        graph = program(source, model=model, params={name: value for name, value in given.items() if name not in sizes}, report=report)
    numbers: dict[str, object] = {name: int(value) if value.isascii() and value.isdigit() else value for name, value in sizes.items()}
    return graph, check_sizes(numbers, graph.free)


def _layers(graph: Program, sizes: Mapping[str, int], lowering: Lowering) -> Iterator[Layer]:
    """Those that compute something, or have weights: views, and what is a number, are left out."""
    seen: set[str] = set()
    for node in graph.nodes:
        one = replace(graph, inputs=tuple(dict.fromkeys(node.inputs)), nodes=(node,), outputs=node.outputs)
        b = Builder()
        cost = estimate(simplify(lower(one, b, lowering)).nodes, BATCH, sizes)
        if cost.bytes == 0 and not parameter_shapes(one):
            continue
        layer = _layer(one, node, cost, b, sizes)
        names = set(parameter_shapes(one))
        yield replace(layer, repeated=bool(names) and names <= seen)
        seen |= names


def _layer(one: Program, node: Node[EquivariantOp], cost: Cost, b: Builder, sizes: Mapping[str, int]) -> Layer:
    shapes = parameter_shapes(one)
    place = next(iter(shapes), "").rpartition(".")[0] or node.outputs[0].name
    biases = sum(prod(shape) for name, shape in shapes.items() if name.endswith(".bias"))
    weights = sum(map(prod, shapes.values())) - biases
    known = [(space, space.basis.certificate) for space in spaces(one)]
    maps = [
        Maps("biases" if space.bias else "maps", space.basis.dim, space.basis.method, certificate.expected, certificate.expected_by)
        for space, certificate in known
    ]
    operation = show_op(node.op).partition("(")[0]
    sources, targets = ([str(value.type) for value in values] for values in (node.inputs, node.outputs))
    line = node.span.line if node.span is not None else None
    return Layer(
        place, line, operation, tuple(sources), ", ".join(targets), tuple(maps), weights, biases, False,
        tuple(b.choices), b.others, cost, _unconstrained(node, sizes),
    )  # fmt: skip


def _unconstrained(node: Node[EquivariantOp], sizes: Mapping[str, int]) -> Unconstrained | None:
    """Any matrix between the same numbers of coordinates; of a bilinear map, one that is applied to all products of two of them."""
    out = _coordinates(node.outputs, sizes)
    match node.op:
        case Linear(bias=bias):
            return _matrix(_coordinates(node.inputs, sizes), out, biased=bias)
        case Bilinear(left=left, right=right, given=given):
            first, second = _coordinates(node.inputs[:left], sizes), _coordinates(node.inputs[left : left + right], sizes)
            dense = _matrix(first * second, out, biased=False)
            formed = Cost(BATCH * first * second, WIDTH * BATCH * (first + second + first * second), 1)
            return Unconstrained(0 if given is not None else dense.weights, 0, dense.cost + formed)
        case _:
            return None


def _matrix(into: int, out: int, *, biased: bool) -> Unconstrained:
    flops, entries = 2.0 * BATCH * into * out, into * out + BATCH * (into + out)
    return Unconstrained(into * out, out * biased, Cost(flops, WIDTH * float(entries), 1))


def _coordinates(values: Sequence[Value], sizes: Mapping[str, int]) -> int:
    return sum(int(number(value.type.rep.dim, sizes)) for value in values if isinstance(value.type, Type))
