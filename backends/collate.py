"""Samples of different sizes put together: padded at the end of each set, with masks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, assert_never

import torch
from torch import Tensor

from symc.algebra import sizes as sz
from symc.backends import complaints
from symc.backends.checks import bind, check, sizes_of
from symc.backends.interface import Interface
from symc.ir.layout import Chain, Elements, Layout, Plain, Product, Unknown, is_known, layouts_of
from symc.ir.types import Record, Type, leaves


def collate(interface: Interface, samples: Sequence[Any]) -> tuple[dict[str, Any], dict[str, Tensor]]:
    """The inputs by name, with one batch axis, and a mask (batch, n) of each free size. Raises InputError."""
    if not isinstance(samples, Sequence) or isinstance(samples, str):
        raise complaints.no_samples()
    bound = [_sample(interface, number, sample) for number, sample in enumerate(samples)]
    if not bound:
        raise complaints.no_samples()
    sizes = [sizes_of(interface, tensors) for tensors in bound]
    largest = {name: max(one[name] for one in sizes) for name in sizes[0]}
    types = [item for _, item in leaves(Record(interface.fields))]
    told = frozenset(name for name in largest if all(_tells(item, name) for item in types))
    for name in largest.keys() - told:
        if any(one[name] != largest[name] for one in sizes):
            spec = next(spec for spec, item in zip(interface.inputs, types, strict=True) if not _tells(item, name))
            raise complaints.cannot_pad(spec, name, [one[name] for one in sizes])
    columns = zip(types, zip(*bound, strict=True), strict=True)
    padded = [torch.stack([_padded(x, layouts_of(item, told), one, largest) for x, one in zip(xs, sizes, strict=True)]) for item, xs in columns]
    device = padded[0].device if padded else None
    counts = {name: torch.tensor([one[name] for one in sizes], device=device) for name in sorted(told)}
    masks = {name: torch.arange(largest[name], device=device) < count[:, None] for name, count in counts.items()}
    return interface.nested(padded), masks


def _sample(interface: Interface, number: int, sample: Any) -> list[Tensor]:
    """The tensors of one sample, which has no batch axis."""
    tensors = bind(interface, sample if isinstance(sample, tuple | list) else (sample,), {})
    for spec, x in zip(interface.inputs, tensors, strict=True):
        if not isinstance(x, Tensor):
            raise complaints.not_a_tensor(spec, x)
    batch = check(interface, tensors, None, None)
    if not isinstance(batch, tuple):
        raise batch()
    if batch:
        raise complaints.not_one_sample(number, interface.inputs[0], batch)
    return tensors


def _tells(item: Type, name: str) -> bool:
    """Can padding along a free size be told in a tensor of this type?"""
    return all(map(is_known, layouts_of(item, frozenset((name,)))))


def _padded(x: Tensor, layouts: Sequence[Layout], sizes: Mapping[str, int], largest: Mapping[str, int]) -> Tensor:
    """One tensor of the largest sizes, 0 where there is nothing."""
    for axis, layout in enumerate(layouts):
        whole = sz.number(layout.size, largest)
        if whole != x.shape[axis]:
            shape = (*x.shape[:axis], whole, *x.shape[axis + 1 :])
            x = x.new_zeros(shape).index_copy(axis, _places(layout, sizes, largest).to(x.device), x)
    return x


def _places(layout: Layout, sizes: Mapping[str, int], largest: Mapping[str, int]) -> Tensor:
    """Where the coordinates of a sample lie along an axis of the largest sizes."""
    match layout:
        case Elements(name):
            return torch.arange(sizes[name])
        case Plain(size):
            return torch.arange(sz.number(size, largest))
        case Product(factors):
            place = torch.zeros(1, dtype=torch.int64)
            for factor in factors:
                place = (place[:, None] * sz.number(factor.size, largest) + _places(factor, sizes, largest)).flatten()
            return place
        case Chain(terms):
            starts = [sz.number(sz.total(term.size for term in terms[:index]), largest) for index in range(len(terms))]
            return torch.cat([start + _places(term, sizes, largest) for start, term in zip(starts, terms, strict=True)])
        case Unknown(size):
            raise ValueError(f"an axis of size {sz.show(size)} cannot be padded")
        case _:
            assert_never(layout)
