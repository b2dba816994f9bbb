"""What a module looks at before it computes: which argument is which input, and whether dtypes, devices and sizes fit."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from math import prod
from typing import Any, TypeAlias

import torch
from torch import Tensor, fx

from symc.algebra import sizes as sz
from symc.algebra.sizes import Size
from symc.backends import complaints
from symc.backends.complaints import InputError
from symc.backends.free_sizes import evaluate, holds, solve
from symc.backends.interface import COMPLEX, Input, Interface
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


Misfit: TypeAlias = partial[InputError]  # makes the error: under torch.compile nothing of it is traced


def check(interface: Interface, tensors: Sequence[Tensor], dtype: torch.dtype | None, device: torch.device | None) -> tuple[int, ...] | Misfit:
    """The batch axes, which all tensors share, or what does not fit. Runs on every call, so it is written to be quick."""
    sizes: dict[str, tuple[int, Input]] = {}
    batch: tuple[int, ...] | None = None
    for spec, x in zip(interface.inputs, tensors, strict=True):
        if x.layout is not torch.strided or x.is_nested:
            return partial(complaints.not_dense, spec, x)
        if spec.classes is not None:
            if x.dtype != torch.int64:
                return partial(complaints.not_indices, spec, x)
        elif spec.complex:
            if not x.is_complex() or (dtype is not None and x.dtype != COMPLEX.get(dtype)):
                return partial(complaints.wrong_dtype, spec, x, dtype)
        elif x.dtype != dtype and not _converted(x, dtype):
            return partial(complaints.wrong_dtype, spec, x, dtype)
        if x.device != device and device is not None:
            return partial(complaints.wrong_device, spec, x, device)
        shape = x.shape
        lead = len(shape) - spec.rank
        if lead < 0:
            return partial(complaints.wrong_rank, spec, x)
        for axis, size in spec.fixed:
            if shape[axis] != size:
                return partial(complaints.wrong_size, spec, x, axis, size)
        for axis, name in spec.free:
            known, first = sizes.setdefault(name, (shape[axis], spec))
            if known != shape[axis]:
                return partial(complaints.sizes_disagree, name, known, first, shape[axis], spec)
        if batch is None:
            batch = shape[:lead]
        elif batch != shape[:lead]:
            return partial(complaints.batches_disagree, interface.inputs[0], batch, spec, shape[:lead])
    if interface.plan or interface.whole:
        misfit = _check_polynomials(interface, tensors, {name: size for name, (size, _) in sizes.items()})
        if misfit is not None:
            return misfit
    return () if batch is None else batch


def sizes_of(interface: Interface, tensors: Sequence[Tensor]) -> dict[str, int]:
    """The free sizes of inputs that fit."""
    sizes = {name: x.shape[axis] for spec, x in zip(interface.inputs, tensors, strict=True) for axis, name in spec.free}
    for reading in interface.plan:
        if reading.name not in sizes:
            axis = reading.axis - interface.inputs[reading.input].rank
            sizes[reading.name] = solve(reading, tensors[reading.input].shape[axis], sizes)
    return sizes


def name_masks(names: Sequence[str], given: Any, argument: str) -> dict[str, Any]:
    """A mask (or batch index) for each free size that has one, by name. Raises InputError."""
    if not isinstance(given, Mapping):
        if not names:
            raise complaints.no_mask((), ())
        if len(names) > 1:
            raise complaints.which_mask(names, argument)
        return {names[0]: given}
    if unknown := [str(name) for name in given if name not in names]:
        raise complaints.no_mask(unknown, names)
    return {name: given[name] for name in sorted(given)}


def check_masks(interface: Interface, tensors: Sequence[Tensor], masks: Mapping[str, Any], batch: Sequence[int]) -> Misfit | None:
    """Does each mask fit inputs with these batch axes?"""
    sizes = sizes_of(interface, tensors)
    for name, mask in masks.items():
        if not isinstance(mask, Tensor) or mask.dtype != torch.bool:
            return partial(complaints.bad_mask, name, mask)
        if tuple(mask.shape) != (*batch, sizes[name]):
            return partial(complaints.wrong_mask, name, mask, batch, sizes[name])
        if mask.device != tensors[0].device:
            return partial(complaints.mask_elsewhere, name, mask, tensors[0].device)
    return None


def check_indices(interface: Interface, tensors: Sequence[Tensor], masks: Mapping[str, Tensor]) -> None:
    """Raises InputError where an index that is no padding is out of range. It looks at the numbers, so that it is not for a compiler."""
    for position, classes in interface.indices:
        x, spec = tensors[position], interface.inputs[position]
        outside = (x < 0) | (x >= classes)
        for axis, name in spec.free:
            if name in masks:
                outside = outside & masks[name][(..., *[None] * (spec.rank + axis), slice(None), *[None] * (-axis - 1))]
        try:
            wrong = bool(outside.any())
        except RuntimeError:  # a tensor without numbers: fake, on the device meta, or one of many under vmap
            continue
        if wrong:
            raise complaints.index_out_of_range(spec, classes, int(x[outside].flatten()[0]))


def check_statistics(interface: Interface, tensors: Sequence[Tensor], batch: Sequence[int]) -> Misfit | None:
    """In training: is some channel to be centred by the mean of a single value?"""
    sizes = sizes_of(interface, tensors)
    alone = prod(batch) == 1 and any(evaluate(values, sizes) == 1 for values in interface.centred)
    return partial(complaints.one_value, batch, sizes) if alone else None


def refusal(interface: Interface) -> Callable[..., None]:
    """The same check on plain data, to be run by torch.compile while it traces: raises the InputError that it finds.

    Where a traced function raises, torch says that it cannot compile it, and with `fullgraph=True` nothing more; what a function of constants
    raises comes through, if it is an AssertionError too.
    """

    def refuse(
        shapes: Sequence[Sequence[range]],
        dtypes: Sequence[torch.dtype],
        devices: Sequence[torch.device],
        dtype: torch.dtype | None,
        device: torch.device | None,
    ) -> None:
        given = zip(shapes, dtypes, devices, strict=True)
        tensors = [torch.empty((), dtype=kind, device=place).expand([len(size) for size in shape]) for shape, kind, place in given]
        found = check(interface, tensors, dtype, device)
        if isinstance(found, partial):
            raise complaints.TracedInputError(found().diagnostics)

    return at_tracing(refuse)


def at_tracing(function: Callable[..., None]) -> Callable[..., None]:
    """The function, of constants, for torch.compile to run while it traces, not to trace."""
    # what torch.compiler.assume_constant_result does, after importing torch._dynamo: a second that who does not compile need not wait
    function._dynamo_marked_constant = True  # type: ignore[attr-defined]
    return function


def _converted(x: Tensor, dtype: torch.dtype | None) -> bool:
    """Does autocast, which leaves float64 alone, or a module without weights take this dtype?"""
    if dtype is None or not x.is_floating_point():
        return x.is_floating_point()
    kind = x.device.type
    return torch.amp.is_autocast_available(kind) and torch.is_autocast_enabled(kind) and torch.float64 not in (x.dtype, dtype)


def _check_polynomials(interface: Interface, tensors: Sequence[Tensor], sizes: dict[str, int]) -> Misfit | None:
    """Sizes that are polynomials in free sizes: those of axes are what they should be, all others some whole number."""
    for reading in interface.plan:
        if reading.name not in sizes:
            axis = reading.axis - interface.inputs[reading.input].rank
            sizes[reading.name] = solve(reading, tensors[reading.input].shape[axis], sizes)
    for spec, x in zip(interface.inputs, tensors, strict=True):
        for axis, size, value in spec.derived:
            if not holds(value, x.shape[axis], sizes):
                here = {r.name for r in interface.plan if interface.inputs[r.input] is spec and r.axis - spec.rank == axis}
                return partial(complaints.wrong_size, spec, x, axis, size, {} if here else _known(size, sizes))
    for reading in interface.plan:
        if sizes[reading.name] < 0:
            spec, x = interface.inputs[reading.input], tensors[reading.input]
            return partial(complaints.wrong_size, spec, x, reading.axis - spec.rank, spec.sizes[reading.axis], {reading.name: sizes[reading.name]})
    for size, value in interface.whole:
        if not holds(value, None, sizes):
            return partial(complaints.no_size, interface.inputs, size, _known(size, sizes))
    return None


def _known(size: Size, sizes: Mapping[str, int]) -> dict[str, int]:
    """The free sizes in a size, where all of them are sizes."""
    found = {name: number for name, number in sizes.items() if name in sz.free_names(size)}
    return found if all(number >= 0 for number in found.values()) else {}


def _is_record(value: Mapping[str, Any], fields: Sequence[tuple[str, AnyType]]) -> bool:
    """Is this dict the only input, a record, and not the dict of all inputs?"""
    return len(fields) == 1 and isinstance(fields[0][1], Record) and fields[0][0] not in value


def _flatten(value: Any, item: AnyType, path: str) -> Iterator[Any]:
    match item:
        case Type():
            yield value
        case Record(fields):
            traced = isinstance(value, fx.Proxy)  # of which nothing is known
            if not traced and (not isinstance(value, Mapping) or value.keys() != set(item.names)):
                raise complaints.not_a_record(path, value, item.names)
            for name, inner in fields:
                yield from _flatten(value[name], inner, f"{path}.{name}")
