"""The containers that hold a graph's state: `h.0.weight` is the parameter `weight` of the module `0` of the module `h`.

Parameters stand under their own names; constants are buffers `constants.c0`, ... that no state dict shows; dropouts are modules `dropouts.d0`, ....
A batch normalisation is a module under its own name, which has its parameters and running statistics.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import fx, nn

from symc.backends.batchnorm import BatchNorm, TracedBatchNorm
from symc.backends.initial import draw
from symc.ir.graph import Graph, Value
from symc.ir.tensor import Arithmetic, Array, BatchNormPart, DropoutMask, Fill, Initial, Parameter, TensorOp, TensorType

RESERVED = frozenset(dir(nn.Module())) | frozenset(dir(fx.GraphModule))
"""What no part of a state name may be called: there is an attribute of that name."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A parameter: its shape and how it begins."""

    shape: tuple[int, ...]
    initial: Initial


@dataclass(frozen=True)
class State:
    """What a graph keeps: parameters by name, constants, dropouts and batch normalisations by module path, and where each node finds its own.

    Nodes go by the id of their output.
    """

    parameters: dict[str, Slot]
    constants: dict[str, NDArray[np.float64] | NDArray[np.int64]]
    dropouts: dict[str, float]
    batchnorms: dict[str, tuple[tuple[int, bool], ...]]
    place: dict[int, str]
    literals: dict[int, float]  # arrays of shape () that stand in the code as a number


def state_of(graph: Graph[TensorOp]) -> State:
    """Everything a graph keeps. Equal constants are kept once."""
    state = State({}, {}, {}, {}, {}, _literals(graph))
    seen: dict[tuple[str, tuple[int, ...], bytes], str] = {}  # constants by dtype, shape and content
    for node in graph.nodes:
        output = node.outputs[0]
        match node.op:
            case Parameter(name, initial):
                name, shape = state_name(name), _shape(output)
                if not shape or RESERVED & set(name.split(".")):
                    raise ValueError(f"{name} of shape {shape} cannot be the name of a parameter of a module")
                state.parameters.setdefault(name, Slot(shape, initial))
                state.place[output.id] = name
            case Array(data) if output.id not in state.literals:
                content = hashlib.sha256(np.ascontiguousarray(data).data).digest()
                path = seen.setdefault((data.dtype.str, data.shape, content), f"constants.c{len(seen)}")
                state.constants.setdefault(path, data)
                state.place[output.id] = path
            case DropoutMask(p):
                state.place[output.id] = path = f"dropouts.d{len(state.dropouts)}"
                state.dropouts[path] = p
            case BatchNormPart(name, _, parts):
                state.place[output.id] = name
                state.batchnorms[name] = parts
                for kind, value in (("weight", 1.0), ("bias", 0.0)):
                    size = sum(copies for copies, centred in parts if centred or kind == "weight")
                    if size:
                        state.parameters.setdefault(f"{name}.{kind}", Slot((size,), Fill(value)))
            case _:
                pass
    return state


def state_name(name: str) -> str:
    """The name in a state dict: a map without a name, as in a model that is one map, has parameters `weight` and `bias`."""
    return name.removeprefix(".")


def build(root: nn.Module, state: State) -> None:
    """Put all of it into a module, in containers that compute nothing; parameters are left as they come (see `reset`)."""
    for path, parts in state.batchnorms.items():
        container, key = _container(root, path)
        container.add_module(key, TracedBatchNorm(parts))
    for name, slot in state.parameters.items():
        container, key = _container(root, name)
        container.register_parameter(key, nn.Parameter(torch.empty(slot.shape)))
    build_fixed(root, state)


def build_fixed(root: nn.Module, state: State) -> None:
    """What is not learned: constants, in the default dtype, and dropouts. They take the place of others of their names."""
    for path, data in state.constants.items():
        container, key = _container(root, path)
        container.register_buffer(key, cast(data, torch.get_default_dtype(), None), persistent=False)
    for path, p in state.dropouts.items():
        container, key = _container(root, path)
        container.add_module(key, nn.Dropout(p))


def cast(data: NDArray[np.float64] | NDArray[np.int64], dtype: torch.dtype, device: torch.device | None) -> torch.Tensor:
    """A constant as a tensor: floats in `dtype`, integers as they are."""
    return torch.tensor(data, dtype=dtype if data.dtype.kind == "f" else torch.int64, device=device)


@torch.no_grad()
def reset(root: nn.Module, state: State, generator: torch.Generator | None = None) -> None:
    """Draw all parameters anew, in the order of the graph."""
    for name, slot in state.parameters.items():
        parameter = root.get_parameter(name)
        if parameter.device.type != "meta":
            parameter.copy_(draw(slot.initial, slot.shape, generator))
    for path in state.batchnorms:
        normal = root.get_submodule(path)
        assert isinstance(normal, BatchNorm)
        normal.reset_running_stats()


def _literals(graph: Graph[TensorOp]) -> dict[int, float]:
    """Numbers that only meet tensors in arithmetic: written into the code they never round, move or promote."""
    arrays = [(node.outputs[0].id, node.op.data) for node in graph.nodes if isinstance(node.op, Array)]
    found = {id_: float(data) for id_, data in arrays if data.shape == () and data.dtype.kind == "f"}
    for node in graph.nodes:
        met = {value.id for value in node.inputs} & found.keys()
        if met and not (isinstance(node.op, Arithmetic) and len(met) == 1 and len(node.inputs) == 2 and node.inputs[0].id != node.inputs[1].id):
            found = {id_: number for id_, number in found.items() if id_ not in met}
    return {id_: number for id_, number in found.items() if id_ not in {value.id for value in graph.outputs}}


def _container(root: nn.Module, path: str) -> tuple[nn.Module, str]:
    """The module that a path ends in, made where it is missing, and the last part of the path."""
    *parts, key = path.split(".")
    for part in parts:
        if part not in root._modules:
            root._modules[part] = nn.Module()
        root = root.get_submodule(part)
    return root, key


def _shape(value: Value) -> tuple[int, ...]:
    assert isinstance(value.type, TensorType)
    return tuple(int(size) for size in value.type.shape)
