"""Padded and ragged batches give for every sample what it gives alone: values, gradients, and nothing at the padding."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce

import numpy as np
import torch
from examination import NOISE, flattened, largest_entry, nested, random_inputs, relative_noise
from torch import Tensor

from symc.algebra import reps
from symc.algebra.reps import Rep
from symc.algebra.sizes import number
from symc.backends import Net
from symc.ir.graph import Value
from symc.ir.types import Type
from symc.verification import with_given_noise

TOLERANCE = 1e-11

Sizes = Mapping[str, int]


def padded_like_alone(net: Net, sizes: Sequence[Sizes]) -> None:
    """A batch of samples of these sizes, with NaN for padding, beside each of the samples alone."""
    net = with_given_noise(net)
    largest = {name: max(one[name] for one in sizes) for name in net.program.free}
    given = [[x if x.dtype == torch.int64 else x.requires_grad_() for x in random_inputs(net, one, seed=seed)] for seed, one in enumerate(sizes)]
    inputs, mask = net.collate([nested(net, xs) for xs in given])
    spoilt = [x.clone() for x in flattened(inputs)]
    for x, value in zip(spoilt, net.program.inputs, strict=True):
        for sample, own in enumerate(sizes):
            x[sample][~real(value, own, largest)] = -1 if x.dtype == torch.int64 else torch.nan
    results = list(flattened(net(nested(net, spoilt), mask=mask)))
    generator = torch.Generator().manual_seed(1)
    total, expected_total = torch.zeros(()), torch.zeros(())
    for sample, own in enumerate(sizes):
        alone = list(flattened(net(nested(net, given[sample]))))
        for index, (value, ours, theirs) in enumerate(zip(net.program.outputs, results, alone, strict=True)):
            entries = real(value, own, largest)
            error = largest_entry(ours[sample][entries] - theirs.flatten()) / max(largest_entry(theirs), 1.0)
            assert error <= TOLERANCE or error <= NOISE * relative_noise(net, given[sample], index), (value, own, error)
            assert not ours[sample][~entries].any(), (value, own)
            weights = torch.randn(theirs.numel(), dtype=theirs.dtype, generator=generator)
            total = total + (weights * ours[sample][entries]).sum()
            expected_total = expected_total + (weights * theirs.flatten()).sum()
    ragged_like_padded(net, spoilt, mask, results)
    same_gradients(total, expected_total, [*net.parameters(), *(x for xs in given for x in xs if x.requires_grad)])


def ragged_like_padded(net: Net, padded: Sequence[Tensor], mask: Mapping[str, Tensor], expected: Sequence[Tensor]) -> None:
    """The same samples row by row, those of each in another order."""
    index, place = {}, {}
    for name, real in mask.items():
        sample, row = real.nonzero(as_tuple=True)
        order = torch.argsort(row, stable=True)  # first of all samples the first row
        index[name], place[name] = sample[order], (sample[order], row[order])
    given = [_in_rows(value, x, place) for value, x in zip(net.program.inputs, padded, strict=True)]
    for value, ours, theirs in zip(net.program.outputs, flattened(net(nested(net, given), batch=index)), expected, strict=True):
        wanted = _in_rows(value, theirs, place)[: len(ours)]  # samples without rows, after the last that has some, are known to nobody
        assert largest_entry(ours - wanted) <= TOLERANCE * max(largest_entry(wanted), 1.0)


def _in_rows(value: Value, x: Tensor, place: Mapping[str, tuple[Tensor, Tensor]]) -> Tensor:
    assert isinstance(value.type, Type)
    first = str(value.type.shape[0]) if value.type.shape else ""
    return x[place[first]] if first in place else x


def same_gradients(ours: Tensor, theirs: Tensor, wanted: Sequence[Tensor]) -> None:
    if not ours.requires_grad:
        return
    found, expected = (torch.autograd.grad(one, wanted, materialize_grads=True, allow_unused=True) for one in (ours, theirs))
    scale = max([1.0, *map(largest_entry, expected)])
    for a, b in zip(found, expected, strict=True):
        assert largest_entry(a - b) <= 1e-8 * scale


def real(value: Value, own: Sizes, largest: Sizes) -> Tensor:
    """Which entries of a tensor of the largest sizes are those of a sample of its own sizes."""
    assert isinstance(value.type, Type)
    axes = [along for axis in value.type.axes for along in _shown(axis, own, largest)]
    return torch.as_tensor(reduce(np.logical_and.outer, axes, np.array(True)))


def _shown(axis: Rep, own: Sizes, largest: Sizes) -> list[np.ndarray]:
    if isinstance(axis, reps.Pixels):
        return [np.arange(number(size, largest)) < number(size, own) for size in (axis.h, axis.w)]
    return [] if isinstance(axis, reps.OneHot) else [_along(axis, own, largest)]


def _along(rep: Rep, own: Sizes, largest: Sizes) -> np.ndarray:
    match rep:
        case reps.Sum(terms):
            return np.concatenate([_along(term, own, largest) for term in terms])
        case reps.Tensor(factors):
            return np.asarray(reduce(np.logical_and.outer, [_along(factor, own, largest) for factor in factors])).ravel()
        case _:
            return np.arange(number(rep.dim, largest)) < number(rep.dim, own)
