"""A few groups and representations, and the examination every legal program passes."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

import pytest
import torch
from torch import Tensor

import symc
from symc.algebra.sizes import number
from symc.backends import Net
from symc.backends.eager import evaluate
from symc.diagnostics import DiagnosticError

Compile: TypeAlias = Callable[..., Net]
Refuse: TypeAlias = Callable[..., list[str]]

HEAD = """\
group P = S(n)
group Q = S(m)
group R = O(3)
group U = SO(3)
group D = D(4)
rep   X = perm(P)
rep   Y = perm(Q)
rep   v = vector(R)
rep   u = vector(U)
rep   q = regular(D)
rep   g = pixels(D, 3, 3)
rep   z = vector(D)
rep   s = sign(D)
rep   T = 2*v
rep   H[c, d = 2] = X*c*d
"""
SIZES = ({"n": 0, "m": 2}, {"n": 1, "m": 3}, {"n": 2, "m": 1}, {"n": 5, "m": 2})
TOLERANCE = 1e-12


@pytest.fixture(scope="session")
def build() -> Compile:
    """A program under HEAD in float64, with weights drawn and biases that are not 0."""

    def make(body: str, **options: Any) -> Net:
        net = symc.compile(text=HEAD + body, dtype=torch.float64, generator=torch.Generator().manual_seed(0), **options)
        for parameter in net.parameters():
            if not parameter.any():
                torch.nn.init.normal_(parameter, generator=torch.Generator().manual_seed(1))
        return net.eval()

    return make


@pytest.fixture(scope="session")
def examine(build: Compile) -> Compile:
    """Compile and examine: against the dense oracle at several sizes and batch axes, for symmetry, and through a state dict."""

    def passed(body: str, **options: Any) -> Net:
        net = build(body, **options)
        for sizes in SIZES:
            _against_oracle(net, sizes)
        report = symc.verify(net)
        assert report.ok, report
        assert report.error <= TOLERANCE, report
        _round_trip(net, build(body, **options))
        return net

    return passed


@pytest.fixture(scope="session")
def refuse() -> Refuse:
    """The codes of what is said about a program under HEAD."""

    def codes(body: str, **options: Any) -> list[str]:
        with pytest.raises(DiagnosticError) as caught:
            symc.compile(text=HEAD + body, **options)
        return [diagnostic.code for diagnostic in caught.value.diagnostics]

    return codes


@pytest.fixture(scope="session")
def inputs() -> Callable[..., list[Tensor]]:
    return random_inputs


def random_inputs(net: Net, sizes: dict[str, int], batch: tuple[int, ...] = (), seed: int = 0) -> list[Tensor]:
    """One tensor for each leaf of the inputs."""
    generator = torch.Generator().manual_seed(seed)
    shapes = [[number(size, sizes) for size in value.type.shape] for value in net.program.inputs]  # type: ignore[union-attr]
    return [torch.randn((*batch, *shape), dtype=torch.float64, generator=generator) for shape in shapes]


def nested(net: Net, flat: list[Tensor]) -> dict[str, Any]:
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


def _against_oracle(net: Net, sizes: dict[str, int]) -> None:
    parameters = dict(net.named_parameters())
    for batch in ((), (3,), (2, 3)):
        given = random_inputs(net, sizes, batch)
        with torch.no_grad():
            results, expected = list(flattened(net(nested(net, given)))), evaluate(net.program, given, parameters)
        for ours, theirs in zip(results, expected, strict=True):
            if given:
                assert ours.shape[: len(batch)] == batch
            theirs = theirs.reshape(ours.shape) if not given else theirs
            scale = max(float(theirs.abs().max()), 1.0) if theirs.numel() else 1.0
            torch.testing.assert_close(ours, theirs, rtol=0, atol=TOLERANCE * scale)


def _round_trip(net: Net, other: Net) -> None:
    """A fresh module with the same state computes the same."""
    for parameter in other.parameters():
        torch.nn.init.zeros_(parameter)
    other.load_state_dict(copy.deepcopy(net.state_dict()))
    given = nested(net, random_inputs(net, SIZES[-1], (2,)))
    for ours, theirs in zip(flattened(net(given)), flattened(other(given)), strict=True):
        assert torch.equal(ours, theirs)
