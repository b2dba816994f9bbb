"""The examination that every compiled program passes: against the dense oracle, for symmetry, and through a state dict."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import torch
from torch import Tensor

import symc
from symc.algebra.sizes import number
from symc.backends import Net
from symc.backends.eager import evaluate
from symc.ir.types import Type
from symc.verification import with_given_noise

TOLERANCE = 1e-12
NOISE = 1000.0  # where rounding the inputs moves the outputs, the difference of two ways to compute them may be so many times as large
BATCHES = ((), (3,), (2, 3))

Sizes = Mapping[str, int]


def examine(net: Net, other: Net, sizes: Sequence[Sizes]) -> None:
    """The module at several sizes and batch axes; `other` is a module of the same program."""
    report = symc.verify(net)
    assert report.ok, report
    assert all(item.error <= max(TOLERANCE, NOISE * item.noise) for item in report.measurements), report
    assert {layer.parameter for layer in report.layers} <= {"given", *(name for name, _ in net.named_parameters())}
    net, other = with_given_noise(net), with_given_noise(other)
    for one in sizes:
        against_oracle(net, one)
    round_trip(net, other, sizes[-1])


def against_oracle(net: Net, sizes: Sizes) -> None:
    parameters = dict(net.named_parameters())
    for batch in BATCHES:
        given = random_inputs(net, sizes, batch)
        with torch.no_grad():
            results, expected = list(flattened(net(nested(net, given)))), evaluate(net.program, given, parameters)
        shapes = [(*batch * bool(given), *map(int, _shape(value, sizes))) for value in net.program.outputs]
        assert [tuple(result.shape) for result in results] == shapes
        for index, (ours, theirs) in enumerate(zip(results, expected, strict=True)):
            error = largest_entry(ours - theirs) / max(largest_entry(theirs), 1.0)
            assert error <= TOLERANCE or error <= NOISE * relative_noise(net, given, index), (net.program.outputs[index], sizes, batch, error)


def round_trip(net: Net, other: Net, sizes: Sizes) -> None:
    """Another module with the same state computes the same."""
    for parameter in other.parameters():
        torch.nn.init.zeros_(parameter)
    other.load_state_dict(copy.deepcopy(net.state_dict()))
    given = nested(net, random_inputs(net, sizes, (2,)))
    for ours, theirs in zip(flattened(net(given)), flattened(other(given)), strict=True):
        assert torch.equal(ours, theirs)


def frozen_alike(net: Net, sizes: Sequence[Sizes]) -> None:
    """The frozen module computes the same, up to rounding. What draws is left out: the draws are others."""
    if with_given_noise(net) is not net:
        return
    frozen = symc.freeze(net)
    for one in sizes:
        given = random_inputs(net, one, (2,))
        with torch.no_grad():
            ours, theirs = (list(flattened(module(nested(net, given)))) for module in (frozen, net))
        for index, (a, b) in enumerate(zip(ours, theirs, strict=True)):
            error = largest_entry(a - b) / max(largest_entry(b), 1.0)
            assert error <= TOLERANCE or error <= NOISE * relative_noise(net, given, index), (net.program.outputs[index], one, error)


def random_inputs(net: Net, sizes: Sizes, batch: tuple[int, ...] = (), seed: int = 0) -> list[Tensor]:
    """One tensor for each leaf of the inputs."""
    generator = torch.Generator().manual_seed(seed)
    return [_random_input(value.type, (*batch, *_shape(value, sizes)), generator) for value in net.program.inputs]


def _random_input(item: Any, shape: tuple[int, ...], generator: torch.Generator) -> Tensor:
    if item.classes is not None:
        return torch.randint(int(item.classes), shape, generator=generator)
    return torch.randn(shape, dtype=torch.complex128 if item.is_complex else torch.float64, generator=generator)


def nested(net: Net, flat: Sequence[Tensor]) -> dict[str, Any]:
    """The same tensors as the module takes them: records are dicts."""
    result: dict[str, Any] = {}
    for value, tensor in zip(net.program.inputs, flat, strict=True):
        *outer, last = value.name.split(".")
        at = result
        for name in outer:
            at = at.setdefault(name, {})
        at[last] = tensor
    return result


def flattened(out: Any) -> Iterator[Tensor]:
    if isinstance(out, Tensor):
        yield out
    else:
        for inner in out.values() if isinstance(out, dict) else out:
            yield from flattened(inner)


def twice_differentiable(net: Net, sizes: Sizes) -> None:
    """Gradients agree with those of the oracle, and their own are finite."""
    net = with_given_noise(net)
    parameters = dict(net.named_parameters())
    given = [x if x.dtype == torch.int64 else x.requires_grad_() for x in random_inputs(net, sizes, (2,))]
    wanted = [*(x for x in given if x.requires_grad), *parameters.values()]

    def gradients(run: Callable[[], Sequence[Tensor]]) -> tuple[Tensor, ...]:
        weights = torch.Generator().manual_seed(1)
        loss = sum((y * torch.randn(y.shape, dtype=y.dtype, generator=weights)).sum() for y in run())
        if not isinstance(loss, Tensor) or not loss.requires_grad:
            return ()
        return torch.autograd.grad(loss, wanted, create_graph=True, materialize_grads=True, allow_unused=True)

    ours = gradients(lambda: list(flattened(net(nested(net, given)))))
    theirs = gradients(lambda: evaluate(net.program, given, parameters))
    scale = max([1.0, *map(largest_entry, theirs)])
    for a, b in zip(ours, theirs, strict=True):
        assert largest_entry(a - b) <= 1e-8 * scale
    again = sum((gradient**2).sum() for gradient in ours)
    if isinstance(again, Tensor) and again.requires_grad:
        for gradient in torch.autograd.grad(again, wanted, allow_unused=True):
            assert gradient is None or bool(gradient.isfinite().all())


def relative_noise(net: Net, given: Sequence[Tensor], index: int) -> float:
    """How far an output moves when the inputs are rounded."""
    generator = torch.Generator().manual_seed(2)
    eps = torch.finfo(torch.float64).eps
    moved = [x * (1 + eps * (2 * torch.randint(2, x.shape, generator=generator) - 1)) if x.dtype != torch.int64 else x for x in given]
    with torch.no_grad():
        before, after = (list(flattened(net(nested(net, inputs))))[index] for inputs in (given, moved))
    return largest_entry(after - before) / max(largest_entry(before), 1.0)


def largest_entry(x: Tensor) -> float:
    return float(x.detach().abs().max()) if x.numel() else 0.0


def _shape(value: Any, sizes: Sizes) -> list[int]:
    assert isinstance(value.type, Type)
    return [number(size, sizes) for size in value.type.shape]
