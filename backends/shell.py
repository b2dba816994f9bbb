"""The thin shell around a graph module: names, records, batch axes, and checks that say what is wrong with an input."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from types import FunctionType
from typing import Any, TypeAlias

import torch
from torch import Tensor, fx, nn
from torch.nn.attention import SDPBackend, sdpa_kernel

from symc.algebra.groups import Group
from symc.backends import complaints, modules, ragged
from symc.backends.attention import attends, needs_all_derivatives
from symc.backends.checks import at_tracing, bind, check, check_indices, check_masks, check_statistics, name_masks, refusal
from symc.backends.collate import collate
from symc.backends.complaints import InputError
from symc.backends.fingerprint import Fingerprint, differing, fingerprint, pack, unpack
from symc.backends.fx import assemble
from symc.backends.interface import Input, interface_of, show_shape
from symc.backends.usual import fits, usual
from symc.diagnostics import DiagnosticError
from symc.ir.graph import Graph
from symc.ir.ops import EquivariantOp
from symc.ir.parameters import spaces
from symc.ir.tensor import TensorOp
from symc.ir.types import leaves

DERIVED = ("forward", "graph_module", "_masked", "_state", "_interface", "_free", "_anchor", "_refuse", "_prepare", "_attends", "_usual")
"""Attributes that follow from the others."""


Masking: TypeAlias = Callable[[Graph[TensorOp], tuple[str, ...]], Graph[TensorOp]]  # the pass that adds masks of some free sizes to a graph


class Net(nn.Module):
    """A compiled model.

    Takes its inputs by position, by name or as one dict (records inside are dicts), with any number of batch axes, none too, and free sizes of any
    value. Returns a tensor, or for a record a tuple in declared order. Raises InputError for what it cannot take, and StateError where a state dict
    is loaded that was saved with another basis.

    Samples of different sizes are padded, `mask=` saying which elements are real, or stand row by row in one tensor, `batch=` saying to which sample
    each row belongs: every sample gets what it gets alone, up to rounding, and what is padding is 0 in the results. See `collate`, `masked_module`.

    `graph_module` is the `torch.fx.GraphModule` that does the work. It takes tensors with exactly one batch axis, and holds the same parameters,
    so it is not among the children. Its `forward` has the inputs' names, which `torch.export` asks for:
    `torch.export.export(net.graph_module, (x,), dynamic_shapes={"x": {0: Dim("batch"), 1: Dim("n")}})`. `program` and `lowered` are the
    graphs it comes from, on the equivariant and the tensor level.
    """

    graph_module: fx.GraphModule
    _masked: dict[tuple[str, ...], fx.GraphModule]

    def __init__(
        self,
        program: Graph[EquivariantOp],
        lowered: Graph[TensorOp],
        *,
        masking: Masking | None = None,
        generator: torch.Generator | None = None,
        device: torch.device | str | None = None,
        dtype: torch.dtype | None = None,
    ) -> None:
        super().__init__()
        self.program, self.lowered, self._masking, self._state = program, lowered, masking, modules.state_of(lowered)
        modules.build(self, self._state)
        self.register_load_state_dict_post_hook(_settle)  # type: ignore[no-untyped-call]
        self._connect()
        if device is not None or dtype is not None:
            self.to(device=device, dtype=dtype)
        self.reset_parameters(generator)

    def _connect(self) -> None:
        """Everything that follows from the graphs and the children."""
        self.__dict__["graph_module"] = assemble(self.lowered, self._state, self)  # past __setattr__, which would make it a child
        self.__dict__["_masked"] = {}
        self.__dict__["forward"] = _own_code(type(self).forward).__get__(self)
        self._attends = attends(self.lowered)
        self._interface, self._free = interface_of(self.program), sorted(self.program.free)
        self._refuse = refusal(self._interface)
        self._usual = None if self._attends else usual(self._interface)

        def prepare(names: tuple[str, ...]) -> None:
            self.masked_module(names)

        self._prepare = at_tracing(prepare)
        floats = [*self._state.parameters, *(path for path, data in self._state.constants.items() if data.dtype.kind == "f")]
        path, _, key = floats[0].rpartition(".") if floats else ("", "", "")
        self._anchor = (self.get_submodule(path), key) if floats else None  # a tensor that tells dtype and device

    @property
    def name(self) -> str:
        """The model's name in the text."""
        return self.program.name

    @property
    def inputs(self) -> tuple[Input, ...]:
        """The tensors the model takes, in order."""
        return self._interface.inputs

    def reset_parameters(self, generator: torch.Generator | None = None) -> None:
        """Draw all parameters anew; the generator decides alone, whatever the dtype and device of the module."""
        modules.reset(self, self._state, generator)

    # calling

    def forward(self, *args: Any, **kwargs: Any) -> Any:
        """The inputs; and by name `mask` or `batch`, each a tensor, or a dict of them by free size."""
        interface = self._interface
        if isinstance(args, fx.Proxy):  # symbolic_trace of the shell itself gives *args as one proxy, and would put a named argument before them
            args, kwargs = tuple(args[i] for i in range(len(interface.fields))), {}
        if self._usual is not None and self._anchor is not None and not kwargs and fits(self._usual, args, getattr(*self._anchor)):
            return interface.gather(self.graph_module.forward(*args))
        mask, batch = kwargs.pop("mask", None), kwargs.pop("batch", None)
        direct = interface.flat and not kwargs and len(args) == len(interface.inputs) and (len(args) != 1 or isinstance(args[0], Tensor))
        tensors = args if direct else bind(interface, args, kwargs)
        if batch is not None:
            return self._ragged(tensors, mask, batch)
        masks = {} if mask is None else name_masks(self._free, mask, "mask")
        for x in tensors:
            if not isinstance(x, Tensor):
                return self._traced(tensors, masks)
        if self._attends and needs_all_derivatives(tensors):
            with sdpa_kernel(SDPBackend.MATH):
                return interface.gather(self._computed(tensors, masks))
        return interface.gather(self._computed(tensors, masks))

    def _computed(self, tensors: Sequence[Tensor], masks: Mapping[str, Tensor]) -> Any:
        """What the graph module gives for any number of batch axes. Raises InputError."""
        interface = self._interface
        anchor = None if self._anchor is None else getattr(self._anchor[0], self._anchor[1])
        dtype, device = (None, None) if anchor is None else (anchor.dtype, anchor.device)
        batch = check(interface, tensors, dtype, device)
        if not isinstance(batch, tuple):
            if torch.compiler.is_dynamo_compiling():  # a range makes a constant of a size
                shapes = tuple(tuple([range(size) for size in x.shape]) for x in tensors)
                self._refuse(shapes, tuple([x.dtype for x in tensors]), tuple([x.device for x in tensors]), dtype, device)
            raise batch()
        misfit = check_masks(interface, tensors, masks, batch) if masks else None
        if misfit is not None:
            raise misfit()
        if interface.indices and not torch.compiler.is_compiling():
            check_indices(interface, tensors, masks)
        if self.training and interface.centred and not masks:
            misfit = check_statistics(interface, tensors, batch)
            if misfit is not None:
                raise misfit()
        module = self.graph_module
        if masks:
            if torch.compiler.is_dynamo_compiling():
                self._prepare(tuple(masks))  # passes cannot be traced
            module, tensors = self.masked_module(masks), (*tensors, *masks.values())
        lead = len(batch)
        if lead == 1:
            return module.forward(*tensors)
        if lead == 0:
            out = module.forward(*[x.unsqueeze(0) for x in tensors])
            return out.squeeze(0) if interface.single else [y.squeeze(0) for y in _several(out)]
        out = module.forward(*[x.flatten(0, lead - 1) for x in tensors])
        return out.unflatten(0, batch) if interface.single else [y.unflatten(0, batch) for y in _several(out)]

    def _ragged(self, tensors: Sequence[Any], mask: Any, batch: Any) -> Any:
        """Samples in rows: padded, computed, and in rows again."""
        if mask is not None:
            raise complaints.mask_and_batch()
        for spec, x in zip(self._interface.inputs, tensors, strict=True):
            if not isinstance(x, Tensor):
                raise complaints.not_a_tensor(spec, x)
        padded, rows = ragged.pad(self._interface, tensors, name_masks(self._free, batch, "batch"))
        out = self._computed(padded, {name: one.mask for name, one in rows.items()})
        flat = ragged.unpad(self._interface, _several(out), rows)
        return self._interface.gather(flat[0] if self._interface.single else flat)

    def collate(self, samples: Sequence[Any]) -> tuple[dict[str, Any], dict[str, Tensor]]:
        """Samples of different sizes as one batch: `inputs, mask = net.collate(samples)`, then `net(**inputs, mask=mask)`.

        A sample is what the model takes, without batch axis: a tensor, a tuple by position, or a dict by name. Raises InputError.
        """
        return collate(self._interface, samples)

    def _traced(self, tensors: Any, masks: Mapping[str, Any]) -> Any:
        """Under `torch.fx.symbolic_trace` nothing is known about a tensor: one batch axis is taken for granted. Else: something is no tensor."""
        if not any(isinstance(x, fx.Proxy) for x in tensors):
            raise next(complaints.not_a_tensor(spec, x) for spec, x in zip(self._interface.inputs, tensors, strict=True) if not isinstance(x, Tensor))
        out = (self.masked_module(masks) if masks else self.graph_module).forward(*tensors, *masks.values())
        count = sum(1 for _ in leaves(self._interface.result))
        return self._interface.gather(out if count == 1 else [out[i] for i in range(count)])

    # state

    def _apply(self, fn: Callable[[Tensor], Tensor], recurse: bool = True) -> Net:
        """As for every module; constants are then made anew from their float64 originals, so that no conversion costs precision."""
        before = {path: self.get_buffer(path) for path in self._state.constants}
        super()._apply(fn, recurse)  # type: ignore[no-untyped-call]
        for path in self._state.constants:
            tensor = self.get_buffer(path)
            if tensor is not before[path] and tensor.device.type != "meta":
                self._remake(path, tensor.dtype, tensor.device)
        return self

    def _remake(self, path: str, dtype: torch.dtype, device: torch.device) -> None:
        """A constant from its original."""
        container, _, key = path.rpartition(".")
        self.get_submodule(container)._buffers[key] = modules.cast(self._state.constants[path], dtype, device)

    def masked_module(self, names: Iterable[str]) -> fx.GraphModule:
        """As `graph_module`, for samples padded along the free sizes `names`: it takes a mask (batch, n) of each besides, called `mask_n`.

        Made on the first call, it is the module itself from then on. Raises InputError (E0612) where padding cannot be told along one of them.
        """
        key = tuple(sorted(set(names)))
        if key not in self._masked:
            if unknown := [name for name in key if name not in self._free]:
                raise complaints.no_mask(unknown, self._free)
            if self._masking is None:
                raise ValueError("this module was made without the pass that adds masks")
            try:
                graph = self._masking(self.lowered, key)
            except DiagnosticError as error:
                raise InputError(error.diagnostics) from None
            self._masked[key] = assemble(graph, modules.state_of(graph), self)
        return self._masked[key]

    def train(self, mode: bool = True) -> Net:
        super().train(mode)
        for module in (self.graph_module, *self._masked.values()):
            module.training = mode
        return self

    def __getstate__(self) -> dict[str, Any]:
        return {key: value for key, value in self.__dict__.items() if key not in DERIVED}

    def __setstate__(self, state: dict[str, Any]) -> None:
        super().__setstate__(state)  # type: ignore[no-untyped-call]
        self._state = modules.state_of(self.lowered)
        self._connect()

    def __deepcopy__(self, memo: dict[int, Any]) -> Net:
        memo |= {id(shared): shared for shared in (self.program, self.lowered)}  # immutable
        result = memo[id(self)] = type(self).__new__(type(self))
        result.__setstate__(copy.deepcopy(self.__getstate__(), memo))
        return result

    @cached_property
    def fingerprint(self) -> Fingerprint:
        """What the weights are coordinates of, by parameter. It travels as `_extra_state` of a state dict."""
        given = {modules.state_name(space.name) for space in spaces(self.program) if space.given}
        return {name: found for name, found in fingerprint(self.program).items() if name in self._state.parameters or name in given}

    def get_extra_state(self) -> Tensor:
        return pack(self.fingerprint)

    def set_extra_state(self, state: object) -> None:
        """There is nothing to set: `_load_from_state_dict` has compared it."""

    def _load_from_state_dict(
        self, state_dict: Any, prefix: str, local_metadata: Any, strict: bool, missing_keys: Any, unexpected_keys: Any, error_msgs: list[str]
    ) -> None:
        """A state dict of weights alone loads too. Raises StateError before anything is copied."""
        key = prefix + "_extra_state"
        if key in state_dict:
            try:
                other = unpack(state_dict[key])
            except (ValueError, TypeError, AttributeError) as error:
                raise complaints.unreadable_fingerprint(key) from error
            loaded = [name for name in self.fingerprint if name not in self._state.parameters or _holds(state_dict, prefix + name)]
            if names := [name for name in differing(self.fingerprint, other) if name in loaded]:
                raise complaints.other_basis([prefix + name for name in sorted(names)])
        super()._load_from_state_dict(state_dict, prefix, local_metadata, strict, missing_keys, unexpected_keys, error_msgs)
        if key in missing_keys:
            missing_keys.remove(key)

    def __repr__(self) -> str:
        rows = [(f"{spec.name}: {spec.type}", spec.shape) for spec in self._interface.inputs]
        with self.program.named():
            rows += [(f"-> {'.'.join(path)}{': ' * bool(path)}{item}", show_shape(item.shape)) for path, item in leaves(self._interface.result)]
        width = max(len(text) for text, _ in rows)
        groups = " * ".join(map(_show_group, self.program.groups)) or "none"
        lines = [*(f"{text:<{width}}  {shape}" for text, shape in rows), f"symmetry: {groups}"]
        lines.append(f"parameters: {sum(parameter.numel() for parameter in self.parameters()):,}")
        return f"{self.name}(\n" + "".join(f"  {line}\n" for line in lines) + ")"


def rebuilt(net: Net, program: Graph[EquivariantOp], lowered: Graph[TensorOp]) -> Net:
    """A copy that computes other graphs from the same parameters, which have the same names and shapes there."""
    result = copy.deepcopy(net)
    result.program, result.lowered, result._state = program, lowered, modules.state_of(lowered)
    modules.build_fixed(result, result._state)
    result._connect()
    if net._anchor is not None:
        like: Tensor = getattr(*net._anchor)
        result.to(device=like.device, dtype=like.dtype)
    return result.train(net.training)


def _settle(net: Net, _: object) -> None:
    """Constants are in no state dict: where loading one has put the parameters elsewhere (`assign=True`), they follow."""
    if net._anchor is None or net._anchor[1] not in net._anchor[0]._parameters:
        return
    like: Tensor = getattr(*net._anchor)
    for path, data in net._state.constants.items():
        tensor = net.get_buffer(path)
        if tensor.device != like.device or (data.dtype.kind == "f" and tensor.dtype != like.dtype):
            net._remake(path, like.dtype, like.device)


def _own_code(function: Callable[..., Any]) -> FunctionType:
    """The same function with a code object of its own: torch.compile counts what it compiled by code object, and gives up on the ninth of one."""
    return FunctionType(function.__code__.replace(), function.__globals__, function.__name__, function.__defaults__, function.__closure__)


def _holds(state_dict: Mapping[str, Any], name: str) -> bool:
    """Is there such a parameter, or what it is computed from?"""
    container, dot, key = name.rpartition(".")
    return name in state_dict or any(other.startswith(f"{container}{dot}parametrizations.{key}.") for other in state_dict)


def _several(out: Any) -> Any:
    """The graph module returns a lone result as a tensor, also where the model's result is a record of one."""
    return (out,) if isinstance(out, Tensor) else out


def _show_group(group: Group) -> str:
    definition = str(group.definition)
    return definition if definition == str(group) else f"{group} = {definition}"
