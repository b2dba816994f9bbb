"""From a tensor-level graph to a `torch.fx.GraphModule` of stock torch operations.

Every input and every result has one leading batch axis, of size 1 where there are no inputs. Free sizes are read off the inputs, so one module
serves all of them.
"""

from __future__ import annotations

import builtins
import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

import torch
import torch.nn.functional as F
from torch import fx, nn

from symc.algebra import sizes as sz
from symc.backends import modules
from symc.backends.assemble import Memory, Places, add_up, fills
from symc.backends.free_sizes import Reading, UnreadableSize, readings, solve
from symc.backends.kernels import Operand, Sizes, compute
from symc.backends.loop import Recurrence
from symc.backends.splits import Piece, pieces
from symc.backends.together import together
from symc.diagnostics import Diagnostic, DiagnosticError, Label
from symc.ir.contraction import is_product
from symc.ir.graph import Graph, Node, Value
from symc.ir.tensor import (
    Arithmetic,
    Array,
    Assemble,
    BatchNormPart,
    Diagonal,
    DropoutMask,
    Einsum,
    Expand,
    Loop,
    Parameter,
    Permute,
    Reshape,
    Slice,
    TensorOp,
    TensorType,
)


def emit(graph: Graph[TensorOp], generator: torch.Generator | None = None) -> fx.GraphModule:
    """The graph as a module, parameters freshly drawn, in the default dtype and on the default device.

    Raises DiagnosticError (E0322) where a free size cannot be read off the inputs.
    """
    state, root = modules.state_of(graph), nn.Module()
    modules.build(root, state)
    modules.reset(root, state, generator)
    return assemble(graph, state, root)


def assemble(graph: Graph[TensorOp], state: modules.State, root: nn.Module) -> fx.GraphModule:
    """The graph module over the state of `root`: both have the same parameters, buffers and children, whatever becomes of them later."""
    result = fx.GraphModule(root, Emission(graph, state).run(), graph.name)
    for shared in ("_parameters", "_buffers", "_non_persistent_buffers_set", "_modules"):  # GraphModule has made containers of its own
        result.__dict__[shared] = root.__dict__[shared]
    result.training = root.training
    return result


class Emission:
    """Writing one fx graph: the kernels run on proxies, and what they call is recorded."""

    def __init__(self, graph: Graph[TensorOp], state: modules.State, sizes: Sequence[str] | None = None):
        """With `sizes` the free sizes come as further arguments, in this order; else they are read off the inputs."""
        self.source, self.state, self.given = graph, state, sizes
        self.fx = fx.Graph()
        self.tracer = fx.proxy.GraphAppendingTracer(self.fx)
        self.uses = Counter(value.id for node in graph.nodes for value in node.inputs) + Counter(value.id for value in graph.outputs)
        self.first_terms = {node.inputs[0].id for node in graph.nodes if isinstance(node.op, Assemble) and self.uses[node.inputs[0].id] == 1}
        self.scattered: set[int] = set()
        self.values: dict[int, Any] = {}  # by the id of the IR's value: a proxy, or a number
        self.attributes: dict[str, fx.Proxy] = {}
        self.pieces = pieces(graph)
        self.splits: dict[tuple[int, int], Any] = {}
        self.memory = Memory()
        self.called: set[fx.Node] = set()  # nodes that have a name from the text

    def run(self) -> fx.Graph:
        inputs = [self.tracer.create_proxy("placeholder", name, (), {}) for name in _arguments(self.source.inputs)]
        self.values |= {value.id: proxy for value, proxy in zip(self.source.inputs, inputs, strict=True)}
        batch = self.named(inputs[0].size(0), "batch") if inputs else 1
        given = self.given or ()
        free: dict[str, Any] = {name: self.tracer.create_proxy("placeholder", f"size_{name}", (), {}) for name in given}
        for reading in self.readings() if self.given is None else ():
            size = inputs[reading.input].size(reading.axis + 1)
            free[reading.name] = self.named(solve(reading, size, free), reading.name)
        self.sizes = Sizes(batch, free)
        names = [node.outputs[0].name for node in self.source.nodes]
        for node, name, following in zip(self.source.nodes, names, [*names, ""][1:], strict=True):
            value = self.node(node)  # of the nodes that make up one step of the text, the last has its name
            self.values[node.outputs[0].id] = value if name == following else self.named(value, name)
        results = [self.result(value).node for value in self.source.outputs]
        self.fx.output(results[0] if len(results) == 1 else tuple(results))
        self.drop_unused()
        self.fx.lint()
        return self.fx

    def readings(self) -> Sequence[Reading]:
        """How every free size that occurs is read."""
        values = [*self.source.inputs, *(value for node in self.source.nodes for value in node.outputs)]
        try:
            found = readings([_type(value).shape for value in self.source.inputs])
            for name in sorted({name for value in values for name in _type(value).free} - {reading.name for reading in found}):
                raise UnreadableSize(name, [])
        except UnreadableSize as error:
            spans = [value.span for value in self.source.inputs if value.span is not None and error.name in _type(value).free]
            helps = (f"give {error.name} a number, or take an input with an axis of size {error.name}",)
            raise DiagnosticError(Diagnostic("E0322", str(error), Label(spans[0]) if spans else None, helps=helps)) from None
        return found

    def node(self, node: Node[TensorOp]) -> Any:
        output = node.outputs[0]
        match node.op:
            case Parameter() | Array():
                if output.id in self.state.literals:
                    return self.state.literals[output.id]
                value = self.attribute(self.state.place[output.id])
                if isinstance(node.op, Array):
                    self.memory.is_constant(value)
                return value
            case DropoutMask(_, shared):
                return self.dropout(self.values[node.inputs[0].id], _type(output), shared, self.state.place[output.id])
            case Slice() if output.id in self.pieces:
                self.scatter(node)
                return self.piece(self.pieces[output.id], self.values[node.inputs[0].id], _type(node.inputs[0]))
            case BatchNormPart(_, part, _, shape):
                x, *masks = (self.values[value.id] for value in node.inputs)
                return self.tracer.create_proxy("call_module", self.state.place[output.id], (x, part, shape, *masks), {})
            case Assemble(places):
                operands = [Operand(self.values[value.id], _type(value)) for value in node.inputs]
                owned = [self.uses[value.id] == 1 for value in node.inputs]
                whole = self.together(operands, places, owned, _type(output))
                return add_up(operands, places, owned, _type(output), self.sizes, self.memory) if whole is None else whole
            case Loop() as loop:
                return self.loop(loop, [self.values[value.id] for value in node.inputs])
            case op:
                self.scatter(node)
                operands = [Operand(self.values[value.id], _type(value), value.id in self.scattered) for value in node.inputs]
                fused = self.linear_with_bias(node, operands) if op == Arithmetic("add") else None
                return compute(op, operands, _type(output), self.sizes) if fused is None else fused

    def together(self, operands: Sequence[Operand], places: Sequence[Places], owned: Sequence[bool], type: TensorType) -> Any:
        """A sum with products that fill the whole result, as one call; None where adding them one after another is as good."""
        products, terms = [], []
        for operand, along, own in zip(operands, places, owned, strict=True):
            made = operand.value.node if isinstance(operand.value, fx.Proxy) else None
            if own and made is not None and fills(operand, along, type) and made.target is F.linear and len(made.all_input_nodes) == 2:
                x, weight = (fx.Proxy(argument, self.tracer) for argument in made.all_input_nodes)
                products.append((x, weight, (0, *(axis + 1 for (axis,) in along[:-1]))))
            else:
                shifted = tuple(tuple(axis + 1 for axis in many) for many in along)
                terms.append((operand.value, ((0,), *shifted) if operand.type.batched else shifted))
        diagonals = any(len(many) > 1 for along in places for many in along)
        if len(products) + diagonals < 2 or type.complex or not all(isinstance(x, fx.Proxy) for x, _ in terms):
            return None
        return self.tracer.create_proxy("call_function", together, (self.sizes.shape(type), products, terms), {})

    def scatter(self, node: Node[TensorOp]) -> None:
        """Note whether the result may be scattered in memory: views are, and what is a view of them."""
        match node.op:
            case Permute() | Slice() | Expand() | Diagonal():
                self.scattered.add(node.outputs[0].id)
            case Reshape() if node.inputs[0].id in self.scattered:
                self.scattered.add(node.outputs[0].id)
            case Einsum() if not is_product(node.op.equation, [_type(value).batched for value in node.inputs]):
                self.scattered.add(node.outputs[0].id)
            case _:
                pass

    def piece(self, piece: Piece, x: Any, type: TensorType) -> Any:
        """One piece of a split, which is made once."""
        key = piece.source, piece.axis
        if key not in self.splits:
            self.splits[key] = torch.split(x, list(piece.lengths), piece.axis + int(type.batched))
        return self.splits[key][piece.index]

    def loop(self, op: Loop, inputs: list[Any]) -> Any:
        """A call of the recurrence, whose body is told the free sizes it uses."""
        names = sorted(_free(op.body))
        graph = type(self)(op.body, modules.state_of(op.body), names).run()
        placeholders = [node for node in graph.nodes if node.op == "placeholder"]
        for name, size in zip(tuple(names), placeholders[len(inputs) :], strict=True):
            if not size.users:
                graph.erase_node(size)
                names.remove(name)
        target = Recurrence(fx.GraphModule(nn.Module(), graph, op.body.name), op.sequences, op.last)
        return self.tracer.create_proxy("call_function", target, (*inputs, *(self.sizes.value(sz.free(name)) for name in names)), {})

    def linear_with_bias(self, node: Node[TensorOp], operands: list[Operand]) -> Any:
        """A linear map that nothing else uses, and the vector added to it, as one call; None where they are no such thing."""
        for value, product, bias in zip(node.inputs, operands, reversed(operands), strict=True):
            made = product.value.node if isinstance(product.value, fx.Proxy) else None
            if made is None or made.target is not F.linear or len(made.all_input_nodes) != 2 or self.uses[value.id] > 1:
                continue
            if isinstance(bias.value, fx.Proxy) and not bias.type.batched and bias.type.shape == product.type.shape[-1:]:
                x, weight = (fx.Proxy(argument, self.tracer) for argument in made.all_input_nodes)
                return self.biased(x, weight, bias.value, node.outputs[0])
        return None

    def biased(self, x: Any, weight: Any, bias: Any, result: Value) -> Any:
        """A linear map with a bias. The first term of a sum must be no view: of one that is written into autograd copies the gradient."""
        if result.id not in self.first_terms:
            return F.linear(x, weight, bias)
        y: Any = torch.ops.aten._unsafe_view(F.linear(torch.flatten(x, 0, -2), weight, bias), self.sizes.shape(_type(result)))
        self.memory.made(y)
        return y

    def dropout(self, x: Any, type: TensorType, shared: tuple[int, ...], path: str) -> Any:
        """Where axes share their fate, ones of size 1 along them are dropped and multiplied; of complex numbers too."""
        if not shared and not type.complex:
            return self.tracer.create_proxy("call_module", path, (x,), {})
        shape = tuple(1 if axis in shared else size for axis, size in enumerate(type.shape))
        ones = (torch.real(x) if type.complex else x).new_ones(self.sizes.shape(TensorType(shape, type.batched)))
        return x * self.tracer.create_proxy("call_module", path, (ones,), {})

    def attribute(self, path: str) -> fx.Proxy:
        if path not in self.attributes:
            self.attributes[path] = self.tracer.create_proxy("get_attr", path, (), {}, name=path.replace(".", "_"))
        return self.attributes[path]

    def named(self, value: Any, name: str) -> Any:
        """The same value; what was just made for it is called after it, inputs and state keep the names they have."""
        if isinstance(value, fx.Proxy) and value.node.op not in ("placeholder", "get_attr") and name and value.node not in self.called:
            self.called.add(value.node)
            value.node._rename(name)
        return value

    def result(self, value: Value) -> fx.Proxy:
        """Every result has the batch axis, also one that depends on no input."""
        proxy, type = self.values[value.id], _type(value)
        return proxy if type.batched else torch.broadcast_to(proxy, (self.sizes.batch, *self.sizes.shape(type)))  # type: ignore[return-value]

    def drop_unused(self) -> None:
        """Sizes are read first, all of them, so that none keeps an input alive; and a fused operation leaves its parts behind."""
        for node in reversed(self.fx.nodes):
            if node.op not in ("placeholder", "output") and not node.users:
                self.fx.erase_node(node)


def _arguments(inputs: Sequence[Value]) -> list[str]:
    """A Python name for each input, that of the text where it is one (an entry of a record is `w.bias` there) and hides nothing the code calls."""
    names: list[str] = []
    for value in inputs:
        name = re.sub(r"\W", "_", value.name) or "x"
        while name in names or name == "torch" or hasattr(builtins, name):
            name += "_"
        names.append(name)
    return names


def _free(body: Graph[TensorOp]) -> set[str]:
    """The free sizes that occur in a body, and in bodies inside it."""
    values = [*body.inputs, *(value for node in body.nodes for value in node.outputs)]
    inner = [_free(node.op.body) for node in body.nodes if isinstance(node.op, Loop)]
    return set().union(*(_type(value).free for value in values), *inner)


def _type(value: Value) -> TensorType:
    assert isinstance(value.type, TensorType)
    return value.type
