"""The fx graph of a model, with what a reader wants to know of each node: where in the text it comes from, and what to call it."""

from __future__ import annotations

import operator
from typing import Any

import torch
from torch import fx

from symc.algebra import sizes as sz
from symc.backends import kernels
from symc.backends.fx import Emission
from symc.backends.source import helpers
from symc.diagnostics import Span
from symc.ir.graph import Node, Value
from symc.ir.tensor import FusedAttention, Reduce, SafeReciprocalSqrt, SafeSqrt, TensorOp, TensorType


class Verbatim(str):
    """An argument that is written as it is."""


class Recorder(Emission):
    """An emission that notes in `meta` of every node the span it comes from, and its name in the text.

    Some operations stay calls of a function, which the file then has: roots, means, and the sums that others are added to in place.
    """

    def node(self, node: Node[TensorOp]) -> Any:
        before = next(iter(reversed(self.fx.nodes)), None)
        value = self.by_function(node)
        value = super().node(node) if value is None else value
        for made in reversed(self.fx.nodes):
            if made is before:
                break
            made.meta.setdefault("span", node.span)
        return value

    def drop_unused(self) -> None:
        """Sizes that are read stay: the shapes of inputs are looked at."""
        for node in reversed(self.fx.nodes):
            if node.op not in ("placeholder", "output") and not node.users and not (self.given is None and is_size(node) and "name" in node.meta):
                self.fx.erase_node(node)

    def by_function(self, node: Node[TensorOp]) -> Any:
        """A call of a function of `helpers`, where there is one."""
        match node.op:
            case SafeSqrt():
                return self.called_by_name(kernels.safe_sqrt, self.values[node.inputs[0].id])
            case SafeReciprocalSqrt():
                return self.called_by_name(kernels.safe_reciprocal_sqrt, self.values[node.inputs[0].id])
            case Reduce("mean", axes, keep) if axes and len(node.inputs) == 1:
                x, type_ = self.values[node.inputs[0].id], _type(node.inputs[0])
                sizes = [type_.shape[axis] for axis in axes]
                if 0 in sizes:
                    return None
                dims = tuple(axis + int(type_.batched) for axis in axes)
                given = {"keepdim": True} if keep else {}
                count = self.sizes.value(sz.product(sizes))
                function = helpers.mean_of if isinstance(count, int) else helpers.mean_or_0
                return self.called_by_name(function, x, dims[0] if len(dims) == 1 else dims, count, **given)
            case FusedAttention():
                return self.called_by_name(helpers.attend, *(self.values[value.id] for value in node.inputs), exact=Verbatim("exact"))
            case _:
                return None

    def called_by_name(self, function: Any, *args: Any, **kwargs: Any) -> fx.Proxy:
        return self.tracer.create_proxy("call_function", function, args, kwargs)

    def biased(self, x: Any, weight: Any, bias: Any, result: Value) -> Any:
        if result.id not in self.first_terms:
            return super().biased(x, weight, bias, result)
        y = self.called_by_name(helpers.new_linear, x, weight, bias)
        self.memory.made(y)
        return y

    def named(self, value: Any, name: str) -> Any:
        found = super().named(value, name)
        if isinstance(found, fx.Proxy) and found.node in self.called:
            found.node.meta.setdefault("name", name)
        return found


def is_size(node: fx.Node) -> bool:
    """Is it a whole number, or what else follows from the shape and kind of inputs alone?"""
    if node.op == "call_method":
        return node.target == "size"
    if node.target is getattr:
        return node.args[1] in ("dtype", "device")
    if node.target in (torch.sym_max, torch.sym_int, torch.sym_sqrt):
        return True
    arithmetic = (operator.add, operator.sub, operator.mul, operator.floordiv, operator.neg, operator.truediv, operator.pow)
    inputs = node.all_input_nodes
    return node.target in arithmetic and bool(inputs) and all(map(_known_size, inputs))


def _known_size(node: fx.Node) -> bool:
    return node.name.startswith("size_") if node.op == "placeholder" else is_size(node)


def span_of(node: fx.Node) -> Span | None:
    found: Span | None = node.meta.get("span")
    return found


def _type(value: Value) -> TensorType:
    assert isinstance(value.type, TensorType)
    return value.type
