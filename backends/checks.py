"""What a module looks at before it computes: which argument is which input, and whether dtypes, devices and sizes fit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import torch
from torch import Tensor

from symc.backends import complaints
from symc.backends.free_sizes import evaluate, solve
from symc.backends.interface import Input, Interface
from symc.ir.types import AnyType, Record, Type


def bind(interface: Interface, args: Sequence[Any], kwargs: Mapping[str, Any]) -> list[Any]:
    """The flat inputs in order, from positions, names or one dict; raises InputError."""
    fields = interface.fields
    names = [name for name, _ in fields]
    if len(args) == 1 and not kwargs and isinstance(args[0], Mapping) and not _is_record(args[0], fields):
        return bind(interface, [], args[0])
    if len(args) > len(names):
        raise complaints.too_many(len(args), len(names), interface.signature)
    values = dict(zip(names, args, strict=False))
    for name, value in kwargs.items():
        if name not in names:
            raise complaints.unknown(str(name), names, interface.signature)
        if name in values:
            raise complaints.twice(name, interface.signature)
        values[name] = value
    if absent := [name for name in names if name not in values]:
        raise complaints.missing(absent, interface.inputs, interface.signature)
    return [tensor for name, item in fields for tensor in _flatten(values[name], item, name)]


def check(interface: Interface, tensors: Sequence[Tensor], dtype: torch.dtype | None, device: torch.device | None) -> tuple[int, ...]:
    """The batch axes, which all tensors share; raises InputError where something does not fit. Runs on every call, so it is written to be quick."""
    sizes: dict[str, tuple[int, Input]] = {}
    batch: tuple[int, ...] | None = None
    for spec, x in zip(interface.inputs, tensors, strict=True):
        if x.dtype != dtype and not (x.is_floating_point() and (dtype is None or torch.is_autocast_enabled(x.device.type))):
            raise complaints.wrong_dtype(spec, x, dtype)
        if x.device != device and device is not None:
            raise complaints.wrong_device(spec, x, device)
        shape = x.shape
        lead = len(shape) - spec.rank
        if lead < 0:
            raise complaints.wrong_rank(spec, x)
        for axis, size in spec.fixed:
            if shape[axis] != size:
                raise complaints.wrong_size(spec, x, axis, size)
        for axis, name in spec.free:
            known, first = sizes.setdefault(name, (shape[axis], spec))
            if known != shape[axis]:
                raise complaints.sizes_disagree(name, known, first, shape[axis], spec)
        if batch is None:
            batch = shape[:lead]
        elif batch != shape[:lead]:
            raise complaints.batches_disagree(interface.inputs[0], batch, spec, shape[:lead])
    if interface.plan:
        _check_derived(interface, tensors, {name: size for name, (size, _) in sizes.items()})
    return () if batch is None else batch


def _check_derived(interface: Interface, tensors: Sequence[Tensor], sizes: dict[str, int]) -> None:
    """Axes whose size is a polynomial in free sizes."""
    for reading in interface.plan:
        if reading.name not in sizes:
            axis = reading.axis - interface.inputs[reading.input].rank
            sizes[reading.name] = solve(reading, tensors[reading.input].shape[axis], sizes)
    for spec, x in zip(interface.inputs, tensors, strict=True):
        for axis, size, value in spec.derived:
            if x.shape[axis] != evaluate(value, sizes):
                raise complaints.wrong_size(spec, x, axis, size)


def _is_record(value: Mapping[str, Any], fields: Sequence[tuple[str, AnyType]]) -> bool:
    """Is this dict the only input, a record, and not the dict of all inputs?"""
    return len(fields) == 1 and isinstance(fields[0][1], Record) and fields[0][0] not in value


def _flatten(value: Any, item: AnyType, path: str) -> Iterator[Any]:
    match item:
        case Type():
            yield value
        case Record(fields):
            if not isinstance(value, Mapping) or value.keys() != set(item.names):
                raise complaints.not_a_record(path, value, item.names)
            for name, inner in fields:
                yield from _flatten(value[name], inner, f"{path}.{name}")
